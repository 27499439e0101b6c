//! A topic's settings, typed: its overrides over the broker's values over the defaults.
//!
//! Resolved when an image is applied and shared by `Arc`; whoever appends, reads or deletes
//! takes its numbers from here and never looks at a string. Half the fields are sizes in
//! bytes, half times in milliseconds, as their names say. "Never" and "all" are `None`.

use std::collections::BTreeMap;

use millstream_wire::compress::{Codec, Packing};

use super::broker::BrokerConfig;
use super::fault::ConfigFault;
use super::layers::{Layers, ppm_of, u32_of, u64_of};
use super::row::{LONG_MAX, items};
use super::topic_row;

/// Which records may go. Both may be set; neither keeps everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanupPolicy {
    pub delete: bool,
    pub compact: bool,
}

/// Whose clock stamps records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    CreateTime,
    LogAppendTime,
}

/// Whose clock says how old a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetentionClock {
    /// The broker's, at the last append to the record's segment.
    Broker,
    /// The producers': the largest timestamp in the record's segment, as in Kafka.
    Record,
}

/// The settings of one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicConfig {
    pub cleanup_policy: CleanupPolicy,
    /// How batches are stored; `None`: as they were sent.
    pub compression: Option<Packing>,
    /// How long a tombstone outlives the first compaction that meets it.
    pub delete_retention_ms: u64,
    pub file_delete_delay_ms: u64,
    /// Records that may be written and not flushed; 1: acknowledged means flushed.
    /// `None`: flushing is left to the operating system.
    pub flush_messages: Option<u64>,
    /// `None`: no limit in time.
    pub flush_ms: Option<u64>,
    pub index_interval_bytes: u32,
    /// `None`: the dirty ratio alone decides.
    pub max_compaction_lag_ms: Option<u64>,
    pub max_message_bytes: u32,
    /// `None`: any time is accepted.
    pub message_timestamp_after_max_ms: Option<u64>,
    /// `None`: any time is accepted.
    pub message_timestamp_before_max_ms: Option<u64>,
    pub message_timestamp_type: TimestampType,
    /// Compaction begins above this share of dirty bytes, in millionths.
    pub min_cleanable_dirty_ppm: u32,
    pub min_compaction_lag_ms: u64,
    pub min_insync_replicas: u32,
    /// `None`: all bytes are kept.
    pub retention_bytes: Option<u64>,
    pub retention_clock: RetentionClock,
    /// `None`: records are kept for ever.
    pub retention_ms: Option<u64>,
    pub segment_bytes: u64,
    pub segment_index_bytes: u32,
    /// At most this much of `segment_ms` is taken off, segment by segment.
    pub segment_jitter_ms: u64,
    pub segment_ms: u64,
}

impl TopicConfig {
    /// The in-sync replicas that an `acks=all` write needs in a partition of `replicas`: as in
    /// Kafka never more than the partition can have.
    #[must_use]
    pub fn effective_min_insync(&self, replicas: usize) -> usize {
        usize::try_from(self.min_insync_replicas).map_or(replicas, |wanted| wanted.min(replicas))
    }

    /// Checks a topic's overrides and resolves them over the broker's settings.
    ///
    /// # Errors
    /// The first override that is unknown, not honoured or out of bounds.
    pub fn resolve(
        overrides: &BTreeMap<String, String>,
        broker: &BrokerConfig,
    ) -> Result<TopicConfig, ConfigFault> {
        for (key, value) in overrides {
            topic_row(key)?.parse(value)?;
        }
        let layers = broker.layers(Some(overrides));
        Ok(TopicConfig {
            cleanup_policy: cleanup_policy(&layers),
            compression: compression(&layers),
            delete_retention_ms: u64_of(number(&layers, "delete.retention.ms")),
            file_delete_delay_ms: u64_of(number(&layers, "file.delete.delay.ms")),
            flush_messages: bounded(number(&layers, "flush.messages")),
            flush_ms: bounded(number(&layers, "flush.ms")),
            index_interval_bytes: u32_of(number(&layers, "index.interval.bytes")),
            max_compaction_lag_ms: bounded(number(&layers, "max.compaction.lag.ms")),
            max_message_bytes: u32_of(number(&layers, "max.message.bytes")),
            message_timestamp_after_max_ms: bounded(number(
                &layers,
                "message.timestamp.after.max.ms",
            )),
            message_timestamp_before_max_ms: bounded(number(
                &layers,
                "message.timestamp.before.max.ms",
            )),
            message_timestamp_type: timestamp_type(&layers),
            min_cleanable_dirty_ppm: ppm_of(&layers, "min.cleanable.dirty.ratio"),
            min_compaction_lag_ms: u64_of(number(&layers, "min.compaction.lag.ms")),
            min_insync_replicas: u32_of(number(&layers, "min.insync.replicas")),
            retention_bytes: bounded(number(&layers, "retention.bytes")),
            retention_clock: retention_clock(&layers),
            retention_ms: bounded(number(&layers, "retention.ms")),
            segment_bytes: u64_of(number(&layers, "segment.bytes")),
            segment_index_bytes: u32_of(number(&layers, "segment.index.bytes")),
            segment_jitter_ms: u64_of(number(&layers, "segment.jitter.ms")),
            segment_ms: u64_of(number(&layers, "segment.ms")),
        })
    }
}

impl Default for TopicConfig {
    /// A topic without overrides on a broker without settings.
    fn default() -> Self {
        TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default())
            .expect("no override, none that is wrong")
    }
}

fn number(layers: &Layers<'_>, name: &str) -> i64 {
    layers.number(name).expect("topic rows have defaults, and values were parsed")
}

/// Kafka's `-1` and its largest long both say "no limit".
fn bounded(number: i64) -> Option<u64> {
    u64::try_from(number).ok().filter(|_| number != LONG_MAX)
}

fn cleanup_policy(layers: &Layers<'_>) -> CleanupPolicy {
    let text = layers.text("cleanup.policy").unwrap_or_default();
    let has = |word: &str| items(&text).any(|item| item == word);
    CleanupPolicy { delete: has("delete"), compact: has("compact") }
}

fn compression(layers: &Layers<'_>) -> Option<Packing> {
    let codec = Codec::from_name(layers.text("compression.type")?.as_str())?;
    let level = match codec {
        Codec::None | Codec::Snappy => None,
        Codec::Gzip => Some(number(layers, "compression.gzip.level")),
        Codec::Lz4 => Some(number(layers, "compression.lz4.level")),
        Codec::Zstd => Some(number(layers, "compression.zstd.level")),
    };
    Some(Packing { codec, level: level.and_then(|level| i32::try_from(level).ok()) })
}

fn timestamp_type(layers: &Layers<'_>) -> TimestampType {
    match layers.text("message.timestamp.type").as_deref() {
        Some("LogAppendTime") => TimestampType::LogAppendTime,
        _ => TimestampType::CreateTime,
    }
}

fn retention_clock(layers: &Layers<'_>) -> RetentionClock {
    match layers.text("millstream.retention.clock").as_deref() {
        Some("record") => RetentionClock::Record,
        _ => RetentionClock::Broker,
    }
}
