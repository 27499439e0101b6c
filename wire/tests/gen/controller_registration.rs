// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::controller_registration::request::ControllerRegistrationRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("controller_id", v, true, &mut m.controller_id);
        o.read("incarnation_id", v, true, &mut m.incarnation_id);
        o.read("zk_migration_ready", v, true, &mut m.zk_migration_ready);
        o.read("listeners", v, true, &mut m.listeners);
        o.read("features", v, true, &mut m.features);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::controller_registration::request::Listeners<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("security_protocol", v, true, &mut m.security_protocol);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::controller_registration::request::Features<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::controller_registration::response::ControllerRegistrationResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
