// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::offset_delete::request::OffsetDeleteRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_delete::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_delete::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::offset_delete::response::OffsetDeleteResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_delete::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::offset_delete::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
