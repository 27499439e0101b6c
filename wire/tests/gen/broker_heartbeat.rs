// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::broker_heartbeat::request::BrokerHeartbeatRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.read("current_metadata_offset", v, true, &mut m.current_metadata_offset);
        o.read("want_fence", v, true, &mut m.want_fence);
        o.read("want_shut_down", v, true, &mut m.want_shut_down);
        o.read("offline_log_dirs", v, v >= 1, &mut m.offline_log_dirs);
        o.read("cordoned_log_dirs", v, v >= 2, &mut m.cordoned_log_dirs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::broker_heartbeat::response::BrokerHeartbeatResponse {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("is_caught_up", v, true, &mut m.is_caught_up);
        o.read("is_fenced", v, true, &mut m.is_fenced);
        o.read("should_shut_down", v, true, &mut m.should_shut_down);
        o.finish();
        m
    }
}
