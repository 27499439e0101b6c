// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::offset_commit::request::OffsetCommitRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("generation_id_or_member_epoch", v, true, &mut m.generation_id_or_member_epoch);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 7, &mut m.group_instance_id);
        o.read("retention_time_ms", v, v <= 4, &mut m.retention_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_commit::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 9, &mut m.name);
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_commit::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("committed_offset", v, true, &mut m.committed_offset);
        o.read("committed_leader_epoch", v, v >= 6, &mut m.committed_leader_epoch);
        o.read("committed_metadata", v, true, &mut m.committed_metadata);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::offset_commit::response::OffsetCommitResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 3, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_commit::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 9, &mut m.name);
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_commit::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
