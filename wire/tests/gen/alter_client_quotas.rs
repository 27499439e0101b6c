// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::alter_client_quotas::request::AlterClientQuotasRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entries", v, true, &mut m.entries);
        o.read("validate_only", v, true, &mut m.validate_only);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_client_quotas::request::Entries<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity", v, true, &mut m.entity);
        o.read("ops", v, true, &mut m.ops);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_client_quotas::request::Entity<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity_type", v, true, &mut m.entity_type);
        o.read("entity_name", v, true, &mut m.entity_name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_client_quotas::request::Ops<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.read("remove", v, true, &mut m.remove);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::alter_client_quotas::response::AlterClientQuotasResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("entries", v, true, &mut m.entries);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_client_quotas::response::Entries<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("entity", v, true, &mut m.entity);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_client_quotas::response::Entity<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("entity_type", v, true, &mut m.entity_type);
        o.read("entity_name", v, true, &mut m.entity_name);
        o.finish();
        m
    }
}
