// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::get_telemetry_subscriptions::request::GetTelemetrySubscriptionsRequest {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("client_instance_id", v, true, &mut m.client_instance_id);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::get_telemetry_subscriptions::response::GetTelemetrySubscriptionsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("error_code", v, true, &mut m.error_code);
o.read("client_instance_id", v, true, &mut m.client_instance_id);
o.read("subscription_id", v, true, &mut m.subscription_id);
o.read("accepted_compression_types", v, true, &mut m.accepted_compression_types);
o.read("push_interval_ms", v, true, &mut m.push_interval_ms);
o.read("telemetry_max_bytes", v, true, &mut m.telemetry_max_bytes);
o.read("delta_temporality", v, true, &mut m.delta_temporality);
o.read("requested_metrics", v, true, &mut m.requested_metrics);
o.finish();
m
}
}
