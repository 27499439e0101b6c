// Written by `cargo xtask codegen` from wire/schema; do not edit.

//! What Kafka keeps in its internal logs, and the consumer protocol.
//!
//! Coordinator logs: `Key` starts with its type (`RecordKey`), `Value` with its
//! version (`RecordValue`). Metadata and remote-log records say type and version in a
//! frame of their own. `GroupLogKey` and its siblings tell a log's keys apart.

// Keys of one log differ in size; they live on the stack of a replay loop.
#![allow(clippy::large_enum_variant)]

pub mod consumer_group_current_member_assignment;
pub mod consumer_group_member_metadata;
pub mod consumer_group_metadata;
pub mod consumer_group_partition_metadata;
pub mod consumer_group_regular_expression;
pub mod consumer_group_target_assignment_member;
pub mod consumer_group_target_assignment_metadata;
pub mod consumer_protocol;
pub mod control;
pub mod group_metadata;
pub mod legacy_offset_commit;
pub mod local_state;
pub mod metadata;
pub mod offset_commit;
pub mod principal;
pub mod remote_log_metadata;
pub mod share_group_current_member_assignment;
pub mod share_group_member_metadata;
pub mod share_group_metadata;
pub mod share_group_state_partition_metadata;
pub mod share_group_target_assignment_member;
pub mod share_group_target_assignment_metadata;
pub mod share_snapshot;
pub mod share_update;
pub mod streams_group_current_member_assignment;
pub mod streams_group_member_metadata;
pub mod streams_group_metadata;
pub mod streams_group_target_assignment_member;
pub mod streams_group_target_assignment_metadata;
pub mod streams_group_topology;
pub mod transaction_log;

use crate::{DecodeError, Fault, Reader, RecordKey};

/// Any key of the group coordinator's log.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupLogKey<'a> {
    LegacyOffsetCommit(legacy_offset_commit::Key<'a>),
    OffsetCommit(offset_commit::Key<'a>),
    GroupMetadata(group_metadata::Key<'a>),
    ConsumerGroupMetadata(consumer_group_metadata::Key<'a>),
    ConsumerGroupPartitionMetadata(consumer_group_partition_metadata::Key<'a>),
    ConsumerGroupMemberMetadata(consumer_group_member_metadata::Key<'a>),
    ConsumerGroupTargetAssignmentMetadata(consumer_group_target_assignment_metadata::Key<'a>),
    ConsumerGroupTargetAssignmentMember(consumer_group_target_assignment_member::Key<'a>),
    ConsumerGroupCurrentMemberAssignment(consumer_group_current_member_assignment::Key<'a>),
    ShareGroupMemberMetadata(share_group_member_metadata::Key<'a>),
    ShareGroupMetadata(share_group_metadata::Key<'a>),
    ShareGroupTargetAssignmentMetadata(share_group_target_assignment_metadata::Key<'a>),
    ShareGroupTargetAssignmentMember(share_group_target_assignment_member::Key<'a>),
    ShareGroupCurrentMemberAssignment(share_group_current_member_assignment::Key<'a>),
    ShareGroupStatePartitionMetadata(share_group_state_partition_metadata::Key<'a>),
    ConsumerGroupRegularExpression(consumer_group_regular_expression::Key<'a>),
    StreamsGroupMetadata(streams_group_metadata::Key<'a>),
    StreamsGroupMemberMetadata(streams_group_member_metadata::Key<'a>),
    StreamsGroupTargetAssignmentMetadata(streams_group_target_assignment_metadata::Key<'a>),
    StreamsGroupTargetAssignmentMember(streams_group_target_assignment_member::Key<'a>),
    StreamsGroupCurrentMemberAssignment(streams_group_current_member_assignment::Key<'a>),
    StreamsGroupTopology(streams_group_topology::Key<'a>),
}

impl<'a> GroupLogKey<'a> {
    /// Reads the type, then that type's key up to the last byte.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.i16()? {
            legacy_offset_commit::Key::TYPE => {
                legacy_offset_commit::Key::from_bytes(bytes).map(Self::LegacyOffsetCommit)
            }
            offset_commit::Key::TYPE => {
                offset_commit::Key::from_bytes(bytes).map(Self::OffsetCommit)
            }
            group_metadata::Key::TYPE => {
                group_metadata::Key::from_bytes(bytes).map(Self::GroupMetadata)
            }
            consumer_group_metadata::Key::TYPE => {
                consumer_group_metadata::Key::from_bytes(bytes).map(Self::ConsumerGroupMetadata)
            }
            consumer_group_partition_metadata::Key::TYPE => {
                consumer_group_partition_metadata::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupPartitionMetadata)
            }
            consumer_group_member_metadata::Key::TYPE => {
                consumer_group_member_metadata::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupMemberMetadata)
            }
            consumer_group_target_assignment_metadata::Key::TYPE => {
                consumer_group_target_assignment_metadata::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupTargetAssignmentMetadata)
            }
            consumer_group_target_assignment_member::Key::TYPE => {
                consumer_group_target_assignment_member::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupTargetAssignmentMember)
            }
            consumer_group_current_member_assignment::Key::TYPE => {
                consumer_group_current_member_assignment::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupCurrentMemberAssignment)
            }
            share_group_member_metadata::Key::TYPE => {
                share_group_member_metadata::Key::from_bytes(bytes)
                    .map(Self::ShareGroupMemberMetadata)
            }
            share_group_metadata::Key::TYPE => {
                share_group_metadata::Key::from_bytes(bytes).map(Self::ShareGroupMetadata)
            }
            share_group_target_assignment_metadata::Key::TYPE => {
                share_group_target_assignment_metadata::Key::from_bytes(bytes)
                    .map(Self::ShareGroupTargetAssignmentMetadata)
            }
            share_group_target_assignment_member::Key::TYPE => {
                share_group_target_assignment_member::Key::from_bytes(bytes)
                    .map(Self::ShareGroupTargetAssignmentMember)
            }
            share_group_current_member_assignment::Key::TYPE => {
                share_group_current_member_assignment::Key::from_bytes(bytes)
                    .map(Self::ShareGroupCurrentMemberAssignment)
            }
            share_group_state_partition_metadata::Key::TYPE => {
                share_group_state_partition_metadata::Key::from_bytes(bytes)
                    .map(Self::ShareGroupStatePartitionMetadata)
            }
            consumer_group_regular_expression::Key::TYPE => {
                consumer_group_regular_expression::Key::from_bytes(bytes)
                    .map(Self::ConsumerGroupRegularExpression)
            }
            streams_group_metadata::Key::TYPE => {
                streams_group_metadata::Key::from_bytes(bytes).map(Self::StreamsGroupMetadata)
            }
            streams_group_member_metadata::Key::TYPE => {
                streams_group_member_metadata::Key::from_bytes(bytes)
                    .map(Self::StreamsGroupMemberMetadata)
            }
            streams_group_target_assignment_metadata::Key::TYPE => {
                streams_group_target_assignment_metadata::Key::from_bytes(bytes)
                    .map(Self::StreamsGroupTargetAssignmentMetadata)
            }
            streams_group_target_assignment_member::Key::TYPE => {
                streams_group_target_assignment_member::Key::from_bytes(bytes)
                    .map(Self::StreamsGroupTargetAssignmentMember)
            }
            streams_group_current_member_assignment::Key::TYPE => {
                streams_group_current_member_assignment::Key::from_bytes(bytes)
                    .map(Self::StreamsGroupCurrentMemberAssignment)
            }
            streams_group_topology::Key::TYPE => {
                streams_group_topology::Key::from_bytes(bytes).map(Self::StreamsGroupTopology)
            }
            other => Err(r.error(Fault::RecordType { record_type: i32::from(other) })),
        }
    }
}

/// Any key of the transaction coordinator's log.
#[derive(Debug, Clone, PartialEq)]
pub enum TransactionLogKey<'a> {
    TransactionLog(transaction_log::Key<'a>),
}

impl<'a> TransactionLogKey<'a> {
    /// Reads the type, then that type's key up to the last byte.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.i16()? {
            transaction_log::Key::TYPE => {
                transaction_log::Key::from_bytes(bytes).map(Self::TransactionLog)
            }
            other => Err(r.error(Fault::RecordType { record_type: i32::from(other) })),
        }
    }
}

/// Any key of the share coordinator's log.
#[derive(Debug, Clone, PartialEq)]
pub enum ShareLogKey<'a> {
    ShareSnapshot(share_snapshot::Key<'a>),
    ShareUpdate(share_update::Key<'a>),
}

impl<'a> ShareLogKey<'a> {
    /// Reads the type, then that type's key up to the last byte.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.i16()? {
            share_snapshot::Key::TYPE => {
                share_snapshot::Key::from_bytes(bytes).map(Self::ShareSnapshot)
            }
            share_update::Key::TYPE => share_update::Key::from_bytes(bytes).map(Self::ShareUpdate),
            other => Err(r.error(Fault::RecordType { record_type: i32::from(other) })),
        }
    }
}
