// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::RequestHeader<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("request_api_key", v, true, &mut m.request_api_key);
        o.read("request_api_version", v, true, &mut m.request_api_version);
        o.read("correlation_id", v, true, &mut m.correlation_id);
        o.read("client_id", v, true, &mut m.client_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::ResponseHeader {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("correlation_id", v, true, &mut m.correlation_id);
        o.finish();
        m
    }
}
