// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::share_group_heartbeat::request::ShareGroupHeartbeatRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("subscribed_topic_names", v, true, &mut m.subscribed_topic_names);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_group_heartbeat::response::ShareGroupHeartbeatResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("member_id", v, true, &mut m.member_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("heartbeat_interval_ms", v, true, &mut m.heartbeat_interval_ms);
        o.read("assignment", v, true, &mut m.assignment);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_group_heartbeat::response::Assignment<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_partitions", v, true, &mut m.topic_partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_group_heartbeat::response::TopicPartitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
