// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::group_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group", v, true, &mut m.group);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::group_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("protocol_type", v, true, &mut m.protocol_type);
        o.read("generation", v, true, &mut m.generation);
        o.read("protocol", v, true, &mut m.protocol);
        o.read("leader", v, true, &mut m.leader);
        o.read("current_state_timestamp", v, v >= 2, &mut m.current_state_timestamp);
        o.read("members", v, true, &mut m.members);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::group_metadata::Members<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 3, &mut m.group_instance_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("rebalance_timeout", v, v >= 1, &mut m.rebalance_timeout);
        o.read("session_timeout", v, true, &mut m.session_timeout);
        o.read("subscription", v, true, &mut m.subscription);
        o.read("assignment", v, true, &mut m.assignment);
        o.finish();
        m
    }
}
