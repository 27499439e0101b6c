// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group: Str<'a>,
    pub topic: Str<'a>,
    pub partition: i32,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group = r.string(false)?;
        let topic = r.string(false)?;
        let partition = r.i32()?;
        Ok(Self { group, topic, partition })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group, false);
        w.string(&self.topic, false);
        w.i32(self.partition);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value<'a> {
    pub offset: i64,
    pub metadata: Str<'a>,
    pub commit_timestamp: i64,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let offset = r.i64()?;
        let metadata = r.string(false)?;
        let commit_timestamp = r.i64()?;
        Ok(Self { offset, metadata, commit_timestamp })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i64(self.offset);
        w.string(&self.metadata, false);
        w.i64(self.commit_timestamp);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 0;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
