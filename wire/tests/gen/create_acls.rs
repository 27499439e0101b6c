// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::create_acls::request::CreateAclsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("creations", v, true, &mut m.creations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_acls::request::Creations<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("resource_pattern_type", v, true, &mut m.resource_pattern_type);
        o.read("principal", v, true, &mut m.principal);
        o.read("host", v, true, &mut m.host);
        o.read("operation", v, true, &mut m.operation);
        o.read("permission_type", v, true, &mut m.permission_type);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_acls::response::CreateAclsResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("results", v, true, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_acls::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
