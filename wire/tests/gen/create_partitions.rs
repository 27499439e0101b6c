// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::create_partitions::request::CreatePartitionsRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.read("validate_only", v, true, &mut m.validate_only);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_partitions::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("count", v, true, &mut m.count);
        o.read("assignments", v, true, &mut m.assignments);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_partitions::request::Assignments<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_ids", v, true, &mut m.broker_ids);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::create_partitions::response::CreatePartitionsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("results", v, true, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_partitions::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
