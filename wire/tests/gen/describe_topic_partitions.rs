// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_topic_partitions::request::DescribeTopicPartitionsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("topics", v, true, &mut m.topics);
o.read("response_partition_limit", v, true, &mut m.response_partition_limit);
o.read("cursor", v, true, &mut m.cursor);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::describe_topic_partitions::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_topic_partitions::request::Cursor<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partition_index", v, true, &mut m.partition_index);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_topic_partitions::response::DescribeTopicPartitionsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("topics", v, true, &mut m.topics);
o.read("next_cursor", v, true, &mut m.next_cursor);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::describe_topic_partitions::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("name", v, true, &mut m.name);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("is_internal", v, true, &mut m.is_internal);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("topic_authorized_operations", v, true, &mut m.topic_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_topic_partitions::response::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("replica_nodes", v, true, &mut m.replica_nodes);
        o.read("isr_nodes", v, true, &mut m.isr_nodes);
        o.read("eligible_leader_replicas", v, true, &mut m.eligible_leader_replicas);
        o.read("last_known_elr", v, true, &mut m.last_known_elr);
        o.read("offline_replicas", v, true, &mut m.offline_replicas);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_topic_partitions::response::NextCursor<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partition_index", v, true, &mut m.partition_index);
        o.finish();
        m
    }
}
