//! Offset commit, fetch, deletion and expiry.

use super::*;
use crate::limits;

const WEEK_MS: u64 = 7 * 24 * 3_600_000;

fn simple(group: &str) -> Identity {
    me(group, "", -1)
}

#[test]
fn a_consumer_outside_of_group_management_commits_and_reads_back() {
    let mut rig = Rig::new();
    rig.get(Call::Commit(commit(simple("g"), "t", 5)));
    assert_eq!(fetched(&mut rig, "g", "t"), Some(5));
    assert_eq!(fetched(&mut rig, "g", "u"), None);
    assert_eq!(fetched(&mut rig, "h", "t"), None);
    rig.restart();
    assert_eq!(fetched(&mut rig, "g", "t"), Some(5));
    let Reply::Fetched(all) = rig.get(Call::Fetch(Fetch { group: text("g"), topics: None })) else {
        panic!()
    };
    assert_eq!((all.len(), all[0].partitions[0].leader_epoch), (1, 3));
}

#[test]
fn refused_commits_get_kafkas_codes_and_write_nothing() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    rig.get(Call::Commit(commit(simple("free"), "t", 1)));
    let written = rig.log.len();
    let old_client = |from| Commit { knows_group_not_found: false, ..commit(from, "t", 1) };
    let rows = [
        (commit(me("nowhere", "m", 1), "t", 1), ErrorCode::GroupIdNotFound),
        (old_client(me("nowhere", "m", 1)), ErrorCode::IllegalGeneration),
        (commit(simple("g"), "t", 1), ErrorCode::UnknownMemberId),
        (commit(me("g", &member, -1), "t", 1), ErrorCode::IllegalGeneration),
        (commit(me("g", &member, 0), "t", 1), ErrorCode::IllegalGeneration),
        (commit(me("g", &member, 2), "t", 1), ErrorCode::IllegalGeneration),
        (commit(me("g", "stranger", 1), "t", 1), ErrorCode::UnknownMemberId),
        (commit(me("free", "stranger", 5), "t", 1), ErrorCode::UnknownMemberId),
        (commit(me("free", "", 0), "t", 1), ErrorCode::UnknownMemberId),
        (commit(simple(&"x".repeat(32_768)), "t", 1), ErrorCode::InvalidGroupId),
    ];
    for (request, code) in rows {
        assert_eq!(rig.code(Call::Commit(request.clone())), code, "{request:?}");
    }
    assert_eq!(rig.log.len(), written);
    assert_eq!(rig.code(Call::Commit(commit(me("g", &member, 1), "t", 1))), ErrorCode::None);
    assert_eq!(rig.code(Call::Commit(commit(simple(""), "t", 1))), ErrorCode::None);
}

#[test]
fn a_commit_between_join_and_assignment_must_wait() {
    let mut rig = Rig::new();
    let (member, token) = rig.enter("g");
    rig.pass(3_000);
    rig.joined(token);
    let early = Call::Commit(commit(me("g", &member, 1), "t", 1));
    assert_eq!(rig.code(early.clone()), ErrorCode::RebalanceInProgress);
    rig.share("g", std::slice::from_ref(&member), 1);
    assert_eq!(rig.code(early), ErrorCode::None);
    // While the next rebalance is prepared, members may still commit what they have.
    rig.ask(Call::Join(join("g", "")));
    rig.ask(Call::Join(join("g", &member)));
    assert_eq!(rig.state("g"), State::PreparingRebalance);
    let last = Call::Commit(commit(me("g", &member, 1), "t", 2));
    assert_eq!(rig.code(last), ErrorCode::None);
}

#[test]
fn a_commit_keeps_the_session_of_its_member_alive() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    for offset in 0..5 {
        rig.pass(9_000);
        rig.get(Call::Commit(commit(me("g", &member, 1), "t", offset)));
    }
    assert_eq!(rig.state("g"), State::Stable);
}

#[test]
fn metadata_over_the_limit_refuses_its_partition_only() {
    let mut rig = Rig::new();
    let mut request = commit(simple("g"), "t", 5);
    let with = |index, length| CommitPartition {
        index,
        offset: 9,
        leader_epoch: -1,
        // Two bytes each, one unit in Kafka's count.
        metadata: text(&"é".repeat(length)),
    };
    request.topics[0].partitions = vec![with(0, 4_096), with(1, 4_097)];
    let Reply::Committed(codes) = rig.get(Call::Commit(request)) else { panic!() };
    let expected = [(0, ErrorCode::None), (1, ErrorCode::OffsetMetadataTooLarge)];
    assert_eq!(codes[0].partitions, expected);
}

#[test]
fn a_commit_that_cannot_be_recorded_changes_nothing() {
    let mut rig = Rig::new();
    rig.get(Call::Commit(commit(simple("g"), "t", 5)));
    rig.refusing = true;
    let refused = rig.code(Call::Commit(commit(simple("g"), "t", 6)));
    assert_eq!(refused, ErrorCode::CoordinatorNotAvailable);
    assert_eq!(rig.code(Call::Delete(text("g"))), ErrorCode::CoordinatorNotAvailable);
    assert_eq!(fetched(&mut rig, "g", "t"), Some(5));
}

#[test]
fn an_offset_of_an_earlier_topic_of_that_name_is_not_shown() {
    let mut rig = Rig::new();
    rig.get(Call::Commit(commit(simple("g"), "t", 5)));
    let mut ask = |id: [u8; 16]| {
        let topic = FetchTopic { topic: text("t"), topic_id: Uuid(id), partitions: vec![0] };
        match rig.get(Call::Fetch(Fetch { group: text("g"), topics: Some(vec![topic]) })) {
            Reply::Fetched(topics) => topics[0].partitions[0].offset,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask([7; 16]), 5);
    assert_eq!(ask([8; 16]), -1);
    assert_eq!(ask([0; 16]), 5);
}

#[test]
fn offsets_are_deleted_unless_a_running_consumer_reads_the_topic() {
    let mut rig = Rig::new();
    let delete = |topic: &str| {
        let topics = vec![(text(topic), vec![0, 1])];
        Call::DeleteOffsets(DeleteOffsets { group: text("g"), topics })
    };
    let codes = |reply| match reply {
        Reply::OffsetsDeleted(codes) => codes[0].partitions.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(rig.code(delete("t")), ErrorCode::GroupIdNotFound);
    let member = rig.stable("g", 1).remove(0);
    rig.get(Call::Commit(commit(me("g", &member, 1), "t", 5)));
    rig.get(Call::Commit(commit(me("g", &member, 1), "u", 5)));
    let subscribed = ErrorCode::GroupSubscribedToTopic;
    assert_eq!(codes(rig.get(delete("t"))), [(0, subscribed), (1, subscribed)]);
    assert_eq!(codes(rig.get(delete("u"))), [(0, ErrorCode::None), (1, ErrorCode::None)]);
    assert_eq!((fetched(&mut rig, "g", "t"), fetched(&mut rig, "g", "u")), (Some(5), None));
    rig.get(Call::Leave(leave("g", &[(&member, None)])));
    assert_eq!(codes(rig.get(delete("t")))[0], (0, ErrorCode::None));
    assert_eq!(fetched(&mut rig, "g", "t"), None);
}

#[test]
fn a_group_of_another_kind_must_be_empty_for_its_offsets_to_be_deleted() {
    let mut rig = Rig::new();
    let mut request = join("g", "");
    request.protocol_type = text("connect");
    request.features.member_id_required = false;
    rig.ask(Call::Join(request));
    rig.pass(3_000);
    let topics = vec![(text("t"), vec![0])];
    let delete = Call::DeleteOffsets(DeleteOffsets { group: text("g"), topics });
    assert_eq!(rig.code(delete), ErrorCode::NonEmptyGroup);
}

#[test]
fn offsets_outlive_their_group_by_the_retention_and_then_the_group_goes() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    rig.get(Call::Commit(commit(me("g", &member, 1), "t", 5)));
    rig.pass(3 * 3_600_000);
    assert_eq!(rig.state("g"), State::Empty);
    rig.pass(WEEK_MS - 4 * 3_600_000);
    assert_eq!(fetched(&mut rig, "g", "t"), Some(5), "counted from when it became empty");
    rig.pass(4 * 3_600_000);
    assert_eq!(fetched(&mut rig, "g", "t"), None);
    assert!(rig.groups.is_empty());
    rig.restart();
    assert!(rig.groups.is_empty(), "the tombstones are in the log");
}

#[test]
fn offsets_of_a_running_group_stay_unless_it_no_longer_reads_the_topic() {
    let mut rig = Rig::new();
    let member = rig.stable("g", 1).remove(0);
    for topic in ["t", "u"] {
        rig.get(Call::Commit(commit(me("g", &member, 1), topic, 5)));
    }
    let mut passed = 0;
    while passed < WEEK_MS + 3_600_000 {
        rig.pass(9_000);
        passed += 9_000;
        rig.code(Call::Heartbeat(me("g", &member, 1)));
    }
    assert_eq!((fetched(&mut rig, "g", "t"), fetched(&mut rig, "g", "u")), (Some(5), None));
}

#[test]
fn a_retention_that_the_client_asked_for_is_kept() {
    let mut rig = Rig::new();
    let request = Commit { retention_ms: Some(1_000_000), ..commit(simple("g"), "t", 5) };
    rig.get(Call::Commit(request));
    rig.restart();
    rig.pass(900_000);
    assert_eq!(fetched(&mut rig, "g", "t"), Some(5));
    rig.pass(700_000);
    assert_eq!(fetched(&mut rig, "g", "t"), None);
}

#[test]
fn a_cleanup_of_many_offsets_goes_on_until_all_are_gone() {
    let mut rig = Rig::new();
    for group in 0..7 {
        let mut request = commit(simple(&format!("g{group}")), "t", 5);
        let one = request.topics[0].partitions[0].clone();
        let many = (0..400).map(|index| CommitPartition { index, ..one.clone() });
        request.topics[0].partitions = many.collect();
        rig.get(Call::Commit(request));
    }
    rig.pass(WEEK_MS + 1_200_000);
    assert!(rig.groups.is_empty());
}

#[test]
fn offsets_of_deleted_topics_go() {
    let mut rig = Rig::new();
    for topic in ["t", "u"] {
        rig.get(Call::Commit(commit(simple("g"), topic, 5)));
    }
    let exists = |topic: &str, id: Uuid| topic == "u" && id == Uuid([7; 16]);
    let step = rig.groups.forget_topics(&Sweep::everything(), exists);
    assert_eq!(step.records.len(), 1);
    rig.settle(step);
    assert_eq!((fetched(&mut rig, "g", "t"), fetched(&mut rig, "g", "u")), (None, Some(5)));
    assert!(rig.groups.forget_topics(&Sweep::everything(), exists).records.is_empty());
}

#[test]
fn a_sweep_looks_at_the_topics_that_it_names() {
    let mut rig = Rig::new();
    let retained = |topic| Commit { retention_ms: Some(9_000), ..commit(simple("g"), topic, 5) };
    rig.get(Call::Commit(commit(simple("g"), "t", 5)));
    rig.get(Call::Commit(commit(simple("g"), "u", 5)));
    rig.get(Call::Commit(retained("v")));
    let mut sweep = Sweep::default();
    assert!(sweep.is_empty());
    for topic in ["t", "v"] {
        sweep.add(&text(topic));
    }
    // Both are there again; `u` is not, but nobody has said so.
    let exists = |topic: &str, id: Uuid| topic != "u" && (id.is_zero() || id == Uuid([8; 16]));
    let step = rig.groups.forget_topics(&sweep, exists);
    rig.settle(step);
    let left = ["t", "u", "v"].map(|topic| fetched(&mut rig, "g", topic));
    assert_eq!(left, [None, Some(5), None]);
}

#[test]
fn a_sweep_of_more_topics_than_it_keeps_looks_at_everything() {
    let mut rig = Rig::new();
    rig.get(Call::Commit(commit(simple("g"), "the last", 5)));
    let mut sweep = Sweep::default();
    for topic in 0..limits::SWEEP_TOPICS_MAX {
        sweep.add(&text(&topic.to_string()));
    }
    assert!(rig.groups.forget_topics(&sweep, |_, _| false).records.is_empty());
    sweep.add(&text("the last"));
    assert_eq!(rig.groups.forget_topics(&sweep, |_, _| false).records.len(), 1);
}

#[test]
fn a_commit_for_a_topic_that_went_meanwhile_is_refused_alone() {
    let mut rig = Rig::new();
    let mut both = commit(simple("g"), "t", 5);
    both.topics.extend(commit(simple("g"), "u", 6).topics);
    both.topics[0].gone = true;
    let Reply::Committed(codes) = rig.get(Call::Commit(both)) else { panic!() };
    let codes: Vec<_> = codes.iter().map(|topic| topic.partitions[0].1).collect();
    assert_eq!(codes, [ErrorCode::UnknownTopicOrPartition, ErrorCode::None]);
    assert_eq!((fetched(&mut rig, "g", "t"), fetched(&mut rig, "g", "u")), (None, Some(6)));
}

#[test]
fn all_offsets_of_a_group_say_which_topic_of_a_name_they_are_of() {
    let mut rig = Rig::new();
    for (index, id) in [(0, 7), (1, 8), (2, 7)] {
        let mut request = commit(simple("g"), "t", 5);
        request.topics[0].topic_id = Uuid([id; 16]);
        request.topics[0].partitions[0].index = index;
        rig.get(Call::Commit(request));
    }
    let Reply::Fetched(all) = rig.get(Call::Fetch(Fetch { group: text("g"), topics: None })) else {
        panic!()
    };
    let indexes = |topic: &FetchedTopic| topic.partitions.iter().map(|p| p.index).collect();
    let told: Vec<(Uuid, Vec<i32>)> = all.iter().map(|t| (t.topic_id, indexes(t))).collect();
    assert_eq!(told, [(Uuid([7; 16]), vec![0, 2]), (Uuid([8; 16]), vec![1])]);
}
