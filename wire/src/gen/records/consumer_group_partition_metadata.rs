// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

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
pub struct Value<'a> {
    pub topics: Array<'a, Topics<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topics = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { topics })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.topics, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Topics<'a> {
    pub topic_id: Uuid,
    pub topic_name: Str<'a>,
    pub num_partitions: i32,
    pub partition_metadata: Array<'a, PartitionMetadata<'a>>,
}

impl<'a> Message<'a> for Topics<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let topic_name = r.string(true)?;
        let num_partitions = r.i32()?;
        let partition_metadata = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { topic_id, topic_name, num_partitions, partition_metadata })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.topic_id);
        w.string(&self.topic_name, true);
        w.i32(self.num_partitions);
        w.array(&self.partition_metadata, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct PartitionMetadata<'a> {
    pub partition: i32,
    pub racks: Array<'a, Str<'a>>,
}

impl<'a> Message<'a> for PartitionMetadata<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let partition = r.i32()?;
        let racks = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { partition, racks })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.partition);
        w.array(&self.racks, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 4;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
