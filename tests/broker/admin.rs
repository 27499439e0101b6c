//! Topics and their settings, through librdkafka's admin client.

use rdkafka::admin::TopicReplication::Fixed;
use rdkafka::admin::{AdminOptions, AlterConfig, NewPartitions, NewTopic, ResourceSpecifier};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{
    PARTITIONS, admin, assert_holds, config, create, now, produce, read_all, rows,
};

/// Every topic that Metadata shows, with its number of partitions.
fn topics(broker: &Broker) -> Vec<(String, usize)> {
    let consumer: BaseConsumer = config(broker.address(), &[]).create().unwrap();
    let told = consumer.fetch_metadata(None, PATIENCE).unwrap();
    let mut found: Vec<_> = told
        .topics()
        .iter()
        .filter(|topic| !topic.name().starts_with("__"))
        .map(|topic| (topic.name().to_owned(), topic.partitions().len()))
        .collect();
    found.sort();
    found
}

#[test]
fn topics_are_created_grown_and_deleted() {
    let broker = Broker::start();
    let (client, options) = (admin(broker.address()), AdminOptions::new());
    let wanted = [NewTopic::new("one", 1, Fixed(1)), NewTopic::new("three", 3, Fixed(1))];
    let made = now(client.create_topics(&wanted, &options)).unwrap();
    assert_eq!(made, [Ok("one".to_owned()), Ok("three".to_owned())]);
    assert_eq!(topics(&broker), [("one".to_owned(), 1), ("three".to_owned(), 3)]);
    let grown = now(client.create_partitions(&[NewPartitions::new("one", 4)], &options)).unwrap();
    assert_eq!(grown, [Ok("one".to_owned())]);
    let gone = now(client.delete_topics(&["three"], &options)).unwrap();
    assert_eq!(gone, [Ok("three".to_owned())]);
    assert_eq!(topics(&broker), [("one".to_owned(), 4)]);
}

#[test]
fn impossible_topics_are_refused_with_kafkas_codes() {
    let broker = Broker::start();
    create(broker.address(), "there", &[]);
    let (client, options) = (admin(broker.address()), AdminOptions::new());
    let long = "x".repeat(250);
    let cases = [
        (NewTopic::new("there", 1, Fixed(1)), RDKafkaErrorCode::TopicAlreadyExists),
        (NewTopic::new("a/b", 1, Fixed(1)), RDKafkaErrorCode::InvalidTopic),
        (NewTopic::new("..", 1, Fixed(1)), RDKafkaErrorCode::InvalidTopic),
        (NewTopic::new(&long, 1, Fixed(1)), RDKafkaErrorCode::InvalidTopic),
        (NewTopic::new("many", 1, Fixed(3)), RDKafkaErrorCode::InvalidReplicationFactor),
        (
            NewTopic::new("odd", 1, Fixed(1)).set("retention.ms", "soon"),
            RDKafkaErrorCode::InvalidConfig,
        ),
        (
            NewTopic::new("odd", 1, Fixed(1)).set("no.such.key", "1"),
            RDKafkaErrorCode::InvalidConfig,
        ),
    ];
    for (wanted, code) in cases {
        let name = wanted.name.to_owned();
        let answer = now(client.create_topics(&[wanted], &options)).unwrap();
        assert_eq!(answer, [Err((name, code))]);
    }
    let missing = now(client.delete_topics(&["nowhere"], &options)).unwrap();
    assert_eq!(missing, [Err(("nowhere".to_owned(), RDKafkaErrorCode::UnknownTopicOrPartition))]);
    let fewer = now(client.create_partitions(&[NewPartitions::new("there", 2)], &options)).unwrap();
    assert_eq!(fewer, [Err(("there".to_owned(), RDKafkaErrorCode::InvalidPartitions))]);
    assert_eq!(topics(&broker), [("there".to_owned(), 6)]);
}

#[test]
fn a_topic_that_is_deleted_and_created_again_is_empty() {
    let broker = Broker::start();
    let rows = rows(2_000);
    for _ in 0..3 {
        create(broker.address(), "again", &[]);
        let empty = read_all(broker.address(), "again", PARTITIONS);
        assert!(empty.values().all(|rows| rows.is_empty()), "the old records are there");
        produce(broker.address(), "again", &rows, &[("enable.idempotence", "true")]);
        assert_holds(&read_all(broker.address(), "again", PARTITIONS), &rows);
        let client = admin(broker.address());
        let gone = now(client.delete_topics(&["again"], &AdminOptions::new())).unwrap();
        assert_eq!(gone, [Ok("again".to_owned())]);
    }
}

/// The value of a topic's key, as DescribeConfigs tells it.
fn setting(broker: &Broker, topic: &str, key: &str) -> Option<String> {
    let client = admin(broker.address());
    let wanted = [ResourceSpecifier::Topic(topic)];
    let told = now(client.describe_configs(&wanted, &AdminOptions::new())).unwrap();
    let resource = told.into_iter().next().unwrap().unwrap();
    resource.get(key).and_then(|entry| entry.value.clone())
}

#[test]
fn settings_of_a_topic_show_what_is_in_force() {
    let broker = Broker::start();
    create(broker.address(), "set", &[("retention.ms", "12345000")]);
    assert_eq!(setting(&broker, "set", "retention.ms").as_deref(), Some("12345000"));
    assert_eq!(setting(&broker, "set", "flush.messages").as_deref(), Some("1"));
    assert_eq!(setting(&broker, "set", "cleanup.policy").as_deref(), Some("delete"));
    let told = broker.command(&["topic", "alter", "set", "--set", "retention.ms=777000"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    assert_eq!(setting(&broker, "set", "retention.ms").as_deref(), Some("777000"));
}

#[test]
fn the_old_alter_configs_is_not_advertised_unless_it_works() {
    let broker = Broker::start();
    create(broker.address(), "set", &[]);
    let client = admin(broker.address());
    let change = AlterConfig::new(ResourceSpecifier::Topic("set")).set("retention.ms", "5000");
    let answer = now(client.alter_configs(&[change], &AdminOptions::new()));
    if answer.is_ok_and(|answers| answers.iter().all(Result::is_ok)) {
        assert_eq!(setting(&broker, "set", "retention.ms").as_deref(), Some("5000"));
    }
}
