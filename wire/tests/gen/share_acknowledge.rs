// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::share_acknowledge::request::ShareAcknowledgeRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("share_session_epoch", v, true, &mut m.share_session_epoch);
        o.read("is_renew_ack", v, v >= 2, &mut m.is_renew_ack);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("acknowledgement_batches", v, true, &mut m.acknowledgement_batches);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_acknowledge::request::AcknowledgementBatches<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("first_offset", v, true, &mut m.first_offset);
        o.read("last_offset", v, true, &mut m.last_offset);
        o.read("acknowledge_types", v, true, &mut m.acknowledge_types);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_acknowledge::response::ShareAcknowledgeResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("acquisition_lock_timeout_ms", v, v >= 2, &mut m.acquisition_lock_timeout_ms);
        o.read("responses", v, true, &mut m.responses);
        o.read("node_endpoints", v, true, &mut m.node_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::response::Responses<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("current_leader", v, true, &mut m.current_leader);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::response::CurrentLeader {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_acknowledge::response::NodeEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, true, &mut m.node_id);
        o.read("host", v, true, &mut m.host);
        o.read("port", v, true, &mut m.port);
        o.read("rack", v, true, &mut m.rack);
        o.finish();
        m
    }
}
