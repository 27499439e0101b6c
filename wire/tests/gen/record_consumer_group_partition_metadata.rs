// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::consumer_group_partition_metadata::Key<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("group_id", v, true, &mut m.group_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_partition_metadata::Value<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::consumer_group_partition_metadata::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("topic_name", v, true, &mut m.topic_name);
        o.read("num_partitions", v, true, &mut m.num_partitions);
        o.read("partition_metadata", v, true, &mut m.partition_metadata);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::consumer_group_partition_metadata::PartitionMetadata<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("racks", v, true, &mut m.racks);
        o.finish();
        m
    }
}
