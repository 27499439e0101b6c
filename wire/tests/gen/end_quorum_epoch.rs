// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::end_quorum_epoch::request::EndQuorumEpochRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("topics", v, true, &mut m.topics);
        o.read("leader_endpoints", v, v >= 1, &mut m.leader_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("preferred_successors", v, v <= 0, &mut m.preferred_successors);
        o.read("preferred_candidates", v, v >= 1, &mut m.preferred_candidates);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::request::PreferredCandidates {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("candidate_id", v, v >= 1, &mut m.candidate_id);
        o.read("candidate_directory_id", v, v >= 1, &mut m.candidate_directory_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::request::LeaderEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, v >= 1, &mut m.name);
        o.read("host", v, v >= 1, &mut m.host);
        o.read("port", v, v >= 1, &mut m.port);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::end_quorum_epoch::response::EndQuorumEpochResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("topics", v, true, &mut m.topics);
        o.read("node_endpoints", v, v >= 1, &mut m.node_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::end_quorum_epoch::response::NodeEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, v >= 1, &mut m.node_id);
        o.read("host", v, v >= 1, &mut m.host);
        o.read("port", v, v >= 1, &mut m.port);
        o.finish();
        m
    }
}
