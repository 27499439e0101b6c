// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::fetch::request::FetchRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, v >= 12, &mut m.cluster_id);
        o.read("replica_id", v, v <= 14, &mut m.replica_id);
        o.read("replica_state", v, v >= 15, &mut m.replica_state);
        o.read("max_wait_ms", v, true, &mut m.max_wait_ms);
        o.read("min_bytes", v, true, &mut m.min_bytes);
        o.read("max_bytes", v, true, &mut m.max_bytes);
        o.read("isolation_level", v, true, &mut m.isolation_level);
        o.read("session_id", v, v >= 7, &mut m.session_id);
        o.read("session_epoch", v, v >= 7, &mut m.session_epoch);
        o.read("topics", v, true, &mut m.topics);
        o.read("forgotten_topics_data", v, v >= 7, &mut m.forgotten_topics_data);
        o.read("rack_id", v, v >= 11, &mut m.rack_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::request::ReplicaState {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("replica_id", v, v >= 15, &mut m.replica_id);
        o.read("replica_epoch", v, v >= 15, &mut m.replica_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, v <= 12, &mut m.topic);
        o.read("topic_id", v, v >= 13, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("current_leader_epoch", v, v >= 9, &mut m.current_leader_epoch);
        o.read("fetch_offset", v, true, &mut m.fetch_offset);
        o.read("last_fetched_epoch", v, v >= 12, &mut m.last_fetched_epoch);
        o.read("log_start_offset", v, v >= 5, &mut m.log_start_offset);
        o.read("partition_max_bytes", v, true, &mut m.partition_max_bytes);
        o.read("replica_directory_id", v, v >= 17, &mut m.replica_directory_id);
        o.read("high_watermark", v, v >= 18, &mut m.high_watermark);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::request::ForgottenTopicsData<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, (7..=12).contains(&v), &mut m.topic);
        o.read("topic_id", v, v >= 13, &mut m.topic_id);
        o.read("partitions", v, v >= 7, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::FetchResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, v >= 7, &mut m.error_code);
        o.read("session_id", v, v >= 7, &mut m.session_id);
        o.read("responses", v, true, &mut m.responses);
        o.read("node_endpoints", v, v >= 16, &mut m.node_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::Responses<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, v <= 12, &mut m.topic);
        o.read("topic_id", v, v >= 13, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("high_watermark", v, true, &mut m.high_watermark);
        o.read("last_stable_offset", v, true, &mut m.last_stable_offset);
        o.read("log_start_offset", v, v >= 5, &mut m.log_start_offset);
        o.read("diverging_epoch", v, v >= 12, &mut m.diverging_epoch);
        o.read("current_leader", v, v >= 12, &mut m.current_leader);
        o.read("snapshot_id", v, v >= 12, &mut m.snapshot_id);
        o.read("aborted_transactions", v, true, &mut m.aborted_transactions);
        o.read("preferred_read_replica", v, v >= 11, &mut m.preferred_read_replica);
        o.read("records", v, true, &mut m.records);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::DivergingEpoch {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("epoch", v, v >= 12, &mut m.epoch);
        o.read("end_offset", v, v >= 12, &mut m.end_offset);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::CurrentLeader {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_id", v, v >= 12, &mut m.leader_id);
        o.read("leader_epoch", v, v >= 12, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::SnapshotId {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("end_offset", v, v >= 12, &mut m.end_offset);
        o.read("epoch", v, v >= 12, &mut m.epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::AbortedTransactions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("first_offset", v, true, &mut m.first_offset);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch::response::NodeEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, v >= 16, &mut m.node_id);
        o.read("host", v, v >= 16, &mut m.host);
        o.read("port", v, v >= 16, &mut m.port);
        o.read("rack", v, v >= 16, &mut m.rack);
        o.finish();
        m
    }
}
