//! Topics, settings and offsets in the versions and corners that no one client reaches. The
//! expected codes are those that Apache Kafka 4.3.1 gave to the same requests.

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::messages::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteRecordsRequest, DeleteRecordsResponse, DeleteTopicsRequest, DeleteTopicsResponse,
    DescribeProducersRequest, DescribeProducersResponse, DescribeTopicPartitionsRequest,
    DescribeTopicPartitionsResponse, InitProducerIdRequest, InitProducerIdResponse,
    ListOffsetsRequest, ListOffsetsResponse, MetadataRequest, MetadataResponse,
    OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, create_partitions, create_topics,
    delete_records, delete_topics, describe_producers, describe_topic_partitions, list_offsets,
    metadata, offset_for_leader_epoch,
};
use millstream_wire::{ApiKey, ErrorCode, Uuid};

use crate::harness::Broker;
use crate::wire_client::WireClient;

const START_MS: i64 = 1_700_000_000_000;

/// Creates a topic; gives its id and the row's error code.
pub fn create(client: &mut WireClient, name: &'static str, partitions: i32) -> (Uuid, i16) {
    let topic = create_topics::request::Topics {
        name: name.into(),
        num_partitions: partitions,
        replication_factor: -1,
        ..Default::default()
    };
    let request = CreateTopicsRequest { topics: vec![topic].into(), ..Default::default() };
    let answer = client.ask(ApiKey::CreateTopics, 7, &request);
    let response: CreateTopicsResponse<'_> = answer.read();
    let row = response.topics.iter().next().expect("one row");
    (row.topic_id, row.error_code)
}

/// Deletes a topic that is there.
pub fn delete(client: &mut WireClient, name: &'static str) {
    let topic = delete_topics::request::Topics { name: Some(name.into()), ..Default::default() };
    let request = DeleteTopicsRequest {
        topics: vec![topic].into(),
        timeout_ms: 10_000,
        ..Default::default()
    };
    let answer = client.ask(ApiKey::DeleteTopics, 6, &request);
    let response: DeleteTopicsResponse<'_> = answer.read();
    assert_eq!(response.responses.iter().next().expect("one row").error_code, 0);
}

/// Ten records, one a second from `START_MS` on.
fn fill(client: &mut WireClient, topic: &'static str, producer: Option<i64>) -> i64 {
    let mut batch = BatchBuilder::new(Codec::None);
    if let Some(id) = producer {
        batch = batch.producer(id, 0, 0);
    }
    for n in 0..10 {
        batch.append(START_MS + n * 1000, None, Some(b"value"), &[]);
    }
    let bytes = batch.build().expect("builds");
    let (code, base_offset) = client.produce(topic, 0, &bytes);
    assert_eq!(code, 0);
    base_offset
}

fn list_offsets(client: &mut WireClient, version: i16, timestamp: i64) -> (i16, i64, i64) {
    let partition = list_offsets::request::Partitions { timestamp, ..Default::default() };
    let topic =
        list_offsets::request::Topics { name: "t".into(), partitions: vec![partition].into() };
    let request =
        ListOffsetsRequest { replica_id: -1, topics: vec![topic].into(), ..Default::default() };
    let answer = client.ask(ApiKey::ListOffsets, version, &request);
    let response: ListOffsetsResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("one topic");
    let found = topic.partitions.iter().next().expect("one partition");
    (found.error_code, found.offset, found.timestamp)
}

#[test]
fn offsets_are_found_by_time_in_every_version() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    create(client, "t", 1);
    fill(client, "t", None);
    let unsupported = ErrorCode::UnsupportedVersion.code();
    for version in 1..=11 {
        let mut ask = |timestamp| list_offsets(client, version, timestamp);
        assert_eq!(ask(-1), (0, 10, -1));
        assert_eq!(ask(-2), (0, 0, -1));
        assert_eq!(ask(START_MS), (0, 0, START_MS));
        assert_eq!(ask(START_MS + 1), (0, 1, START_MS + 1000));
        assert_eq!(ask(START_MS + 9001), (0, -1, -1));
        let since = |first, found| if version >= first { found } else { (unsupported, -1, -1) };
        assert_eq!(ask(-3), since(7, (0, 9, START_MS + 9000)));
        assert_eq!(ask(-4), since(8, (0, 0, -1)));
        assert_eq!(ask(-5), since(9, (0, -1, -1)));
        assert_eq!(ask(-6), since(11, (0, -1, -1)));
        assert_eq!(ask(-7), (unsupported, -1, -1));
    }
}

fn delete_records(client: &mut WireClient, offset: i64) -> (i16, i64) {
    let partition = delete_records::request::Partitions { partition_index: 0, offset };
    let topic =
        delete_records::request::Topics { name: "t".into(), partitions: vec![partition].into() };
    let request = DeleteRecordsRequest { topics: vec![topic].into(), timeout_ms: 10_000 };
    let answer = client.ask(ApiKey::DeleteRecords, 2, &request);
    let response: DeleteRecordsResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("one topic");
    let row = topic.partitions.iter().next().expect("one partition");
    (row.error_code, row.low_watermark)
}

#[test]
fn deleted_records_stay_deleted_after_a_kill() {
    let mut broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    create(client, "t", 1);
    fill(client, "t", None);
    let out_of_range = ErrorCode::OffsetOutOfRange.code();
    assert_eq!(delete_records(client, 11), (out_of_range, -1));
    assert_eq!(delete_records(client, -2), (out_of_range, -1));
    assert_eq!(delete_records(client, 4), (0, 4));
    assert_eq!(delete_records(client, 2), (0, 4));
    broker.kill();
    broker.restart();
    let client = &mut WireClient::connect(&broker);
    assert_eq!(list_offsets(client, 5, -2).1, 4);
    assert_eq!(list_offsets(client, 5, START_MS).1, 4);
    assert_eq!(delete_records(client, -1), (0, 10));
    assert_eq!(list_offsets(client, 5, -2).1, 10);
}

#[test]
fn epochs_end_where_the_log_ends_and_unknown_ones_nowhere() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    create(client, "t", 1);
    fill(client, "t", None);
    let mut ask = |current_leader_epoch, leader_epoch| {
        let partition = offset_for_leader_epoch::request::Partitions {
            partition: 0,
            current_leader_epoch,
            leader_epoch,
        };
        let topic = offset_for_leader_epoch::request::Topics {
            topic: "t".into(),
            partitions: vec![partition].into(),
        };
        let request = OffsetForLeaderEpochRequest { replica_id: -1, topics: vec![topic].into() };
        let answer = client.ask(ApiKey::OffsetForLeaderEpoch, 4, &request);
        let response: OffsetForLeaderEpochResponse<'_> = answer.read();
        let topic = response.topics.iter().next().expect("one topic");
        let row = topic.partitions.iter().next().expect("one partition");
        (row.error_code, row.leader_epoch, row.end_offset)
    };
    assert_eq!(ask(-1, 0), (0, 0, 10));
    assert_eq!(ask(0, 0), (0, 0, 10));
    assert_eq!(ask(-1, 1), (0, -1, -1));
    assert_eq!(ask(-1, -1), (0, -1, -1));
    assert_eq!(ask(1, 0).0, ErrorCode::UnknownLeaderEpoch.code());
    assert_eq!(ask(-5, 0).0, ErrorCode::FencedLeaderEpoch.code());
}

fn producer_id(client: &mut WireClient) -> i64 {
    let request = InitProducerIdRequest { transactional_id: None, ..Default::default() };
    let answer = client.ask(ApiKey::InitProducerId, 5, &request);
    let response: InitProducerIdResponse = answer.read();
    assert_eq!((response.error_code, response.producer_epoch), (0, 0));
    response.producer_id
}

#[test]
fn producer_ids_are_never_given_twice_not_even_after_a_kill() {
    let mut broker = Broker::start_with(&["millstream.shards=3"]);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..2 {
        for _ in 0..20 {
            let client = &mut WireClient::connect(&broker);
            assert!(seen.insert(producer_id(client)), "a producer id was given twice");
        }
        broker.kill();
        broker.restart();
    }
}

#[test]
fn an_idempotent_producer_is_shown_where_it_wrote() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    create(client, "t", 1);
    let id = producer_id(client);
    fill(client, "t", Some(id));
    assert_eq!(fill(client, "t", Some(id)), 0, "the same batch again is a duplicate");
    let topic =
        describe_producers::request::Topics { name: "t".into(), partition_indexes: vec![0].into() };
    let request = DescribeProducersRequest { topics: vec![topic].into() };
    let answer = client.ask(ApiKey::DescribeProducers, 0, &request);
    let response: DescribeProducersResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("one topic");
    let partition = topic.partitions.iter().next().expect("one partition");
    let producer = partition.active_producers.iter().next().expect("one producer");
    assert_eq!((producer.producer_id, producer.last_sequence), (id, 9));
    assert_eq!(producer.last_timestamp, START_MS + 9000);
}

#[test]
fn hostile_partition_counts_are_refused_at_once() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    create(client, "t", 1);
    let before_kib = broker.resident_kib();
    for (count, code) in [
        (10_000_000, ErrorCode::InvalidPartitions),
        (i32::MAX, ErrorCode::InvalidPartitions),
        (i32::MIN, ErrorCode::InvalidPartitions),
        (50_000, ErrorCode::PolicyViolation),
    ] {
        let topic =
            create_partitions::request::Topics { name: "t".into(), count, ..Default::default() };
        let request = CreatePartitionsRequest {
            topics: vec![topic].into(),
            timeout_ms: 1000,
            validate_only: true,
        };
        let answer = client.ask(ApiKey::CreatePartitions, 3, &request);
        let response: CreatePartitionsResponse<'_> = answer.read();
        let row = response.results.iter().next().expect("one row");
        assert_eq!(row.error_code, code.code(), "{count}");
    }
    assert_eq!(create(client, "u", 2_000_000_000).1, ErrorCode::InvalidPartitions.code());
    assert!(broker.resident_kib() < before_kib + 8 * 1024, "refusing takes no memory");
}

#[test]
fn a_new_topic_of_an_old_name_has_another_id_and_the_old_id_is_unknown() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    let (id, error) = create(client, "t", 1);
    assert_eq!(error, 0);
    assert_eq!(create(client, "t", 1).1, ErrorCode::TopicAlreadyExists.code());
    let mut by_id = |topic_id| {
        let topic = metadata::request::Topics { topic_id, name: None };
        let request = MetadataRequest { topics: Some(vec![topic].into()), ..Default::default() };
        let answer = client.ask(ApiKey::Metadata, 13, &request);
        let response: MetadataResponse<'_> = answer.read();
        let row = response.topics.iter().next().expect("one row");
        (row.error_code, row.name.map(|name| name.into_owned()))
    };
    assert_eq!(by_id(id), (0, Some("t".to_owned())));
    assert_eq!(by_id(Uuid([9; 16])), (ErrorCode::UnknownTopicId.code(), None));
}

#[test]
fn topics_are_created_by_asking_for_them_only_if_all_agree() {
    let broker = Broker::start();
    let silent = Broker::start_with(&["auto.create.topics.enable=false"]);
    let unknown = ErrorCode::UnknownTopicOrPartition.code();
    for (broker, allow, expected) in
        [(&broker, true, 0), (&broker, false, unknown), (&silent, true, unknown)]
    {
        for version in 4..=13 {
            let client = &mut WireClient::connect(broker);
            let name = format!("auto-{version}-{allow}");
            let topic = metadata::request::Topics { name: Some(name.into()), topic_id: Uuid::ZERO };
            let request = MetadataRequest {
                topics: Some(vec![topic].into()),
                allow_auto_topic_creation: allow,
                ..Default::default()
            };
            let answer = client.ask(ApiKey::Metadata, version, &request);
            let response: MetadataResponse<'_> = answer.read();
            let row = response.topics.iter().next().expect("one row");
            assert_eq!(row.error_code, expected);
            assert_eq!(row.partitions.is_empty(), expected != 0);
        }
    }
}

#[test]
fn pages_of_partitions_join_up_to_all_of_them() {
    let broker = Broker::start();
    let client = &mut WireClient::connect(&broker);
    for name in ["a", "b", "c"] {
        create(client, name, 5);
    }
    for limit in 1..=16 {
        let mut all = Vec::new();
        let mut cursor: Option<(String, i32)> = None;
        loop {
            let at =
                cursor.as_ref().map(|(topic, index)| describe_topic_partitions::request::Cursor {
                    topic_name: topic.as_str().into(),
                    partition_index: *index,
                });
            let request = DescribeTopicPartitionsRequest {
                response_partition_limit: limit,
                cursor: at,
                ..Default::default()
            };
            let answer = client.ask(ApiKey::DescribeTopicPartitions, 0, &request);
            let response: DescribeTopicPartitionsResponse<'_> = answer.read();
            let before = all.len();
            for topic in &response.topics {
                let name = topic.name.as_deref().unwrap_or_default().to_owned();
                all.extend(topic.partitions.iter().map(|p| (name.clone(), p.partition_index)));
            }
            assert!(all.len() - before <= limit as usize, "a page of {limit} at most");
            match response.next_cursor {
                Some(next) => cursor = Some((next.topic_name.into_owned(), next.partition_index)),
                None => break,
            }
        }
        let name = |n: usize| ["a", "b", "c"][n].to_owned();
        let expected: Vec<_> = (0..15).map(|n| (name(n / 5), (n % 5) as i32)).collect();
        assert_eq!(all, expected, "limit {limit}");
    }
}
