//! What is produced comes back: every codec, every kind of acknowledgement, every part of a record.

use std::time::Duration;

use rdkafka::Timestamp;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use millstream_engine::limits::RECORD_FAULTS_MAX;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::messages::{ProduceRequest, ProduceResponse, produce as wire_produce};
use millstream_wire::{ApiKey, ErrorCode, Records};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{
    PARTITIONS, Sender, assert_holds, assert_kept, config, create, produce, read_all, rows,
};
use crate::wire_client::WireClient;

#[test]
fn every_codec_comes_back_row_for_row() {
    let broker = Broker::start();
    let rows = rows(20_000);
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        create(broker.address(), codec, &[]);
        let settings = [("compression.type", codec), ("linger.ms", "5")];
        let settings = [&settings[..], &[("enable.idempotence", "true")]].concat();
        let reports = produce(broker.address(), codec, &rows, &settings);
        let found = read_all(broker.address(), codec, PARTITIONS);
        assert_kept(&found, &rows, &reports);
        assert_holds(&found, &rows);
    }
}

#[test]
fn acks_of_none_one_and_all_arrive() {
    let broker = Broker::start();
    let rows = rows(5_000);
    for acks in ["0", "1", "all"] {
        let topic = format!("acks-{acks}");
        create(broker.address(), &topic, &[]);
        produce(broker.address(), &topic, &rows, &[("acks", acks), ("max.in.flight", "1")]);
        // Without acknowledgements the last rows may still be on their way.
        let mut found = read_all(broker.address(), &topic, PARTITIONS);
        while found.values().map(|rows| rows.len()).sum::<usize>() < rows.len() {
            found = read_all(broker.address(), &topic, PARTITIONS);
        }
        assert_holds(&found, &rows);
    }
}

#[test]
fn a_record_keeps_its_headers_its_time_and_its_nothings() {
    let broker = Broker::start();
    create(broker.address(), "parts", &[]);
    let producer: BaseProducer = config(broker.address(), &[]).create().unwrap();
    let headers = OwnedHeaders::new()
        .insert(Header { key: "trace", value: Some("a-1") })
        .insert(Header { key: "empty", value: Some("") })
        .insert(Header { key: "none", value: None::<&str> })
        .insert(Header { key: "trace", value: Some("a-2") });
    let full = BaseRecord::to("parts").partition(3).key("k").payload("v");
    producer.send(full.headers(headers).timestamp(1_700_000_000_123)).unwrap();
    producer.send(BaseRecord::<str, str>::to("parts").partition(3).key("gone")).unwrap();
    producer.send(BaseRecord::<str, str>::to("parts").partition(3).payload("")).unwrap();
    producer.flush(PATIENCE).unwrap();

    let consumer: BaseConsumer =
        config(broker.address(), &[("group.id", "reader")]).create().unwrap();
    let mut wanted = TopicPartitionList::new();
    wanted.add_partition_offset("parts", 3, Offset::Beginning).unwrap();
    consumer.assign(&wanted).unwrap();
    let next = || consumer.poll(PATIENCE).expect("a record").expect("no fault");

    let first = next();
    assert_eq!((first.key(), first.payload()), (Some(&b"k"[..]), Some(&b"v"[..])));
    assert_eq!(first.timestamp(), Timestamp::CreateTime(1_700_000_000_123));
    let kept: Vec<_> = first.headers().unwrap().iter().map(|h| (h.key, h.value)).collect();
    let wanted: [(&str, Option<&[u8]>); 4] =
        [("trace", Some(b"a-1")), ("empty", Some(b"")), ("none", None), ("trace", Some(b"a-2"))];
    assert_eq!(kept, wanted);
    let second = next();
    assert_eq!((second.key(), second.payload()), (Some(&b"gone"[..]), None));
    let third = next();
    assert_eq!((third.key(), third.payload()), (None, Some(&b""[..])));
}

#[test]
fn append_time_is_the_brokers_where_the_topic_asks_for_it() {
    let broker = Broker::start();
    create(broker.address(), "stamped", &[("message.timestamp.type", "LogAppendTime")]);
    let producer: BaseProducer = config(broker.address(), &[]).create().unwrap();
    producer.send(BaseRecord::to("stamped").key("k").payload("v").timestamp(1)).unwrap();
    producer.flush(PATIENCE).unwrap();
    let settings = [("group.id", "g"), ("auto.offset.reset", "earliest")];
    let consumer: BaseConsumer = config(broker.address(), &settings).create().unwrap();
    let mut wanted = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        wanted.add_partition_offset("stamped", partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&wanted).unwrap();
    let message = consumer.poll(PATIENCE).expect("a record").expect("no fault");
    let Timestamp::LogAppendTime(at) = message.timestamp() else {
        panic!("{:?}", message.timestamp())
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert!(now.abs_diff(Duration::from_millis(at as u64)) < PATIENCE, "{at}");
}

#[test]
fn a_batch_over_the_topics_limit_is_refused_and_the_next_one_is_not() {
    let broker = Broker::start();
    create(broker.address(), "small", &[("max.message.bytes", "10000")]);
    let one_a_batch = [("message.max.bytes", "2000000"), ("batch.num.messages", "1")];
    let sender = Sender::new(broker.address(), "small", &one_a_batch);
    sender.send(0, &("UA".into(), "x".repeat(50_000)));
    sender.send(1, &("UA".into(), "x".repeat(5_000)));
    let mut reports = sender.finish();
    reports.sort_by_key(|report| report.row);
    let refused = reports[0].answer.clone().unwrap_err();
    assert_eq!(refused.rdkafka_error_code(), Some(RDKafkaErrorCode::MessageSizeTooLarge));
    assert!(reports[1].answer.is_ok(), "{:?}", reports[1]);
}

#[test]
fn a_waiting_consumer_gets_a_record_as_soon_as_it_is_written() {
    let broker = Broker::start();
    create(broker.address(), "live", &[]);
    let settings = [("group.id", "g"), ("fetch.wait.max.ms", "30000")];
    let consumer: BaseConsumer = config(broker.address(), &settings).create().unwrap();
    let mut wanted = TopicPartitionList::new();
    wanted.add_partition_offset("live", 0, Offset::Beginning).unwrap();
    consumer.assign(&wanted).unwrap();
    assert!(consumer.poll(Duration::from_millis(500)).is_none(), "nothing is there yet");
    let producer: BaseProducer = config(broker.address(), &[("linger.ms", "0")]).create().unwrap();
    producer.send(BaseRecord::<str, str>::to("live").partition(0).payload("now")).unwrap();
    let message = consumer.poll(Duration::from_secs(15)).expect("long before the 30 s are over");
    assert_eq!(message.unwrap().payload(), Some(&b"now"[..]));
    producer.flush(PATIENCE).unwrap();
}

/// Produces one batch to each partition, in version 9. Each gives its error code, whether there
/// is a message, and the records that are named.
fn refusals(client: &mut WireClient, batches: &[Vec<u8>]) -> Vec<(i16, bool, Vec<i32>)> {
    let data = batches.iter().zip(0..).map(|(bytes, index)| {
        let records = Some(Records::from(&bytes[..]));
        wire_produce::request::PartitionData { index, records }
    });
    let topic = wire_produce::request::TopicData {
        name: "keyed".into(),
        partition_data: data.collect(),
        ..Default::default()
    };
    let request = ProduceRequest {
        acks: -1,
        timeout_ms: 30_000,
        topic_data: vec![topic].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::Produce, 9, &request);
    let response: ProduceResponse<'_> = answer.read();
    let topic = response.responses.iter().next().expect("one topic");
    let row = |row: wire_produce::response::PartitionResponses<'_>| {
        let named = row.record_errors.iter().map(|record| {
            assert!(record.batch_index_error_message.is_some_and(|why| !why.is_empty()));
            record.batch_index
        });
        (row.error_code, row.error_message.is_some(), named.collect())
    };
    topic.partition_responses.iter().map(row).collect()
}

#[test]
fn records_for_which_a_batch_is_refused_are_named_by_their_index() {
    let broker = Broker::start();
    create(broker.address(), "keyed", &[("cleanup.policy", "compact")]);
    let mut client = WireClient::connect(&broker);
    let batch = |codec, keys: &[Option<&str>]| {
        let mut builder = BatchBuilder::new(codec);
        for key in keys {
            builder.append(1_700_000_000_000, key.map(str::as_bytes), Some(b"v"), &[]);
        }
        builder.build().expect("compresses").to_vec()
    };
    let told = refusals(
        &mut client,
        &[
            batch(Codec::None, &[Some("a"), None, Some("c"), None]),
            batch(Codec::Zstd, &[None]),
            batch(Codec::None, &[Some("a")]),
            b"no batch".to_vec(),
        ],
    );
    let refused = ErrorCode::InvalidRecord.code();
    let wanted = [
        (refused, true, vec![1, 3]),
        (refused, true, vec![0]),
        (0, false, vec![]),
        (refused, true, vec![]),
    ];
    assert_eq!(told, wanted);
    // One answer names a bounded number of records, however many partitions it has.
    let many = batch(Codec::Gzip, &vec![None; 600]);
    let told = refusals(&mut client, &vec![many; PARTITIONS as usize]);
    assert!(told.iter().all(|(code, ..)| *code == refused));
    let named: usize = told.iter().map(|(.., named)| named.len()).sum();
    let shards = 2;
    assert!((600..=RECORD_FAULTS_MAX * shards).contains(&named), "{named}");
}
