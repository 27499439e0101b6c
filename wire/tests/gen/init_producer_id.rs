// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::init_producer_id::request::InitProducerIdRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.read("transaction_timeout_ms", v, true, &mut m.transaction_timeout_ms);
        o.read("producer_id", v, v >= 3, &mut m.producer_id);
        o.read("producer_epoch", v, v >= 3, &mut m.producer_epoch);
        o.read("enable2_pc", v, v >= 6, &mut m.enable2_pc);
        o.read("keep_prepared_txn", v, v >= 6, &mut m.keep_prepared_txn);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::init_producer_id::response::InitProducerIdResponse {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("ongoing_txn_producer_id", v, v >= 6, &mut m.ongoing_txn_producer_id);
        o.read("ongoing_txn_producer_epoch", v, v >= 6, &mut m.ongoing_txn_producer_epoch);
        o.finish();
        m
    }
}
