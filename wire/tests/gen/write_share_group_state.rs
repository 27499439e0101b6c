// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::write_share_group_state::request::WriteShareGroupStateRequest<
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

impl FromJson for millstream_wire::messages::write_share_group_state::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_share_group_state::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("state_epoch", v, true, &mut m.state_epoch);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("start_offset", v, true, &mut m.start_offset);
        o.read("delivery_complete_count", v, v >= 1, &mut m.delivery_complete_count);
        o.read("state_batches", v, true, &mut m.state_batches);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_share_group_state::request::StateBatches {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("first_offset", v, true, &mut m.first_offset);
        o.read("last_offset", v, true, &mut m.last_offset);
        o.read("delivery_state", v, true, &mut m.delivery_state);
        o.read("delivery_count", v, true, &mut m.delivery_count);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::write_share_group_state::response::WriteShareGroupStateResponse<
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

impl FromJson for millstream_wire::messages::write_share_group_state::response::Results<'static> {
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
    for millstream_wire::messages::write_share_group_state::response::Partitions<'static>
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
