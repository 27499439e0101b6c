//! A compacted topic through librdkafka: the last value of every key stays, through a kill and a
//! restart; tombstones go after `delete.retention.ms`; `__consumer_offsets` is compacted, too.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{PARTITIONS, Sender, config, create};

const SETTINGS: [&str; 2] = ["log.cleaner.backoff.ms=50", "log.retention.check.interval.ms=200"];
/// Records become ready for compaction fast: the active segment rolls by the longest lag.
const COMPACTED: [(&str, &str); 5] = [
    ("cleanup.policy", "compact"),
    ("max.compaction.lag.ms", "200"),
    ("min.cleanable.dirty.ratio", "0"),
    ("delete.retention.ms", "1500"),
    ("file.delete.delay.ms", "0"),
];

/// The latest of each key, and how many records there were in all.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    latest: BTreeMap<String, Option<String>>,
    records: usize,
}

impl Found {
    fn tombstones(&self) -> usize {
        self.latest.values().filter(|value| value.is_none()).count()
    }

    fn values(&self) -> BTreeMap<&str, &str> {
        let present = self.latest.iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
        present.map(|(key, value)| (key.as_str(), value)).collect()
    }
}

fn read(address: &str, topic: &str) -> Found {
    let settings =
        [("group.id", "reader"), ("enable.auto.commit", "false"), ("enable.partition.eof", "true")];
    let consumer: BaseConsumer = config(address, &settings).create().expect("valid settings");
    let mut wanted = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        wanted.add_partition_offset(topic, partition, Offset::Beginning).expect("an offset");
    }
    consumer.assign(&wanted).expect("an assignment");
    let (mut found, mut ended) = (Found::default(), 0);
    let until = Instant::now() + PATIENCE;
    while ended < PARTITIONS {
        assert!(Instant::now() < until, "{ended} partitions were read to their end");
        match consumer.poll(Duration::from_millis(100)) {
            None => {}
            Some(Err(KafkaError::PartitionEOF(_))) => ended += 1,
            Some(message) => {
                let message = message.expect("a record");
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
                let key = text(message.key().expect("a key"));
                found.latest.insert(key, message.payload().map(text));
                found.records += 1;
            }
        }
    }
    found
}

fn wait_until(address: &str, topic: &str, enough: impl Fn(&Found) -> bool) -> Found {
    let until = Instant::now() + PATIENCE;
    loop {
        let found = read(address, topic);
        if enough(&found) {
            return found;
        }
        assert!(Instant::now() < until, "{} records are left", found.records);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Values for `keys` keys, many times over; every fifth key is deleted at last.
fn produce_rounds(address: &str, topic: &str, round: &str, keys: usize, codec: &str) {
    let settings = [("enable.idempotence", "true"), ("compression.type", codec)];
    let sender = Sender::new(address, topic, &settings);
    for number in 0..keys * 40 {
        let key = format!("key {}", number % keys);
        sender.send(number, &(key, format!("{round} {number}")));
    }
    for number in (0..keys).step_by(5) {
        sender.delete(number, &format!("key {number}"));
    }
    assert!(sender.finish().iter().all(|report| report.answer.is_ok()), "all are acknowledged");
}

fn expected(round: &str, keys: usize) -> BTreeMap<String, String> {
    let last = |number: usize| (format!("key {number}"), format!("{round} {}", keys * 39 + number));
    (0..keys).filter(|number| number % 5 != 0).map(last).collect()
}

fn assert_latest(found: &Found, round: &str, keys: usize) {
    let expected = expected(round, keys);
    let expected: BTreeMap<&str, &str> =
        expected.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(found.values(), expected);
}

#[test]
fn a_compacted_topic_keeps_the_last_value_of_each_key_through_a_kill() {
    const KEYS: usize = 100;
    let mut broker = Broker::start_with(&SETTINGS);
    create(broker.address(), "table", &COMPACTED);
    for (round, codec) in [("first", "none"), ("second", "lz4"), ("third", "zstd")] {
        produce_rounds(broker.address(), "table", round, KEYS, codec);
        let found = wait_until(broker.address(), "table", |found| found.records <= 2 * KEYS);
        assert_latest(&found, round, KEYS);
        broker.kill();
        broker.restart();
        assert_latest(&read(broker.address(), "table"), round, KEYS);
    }
    let found = wait_until(broker.address(), "table", |found| found.tombstones() == 0);
    assert_latest(&found, "third", KEYS);
    assert!(broker.stop().success());
    broker.restart();
    assert_latest(&read(broker.address(), "table"), "third", KEYS);
}

#[test]
fn a_record_without_a_key_has_no_place_in_a_compacted_topic() {
    let broker = Broker::start_with(&SETTINGS);
    create(broker.address(), "table", &COMPACTED);
    let sender = Sender::new(broker.address(), "table", &[]);
    sender.send_keyless(0, "value");
    let reports = sender.finish();
    assert!(reports.len() == 1 && reports[0].answer.is_err(), "{reports:?}");
}

#[test]
fn committed_offsets_survive_the_compaction_of_their_topic() {
    let settings = [
        &SETTINGS[..],
        &["offsets.topic.num.partitions=1", "log.cleaner.min.cleanable.ratio=0"],
        &["log.cleaner.max.compaction.lag.ms=200", "log.segment.delete.delay.ms=0"],
    ];
    let mut broker = Broker::start_with(&settings.concat());
    create(broker.address(), "flights", &[]);
    let consumer = |address: &str| -> BaseConsumer {
        let settings = [("group.id", "g"), ("enable.auto.commit", "false")];
        config(address, &settings).create().expect("valid settings")
    };
    let list = |offset: Offset| {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset("flights", 0, offset).expect("an offset");
        list
    };
    let committing = consumer(broker.address());
    for offset in 1..=200 {
        committing.commit(&list(Offset::Offset(offset)), CommitMode::Sync).expect("committed");
    }
    drop(committing);
    broker.lines_with("compacted topic=__consumer_offsets");
    broker.kill();
    broker.restart();
    let reader = consumer(broker.address());
    let found = reader.committed_offsets(list(Offset::Invalid), PATIENCE).expect("answered");
    assert_eq!(found.elements()[0].offset(), Offset::Offset(200));
}
