//! Deciding what the start of a broker changes, and of one log that failed while it served.
//!
//! A start that follows a clean end changes nothing. After any other end, records that were
//! shown may be gone and their offsets used again: whatever the broker led goes on in the next
//! leader epoch, by which clients and followers notice (KIP-101, KIP-320). One record raises
//! all of them, so that a start with many partitions is one write. A log that is opened again
//! without a start has a record of its own.

use millstream_wire::Uuid;

use super::Decision;
use super::image::Image;
use super::record::{MetaRecord, PartitionRecord};
use crate::ids::{BrokerId, LeaderEpoch, PartitionIndex};

impl Image {
    /// `broker` starts after an end that was not clean; `incarnation` names its new life. The
    /// reply is whether that changes anything: a broker that leads nothing has nothing to raise.
    #[must_use]
    pub fn decide_unclean_start(&self, broker: BrokerId, incarnation: Uuid) -> Decision<bool> {
        let leads = |topic: &std::sync::Arc<super::Topic>| {
            topic.partitions.iter().any(|partition| partition.leader == broker)
        };
        let leads = self.topics().any(leads);
        // As with Kafka, a broker's epoch is the place of its record in the metadata.
        let broker_epoch = i64::try_from(self.version).unwrap_or(i64::MAX);
        let record = MetaRecord::UncleanStart { broker, incarnation, broker_epoch };
        Decision { records: if leads { vec![record] } else { Vec::new() }, reply: leads }
    }

    /// These partitions, by topic and index, go on in their next leader epochs: their logs are
    /// opened again, and nobody knows what is left of what they were writing. Those that are gone
    /// are passed over.
    #[must_use]
    pub fn decide_next_epochs(&self, partitions: &[(Uuid, PartitionIndex)]) -> Decision<()> {
        let next = |&(topic_id, index): &(Uuid, PartitionIndex)| {
            let partition = self.topic_by_id(topic_id)?.partition(index)?;
            Some(MetaRecord::Partition(PartitionRecord {
                topic_id,
                index,
                leader: partition.leader,
                leader_epoch: LeaderEpoch(partition.leader_epoch.0.saturating_add(1)),
                partition_epoch: partition.partition_epoch.saturating_add(1),
                replicas: partition.replicas.clone(),
                isr: partition.isr.clone(),
            }))
        };
        Decision { records: partitions.iter().filter_map(next).collect(), reply: () }
    }
}
