// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::txn_offset_commit::request::TxnOffsetCommitRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.read("group_id", v, true, &mut m.group_id);
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("generation_id", v, v >= 3, &mut m.generation_id);
        o.read("member_id", v, v >= 3, &mut m.member_id);
        o.read("group_instance_id", v, v >= 3, &mut m.group_instance_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::txn_offset_commit::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::txn_offset_commit::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("committed_offset", v, true, &mut m.committed_offset);
        o.read("committed_leader_epoch", v, v >= 2, &mut m.committed_leader_epoch);
        o.read("committed_metadata", v, true, &mut m.committed_metadata);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::txn_offset_commit::response::TxnOffsetCommitResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::txn_offset_commit::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::txn_offset_commit::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
