// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::offset_commit::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group", v, true, &mut m.group);
        o.read("topic", v, true, &mut m.topic);
        o.read("partition", v, true, &mut m.partition);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::offset_commit::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("offset", v, true, &mut m.offset);
        o.read("leader_epoch", v, v >= 3, &mut m.leader_epoch);
        o.read("metadata", v, true, &mut m.metadata);
        o.read("commit_timestamp", v, true, &mut m.commit_timestamp);
        o.read("expire_timestamp", v, v == 1, &mut m.expire_timestamp);
        o.read("topic_id", v, v >= 4, &mut m.topic_id);
        o.finish();
        m
    }
}
