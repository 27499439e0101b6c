// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::request::AddPartitionsToTxnRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactions", v, v >= 4, &mut m.transactions);
        o.read("v3_and_below_transactional_id", v, v <= 3, &mut m.v3_and_below_transactional_id);
        o.read("v3_and_below_producer_id", v, v <= 3, &mut m.v3_and_below_producer_id);
        o.read("v3_and_below_producer_epoch", v, v <= 3, &mut m.v3_and_below_producer_epoch);
        o.read("v3_and_below_topics", v, v <= 3, &mut m.v3_and_below_topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::add_partitions_to_txn::request::Transactions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, v >= 4, &mut m.transactional_id);
        o.read("producer_id", v, v >= 4, &mut m.producer_id);
        o.read("producer_epoch", v, v >= 4, &mut m.producer_epoch);
        o.read("verify_only", v, v >= 4, &mut m.verify_only);
        o.read("topics", v, v >= 4, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::add_partitions_to_txn::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 4, &mut m.name);
        o.read("partitions", v, v >= 4, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::request::V3AndBelowTopics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 3, &mut m.name);
        o.read("partitions", v, v <= 3, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::response::AddPartitionsToTxnResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, v >= 4, &mut m.error_code);
        o.read("results_by_transaction", v, v >= 4, &mut m.results_by_transaction);
        o.read("results_by_topic_v3_and_below", v, v <= 3, &mut m.results_by_topic_v3_and_below);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::response::ResultsByTransaction<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, v >= 4, &mut m.transactional_id);
        o.read("topic_results", v, v >= 4, &mut m.topic_results);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::response::TopicResults<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 4, &mut m.name);
        o.read("results_by_partition", v, v >= 4, &mut m.results_by_partition);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::add_partitions_to_txn::response::ResultsByPartition {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, v >= 4, &mut m.partition_index);
        o.read("partition_error_code", v, v >= 4, &mut m.partition_error_code);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::add_partitions_to_txn::response::ResultsByTopicV3AndBelow<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 3, &mut m.name);
        o.read("results_by_partition", v, v <= 3, &mut m.results_by_partition);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::add_partitions_to_txn::response::ResultsByTopicV3AndBelowResultsByPartition {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("partition_index", v, v <= 3, &mut m.partition_index);
o.read("partition_error_code", v, v <= 3, &mut m.partition_error_code);
o.finish();
m
}
}
