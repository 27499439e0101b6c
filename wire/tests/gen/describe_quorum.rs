// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::describe_quorum::request::DescribeQuorumRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_quorum::response::DescribeQuorumResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, v >= 2, &mut m.error_message);
        o.read("topics", v, true, &mut m.topics);
        o.read("nodes", v, v >= 2, &mut m.nodes);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, v >= 2, &mut m.error_message);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("high_watermark", v, true, &mut m.high_watermark);
        o.read("current_voters", v, true, &mut m.current_voters);
        o.read("observers", v, true, &mut m.observers);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::CurrentVoters {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("replica_id", v, true, &mut m.replica_id);
        o.read("replica_directory_id", v, v >= 2, &mut m.replica_directory_id);
        o.read("log_end_offset", v, true, &mut m.log_end_offset);
        o.read("last_fetch_timestamp", v, v >= 1, &mut m.last_fetch_timestamp);
        o.read("last_caught_up_timestamp", v, v >= 1, &mut m.last_caught_up_timestamp);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::Observers {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("replica_id", v, true, &mut m.replica_id);
        o.read("replica_directory_id", v, v >= 2, &mut m.replica_directory_id);
        o.read("log_end_offset", v, true, &mut m.log_end_offset);
        o.read("last_fetch_timestamp", v, v >= 1, &mut m.last_fetch_timestamp);
        o.read("last_caught_up_timestamp", v, v >= 1, &mut m.last_caught_up_timestamp);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::Nodes<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, v >= 2, &mut m.node_id);
        o.read("listeners", v, v >= 2, &mut m.listeners);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_quorum::response::Listeners<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 2, &mut m.name);
        o.read("host", v, v >= 2, &mut m.host);
        o.read("port", v, v >= 2, &mut m.port);
        o.finish();
        m
    }
}
