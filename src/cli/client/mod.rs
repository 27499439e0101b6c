//! A small blocking Kafka client, for the commands of this binary.
//!
//! Plain sockets and one thread: a command that asks one question answers in a few
//! milliseconds, because nothing is started for it. It speaks the versions that Millstream
//! and Apache Kafka have in common, and goes to leaders and coordinators as a client must.

mod cluster;
mod connection;
mod fault;
mod offsets;
mod partitioner;

pub use cluster::{Broker, Client, Missing, Partition, Pause, Topic};
pub use connection::{Answer, Connection};
pub use fault::Fault;
pub use offsets::{Committer, Place, TopicPartition, commit, committed, find};
pub use partitioner::partition_of;
