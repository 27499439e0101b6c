// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::streams_group_topology::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_topology::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("epoch", v, true, &mut m.epoch);
        o.read("subtopologies", v, true, &mut m.subtopologies);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_topology::Subtopologies<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("source_topics", v, true, &mut m.source_topics);
        o.read("source_topic_regex", v, true, &mut m.source_topic_regex);
        o.read("state_changelog_topics", v, true, &mut m.state_changelog_topics);
        o.read("repartition_sink_topics", v, true, &mut m.repartition_sink_topics);
        o.read("repartition_source_topics", v, true, &mut m.repartition_source_topics);
        o.read("copartition_groups", v, true, &mut m.copartition_groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_topology::StateChangelogTopics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("replication_factor", v, true, &mut m.replication_factor);
        o.read("topic_configs", v, true, &mut m.topic_configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_topology::TopicConfigs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_topology::RepartitionSourceTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("replication_factor", v, true, &mut m.replication_factor);
        o.read("topic_configs", v, true, &mut m.topic_configs);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_topology::RepartitionSourceTopicsTopicConfigs<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_topology::CopartitionGroups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("source_topics", v, true, &mut m.source_topics);
        o.read("source_topic_regex", v, true, &mut m.source_topic_regex);
        o.read("repartition_source_topics", v, true, &mut m.repartition_source_topics);
        o.finish();
        m
    }
}
