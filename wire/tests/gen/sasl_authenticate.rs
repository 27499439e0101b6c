// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::sasl_authenticate::request::SaslAuthenticateRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("auth_bytes", v, true, &mut m.auth_bytes);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::sasl_authenticate::response::SaslAuthenticateResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("auth_bytes", v, true, &mut m.auth_bytes);
        o.read("session_lifetime_ms", v, v >= 1, &mut m.session_lifetime_ms);
        o.finish();
        m
    }
}
