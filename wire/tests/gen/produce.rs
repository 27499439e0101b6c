// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::produce::request::ProduceRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("transactional_id", v, true, &mut m.transactional_id);
        o.read("acks", v, true, &mut m.acks);
        o.read("timeout_ms", v, true, &mut m.timeout_ms);
        o.read("topic_data", v, true, &mut m.topic_data);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::request::TopicData<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 12, &mut m.name);
        o.read("topic_id", v, v >= 13, &mut m.topic_id);
        o.read("partition_data", v, true, &mut m.partition_data);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::request::PartitionData<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("index", v, true, &mut m.index);
        o.read("records", v, true, &mut m.records);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::ProduceResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("responses", v, true, &mut m.responses);
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("node_endpoints", v, v >= 10, &mut m.node_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::Responses<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v <= 12, &mut m.name);
        o.read("topic_id", v, v >= 13, &mut m.topic_id);
        o.read("partition_responses", v, true, &mut m.partition_responses);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::PartitionResponses<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("index", v, true, &mut m.index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("base_offset", v, true, &mut m.base_offset);
        o.read("log_append_time_ms", v, true, &mut m.log_append_time_ms);
        o.read("log_start_offset", v, v >= 5, &mut m.log_start_offset);
        o.read("record_errors", v, v >= 8, &mut m.record_errors);
        o.read("error_message", v, v >= 8, &mut m.error_message);
        o.read("current_leader", v, v >= 10, &mut m.current_leader);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::RecordErrors<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("batch_index", v, v >= 8, &mut m.batch_index);
        o.read("batch_index_error_message", v, v >= 8, &mut m.batch_index_error_message);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::CurrentLeader {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_id", v, v >= 10, &mut m.leader_id);
        o.read("leader_epoch", v, v >= 10, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::produce::response::NodeEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, v >= 10, &mut m.node_id);
        o.read("host", v, v >= 10, &mut m.host);
        o.read("port", v, v >= 10, &mut m.port);
        o.read("rack", v, v >= 10, &mut m.rack);
        o.finish();
        m
    }
}
