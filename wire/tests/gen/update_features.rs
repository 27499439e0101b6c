// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::update_features::request::UpdateFeaturesRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.read("feature_updates", v, true, &mut m.feature_updates);
        o.read("validate_only", v, v >= 1, &mut m.validate_only);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::update_features::request::FeatureUpdates<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("feature", v, true, &mut m.feature);
        o.read("max_version_level", v, true, &mut m.max_version_level);
        o.read("allow_downgrade", v, v <= 0, &mut m.allow_downgrade);
        o.read("upgrade_type", v, v >= 1, &mut m.upgrade_type);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::update_features::response::UpdateFeaturesResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("results", v, v <= 1, &mut m.results);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::update_features::response::Results<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("feature", v, v <= 1, &mut m.feature);
        o.read("error_code", v, v <= 1, &mut m.error_code);
        o.read("error_message", v, v <= 1, &mut m.error_message);
        o.finish();
        m
    }
}
