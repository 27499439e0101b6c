// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::create_topics::request::CreateTopicsRequest<'static> {
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

impl FromJson for millstream_wire::messages::create_topics::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("num_partitions", v, true, &mut m.num_partitions);
        o.read("replication_factor", v, true, &mut m.replication_factor);
        o.read("assignments", v, true, &mut m.assignments);
        o.read("configs", v, true, &mut m.configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_topics::request::Assignments<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("broker_ids", v, true, &mut m.broker_ids);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_topics::request::Configs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::create_topics::response::CreateTopicsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_topics::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("topic_id", v, v >= 7, &mut m.topic_id);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("topic_config_error_code", v, v >= 5, &mut m.topic_config_error_code);
        o.read("num_partitions", v, v >= 5, &mut m.num_partitions);
        o.read("replication_factor", v, v >= 5, &mut m.replication_factor);
        o.read("configs", v, v >= 5, &mut m.configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_topics::response::Configs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 5, &mut m.name);
        o.read("value", v, v >= 5, &mut m.value);
        o.read("read_only", v, v >= 5, &mut m.read_only);
        o.read("config_source", v, v >= 5, &mut m.config_source);
        o.read("is_sensitive", v, v >= 5, &mut m.is_sensitive);
        o.finish();
        m
    }
}
