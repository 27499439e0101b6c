//! The partitions that one shard has open, and how they follow the metadata.
//!
//! `apply` is the only place that opens partitions, and but for `give_up` the only one that closes
//! them: it looks at the topics that differ from the image before, one image at a time, opens many
//! partitions at once, and makes the image visible to handlers only when every partition that it
//! names here is open, or has been found to be offline. Offline ones are tried again with every
//! image, and now and then by `reopen`, which also has those given up here whose logs failed. Lives
//! on its shard.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use millstream_engine::config::{BrokerConfig, TopicConfig};
use millstream_engine::ids::LeaderEpoch;
use millstream_engine::meta::{Image, Topic};
use millstream_shards::sync::Semaphore;
use millstream_wire::Uuid;

use crate::storage::{PartitionLog, StorageFault};

use super::{Node, run_bounded};

/// Partitions that one shard opens or removes at a time: enough to keep a disk busy with
/// small reads, and a scan window each is little memory.
const OPENING_MAX: usize = 32;

struct Open {
    topic: Arc<Topic>,
    log: PartitionLog,
}

/// Open partitions by topic id and index.
pub struct Partitions {
    open: RefCell<HashMap<(Uuid, i32), Open, foldhash::fast::FixedState>>,
    /// Why partitions that the image names are not open.
    offline: RefCell<BTreeMap<(Uuid, i32), String>>,
    /// Those of them that may never have been open: what stands in their place is of a deleted
    /// topic.
    unopened: RefCell<BTreeSet<(Uuid, i32)>>,
    /// Those whose logs failed and are closed, with their last leader epochs: they open in a later
    /// one only.
    given_up: RefCell<BTreeMap<(Uuid, i32), LeaderEpoch>>,
    reopened: Cell<u64>,
    turn: Semaphore,
}

impl Partitions {
    pub fn new() -> Partitions {
        Partitions {
            open: RefCell::default(),
            offline: RefCell::default(),
            unopened: RefCell::default(),
            given_up: RefCell::default(),
            reopened: Cell::new(0),
            turn: Semaphore::new(1),
        }
    }

    pub fn get(&self, topic_id: Uuid, index: i32) -> Option<PartitionLog> {
        self.open.borrow().get(&(topic_id, index)).map(|open| open.log.clone())
    }

    pub fn all(&self) -> Vec<(Uuid, i32, PartitionLog)> {
        let open = self.open.borrow();
        open.iter().map(|((id, index), open)| (*id, *index, open.log.clone())).collect()
    }

    pub fn len(&self) -> usize {
        self.open.borrow().len()
    }

    /// Whether the partition is this shard's and could not be opened.
    pub fn is_offline(&self, topic_id: Uuid, index: i32) -> bool {
        self.offline.borrow().contains_key(&(topic_id, index))
    }

    /// How many partitions of this shard could not be opened.
    pub fn offline_len(&self) -> usize {
        self.offline.borrow().len()
    }

    /// How many partitions were opened again whose logs had failed.
    pub fn reopened(&self) -> u64 {
        self.reopened.get()
    }

    /// Partitions that must go on in a later leader epoch than `image` has for them.
    pub fn outdated(&self, image: &Image) -> Vec<(Uuid, i32)> {
        let given_up = self.given_up.borrow();
        let waits = |&(&(id, index), last): &(&(Uuid, i32), &LeaderEpoch)| {
            image.topic_by_id(id).is_some_and(|topic| epoch_of(topic, index) <= *last)
        };
        given_up.iter().filter(waits).map(|(key, _)| *key).collect()
    }

    fn is_open(&self, id: Uuid, index: i32) -> bool {
        self.open.borrow().contains_key(&(id, index))
    }

    /// The topics of `image` that have an offline partition here.
    fn offline_topics(&self, image: &Image) -> Vec<Arc<Topic>> {
        let mut ids: Vec<Uuid> = self.offline.borrow().keys().map(|(id, _)| *id).collect();
        ids.dedup();
        ids.iter().filter_map(|id| image.topic_by_id(*id).cloned()).collect()
    }
}

/// Opens, reconfigures and removes this shard's partitions so that they match `image`,
/// then shows the image to handlers. Images apply in the order in which they arrive; one
/// that is older than what is applied is ignored.
pub async fn apply(node: &Node, image: Arc<Image>) {
    let partitions = node.partitions_map();
    let _turn = partitions.turn.acquire(1).await;
    let current = node.image();
    if image.version < current.version {
        return;
    }
    let changes = image.topic_changes(&current);
    let gone = changes.gone.iter();
    let gone = gone.flat_map(|topic| owned(node, topic).map(move |index| (topic, index)));
    run_bounded(OPENING_MAX, gone.map(|(topic, index)| remove(node, topic, index))).await;
    let config = broker_config(node, &image);
    let mut topics = match config == node.config() {
        true => changes.changed,
        // Any topic may have inherited what changed.
        false => image.topics().cloned().collect(),
    };
    // Each topic once: a partition that is opened twice has two logs with the same offsets.
    let listed: BTreeSet<Uuid> = topics.iter().map(|topic| topic.id).collect();
    let offline = partitions.offline_topics(&image).into_iter();
    topics.extend(offline.filter(|topic| !listed.contains(&topic.id)));
    // The first image is what the data directory should have, if that was noted: then nothing in it
    // is in the way.
    let is_noted = current.cluster_id.is_empty() && !node.storage().may_have_unopened();
    let mut missing = Vec::new();
    for topic in &topics {
        let Some(settings) = topic_config(&config, topic) else { continue };
        let had = current.topic_by_id(topic.id).map_or(0, |before| before.partitions.len());
        for index in owned(node, topic) {
            let is_new = !is_noted && usize::try_from(index).is_ok_and(|index| index >= had);
            if partitions.is_open(topic.id, index) {
                reconfigure(node, &settings, topic, index);
            } else {
                if is_new {
                    partitions.unopened.borrow_mut().insert((topic.id, index));
                    // Another topic's directory may be in its place.
                    node.storage().expect_unmade(topic.id, index);
                }
                let (topic, settings) = (topic.clone(), settings.clone());
                missing.push(Opening { topic, index, settings, image: image.clone() });
            }
        }
    }
    run_bounded(OPENING_MAX, missing.into_iter().map(|opening| open(node, opening))).await;
    node.set_metadata(image, config);
    crate::coordinator::topics_gone(node, &changes.gone);
}

/// The partitions of a topic that live on this shard.
fn owned<'a>(node: &'a Node, topic: &Topic) -> impl Iterator<Item = i32> + use<'a> {
    let (id, here) = (topic.id, node.shard().id());
    let count = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    (0..count).filter(move |index| node.owner_of(id, *index) == here)
}

/// A partition that is to be opened.
struct Opening {
    topic: Arc<Topic>,
    index: i32,
    settings: Arc<TopicConfig>,
    /// The metadata that has it.
    image: Arc<Image>,
}

async fn open(node: &Node, opening: Opening) {
    let Opening { topic, index, settings, image } = opening;
    let (partitions, key) = (node.partitions_map(), (topic.id, index));
    if partitions.is_open(topic.id, index) {
        return;
    }
    let last = partitions.given_up.borrow().get(&key).copied();
    if last.is_some_and(|last| epoch_of(&topic, index) <= last) {
        return;
    }
    let storage = node.storage();
    let mut opened = storage.open_partition(&topic.name, topic.id, index, settings.clone()).await;
    if let Err(StorageFault::ForeignTopic { found, .. }) = &opened
        && partitions.unopened.borrow().contains(&key)
        && image.topic_by_id(*found).is_none()
    {
        opened = match storage.set_stray_aside(&topic.name, index).await {
            Ok(()) => storage.open_partition(&topic.name, topic.id, index, settings).await,
            Err(fault) => Err(fault),
        };
    }
    match opened {
        Ok(log) => {
            log.set_leader_epoch(epoch_of(&topic, index));
            partitions.unopened.borrow_mut().remove(&key);
            let open = Open { topic: topic.clone(), log: log.clone() };
            partitions.open.borrow_mut().insert(key, open);
            if partitions.given_up.borrow_mut().remove(&key).is_some() {
                partitions.reopened.set(partitions.reopened.get() + 1);
            }
            if partitions.offline.borrow_mut().remove(&key).is_some() {
                tracing::info!(topic = %topic.name, index, "partition is online again");
            }
            if topic.name.as_ref() == crate::coordinator::OFFSETS_TOPIC {
                crate::coordinator::partition_opened(node, index, log);
            }
        }
        Err(fault) => {
            let why = fault.to_string();
            let before = partitions.offline.borrow_mut().insert(key, why.clone());
            if before.as_ref() != Some(&why) {
                tracing::error!(topic = %topic.name, index, fault = why, "partition is offline");
            }
        }
    }
}

/// Gives up a partition whose log failed, if it is still open here: it is offline until it is
/// opened in a later leader epoch than `last`, that of its last record.
pub async fn give_up(node: &Node, log: &PartitionLog, last: LeaderEpoch) {
    let (partitions, key) = (node.partitions_map(), (log.topic_id(), log.index()));
    let _turn = partitions.turn.acquire(1).await;
    let is_open = partitions.get(key.0, key.1).is_some_and(|open| open.is(log));
    if !is_open || !node.storage().give_up(log, node.now()).await {
        return;
    }
    let (topic, index) = (log.topic(), log.index());
    tracing::info!(topic, index, "the partition's log is closed after a failed write");
    partitions.open.borrow_mut().remove(&key);
    partitions.given_up.borrow_mut().insert(key, last);
    partitions.offline.borrow_mut().insert(key, "a write to its log failed".to_owned());
    if topic == crate::coordinator::OFFSETS_TOPIC {
        crate::coordinator::partition_closed(node, index);
    }
}

fn reconfigure(node: &Node, settings: &Arc<TopicConfig>, topic: &Arc<Topic>, index: i32) {
    let mut open = node.partitions_map().open.borrow_mut();
    if let Some(open) = open.get_mut(&(topic.id, index)) {
        open.topic = topic.clone();
        open.log.set_leader_epoch(epoch_of(topic, index));
        open.log.update_config(settings.clone());
    }
}

fn epoch_of(topic: &Topic, index: i32) -> LeaderEpoch {
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    topic.partitions.get(at).map(|partition| partition.leader_epoch).unwrap_or_default()
}

async fn remove(node: &Node, topic: &Topic, index: i32) {
    let (partitions, key) = (node.partitions_map(), (topic.id, index));
    partitions.offline.borrow_mut().remove(&key);
    partitions.unopened.borrow_mut().remove(&key);
    partitions.given_up.borrow_mut().remove(&key);
    let removed = partitions.open.borrow_mut().remove(&key);
    let outcome = match removed {
        Some(open) => {
            if topic.name.as_ref() == crate::coordinator::OFFSETS_TOPIC {
                crate::coordinator::partition_closed(node, index);
            }
            node.storage().delete_partition(open.log).await
        }
        None => node.storage().delete_unopened(&topic.name, topic.id, index).await,
    };
    if let Err(fault) = outcome {
        tracing::error!(topic = %topic.name, index, %fault, "partition files remain");
    }
}

/// The settings with the image's dynamic values; the last good ones when those do not parse.
fn broker_config(node: &Node, image: &Image) -> Arc<BrokerConfig> {
    let current = node.config();
    let dynamics = image.dynamic_broker_config(current.node_id);
    match current.with_dynamics(&dynamics) {
        Ok(config) if config == *current => current,
        Ok(config) => Arc::new(config),
        Err(fault) => {
            tracing::error!(%fault, "stored broker configuration does not parse; not applied");
            current
        }
    }
}

fn topic_config(broker: &BrokerConfig, topic: &Topic) -> Option<Arc<TopicConfig>> {
    match TopicConfig::resolve(&topic.configs, broker) {
        Ok(config) => Some(Arc::new(config)),
        Err(fault) => {
            tracing::error!(topic = %topic.name, %fault, "topic configuration does not parse");
            None
        }
    }
}
