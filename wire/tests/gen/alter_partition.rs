// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::alter_partition::request::AlterPartitionRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("broker_epoch", v, true, &mut m.broker_epoch);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition::request::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("new_isr", v, v <= 2, &mut m.new_isr);
        o.read("new_isr_with_epochs", v, v >= 3, &mut m.new_isr_with_epochs);
        o.read("leader_recovery_state", v, true, &mut m.leader_recovery_state);
        o.read("partition_epoch", v, true, &mut m.partition_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition::request::NewIsrWithEpochs {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("broker_id", v, v >= 3, &mut m.broker_id);
        o.read("broker_epoch", v, v >= 3, &mut m.broker_epoch);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::alter_partition::response::AlterPartitionResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id", v, true, &mut m.topic_id);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_partition::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("isr", v, true, &mut m.isr);
        o.read("leader_recovery_state", v, true, &mut m.leader_recovery_state);
        o.read("partition_epoch", v, true, &mut m.partition_epoch);
        o.finish();
        m
    }
}
