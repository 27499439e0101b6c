//! A small blocking Kafka client, for the commands of this binary.
//!
//! Plain sockets and one thread: a command that asks one question answers in a few
//! milliseconds, because nothing is started for it. It speaks the versions that Millstream
//! and Apache Kafka have in common, and goes to leaders and coordinators as a client must.

mod cluster;
mod connection;
mod consumer;
mod fault;
mod member;
mod offsets;
mod partitioner;
mod producer;

#[cfg(test)]
mod tests;

pub use cluster::{Client, Missing, Topic};
pub use consumer::{After, Consumer};
pub use fault::Fault;
pub use member::{Member, Standing, assigned, lost_its_place};
pub use offsets::{Committer, Place, TopicPartition, commit, committed, find};
pub use producer::{Outgoing, ProduceOptions, Producer};
