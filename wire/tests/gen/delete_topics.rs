// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::delete_topics::request::DeleteTopicsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, v >= 6, &mut m.topics);
        o.read("topic_names", v, v <= 5, &mut m.topic_names);
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_topics::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 6, &mut m.name);
        o.read("topic_id", v, v >= 6, &mut m.topic_id);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::delete_topics::response::DeleteTopicsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("responses", v, true, &mut m.responses);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_topics::response::Responses<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("topic_id", v, v >= 6, &mut m.topic_id);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, v >= 5, &mut m.error_message);
        o.finish();
        m
    }
}
