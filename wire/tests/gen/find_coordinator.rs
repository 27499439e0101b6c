// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::find_coordinator::request::FindCoordinatorRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, v <= 3, &mut m.key);
        o.read("key_type", v, v >= 1, &mut m.key_type);
        o.read("coordinator_keys", v, v >= 4, &mut m.coordinator_keys);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::find_coordinator::response::FindCoordinatorResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 1, &mut m.throttle_time_ms);
        o.read("error_code", v, v <= 3, &mut m.error_code);
        o.read("error_message", v, (1..=3).contains(&v), &mut m.error_message);
        o.read("node_id", v, v <= 3, &mut m.node_id);
        o.read("host", v, v <= 3, &mut m.host);
        o.read("port", v, v <= 3, &mut m.port);
        o.read("coordinators", v, v >= 4, &mut m.coordinators);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::find_coordinator::response::Coordinators<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, v >= 4, &mut m.key);
        o.read("node_id", v, v >= 4, &mut m.node_id);
        o.read("host", v, v >= 4, &mut m.host);
        o.read("port", v, v >= 4, &mut m.port);
        o.read("error_code", v, v >= 4, &mut m.error_code);
        o.read("error_message", v, v >= 4, &mut m.error_message);
        o.finish();
        m
    }
}
