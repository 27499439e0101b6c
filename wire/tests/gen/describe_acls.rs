// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_acls::request::DescribeAclsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type_filter", v, true, &mut m.resource_type_filter);
        o.read("resource_name_filter", v, true, &mut m.resource_name_filter);
        o.read("pattern_type_filter", v, true, &mut m.pattern_type_filter);
        o.read("principal_filter", v, true, &mut m.principal_filter);
        o.read("host_filter", v, true, &mut m.host_filter);
        o.read("operation", v, true, &mut m.operation);
        o.read("permission_type", v, true, &mut m.permission_type);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_acls::response::DescribeAclsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("resources", v, true, &mut m.resources);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_acls::response::Resources<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("pattern_type", v, true, &mut m.pattern_type);
        o.read("acls", v, true, &mut m.acls);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_acls::response::Acls<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("principal", v, true, &mut m.principal);
        o.read("host", v, true, &mut m.host);
        o.read("operation", v, true, &mut m.operation);
        o.read("permission_type", v, true, &mut m.permission_type);
        o.finish();
        m
    }
}
