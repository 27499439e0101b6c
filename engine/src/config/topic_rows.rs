//! The topic keys that Millstream honours, in alphabetical order.
//!
//! A key that is absent here is refused when a topic is created or altered: a setting that
//! seems to be accepted and does nothing is worse than an error. Defaults are Kafka's,
//! except `flush.messages`: an acknowledged record is on the device.

use super::row::{Row, Synonym};
use crate::limits::BATCH_BYTES_MAX;

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

const fn same(name: &'static str) -> Synonym {
    Synonym { name, factor: 1 }
}

/// The values of `compression.type` that are honoured.
pub(super) const CODECS: [&str; 1] = ["producer"];
pub(super) const TIMESTAMP_TYPES: [&str; 2] = ["CreateTime", "LogAppendTime"];

pub const TOPIC_ROWS: &[Row] = &[
    Row::list("cleanup.policy", "delete")
        .list_of(&["delete", "compact"])
        .synonyms(&[same("log.cleanup.policy")])
        .topic()
        .doc(
            "What happens to old records: `delete` removes whole segments by `retention.ms` and \
             `retention.bytes`; `compact` keeps the last record of every key. Compaction is not \
             running yet: until then a topic that is only compacted keeps all its records.",
        ),
    Row::text("compression.type", "producer")
        .one_of(&CODECS)
        .synonyms(&[same("compression.type")])
        .topic()
        .doc(
            "The codec in which batches are stored. `producer` stores what was sent, byte for \
             byte. Compressing again in the broker, as another value asks, is refused for now.",
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
    Row::int("index.interval.bytes", "4096")
        .at_least(0)
        .synonyms(&[same("log.index.interval.bytes")])
        .topic()
        .doc("Bytes of log between two entries of the sparse index."),
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
    Row::int("min.insync.replicas", "1")
        .at_least(1)
        .synonyms(&[same("min.insync.replicas")])
        .topic()
        .doc(
            "In-sync replicas that an `acks=all` write needs. With fewer the write is refused \
             with NOT_ENOUGH_REPLICAS, so a single node accepts such writes with 1 only.",
        ),
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
        .doc("How long records are kept before their segment may go; -1 keeps them for ever."),
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
    Row::long("segment.ms", "604800000")
        .at_least(1)
        .synonyms(&[same("log.roll.ms"), Synonym { name: "log.roll.hours", factor: HOUR_MS }])
        .topic()
        .doc("The age at which the log goes on in a new segment, so that retention can work."),
];
