//! Offsets of deleted topics go from their groups with the topic, not at some later look.

use millstream_wire::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, OffsetCommitRequest, OffsetCommitResponse,
    OffsetFetchRequest, OffsetFetchResponse, offset_commit, offset_fetch,
};
use millstream_wire::{ApiKey, ErrorCode, Uuid};

use crate::harness::Broker;
use crate::metadata_apis::{create, delete};
use crate::wire_client::WireClient;

const GROUP: &str = "readers";

/// Makes the group's coordinator, and waits until it has loaded.
fn find_coordinator(client: &mut WireClient) {
    let request = FindCoordinatorRequest {
        coordinator_keys: vec![GROUP.into()].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::FindCoordinator, 4, &request);
    let response: FindCoordinatorResponse<'_> = answer.read();
    assert_eq!(response.coordinators.iter().next().expect("one row").error_code, 0);
    while all(client).is_none() {
        std::thread::yield_now();
    }
}

/// Commits an offset of partition 0, by name or by id.
fn commit(client: &mut WireClient, version: i16, topic: (&'static str, Uuid), offset: i64) -> i16 {
    let partition = offset_commit::request::Partitions {
        committed_offset: offset,
        committed_leader_epoch: -1,
        ..Default::default()
    };
    let topic = offset_commit::request::Topics {
        name: topic.0.into(),
        topic_id: topic.1,
        partitions: vec![partition].into(),
    };
    let request = OffsetCommitRequest {
        group_id: GROUP.into(),
        generation_id_or_member_epoch: -1,
        topics: vec![topic].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::OffsetCommit, version, &request);
    let response: OffsetCommitResponse<'_> = answer.read();
    let topic = response.topics.iter().next().expect("one topic");
    topic.partitions.iter().next().expect("one partition").error_code
}

/// The topics and offsets of the whole group; `None` while it loads.
fn all(client: &mut WireClient) -> Option<Vec<(String, i64)>> {
    let group = offset_fetch::request::Groups {
        group_id: GROUP.into(),
        topics: None,
        ..Default::default()
    };
    let request = OffsetFetchRequest { groups: vec![group].into(), ..Default::default() };
    let answer = client.ask(ApiKey::OffsetFetch, 9, &request);
    let response: OffsetFetchResponse<'_> = answer.read();
    let group = response.groups.iter().next().expect("one group");
    if group.error_code != ErrorCode::None.code() {
        return None;
    }
    let offsets = group.topics.iter().flat_map(|topic| {
        let name = topic.name.to_string();
        let partitions: Vec<_> = topic.partitions.iter().collect();
        partitions.into_iter().map(move |p| (name.clone(), p.committed_offset))
    });
    Some(offsets.collect())
}

fn offset(topic: &str, offset: i64) -> (String, i64) {
    (topic.to_owned(), offset)
}

#[test]
fn offsets_of_a_deleted_topic_are_gone_when_the_deletion_is_answered() {
    let mut broker = Broker::start();
    let mut client = WireClient::connect(&broker);
    find_coordinator(&mut client);
    let kept = create(&mut client, "kept", 1).0;
    assert_eq!(commit(&mut client, 9, ("kept", kept), 9), 0);
    // Faster than anything that only looks now and then.
    for round in 0..50 {
        let id = create(&mut client, "gone", 1).0;
        assert_eq!(all(&mut client).unwrap(), [offset("kept", 9)], "round {round}");
        let version = if round % 2 == 0 { 9 } else { 10 };
        assert_eq!(commit(&mut client, version, ("gone", id), 7), 0);
        assert_eq!(all(&mut client).unwrap(), [offset("gone", 7), offset("kept", 9)]);
        delete(&mut client, "gone");
        assert_eq!(all(&mut client).unwrap(), [offset("kept", 9)], "round {round}");
        let late = commit(&mut client, version, ("gone", id), 8);
        let by_version = [ErrorCode::UnknownTopicOrPartition, ErrorCode::UnknownTopicId];
        assert_eq!(late, by_version[usize::from(version == 10)].code());
    }
    // As a client of old that wants a retention of its own, whose record has no topic id.
    create(&mut client, "gone", 1);
    assert_eq!(commit(&mut client, 2, ("gone", Uuid::ZERO), 6), 0);
    delete(&mut client, "gone");
    create(&mut client, "gone", 1);
    assert_eq!(all(&mut client).unwrap(), [offset("kept", 9)]);
    broker.kill();
    broker.restart();
    let mut client = WireClient::connect(&broker);
    find_coordinator(&mut client);
    assert_eq!(all(&mut client).unwrap(), [offset("kept", 9)], "after a restart");
}
