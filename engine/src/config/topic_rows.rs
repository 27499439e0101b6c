//! The topic keys: all public ones of Kafka 4.3 in alphabetical order, then ours.
//!
//! A key that is absent here is refused when a topic is created or altered. Where a key has
//! nothing to act on in a single node its text says so; a value that would promise what is not
//! there (`remote.storage.enable=true`) is refused. Defaults are Kafka's, except
//! `flush.messages`: an acknowledged record is on the device.

use super::row::{Row, Synonym, is_gzip_level, is_share, is_throttled_replicas};
use crate::limits::BATCH_BYTES_MAX;

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

const fn same(name: &'static str) -> Synonym {
    Synonym { name, factor: 1 }
}

pub(super) const GZIP_LEVELS: &str = "1 to 9, or -1";
pub(super) const ZSTD_LEVEL_MIN: i64 = -131_072;
pub(super) const ZSTD_LEVEL_MAX: i64 = 22;
const REPLICAS_FORM: &str = "`*`, or pairs partition:broker";

/// The values of `compression.type`.
pub(super) const CODECS: [&str; 6] = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"];
pub(super) const TIMESTAMP_TYPES: [&str; 2] = ["CreateTime", "LogAppendTime"];
/// The values of `millstream.retention.clock`.
pub(super) const RETENTION_CLOCKS: [&str; 2] = ["broker", "record"];

/// Topic keys that are checked, kept and shown, because tools and frameworks set them, and that
/// have nothing to act on: one node has no followers, no tiers, and space is always reserved.
pub const TOPIC_KEYS_WITHOUT_EFFECT: [&str; 9] = [
    "follower.replication.throttled.replicas",
    "leader.replication.throttled.replicas",
    "local.retention.bytes",
    "local.retention.ms",
    "preallocate",
    "remote.log.copy.disable",
    "remote.log.delete.on.disable",
    "remote.storage.enable",
    "unclean.leader.election.enable",
];

pub const TOPIC_ROWS: &[Row] = &[
    Row::list("cleanup.policy", "delete")
        .list_of(&["delete", "compact"])
        .synonyms(&[same("log.cleanup.policy")])
        .topic()
        .doc(
            "What happens to old records: `delete` removes whole segments by `retention.ms` and \
             `retention.bytes`; `compact` keeps the last record of every key.",
        ),
    Row::int("compression.gzip.level", "-1")
        .form(GZIP_LEVELS, is_gzip_level)
        .synonyms(&[same("compression.gzip.level")])
        .topic()
        .doc("How hard gzip tries, where the broker compresses; -1 is zlib's own choice."),
    Row::int("compression.lz4.level", "9")
        .range(1, 17)
        .synonyms(&[same("compression.lz4.level")])
        .topic()
        .doc(
            "The level of `compression.type=lz4`. As in Kafka, 9 is the fast encoder; every other \
             level searches for matches, the longer the higher it is.",
        ),
    Row::text("compression.type", "producer")
        .one_of(&CODECS)
        .synonyms(&[same("compression.type")])
        .topic()
        .doc(
            "The codec in which batches are stored. `producer` stores what was sent, byte for \
             byte. With any other value a batch that comes in another codec is compressed again \
             by the broker, which costs it time and memory; the offsets, timestamps and records \
             stay the same. `max.message.bytes` holds for what was sent and for what is stored.",
        ),
    Row::int("compression.zstd.level", "3")
        .range(ZSTD_LEVEL_MIN, ZSTD_LEVEL_MAX)
        .synonyms(&[same("compression.zstd.level")])
        .topic()
        .doc("How hard zstd tries, where the broker compresses."),
    Row::long("delete.retention.ms", "86400000")
        .at_least(0)
        .synonyms(&[same("log.cleaner.delete.retention.ms")])
        .topic()
        .doc(
            "How long a tombstone stays in a compacted topic after compaction has first met it: \
             the time that a consumer has to read to the end without missing a deletion.",
        ),
    Row::long("file.delete.delay.ms", "60000")
        .at_least(0)
        .synonyms(&[same("log.segment.delete.delay.ms")])
        .topic()
        .doc("How long a segment that retention has dropped stays on disk for its last readers."),
    Row::long("flush.messages", "1")
        .at_least(1)
        .synonyms(&[same("log.flush.interval.messages")])
        .topic()
        .doc(
            "Records that may be written and not yet flushed. 1, the default, means that \
             `acks=all` answers after the flush; one flush serves all partitions of a shard. \
             9223372036854775807 is Kafka's default: answer when written, and leave flushing to \
             the operating system.",
        ),
    Row::long("flush.ms", "9223372036854775807")
        .at_least(0)
        .synonyms(&[same("log.flush.interval.ms")])
        .topic()
        .doc("The longest time that a written record stays unflushed when `flush.messages` > 1."),
    Row::list("follower.replication.throttled.replicas", "")
        .form(REPLICAS_FORM, is_throttled_replicas)
        .topic()
        .doc("Follower replicas whose fetching is throttled. A single node has no followers."),
    Row::int("index.interval.bytes", "4096")
        .at_least(0)
        .synonyms(&[same("log.index.interval.bytes")])
        .topic()
        .doc("Bytes of log between two entries of the sparse index."),
    Row::list("leader.replication.throttled.replicas", "")
        .form(REPLICAS_FORM, is_throttled_replicas)
        .topic()
        .doc("Leader replicas whose sending is throttled. A single node has no followers."),
    Row::long("local.retention.bytes", "-2")
        .at_least(-2)
        .synonyms(&[same("log.local.retention.bytes")])
        .topic()
        .doc("Bytes kept locally of a topic with remote storage, which does not exist yet."),
    Row::long("local.retention.ms", "-2")
        .at_least(-2)
        .synonyms(&[same("log.local.retention.ms")])
        .topic()
        .doc("Time kept locally of a topic with remote storage, which does not exist yet."),
    Row::long("max.compaction.lag.ms", "9223372036854775807")
        .at_least(1)
        .synonyms(&[same("log.cleaner.max.compaction.lag.ms")])
        .topic()
        .doc(
            "The longest time that a record of a compacted topic waits for compaction, whatever \
             the dirty ratio; also rolls the active segment.",
        ),
    Row::int("max.message.bytes", "1048588")
        .range(0, BATCH_BYTES_MAX as i64)
        .synonyms(&[same("message.max.bytes")])
        .topic()
        .doc("The largest record batch, as sent (compressed), that the topic accepts."),
    Row::long("message.timestamp.after.max.ms", "3600000")
        .at_least(0)
        .synonyms(&[same("log.message.timestamp.after.max.ms")])
        .topic()
        .doc("How far a record's own timestamp may lie ahead of the broker's clock."),
    Row::long("message.timestamp.before.max.ms", "9223372036854775807")
        .at_least(0)
        .synonyms(&[same("log.message.timestamp.before.max.ms")])
        .topic()
        .doc("How far a record's own timestamp may lie behind the broker's clock."),
    Row::text("message.timestamp.type", "CreateTime")
        .one_of(&TIMESTAMP_TYPES)
        .synonyms(&[same("log.message.timestamp.type")])
        .topic()
        .doc("Whose clock stamps records: the producer's, or the broker's at append."),
    Row::double("min.cleanable.dirty.ratio", "0.5")
        .form("0 to 1", is_share)
        .synonyms(&[same("log.cleaner.min.cleanable.ratio")])
        .topic()
        .doc("The share of a log that is not compacted yet above which compaction begins."),
    Row::long("min.compaction.lag.ms", "0")
        .at_least(0)
        .synonyms(&[same("log.cleaner.min.compaction.lag.ms")])
        .topic()
        .doc("How long a record stays uncompacted at least, by the broker's clock."),
    Row::int("min.insync.replicas", "1")
        .at_least(1)
        .synonyms(&[same("min.insync.replicas")])
        .topic()
        .doc(
            "In-sync replicas that an `acks=all` write needs, capped by the partition's number of \
             replicas: a single node, whose partitions have one, accepts such writes always.",
        ),
    Row::boolean("preallocate", "false")
        .synonyms(&[same("log.preallocate")])
        .topic()
        .doc("Accepted either way: segments are always reserved ahead of the log's end."),
    Row::boolean("remote.log.copy.disable", "false")
        .topic()
        .doc("For topics with remote storage, which does not exist yet."),
    Row::boolean("remote.log.delete.on.disable", "false")
        .topic()
        .doc("For topics with remote storage, which does not exist yet."),
    Row::boolean("remote.storage.enable", "false")
        .one_of(&["false"])
        .topic()
        .doc("Remote storage does not exist yet, so `true` is refused."),
    Row::long("retention.bytes", "-1")
        .at_least(-1)
        .synonyms(&[same("log.retention.bytes")])
        .topic()
        .doc("Bytes that a partition keeps before its oldest segments go; -1 keeps all."),
    Row::long("retention.ms", "604800000")
        .at_least(-1)
        .synonyms(&[
            same("log.retention.ms"),
            Synonym { name: "log.retention.minutes", factor: MINUTE_MS },
            Synonym { name: "log.retention.hours", factor: HOUR_MS },
        ])
        .topic()
        .doc(
            "How long records are kept before their segment may go; -1 keeps them for ever. The \
             time counts from the segment's last append, by the broker's clock; Kafka's goes by \
             the records' timestamps, see `millstream.retention.clock`.",
        ),
    Row::int("segment.bytes", "1073741824")
        .at_least(1_048_576)
        .synonyms(&[same("log.segment.bytes")])
        .topic()
        .doc("The size at which a partition's log goes on in a new segment file."),
    Row::int("segment.index.bytes", "10485760")
        .at_least(4)
        .synonyms(&[same("log.index.size.max.bytes")])
        .topic()
        .doc("The size of a segment's index at which the log goes on in a new segment."),
    Row::long("segment.jitter.ms", "0")
        .at_least(0)
        .synonyms(&[
            same("log.roll.jitter.ms"),
            Synonym { name: "log.roll.jitter.hours", factor: HOUR_MS },
        ])
        .topic()
        .doc("Up to this much is taken off `segment.ms`, differently for each segment."),
    Row::long("segment.ms", "604800000")
        .at_least(1)
        .synonyms(&[same("log.roll.ms"), Synonym { name: "log.roll.hours", factor: HOUR_MS }])
        .topic()
        .doc("The age at which the log goes on in a new segment, so that retention can work."),
    Row::boolean("unclean.leader.election.enable", "false")
        .synonyms(&[same("unclean.leader.election.enable")])
        .topic()
        .doc(
            "Whether a replica that is not in sync may lead when no other can. A single node \
             never elects.",
        ),
    Row::text("millstream.retention.clock", "broker")
        .one_of(&RETENTION_CLOCKS)
        .synonyms(&[same("millstream.retention.clock")])
        .topic()
        .doc(
            "Whose clock `retention.ms` goes by. `broker`: the time of a segment's last append, \
             which no client can make wrong. `record`: the largest timestamp in the segment, as \
             in Kafka: old records that are copied here go at once, and one from the future \
             keeps its segment until then. A segment without timestamps goes by its last append.",
        ),
];
