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
    /// Tag 0.
    pub metadata_hash: i64,
}

impl<'a> Message<'a> for Value {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let epoch = r.i32()?;
        let mut metadata_hash: i64 = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => metadata_hash = p.i64()?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self { epoch, metadata_hash })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.epoch);
        let set_0 = self.metadata_hash != 0;
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.i64(self.metadata_hash);
            });
        }
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 3;
}

impl<'a> crate::RecordValue<'a> for Value {
    const NEWEST: i16 = 0;
}
