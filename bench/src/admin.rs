//! A blocking connection for what stands around a load: is the broker there, make a topic, where
//! does its log end. One request at a time; every answer's error codes are checked. Used by all
//! loads on the calling thread, never inside a measured window.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::thread::sleep;
use std::time::{Duration, Instant};

use millstream_wire::frame::encode_request;
use millstream_wire::messages::{
    ApiVersionsRequest, ApiVersionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteTopicsRequest, DeleteTopicsResponse, ListOffsetsRequest, ListOffsetsResponse,
    ProduceResponse, ResponseHeader, create_topics, list_offsets,
};
use millstream_wire::{ApiKey, DecodeError, Message, Reader};

use crate::connection::{check_correlation, dial, frame_size};
use crate::fault::Fault;
use crate::frame::{CLIENT_ID, PRODUCE_VERSION, Template};
use crate::limits::ADMIN_WAIT_MAX;

const API_VERSIONS: i16 = 2;
const CREATE_TOPICS: i16 = 5;
const DELETE_TOPICS: i16 = 4;
const LIST_OFFSETS: i16 = 4;
/// What ListOffsets calls the end of a log.
const LATEST: i64 = -1;

pub struct Admin {
    stream: TcpStream,
    correlation: i32,
}

/// `host:port` to an address, IPv4 first as brokers on one machine mostly listen there.
pub fn resolve(bootstrap: &str) -> Result<SocketAddr, Fault> {
    let found: Vec<SocketAddr> =
        bootstrap.to_socket_addrs().map_err(Fault::io(format!("resolve {bootstrap}")))?.collect();
    let first = found.iter().find(|a| a.is_ipv4()).or(found.first()).copied();
    first.ok_or_else(|| Fault::Usage(format!("{bootstrap} resolves to nothing")))
}

impl Admin {
    pub fn connect(to: SocketAddr) -> Result<Admin, Fault> {
        let stream = dial(to, None)?;
        stream.set_read_timeout(Some(ADMIN_WAIT_MAX)).map_err(Fault::io("read timeout"))?;
        stream.set_write_timeout(Some(ADMIN_WAIT_MAX)).map_err(Fault::io("write timeout"))?;
        Ok(Admin { stream, correlation: 0 })
    }

    /// The versions that the broker serves of `api`, or a refusal that names it.
    pub fn check_serves(&mut self, wanted: &[(ApiKey, i16)]) -> Result<(), Fault> {
        let request = ApiVersionsRequest::default();
        let body = self.call(ApiKey::ApiVersions, API_VERSIONS, &request)?;
        let answer = decode::<ApiVersionsResponse<'_>>(&body, ApiKey::ApiVersions, API_VERSIONS)?;
        Fault::check("ApiVersions", "", answer.error_code)?;
        for &(api, version) in wanted {
            let serves = answer.api_keys.iter().any(|row| {
                row.api_key == api as i16 && (row.min_version..=row.max_version).contains(&version)
            });
            if !serves {
                let what = format!("the broker does not serve {} version {version}", api.name());
                return Err(Fault::Usage(what));
            }
        }
        Ok(())
    }

    pub fn create_topic(
        &mut self,
        name: &str,
        partitions: i32,
        configs: &[(&str, &str)],
    ) -> Result<(), Fault> {
        let configs: Vec<_> = configs
            .iter()
            .map(|&(key, value)| create_topics::request::Configs {
                name: key.into(),
                value: Some(value.into()),
            })
            .collect();
        let topic = create_topics::request::Topics {
            name: name.into(),
            num_partitions: partitions,
            replication_factor: 1,
            configs: configs.into(),
            ..Default::default()
        };
        let request = CreateTopicsRequest {
            topics: vec![topic].into(),
            timeout_ms: ADMIN_WAIT_MAX.as_millis() as i32,
            ..Default::default()
        };
        let body = self.call(ApiKey::CreateTopics, CREATE_TOPICS, &request)?;
        let answer =
            decode::<CreateTopicsResponse<'_>>(&body, ApiKey::CreateTopics, CREATE_TOPICS)?;
        expect_one(answer.topics.len(), "CreateTopics")?;
        answer.topics.iter().try_for_each(|topic| {
            let why = topic.error_message.as_deref().unwrap_or_default();
            Fault::check("CreateTopics", format!("{} {why}", topic.name), topic.error_code)
        })
    }

    pub fn delete_topic(&mut self, name: &str) -> Result<(), Fault> {
        let request = DeleteTopicsRequest {
            topic_names: vec![name.into()].into(),
            timeout_ms: ADMIN_WAIT_MAX.as_millis() as i32,
            ..Default::default()
        };
        let body = self.call(ApiKey::DeleteTopics, DELETE_TOPICS, &request)?;
        let answer =
            decode::<DeleteTopicsResponse<'_>>(&body, ApiKey::DeleteTopics, DELETE_TOPICS)?;
        expect_one(answer.responses.len(), "DeleteTopics")?;
        answer
            .responses
            .iter()
            .try_for_each(|topic| Fault::check("DeleteTopics", name, topic.error_code))
    }

    /// The next offset of each partition, summed: records that the topic ever took.
    pub fn end_offsets(&mut self, topic: &str, partitions: i32) -> Result<Vec<i64>, Fault> {
        let indexes = (0..partitions).map(|index| list_offsets::request::Partitions {
            partition_index: index,
            timestamp: LATEST,
            ..Default::default()
        });
        let of_topic =
            list_offsets::request::Topics { name: topic.into(), partitions: indexes.collect() };
        let request = ListOffsetsRequest {
            replica_id: -1,
            topics: vec![of_topic].into(),
            ..Default::default()
        };
        let body = self.call(ApiKey::ListOffsets, LIST_OFFSETS, &request)?;
        let answer = decode::<ListOffsetsResponse<'_>>(&body, ApiKey::ListOffsets, LIST_OFFSETS)?;
        let mut ends = Vec::new();
        for of_topic in answer.topics.iter() {
            for at in of_topic.partitions.iter() {
                let place = format!("{topic}-{}", at.partition_index);
                Fault::check("ListOffsets", place, at.error_code)?;
                ends.push(at.offset);
            }
        }
        match ends.len() == partitions as usize {
            true => Ok(ends),
            false => Err(Fault::Protocol(format!("{} of {partitions} offsets", ends.len()))),
        }
    }

    /// Ask until every partition has a leader that answers; a new topic takes a moment.
    pub fn wait_for_topic(&mut self, topic: &str, partitions: i32) -> Result<(), Fault> {
        let begin = Instant::now();
        loop {
            match self.end_offsets(topic, partitions) {
                Ok(_) => return Ok(()),
                Err(e) if e.is_passing() && begin.elapsed() < ADMIN_WAIT_MAX => {
                    sleep(Duration::from_millis(2));
                }
                Err(e) => return Err(e),
            }
        }
    }

    /// Send one ready produce request and wait for its acknowledgement.
    pub fn produce(&mut self, template: &Template, batch: &[u8]) -> Result<(), Fault> {
        self.correlation += 1;
        let id = self.correlation.to_be_bytes();
        let frame: Vec<u8> = template.slices(&id, batch).flatten().copied().collect();
        self.stream.write_all(&frame).map_err(Fault::io("send Produce"))?;
        let body = self.read_frame()?;
        check_produced(&body)
    }

    fn call<'a>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'a>,
    ) -> Result<Vec<u8>, Fault> {
        self.correlation += 1;
        let frame = encode_request(api, version, self.correlation, Some(CLIENT_ID), request);
        let doing = format!("send {}", api.name());
        self.stream.write_all(&frame).map_err(Fault::io(doing))?;
        self.read_frame()
    }

    fn read_frame(&mut self) -> Result<Vec<u8>, Fault> {
        let mut size = [0; 4];
        self.stream.read_exact(&mut size).map_err(late_or_io)?;
        let mut frame = vec![0; frame_size(size)?];
        self.stream.read_exact(&mut frame).map_err(late_or_io)?;
        check_correlation(&frame, self.correlation)?;
        Ok(frame)
    }
}

fn late_or_io(e: std::io::Error) -> Fault {
    match e.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => Fault::Late {
            what: "the answer to an administrative request".to_owned(),
            waited_ms: ADMIN_WAIT_MAX.as_millis() as u64,
        },
        _ => Fault::io("read an answer")(e),
    }
}

fn expect_one(rows: usize, api: &str) -> Result<(), Fault> {
    match rows {
        1 => Ok(()),
        n => Err(Fault::Protocol(format!("{api} answered {n} rows for one topic"))),
    }
}

/// A whole response frame (without its size field) as a message.
pub fn decode<'a, M: Message<'a>>(frame: &'a [u8], api: ApiKey, version: i16) -> Result<M, Fault> {
    let bad = |e: DecodeError| Fault::Protocol(format!("{}: {e:?}", api.name()));
    let mut r = Reader::new(frame);
    ResponseHeader::decode(&mut r, api.response_header_version(version)).map_err(bad)?;
    M::decode(&mut r, version).map_err(bad)
}

/// Refuse a produce response that does not acknowledge every partition. Returns how many it does.
pub fn check_produced(frame: &[u8]) -> Result<(), Fault> {
    let answer = decode::<ProduceResponse<'_>>(frame, ApiKey::Produce, PRODUCE_VERSION)?;
    let mut partitions = 0;
    for topic in answer.responses.iter() {
        for at in topic.partition_responses.iter() {
            partitions += 1;
            if at.error_code != 0 {
                let why = at.error_message.as_deref().unwrap_or_default();
                let place = format!("{}-{} {why}", topic.name, at.index);
                return Fault::check("Produce", place, at.error_code);
            }
        }
    }
    match partitions {
        0 => Err(Fault::Protocol("a produce answer without partitions".to_owned())),
        _ => Ok(()),
    }
}
