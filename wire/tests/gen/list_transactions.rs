// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::list_transactions::request::ListTransactionsRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("state_filters", v, true, &mut m.state_filters);
        o.read("producer_id_filters", v, true, &mut m.producer_id_filters);
        o.read("duration_filter", v, v >= 1, &mut m.duration_filter);
        o.read("transactional_id_pattern", v, v >= 2, &mut m.transactional_id_pattern);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::list_transactions::response::ListTransactionsResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("unknown_state_filters", v, true, &mut m.unknown_state_filters);
        o.read("transaction_states", v, true, &mut m.transaction_states);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::list_transactions::response::TransactionStates<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("transaction_state", v, true, &mut m.transaction_state);
        o.finish();
        m
    }
}
