// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataRecord<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("remote_log_segment_id", v, true, &mut m.remote_log_segment_id);
        o.read("start_offset", v, true, &mut m.start_offset);
        o.read("end_offset", v, true, &mut m.end_offset);
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("max_timestamp_ms", v, true, &mut m.max_timestamp_ms);
        o.read("event_timestamp_ms", v, true, &mut m.event_timestamp_ms);
        o.read("segment_leader_epochs", v, true, &mut m.segment_leader_epochs);
        o.read("segment_size_in_bytes", v, true, &mut m.segment_size_in_bytes);
        o.read("custom_metadata", v, true, &mut m.custom_metadata);
        o.read("remote_log_segment_state", v, true, &mut m.remote_log_segment_state);
        o.read("txn_index_empty", v, true, &mut m.txn_index_empty);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::RemoteLogSegmentId<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id_partition", v, true, &mut m.topic_id_partition);
        o.read("id", v, true, &mut m.id);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::TopicIdPartition<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("id", v, true, &mut m.id);
        o.read("partition", v, true, &mut m.partition);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::SegmentLeaderEpochs {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("leader_epoch", v, true, &mut m.leader_epoch);
        o.read("offset", v, true, &mut m.offset);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataUpdateRecord<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("remote_log_segment_id", v, true, &mut m.remote_log_segment_id);
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("event_timestamp_ms", v, true, &mut m.event_timestamp_ms);
        o.read("custom_metadata", v, true, &mut m.custom_metadata);
        o.read("remote_log_segment_state", v, true, &mut m.remote_log_segment_state);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentId<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("topic_id_partition", v, true, &mut m.topic_id_partition);
o.read("id", v, true, &mut m.id);
o.finish();
m
}
}

impl FromJson for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdTopicIdPartition<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("name", v, true, &mut m.name);
o.read("id", v, true, &mut m.id);
o.read("partition", v, true, &mut m.partition);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::records::remote_log_metadata::RemotePartitionDeleteMetadataRecord<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("topic_id_partition", v, true, &mut m.topic_id_partition);
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("event_timestamp_ms", v, true, &mut m.event_timestamp_ms);
        o.read("remote_partition_delete_state", v, true, &mut m.remote_partition_delete_state);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::RemotePartitionDeleteMetadataRecordTopicIdPartition<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("name", v, true, &mut m.name);
o.read("id", v, true, &mut m.id);
o.read("partition", v, true, &mut m.partition);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataSnapshotRecord<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("segment_id", v, true, &mut m.segment_id);
        o.read("start_offset", v, true, &mut m.start_offset);
        o.read("end_offset", v, true, &mut m.end_offset);
        o.read("broker_id", v, true, &mut m.broker_id);
        o.read("max_timestamp_ms", v, true, &mut m.max_timestamp_ms);
        o.read("event_timestamp_ms", v, true, &mut m.event_timestamp_ms);
        o.read("segment_leader_epochs", v, true, &mut m.segment_leader_epochs);
        o.read("segment_size_in_bytes", v, true, &mut m.segment_size_in_bytes);
        o.read("custom_metadata", v, true, &mut m.custom_metadata);
        o.read("remote_log_segment_state", v, true, &mut m.remote_log_segment_state);
        o.read("txn_index_empty", v, true, &mut m.txn_index_empty);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::records::remote_log_metadata::RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochs {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("leader_epoch", v, true, &mut m.leader_epoch);
o.read("offset", v, true, &mut m.offset);
o.finish();
m
}
}
