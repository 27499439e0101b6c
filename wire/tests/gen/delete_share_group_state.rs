// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::delete_share_group_state::request::DeleteShareGroupStateRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_share_group_state::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_share_group_state::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::delete_share_group_state::response::DeleteShareGroupStateResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("results", v, true, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::delete_share_group_state::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::delete_share_group_state::response::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
