// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::write_txn_markers::request::WriteTxnMarkersRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("markers", v, true, &mut m.markers);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_txn_markers::request::Markers<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("producer_epoch", v, true, &mut m.producer_epoch);
        o.read("transaction_result", v, true, &mut m.transaction_result);
        o.read("topics", v, true, &mut m.topics);
        o.read("coordinator_epoch", v, true, &mut m.coordinator_epoch);
        o.read("transaction_version", v, v >= 2, &mut m.transaction_version);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_txn_markers::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partition_indexes", v, true, &mut m.partition_indexes);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::write_txn_markers::response::WriteTxnMarkersResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("markers", v, true, &mut m.markers);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_txn_markers::response::Markers<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("producer_id", v, true, &mut m.producer_id);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_txn_markers::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::write_txn_markers::response::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition_index", v, true, &mut m.partition_index);
        o.read("error_code", v, true, &mut m.error_code);
        o.finish();
        m
    }
}
