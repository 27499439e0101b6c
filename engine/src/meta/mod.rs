//! The metadata Decider: topics, configs and producer ids of the cluster.
//!
//! A `decide_*` looks at the `Image` and a command and returns records and a reply, or a
//! refusal; it changes nothing. The controller (`src/controller`) makes the records durable,
//! applies them to its image and publishes it. What is random (ids) is an argument.

mod changes;
mod configs;
mod image;
pub mod names;
mod placement;
mod producers;
mod record;
mod starts;
mod topics;

#[cfg(test)]
mod tests;

pub use changes::TopicChanges;
pub use configs::{AlterKey, AlterResource, ConfigChange};
pub use image::{Image, Overrides, Partition, Replicas, Topic};
pub use producers::ProducerIdBlock;
pub use record::{
    ConfigRecord, MetaRecord, PartitionRecord, RecordFault, ReplayFault, ResourceType,
};
pub use topics::{
    Assignment, ByName, CreatedTopic, DeletedTopic, MorePartitions, NewTopic, TopicRef,
};

use crate::refusal::Refusal;

/// Records to make durable and apply, and the answer to give once that is done. Without
/// records there is nothing to wait for; for a dry run the records are dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<R> {
    pub records: Vec<MetaRecord>,
    pub reply: R,
}

impl<T> Decision<ByName<T>> {
    fn refuse_all(names: Vec<String>, refusal: &Refusal) -> Self {
        let refused = |name| (name, Err(refusal.clone()));
        Decision { records: Vec::new(), reply: names.into_iter().map(refused).collect() }
    }
}
