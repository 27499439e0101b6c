// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::allocate_producer_ids::request::AllocateProducerIdsRequest
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::allocate_producer_ids::response::AllocateProducerIdsResponse
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("producer_id_start", v, true, &mut m.producer_id_start);
        o.read("producer_id_len", v, true, &mut m.producer_id_len);
        o.finish();
        m
    }
}
