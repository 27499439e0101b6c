// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::expire_delegation_token::request::ExpireDelegationTokenRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("hmac", v, true, &mut m.hmac);
        o.read("expiry_time_period_ms", v, true, &mut m.expiry_time_period_ms);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::expire_delegation_token::response::ExpireDelegationTokenResponse
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("expiry_timestamp_ms", v, true, &mut m.expiry_timestamp_ms);
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.finish();
        m
    }
}
