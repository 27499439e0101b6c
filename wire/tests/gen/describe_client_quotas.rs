// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_client_quotas::request::DescribeClientQuotasRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("components", v, true, &mut m.components);
        o.read("strict", v, true, &mut m.strict);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_client_quotas::request::Components<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity_type", v, true, &mut m.entity_type);
        o.read("match_type", v, true, &mut m.match_type);
        o.read("match", v, true, &mut m.r#match);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_client_quotas::response::DescribeClientQuotasResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("entries", v, true, &mut m.entries);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_client_quotas::response::Entries<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity", v, true, &mut m.entity);
        o.read("values", v, true, &mut m.values);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_client_quotas::response::Entity<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity_type", v, true, &mut m.entity_type);
        o.read("entity_name", v, true, &mut m.entity_name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_client_quotas::response::Values<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}
