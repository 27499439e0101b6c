//! The metadata log's records, owned, and their bytes in Kafka's own formats.
//!
//! On disk a record is Kafka's: uvarint frame version, uvarint record type, uvarint
//! version, body. Types that this engine has no use for are refused by `decode`: a log with
//! one was written by a newer program, and skipping it would lose state.

use std::fmt;

use millstream_wire::records::metadata as wire;
use millstream_wire::{DecodeError, Message, Reader, Uuid, Writer};

use super::image::Replicas;
use crate::ids::{BrokerId, LeaderEpoch, PartitionIndex, ProducerId};

const FRAME_VERSION: u32 = 1;
const TOPIC: u32 = 2;
const PARTITION: u32 = 3;
const CONFIG: u32 = 4;
const REMOVE_TOPIC: u32 = 9;
const PRODUCER_IDS: u32 = 15;

/// One change of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum MetaRecord {
    Topic { name: String, id: Uuid },
    Partition(PartitionRecord),
    RemoveTopic { id: Uuid },
    Config(ConfigRecord),
    ProducerIds { broker: BrokerId, next: ProducerId },
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
    /// A topic's name, a broker's id, or "" for the default of all brokers.
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
}

impl ResourceType {
    #[must_use]
    pub fn from_code(code: i8) -> Option<Self> {
        match code {
            2 => Some(ResourceType::Topic),
            4 => Some(ResourceType::Broker),
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
    UnknownFrame(u32),
    UnknownType(u32),
    UnknownVersion { record_type: u32, version: u32 },
    UnknownResource(i8),
    TrailingBytes(usize),
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
    /// Appends the record's bytes.
    pub fn encode(&self, w: &mut Writer) {
        match self {
            MetaRecord::Topic { name, id } => {
                let body = wire::TopicRecord { name: name.as_str().into(), topic_id: *id };
                put(w, TOPIC, &body);
            }
            MetaRecord::Partition(partition) => put(w, PARTITION, &partition.to_wire()),
            MetaRecord::RemoveTopic { id } => {
                put(w, REMOVE_TOPIC, &wire::RemoveTopicRecord { topic_id: *id });
            }
            MetaRecord::Config(config) => {
                let body = wire::ConfigRecord {
                    resource_type: config.resource.code(),
                    resource_name: config.name.as_str().into(),
                    name: config.key.as_str().into(),
                    value: config.value.as_deref().map(Into::into),
                };
                put(w, CONFIG, &body);
            }
            MetaRecord::ProducerIds { broker, next } => {
                let body = wire::ProducerIdsRecord {
                    broker_id: broker.0,
                    broker_epoch: -1,
                    next_producer_id: next.0,
                };
                put(w, PRODUCER_IDS, &body);
            }
        }
    }

    /// Reads one record that fills `bytes` exactly.
    ///
    /// # Errors
    /// What makes the bytes no record of ours.
    pub fn decode(bytes: &[u8]) -> Result<MetaRecord, RecordFault> {
        let r = &mut Reader::new(bytes);
        let frame = r.uvarint()?;
        if frame != FRAME_VERSION {
            return Err(RecordFault::UnknownFrame(frame));
        }
        let (record_type, version) = (r.uvarint()?, r.uvarint()?);
        let newest = if record_type == PARTITION { 2 } else { 0 };
        if version > newest {
            return Err(RecordFault::UnknownVersion { record_type, version });
        }
        let version = i16::try_from(version).unwrap_or(i16::MAX);
        let record = match record_type {
            TOPIC => {
                let body = wire::TopicRecord::decode(r, version)?;
                MetaRecord::Topic { name: body.name.into_owned(), id: body.topic_id }
            }
            PARTITION => {
                let body = wire::PartitionRecord::decode(r, version)?;
                MetaRecord::Partition(PartitionRecord::from_wire(&body))
            }
            REMOVE_TOPIC => {
                let body = wire::RemoveTopicRecord::decode(r, version)?;
                MetaRecord::RemoveTopic { id: body.topic_id }
            }
            CONFIG => MetaRecord::Config(ConfigRecord::from_wire(r, version)?),
            PRODUCER_IDS => {
                let body = wire::ProducerIdsRecord::decode(r, version)?;
                MetaRecord::ProducerIds {
                    broker: BrokerId(body.broker_id),
                    next: ProducerId(body.next_producer_id),
                }
            }
            unknown => return Err(RecordFault::UnknownType(unknown)),
        };
        match r.remaining() {
            0 => Ok(record),
            extra => Err(RecordFault::TrailingBytes(extra)),
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
    fn from_wire(r: &mut Reader<'_>, version: i16) -> Result<Self, RecordFault> {
        let body = wire::ConfigRecord::decode(r, version)?;
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

fn put<'a>(w: &mut Writer, record_type: u32, body: &impl Message<'a>) {
    w.uvarint(FRAME_VERSION);
    w.uvarint(record_type);
    w.uvarint(0);
    body.encode(w, 0);
}

impl From<DecodeError> for RecordFault {
    fn from(fault: DecodeError) -> Self {
        RecordFault::Malformed(fault)
    }
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordFault::Malformed(fault) => write!(f, "malformed metadata record: {fault}"),
            RecordFault::UnknownFrame(v) => write!(f, "metadata record of frame version {v}"),
            RecordFault::UnknownType(t) => write!(f, "metadata record of unknown type {t}"),
            RecordFault::UnknownVersion { record_type, version } => {
                write!(f, "metadata record type {record_type} in unknown version {version}")
            }
            RecordFault::UnknownResource(t) => write!(f, "config of unknown resource type {t}"),
            RecordFault::TrailingBytes(n) => write!(f, "metadata record with {n} bytes too many"),
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
