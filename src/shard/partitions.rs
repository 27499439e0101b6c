//! The partitions that one shard has open, and how they follow the metadata.
//!
//! `apply` is the only place that opens and closes partitions: it compares an image with
//! what is open, one image at a time, and makes the image visible to handlers only when
//! every partition that it names here is open. Lives on its shard.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use millstream_engine::config::{BrokerConfig, TopicConfig};
use millstream_engine::meta::{Image, Topic};
use millstream_shards::sync::Semaphore;
use millstream_wire::Uuid;

use crate::storage::PartitionLog;

use super::Node;

struct Open {
    topic: Arc<Topic>,
    log: PartitionLog,
}

/// Open partitions by topic id and index.
pub struct Partitions {
    open: RefCell<HashMap<(Uuid, i32), Open, foldhash::fast::FixedState>>,
    turn: Semaphore,
}

impl Partitions {
    pub fn new() -> Partitions {
        Partitions { open: RefCell::default(), turn: Semaphore::new(1) }
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

    fn gone(&self, image: &Image) -> Vec<(Uuid, i32)> {
        let open = self.open.borrow();
        open.keys().filter(|(id, _)| image.topic_by_id(*id).is_none()).copied().collect()
    }

    fn needs_config(&self, topic: &Arc<Topic>, index: i32, broker_changed: bool) -> bool {
        let open = self.open.borrow();
        open.get(&(topic.id, index))
            .is_some_and(|open| broker_changed || open.topic.configs != topic.configs)
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
    for (id, index) in partitions.gone(&image) {
        remove(node, id, index).await;
    }
    let config = broker_config(node, &image);
    let broker_changed = config != node.config();
    let change = Change { config: &config, broker_changed };
    for topic in image.topics() {
        for (index, _) in topic.partitions.iter().enumerate() {
            let index = i32::try_from(index).unwrap_or(i32::MAX);
            if node.owner_of(topic.id, index) != node.shard().id() {
                continue;
            }
            if partitions.get(topic.id, index).is_none() {
                open(node, &change, topic, index).await;
            } else if partitions.needs_config(topic, index, change.broker_changed) {
                reconfigure(node, &change, topic, index);
            }
        }
    }
    node.set_metadata(image, config);
}

/// The broker's settings under the image that is being applied.
struct Change<'a> {
    config: &'a Arc<BrokerConfig>,
    broker_changed: bool,
}

async fn open(node: &Node, change: &Change<'_>, topic: &Arc<Topic>, index: i32) {
    let Some(config) = topic_config(change, topic) else { return };
    match node.storage().open_partition(&topic.name, topic.id, index, config).await {
        Ok(log) => {
            let open = Open { topic: topic.clone(), log: log.clone() };
            node.partitions_map().open.borrow_mut().insert((topic.id, index), open);
            if topic.name.as_ref() == crate::coordinator::OFFSETS_TOPIC {
                crate::coordinator::partition_opened(node, index, log);
            }
        }
        Err(fault) => {
            tracing::error!(topic = %topic.name, index, %fault, "partition stays offline");
        }
    }
}

fn reconfigure(node: &Node, change: &Change<'_>, topic: &Arc<Topic>, index: i32) {
    let Some(config) = topic_config(change, topic) else { return };
    let mut open = node.partitions_map().open.borrow_mut();
    if let Some(open) = open.get_mut(&(topic.id, index)) {
        open.topic = topic.clone();
        open.log.update_config(config);
    }
}

async fn remove(node: &Node, id: Uuid, index: i32) {
    let removed = node.partitions_map().open.borrow_mut().remove(&(id, index));
    let Some(open) = removed else { return };
    if open.topic.name.as_ref() == crate::coordinator::OFFSETS_TOPIC {
        crate::coordinator::partition_closed(node, index);
    }
    if let Err(fault) = node.storage().delete_partition(open.log).await {
        tracing::error!(topic = %open.topic.name, index, %fault, "partition files remain");
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

fn topic_config(change: &Change<'_>, topic: &Topic) -> Option<Arc<TopicConfig>> {
    match TopicConfig::resolve(&topic.configs, change.config) {
        Ok(config) => Some(Arc::new(config)),
        Err(fault) => {
            tracing::error!(topic = %topic.name, %fault, "topic configuration does not parse");
            None
        }
    }
}
