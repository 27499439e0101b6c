// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_producers::request::DescribeProducersRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_producers::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partition_indexes", v, true, &mut m.partition_indexes);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_producers::response::DescribeProducersResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_producers::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_producers::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("active_producers", v, true, &mut m.active_producers);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_producers::response::ActiveProducers {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("last_sequence", v, true, &mut m.last_sequence);
        o.read("last_timestamp", v, true, &mut m.last_timestamp);
        o.read("coordinator_epoch", v, true, &mut m.coordinator_epoch);
        o.read("current_txn_start_offset", v, true, &mut m.current_txn_start_offset);
        o.finish();
        m
    }
}
