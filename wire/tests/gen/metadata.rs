// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::metadata::request::MetadataRequest<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.read("allow_auto_topic_creation", v, v >= 4, &mut m.allow_auto_topic_creation);
        o.read(
            "include_cluster_authorized_operations",
            v,
            (8..=10).contains(&v),
            &mut m.include_cluster_authorized_operations,
        );
        o.read(
            "include_topic_authorized_operations",
            v,
            v >= 8,
            &mut m.include_topic_authorized_operations,
        );
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::metadata::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("name", v, true, &mut m.name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::metadata::response::MetadataResponse<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, v >= 3, &mut m.throttle_time_ms);
        o.read("brokers", v, true, &mut m.brokers);
        o.read("cluster_id", v, v >= 2, &mut m.cluster_id);
        o.read("controller_id", v, v >= 1, &mut m.controller_id);
        o.read("topics", v, true, &mut m.topics);
        o.read(
            "cluster_authorized_operations",
            v,
            (8..=10).contains(&v),
            &mut m.cluster_authorized_operations,
        );
        o.read("error_code", v, v >= 13, &mut m.error_code);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::metadata::response::Brokers<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, true, &mut m.node_id);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("rack", v, v >= 1, &mut m.rack);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::metadata::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("name", v, true, &mut m.name);
        o.read("topic_id", v, v >= 10, &mut m.topic_id);
        o.read("is_internal", v, v >= 1, &mut m.is_internal);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("topic_authorized_operations", v, v >= 8, &mut m.topic_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::metadata::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, v >= 7, &mut m.leader_epoch);
        o.read("replica_nodes", v, true, &mut m.replica_nodes);
        o.read("isr_nodes", v, true, &mut m.isr_nodes);
        o.read("offline_replicas", v, v >= 5, &mut m.offline_replicas);
        o.finish();
        m
    }
}
