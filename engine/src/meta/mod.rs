//! The metadata Decider: topics, configs and producer ids of the cluster.
//!
//! A `decide_*` looks at the `Image` and a command and returns records and a reply, or a
//! refusal; it changes nothing. The controller (`src/controller`) makes the records durable,
//! applies them to its image and publishes it. What is random (topic ids) is an argument.

mod image;
pub mod names;
mod record;

pub use image::{Image, Overrides, Partition, Replicas, Topic};
pub use record::{
    ConfigRecord, MetaRecord, PartitionRecord, RecordFault, ReplayFault, ResourceType,
};
