// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::share_group_describe::request::ShareGroupDescribeRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_ids", v, true, &mut m.group_ids);
        o.read("include_authorized_operations", v, true, &mut m.include_authorized_operations);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_group_describe::response::ShareGroupDescribeResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("groups", v, true, &mut m.groups);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_group_describe::response::Groups<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("group_id", v, true, &mut m.group_id);
        o.read("group_state", v, true, &mut m.group_state);
        o.read("group_epoch", v, true, &mut m.group_epoch);
        o.read("assignment_epoch", v, true, &mut m.assignment_epoch);
        o.read("assignor_name", v, true, &mut m.assignor_name);
        o.read("members", v, true, &mut m.members);
        o.read("authorized_operations", v, true, &mut m.authorized_operations);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_group_describe::response::Members<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_id", v, true, &mut m.member_id);
        o.read("rack_id", v, true, &mut m.rack_id);
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("client_id", v, true, &mut m.client_id);
        o.read("client_host", v, true, &mut m.client_host);
        o.read("subscribed_topic_names", v, true, &mut m.subscribed_topic_names);
        o.read("assignment", v, true, &mut m.assignment);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::share_group_describe::response::Assignment<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_partitions", v, true, &mut m.topic_partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::share_group_describe::response::TopicPartitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
