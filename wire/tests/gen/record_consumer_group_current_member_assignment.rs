// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::consumer_group_current_member_assignment::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::consumer_group_current_member_assignment::Value<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("previous_member_epoch", v, true, &mut m.previous_member_epoch);
        o.read("state", v, true, &mut m.state);
        o.read("assigned_partitions", v, true, &mut m.assigned_partitions);
        o.read("partitions_pending_revocation", v, true, &mut m.partitions_pending_revocation);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::consumer_group_current_member_assignment::AssignedPartitions<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_current_member_assignment::PartitionsPendingRevocation<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("topic_id", v, true, &mut m.topic_id);
o.read("partitions", v, true, &mut m.partitions);
o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
o.finish();
m
}
}
