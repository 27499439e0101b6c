//! A start after an unclean end goes on in a new leader epoch, and a consumer notices by it that
//! records which it had read are gone (KIP-320). librdkafka asks for itself.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use millstream_wire::messages::{
    FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse, fetch, list_offsets,
};
use millstream_wire::{ApiKey, ErrorCode};
use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};

use crate::harness::{BINARY, Broker, PATIENCE, text};
use crate::rdkafka_client::{config, create};
use crate::wire_client::WireClient;

const TOPIC: &str = "lax";

/// Appends `count` records to partition 0, all acknowledged.
fn append(broker: &Broker, word: &str, count: i64) {
    let settings = [("linger.ms", "0"), ("acks", "all")];
    let producer: BaseProducer = config(broker.address(), &settings).create().expect("settings");
    for number in 0..count {
        let value = format!("{word} {number}");
        let record = BaseRecord::<str, str>::to(TOPIC).partition(0).payload(&value);
        producer.send(record).map_err(|(error, _)| error).expect("queued");
    }
    producer.flush(PATIENCE).expect("answered");
}

fn reader(broker: &Broker) -> BaseConsumer {
    let settings = [
        ("group.id", "reader"),
        ("enable.auto.commit", "false"),
        ("auto.offset.reset", "error"),
        ("topic.metadata.refresh.interval.ms", "200"),
    ];
    let consumer: BaseConsumer = config(broker.address(), &settings).create().expect("settings");
    let mut wanted = TopicPartitionList::new();
    wanted.add_partition_offset(TOPIC, 0, rdkafka::Offset::Beginning).expect("an offset");
    consumer.assign(&wanted).expect("assigned");
    consumer
}

/// The next record's offset and value; transport errors pass by themselves.
fn next(consumer: &BaseConsumer) -> Result<(i64, String), RDKafkaErrorCode> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match consumer.poll(Duration::from_millis(100)) {
            None => {}
            Some(Ok(message)) => {
                let value = message.payload().unwrap_or_default().to_vec();
                return Ok((message.offset(), String::from_utf8(value).expect("our text")));
            }
            Some(Err(KafkaError::MessageConsumption(
                RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::AllBrokersDown,
            ))) => {}
            Some(Err(KafkaError::MessageConsumption(code))) => return Err(code),
            Some(Err(other)) => panic!("{other}"),
        }
    }
    panic!("neither a record nor an error");
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp runs");
    assert!(copied.success());
}

/// Puts all but the metadata back to an earlier copy: what a power cut does to data that was not
/// flushed.
fn lose(data: &Path, copy_of: &Path) {
    for entry in std::fs::read_dir(data).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_owned();
        if name == "__cluster_metadata" || name == ".lock" || name == "meta.properties" {
            continue;
        }
        if path.is_dir() {
            std::fs::remove_dir_all(&path).expect("removed");
        } else {
            std::fs::remove_file(&path).expect("removed");
        }
        if copy_of.join(&name).exists() {
            copy(&copy_of.join(&name), &path);
        }
    }
}

/// How many starts raised the epochs.
fn raises(broker: &Broker) -> usize {
    let log = broker.data().join("data/__cluster_metadata/metadata.log");
    let dumped = Command::new(BINARY).arg("dump").arg(log).output().expect("it runs");
    text(dumped).matches("unclean start").count()
}

/// What Fetch answers of partition 0: its error, and where the logs part.
fn fetch(broker: &Broker, epochs: (i32, i32), offset: i64) -> (ErrorCode, (i32, i64)) {
    let partition = fetch::request::Partitions {
        partition: 0,
        current_leader_epoch: epochs.0,
        fetch_offset: offset,
        last_fetched_epoch: epochs.1,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    };
    let partitions = vec![partition].into();
    let topic = fetch::request::Topics { topic: TOPIC.into(), partitions, ..Default::default() };
    let request = FetchRequest {
        // Longer than the test waits: where the logs part is answered at once.
        max_wait_ms: 300_000,
        min_bytes: 1 << 20,
        max_bytes: 1 << 20,
        topics: vec![topic].into(),
        ..Default::default()
    };
    let answer = WireClient::connect(broker).ask(ApiKey::Fetch, 12, &request);
    let response: FetchResponse<'_> = answer.read();
    let responses = response.responses.iter().next().expect("the topic");
    let row = responses.partitions.iter().next().expect("the partition");
    let parts = &row.diverging_epoch;
    (ErrorCode::from_code(row.error_code).expect("Kafka's"), (parts.epoch, parts.end_offset))
}

/// The epoch that ListOffsets gives with the log's beginning (-2) or end (-1).
fn epoch_at(broker: &Broker, timestamp: i64) -> i32 {
    let partition = list_offsets::request::Partitions { timestamp, ..Default::default() };
    let partitions = vec![partition].into();
    let topic = list_offsets::request::Topics { name: TOPIC.into(), partitions };
    let request =
        ListOffsetsRequest { replica_id: -1, topics: vec![topic].into(), ..Default::default() };
    let answer = WireClient::connect(broker).ask(ApiKey::ListOffsets, 6, &request);
    let response: ListOffsetsResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("the topic");
    topic.partitions.iter().next().expect("the partition").leader_epoch
}

#[test]
fn a_consumer_notices_that_records_which_it_had_read_are_gone() {
    let mut broker = Broker::start();
    create(broker.address(), TOPIC, &[("flush.messages", "9223372036854775807")]);
    append(&broker, "kept", 10);
    assert!(broker.stop().success());
    let (data, saved) = (broker.data().join("data"), broker.data().join("saved"));
    copy(&data, &saved);
    broker.restart();
    assert_eq!(raises(&broker), 0, "a clean stop changes nothing");

    append(&broker, "lost", 10);
    let consumer = reader(&broker);
    let shown: Vec<_> = (0..20).map(|_| next(&consumer).expect("a record").0).collect();
    assert_eq!(shown, (0..20).collect::<Vec<_>>());

    broker.kill();
    broker.restart();
    assert_eq!(raises(&broker), 1);
    assert_eq!((epoch_at(&broker, -2), epoch_at(&broker, -1)), (0, 1));
    let none = (-1, -1);
    assert_eq!(fetch(&broker, (0, -1), 20), (ErrorCode::FencedLeaderEpoch, none));
    assert_eq!(fetch(&broker, (2, -1), 20), (ErrorCode::UnknownLeaderEpoch, none));
    assert_eq!(fetch(&broker, (1, 0), 21), (ErrorCode::None, (0, 20)), "it has one too many");
    assert_eq!(fetch(&broker, (1, 2), 20), (ErrorCode::OffsetOutOfRange, none));
    append(&broker, "also lost", 1);
    let after_a_kill = next(&consumer).expect("nothing is gone, so nothing is to notice");
    assert_eq!(after_a_kill, (20, "also lost 0".to_owned()));

    broker.kill();
    lose(&data, &saved);
    broker.restart();
    assert_eq!(raises(&broker), 2);
    append(&broker, "new", 30);
    assert_eq!(next(&consumer), Err(RDKafkaErrorCode::AutoOffsetReset));
    let again = reader(&broker);
    let values: Vec<_> = (0..40).map(|_| next(&again).expect("a record").1).collect();
    assert_eq!((values[9].as_str(), values[10].as_str()), ("kept 9", "new 0"));
}
