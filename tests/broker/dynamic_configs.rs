//! Settings as tools see them, and as they change while the broker runs. What each does to an
//! open log is walked in the engine (`log/tests/dynamic.rs`); here they arrive there.

use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::messages::{
    DescribeConfigsRequest, DescribeConfigsResponse, DescribeProducersRequest,
    DescribeProducersResponse, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
    InitProducerIdRequest, InitProducerIdResponse, ListConfigResourcesRequest,
    ListConfigResourcesResponse, describe_configs, describe_producers, incremental_alter_configs,
};
use millstream_wire::{ApiKey, ErrorCode};

use crate::harness::{Broker, PATIENCE};
use crate::metadata_apis::create;
use crate::wire_client::WireClient;

const TOPIC: &str = "t";

/// Sets a key of a resource, or takes it back; gives the error code.
fn alter(
    client: &mut WireClient,
    (resource_type, name): (i8, &'static str),
    key: &'static str,
    value: Option<&'static str>,
) -> i16 {
    let change = incremental_alter_configs::request::Configs {
        name: key.into(),
        config_operation: i8::from(value.is_none()),
        value: value.map(Into::into),
    };
    let resource = incremental_alter_configs::request::Resources {
        resource_type,
        resource_name: name.into(),
        configs: vec![change].into(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource].into(), ..Default::default() };
    let answer = client.ask(ApiKey::IncrementalAlterConfigs, 1, &request);
    let response: IncrementalAlterConfigsResponse<'_> = answer.read();
    response.responses.iter().next().expect("one row").error_code
}

/// Sets a key of all brokers; `None` takes it back.
fn set(client: &mut WireClient, key: &'static str, value: Option<&'static str>) {
    assert_eq!(alter(client, (4, ""), key, value), 0, "{key}");
}

/// The value of a key of a resource, and where it is from.
fn described(client: &mut WireClient, resource: (i8, &'static str), key: &str) -> (String, i8) {
    let resource = describe_configs::request::Resources {
        resource_type: resource.0,
        resource_name: resource.1.into(),
        configuration_keys: None,
    };
    let request = DescribeConfigsRequest { resources: vec![resource].into(), ..Default::default() };
    let answer = client.ask(ApiKey::DescribeConfigs, 4, &request);
    let response: DescribeConfigsResponse<'_> = answer.read();
    let result = response.results.iter().next().expect("one resource");
    assert_eq!(result.error_code, 0);
    let row = result.configs.iter().find(|row| &*row.name == key).expect("the key");
    (row.value.as_deref().unwrap_or_default().to_owned(), row.config_source)
}

/// Writes one record of the producer; gives the error code.
fn write(client: &mut WireClient, producer: (i64, i32), bytes: usize) -> i16 {
    let mut batch = BatchBuilder::new(Codec::None).producer(producer.0, 0, producer.1);
    batch.append(1_700_000_000_000, None, Some(&vec![b'x'; bytes]), &[]);
    let bytes = batch.build().expect("builds");
    client.produce(TOPIC, 0, &bytes).0
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

#[test]
fn groups_and_client_metrics_subscriptions_keep_their_settings_over_a_restart() {
    const GROUP: (i8, &str) = (32, "g");
    const METRICS: (i8, &str) = (16, "s");
    const SESSION: &str = "consumer.session.timeout.ms";
    let mut broker = Broker::start();
    let mut client = WireClient::connect(&broker);
    assert_eq!(described(&mut client, GROUP, SESSION), ("45000".to_owned(), 5));
    assert_eq!(alter(&mut client, GROUP, SESSION, Some("50000")), 0);
    assert_eq!(alter(&mut client, METRICS, "interval.ms", Some("1000")), 0);
    assert_eq!(alter(&mut client, METRICS, "match", Some("bad")), ErrorCode::InvalidConfig.code());
    broker.kill();
    broker.restart();
    let mut client = WireClient::connect(&broker);
    assert_eq!(described(&mut client, GROUP, SESSION), ("50000".to_owned(), 8));
    assert_eq!(described(&mut client, METRICS, "interval.ms"), ("1000".to_owned(), 7));
    assert_eq!(described(&mut client, METRICS, "match"), (String::new(), 5));
    let request = ListConfigResourcesRequest { resource_types: vec![16, 32].into() };
    let answer = client.ask(ApiKey::ListConfigResources, 1, &request);
    let response: ListConfigResourcesResponse<'_> = answer.read();
    let listed = response.config_resources.iter();
    let listed: Vec<_> =
        listed.map(|one| (one.resource_type, one.resource_name.to_string())).collect();
    assert_eq!(listed, [(16, "s".to_owned()), (32, "g".to_owned())]);
    assert_eq!(alter(&mut client, GROUP, SESSION, None), 0);
    assert_eq!(described(&mut client, GROUP, SESSION), ("45000".to_owned(), 5));
}
