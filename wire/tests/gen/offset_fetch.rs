// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::offset_fetch::request::OffsetFetchRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, v <= 7, &mut m.group_id);
        o.read("topics", v, v <= 7, &mut m.topics);
        o.read("groups", v, v >= 8, &mut m.groups);
        o.read("require_stable", v, v >= 7, &mut m.require_stable);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 7, &mut m.name);
        o.read("partition_indexes", v, v <= 7, &mut m.partition_indexes);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::request::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, v >= 8, &mut m.group_id);
        o.read("member_id", v, v >= 9, &mut m.member_id);
        o.read("member_epoch", v, v >= 9, &mut m.member_epoch);
        o.read("topics", v, v >= 8, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::request::GroupsTopics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, (8..=9).contains(&v), &mut m.name);
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("partition_indexes", v, v >= 8, &mut m.partition_indexes);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::response::OffsetFetchResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 3, &mut m.throttle_time_ms);
        o.read("topics", v, v <= 7, &mut m.topics);
        o.read("error_code", v, (2..=7).contains(&v), &mut m.error_code);
        o.read("groups", v, v >= 8, &mut m.groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 7, &mut m.name);
        o.read("partitions", v, v <= 7, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, v <= 7, &mut m.partition_index);
        o.read("committed_offset", v, v <= 7, &mut m.committed_offset);
        o.read("committed_leader_epoch", v, (5..=7).contains(&v), &mut m.committed_leader_epoch);
        o.read("metadata", v, v <= 7, &mut m.metadata);
        o.read("error_code", v, v <= 7, &mut m.error_code);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::response::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, v >= 8, &mut m.group_id);
        o.read("topics", v, v >= 8, &mut m.topics);
        o.read("error_code", v, v >= 8, &mut m.error_code);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_fetch::response::GroupsTopics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, (8..=9).contains(&v), &mut m.name);
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("partitions", v, v >= 8, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::offset_fetch::response::GroupsTopicsPartitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, v >= 8, &mut m.partition_index);
        o.read("committed_offset", v, v >= 8, &mut m.committed_offset);
        o.read("committed_leader_epoch", v, v >= 8, &mut m.committed_leader_epoch);
        o.read("metadata", v, v >= 8, &mut m.metadata);
        o.read("error_code", v, v >= 8, &mut m.error_code);
        o.finish();
        m
    }
}
