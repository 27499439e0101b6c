// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::elect_leaders::request::ElectLeadersRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("election_type", v, v >= 1, &mut m.election_type);
        o.read("topic_partitions", v, true, &mut m.topic_partitions);
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::elect_leaders::request::TopicPartitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::elect_leaders::response::ElectLeadersResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, v >= 1, &mut m.error_code);
        o.read("replica_election_results", v, true, &mut m.replica_election_results);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::elect_leaders::response::ReplicaElectionResults<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partition_result", v, true, &mut m.partition_result);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::elect_leaders::response::PartitionResult<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_id", v, true, &mut m.partition_id);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
