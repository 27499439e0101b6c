// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_transactions::request::DescribeTransactionsRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_ids", v, true, &mut m.transactional_ids);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_transactions::response::DescribeTransactionsResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("transaction_states", v, true, &mut m.transaction_states);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_transactions::response::TransactionStates<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.read("transaction_state", v, true, &mut m.transaction_state);
        o.read("transaction_timeout_ms", v, true, &mut m.transaction_timeout_ms);
        o.read("transaction_start_time_ms", v, true, &mut m.transaction_start_time_ms);
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_transactions::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
