// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::sasl_handshake::request::SaslHandshakeRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("mechanism", v, true, &mut m.mechanism);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::sasl_handshake::response::SaslHandshakeResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("mechanisms", v, true, &mut m.mechanisms);
        o.finish();
        m
    }
}
