//! The handler table, which is the version table: what is here is advertised, and only that.
//!
//! One row per API: key, versions, handler. `ApiVersions` answers from these rows and
//! `net` dispatches by them, so the two cannot differ. Where a row advertises more than it
//! handles, it says so and why. Rows are in the order of the keys.
//! Invariant: what is handled lies within what is advertised, and both end alike.

use std::ops::RangeInclusive;
use std::pin::Pin;

use bytes::Bytes;
use millstream_wire::ApiKey;

use super::{Answer, Context};

/// A handler under way; it stays on its connection's shard.
pub type Serving = Pin<Box<dyn Future<Output = Answer>>>;

/// One API as this broker serves it.
pub struct Row {
    pub key: ApiKey,
    /// The versions that have a handler; others are refused when they come.
    pub versions: RangeInclusive<i16>,
    /// The versions that ApiVersions names.
    pub advertised: RangeInclusive<i16>,
    pub serve: fn(Context, Bytes) -> Serving,
}

macro_rules! row {
    ($key:ident, $versions:expr, $handler:path) => {
        Row {
            key: ApiKey::$key,
            versions: $versions,
            advertised: $versions,
            serve: |ctx, body| Box::pin(async move { $handler(&ctx, &body).await }),
        }
    };
    // The handler takes the frame, to let go of it before its answer is ready.
    ($key:ident, $versions:expr, owned $handler:path) => {
        Row {
            key: ApiKey::$key,
            versions: $versions,
            advertised: $versions,
            serve: |ctx, body| Box::pin($handler(ctx, body)),
        }
    };
    // More is advertised than is handled.
    ($key:ident, $versions:expr, advertised $advertised:expr, owned $handler:path) => {
        Row { advertised: $advertised, ..row!($key, $versions, owned $handler) }
    };
}

/// All served APIs.
pub static ROWS: &[Row] = &[
    // As Kafka 4 does: librdkafka 2.0.2 (seen) takes the absence of Produce 0 to 2 for a broker
    // without gzip, snappy and lz4, and silently sends uncompressed batches.
    row!(Produce, 3..=13, advertised 0..=13, owned super::produce::handle),
    row!(Fetch, 4..=18, super::fetch::handle),
    row!(ListOffsets, 1..=11, super::list_offsets::handle),
    row!(Metadata, 0..=13, super::metadata::handle),
    row!(OffsetCommit, 2..=10, super::offset_commit::handle),
    row!(OffsetFetch, 1..=10, super::offset_fetch::handle),
    row!(FindCoordinator, 0..=6, super::find_coordinator::handle),
    row!(JoinGroup, 0..=9, owned super::join_group::handle),
    row!(Heartbeat, 0..=4, super::heartbeat::handle),
    row!(LeaveGroup, 0..=5, super::leave_group::handle),
    row!(SyncGroup, 0..=5, owned super::sync_group::handle),
    row!(DescribeGroups, 0..=6, super::describe_groups::handle),
    row!(ListGroups, 0..=5, super::list_groups::handle),
    row!(ApiVersions, 0..=4, super::api_versions::handle),
    row!(CreateTopics, 2..=7, super::create_topics::handle),
    row!(DeleteTopics, 1..=6, super::delete_topics::handle),
    row!(DeleteRecords, 0..=2, super::delete_records::handle),
    row!(InitProducerId, 0..=5, super::init_producer_id::handle),
    row!(OffsetForLeaderEpoch, 2..=4, super::offset_for_leader_epoch::handle),
    row!(DescribeConfigs, 1..=4, super::describe_configs::handle),
    row!(AlterConfigs, 0..=2, super::alter_configs::handle_whole),
    row!(DescribeLogDirs, 1..=5, super::describe_log_dirs::handle),
    row!(CreatePartitions, 0..=3, super::create_partitions::handle),
    row!(DeleteGroups, 0..=2, super::delete_groups::handle),
    row!(IncrementalAlterConfigs, 0..=1, super::alter_configs::handle_incremental),
    row!(OffsetDelete, 0..=0, super::offset_delete::handle),
    row!(DescribeCluster, 0..=2, super::describe_cluster::handle),
    row!(DescribeProducers, 0..=0, super::describe_producers::handle),
    row!(ListConfigResources, 0..=1, super::list_config_resources::handle),
    row!(DescribeTopicPartitions, 0..=0, super::describe_topic_partitions::handle),
];

/// The row of an API key as it came over the wire.
#[must_use]
pub fn row(key: i16) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.key as i16 == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_and_within_kafkas_versions() {
        for pair in ROWS.windows(2) {
            assert!((pair[0].key as i16) < pair[1].key as i16);
        }
        for row in ROWS {
            let theirs = row.key.versions();
            assert!(theirs.contains(row.versions.start()), "{}", row.key.name());
            assert!(theirs.contains(row.versions.end()), "{}", row.key.name());
            let (handled, advertised) = (&row.versions, &row.advertised);
            assert!(advertised.start() <= handled.start(), "{}", row.key.name());
            assert_eq!(advertised.end(), handled.end(), "{}", row.key.name());
        }
    }
}
