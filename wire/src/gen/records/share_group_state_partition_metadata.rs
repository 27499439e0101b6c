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
    pub initializing_topics: Array<'a, InitializingTopics<'a>>,
    pub initialized_topics: Array<'a, InitializedTopics<'a>>,
    pub deleting_topics: Array<'a, DeletingTopics<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let initializing_topics = r.array(Form { version: v, flexible: true })?;
        let initialized_topics = r.array(Form { version: v, flexible: true })?;
        let deleting_topics = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { initializing_topics, initialized_topics, deleting_topics })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.initializing_topics, Form { version: v, flexible: true });
        w.array(&self.initialized_topics, Form { version: v, flexible: true });
        w.array(&self.deleting_topics, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct InitializingTopics<'a> {
    pub topic_id: Uuid,
    pub topic_name: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for InitializingTopics<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let topic_name = r.string(true)?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { topic_id, topic_name, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.topic_id);
        w.string(&self.topic_name, true);
        w.array(&self.partitions, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct InitializedTopics<'a> {
    pub topic_id: Uuid,
    pub topic_name: Str<'a>,
    pub partitions: Array<'a, i32>,
}

impl<'a> Message<'a> for InitializedTopics<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let topic_name = r.string(true)?;
        let partitions = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { topic_id, topic_name, partitions })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.topic_id);
        w.string(&self.topic_name, true);
        w.array(&self.partitions, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeletingTopics<'a> {
    pub topic_id: Uuid,
    pub topic_name: Str<'a>,
}

impl<'a> Message<'a> for DeletingTopics<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let topic_id = r.uuid()?;
        let topic_name = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { topic_id, topic_name })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.uuid(self.topic_id);
        w.string(&self.topic_name, true);
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 15;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
