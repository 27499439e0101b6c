//! Deciding on topics: create, delete, add partitions.
//!
//! Refusals are Kafka's, in Kafka's order of checks; counts are bounded before anything is
//! built from them. Every partition that is decided here lies on the one broker that there
//! is: `node_id` of the broker's settings. Called by the controller, one command at a time.

use std::collections::{BTreeMap, BTreeSet};

use millstream_wire::{ErrorCode, Uuid};

use super::image::{Image, Overrides, Replicas, Topic};
use super::names::{self, check_topic_name, collision_key};
use super::record::{ConfigRecord, MetaRecord, PartitionRecord, ResourceType};
use super::{Decision, placement};
use crate::config::{BrokerConfig, TopicConfig};
use crate::ids::{BrokerId, PartitionIndex};
use crate::limits::{COMMAND_PARTITIONS_MAX, TOPIC_PARTITIONS_MAX};
use crate::refusal::Refusal;

/// A topic that somebody wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTopic {
    pub name: String,
    /// `None`: the broker's `num.partitions`.
    pub partitions: Option<i32>,
    /// `None`: the broker's `default.replication.factor`.
    pub replication_factor: Option<i16>,
    /// Where each partition goes; empty: the decider chooses.
    pub assignments: Vec<Assignment>,
    /// A null value is refused.
    pub configs: Vec<(String, Option<String>)>,
}

/// The brokers that a client wants for one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub index: i32,
    pub brokers: Vec<BrokerId>,
}

/// A topic as it was, or would be, created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedTopic {
    pub id: Uuid,
    pub partitions: i32,
    pub replication_factor: i16,
    pub configs: Overrides,
}

/// A topic to delete: by name or by id, not both.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TopicRef {
    pub name: Option<String>,
    pub id: Option<Uuid>,
}

/// What became of one [`TopicRef`]; name and id as far as they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct DeletedTopic {
    pub topic: TopicRef,
    pub outcome: Result<(), Refusal>,
}

/// A topic that is to have more partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MorePartitions {
    pub topic: String,
    /// How many there shall be, the present ones included.
    pub count: i32,
    /// Brokers of each added partition.
    pub assignments: Option<Vec<Vec<BrokerId>>>,
}

/// Outcomes by topic name; each name stands there once, in the request's order.
pub type ByName<T> = Vec<(String, Result<T, Refusal>)>;

impl Image {
    /// Creates topics; `ids` holds a fresh random id for each.
    #[must_use]
    pub fn decide_create_topics(
        &self,
        topics: &[NewTopic],
        ids: &[Uuid],
        broker: &BrokerConfig,
    ) -> Decision<ByName<CreatedTopic>> {
        let wanted = topics.iter().map(|topic| topic.wanted(broker));
        if let Err(refusal) = within_command(wanted) {
            return Decision::refuse_all(distinct(topics.iter().map(|t| &t.name)), &refusal);
        }
        let mut batch = Batch::default();
        let counts = occurrences(topics.iter().map(|t| t.name.as_str()));
        let mut outcomes = Vec::with_capacity(counts.len());
        for (topic, id) in topics.iter().zip(ids) {
            let outcome = match counts[topic.name.as_str()] {
                1 => self.create(topic, *id, broker, &mut batch),
                _ if batch.answered.contains(&topic.name) => continue,
                _ => Err(duplicate_name()),
            };
            batch.answered.insert(topic.name.clone());
            outcomes.push((topic.name.clone(), outcome));
        }
        Decision { records: batch.records, reply: outcomes }
    }

    /// Creates one of Kafka's own topics with its proper settings, unless it exists.
    ///
    /// # Errors
    /// INVALID_TOPIC_EXCEPTION for a name that is not internal.
    pub fn decide_internal_topic(
        &self,
        name: &str,
        id: Uuid,
        broker: &BrokerConfig,
    ) -> Result<Decision<Uuid>, Refusal> {
        if let Some(topic) = self.topic(name) {
            return Ok(Decision { records: Vec::new(), reply: topic.id });
        }
        let topic = internal_topic(name, broker)?;
        let mut batch = Batch::default();
        self.create(&topic, id, broker, &mut batch)?;
        Ok(Decision { records: batch.records, reply: id })
    }

    /// Deletes topics.
    #[must_use]
    pub fn decide_delete_topics(
        &self,
        topics: &[TopicRef],
        broker: &BrokerConfig,
    ) -> Decision<Vec<DeletedTopic>> {
        let asked = AskedToDelete::new(self, topics);
        let mut answered = BTreeSet::new();
        let mut decision = Decision { records: Vec::new(), reply: Vec::new() };
        for topic in topics {
            if !answered.insert(topic) || asked.is_named_elsewhere(topic) {
                continue;
            }
            let found = self.find(topic);
            let outcome = match broker.delete_topic_enable {
                true => asked.resolve(topic, found),
                false => Err(deletion_disabled()),
            };
            let known = TopicRef {
                name: topic.name.clone().or_else(|| Some(found?.name.to_string())),
                id: topic.id.or_else(|| Some(found?.id)),
            };
            if let Ok(topic) = outcome {
                decision.records.push(MetaRecord::RemoveTopic { id: topic.id });
            }
            decision.reply.push(DeletedTopic { topic: known, outcome: outcome.map(drop) });
        }
        decision
    }

    /// Adds partitions to topics.
    #[must_use]
    pub fn decide_create_partitions(
        &self,
        topics: &[MorePartitions],
        broker: &BrokerConfig,
    ) -> Decision<ByName<()>> {
        let added = topics.iter().map(|more| self.added_by(more));
        if let Err(refusal) = within_command(added) {
            return Decision::refuse_all(distinct(topics.iter().map(|t| &t.topic)), &refusal);
        }
        let counts = occurrences(topics.iter().map(|more| more.topic.as_str()));
        let mut answered = BTreeSet::new();
        let mut decision = Decision { records: Vec::new(), reply: Vec::new() };
        for more in topics {
            if !answered.insert(&more.topic) {
                continue;
            }
            let outcome = match counts[more.topic.as_str()] {
                1 => self.add_partitions(more, broker),
                _ => Err(duplicate_name()),
            };
            let outcome = outcome.map(|records| decision.records.extend(records));
            decision.reply.push((more.topic.clone(), outcome));
        }
        decision
    }

    fn create(
        &self,
        topic: &NewTopic,
        id: Uuid,
        broker: &BrokerConfig,
        batch: &mut Batch,
    ) -> Result<CreatedTopic, Refusal> {
        self.check_new_name(&topic.name, batch)?;
        let configs = checked_configs(&topic.configs, broker)?;
        let placed = topic.placed(broker)?;
        let created = CreatedTopic {
            id,
            partitions: i32::try_from(placed.len()).unwrap_or(i32::MAX),
            replication_factor: placed.first().map_or(0, |replicas| replicas.len() as i16),
            configs: configs.clone(),
        };
        batch.records.push(MetaRecord::Topic { name: topic.name.clone(), id });
        batch.records.extend(configs.into_iter().map(|(key, value)| {
            MetaRecord::Config(ConfigRecord {
                resource: ResourceType::Topic,
                name: topic.name.clone(),
                key,
                value: Some(value),
            })
        }));
        batch.records.extend(partition_records(id, 0, placed));
        batch.collisions.extend(collision_key(&topic.name).map(|key| (key, topic.name.clone())));
        Ok(created)
    }

    fn check_new_name(&self, name: &str, batch: &Batch) -> Result<(), Refusal> {
        if name == names::CLUSTER_METADATA {
            let why = format!("{name} is the metadata log's own name.");
            return Err(invalid(why));
        }
        check_topic_name(name)?;
        if self.topic(name).is_some() {
            let why = format!("Topic '{name}' already exists.");
            return Err(Refusal::because(ErrorCode::TopicAlreadyExists, why));
        }
        let fresh = collision_key(name).and_then(|key| batch.collisions.get(&key));
        if let Some(other) = self.colliding(name).or(fresh.map(String::as_str)) {
            let why = format!("Topic '{name}' collides with existing topic: {other}");
            return Err(Refusal::because(ErrorCode::InvalidTopicException, why));
        }
        Ok(())
    }

    fn find(&self, asked: &TopicRef) -> Option<&Topic> {
        match (&asked.name, asked.id) {
            (Some(name), None) => self.topic(name).map(AsRef::as_ref),
            (None, Some(id)) => self.topic_by_id(id).map(AsRef::as_ref),
            _ => None,
        }
    }

    fn added_by(&self, more: &MorePartitions) -> i64 {
        let present = self.topic(&more.topic).map_or(0, |topic| topic.partitions.len() as i64);
        match i64::from(more.count) {
            // Refused with a better reason than the command's bound.
            count if count > i64::from(TOPIC_PARTITIONS_MAX) => 0,
            count => (count - present).max(0),
        }
    }

    fn add_partitions(
        &self,
        more: &MorePartitions,
        broker: &BrokerConfig,
    ) -> Result<Vec<MetaRecord>, Refusal> {
        let unknown = || Refusal::new(ErrorCode::UnknownTopicOrPartition);
        let topic = self.topic(&more.topic).ok_or_else(unknown)?;
        let present = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
        let fault = |why: String| Err(Refusal::because(ErrorCode::InvalidPartitions, why));
        if more.count == present {
            return fault(format!("Topic already has {present} partition(s)."));
        }
        if more.count < present {
            return fault(format!(
                "The topic {} currently has {present} partition(s); {} would not be an increase.",
                more.topic, more.count
            ));
        }
        check_partition_count(more.count)?;
        let added = (more.count - present) as usize;
        let factor = topic.partitions.first().map_or(1, |first| first.replicas.len());
        let placed = match &more.assignments {
            Some(manual) if manual.len() != added => {
                let why = format!(
                    "Attempted to add {added} additional partition(s), but only {} \
                     assignment(s) were specified.",
                    manual.len()
                );
                return Err(Refusal::because(ErrorCode::InvalidReplicaAssignment, why));
            }
            Some(manual) => {
                let manual = manual.iter().map(Vec::as_slice);
                placement::check_manual(manual, Some(factor), broker)?
            }
            None => placement::place(added, factor, broker)?,
        };
        Ok(partition_records(topic.id, present, placed).collect())
    }
}

impl NewTopic {
    /// How many partitions this asks for, whatever is wrong with it.
    fn wanted(&self, broker: &BrokerConfig) -> i64 {
        match (self.assignments.len(), self.partitions) {
            (0, Some(count)) if i64::from(count) > i64::from(TOPIC_PARTITIONS_MAX) => 0,
            (0, Some(count)) => i64::from(count.max(0)),
            (0, None) => i64::from(broker.num_partitions),
            (assigned, _) => assigned as i64,
        }
    }

    fn placed(&self, broker: &BrokerConfig) -> Result<Vec<Replicas>, Refusal> {
        if !self.assignments.is_empty() {
            return self.placed_by_hand(broker);
        }
        let factor = match self.replication_factor {
            Some(factor) if factor < 1 => {
                return Err(Refusal::because(
                    ErrorCode::InvalidReplicationFactor,
                    "Replication factor must be larger than 0, or -1 to use the default value.",
                ));
            }
            Some(factor) => factor as usize,
            None => broker.default_replication_factor as usize,
        };
        let default = i32::try_from(broker.num_partitions).unwrap_or(i32::MAX);
        let count = self.partitions.unwrap_or(default);
        check_partition_count(count)?;
        placement::place(count as usize, factor, broker)
    }

    fn placed_by_hand(&self, broker: &BrokerConfig) -> Result<Vec<Replicas>, Refusal> {
        let both = "A manual partition assignment was specified, but";
        if self.replication_factor.is_some() {
            return Err(invalid(format!("{both} replication factor was not set to -1.")));
        }
        if self.partitions.is_some() {
            return Err(invalid(format!("{both} numPartitions was not set to -1.")));
        }
        let mut by_index = BTreeMap::new();
        for assignment in &self.assignments {
            let brokers = assignment.brokers.as_slice();
            if by_index.insert(assignment.index, brokers).is_some() {
                let why = format!(
                    "Found multiple manual partition assignments for partition {}",
                    assignment.index
                );
                return Err(Refusal::because(ErrorCode::InvalidReplicaAssignment, why));
            }
        }
        if !by_index.keys().copied().eq(0..self.assignments.len() as i32) {
            return Err(Refusal::because(
                ErrorCode::InvalidReplicaAssignment,
                "partitions should be a consecutive 0-based integer sequence",
            ));
        }
        placement::check_manual(by_index.into_values(), None, broker)
    }
}

/// What the entries of one DeleteTopics say of each other.
struct AskedToDelete<'a> {
    names: BTreeMap<&'a str, u32>,
    ids: BTreeMap<Uuid, u32>,
    /// Ids of the topics that stand there by name.
    named: BTreeSet<Uuid>,
}

impl<'a> AskedToDelete<'a> {
    fn new(image: &Image, topics: &'a [TopicRef]) -> Self {
        let named = topics.iter().filter(|topic| topic.name.is_some());
        AskedToDelete {
            names: occurrences(topics.iter().filter_map(|topic| topic.name.as_deref())),
            ids: occurrences(topics.iter().filter_map(|topic| topic.id)),
            named: named.filter_map(|topic| Some(image.find(topic)?.id)).collect(),
        }
    }

    /// An id whose topic also stands there by name has no row of its own.
    fn is_named_elsewhere(&self, topic: &TopicRef) -> bool {
        topic.name.is_none() && topic.id.is_some_and(|id| self.named.contains(&id))
    }

    fn resolve<'t>(
        &self,
        topic: &TopicRef,
        found: Option<&'t Topic>,
    ) -> Result<&'t Topic, Refusal> {
        match (topic.name.as_deref(), topic.id) {
            (None, None) => Err(invalid("Neither topic name nor id were specified.")),
            (Some(_), Some(_)) => Err(invalid("You may not specify both topic name and topic id.")),
            (Some(name), None) if self.names[name] > 1 => Err(duplicate_name()),
            (None, Some(id)) if self.ids[&id] > 1 => Err(invalid("Duplicate topic id.")),
            (Some(_), None) => {
                let found = found.ok_or(Refusal::new(ErrorCode::UnknownTopicOrPartition))?;
                if self.ids.contains_key(&found.id) {
                    let why = "The provided topic name maps to an ID that was already supplied.";
                    return Err(invalid(why));
                }
                Ok(found)
            }
            (None, Some(_)) => found.ok_or(Refusal::new(ErrorCode::UnknownTopicId)),
        }
    }
}

/// What one CreateTopics has decided so far.
#[derive(Default)]
struct Batch {
    records: Vec<MetaRecord>,
    answered: BTreeSet<String>,
    /// Collision key and name of each topic so far.
    collisions: BTreeMap<String, String>,
}

fn internal_topic(name: &str, broker: &BrokerConfig) -> Result<NewTopic, Refusal> {
    if name != names::CONSUMER_OFFSETS {
        let why = format!("'{name}' is no internal topic of this broker.");
        return Err(Refusal::because(ErrorCode::InvalidTopicException, why));
    }
    let set = |key: &str, value: &str| (key.to_owned(), Some(value.to_owned()));
    let partitions = broker.offsets_topic_num_partitions.min(TOPIC_PARTITIONS_MAX);
    Ok(NewTopic {
        name: name.to_owned(),
        partitions: i32::try_from(partitions).ok(),
        // Kafka's default of 3 cannot be had on one broker.
        replication_factor: Some(1),
        assignments: Vec::new(),
        configs: vec![
            set("cleanup.policy", "compact"),
            set("compression.type", "producer"),
            set("segment.bytes", "104857600"),
        ],
    })
}

fn checked_configs(
    configs: &[(String, Option<String>)],
    broker: &BrokerConfig,
) -> Result<Overrides, Refusal> {
    let mut overrides = Overrides::new();
    for (key, value) in configs {
        let Some(value) = value else {
            let why = format!("Null value not supported for topic configs: {key}");
            return Err(Refusal::because(ErrorCode::InvalidConfig, why));
        };
        overrides.insert(key.clone(), value.clone());
    }
    match TopicConfig::resolve(&overrides, broker) {
        Ok(_) => Ok(overrides),
        Err(fault) => Err(Refusal::because(ErrorCode::InvalidConfig, fault.to_string())),
    }
}

fn partition_records(
    topic_id: Uuid,
    first: i32,
    placed: Vec<Replicas>,
) -> impl Iterator<Item = MetaRecord> {
    (first..).zip(placed).map(move |(index, replicas)| {
        MetaRecord::Partition(PartitionRecord::new(topic_id, PartitionIndex(index), replicas))
    })
}

fn check_partition_count(count: i32) -> Result<(), Refusal> {
    let why = match count {
        ..=0 => "Number of partitions was set to an invalid non-positive value.".to_owned(),
        _ if count.unsigned_abs() > TOPIC_PARTITIONS_MAX => {
            format!("{count} partitions: a topic may have {TOPIC_PARTITIONS_MAX} at most.")
        }
        _ => return Ok(()),
    };
    Err(Refusal::because(ErrorCode::InvalidPartitions, why))
}

fn within_command(partitions: impl Iterator<Item = i64>) -> Result<(), Refusal> {
    let total = partitions.fold(0i64, i64::saturating_add);
    if total <= i64::from(COMMAND_PARTITIONS_MAX) {
        return Ok(());
    }
    let why = format!(
        "{total} partitions in one request: {COMMAND_PARTITIONS_MAX} at most, \
         send several requests."
    );
    Err(Refusal::because(ErrorCode::PolicyViolation, why))
}

fn occurrences<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, u32> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_insert(0) += 1;
    }
    counts
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::because(ErrorCode::InvalidRequest, why)
}

fn duplicate_name() -> Refusal {
    invalid("Duplicate topic name.")
}

fn deletion_disabled() -> Refusal {
    let why = "Topic deletion is disabled by 'delete.topic.enable'.";
    Refusal::because(ErrorCode::TopicDeletionDisabled, why)
}
