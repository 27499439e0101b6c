// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::incremental_alter_configs::request::IncrementalAlterConfigsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("resources", v, true, &mut m.resources);
o.read("validate_only", v, true, &mut m.validate_only);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::incremental_alter_configs::request::Resources<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("configs", v, true, &mut m.configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::incremental_alter_configs::request::Configs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("config_operation", v, true, &mut m.config_operation);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::incremental_alter_configs::response::IncrementalAlterConfigsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("responses", v, true, &mut m.responses);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::incremental_alter_configs::response::Responses<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("resource_type", v, true, &mut m.resource_type);
        o.read("resource_name", v, true, &mut m.resource_name);
        o.finish();
        m
    }
}
