// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::sync_group::request::SyncGroupRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("generation_id", v, true, &mut m.generation_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 3, &mut m.group_instance_id);
        o.read("protocol_type", v, v >= 5, &mut m.protocol_type);
        o.read("protocol_name", v, v >= 5, &mut m.protocol_name);
        o.read("assignments", v, true, &mut m.assignments);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::sync_group::request::Assignments<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("assignment", v, true, &mut m.assignment);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::sync_group::response::SyncGroupResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 1, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("protocol_type", v, v >= 5, &mut m.protocol_type);
        o.read("protocol_name", v, v >= 5, &mut m.protocol_name);
        o.read("assignment", v, true, &mut m.assignment);
        o.finish();
        m
    }
}
