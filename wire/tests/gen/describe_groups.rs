// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_groups::request::DescribeGroupsRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("groups", v, true, &mut m.groups);
        o.read("include_authorized_operations", v, v >= 3, &mut m.include_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_groups::response::DescribeGroupsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 1, &mut m.throttle_time_ms);
        o.read("groups", v, true, &mut m.groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_groups::response::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, v >= 6, &mut m.error_message);
        o.read("group_id", v, true, &mut m.group_id);
        o.read("group_state", v, true, &mut m.group_state);
        o.read("protocol_type", v, true, &mut m.protocol_type);
        o.read("protocol_data", v, true, &mut m.protocol_data);
        o.read("members", v, true, &mut m.members);
        o.read("authorized_operations", v, v >= 3, &mut m.authorized_operations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_groups::response::Members<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("group_instance_id", v, v >= 4, &mut m.group_instance_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("member_metadata", v, true, &mut m.member_metadata);
        o.read("member_assignment", v, true, &mut m.member_assignment);
        o.finish();
        m
    }
}
