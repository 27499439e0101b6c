// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::join_group::request::JoinGroupRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("session_timeout_ms", v, true, &mut m.session_timeout_ms);
        o.read("rebalance_timeout_ms", v, v >= 1, &mut m.rebalance_timeout_ms);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 5, &mut m.group_instance_id);
        o.read("protocol_type", v, true, &mut m.protocol_type);
        o.read("protocols", v, true, &mut m.protocols);
        o.read("reason", v, v >= 8, &mut m.reason);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::join_group::request::Protocols<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("metadata", v, true, &mut m.metadata);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::join_group::response::JoinGroupResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 2, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("generation_id", v, true, &mut m.generation_id);
        o.read("protocol_type", v, v >= 7, &mut m.protocol_type);
        o.read("protocol_name", v, true, &mut m.protocol_name);
        o.read("leader", v, true, &mut m.leader);
        o.read("skip_assignment", v, v >= 9, &mut m.skip_assignment);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("members", v, true, &mut m.members);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::join_group::response::Members<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 5, &mut m.group_instance_id);
        o.read("metadata", v, true, &mut m.metadata);
        o.finish();
        m
    }
}
