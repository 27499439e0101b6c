// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{DecodeError, Fault, Message, Reader, Str, Uuid, Writer};

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

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub offset: i64,
    /// Versions 3 and up.
    pub leader_epoch: i32,
    pub metadata: Str<'a>,
    pub commit_timestamp: i64,
    /// Version 1.
    pub expire_timestamp: i64,
    /// Version 4, tag 0.
    pub topic_id: Uuid,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            offset: Default::default(),
            leader_epoch: -1,
            metadata: Default::default(),
            commit_timestamp: Default::default(),
            expire_timestamp: -1,
            topic_id: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if !(0..=4).contains(&v) {
            return Err(r.error(Fault::Version { version: v }));
        }
        let flex = v >= 4;
        let offset = r.i64()?;
        let leader_epoch = if v >= 3 { r.i32()? } else { -1 };
        let metadata = r.string(flex)?;
        let commit_timestamp = r.i64()?;
        let expire_timestamp = if v == 1 { r.i64()? } else { -1 };
        let mut topic_id: Uuid = Default::default();
        if flex {
            for _ in 0..r.tag_count()? {
                let (tag, mut p) = r.tag()?;
                match tag {
                    0 => topic_id = p.uuid()?,
                    _ => continue,
                }
                p.finish_tag(tag)?;
            }
        }
        Ok(Self { offset, leader_epoch, metadata, commit_timestamp, expire_timestamp, topic_id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        let flex = v >= 4;
        w.i64(self.offset);
        if v >= 3 {
            w.i32(self.leader_epoch);
        }
        w.string(&self.metadata, flex);
        w.i64(self.commit_timestamp);
        if v == 1 {
            w.i64(self.expire_timestamp);
        }
        if flex {
            let set_0 = !self.topic_id.is_zero();
            w.tag_count(u32::from(set_0));
            if set_0 {
                w.tag(0, |w| {
                    w.uuid(self.topic_id);
                });
            }
        }
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 1;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 4;
}
