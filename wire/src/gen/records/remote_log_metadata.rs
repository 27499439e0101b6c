// Written by `cargo xtask codegen` from wire/schema; do not edit.

use std::borrow::Cow;

use crate::{Array, DecodeError, Fault, Form, Message, Reader, Str, Uuid, Writer};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataRecord<'a> {
    pub remote_log_segment_id: RemoteLogSegmentId<'a>,
    pub start_offset: i64,
    pub end_offset: i64,
    pub broker_id: i32,
    pub max_timestamp_ms: i64,
    pub event_timestamp_ms: i64,
    pub segment_leader_epochs: Array<'a, SegmentLeaderEpochs>,
    pub segment_size_in_bytes: i32,
    pub custom_metadata: Option<Cow<'a, [u8]>>,
    pub remote_log_segment_state: i8,
    /// Tag 0.
    pub txn_index_empty: bool,
}

impl<'a> Message<'a> for RemoteLogSegmentMetadataRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let remote_log_segment_id = RemoteLogSegmentId::decode(r, v)?;
        let start_offset = r.i64()?;
        let end_offset = r.i64()?;
        let broker_id = r.i32()?;
        let max_timestamp_ms = r.i64()?;
        let event_timestamp_ms = r.i64()?;
        let segment_leader_epochs = r.array(Form { version: v, flexible: true })?;
        let segment_size_in_bytes = r.i32()?;
        let custom_metadata = r.bytes_or_null(true)?;
        let remote_log_segment_state = r.i8()?;
        let mut txn_index_empty: bool = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => txn_index_empty = p.bool()?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            remote_log_segment_id,
            start_offset,
            end_offset,
            broker_id,
            max_timestamp_ms,
            event_timestamp_ms,
            segment_leader_epochs,
            segment_size_in_bytes,
            custom_metadata,
            remote_log_segment_state,
            txn_index_empty,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        self.remote_log_segment_id.encode(w, v);
        w.i64(self.start_offset);
        w.i64(self.end_offset);
        w.i32(self.broker_id);
        w.i64(self.max_timestamp_ms);
        w.i64(self.event_timestamp_ms);
        w.array(&self.segment_leader_epochs, Form { version: v, flexible: true });
        w.i32(self.segment_size_in_bytes);
        w.bytes_or_null(self.custom_metadata.as_deref(), true);
        w.i8(self.remote_log_segment_state);
        let set_0 = self.txn_index_empty;
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.bool(self.txn_index_empty);
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentId<'a> {
    pub topic_id_partition: TopicIdPartition<'a>,
    pub id: Uuid,
}

impl<'a> Message<'a> for RemoteLogSegmentId<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id_partition = TopicIdPartition::decode(r, v)?;
        let id = r.uuid()?;
        r.skip_tags()?;
        Ok(Self { topic_id_partition, id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        self.topic_id_partition.encode(w, v);
        w.uuid(self.id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicIdPartition<'a> {
    pub name: Str<'a>,
    pub id: Uuid,
    pub partition: i32,
}

impl<'a> Message<'a> for TopicIdPartition<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let id = r.uuid()?;
        let partition = r.i32()?;
        r.skip_tags()?;
        Ok(Self { name, id, partition })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.uuid(self.id);
        w.i32(self.partition);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SegmentLeaderEpochs {
    pub leader_epoch: i32,
    pub offset: i64,
}

impl<'a> Message<'a> for SegmentLeaderEpochs {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let leader_epoch = r.i32()?;
        let offset = r.i64()?;
        r.skip_tags()?;
        Ok(Self { leader_epoch, offset })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.leader_epoch);
        w.i64(self.offset);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataUpdateRecord<'a> {
    pub remote_log_segment_id: RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentId<'a>,
    pub broker_id: i32,
    pub event_timestamp_ms: i64,
    pub custom_metadata: Option<Cow<'a, [u8]>>,
    pub remote_log_segment_state: i8,
}

impl<'a> Message<'a> for RemoteLogSegmentMetadataUpdateRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let remote_log_segment_id =
            RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentId::decode(r, v)?;
        let broker_id = r.i32()?;
        let event_timestamp_ms = r.i64()?;
        let custom_metadata = r.bytes_or_null(true)?;
        let remote_log_segment_state = r.i8()?;
        r.skip_tags()?;
        Ok(Self {
            remote_log_segment_id,
            broker_id,
            event_timestamp_ms,
            custom_metadata,
            remote_log_segment_state,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        self.remote_log_segment_id.encode(w, v);
        w.i32(self.broker_id);
        w.i64(self.event_timestamp_ms);
        w.bytes_or_null(self.custom_metadata.as_deref(), true);
        w.i8(self.remote_log_segment_state);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentId<'a> {
    pub topic_id_partition:
        RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdTopicIdPartition<'a>,
    pub id: Uuid,
}

impl<'a> Message<'a> for RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentId<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        let topic_id_partition =
            RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdTopicIdPartition::decode(r, v)?;
        let id = r.uuid()?;
        r.skip_tags()?;
        Ok(Self { topic_id_partition, id })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        self.topic_id_partition.encode(w, v);
        w.uuid(self.id);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdTopicIdPartition<'a> {
    pub name: Str<'a>,
    pub id: Uuid,
    pub partition: i32,
}

impl<'a> Message<'a>
    for RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdTopicIdPartition<'a>
{
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let id = r.uuid()?;
        let partition = r.i32()?;
        r.skip_tags()?;
        Ok(Self { name, id, partition })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.uuid(self.id);
        w.i32(self.partition);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemotePartitionDeleteMetadataRecord<'a> {
    pub topic_id_partition: RemotePartitionDeleteMetadataRecordTopicIdPartition<'a>,
    pub broker_id: i32,
    pub event_timestamp_ms: i64,
    pub remote_partition_delete_state: i8,
}

impl<'a> Message<'a> for RemotePartitionDeleteMetadataRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let topic_id_partition = RemotePartitionDeleteMetadataRecordTopicIdPartition::decode(r, v)?;
        let broker_id = r.i32()?;
        let event_timestamp_ms = r.i64()?;
        let remote_partition_delete_state = r.i8()?;
        r.skip_tags()?;
        Ok(Self {
            topic_id_partition,
            broker_id,
            event_timestamp_ms,
            remote_partition_delete_state,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        self.topic_id_partition.encode(w, v);
        w.i32(self.broker_id);
        w.i64(self.event_timestamp_ms);
        w.i8(self.remote_partition_delete_state);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemotePartitionDeleteMetadataRecordTopicIdPartition<'a> {
    pub name: Str<'a>,
    pub id: Uuid,
    pub partition: i32,
}

impl<'a> Message<'a> for RemotePartitionDeleteMetadataRecordTopicIdPartition<'a> {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let name = r.string(true)?;
        let id = r.uuid()?;
        let partition = r.i32()?;
        r.skip_tags()?;
        Ok(Self { name, id, partition })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.string(&self.name, true);
        w.uuid(self.id);
        w.i32(self.partition);
        w.tag_count(0);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataSnapshotRecord<'a> {
    pub segment_id: Uuid,
    pub start_offset: i64,
    pub end_offset: i64,
    pub broker_id: i32,
    pub max_timestamp_ms: i64,
    pub event_timestamp_ms: i64,
    pub segment_leader_epochs: Array<'a, RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochs>,
    pub segment_size_in_bytes: i32,
    pub custom_metadata: Option<Cow<'a, [u8]>>,
    pub remote_log_segment_state: i8,
    /// Tag 0.
    pub txn_index_empty: bool,
}

impl<'a> Message<'a> for RemoteLogSegmentMetadataSnapshotRecord<'a> {
    fn decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError> {
        if v != 0 {
            return Err(r.error(Fault::Version { version: v }));
        }
        let segment_id = r.uuid()?;
        let start_offset = r.i64()?;
        let end_offset = r.i64()?;
        let broker_id = r.i32()?;
        let max_timestamp_ms = r.i64()?;
        let event_timestamp_ms = r.i64()?;
        let segment_leader_epochs = r.array(Form { version: v, flexible: true })?;
        let segment_size_in_bytes = r.i32()?;
        let custom_metadata = r.bytes_or_null(true)?;
        let remote_log_segment_state = r.i8()?;
        let mut txn_index_empty: bool = Default::default();
        for _ in 0..r.tag_count()? {
            let (tag, mut p) = r.tag()?;
            match tag {
                0 => txn_index_empty = p.bool()?,
                _ => continue,
            }
            p.finish_tag(tag)?;
        }
        Ok(Self {
            segment_id,
            start_offset,
            end_offset,
            broker_id,
            max_timestamp_ms,
            event_timestamp_ms,
            segment_leader_epochs,
            segment_size_in_bytes,
            custom_metadata,
            remote_log_segment_state,
            txn_index_empty,
        })
    }

    fn encode(&self, w: &mut Writer, v: i16) {
        w.uuid(self.segment_id);
        w.i64(self.start_offset);
        w.i64(self.end_offset);
        w.i32(self.broker_id);
        w.i64(self.max_timestamp_ms);
        w.i64(self.event_timestamp_ms);
        w.array(&self.segment_leader_epochs, Form { version: v, flexible: true });
        w.i32(self.segment_size_in_bytes);
        w.bytes_or_null(self.custom_metadata.as_deref(), true);
        w.i8(self.remote_log_segment_state);
        let set_0 = self.txn_index_empty;
        w.tag_count(u32::from(set_0));
        if set_0 {
            w.tag(0, |w| {
                w.bool(self.txn_index_empty);
            });
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochs {
    pub leader_epoch: i32,
    pub offset: i64,
}

impl<'a> Message<'a> for RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochs {
    fn decode(r: &mut Reader<'a>, _v: i16) -> Result<Self, DecodeError> {
        let leader_epoch = r.i32()?;
        let offset = r.i64()?;
        r.skip_tags()?;
        Ok(Self { leader_epoch, offset })
    }

    fn encode(&self, w: &mut Writer, _v: i16) {
        w.i32(self.leader_epoch);
        w.i64(self.offset);
        w.tag_count(0);
    }
}

/// Any record of this log.
#[derive(Debug, Clone, PartialEq)]
pub enum RemoteLogRecord<'a> {
    RemoteLogSegmentMetadata(RemoteLogSegmentMetadataRecord<'a>),
    RemoteLogSegmentMetadataUpdate(RemoteLogSegmentMetadataUpdateRecord<'a>),
    RemotePartitionDeleteMetadata(RemotePartitionDeleteMetadataRecord<'a>),
    RemoteLogSegmentMetadataSnapshot(RemoteLogSegmentMetadataSnapshotRecord<'a>),
}

impl<'a> RemoteLogRecord<'a> {
    pub const fn record_type(&self) -> i16 {
        match self {
            Self::RemoteLogSegmentMetadata(_) => 0,
            Self::RemoteLogSegmentMetadataUpdate(_) => 1,
            Self::RemotePartitionDeleteMetadata(_) => 2,
            Self::RemoteLogSegmentMetadataSnapshot(_) => 3,
        }
    }

    /// The newest version of this record's type.
    pub const fn newest(&self) -> i16 {
        match self {
            Self::RemoteLogSegmentMetadata(_) => 0,
            Self::RemoteLogSegmentMetadataUpdate(_) => 0,
            Self::RemotePartitionDeleteMetadata(_) => 0,
            Self::RemoteLogSegmentMetadataSnapshot(_) => 0,
        }
    }

    /// Reads the frame (uvarint 1, type, version) and the body up to the last byte.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (mut r, record_type, v) = crate::log_record::framed(bytes)?;
        let record = match record_type {
            0 => Self::RemoteLogSegmentMetadata(RemoteLogSegmentMetadataRecord::decode(&mut r, v)?),
            1 => Self::RemoteLogSegmentMetadataUpdate(
                RemoteLogSegmentMetadataUpdateRecord::decode(&mut r, v)?,
            ),
            2 => Self::RemotePartitionDeleteMetadata(RemotePartitionDeleteMetadataRecord::decode(
                &mut r, v,
            )?),
            3 => Self::RemoteLogSegmentMetadataSnapshot(
                RemoteLogSegmentMetadataSnapshotRecord::decode(&mut r, v)?,
            ),
            _ => return Err(r.error(Fault::RecordType { record_type: i32::from(record_type) })),
        };
        r.finish()?;
        Ok(record)
    }

    /// Writes the frame and the body.
    pub fn to_bytes(&self, version: i16) -> bytes::Bytes {
        let mut w = crate::log_record::frame(self.record_type(), version);
        match self {
            Self::RemoteLogSegmentMetadata(record) => record.encode(&mut w, version),
            Self::RemoteLogSegmentMetadataUpdate(record) => record.encode(&mut w, version),
            Self::RemotePartitionDeleteMetadata(record) => record.encode(&mut w, version),
            Self::RemoteLogSegmentMetadataSnapshot(record) => record.encode(&mut w, version),
        }
        w.into_bytes()
    }
}

impl<'a> From<RemoteLogSegmentMetadataRecord<'a>> for RemoteLogRecord<'a> {
    fn from(record: RemoteLogSegmentMetadataRecord<'a>) -> Self {
        Self::RemoteLogSegmentMetadata(record)
    }
}

impl<'a> From<RemoteLogSegmentMetadataUpdateRecord<'a>> for RemoteLogRecord<'a> {
    fn from(record: RemoteLogSegmentMetadataUpdateRecord<'a>) -> Self {
        Self::RemoteLogSegmentMetadataUpdate(record)
    }
}

impl<'a> From<RemotePartitionDeleteMetadataRecord<'a>> for RemoteLogRecord<'a> {
    fn from(record: RemotePartitionDeleteMetadataRecord<'a>) -> Self {
        Self::RemotePartitionDeleteMetadata(record)
    }
}

impl<'a> From<RemoteLogSegmentMetadataSnapshotRecord<'a>> for RemoteLogRecord<'a> {
    fn from(record: RemoteLogSegmentMetadataSnapshotRecord<'a>) -> Self {
        Self::RemoteLogSegmentMetadataSnapshot(record)
    }
}
