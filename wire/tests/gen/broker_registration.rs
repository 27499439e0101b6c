// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::broker_registration::request::BrokerRegistrationRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("incarnation_id", v, true, &mut m.incarnation_id);
        o.read("listeners", v, true, &mut m.listeners);
        o.read("features", v, true, &mut m.features);
        o.read("rack", v, true, &mut m.rack);
        o.read("is_migrating_zk_broker", v, v >= 1, &mut m.is_migrating_zk_broker);
        o.read("log_dirs", v, v >= 2, &mut m.log_dirs);
        o.read("previous_broker_epoch", v, v >= 3, &mut m.previous_broker_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::broker_registration::request::Listeners<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("security_protocol", v, true, &mut m.security_protocol);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::broker_registration::request::Features<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("min_supported_version", v, true, &mut m.min_supported_version);
        o.read("max_supported_version", v, true, &mut m.max_supported_version);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::broker_registration::response::BrokerRegistrationResponse
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.finish();
        m
    }
}
