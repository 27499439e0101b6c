// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::offset_for_leader_epoch::request::OffsetForLeaderEpochRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("replica_id", v, v >= 3, &mut m.replica_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_for_leader_epoch::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_for_leader_epoch::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("current_leader_epoch", v, true, &mut m.current_leader_epoch);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::offset_for_leader_epoch::response::OffsetForLeaderEpochResponse<
        'static,
    >
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

impl FromJson for millstream_wire::messages::offset_for_leader_epoch::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_for_leader_epoch::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("partition", v, true, &mut m.partition);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("end_offset", v, true, &mut m.end_offset);
        o.finish();
        m
    }
}
