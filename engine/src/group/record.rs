//! The records of `__consumer_offsets` that this Decider writes and replays.
//!
//! Kafka's formats, in the versions that Kafka 4.3 writes: an OffsetCommit key (type 1)
//! with a value in version 4, or 3 without a topic id, or 1 when the client asked for a
//! retention of its own; a GroupMetadata key (type 2) with a value in version 3. A missing
//! value is a tombstone. Records of other kinds are left alone, and bytes that make no
//! sense are a fault that names the record's kind.

use bytes::Bytes;
use millstream_wire::records::{group_metadata, legacy_offset_commit, offset_commit};
use millstream_wire::{DecodeError, Reader, RecordKey, RecordValue, Uuid};

use super::Text;
use super::call::Protocol;
use super::member::Member;
use super::timers::Timer;

/// One record, decoded. `value: None` is a tombstone.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Offset {
        group: Text,
        topic: Text,
        partition: i32,
        value: Option<CommittedOffset>,
    },
    Group {
        group: Text,
        value: Option<GroupValue>,
    },
    /// Of a kind that this coordinator does not serve.
    Other,
}

/// A committed offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    pub offset: i64,
    /// -1 when the client did not say.
    pub leader_epoch: i32,
    pub metadata: Text,
    pub commit_ms: i64,
    /// Only when the client asked for a retention of its own.
    pub expire_ms: Option<i64>,
    /// Zero when the client did not say.
    pub topic_id: Uuid,
}

/// A generation of a group with its assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupValue {
    pub protocol_type: Text,
    pub generation: i32,
    pub protocol: Option<Text>,
    pub leader: Option<Text>,
    pub since_ms: i64,
    pub members: Vec<MemberValue>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberValue {
    pub id: Text,
    pub instance: Option<Text>,
    pub client_id: Text,
    pub client_host: Text,
    pub rebalance_timeout_ms: i32,
    pub session_timeout_ms: i32,
    pub subscription: Bytes,
    pub assignment: Bytes,
}

/// A stored record that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFault {
    pub kind: RecordKind,
    pub fault: DecodeError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    Key,
    OffsetCommit,
    GroupMetadata,
}

const OFFSET_VALUE: i16 = 3;
const OFFSET_VALUE_WITH_EXPIRY: i16 = 1;
const OFFSET_VALUE_WITH_TOPIC_ID: i16 = 4;
const GROUP_VALUE: i16 = 3;

/// The oldest key type: offsets as they were before versions had numbers of their own.
const LEGACY_OFFSET_KEY: i16 = legacy_offset_commit::Key::TYPE;
const OFFSET_KEY: i16 = offset_commit::Key::TYPE;
const GROUP_KEY: i16 = group_metadata::Key::TYPE;

impl Record {
    /// The key and value as Kafka writes them; a [`Record::Other`] cannot be written.
    #[must_use]
    pub fn encode(&self) -> Option<(Bytes, Option<Bytes>)> {
        match self {
            Record::Offset { group, topic, partition, value } => {
                let key = offset_commit::Key {
                    group: (&**group).into(),
                    topic: (&**topic).into(),
                    partition: *partition,
                };
                Some((key.to_bytes(), value.as_ref().map(CommittedOffset::encode)))
            }
            Record::Group { group, value } => {
                let key = group_metadata::Key { group: (&**group).into() };
                Some((key.to_bytes(), value.as_ref().map(GroupValue::encode)))
            }
            Record::Other => None,
        }
    }

    /// Reads a record of the log.
    ///
    /// # Errors
    /// When the bytes are not what Kafka would have written.
    pub fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Record, RecordFault> {
        let of_key = |fault| RecordFault { kind: RecordKind::Key, fault };
        match Reader::new(key).i16().map_err(of_key)? {
            LEGACY_OFFSET_KEY | OFFSET_KEY => {
                let (group, topic, partition) = offset_key(key).map_err(of_key)?;
                let value = value.map(CommittedOffset::decode).transpose();
                let value =
                    value.map_err(|fault| RecordFault { kind: RecordKind::OffsetCommit, fault })?;
                Ok(Record::Offset { group, topic, partition, value })
            }
            GROUP_KEY => {
                let key = group_metadata::Key::from_bytes(key).map_err(of_key)?;
                let value = value.map(GroupValue::decode).transpose();
                let value = value
                    .map_err(|fault| RecordFault { kind: RecordKind::GroupMetadata, fault })?;
                Ok(Record::Group { group: Text::from(&*key.group), value })
            }
            _ => Ok(Record::Other),
        }
    }
}

/// Both kinds of key have the same body.
fn offset_key(bytes: &[u8]) -> Result<(Text, Text, i32), DecodeError> {
    if let Ok(key) = legacy_offset_commit::Key::from_bytes(bytes) {
        return Ok((Text::from(&*key.group), Text::from(&*key.topic), key.partition));
    }
    let key = offset_commit::Key::from_bytes(bytes)?;
    Ok((Text::from(&*key.group), Text::from(&*key.topic), key.partition))
}

impl CommittedOffset {
    fn encode(&self) -> Bytes {
        let value = offset_commit::Value {
            offset: self.offset,
            leader_epoch: self.leader_epoch,
            metadata: (&*self.metadata).into(),
            commit_timestamp: self.commit_ms,
            expire_timestamp: self.expire_ms.unwrap_or(-1),
            topic_id: self.topic_id,
        };
        let version = match (self.expire_ms, self.topic_id.is_zero()) {
            (Some(_), _) => OFFSET_VALUE_WITH_EXPIRY,
            (None, true) => OFFSET_VALUE,
            (None, false) => OFFSET_VALUE_WITH_TOPIC_ID,
        };
        value.to_bytes(version)
    }

    fn decode(bytes: &[u8]) -> Result<CommittedOffset, DecodeError> {
        let (_, value) = offset_commit::Value::from_bytes(bytes)?;
        Ok(CommittedOffset {
            offset: value.offset,
            leader_epoch: value.leader_epoch,
            metadata: Text::from(&*value.metadata),
            commit_ms: value.commit_timestamp,
            expire_ms: Some(value.expire_timestamp).filter(|ms| *ms >= 0),
            topic_id: value.topic_id,
        })
    }
}

impl GroupValue {
    fn encode(&self) -> Bytes {
        let members: Vec<_> = self.members.iter().map(MemberValue::to_wire).collect();
        let value = group_metadata::Value {
            protocol_type: (&*self.protocol_type).into(),
            generation: self.generation,
            protocol: self.protocol.as_deref().map(Into::into),
            leader: self.leader.as_deref().map(Into::into),
            current_state_timestamp: self.since_ms,
            members: members.into(),
        };
        value.to_bytes(GROUP_VALUE)
    }

    fn decode(bytes: &[u8]) -> Result<GroupValue, DecodeError> {
        let (_, value) = group_metadata::Value::from_bytes(bytes)?;
        Ok(GroupValue {
            protocol_type: Text::from(&*value.protocol_type),
            generation: value.generation,
            protocol: value.protocol.as_deref().map(Text::from),
            leader: value.leader.as_deref().map(Text::from),
            since_ms: value.current_state_timestamp,
            members: value.members.iter().map(MemberValue::from_wire).collect(),
        })
    }
}

impl MemberValue {
    fn to_wire(&self) -> group_metadata::Members<'_> {
        group_metadata::Members {
            member_id: (&*self.id).into(),
            group_instance_id: self.instance.as_deref().map(Into::into),
            client_id: (&*self.client_id).into(),
            client_host: (&*self.client_host).into(),
            rebalance_timeout: self.rebalance_timeout_ms,
            session_timeout: self.session_timeout_ms,
            subscription: self.subscription.as_ref().into(),
            assignment: self.assignment.as_ref().into(),
        }
    }

    fn from_wire(member: group_metadata::Members<'_>) -> MemberValue {
        // Version 0 has no rebalance timeout: the session's served for both.
        let rebalance_timeout_ms = match member.rebalance_timeout {
            -1 => member.session_timeout,
            timeout_ms => timeout_ms,
        };
        MemberValue {
            id: Text::from(&*member.member_id),
            instance: member.group_instance_id.as_deref().map(Text::from),
            client_id: Text::from(&*member.client_id),
            client_host: Text::from(&*member.client_host),
            rebalance_timeout_ms,
            session_timeout_ms: member.session_timeout,
            subscription: Bytes::copy_from_slice(&member.subscription),
            assignment: Bytes::copy_from_slice(&member.assignment),
        }
    }

    /// A member as a restart finds it: of all its protocols only the selected one is known.
    pub(super) fn to_member(&self, protocol: Option<&Text>) -> Member {
        let name = protocol.cloned().unwrap_or_else(|| Text::from(""));
        Member {
            id: self.id.clone(),
            instance: self.instance.clone(),
            client_id: self.client_id.clone(),
            client_host: self.client_host.clone(),
            session_timeout_ms: self.session_timeout_ms,
            rebalance_timeout_ms: self.rebalance_timeout_ms,
            protocols: vec![Protocol { name, metadata: self.subscription.clone() }],
            assignment: self.assignment.clone(),
            fresh: false,
            join: None,
            sync: None,
            session: Timer::default(),
        }
    }
}
