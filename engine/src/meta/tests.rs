//! What the metadata Decider accepts and refuses, and that its log replays to its image.

use std::collections::BTreeMap;

use millstream_wire::{ErrorCode, Uuid};
use proptest::prelude::*;

use super::*;
use crate::config::{AlterOp, BrokerConfig};
use crate::ids::{BrokerId, PartitionIndex, ProducerId};
use crate::limits::{COMMAND_PARTITIONS_MAX, TOPIC_PARTITIONS_MAX};

const NODE: BrokerId = BrokerId(1);

fn broker() -> BrokerConfig {
    BrokerConfig::default()
}

fn settings(pairs: &[(&str, &str)]) -> BrokerConfig {
    let statics: BTreeMap<_, _> =
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    BrokerConfig::resolve(&statics).expect("sound settings").config
}

fn id(n: u8) -> Uuid {
    Uuid([n; 16])
}

fn named(name: &str) -> NewTopic {
    NewTopic { name: name.to_owned(), ..NewTopic::default() }
}

fn sized(name: &str, partitions: i32) -> NewTopic {
    NewTopic { partitions: Some(partitions), ..named(name) }
}

fn assigned(name: &str, lists: &[(i32, &[i32])]) -> NewTopic {
    let assignments = lists
        .iter()
        .map(|(index, brokers)| Assignment {
            index: *index,
            brokers: brokers.iter().copied().map(BrokerId).collect(),
        })
        .collect();
    NewTopic { assignments, ..named(name) }
}

fn configured(name: &str, key: &str, value: Option<&str>) -> NewTopic {
    let configs = vec![(key.to_owned(), value.map(str::to_owned))];
    NewTopic { configs, ..named(name) }
}

fn apply(image: &mut Image, records: &[MetaRecord]) {
    for record in records {
        image.apply(record);
    }
    image.check();
}

fn with_topics(topics: &[NewTopic]) -> Image {
    let mut image = Image::new("cluster");
    let ids: Vec<Uuid> = (1..=topics.len()).map(|n| id(n as u8)).collect();
    let decision = image.decide_create_topics(topics, &ids, &broker());
    for (name, outcome) in &decision.reply {
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    }
    apply(&mut image, &decision.records);
    image
}

fn refusal_of_create(image: &Image, topic: NewTopic) -> ErrorCode {
    let decision = image.decide_create_topics(&[topic], &[id(99)], &broker());
    assert!(decision.records.is_empty(), "a refusal leaves no record");
    decision.reply[0].1.as_ref().expect_err("refused").code()
}

#[test]
fn a_created_topic_has_its_partitions_and_configs() {
    let topic = NewTopic {
        partitions: Some(3),
        configs: vec![("retention.ms".into(), Some("1000".into()))],
        ..named("orders")
    };
    let image = with_topics(&[topic]);
    let topic = image.topic("orders").expect("created");
    assert_eq!(image.topic_by_id(id(1)), Some(topic));
    assert_eq!(topic.partitions.len(), 3);
    assert_eq!(topic.configs.get("retention.ms").map(String::as_str), Some("1000"));
    assert!(topic.partitions.iter().all(|p| p.leader == NODE && p.isr.as_slice() == [NODE]));
    assert_eq!(image.partition_count(), 3);
}

#[test]
fn counts_that_are_left_open_come_from_the_brokers_settings() {
    let image = Image::new("cluster");
    let broker = settings(&[("num.partitions", "7")]);
    let decision = image.decide_create_topics(&[named("t")], &[id(1)], &broker);
    let created = decision.reply[0].1.as_ref().expect("created");
    assert_eq!((created.partitions, created.replication_factor), (7, 1));
}

#[test]
fn bad_topics_are_refused_with_kafkas_codes() {
    let image = with_topics(&[named("taken"), named("a.b")]);
    let factor = |factor| NewTopic { replication_factor: Some(factor), ..named("t") };
    let both = NewTopic { partitions: Some(1), ..assigned("t", &[(0, &[1])]) };
    let cases: Vec<(NewTopic, ErrorCode)> = vec![
        (named(""), ErrorCode::InvalidTopicException),
        (named("."), ErrorCode::InvalidTopicException),
        (named(".."), ErrorCode::InvalidTopicException),
        (named("a/b"), ErrorCode::InvalidTopicException),
        (named("ä"), ErrorCode::InvalidTopicException),
        (named(&"x".repeat(250)), ErrorCode::InvalidTopicException),
        (named("__cluster_metadata"), ErrorCode::InvalidRequest),
        (named("taken"), ErrorCode::TopicAlreadyExists),
        (named("a_b"), ErrorCode::InvalidTopicException),
        (sized("t", 0), ErrorCode::InvalidPartitions),
        (sized("t", -2), ErrorCode::InvalidPartitions),
        (sized("t", i32::MIN), ErrorCode::InvalidPartitions),
        (sized("t", TOPIC_PARTITIONS_MAX as i32 + 1), ErrorCode::InvalidPartitions),
        (sized("t", i32::MAX), ErrorCode::InvalidPartitions),
        (sized("t", COMMAND_PARTITIONS_MAX as i32 + 1), ErrorCode::PolicyViolation),
        (factor(0), ErrorCode::InvalidReplicationFactor),
        (factor(-2), ErrorCode::InvalidReplicationFactor),
        (factor(2), ErrorCode::InvalidReplicationFactor),
        (both, ErrorCode::InvalidRequest),
        (assigned("t", &[(0, &[])]), ErrorCode::InvalidReplicaAssignment),
        (assigned("t", &[(0, &[2])]), ErrorCode::InvalidReplicaAssignment),
        (assigned("t", &[(0, &[1, 1])]), ErrorCode::InvalidReplicaAssignment),
        (assigned("t", &[(1, &[1])]), ErrorCode::InvalidReplicaAssignment),
        (assigned("t", &[(0, &[1]), (0, &[1])]), ErrorCode::InvalidReplicaAssignment),
        (configured("t", "retention.ms", None), ErrorCode::InvalidConfig),
        (configured("t", "retention.ms", Some("soon")), ErrorCode::InvalidConfig),
        (configured("t", "retention.msec", Some("1")), ErrorCode::InvalidConfig),
    ];
    for (topic, code) in cases {
        assert_eq!(refusal_of_create(&image, topic.clone()), code, "{topic:?}");
    }
}

#[test]
fn the_neighbours_of_refused_topics_are_accepted() {
    with_topics(&[named(&"x".repeat(249))]);
    with_topics(&[named("..."), named("-"), named("A.Z_0-9")]);
    with_topics(&[sized("t", COMMAND_PARTITIONS_MAX as i32)]);
    with_topics(&[assigned("t", &[(1, &[1]), (0, &[1])])]);
}

#[test]
fn names_that_collide_within_one_request_are_refused() {
    let image = Image::new("cluster");
    let topics = [named("x.y"), named("x_y")];
    let decision = image.decide_create_topics(&topics, &[id(1), id(2)], &broker());
    assert!(decision.reply[0].1.is_ok());
    let refusal = decision.reply[1].1.as_ref().expect_err("collides");
    assert_eq!(refusal.code(), ErrorCode::InvalidTopicException);
}

#[test]
fn a_name_that_stands_twice_in_a_request_is_refused_once() {
    let image = Image::new("cluster");
    let topics = [named("twice"), named("once"), named("twice")];
    let decision = image.decide_create_topics(&topics, &[id(1), id(2), id(3)], &broker());
    assert_eq!(decision.reply.len(), 2);
    assert_eq!(decision.reply[0].1.as_ref().unwrap_err().code(), ErrorCode::InvalidRequest);
    assert!(decision.reply[1].1.is_ok());
}

#[test]
fn a_deleted_name_is_free_again_for_its_colliding_sister() {
    let mut image = with_topics(&[named("a.b")]);
    let gone = TopicRef { name: Some("a.b".into()), id: None };
    let decision = image.decide_delete_topics(&[gone], &broker());
    assert!(decision.reply[0].outcome.is_ok());
    apply(&mut image, &decision.records);
    assert_eq!((image.topic_count(), image.partition_count()), (0, 0));
    assert!(image.decide_create_topics(&[named("a_b")], &[id(2)], &broker()).reply[0].1.is_ok());
}

#[test]
fn deletions_are_refused_with_kafkas_codes() {
    let image = with_topics(&[named("t"), named("u")]);
    let name = |name: &str| TopicRef { name: Some(name.into()), id: None };
    let by_id = |n| TopicRef { name: None, id: Some(id(n)) };
    let both = TopicRef { name: Some("t".into()), id: Some(id(1)) };
    let cases: Vec<(Vec<TopicRef>, Vec<ErrorCode>)> = vec![
        (vec![name("no")], vec![ErrorCode::UnknownTopicOrPartition]),
        (vec![by_id(9)], vec![ErrorCode::UnknownTopicId]),
        (vec![TopicRef::default()], vec![ErrorCode::InvalidRequest]),
        (vec![both], vec![ErrorCode::InvalidRequest]),
        (vec![name("t"), name("t")], vec![ErrorCode::InvalidRequest]),
        (vec![by_id(1), by_id(1)], vec![ErrorCode::InvalidRequest]),
        (vec![name("t"), by_id(1)], vec![ErrorCode::InvalidRequest]),
        (vec![by_id(1), name("t")], vec![ErrorCode::InvalidRequest]),
    ];
    for (topics, codes) in cases {
        let decision = image.decide_delete_topics(&topics, &broker());
        let got: Vec<_> =
            decision.reply.iter().map(|row| row.outcome.as_ref().unwrap_err().code()).collect();
        assert_eq!(got, codes, "{topics:?}");
        assert!(decision.records.is_empty());
    }
    let off = settings(&[("delete.topic.enable", "false")]);
    let decision = image.decide_delete_topics(&[name("t")], &off);
    let refusal = decision.reply[0].outcome.as_ref().unwrap_err();
    assert_eq!(refusal.code(), ErrorCode::TopicDeletionDisabled);
}

#[test]
fn partitions_can_be_added_and_not_taken_away() {
    let mut image = with_topics(&[sized("t", 3)]);
    let more = |count| MorePartitions { topic: "t".into(), count, assignments: None };
    for (count, code) in [
        (3, ErrorCode::InvalidPartitions),
        (2, ErrorCode::InvalidPartitions),
        (-1, ErrorCode::InvalidPartitions),
        (10_000_000, ErrorCode::InvalidPartitions),
        (COMMAND_PARTITIONS_MAX as i32 + 4, ErrorCode::PolicyViolation),
    ] {
        let decision = image.decide_create_partitions(&[more(count)], &broker());
        assert_eq!(decision.reply[0].1.as_ref().unwrap_err().code(), code, "{count}");
    }
    let unknown = MorePartitions { topic: "no".into(), ..more(4) };
    let decision = image.decide_create_partitions(&[unknown], &broker());
    let refusal = decision.reply[0].1.as_ref().unwrap_err();
    assert_eq!(refusal.code(), ErrorCode::UnknownTopicOrPartition);
    let decision = image.decide_create_partitions(&[more(5)], &broker());
    assert!(decision.reply[0].1.is_ok());
    apply(&mut image, &decision.records);
    assert_eq!(image.topic("t").unwrap().partitions.len(), 5);
}

#[test]
fn assignments_of_added_partitions_must_be_as_many_and_sound() {
    let image = with_topics(&[sized("t", 1)]);
    let more = |lists: &[&[i32]]| MorePartitions {
        topic: "t".into(),
        count: 3,
        assignments: Some(
            lists.iter().map(|list| list.iter().copied().map(BrokerId).collect()).collect(),
        ),
    };
    for lists in [&[&[1][..]][..], &[&[1], &[2]], &[&[1], &[]], &[&[1], &[1], &[1]]] {
        let decision = image.decide_create_partitions(&[more(lists)], &broker());
        let refusal = decision.reply[0].1.as_ref().unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::InvalidReplicaAssignment, "{lists:?}");
    }
    let decision = image.decide_create_partitions(&[more(&[&[1], &[1]])], &broker());
    assert!(decision.reply[0].1.is_ok());
}

fn alter(resource: ResourceType, name: &str, keys: &[(&str, AlterOp, &str)]) -> AlterResource {
    let keys = keys
        .iter()
        .map(|(key, op, value)| AlterKey {
            key: (*key).to_owned(),
            op: *op,
            value: (*op != AlterOp::Delete).then(|| (*value).to_owned()),
        })
        .collect();
    AlterResource { resource, name: name.to_owned(), change: ConfigChange::Each(keys) }
}

fn altered_ok(image: &mut Image, resource: AlterResource) {
    let decision = image.decide_alter_configs(&[resource], &broker());
    assert_eq!(decision.reply, [Ok(())]);
    apply(image, &decision.records);
}

#[test]
fn topic_configs_are_set_appended_subtracted_and_deleted() {
    let mut image = with_topics(&[named("t")]);
    let policy = |op, value| alter(ResourceType::Topic, "t", &[("cleanup.policy", op, value)]);
    let now = |image: &Image| image.topic("t").unwrap().configs.get("cleanup.policy").cloned();
    altered_ok(&mut image, policy(AlterOp::Append, "compact"));
    assert_eq!(now(&image).as_deref(), Some("delete,compact"));
    altered_ok(&mut image, policy(AlterOp::Subtract, "delete"));
    assert_eq!(now(&image).as_deref(), Some("compact"));
    altered_ok(&mut image, policy(AlterOp::Set, "delete"));
    assert_eq!(now(&image).as_deref(), Some("delete"));
    altered_ok(&mut image, policy(AlterOp::Delete, ""));
    assert_eq!(now(&image), None);
}

#[test]
fn a_change_that_changes_nothing_has_no_record() {
    let image = with_topics(&[configured("t", "retention.ms", Some("5"))]);
    let same = alter(ResourceType::Topic, "t", &[("retention.ms", AlterOp::Set, "5")]);
    assert!(image.decide_alter_configs(&[same], &broker()).records.is_empty());
    let absent = alter(ResourceType::Topic, "t", &[("segment.ms", AlterOp::Delete, "")]);
    assert!(image.decide_alter_configs(&[absent], &broker()).records.is_empty());
}

#[test]
fn replacing_all_configs_takes_the_others_away() {
    let mut image = with_topics(&[configured("t", "retention.ms", Some("5"))]);
    let entries = vec![("segment.ms".to_owned(), Some("9".to_owned()))];
    let change = ConfigChange::Whole(entries);
    altered_ok(
        &mut image,
        AlterResource { resource: ResourceType::Topic, name: "t".into(), change },
    );
    let configs = &image.topic("t").unwrap().configs;
    assert_eq!(configs.iter().collect::<Vec<_>>(), [(&"segment.ms".into(), &"9".into())]);
}

#[test]
fn broker_configs_hold_per_broker_over_the_default() {
    let mut image = Image::new("cluster");
    let key = "log.retention.ms";
    altered_ok(&mut image, alter(ResourceType::Broker, "", &[(key, AlterOp::Set, "10")]));
    altered_ok(&mut image, alter(ResourceType::Broker, "1", &[(key, AlterOp::Set, "20")]));
    assert_eq!(image.dynamic_broker_config(NODE)[key], "20");
    assert_eq!(image.dynamic_broker_config(BrokerId(2))[key], "10");
    altered_ok(&mut image, alter(ResourceType::Broker, "1", &[(key, AlterOp::Delete, "")]));
    assert_eq!(image.dynamic_broker_config(NODE)[key], "10");
}

#[test]
fn bad_config_changes_are_refused_with_kafkas_codes() {
    use AlterOp::{Append, Set};
    use ErrorCode::{
        InvalidConfig, InvalidRequest, InvalidTopicException, UnknownTopicOrPartition,
    };
    use ResourceType::{Broker, Topic};
    let image = with_topics(&[named("t")]);
    let cases = [
        (alter(Topic, "no", &[("retention.ms", Set, "1")]), UnknownTopicOrPartition),
        (alter(Topic, "", &[("retention.ms", Set, "1")]), InvalidRequest),
        (alter(Topic, "a b", &[("retention.ms", Set, "1")]), InvalidTopicException),
        (alter(Topic, "t", &[("retention.ms", Set, "x")]), InvalidConfig),
        (alter(Topic, "t", &[("no.such.key", Set, "x")]), InvalidConfig),
        (alter(Topic, "t", &[("retention.ms", Append, "1")]), InvalidConfig),
        (alter(Topic, "t", &[("segment.ms", Set, "1"), ("segment.ms", Set, "2")]), InvalidRequest),
        (alter(Broker, "1", &[("node.id", Set, "2")]), InvalidRequest),
        (alter(Broker, "2", &[("log.retention.ms", Set, "2")]), InvalidRequest),
        (alter(Broker, "one", &[("log.retention.ms", Set, "2")]), InvalidRequest),
        (alter(Broker, "", &[("log.retention.ms", Set, "soon")]), InvalidRequest),
    ];
    for (resource, code) in cases {
        let decision = image.decide_alter_configs(std::slice::from_ref(&resource), &broker());
        let refusal = decision.reply[0].as_ref().expect_err("refused");
        assert_eq!(refusal.code(), code, "{resource:?}: {refusal:?}");
        assert!(decision.records.is_empty());
    }
    let one = alter(Topic, "t", &[("segment.ms", Set, "1")]);
    let decision = image.decide_alter_configs(&[one.clone(), one], &broker());
    assert!(decision.reply.iter().all(|row| row.as_ref().unwrap_err().code() == InvalidRequest));
}

#[test]
fn the_offsets_topic_is_made_once_with_its_own_settings() {
    let mut image = Image::new("cluster");
    let first = image.decide_internal_topic("__consumer_offsets", id(1), &broker()).unwrap();
    apply(&mut image, &first.records);
    let topic = image.topic("__consumer_offsets").unwrap();
    assert!(topic.internal);
    assert_eq!(topic.partitions.len(), 50);
    assert_eq!(topic.configs["cleanup.policy"], "compact");
    let again = image.decide_internal_topic("__consumer_offsets", id(2), &broker()).unwrap();
    assert_eq!((again.records.len(), again.reply), (0, id(1)));
    assert!(image.decide_internal_topic("mine", id(3), &broker()).is_err());
}

#[test]
fn producer_id_blocks_never_overlap() {
    let mut image = Image::new("cluster");
    let first = image.decide_producer_ids(NODE).unwrap();
    apply(&mut image, &first.records);
    let second = image.decide_producer_ids(NODE).unwrap();
    assert_eq!(first.reply.end, second.reply.next);
    let mut block = ProducerIdBlock { next: ProducerId(8), end: ProducerId(9) };
    assert_eq!((block.take(), block.take()), (Some(ProducerId(8)), None));
    image.apply(&MetaRecord::ProducerIds { broker: NODE, next: ProducerId(i64::MAX) });
    assert!(image.decide_producer_ids(NODE).is_err());
}

#[test]
fn an_unclean_start_raises_the_epochs_of_all_that_the_broker_leads_with_one_record() {
    let mut image = with_topics(&[sized("a", 3), sized("b", 1)]);
    let other = BrokerId(NODE.0 + 1);
    let none = image.decide_unclean_start(other, id(9));
    assert_eq!((none.records.len(), none.reply), (0, false), "it leads nothing");
    for epoch in 1..4 {
        let version = image.version;
        let decided = image.decide_unclean_start(NODE, id(9));
        assert_eq!((decided.records.len(), decided.reply), (1, true));
        apply(&mut image, &decided.records);
        assert_eq!(image.version, version + 1);
        let all = image.topics().flat_map(|topic| &topic.partitions);
        let epochs: Vec<_> = all.map(|one| (one.leader_epoch.0, one.partition_epoch)).collect();
        assert_eq!(epochs, [(epoch, epoch); 4]);
    }
    let records: Vec<_> = image.snapshot().collect();
    let restored = Image::restore(image.cluster_id.clone(), image.version, records);
    assert_eq!(restored, Ok(image), "a snapshot keeps them");
}

#[test]
fn a_log_that_is_opened_again_goes_on_in_the_next_epoch_alone() {
    let mut image = with_topics(&[sized("a", 3), sized("b", 1)]);
    let at = |topic, index| (id(topic), PartitionIndex(index));
    let decided = image.decide_next_epochs(&[at(1, 1), at(1, 3), at(9, 0)]);
    assert_eq!(decided.records.len(), 1, "those that are not there are passed over");
    apply(&mut image, &decided.records);
    let all = image.topics().flat_map(|topic| &topic.partitions);
    let epochs: Vec<_> = all.map(|one| (one.leader_epoch.0, one.partition_epoch)).collect();
    assert_eq!(epochs, [(0, 0), (1, 1), (0, 0), (0, 0)]);
    image.check();
}

#[test]
fn records_that_cannot_follow_are_refused_on_replay() {
    let image = with_topics(&[named("t")]);
    let partition = |topic, index| {
        let index = PartitionIndex(index);
        MetaRecord::Partition(PartitionRecord::new(id(topic), index, Replicas::new()))
    };
    for record in [
        MetaRecord::Topic { name: "t".into(), id: id(5) },
        MetaRecord::Topic { name: "u".into(), id: id(1) },
        MetaRecord::RemoveTopic { id: id(5) },
        MetaRecord::ProducerIds { broker: NODE, next: ProducerId(-1) },
        partition(5, 0),
        partition(1, 2),
        partition(1, -1),
    ] {
        let mut copy = image.clone();
        assert!(copy.replay(&record).is_err(), "{record:?}");
        assert_eq!(copy, image);
    }
}

#[test]
fn a_record_one_byte_short_or_long_is_refused() {
    let image = with_topics(&[configured("t", "retention.ms", Some("5"))]);
    let start = image.decide_unclean_start(NODE, id(9)).records;
    for record in image.snapshot().chain(start) {
        let bytes = record.encode();
        assert_eq!(MetaRecord::decode(&bytes), Ok(record));
        for end in 0..bytes.len() {
            assert!(MetaRecord::decode(&bytes[..end]).is_err());
        }
        assert!(MetaRecord::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
    // Frame version 2, record type 127, and version 9 of a topic record: all from the future.
    for bytes in [[2, 2, 0], [1, 127, 0], [1, 2, 9]] {
        assert!(MetaRecord::decode(&bytes).is_err());
    }
}

#[derive(Clone, Debug)]
enum Command {
    Create(NewTopic, u8),
    Delete(TopicRef),
    More(MorePartitions),
    Alter(AlterResource),
    Producers,
}

fn some_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "a.b", "a_b", "__consumer_offsets", ""])
        .prop_map(str::to_owned)
}

fn some_command() -> impl Strategy<Value = Command> {
    let op = prop::sample::select(vec![AlterOp::Set, AlterOp::Delete, AlterOp::Append]);
    let key = prop::sample::select(vec!["retention.ms", "cleanup.policy", "log.retention.ms"]);
    let value = prop::sample::select(vec!["7", "compact", "delete", "nonsense"]);
    let resource = (any::<bool>(), some_name(), op, key, value);
    prop_oneof![
        (some_name(), -1..5i32, any::<u8>())
            .prop_map(|(name, n, id)| Command::Create(sized(&name, n), id)),
        some_name().prop_map(|name| Command::Delete(TopicRef { name: Some(name), id: None })),
        any::<u8>().prop_map(|n| Command::Delete(TopicRef { name: None, id: Some(id(n)) })),
        (some_name(), 0..8i32).prop_map(|(topic, count)| {
            Command::More(MorePartitions { topic, count, assignments: None })
        }),
        resource.prop_map(|(topic, name, op, key, value)| {
            let (resource, name) = match topic {
                true => (ResourceType::Topic, name.as_str()),
                false => (ResourceType::Broker, if name.is_empty() { "" } else { "1" }),
            };
            Command::Alter(alter(resource, name, &[(key, op, value)]))
        }),
        Just(Command::Producers),
    ]
}

fn decide(image: &Image, command: Command) -> Vec<MetaRecord> {
    let broker = broker();
    match command {
        Command::Create(_, n) if n == 0 || image.topic_by_id(id(n)).is_some() => Vec::new(),
        Command::Create(topic, n) => {
            image.decide_create_topics(&[topic], &[id(n)], &broker).records
        }
        Command::Delete(topic) => image.decide_delete_topics(&[topic], &broker).records,
        Command::More(more) => image.decide_create_partitions(&[more], &broker).records,
        Command::Alter(change) => image.decide_alter_configs(&[change], &broker).records,
        Command::Producers => image.decide_producer_ids(NODE).map_or(Vec::new(), |d| d.records),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_log_replays_to_the_live_image_from_any_snapshot(
        commands in prop::collection::vec(some_command(), 0..40),
        snapshot_at in 0..40usize,
    ) {
        let mut live = Image::new("cluster");
        let mut replayed = Image::new("cluster");
        for (at, command) in commands.into_iter().enumerate() {
            if at == snapshot_at {
                let records: Vec<_> = replayed.snapshot().collect();
                replayed = Image::restore("cluster", replayed.version, records).unwrap();
            }
            for record in decide(&live, command) {
                live.apply(&record);
                let read = MetaRecord::decode(&record.encode()).unwrap();
                replayed.replay(&read).unwrap();
            }
            live.check();
        }
        prop_assert_eq!(live, replayed);
    }
}

#[test]
fn changes_between_images_name_the_topics_that_changed_and_no_other() {
    let names = |topics: &[std::sync::Arc<Topic>]| -> Vec<String> {
        topics.iter().map(|topic| topic.name.to_string()).collect()
    };
    let empty = Image::new("c");
    let old = with_topics(&[named("a"), named("b"), named("c")]);
    let first = old.topic_changes(&empty);
    assert_eq!((names(&first.gone), names(&first.changed)), (vec![], names_of(&["a", "b", "c"])));
    assert_eq!(old.clone().topic_changes(&old), TopicChanges::default());

    let mut new = old.clone();
    altered_ok(&mut new, alter(ResourceType::Topic, "b", &[("retention.ms", AlterOp::Set, "5")]));
    let altered = new.topic_changes(&old);
    assert_eq!((names(&altered.gone), names(&altered.changed)), (vec![], names_of(&["b"])));

    let mut again = new.clone();
    let gone = new.topic("a").expect("there").id;
    apply(&mut again, &[MetaRecord::RemoveTopic { id: gone }]);
    let removed = again.topic_changes(&new);
    assert_eq!((names(&removed.gone), names(&removed.changed)), (names_of(&["a"]), vec![]));
    let record = MetaRecord::Topic { name: "a".to_owned(), id: Uuid([77; 16]) };
    apply(&mut again, &[record]);
    let recreated = again.topic_changes(&new);
    assert_eq!(names(&recreated.gone), names_of(&["a"]), "its old id is gone");
    assert_eq!(names(&recreated.changed), names_of(&["a"]));
    assert_eq!(recreated.gone[0].id, gone);
}

fn names_of(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn groups_and_subscriptions_have_configs_within_kafkas_bounds() {
    use AlterOp::{Append, Delete, Set};
    use ErrorCode::{InvalidConfig, InvalidRequest};
    use ResourceType::{ClientMetrics, Group};
    let session = "consumer.session.timeout.ms";
    let mut image = Image::new("cluster");
    altered_ok(&mut image, alter(Group, "g", &[(session, Set, "50000")]));
    let subscription = [("interval.ms", Set, "1000"), ("match", Set, "client_id=a.*")];
    altered_ok(&mut image, alter(ClientMetrics, "g", &subscription));
    altered_ok(&mut image, alter(ClientMetrics, "g", &[("metrics", Append, "a.,b.")]));
    let replayed = image.snapshot().fold(Image::new("cluster"), |mut replayed, record| {
        let decoded = MetaRecord::decode(&record.encode()).expect("our own record");
        replayed.replay(&decoded).expect("it fits");
        replayed
    });
    assert_eq!(replayed.resource_overrides(Group, "g")[session], "50000");
    assert_eq!(replayed.resource_overrides(ClientMetrics, "g")["metrics"], "a.,b.");
    assert_eq!(replayed.resources(Group).count(), 1);
    let cases = [
        (alter(Group, "", &[(session, Set, "50000")]), InvalidRequest),
        (alter(Group, "g", &[("nope", Set, "1")]), InvalidConfig),
        (alter(Group, "g", &[(session, Set, "44999")]), InvalidConfig),
        (alter(Group, "g", &[(session, Set, "60001")]), InvalidConfig),
        (alter(Group, "g", &[("group.consumer.session.timeout.ms", Set, "50000")]), InvalidConfig),
        (alter(ClientMetrics, "", &[("interval.ms", Set, "1000")]), InvalidRequest),
        (alter(ClientMetrics, "s", &[("nope", Set, "1")]), InvalidRequest),
        (alter(ClientMetrics, "s", &[("interval.ms", Set, "99")]), InvalidRequest),
        (alter(ClientMetrics, "s", &[("match", Set, "bad")]), InvalidConfig),
        (alter(ClientMetrics, "s", &[("match", Set, "client_name=x")]), InvalidConfig),
    ];
    for (change, code) in cases {
        let decision = image.decide_alter_configs(std::slice::from_ref(&change), &broker());
        let refused = decision.reply[0].clone().expect_err("refused");
        assert_eq!((refused.code(), decision.records.len()), (code, 0), "{change:?}");
    }
    altered_ok(&mut image, alter(Group, "g", &[(session, Delete, "")]));
    assert_eq!(image.resources(Group).count(), 0, "nothing is kept of it");
}

#[test]
fn groups_and_subscriptions_with_configs_are_bounded_within_one_request_too() {
    let one = |n: usize| {
        let key = [("metrics", AlterOp::Set, "a")];
        alter(ResourceType::ClientMetrics, &n.to_string(), &key)
    };
    let max = crate::limits::CONFIG_RESOURCES_MAX;
    let many: Vec<_> = (0..max + 2).map(one).collect();
    let mut image = Image::new("cluster");
    let decision = image.decide_alter_configs(&many, &broker());
    let refused: Vec<_> = decision.reply.iter().filter_map(|reply| reply.as_ref().err()).collect();
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[0].code(), ErrorCode::PolicyViolation);
    apply(&mut image, &decision.records);
    assert_eq!(image.resource_count(), max);
    let again = image.decide_alter_configs(&[one(0), one(max)], &broker());
    assert!(again.reply[0].is_ok() && again.reply[1].is_err(), "known ones still change");
}
