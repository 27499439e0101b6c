//! Which shard owns a partition: the one place that knows.
//!
//! A function of the topic id and the shard count only, so that every shard agrees without
//! talking, and a restart with another number of shards just works: data on disk does not
//! depend on it. Neighbouring partitions of a topic land on different shards.

use millstream_shards::ShardId;
use millstream_wire::Uuid;

/// The owner of partition `index` of topic `topic_id` among `shards` shards (at least 1).
#[must_use]
pub fn owner(topic_id: Uuid, index: i32, shards: usize) -> ShardId {
    let seed = topic_id
        .0
        .iter()
        .fold(0u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    let slot = seed.wrapping_add(index.unsigned_abs()) as usize % shards.max(1);
    ShardId(u16::try_from(slot).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_partitions_alternate_between_shards() {
        let id = Uuid([7; 16]);
        let owners: Vec<_> = (0..4).map(|index| owner(id, index, 2)).collect();
        assert_eq!(owners[0], owners[2]);
        assert_ne!(owners[0], owners[1]);
        assert_eq!(owners[1], owners[3]);
    }

    #[test]
    fn one_shard_owns_everything() {
        assert_eq!(owner(Uuid([9; 16]), 123, 1), ShardId(0));
    }
}
