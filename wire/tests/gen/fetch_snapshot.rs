// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::fetch_snapshot::request::FetchSnapshotRequest<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("cluster_id", v, true, &mut m.cluster_id);
        o.read("replica_id", v, true, &mut m.replica_id);
        o.read("max_bytes", v, true, &mut m.max_bytes);
        o.read("topics", v, true, &mut m.topics);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::request::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::request::Partitions {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("partition", v, true, &mut m.partition);
        o.read("current_leader_epoch", v, true, &mut m.current_leader_epoch);
        o.read("snapshot_id", v, true, &mut m.snapshot_id);
        o.read("position", v, true, &mut m.position);
        o.read("replica_directory_id", v, v >= 1, &mut m.replica_directory_id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::request::SnapshotId {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("end_offset", v, true, &mut m.end_offset);
        o.read("epoch", v, true, &mut m.epoch);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::fetch_snapshot::response::FetchSnapshotResponse<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("topics", v, true, &mut m.topics);
        o.read("node_endpoints", v, v >= 1, &mut m.node_endpoints);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::response::Topics<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("partitions", v, true, &mut m.partitions);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::response::Partitions<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("index", v, true, &mut m.index);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("snapshot_id", v, true, &mut m.snapshot_id);
        o.read("current_leader", v, true, &mut m.current_leader);
        o.read("size", v, true, &mut m.size);
        o.read("position", v, true, &mut m.position);
        o.read("unaligned_records", v, true, &mut m.unaligned_records);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::response::SnapshotId {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("end_offset", v, true, &mut m.end_offset);
        o.read("epoch", v, true, &mut m.epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::response::CurrentLeader {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_id", v, true, &mut m.leader_id);
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::fetch_snapshot::response::NodeEndpoints<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("node_id", v, v >= 1, &mut m.node_id);
        o.read("host", v, v >= 1, &mut m.host);
        o.read("port", v, v >= 1, &mut m.port);
        o.finish();
        m
    }
}
