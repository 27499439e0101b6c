//! A setting that is called dynamic changes what an open log does: the rows are walked.
//!
//! Two logs with one history meet the same requests; one of them has its settings changed in
//! between. Whatever can be seen of them must differ. What the shell reads from the log's
//! settings at each use is seen as it reads it.

use std::fmt::Write;

use super::*;
use crate::config::{BROKER_ROWS, Change, Row, TOPIC_KEYS_WITHOUT_EFFECT, TOPIC_ROWS};

/// A dynamic topic key: other settings that it needs, and a value that is not its default.
type Changed = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const COMPACT: (&str, &str) = ("cleanup.policy", "compact");
const ROLLING: (&str, &str) = ("segment.ms", "5000");

const CHANGED: &[Changed] = &[
    ("cleanup.policy", &[], "compact"),
    ("compression.gzip.level", &[("compression.type", "gzip")], "1"),
    ("compression.lz4.level", &[("compression.type", "lz4")], "3"),
    ("compression.type", &[], "snappy"),
    ("compression.zstd.level", &[("compression.type", "zstd")], "12"),
    ("delete.retention.ms", &[COMPACT], "5"),
    ("file.delete.delay.ms", &[], "5"),
    ("flush.messages", &[], "1000"),
    ("flush.ms", &[("flush.messages", "1000")], "5"),
    ("index.interval.bytes", &[], "1000000"),
    ("max.compaction.lag.ms", &[COMPACT], "3000"),
    ("max.message.bytes", &[], "10000"),
    ("message.timestamp.after.max.ms", &[], "9223372036854775807"),
    ("message.timestamp.before.max.ms", &[], "1000"),
    ("message.timestamp.type", &[], "LogAppendTime"),
    ("millstream.retention.clock", &[("retention.ms", "590000"), ROLLING], "record"),
    ("min.cleanable.dirty.ratio", &[COMPACT, ROLLING], "1.0"),
    ("min.compaction.lag.ms", &[COMPACT, ROLLING], "1000000000"),
    ("min.insync.replicas", &[], "2"),
    ("retention.bytes", &[ROLLING], "1"),
    ("retention.ms", &[ROLLING], "1000"),
    ("segment.bytes", &[], "1048576"),
    ("segment.index.bytes", &[], "24"),
    ("segment.jitter.ms", &[ROLLING], "4900"),
    ("segment.ms", &[], "5000"),
];

/// Dynamic broker keys that are no topic's default, with the test that shows their effect.
const OF_THE_BROKER: &[(&str, &str)] = &[(
    "producer.id.expiration.ms",
    "tests/broker/dynamic_configs.rs: idle_producers_are_forgotten_by_the_time_that_was_set_last",
)];

fn is_dynamic(row: &&Row) -> bool {
    row.change == Change::Dynamic
}

#[test]
fn every_dynamic_topic_key_changes_what_an_open_log_does() {
    let text = prose();
    for row in TOPIC_ROWS.iter().filter(is_dynamic) {
        let inert = TOPIC_KEYS_WITHOUT_EFFECT.contains(&row.name);
        let Some((key, needs, value)) = CHANGED.iter().find(|(key, ..)| *key == row.name) else {
            assert!(inert, "{} is called dynamic: show here what a change of it does", row.name);
            continue;
        };
        assert!(!inert, "{key} has no effect, and one");
        assert_ne!(row.default, Some(*value), "{key}");
        let changed: Vec<_> = needs.iter().copied().chain([(*key, *value)]).collect();
        assert_ne!(
            behaviour(&text, needs, needs),
            behaviour(&text, needs, &changed),
            "{key}={value} changes nothing"
        );
    }
}

#[test]
fn every_dynamic_broker_key_is_the_default_of_open_topics_or_has_its_own_test() {
    let broker = BrokerConfig::default();
    for row in BROKER_ROWS.iter().filter(is_dynamic) {
        let of_topics: Vec<_> = TOPIC_ROWS
            .iter()
            .filter(|topic| topic.synonyms.iter().any(|synonym| synonym.name == row.name))
            .collect();
        let listed = OF_THE_BROKER.iter().any(|(key, _)| *key == row.name);
        assert_eq!(of_topics.is_empty(), listed, "{}: what does a change of it do?", row.name);
        for topic in of_topics {
            let Some((key, _, value)) = CHANGED.iter().find(|(key, ..)| *key == topic.name) else {
                assert!(TOPIC_KEYS_WITHOUT_EFFECT.contains(&topic.name), "{}", row.name);
                continue;
            };
            let set = BTreeMap::from([(row.name.to_owned(), value.to_string())]);
            let changed = broker.with_dynamics(&set).expect("a sound value").topic_defaults();
            assert_eq!(changed, *config(&[(key, value)]), "{} is the default of {key}", row.name);
        }
    }
}

/// Words that compress, differently at each level.
fn prose() -> Vec<u8> {
    let (mut state, mut text) = (7u32, Vec::new());
    while text.len() < 600_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = state >> 20;
        text.extend_from_slice(format!("{word:x} {} ", word % 37).as_bytes());
    }
    text
}

fn one(key: Option<&[u8]>, stamp: i64, value: &[u8]) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.append(stamp, key, Some(value), &[]);
    builder.build().expect("builds")
}

/// All that can be seen of a log that was opened with `before` and is given `after`.
fn behaviour(text: &[u8], before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
    let mut log = fresh(before);
    for (at_ms, stamp) in [(10_000, 9_000), (11_000, 9_500), (12_000, 9_200)] {
        try_append(&mut log, &one(Some(b"key"), stamp, &text[..300]), at_ms);
    }
    commit_all(&mut log);
    log.set_config(config(after));
    let mut seen = String::new();
    let hours = 3 * 3_600_000;
    let requests = [
        (20_000, one(Some(b"key"), 20_000, text)),
        (20_000, one(None, 20_000, b"no key")),
        (20_000, one(Some(b"ahead"), 20_000 + hours, b"value")),
        (20_000, one(Some(b"behind"), 10, b"value")),
    ];
    let later =
        (21..40).map(|second| (second * 1_000, one(Some(b"key"), second * 1_000, &text[..30_000])));
    for (at_ms, bytes) in requests.into_iter().chain(later) {
        let _ = writeln!(seen, "{}", try_append(&mut log, &bytes, at_ms));
    }
    commit_all(&mut log);
    let now = at(600_000);
    let _ = writeln!(seen, "{:?} {:?} {}", log.marks(), log.flushed(), log.unflushed());
    let _ = writeln!(seen, "{:?}", log.segments().collect::<Vec<_>>());
    let _ = writeln!(seen, "{:?} {:?}", log.plan_retention(now), log.cleanable(None, None, now));
    // Read by the shell at each use: removal, compaction, housekeeping, Produce.
    let config = log.config();
    let _ = writeln!(seen, "{} {}", config.file_delete_delay_ms, config.delete_retention_ms);
    let _ = writeln!(seen, "{:?} {}", config.flush_ms, config.effective_min_insync(3));
    seen
}

/// Appends what is admitted; says what was stored, or why nothing was.
fn try_append(log: &mut Log, bytes: &Bytes, at_ms: i64) -> String {
    let config = log.config().clone();
    let origin = Origin::Client { produce_version: 11 };
    match admitted(bytes, &Rules { origin, config: &config, now: at(at_ms) }) {
        Err(fault) => fault.to_string(),
        Ok(stored) => {
            let nothing = (&Refusals::default(), (Uuid::ZERO, 0));
            let verdict = log.plan_append(&stored, nothing, at(at_ms)).expect("in order");
            if let AppendVerdict::Append(plan) = verdict {
                log.apply_append(&stored, &plan, at(at_ms));
            }
            log.check();
            let batch = stored.batches()[0];
            format!("{:?} {} {}", batch.stamp, batch.max_timestamp, crc(stored.bytes()))
        }
    }
}

fn crc(bytes: &[u8]) -> u32 {
    millstream_wire::batch::crc32c(bytes)
}
