// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::delete_share_group_offsets::request::DeleteShareGroupOffsetsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("group_id", v, true, &mut m.group_id);
o.read("topics", v, true, &mut m.topics);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::delete_share_group_offsets::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_share_group_offsets::response::DeleteShareGroupOffsetsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("error_code", v, true, &mut m.error_code);
o.read("error_message", v, true, &mut m.error_message);
o.read("responses", v, true, &mut m.responses);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::delete_share_group_offsets::response::Responses<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
