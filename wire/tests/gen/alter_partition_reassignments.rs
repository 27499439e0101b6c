// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::alter_partition_reassignments::request::AlterPartitionReassignmentsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("timeout_ms", v, true, &mut m.timeout_ms);
o.read("allow_replication_factor_change", v, v >= 1, &mut m.allow_replication_factor_change);
o.read("topics", v, true, &mut m.topics);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::alter_partition_reassignments::request::Topics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::alter_partition_reassignments::request::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("replicas", v, true, &mut m.replicas);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition_reassignments::response::AlterPartitionReassignmentsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("allow_replication_factor_change", v, v >= 1, &mut m.allow_replication_factor_change);
o.read("error_code", v, true, &mut m.error_code);
o.read("error_message", v, true, &mut m.error_message);
o.read("responses", v, true, &mut m.responses);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::alter_partition_reassignments::response::Responses<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::alter_partition_reassignments::response::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
