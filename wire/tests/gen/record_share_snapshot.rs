// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::share_snapshot::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partition", v, true, &mut m.partition);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::share_snapshot::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("snapshot_epoch", v, true, &mut m.snapshot_epoch);
        o.read("state_epoch", v, true, &mut m.state_epoch);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("start_offset", v, true, &mut m.start_offset);
        o.read("delivery_complete_count", v, true, &mut m.delivery_complete_count);
        o.read("create_timestamp", v, true, &mut m.create_timestamp);
        o.read("write_timestamp", v, true, &mut m.write_timestamp);
        o.read("state_batches", v, true, &mut m.state_batches);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::share_snapshot::StateBatches {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("first_offset", v, true, &mut m.first_offset);
        o.read("last_offset", v, true, &mut m.last_offset);
        o.read("delivery_state", v, true, &mut m.delivery_state);
        o.read("delivery_count", v, true, &mut m.delivery_count);
        o.finish();
        m
    }
}
