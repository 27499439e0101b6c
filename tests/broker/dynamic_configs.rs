//! Settings as tools see them, and as they change while the broker runs. What each does to an
//! open log is walked in the engine (`log/tests/dynamic.rs`); here they arrive there.

use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::messages::{
    DescribeConfigsRequest, DescribeConfigsResponse, DescribeProducersRequest,
    DescribeProducersResponse, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
    InitProducerIdRequest, InitProducerIdResponse, ProduceRequest, ProduceResponse,
    describe_configs, describe_producers, incremental_alter_configs, produce,
};
use millstream_wire::{ApiKey, ErrorCode, Records};

use crate::harness::{Broker, PATIENCE};
use crate::metadata_apis::create;
use crate::wire_client::WireClient;

const TOPIC: &str = "t";

/// Sets a key of all brokers; `None` takes it back.
fn set(client: &mut WireClient, key: &'static str, value: Option<&'static str>) {
    let change = incremental_alter_configs::request::Configs {
        name: key.into(),
        config_operation: i8::from(value.is_none()),
        value: value.map(Into::into),
    };
    let resource = incremental_alter_configs::request::Resources {
        resource_type: 4,
        resource_name: "".into(),
        configs: vec![change].into(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource].into(), ..Default::default() };
    let answer = client.ask(ApiKey::IncrementalAlterConfigs, 1, &request);
    let response: IncrementalAlterConfigsResponse<'_> = answer.read();
    assert_eq!(response.responses.iter().next().expect("one row").error_code, 0, "{key}");
}

/// Writes one record of the producer; gives the error code.
fn write(client: &mut WireClient, producer: (i64, i32), bytes: usize) -> i16 {
    let mut batch = BatchBuilder::new(Codec::None).producer(producer.0, 0, producer.1);
    batch.append(1_700_000_000_000, None, Some(&vec![b'x'; bytes]), &[]);
    let bytes = batch.build().expect("builds");
    let records = Some(Records::from(&bytes[..]));
    let data = produce::request::PartitionData { index: 0, records };
    let data = produce::request::TopicData {
        name: TOPIC.into(),
        partition_data: vec![data].into(),
        ..Default::default()
    };
    let request = ProduceRequest {
        acks: -1,
        timeout_ms: 30_000,
        topic_data: vec![data].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::Produce, 9, &request);
    let response: ProduceResponse<'_> = answer.read();
    let topic = response.responses.iter().next().expect("one topic");
    topic.partition_responses.iter().next().expect("one partition").error_code
}

fn producer_id(client: &mut WireClient) -> i64 {
    let request = InitProducerIdRequest {
        transactional_id: None,
        transaction_timeout_ms: 60_000,
        ..Default::default()
    };
    let answer = client.ask(ApiKey::InitProducerId, 2, &request);
    let response: InitProducerIdResponse = answer.read();
    assert_eq!(response.error_code, 0);
    response.producer_id
}

/// How many producers the partition remembers.
fn producers(client: &mut WireClient) -> usize {
    let topic = describe_producers::request::Topics {
        name: TOPIC.into(),
        partition_indexes: vec![0].into(),
    };
    let request = DescribeProducersRequest { topics: vec![topic].into() };
    let answer = client.ask(ApiKey::DescribeProducers, 0, &request);
    let response: DescribeProducersResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("one topic");
    let partition = topic.partitions.iter().next().expect("one partition");
    assert_eq!(partition.error_code, 0);
    partition.active_producers.len()
}

#[test]
fn idle_producers_are_forgotten_by_the_time_that_was_set_last() {
    let broker = Broker::start_with(&["log.retention.check.interval.ms=10"]);
    let mut client = WireClient::connect(&broker);
    create(&mut client, TOPIC, 1);
    let id = producer_id(&mut client);
    assert_eq!(write(&mut client, (id, 0), 10), 0);
    assert_eq!(producers(&mut client), 1, "a day, by default");
    set(&mut client, "producer.id.expiration.ms", Some("1"));
    let until = Instant::now() + PATIENCE;
    while producers(&mut client) > 0 {
        assert!(Instant::now() < until, "it is remembered");
        thread::sleep(Duration::from_millis(5));
    }
    set(&mut client, "producer.id.expiration.ms", None);
    assert_eq!(write(&mut client, (id, 1), 10), 0, "as a client goes on");
    assert_eq!(producers(&mut client), 1, "a day again");
}

#[test]
fn defaults_of_topics_reach_open_partitions_and_leave_them_again() {
    let broker = Broker::start();
    let mut client = WireClient::connect(&broker);
    create(&mut client, TOPIC, 1);
    let id = producer_id(&mut client);
    assert_eq!(write(&mut client, (id, 0), 5_000), 0);
    set(&mut client, "message.max.bytes", Some("1000"));
    assert_eq!(write(&mut client, (id, 1), 5_000), ErrorCode::MessageTooLarge.code());
    set(&mut client, "message.max.bytes", None);
    assert_eq!(write(&mut client, (id, 1), 5_000), 0);
}

#[test]
fn a_broker_lists_every_key_that_kafka_lists() {
    let broker = Broker::start();
    let mut client = WireClient::connect(&broker);
    let resource = describe_configs::request::Resources {
        resource_type: 4,
        resource_name: "1".into(),
        configuration_keys: None,
    };
    let request = DescribeConfigsRequest {
        resources: vec![resource].into(),
        include_synonyms: true,
        include_documentation: true,
    };
    let answer = client.ask(ApiKey::DescribeConfigs, 4, &request);
    let response: DescribeConfigsResponse<'_> = answer.read();
    let result = response.results.iter().next().expect("one resource");
    assert_eq!(result.error_code, 0);
    // Kafka 4.3.1 lists 340; the rest is ours.
    let ours = result.configs.iter().filter(|row| row.name.starts_with("millstream."));
    let ours = ours.count();
    assert_eq!(result.configs.iter().count(), 340 + ours);
    let row = |name: &str| result.configs.iter().find(|row| &*row.name == name).expect(name);
    let timeout = row("transaction.max.timeout.ms");
    assert_eq!(timeout.value.as_deref(), Some("900000"));
    assert_eq!((timeout.config_type, timeout.config_source), (3, 5));
    assert!(timeout.read_only && !timeout.is_sensitive);
    let synonym = timeout.synonyms.iter().next().expect("its default");
    assert_eq!((&*synonym.name, synonym.source), ("transaction.max.timeout.ms", 5));
    assert!(timeout.documentation.is_some_and(|text| text.contains("no effect")));
    let secret = row("ssl.keystore.password");
    assert!(secret.is_sensitive && secret.value.is_none());
}
