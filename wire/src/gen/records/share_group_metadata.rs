// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{DecodeError, Fault, Message, Reader, Str, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        Ok(Self { group_id })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    pub epoch: i32,
    pub metadata_hash: i64,
}

impl<'a> Message<'a> for Value {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let epoch = r.i32()?;
        let metadata_hash = r.i64()?;
        r.skip_tags()?;
        Ok(Self { epoch, metadata_hash })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.epoch);
        w.i64(self.metadata_hash);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 11;
}

impl<'a> crate::RecordValue<'a> for Value {
    const NEWEST: i16 = 0;
}
