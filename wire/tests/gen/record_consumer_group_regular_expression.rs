// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::consumer_group_regular_expression::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("regular_expression", v, true, &mut m.regular_expression);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_regular_expression::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.read("version", v, true, &mut m.version);
        o.read("timestamp", v, true, &mut m.timestamp);
        o.finish();
        m
    }
}
