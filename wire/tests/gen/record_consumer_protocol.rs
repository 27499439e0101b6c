// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::records::consumer_protocol::ConsumerProtocolSubscription<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.read("user_data", v, true, &mut m.user_data);
        o.read("owned_partitions", v, v >= 1, &mut m.owned_partitions);
        o.read("generation_id", v, v >= 2, &mut m.generation_id);
        o.read("rack_id", v, v >= 3, &mut m.rack_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_protocol::OwnedPartitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, v >= 1, &mut m.topic);
        o.read("partitions", v, v >= 1, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_protocol::ConsumerProtocolAssignment<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("assigned_partitions", v, true, &mut m.assigned_partitions);
        o.read("user_data", v, true, &mut m.user_data);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_protocol::AssignedPartitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic", v, true, &mut m.topic);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}
