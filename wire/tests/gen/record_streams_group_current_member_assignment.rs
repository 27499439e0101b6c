// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::streams_group_current_member_assignment::Key<'static> {
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
    for millstream_wire::records::streams_group_current_member_assignment::Value<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("member_epoch", v, true, &mut m.member_epoch);
        o.read("previous_member_epoch", v, true, &mut m.previous_member_epoch);
        o.read("state", v, true, &mut m.state);
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.read("active_tasks_pending_revocation", v, true, &mut m.active_tasks_pending_revocation);
        o.read(
            "standby_tasks_pending_revocation",
            v,
            true,
            &mut m.standby_tasks_pending_revocation,
        );
        o.read("warmup_tasks_pending_revocation", v, true, &mut m.warmup_tasks_pending_revocation);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_current_member_assignment::ActiveTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_current_member_assignment::StandbyTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_current_member_assignment::WarmupTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_current_member_assignment::ActiveTasksPendingRevocation<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("subtopology_id", v, true, &mut m.subtopology_id);
o.read("partitions", v, true, &mut m.partitions);
o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
o.finish();
m
}
}

impl FromJson for millstream_wire::records::streams_group_current_member_assignment::StandbyTasksPendingRevocation<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("subtopology_id", v, true, &mut m.subtopology_id);
o.read("partitions", v, true, &mut m.partitions);
o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
o.finish();
m
}
}

impl FromJson for millstream_wire::records::streams_group_current_member_assignment::WarmupTasksPendingRevocation<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("subtopology_id", v, true, &mut m.subtopology_id);
o.read("partitions", v, true, &mut m.partitions);
o.read("assignment_epochs", v, true, &mut m.assignment_epochs);
o.finish();
m
}
}
