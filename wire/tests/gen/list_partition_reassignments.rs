// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::list_partition_reassignments::request::ListPartitionReassignmentsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("timeout_ms", v, true, &mut m.timeout_ms);
o.read("topics", v, true, &mut m.topics);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::list_partition_reassignments::request::Topics<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partition_indexes", v, true, &mut m.partition_indexes);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::list_partition_reassignments::response::ListPartitionReassignmentsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("error_code", v, true, &mut m.error_code);
o.read("error_message", v, true, &mut m.error_message);
o.read("topics", v, true, &mut m.topics);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::list_partition_reassignments::response::Topics<'static>
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
    for millstream_wire::messages::list_partition_reassignments::response::Partitions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("replicas", v, true, &mut m.replicas);
        o.read("adding_replicas", v, true, &mut m.adding_replicas);
        o.read("removing_replicas", v, true, &mut m.removing_replicas);
        o.finish();
        m
    }
}
