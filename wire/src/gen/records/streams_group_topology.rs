// Written by `cargo xtask codegen` from wire/schema; do not edit.

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Writer};

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
    pub epoch: i32,
    pub subtopologies: Array<'a, Subtopologies<'a>>,
}

impl<'a> Message<'a> for Value<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let epoch = r.i32()?;
        let subtopologies = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { epoch, subtopologies })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.i32(self.epoch);
        w.array(&self.subtopologies, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subtopologies<'a> {
    pub subtopology_id: Str<'a>,
    pub source_topics: Array<'a, Str<'a>>,
    pub source_topic_regex: Array<'a, Str<'a>>,
    pub state_changelog_topics: Array<'a, StateChangelogTopics<'a>>,
    pub repartition_sink_topics: Array<'a, Str<'a>>,
    pub repartition_source_topics: Array<'a, RepartitionSourceTopics<'a>>,
    pub copartition_groups: Array<'a, CopartitionGroups<'a>>,
}

impl<'a> Message<'a> for Subtopologies<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let subtopology_id = r.string(true)?;
        let source_topics = r.array(Form { version: v, flexible: true })?;
        let source_topic_regex = r.array(Form { version: v, flexible: true })?;
        let state_changelog_topics = r.array(Form { version: v, flexible: true })?;
        let repartition_sink_topics = r.array(Form { version: v, flexible: true })?;
        let repartition_source_topics = r.array(Form { version: v, flexible: true })?;
        let copartition_groups = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self {
            subtopology_id,
            source_topics,
            source_topic_regex,
            state_changelog_topics,
            repartition_sink_topics,
            repartition_source_topics,
            copartition_groups,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.subtopology_id, true);
        w.array(&self.source_topics, Form { version: v, flexible: true });
        w.array(&self.source_topic_regex, Form { version: v, flexible: true });
        w.array(&self.state_changelog_topics, Form { version: v, flexible: true });
        w.array(&self.repartition_sink_topics, Form { version: v, flexible: true });
        w.array(&self.repartition_source_topics, Form { version: v, flexible: true });
        w.array(&self.copartition_groups, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateChangelogTopics<'a> {
    pub name: Str<'a>,
    pub partitions: i32,
    pub replication_factor: i16,
    pub topic_configs: Array<'a, TopicConfigs<'a>>,
}

impl<'a> Message<'a> for StateChangelogTopics<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let partitions = r.i32()?;
        let replication_factor = r.i16()?;
        let topic_configs = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { name, partitions, replication_factor, topic_configs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.name, true);
        w.i32(self.partitions);
        w.i16(self.replication_factor);
        w.array(&self.topic_configs, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicConfigs<'a> {
    pub key: Str<'a>,
    pub value: Str<'a>,
}

impl<'a> Message<'a> for TopicConfigs<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let key = r.string(true)?;
        let value = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { key, value })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.key, true);
        w.string(&self.value, true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepartitionSourceTopics<'a> {
    pub name: Str<'a>,
    pub partitions: i32,
    pub replication_factor: i16,
    pub topic_configs: Array<'a, RepartitionSourceTopicsTopicConfigs<'a>>,
}

impl<'a> Message<'a> for RepartitionSourceTopics<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let partitions = r.i32()?;
        let replication_factor = r.i16()?;
        let topic_configs = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { name, partitions, replication_factor, topic_configs })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.string(&self.name, true);
        w.i32(self.partitions);
        w.i16(self.replication_factor);
        w.array(&self.topic_configs, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepartitionSourceTopicsTopicConfigs<'a> {
    pub key: Str<'a>,
    pub value: Str<'a>,
}

impl<'a> Message<'a> for RepartitionSourceTopicsTopicConfigs<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let key = r.string(true)?;
        let value = r.string(true)?;
        r.skip_tags()?;
        Ok(Self { key, value })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.key, true);
        w.string(&self.value, true);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct CopartitionGroups<'a> {
    pub source_topics: Array<'a, i16>,
    pub source_topic_regex: Array<'a, i16>,
    pub repartition_source_topics: Array<'a, i16>,
}

impl<'a> Message<'a> for CopartitionGroups<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let source_topics = r.array(Form { version: v, flexible: true })?;
        let source_topic_regex = r.array(Form { version: v, flexible: true })?;
        let repartition_source_topics = r.array(Form { version: v, flexible: true })?;
        r.skip_tags()?;
        Ok(Self { source_topics, source_topic_regex, repartition_source_topics })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.array(&self.source_topics, Form { version: v, flexible: true });
        w.array(&self.source_topic_regex, Form { version: v, flexible: true });
        w.array(&self.repartition_source_topics, Form { version: v, flexible: true });
        w.tag_count(0);
    }
}

impl<'a> crate::RecordKey<'a> for Key<'a> {
    const TYPE: i16 = 23;
}

impl<'a> crate::RecordValue<'a> for Value<'a> {
    const NEWEST: i16 = 0;
}
