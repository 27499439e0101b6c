// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_share_group_offsets::request::DescribeShareGroupOffsetsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("groups", v, true, &mut m.groups);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::describe_share_group_offsets::request::Groups<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_share_group_offsets::request::Topics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_share_group_offsets::response::DescribeShareGroupOffsetsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("groups", v, true, &mut m.groups);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::describe_share_group_offsets::response::Groups<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("topics", v, true, &mut m.topics);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_share_group_offsets::response::Topics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_share_group_offsets::response::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("start_offset", v, true, &mut m.start_offset);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("lag", v, v >= 1, &mut m.lag);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
