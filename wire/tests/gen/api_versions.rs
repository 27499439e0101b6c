// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::api_versions::request::ApiVersionsRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("client_software_name", v, v >= 3, &mut m.client_software_name);
        o.read("client_software_version", v, v >= 3, &mut m.client_software_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::api_versions::response::ApiVersionsResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("api_keys", v, true, &mut m.api_keys);
        o.read("throttle_time_ms", v, v >= 1, &mut m.throttle_time_ms);
        o.read("supported_features", v, v >= 3, &mut m.supported_features);
        o.read("finalized_features_epoch", v, v >= 3, &mut m.finalized_features_epoch);
        o.read("finalized_features", v, v >= 3, &mut m.finalized_features);
        o.read("zk_migration_ready", v, v >= 3, &mut m.zk_migration_ready);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::api_versions::response::ApiKeys {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("api_key", v, true, &mut m.api_key);
        o.read("min_version", v, true, &mut m.min_version);
        o.read("max_version", v, true, &mut m.max_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::api_versions::response::SupportedFeatures<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 3, &mut m.name);
        o.read("min_version", v, v >= 3, &mut m.min_version);
        o.read("max_version", v, v >= 3, &mut m.max_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::api_versions::response::FinalizedFeatures<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 3, &mut m.name);
        o.read("max_version_level", v, v >= 3, &mut m.max_version_level);
        o.read("min_version_level", v, v >= 3, &mut m.min_version_level);
        o.finish();
        m
    }
}
