// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::consumer_group_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_metadata::Value {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("epoch", v, true, &mut m.epoch);
        o.read("metadata_hash", v, true, &mut m.metadata_hash);
        o.finish();
        m
    }
}
