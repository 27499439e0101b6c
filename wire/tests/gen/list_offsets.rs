// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::list_offsets::request::ListOffsetsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("replica_id", v, true, &mut m.replica_id);
        o.read("isolation_level", v, v >= 2, &mut m.isolation_level);
        o.read("topics", v, true, &mut m.topics);
        o.read("timeout_ms", v, v >= 10, &mut m.timeout_ms);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_offsets::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_offsets::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("current_leader_epoch", v, v >= 4, &mut m.current_leader_epoch);
        o.read("timestamp", v, true, &mut m.timestamp);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_offsets::response::ListOffsetsResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 2, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_offsets::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_offsets::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("timestamp", v, true, &mut m.timestamp);
        o.read("offset", v, true, &mut m.offset);
        o.read("leader_epoch", v, v >= 4, &mut m.leader_epoch);
        o.finish();
        m
    }
}
