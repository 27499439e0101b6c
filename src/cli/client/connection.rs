//! One blocking connection: frames out, frames in, answers in the order of requests.
//!
//! Versions are agreed when it opens, by ApiVersions; from then on a request goes out in the
//! newest version that both sides and this client's code know. Several requests may be under
//! way. An answer's buffer grows with the bytes that arrive, whatever the size announces.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::messages::{ApiVersionsRequest, ApiVersionsResponse};
use millstream_wire::{ApiKey, ErrorCode, Message};

use super::fault::Fault;

const CLIENT_ID: &str = "millstream-cli";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the longest wait that this client asks a broker for.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes reserved for an answer before any of it has arrived.
const FIRST_RESERVE_BYTES: u64 = 1 << 20;

/// A broker's answer, not yet decoded.
#[derive(Debug)]
pub struct Answer {
    at: String,
    version: i16,
    frame: Vec<u8>,
    body: usize,
}

impl Answer {
    /// Reads the body; the message borrows from this answer.
    pub fn decode<'a, M: Message<'a>>(&'a self) -> Result<M, Fault> {
        decode_body(&self.frame[self.body..], self.version)
            .map_err(|error| Fault::malformed(&self.at, error))
    }
}

/// A request whose answer has not been read.
#[derive(Clone, Copy, Debug)]
struct Awaited {
    correlation_id: i32,
    api: ApiKey,
    version: i16,
}

/// One connection to one broker.
#[derive(Debug)]
pub struct Connection {
    at: String,
    stream: TcpStream,
    ranges: BTreeMap<i16, (i16, i16)>,
    last_id: i32,
    awaited: VecDeque<Awaited>,
}

impl Connection {
    /// Connects to `host:port` and agrees on versions.
    ///
    /// # Errors
    /// Nobody there, or nobody who speaks Kafka's protocol.
    pub fn open(at: &str) -> Result<Connection, Fault> {
        let stream = connect(at).map_err(|cause| Fault::Connect { at: at.to_owned(), cause })?;
        let mut connection = Connection {
            at: at.to_owned(),
            stream,
            ranges: BTreeMap::new(),
            last_id: 0,
            awaited: VecDeque::new(),
        };
        connection.agree()?;
        Ok(connection)
    }

    fn agree(&mut self) -> Result<(), Fault> {
        let request = ApiVersionsRequest {
            client_software_name: CLIENT_ID.into(),
            client_software_version: env!("CARGO_PKG_VERSION").into(),
        };
        let newest = *ApiKey::ApiVersions.versions().end();
        self.send_in(ApiKey::ApiVersions, newest.min(3), &request)?;
        let mut answer = self.receive()?;
        let refused = ErrorCode::UnsupportedVersion.code().to_be_bytes();
        if answer.frame[answer.body..].starts_with(&refused) {
            // A broker that does not know our version answers in version 0 (KIP-511).
            self.send_in(ApiKey::ApiVersions, 0, &ApiVersionsRequest::default())?;
            answer = self.receive()?;
        }
        let response: ApiVersionsResponse<'_> = answer.decode()?;
        Fault::check(response.error_code, || format!("asking {} for its versions", self.at))?;
        let ranges = response.api_keys.iter();
        self.ranges =
            ranges.map(|range| (range.api_key, (range.min_version, range.max_version))).collect();
        Ok(())
    }

    /// `host:port` of the broker.
    pub fn address(&self) -> &str {
        &self.at
    }

    /// How long answers may take from now on.
    pub fn set_patience(&mut self, patience: Duration) -> Result<(), Fault> {
        self.stream.set_read_timeout(Some(patience)).map_err(|cause| self.lost(cause))
    }

    /// The version in which this API is used on this connection.
    pub fn version_of(&self, api: ApiKey) -> Result<i16, Fault> {
        let (lowest, highest) = spoken(api);
        self.ranges
            .get(&(api as i16))
            .map(|(min, max)| (lowest.max(*min), highest.min(*max)))
            .filter(|(min, max)| min <= max)
            .map(|(_, max)| max)
            .ok_or_else(|| Fault::Unsupported { at: self.at.clone(), api })
    }

    /// Sends a request and reads its answer. No other request may be under way.
    pub fn call<'q>(&mut self, api: ApiKey, request: &impl Message<'q>) -> Result<Answer, Fault> {
        self.send(api, request)?;
        self.receive()
    }

    /// Sends a request whose answer `receive` will give.
    pub fn send<'q>(&mut self, api: ApiKey, request: &impl Message<'q>) -> Result<(), Fault> {
        let version = self.version_of(api)?;
        self.send_in(api, version, request)
    }

    /// Sends a request that the broker does not answer: Produce with acks=0.
    pub fn send_unanswered<'q>(
        &mut self,
        api: ApiKey,
        request: &impl Message<'q>,
    ) -> Result<(), Fault> {
        self.send(api, request)?;
        self.awaited.pop_back();
        Ok(())
    }

    fn send_in<'q>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'q>,
    ) -> Result<(), Fault> {
        self.last_id = self.last_id.wrapping_add(1);
        let frame = encode_request(api, version, self.last_id, Some(CLIENT_ID), request);
        self.stream.write_all(&frame).map_err(|cause| self.lost(cause))?;
        self.awaited.push_back(Awaited { correlation_id: self.last_id, api, version });
        Ok(())
    }

    /// Reads the answer of the oldest request under way.
    pub fn receive(&mut self) -> Result<Answer, Fault> {
        let Some(awaited) = self.awaited.pop_front() else {
            return Err(Fault::Impossible("no request is under way".to_owned()));
        };
        let frame = self.read_frame().map_err(|cause| self.lost(cause))?;
        let (id, body) = decode_response_header(awaited.api, awaited.version, &frame)
            .map_err(|error| Fault::malformed(&self.at, error))?;
        if id != awaited.correlation_id {
            let detail = format!("answer {id} where {} was due", awaited.correlation_id);
            return Err(Fault::Malformed { at: self.at.clone(), detail });
        }
        Ok(Answer { at: self.at.clone(), version: awaited.version, frame, body })
    }

    fn read_frame(&mut self) -> io::Result<Vec<u8>> {
        let mut size = [0; 4];
        self.stream.read_exact(&mut size)?;
        let size = u64::from(u32::try_from(i32::from_be_bytes(size)).map_err(io::Error::other)?);
        let mut frame = Vec::with_capacity(size.min(FIRST_RESERVE_BYTES) as usize);
        let read = (&self.stream).take(size).read_to_end(&mut frame)?;
        match read as u64 == size {
            true => Ok(frame),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn lost(&self, cause: io::Error) -> Fault {
        Fault::Lost { at: self.at.clone(), cause }
    }
}

/// The versions that the code of this client understands. Topics go by name here, so the
/// versions that know them by id alone are left out; the lower bounds are those of the
/// fields that it needs.
fn spoken(api: ApiKey) -> (i16, i16) {
    let known = api.versions();
    let (lowest, highest) = match api {
        ApiKey::Produce | ApiKey::Fetch => (0, 12),
        ApiKey::OffsetFetch => (8, 9),
        ApiKey::OffsetCommit => (2, 9),
        ApiKey::FindCoordinator => (4, i16::MAX),
        ApiKey::DeleteTopics => (0, 5),
        ApiKey::LeaveGroup => (3, i16::MAX),
        _ => (0, i16::MAX),
    };
    (lowest.max(*known.start()), highest.min(*known.end()))
}

fn connect(at: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in at.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
                stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
                return Ok(stream);
            }
            Err(cause) => last = cause,
        }
    }
    Err(last)
}
