// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::envelope::request::EnvelopeRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("request_data", v, true, &mut m.request_data);
        o.read("request_principal", v, true, &mut m.request_principal);
        o.read("client_host_address", v, true, &mut m.client_host_address);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::envelope::response::EnvelopeResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("response_data", v, true, &mut m.response_data);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
