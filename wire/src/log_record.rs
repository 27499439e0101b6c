//! What stands before a record's body in Kafka's internal logs.
//!
//! Coordinator logs: a key is an i16 type and its body, a value an i16 version and its body (the
//! consumer protocol and principals too). Metadata and remote-log records: uvarint 1, uvarint
//! type, uvarint version, body. The bodies are generated; a body must end where its bytes end.

use bytes::Bytes;

use crate::{DecodeError, Fault, Message, Reader, Writer};

/// The frame version of metadata and remote-log records.
const FRAME: u32 = 1;

/// A key of a coordinator's log. Keys have one version, 0.
pub trait RecordKey<'a>: Message<'a> {
    const TYPE: i16;

    fn to_bytes(&self) -> Bytes {
        let mut w = Writer::new();
        w.i16(Self::TYPE);
        self.encode(&mut w, 0);
        w.into_bytes()
    }

    fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        let record_type = r.i16()?;
        if record_type != Self::TYPE {
            return Err(r.error(Fault::RecordType { record_type: i32::from(record_type) }));
        }
        let key = Self::decode(&mut r, 0)?;
        r.finish()?;
        Ok(key)
    }
}

/// A body with its version in front.
pub trait RecordValue<'a>: Message<'a> {
    /// The newest version that this code writes and reads.
    const NEWEST: i16;

    fn to_bytes(&self, version: i16) -> Bytes {
        let mut w = Writer::new();
        w.i16(version);
        self.encode(&mut w, version);
        w.into_bytes()
    }

    /// The version and the value; a version that is not known is refused.
    fn from_bytes(bytes: &'a [u8]) -> Result<(i16, Self), DecodeError> {
        let mut r = Reader::new(bytes);
        let version = r.i16()?;
        let value = Self::decode(&mut r, version)?;
        r.finish()?;
        Ok((version, value))
    }

    /// As `from_bytes`, but a version above [`Self::NEWEST`] is read as that, and what follows is
    /// ignored: how the consumer protocol meets members that are newer than this code.
    fn from_bytes_of_any_version(bytes: &'a [u8]) -> Result<(i16, Self), DecodeError> {
        let mut r = Reader::new(bytes);
        let version = r.i16()?;
        let value = Self::decode(&mut r, version.min(Self::NEWEST))?;
        Ok((version, value))
    }
}

/// Reads a frame: the reader at the body, the record's type, its version.
pub(crate) fn framed(bytes: &[u8]) -> Result<(Reader<'_>, i16, i16), DecodeError> {
    let mut r = Reader::new(bytes);
    let frame = r.uvarint()?;
    if frame != FRAME {
        return Err(r.error(Fault::Version { version: saturated(frame) }));
    }
    let record_type = saturated(r.uvarint()?);
    let version = saturated(r.uvarint()?);
    Ok((r, record_type, version))
}

/// A writer with the frame of a record in it.
pub(crate) fn frame(record_type: i16, version: i16) -> Writer {
    let mut w = Writer::new();
    w.uvarint(FRAME);
    w.uvarint(u32::from(record_type.unsigned_abs()));
    w.uvarint(u32::from(version.unsigned_abs()));
    w
}

/// No type or version is that large, so it is refused as what it is.
fn saturated(n: u32) -> i16 {
    i16::try_from(n).unwrap_or(i16::MAX)
}
