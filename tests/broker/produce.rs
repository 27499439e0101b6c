//! What is produced comes back: every codec, every kind of acknowledgement, every part of a record.

use std::time::Duration;

use rdkafka::Timestamp;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{
    PARTITIONS, Sender, assert_holds, assert_kept, config, create, produce, read_all, rows,
};

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
