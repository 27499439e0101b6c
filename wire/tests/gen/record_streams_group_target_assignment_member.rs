// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::streams_group_target_assignment_member::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("member_id", v, true, &mut m.member_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_target_assignment_member::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("active_tasks", v, true, &mut m.active_tasks);
        o.read("standby_tasks", v, true, &mut m.standby_tasks);
        o.read("warmup_tasks", v, true, &mut m.warmup_tasks);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_target_assignment_member::ActiveTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_target_assignment_member::StandbyTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::streams_group_target_assignment_member::WarmupTasks<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("subtopology_id", v, true, &mut m.subtopology_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
