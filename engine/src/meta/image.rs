//! The cluster's metadata as one immutable value: topics, their configs, broker configs,
//! producer id blocks.
//!
//! The controller changes an `Image` only by `apply` of a durable record, then publishes it
//! to every shard behind an `Arc`; replay after a restart is the same `apply`. A clone
//! shares the topics, so that copy-on-write costs what changes. `version` counts the
//! records behind the image: two images of one log with the same version are equal.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::sync::Arc;

use foldhash::quality::FixedState;
use millstream_wire::Uuid;
use smallvec::SmallVec;

use super::names;
use super::record::{ConfigRecord, MetaRecord, PartitionRecord, ReplayFault, ResourceType};
use crate::ids::{BrokerId, LeaderEpoch, PartitionIndex, ProducerId};

/// Config values that somebody set, by Kafka's key name.
pub type Overrides = BTreeMap<String, String>;

/// Brokers of one partition, in Kafka's order (the first is preferred).
pub type Replicas = SmallVec<[BrokerId; 4]>;

static NO_OVERRIDES: Overrides = Overrides::new();

/// Everything that the metadata log says, at one version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// Kafka's base64 form of a random uuid, made when the data directory was formatted.
    pub cluster_id: String,
    /// How many records were applied since the cluster was created.
    pub version: u64,
    topics: Arc<BTreeMap<Arc<str>, Arc<Topic>>>,
    names: Arc<HashMap<Uuid, Arc<str>, FixedState>>,
    /// By `names::collision_key`, the one topic that has it; names that cannot collide are
    /// not here.
    collisions: Arc<BTreeMap<Arc<str>, Arc<str>>>,
    brokers: BTreeMap<BrokerId, Overrides>,
    broker_defaults: Overrides,
    /// Of groups and client metrics subscriptions: those of which something is set.
    resources: Arc<BTreeMap<(ResourceType, Arc<str>), Overrides>>,
    next_producer_id: ProducerId,
    partition_count: u64,
}

/// One topic; shared between images while it does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub name: Arc<str>,
    pub id: Uuid,
    /// By partition index, without gaps.
    pub partitions: Vec<Partition>,
    pub configs: Overrides,
    /// Kafka's own topics, which clients may read but not create with settings of theirs.
    pub internal: bool,
}

/// Where one partition is led and kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
    pub replicas: Replicas,
    pub isr: Replicas,
}

impl Image {
    /// The image of a cluster that has no record yet.
    #[must_use]
    pub fn new(cluster_id: impl Into<String>) -> Self {
        Image { cluster_id: cluster_id.into(), ..Image::default() }
    }

    #[must_use]
    pub fn topic(&self, name: &str) -> Option<&Arc<Topic>> {
        self.topics.get(name)
    }

    #[must_use]
    pub fn topic_by_id(&self, id: Uuid) -> Option<&Arc<Topic>> {
        self.names.get(&id).and_then(|name| self.topics.get(name))
    }

    /// The existing topic whose name differs from `name` in '.' and '_' alone.
    #[must_use]
    pub fn colliding(&self, name: &str) -> Option<&str> {
        let known = self.collisions.get(names::collision_key(name)?.as_str())?;
        (**known != *name).then_some(known)
    }

    /// All topics, in the order of their names.
    pub fn topics(&self) -> impl ExactSizeIterator<Item = &Arc<Topic>> {
        self.topics.values()
    }

    /// The topics whose names are not before `first`, in order.
    pub fn topics_from(&self, first: &str) -> impl Iterator<Item = &Arc<Topic>> {
        use std::ops::Bound;
        let range = (Bound::Included(first), Bound::Unbounded);
        self.topics.range::<str, _>(range).map(|(_, topic)| topic)
    }

    /// Whether no topic was touched between the two images.
    pub(super) fn shares_topics(&self, other: &Image) -> bool {
        Arc::ptr_eq(&self.topics, &other.topics)
    }

    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.topics.len()
    }

    #[must_use]
    pub fn partition_count(&self) -> u64 {
        self.partition_count
    }

    /// What was set on this broker alone, by IncrementalAlterConfigs.
    #[must_use]
    pub fn broker_overrides(&self, broker: BrokerId) -> &Overrides {
        self.brokers.get(&broker).unwrap_or(&NO_OVERRIDES)
    }

    /// What was set as the default of every broker (the empty broker name).
    #[must_use]
    pub fn broker_defaults(&self) -> &Overrides {
        &self.broker_defaults
    }

    /// What was set for a group or a client metrics subscription.
    #[must_use]
    pub fn resource_overrides(&self, resource: ResourceType, name: &str) -> &Overrides {
        self.resources.get(&(resource, Arc::from(name))).unwrap_or(&NO_OVERRIDES)
    }

    /// The groups, or the client metrics subscriptions, of which something is set, by name.
    pub fn resources(&self, resource: ResourceType) -> impl Iterator<Item = &Arc<str>> {
        let names = self.resources.keys().filter(move |(known, _)| *known == resource);
        names.map(|(_, name)| name)
    }

    #[must_use]
    pub fn resource_count(&self) -> usize {
        self.resources.len()
    }

    /// The dynamic values that hold on `broker`: its own over the cluster's defaults.
    #[must_use]
    pub fn dynamic_broker_config(&self, broker: BrokerId) -> Overrides {
        let mut merged = self.broker_defaults.clone();
        merged.extend(self.broker_overrides(broker).iter().map(|(k, v)| (k.clone(), v.clone())));
        merged
    }

    /// The first producer id that no block contains yet.
    #[must_use]
    pub fn next_producer_id(&self) -> ProducerId {
        self.next_producer_id
    }

    /// Replay's `apply`: refuses a record that no controller can have written after the
    /// ones before it, since a disk may lie.
    ///
    /// # Errors
    /// The record does not fit the image; the image is unchanged.
    pub fn replay(&mut self, record: &MetaRecord) -> Result<(), ReplayFault> {
        self.fits(record)?;
        self.apply(record);
        Ok(())
    }

    /// Takes in one durable record. Cannot fail: deciders make only records that fit.
    pub fn apply(&mut self, record: &MetaRecord) {
        debug_assert_eq!(self.fits(record), Ok(()), "a decider made a record that does not fit");
        self.version += 1;
        match record {
            MetaRecord::Topic { name, id } => self.add_topic(name, *id),
            MetaRecord::Partition(partition) => self.set_partition(partition),
            MetaRecord::RemoveTopic { id } => self.remove_topic(*id),
            MetaRecord::Config(config) => self.set_config(config),
            MetaRecord::ProducerIds { next, .. } => self.next_producer_id = *next,
            MetaRecord::UncleanStart { broker, .. } => self.raise_epochs(*broker),
        }
    }

    /// The records that make this image out of an empty one: what a snapshot holds, besides
    /// `version`.
    pub fn snapshot(&self) -> impl Iterator<Item = MetaRecord> {
        let topics = self.topics().flat_map(|topic| topic.snapshot());
        let brokers = self
            .brokers
            .iter()
            .flat_map(|(id, values)| config_records(ResourceType::Broker, id.to_string(), values));
        let defaults = config_records(ResourceType::Broker, String::new(), &self.broker_defaults);
        // As in Kafka's snapshots, the block's holder is not kept.
        let ids = MetaRecord::ProducerIds { broker: BrokerId(-1), next: self.next_producer_id };
        let resources = self.resources.iter();
        let resources = resources
            .flat_map(|((kind, name), values)| config_records(*kind, name.to_string(), values));
        topics.chain(brokers).chain(defaults).chain(resources).chain([ids])
    }

    /// The image that a snapshot's records make, at its version.
    ///
    /// # Errors
    /// The first record that does not fit.
    pub fn restore(
        cluster_id: impl Into<String>,
        version: u64,
        records: impl IntoIterator<Item = MetaRecord>,
    ) -> Result<Image, ReplayFault> {
        let mut image = Image::new(cluster_id);
        for record in records {
            image.replay(&record)?;
        }
        image.version = version;
        Ok(image)
    }

    /// The invariants of an image, one a line.
    ///
    /// # Panics
    /// An invariant does not hold: this program is wrong.
    pub fn check(&self) {
        assert_eq!(self.topics.len(), self.names.len(), "one id for each name");
        let mut partitions = 0;
        for (name, topic) in self.topics.iter() {
            assert_eq!(*name, topic.name, "a topic stands under its own name");
            assert_eq!(self.names.get(&topic.id), Some(name), "its id leads to it");
            assert_ne!(topic.id, Uuid::ZERO, "a topic has an id");
            assert_eq!(topic.internal, names::is_internal(name), "internal by name");
            for partition in &topic.partitions {
                assert!(partition.replicas.contains(&partition.leader), "a replica leads");
                let in_sync = |id| partition.replicas.contains(id);
                assert!(partition.isr.iter().all(in_sync), "only replicas are in sync");
            }
            partitions += topic.partitions.len() as u64;
        }
        assert_eq!(partitions, self.partition_count, "the count is the sum");
        assert!(self.next_producer_id.0 >= 0, "producer ids are not negative");
        assert!(self.brokers.values().all(|values| !values.is_empty()), "no empty override map");
    }

    fn fits(&self, record: &MetaRecord) -> Result<(), ReplayFault> {
        match record {
            MetaRecord::Topic { name, id } if self.topics.contains_key(name.as_str()) => {
                Err(ReplayFault::TopicTwice(*id))
            }
            MetaRecord::Topic { id, .. } if self.names.contains_key(id) => {
                Err(ReplayFault::TopicTwice(*id))
            }
            MetaRecord::Topic { .. } | MetaRecord::Config(_) | MetaRecord::UncleanStart { .. } => {
                Ok(())
            }
            MetaRecord::Partition(partition) => {
                let id = partition.topic_id;
                let topic = self.topic_by_id(id).ok_or(ReplayFault::NoSuchTopic(id))?;
                let known = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
                match partition.index.0 {
                    index if (0..=known).contains(&index) => Ok(()),
                    _ => Err(ReplayFault::PartitionGap(id, partition.index)),
                }
            }
            MetaRecord::RemoveTopic { id } => match self.names.contains_key(id) {
                true => Ok(()),
                false => Err(ReplayFault::NoSuchTopic(*id)),
            },
            MetaRecord::ProducerIds { next, .. } => match *next >= self.next_producer_id {
                true => Ok(()),
                false => Err(ReplayFault::ProducerIdsGoBack(*next)),
            },
        }
    }

    fn add_topic(&mut self, name: &str, id: Uuid) {
        let name: Arc<str> = Arc::from(name);
        let topic = Topic {
            name: Arc::clone(&name),
            id,
            partitions: Vec::new(),
            configs: Overrides::new(),
            internal: names::is_internal(&name),
        };
        Arc::make_mut(&mut self.names).insert(id, Arc::clone(&name));
        if let Some(key) = names::collision_key(&name) {
            Arc::make_mut(&mut self.collisions).insert(key.into(), Arc::clone(&name));
        }
        Arc::make_mut(&mut self.topics).insert(name, Arc::new(topic));
    }

    fn set_partition(&mut self, record: &PartitionRecord) {
        let partition = Partition {
            leader: record.leader,
            leader_epoch: record.leader_epoch,
            partition_epoch: record.partition_epoch,
            replicas: record.replicas.clone(),
            isr: record.isr.clone(),
        };
        let Some(name) = self.names.get(&record.topic_id).cloned() else { return };
        let Some(topic) = self.topic_mut(&name) else { return };
        let at = usize::try_from(record.index.0).unwrap_or(usize::MAX);
        match topic.partitions.get_mut(at) {
            Some(slot) => *slot = partition,
            None => {
                topic.partitions.push(partition);
                self.partition_count += 1;
            }
        }
    }

    fn remove_topic(&mut self, id: Uuid) {
        if let Entry::Occupied(entry) = Arc::make_mut(&mut self.names).entry(id) {
            let name = entry.remove();
            if let Some(key) = names::collision_key(&name) {
                Arc::make_mut(&mut self.collisions).remove(key.as_str());
            }
            let topic = Arc::make_mut(&mut self.topics).remove(&name);
            self.partition_count -= topic.map_or(0, |t| t.partitions.len() as u64);
        }
    }

    /// All partitions that `broker` leads go on in their next leader epoch.
    fn raise_epochs(&mut self, broker: BrokerId) {
        for topic in Arc::make_mut(&mut self.topics).values_mut() {
            if !topic.partitions.iter().any(|partition| partition.leader == broker) {
                continue;
            }
            let partitions = Arc::make_mut(topic).partitions.iter_mut();
            for partition in partitions.filter(|partition| partition.leader == broker) {
                partition.leader_epoch = LeaderEpoch(partition.leader_epoch.0.saturating_add(1));
                partition.partition_epoch = partition.partition_epoch.saturating_add(1);
            }
        }
    }

    fn set_config(&mut self, record: &ConfigRecord) {
        let (key, value) = (&record.key, record.value.as_ref());
        match record.resource {
            ResourceType::Topic => {
                if let Some(topic) = self.topic_mut(&record.name) {
                    set(&mut topic.configs, key, value);
                }
            }
            ResourceType::Broker => match record.name.parse().map(BrokerId) {
                Ok(id) => {
                    let values = self.brokers.entry(id).or_default();
                    set(values, key, value);
                    if values.is_empty() {
                        self.brokers.remove(&id);
                    }
                }
                Err(_) => set(&mut self.broker_defaults, key, value),
            },
            ResourceType::ClientMetrics | ResourceType::Group => {
                let at = (record.resource, Arc::from(record.name.as_str()));
                let resources = Arc::make_mut(&mut self.resources);
                let values = resources.entry(at.clone()).or_default();
                set(values, key, value);
                if values.is_empty() {
                    resources.remove(&at);
                }
            }
        }
    }

    fn topic_mut(&mut self, name: &str) -> Option<&mut Topic> {
        Arc::make_mut(&mut self.topics).get_mut(name).map(Arc::make_mut)
    }
}

impl Topic {
    #[must_use]
    pub fn partition(&self, index: PartitionIndex) -> Option<&Partition> {
        usize::try_from(index.0).ok().and_then(|at| self.partitions.get(at))
    }

    /// All partitions with their indexes.
    pub fn indexed(&self) -> impl ExactSizeIterator<Item = (PartitionIndex, &Partition)> {
        let index = |at: usize| PartitionIndex(i32::try_from(at).unwrap_or(i32::MAX));
        self.partitions.iter().enumerate().map(move |(at, partition)| (index(at), partition))
    }

    fn snapshot(&self) -> impl Iterator<Item = MetaRecord> {
        let topic = MetaRecord::Topic { name: self.name.to_string(), id: self.id };
        let configs = config_records(ResourceType::Topic, self.name.to_string(), &self.configs);
        let partitions = self.indexed().map(|(index, partition)| {
            MetaRecord::Partition(PartitionRecord {
                topic_id: self.id,
                index,
                leader: partition.leader,
                leader_epoch: partition.leader_epoch,
                partition_epoch: partition.partition_epoch,
                replicas: partition.replicas.clone(),
                isr: partition.isr.clone(),
            })
        });
        [topic].into_iter().chain(configs).chain(partitions)
    }
}

fn config_records(
    resource: ResourceType,
    name: String,
    values: &Overrides,
) -> impl Iterator<Item = MetaRecord> {
    values.iter().map(move |(key, value)| {
        MetaRecord::Config(ConfigRecord {
            resource,
            name: name.clone(),
            key: key.clone(),
            value: Some(value.clone()),
        })
    })
}

fn set(values: &mut Overrides, key: &str, value: Option<&String>) {
    match value {
        Some(value) => {
            values.insert(key.to_owned(), value.clone());
        }
        None => {
            values.remove(key);
        }
    }
}
