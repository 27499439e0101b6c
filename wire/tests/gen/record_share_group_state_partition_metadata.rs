// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::share_group_state_partition_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::share_group_state_partition_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("initializing_topics", v, true, &mut m.initializing_topics);
        o.read("initialized_topics", v, true, &mut m.initialized_topics);
        o.read("deleting_topics", v, true, &mut m.deleting_topics);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::share_group_state_partition_metadata::InitializingTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::share_group_state_partition_metadata::InitializedTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::share_group_state_partition_metadata::DeletingTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("topic_name", v, true, &mut m.topic_name);
        o.finish();
        m
    }
}
