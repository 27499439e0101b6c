//! The metadata log's records, owned, and their bytes in Kafka's own formats.
//!
//! On disk a record is Kafka's: uvarint frame version, uvarint record type, uvarint
//! version, body. Types that this engine has no use for are refused by `decode`: a log with
//! one was written by a newer program, and skipping it would lose state.

use std::fmt;

use bytes::Bytes;
use millstream_wire::records::metadata as wire;
use millstream_wire::{DecodeError, Uuid};

use super::image::Replicas;
use crate::ids::{BrokerId, LeaderEpoch, PartitionIndex, ProducerId};

/// The version that all records are written in: the later ones of PartitionRecord add
/// directories and eligible leaders, which one broker with one directory does not have.
const VERSION: i16 = 0;

/// One change of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum MetaRecord {
    Topic {
        name: String,
        id: Uuid,
    },
    Partition(PartitionRecord),
    RemoveTopic {
        id: Uuid,
    },
    Config(ConfigRecord),
    ProducerIds {
        broker: BrokerId,
        next: ProducerId,
    },
    /// A broker begins a life, and the one before had no clean end: whatever it led goes on in
    /// the next leader epoch. One record for all its partitions.
    UncleanStart {
        broker: BrokerId,
        incarnation: Uuid,
        broker_epoch: i64,
    },
}

/// A partition that is new, or that replaces what was known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionRecord {
    pub topic_id: Uuid,
    pub index: PartitionIndex,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
    pub replicas: Replicas,
    pub isr: Replicas,
}

/// A config value of one resource; `None` takes it back.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigRecord {
    pub resource: ResourceType,
    /// A topic's name, a broker's id, or "" for the default of all brokers; a group's or a
    /// subscription's name.
    pub name: String,
    pub key: String,
    pub value: Option<String>,
}

/// The resources that have configs here, with Kafka's codes.
#[repr(i8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    Topic = 2,
    Broker = 4,
    ClientMetrics = 16,
    Group = 32,
}

impl ResourceType {
    #[must_use]
    pub fn from_code(code: i8) -> Option<Self> {
        match code {
            2 => Some(ResourceType::Topic),
            4 => Some(ResourceType::Broker),
            16 => Some(ResourceType::ClientMetrics),
            32 => Some(ResourceType::Group),
            _ => None,
        }
    }

    #[must_use]
    pub fn code(self) -> i8 {
        self as i8
    }
}

/// Bytes that are not a metadata record which this program knows.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordFault {
    Malformed(DecodeError),
    /// A record of Kafka's that this program has no state for.
    UnknownType(i16),
    UnknownResource(i8),
}

/// A record that cannot follow the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayFault {
    TopicTwice(Uuid),
    NoSuchTopic(Uuid),
    PartitionGap(Uuid, PartitionIndex),
    ProducerIdsGoBack(ProducerId),
}

impl MetaRecord {
    /// The record's bytes, frame included.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        self.to_wire().to_bytes(VERSION)
    }

    /// Reads one record that fills `bytes` exactly.
    ///
    /// # Errors
    /// What makes the bytes no record of ours.
    pub fn decode(bytes: &[u8]) -> Result<MetaRecord, RecordFault> {
        match wire::MetadataRecord::from_bytes(bytes).map_err(RecordFault::Malformed)? {
            wire::MetadataRecord::Topic(body) => {
                Ok(MetaRecord::Topic { name: body.name.into_owned(), id: body.topic_id })
            }
            wire::MetadataRecord::Partition(body) => {
                Ok(MetaRecord::Partition(PartitionRecord::from_wire(&body)))
            }
            wire::MetadataRecord::RemoveTopic(body) => {
                Ok(MetaRecord::RemoveTopic { id: body.topic_id })
            }
            wire::MetadataRecord::Config(body) => {
                ConfigRecord::from_wire(body).map(MetaRecord::Config)
            }
            wire::MetadataRecord::ProducerIds(body) => Ok(MetaRecord::ProducerIds {
                broker: BrokerId(body.broker_id),
                next: ProducerId(body.next_producer_id),
            }),
            wire::MetadataRecord::RegisterBroker(body) => Ok(MetaRecord::UncleanStart {
                broker: BrokerId(body.broker_id),
                incarnation: body.incarnation_id,
                broker_epoch: body.broker_epoch,
            }),
            other => Err(RecordFault::UnknownType(other.record_type())),
        }
    }

    fn to_wire(&self) -> wire::MetadataRecord<'_> {
        match self {
            MetaRecord::Topic { name, id } => {
                wire::TopicRecord { name: name.as_str().into(), topic_id: *id }.into()
            }
            MetaRecord::Partition(partition) => partition.to_wire().into(),
            MetaRecord::RemoveTopic { id } => wire::RemoveTopicRecord { topic_id: *id }.into(),
            MetaRecord::Config(config) => config.to_wire().into(),
            MetaRecord::ProducerIds { broker, next } => wire::ProducerIdsRecord {
                broker_id: broker.0,
                broker_epoch: -1,
                next_producer_id: next.0,
            }
            .into(),
            MetaRecord::UncleanStart { broker, incarnation, broker_epoch } => {
                wire::RegisterBrokerRecord {
                    broker_id: broker.0,
                    incarnation_id: *incarnation,
                    broker_epoch: *broker_epoch,
                    rack: None,
                    fenced: false,
                    ..Default::default()
                }
                .into()
            }
        }
    }
}

impl PartitionRecord {
    /// A partition that begins: all replicas in sync, the first one leads, in epoch 0.
    #[must_use]
    pub fn new(topic_id: Uuid, index: PartitionIndex, replicas: Replicas) -> Self {
        PartitionRecord {
            topic_id,
            index,
            leader: replicas.first().copied().unwrap_or(BrokerId(-1)),
            leader_epoch: LeaderEpoch(0),
            partition_epoch: 0,
            isr: replicas.clone(),
            replicas,
        }
    }

    fn to_wire(&self) -> wire::PartitionRecord<'static> {
        let ids = |brokers: &Replicas| brokers.iter().map(|id| id.0).collect::<Vec<_>>().into();
        wire::PartitionRecord {
            partition_id: self.index.0,
            topic_id: self.topic_id,
            replicas: ids(&self.replicas),
            isr: ids(&self.isr),
            leader: self.leader.0,
            leader_epoch: self.leader_epoch.0,
            partition_epoch: self.partition_epoch,
            ..Default::default()
        }
    }

    fn from_wire(body: &wire::PartitionRecord<'_>) -> Self {
        PartitionRecord {
            topic_id: body.topic_id,
            index: PartitionIndex(body.partition_id),
            leader: BrokerId(body.leader),
            leader_epoch: LeaderEpoch(body.leader_epoch),
            partition_epoch: body.partition_epoch,
            replicas: body.replicas.iter().map(BrokerId).collect(),
            isr: body.isr.iter().map(BrokerId).collect(),
        }
    }
}

impl ConfigRecord {
    fn to_wire(&self) -> wire::ConfigRecord<'_> {
        wire::ConfigRecord {
            resource_type: self.resource.code(),
            resource_name: self.name.as_str().into(),
            name: self.key.as_str().into(),
            value: self.value.as_deref().map(Into::into),
        }
    }

    fn from_wire(body: wire::ConfigRecord<'_>) -> Result<Self, RecordFault> {
        let resource = ResourceType::from_code(body.resource_type)
            .ok_or(RecordFault::UnknownResource(body.resource_type))?;
        Ok(ConfigRecord {
            resource,
            name: body.resource_name.into_owned(),
            key: body.name.into_owned(),
            value: body.value.map(std::borrow::Cow::into_owned),
        })
    }
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordFault::Malformed(fault) => write!(f, "malformed metadata record: {fault}"),
            RecordFault::UnknownType(t) => write!(f, "metadata record of unknown type {t}"),
            RecordFault::UnknownResource(t) => write!(f, "config of unknown resource type {t}"),
        }
    }
}

impl fmt::Display for ReplayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayFault::TopicTwice(id) => write!(f, "topic {id} is created twice"),
            ReplayFault::NoSuchTopic(id) => write!(f, "a record names topic {id}, unknown here"),
            ReplayFault::PartitionGap(id, index) => {
                write!(f, "partition {index} of topic {id} does not follow the ones before")
            }
            ReplayFault::ProducerIdsGoBack(next) => {
                write!(f, "the next producer id goes back to {next}")
            }
        }
    }
}

impl std::error::Error for RecordFault {}
impl std::error::Error for ReplayFault {}
