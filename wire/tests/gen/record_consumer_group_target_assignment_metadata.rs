// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::records::consumer_group_target_assignment_metadata::Key<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_target_assignment_metadata::Value {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("assignment_epoch", v, true, &mut m.assignment_epoch);
        o.read("assignment_timestamp", v, true, &mut m.assignment_timestamp);
        o.finish();
        m
    }
}
