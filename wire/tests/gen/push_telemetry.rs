// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::push_telemetry::request::PushTelemetryRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("client_instance_id", v, true, &mut m.client_instance_id);
        o.read("subscription_id", v, true, &mut m.subscription_id);
        o.read("terminating", v, true, &mut m.terminating);
        o.read("compression_type", v, true, &mut m.compression_type);
        o.read("metrics", v, true, &mut m.metrics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::push_telemetry::response::PushTelemetryResponse {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
