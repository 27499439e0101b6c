//! Frames: an i32 size, a header, a body.
//!
//! The size itself is read and bounded by whoever owns the socket; here is what comes after it,
//! and the writing of whole frames. A response may hold gaps where the sender splices in record
//! data; the size counts them. The broker decodes requests and encodes responses, a client the
//! other way round.

use bytes::Bytes;

use crate::messages::{RequestHeader, ResponseHeader};
use crate::{ApiKey, DecodeError, Message, Reader, Writer};

/// Bytes of the size in front of a frame. It does not count itself.
pub const SIZE_BYTES: usize = 4;

/// Bytes that encode the api key, version and correlation id, the first fields of any request.
const FIXED_HEADER_BYTES: usize = 8;

/// What most frames without record data fit into; a larger one grows.
const SMALL_FRAME_BYTES: usize = 256;

/// Why a request's header was refused. There is no answer to any of these but to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderFault {
    UnknownApi { key: i16, version: i16, correlation_id: i32 },
    Malformed(DecodeError),
}

impl From<DecodeError> for HeaderFault {
    fn from(error: DecodeError) -> Self {
        HeaderFault::Malformed(error)
    }
}

impl std::fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HeaderFault::UnknownApi { key, version, .. } => {
                write!(f, "unknown api {key} version {version}")
            }
            HeaderFault::Malformed(error) => write!(f, "malformed request header: {error}"),
        }
    }
}

impl std::error::Error for HeaderFault {}

/// Reads the header of a request frame (without its size): the header and where the body starts.
///
/// The version is not judged: a known API in an unknown version has the newest header, so that the
/// broker can answer ApiVersions for it.
pub fn decode_request_header(frame: &[u8]) -> Result<(RequestHeader<'_>, usize), HeaderFault> {
    let mut ahead = Reader::new(frame.get(..FIXED_HEADER_BYTES).unwrap_or(frame));
    let (key, version, correlation_id) = (ahead.i16()?, ahead.i16()?, ahead.i32()?);
    let Some(api) = ApiKey::from_key(key) else {
        return Err(HeaderFault::UnknownApi { key, version, correlation_id });
    };
    let mut r = Reader::new(frame);
    let header = RequestHeader::decode(&mut r, api.request_header_version(version))?;
    Ok((header, r.position()))
}

/// Reads the header of a response frame (without its size): the correlation id and where the body
/// starts.
pub fn decode_response_header(
    api: ApiKey,
    version: i16,
    frame: &[u8],
) -> Result<(i32, usize), DecodeError> {
    let mut r = Reader::new(frame);
    let header = ResponseHeader::decode(&mut r, api.response_header_version(version))?;
    Ok((header.correlation_id, r.position()))
}

/// Decodes a body that must end where its frame ends.
pub fn decode_body<'a, M: Message<'a>>(body: &'a [u8], version: i16) -> Result<M, DecodeError> {
    let mut r = Reader::new(body);
    let message = M::decode(&mut r, version)?;
    r.finish()?;
    Ok(message)
}

/// A whole request frame, size included.
pub fn encode_request<'a>(
    api: ApiKey,
    version: i16,
    correlation_id: i32,
    client_id: Option<&str>,
    message: &impl Message<'a>,
) -> Bytes {
    let header = RequestHeader {
        request_api_key: api.key(),
        request_api_version: version,
        correlation_id,
        client_id: client_id.map(Into::into),
    };
    let mut w = Writer::with_capacity(SMALL_FRAME_BYTES);
    w.i32(0);
    header.encode(&mut w, api.request_header_version(version));
    message.encode(&mut w, version);
    seal(&mut w);
    w.into_bytes()
}

/// A whole response frame, size included.
pub fn encode_response<'a>(
    correlation_id: i32,
    api: ApiKey,
    version: i16,
    message: &impl Message<'a>,
) -> EncodedResponse {
    let mut w = Writer::with_capacity(SMALL_FRAME_BYTES);
    w.i32(0);
    ResponseHeader { correlation_id }.encode(&mut w, api.response_header_version(version));
    message.encode(&mut w, version);
    seal(&mut w);
    EncodedResponse::new(w)
}

fn seal(w: &mut Writer) {
    let size = w.wire_len() - SIZE_BYTES;
    let size = i32::try_from(size).expect("a frame is below 2 GiB: record data is bounded");
    w.patch_i32(0, size);
}

/// A piece of an encoded response, in the order of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Bytes(Bytes),
    /// This many bytes of record data, which the sender has.
    Gap(u32),
}

/// A response frame, whole but for its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedResponse {
    pub parts: Vec<Part>,
    /// Bytes on the wire: the size, the header and the body with its gaps.
    pub wire_len: usize,
}

impl EncodedResponse {
    fn new(w: Writer) -> Self {
        let wire_len = w.wire_len();
        let (mut bytes, gaps) = w.into_parts();
        let mut parts = Vec::with_capacity(2 * gaps.len() + 1);
        let mut taken = 0;
        for gap in gaps {
            let head = bytes.split_to(gap.at - taken);
            taken = gap.at;
            if !head.is_empty() {
                parts.push(Part::Bytes(head));
            }
            parts.push(Part::Gap(gap.len));
        }
        if !bytes.is_empty() {
            parts.push(Part::Bytes(bytes));
        }
        EncodedResponse { parts, wire_len }
    }

    /// Fills the gaps in order. Each filling's bytes must add up to its gap's length: a response
    /// with another length would desynchronise the connection, so that is a bug of the caller.
    pub fn splice(self, fillings: impl IntoIterator<Item = Vec<Bytes>>) -> Vec<Bytes> {
        let mut fillings = fillings.into_iter();
        let mut out = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            match part {
                Part::Bytes(bytes) => out.push(bytes),
                Part::Gap(len) => {
                    let filling = fillings.next().unwrap_or_default();
                    let bytes: usize = filling.iter().map(Bytes::len).sum();
                    assert_eq!(bytes, len as usize, "a filling is as long as its gap");
                    out.extend(filling);
                }
            }
        }
        assert!(fillings.next().is_none(), "every filling has a gap");
        out
    }
}

#[cfg(test)]
mod tests;
