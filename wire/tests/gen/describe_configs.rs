// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_configs::request::DescribeConfigsRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resources", v, true, &mut m.resources);
        o.read("include_synonyms", v, true, &mut m.include_synonyms);
        o.read("include_documentation", v, v >= 3, &mut m.include_documentation);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_configs::request::Resources<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("configuration_keys", v, true, &mut m.configuration_keys);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_configs::response::DescribeConfigsResponse<'static>
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

impl FromJson for millstream_wire::messages::describe_configs::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("configs", v, true, &mut m.configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_configs::response::Configs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("value", v, true, &mut m.value);
        o.read("read_only", v, true, &mut m.read_only);
        o.read("config_source", v, true, &mut m.config_source);
        o.read("is_sensitive", v, true, &mut m.is_sensitive);
        o.read("synonyms", v, true, &mut m.synonyms);
        o.read("config_type", v, v >= 3, &mut m.config_type);
        o.read("documentation", v, v >= 3, &mut m.documentation);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_configs::response::Synonyms<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("value", v, true, &mut m.value);
        o.read("source", v, true, &mut m.source);
        o.finish();
        m
    }
}
