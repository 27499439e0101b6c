// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::list_groups::request::ListGroupsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("states_filter", v, v >= 4, &mut m.states_filter);
        o.read("types_filter", v, v >= 5, &mut m.types_filter);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_groups::response::ListGroupsResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 1, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("groups", v, true, &mut m.groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_groups::response::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("protocol_type", v, true, &mut m.protocol_type);
        o.read("group_state", v, v >= 4, &mut m.group_state);
        o.read("group_type", v, v >= 5, &mut m.group_type);
        o.finish();
        m
    }
}
