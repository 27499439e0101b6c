// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::transaction_log::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::transaction_log::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("previous_producer_id", v, v >= 1, &mut m.previous_producer_id);
        o.read("next_producer_id", v, v >= 1, &mut m.next_producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("next_producer_epoch", v, v >= 1, &mut m.next_producer_epoch);
        o.read("transaction_timeout_ms", v, true, &mut m.transaction_timeout_ms);
        o.read("transaction_status", v, true, &mut m.transaction_status);
        o.read("transaction_partitions", v, true, &mut m.transaction_partitions);
        o.read(
            "transaction_last_update_timestamp_ms",
            v,
            true,
            &mut m.transaction_last_update_timestamp_ms,
        );
        o.read("transaction_start_timestamp_ms", v, true, &mut m.transaction_start_timestamp_ms);
        o.read("client_transaction_version", v, v >= 1, &mut m.client_transaction_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::transaction_log::TransactionPartitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partition_ids", v, true, &mut m.partition_ids);
        o.finish();
        m
    }
}
