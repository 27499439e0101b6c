// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::streams_group_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("epoch", v, true, &mut m.epoch);
        o.read("metadata_hash", v, true, &mut m.metadata_hash);
        o.read("validated_topology_epoch", v, true, &mut m.validated_topology_epoch);
        o.read("last_assignment_configs", v, true, &mut m.last_assignment_configs);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::streams_group_metadata::LastAssignmentConfigs<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("key", v, true, &mut m.key);
        o.read("value", v, true, &mut m.value);
        o.finish();
        m
    }
}
