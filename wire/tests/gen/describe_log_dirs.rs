// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_log_dirs::request::DescribeLogDirsRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_log_dirs::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_log_dirs::response::DescribeLogDirsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, v >= 3, &mut m.error_code);
        o.read("results", v, true, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_log_dirs::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("log_dir", v, true, &mut m.log_dir);
        o.read("topics", v, true, &mut m.topics);
        o.read("total_bytes", v, v >= 4, &mut m.total_bytes);
        o.read("usable_bytes", v, v >= 4, &mut m.usable_bytes);
        o.read("is_cordoned", v, v >= 5, &mut m.is_cordoned);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_log_dirs::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_log_dirs::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("partition_size", v, true, &mut m.partition_size);
        o.read("offset_lag", v, true, &mut m.offset_lag);
        o.read("is_future_key", v, true, &mut m.is_future_key);
        o.finish();
        m
    }
}
