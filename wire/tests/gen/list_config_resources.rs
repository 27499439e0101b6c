// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::list_config_resources::request::ListConfigResourcesRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_types", v, v >= 1, &mut m.resource_types);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::list_config_resources::response::ListConfigResourcesResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("config_resources", v, true, &mut m.config_resources);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::list_config_resources::response::ConfigResources<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("resource_name", v, true, &mut m.resource_name);
        o.read("resource_type", v, v >= 1, &mut m.resource_type);
        o.finish();
        m
    }
}
