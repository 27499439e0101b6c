// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Key<'a> {
    pub group_id: Str<'a>,
    pub topic_id: Uuid,
    pub partition: i32,
}

impl<'a> Message<'a> for Key<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let group_id = r.string(false)?;
        let topic_id = r.uuid()?;
        let partition = r.i32()?;
        Ok(Self { group_id, topic_id, partition })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.group_id, false);
        w.uuid(self.topic_id);
        w.i32(self.partition);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    pub snapshot_epoch: i32,
    pub leader_epoch: i32,
    pub start_offset: i64,
    /// Tag 0.
    pub delivery_complete_count: i32,
    pub state_batches: Array<'a, StateBatches>,
}

impl Default for Value<'_> {
    fn default() -> Self {
        Self {
            snapshot_epoch: Default::default(),
            leader_epoch: Default::default(),
            start_offset: Default::default(),
            delivery_complete_count: -1,
            state_batches: Default::default(),
        }
    }
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let snapshot_epoch = r.i32()?;
        let leader_epoch = r.i32()?;
        let start_offset = r.i64()?;
        let mut delivery_complete_count: i32 = -1;
        let state_batches = r.array(Form { version: v, flexible: true })?;
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => delivery_complete_count = p.i32()?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            snapshot_epoch,
            leader_epoch,
            start_offset,
            delivery_complete_count,
            state_batches,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.snapshot_epoch);
        w.i32(self.leader_epoch);
        w.i64(self.start_offset);
        w.array(&self.state_batches, Form { version: v, flexible: true });
        let set_0 = self.delivery_complete_count != -1;
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.i32(self.delivery_complete_count);
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateBatches {
    pub first_offset: i64,
    pub last_offset: i64,
    pub delivery_state: i8,
    pub delivery_count: i16,
}

impl<'a> Message<'a> for StateBatches {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let first_offset = r.i64()?;
        let last_offset = r.i64()?;
        let delivery_state = r.i8()?;
        let delivery_count = r.i16()?;
        r.skip_tags()?;
        Ok(Self { first_offset, last_offset, delivery_state, delivery_count })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i64(self.first_offset);
        w.i64(self.last_offset);
        w.i8(self.delivery_state);
        w.i16(self.delivery_count);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 1;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
