//! One coordinator on real storage in the simulation: durability of what was answered,
//! loading, and the end of a seat. The protocol itself is tested in the engine.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::config::BrokerConfig;
use millstream_engine::group::{
    Call, Commit, CommitPartition, CommitTopic, Fetch, FetchTopic, Groups, Identity, Join,
    JoinFeatures, Protocol, Reply, Rules, Text,
};
use millstream_engine::meta::{Image, MetaRecord};
use millstream_engine::now::Now;
use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::{Endpoint, Shard};
use millstream_wire::{ErrorCode, Uuid};

use super::load;
use super::seat::{Pending, Seat};
use crate::storage::{PartitionLog, Storage, StorageOptions, Withheld};

const DIR: &str = "/data";
const TOPIC_ID: Uuid = Uuid([3; 16]);

fn broker() -> BrokerConfig {
    BrokerConfig::resolve(&BTreeMap::new()).expect("the defaults").config
}

fn rules() -> Rules {
    Rules {
        session_timeout_ms_min: 6_000,
        session_timeout_ms_max: 60_000,
        members_max: 10,
        initial_delay_ms: 3_000,
        offset_metadata_max: 100,
        offset_retention_ms: 3_600_000,
        cleanup_interval_ms: 600_000,
    }
}

fn now(shard: &Shard) -> Now {
    Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() }
}

async fn open_log(shard: &Shard) -> PartitionLog {
    // The directory is there from the second life on.
    let _ = shard.make_dir(Path::new(DIR)).await;
    shard.sync_dir(Path::new("/")).await.expect("flushed");
    let options = StorageOptions::from_config(&broker(), 1, Withheld::default());
    let storage = Storage::open(shard, DIR.into(), options).await.expect("storage");
    let config = Arc::new(broker().topic_defaults());
    storage.open_partition("offsets", TOPIC_ID, 0, config).await.expect("partition")
}

/// A coordinator that has loaded what is in the log.
async fn open(shard: &Shard) -> Rc<Seat> {
    let seat = Rc::new(Seat::new(shard, 0, open_log(shard).await));
    let loaded = load::replay(shard, seat.log(), rules()).await.expect("a readable log");
    assert_eq!(loaded.skipped, 0);
    seat.serve(loaded.groups, now(shard));
    seat
}

fn commit(offset: i64) -> Call {
    let text = Text::from;
    let partition = CommitPartition { index: 0, offset, leader_epoch: -1, metadata: text("") };
    let topic = CommitTopic {
        topic: text("t"),
        topic_id: TOPIC_ID,
        gone: false,
        partitions: vec![partition],
    };
    let (group, member) = (text("g"), text(""));
    let from = Identity { group, member, instance: None, generation: -1 };
    Call::Commit(Commit {
        from,
        retention_ms: None,
        knows_group_not_found: true,
        topics: vec![topic],
    })
}

fn fetch() -> Call {
    let topic = FetchTopic { topic: Text::from("t"), topic_id: Uuid::ZERO, partitions: vec![0] };
    Call::Fetch(Fetch { group: Text::from("g"), topics: Some(vec![topic]) })
}

fn join() -> Call {
    let text = Text::from;
    Call::Join(Join {
        group: text("h"),
        member: text(""),
        instance: None,
        client_id: text("c"),
        client_host: text("/"),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 10_000,
        protocol_type: text("consumer"),
        protocols: vec![Protocol { name: text("range"), metadata: Bytes::new() }],
        features: JoinFeatures { member_id_required: false, skip_assignment: false },
    })
}

fn offset_in(reply: &Reply) -> i64 {
    match reply {
        Reply::Fetched(topics) => topics[0].partitions[0].offset,
        other => panic!("{other:?}"),
    }
}

/// The reply, if it is there without waiting.
async fn at_once(pending: Pending) -> Result<Reply, Pin<Box<dyn Future<Output = Reply>>>> {
    let mut answer: Pin<Box<dyn Future<Output = Reply>>> = Box::pin(pending.answer());
    match poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await {
        Poll::Ready(reply) => Ok(reply),
        Poll::Pending => Err(answer),
    }
}

#[test]
fn acknowledged_commits_survive_power_cuts() {
    for seed in 0..24 {
        let mut sim = Sim::new(seed);
        let acknowledged = Rc::new(Cell::new(-1i64));
        for life in 0..4u64 {
            let limit = Duration::from_micros(400 + (seed * 7_919 + life * 104_729) % 30_000);
            let acknowledged = acknowledged.clone();
            sim.run(1, limit, move |shard, _: Endpoint<()>| {
                let acknowledged = acknowledged.clone();
                async move {
                    let seat = open(&shard).await;
                    let found = seat.begin(fetch(), now(&shard)).answer().await;
                    let (found, acked) = (offset_in(&found), acknowledged.get());
                    assert!(found >= acked, "seed {seed} life {life}: {found} of {acked}");
                    let mut next = found + 1;
                    loop {
                        // Three in flight; they are answered in their order.
                        let pending =
                            [0, 1, 2].map(|ahead| seat.begin(commit(next + ahead), now(&shard)));
                        for pending in pending {
                            let reply = pending.answer().await;
                            assert!(matches!(reply, Reply::Committed(_)), "{reply:?}");
                            acknowledged.set(next);
                            next += 1;
                        }
                    }
                }
            });
            sim.crash();
        }
        assert!(acknowledged.get() >= 0, "seed {seed} got to commit something");
    }
}

#[test]
fn no_reply_overtakes_the_durability_of_what_it_shows() {
    let ended = Sim::new(5).run(1, Duration::from_secs(5), |shard, _: Endpoint<()>| async move {
        let seat = open(&shard).await;
        let Err(commit) = at_once(seat.begin(commit(7), now(&shard))).await else {
            panic!("a commit is answered before it is durable")
        };
        let Err(fetch) = at_once(seat.begin(fetch(), now(&shard))).await else {
            panic!("an offset is shown before it is durable")
        };
        assert_eq!(offset_in(&fetch.await), 7);
        assert!(matches!(at_once_of(commit).await, Some(Reply::Committed(_))));
        let later = at_once(seat.begin(self::fetch(), now(&shard))).await;
        assert!(later.is_ok(), "nothing is on its way: no wait");
    });
    assert_eq!(ended, Ended::Finished);
}

async fn at_once_of(mut answer: Pin<Box<dyn Future<Output = Reply>>>) -> Option<Reply> {
    match poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await {
        Poll::Ready(reply) => Some(reply),
        Poll::Pending => None,
    }
}

#[test]
fn a_seat_says_when_it_is_loading_closed_or_broken() {
    let ended = Sim::new(6).run(1, Duration::from_secs(60), |shard, _: Endpoint<()>| async move {
        let seat = Rc::new(Seat::new(&shard, 0, open_log(&shard).await));
        let ask = |call| seat.begin(call, now(&shard)).answer();
        assert_eq!(ask(fetch()).await.code(), ErrorCode::CoordinatorLoadInProgress);
        seat.serve(Groups::new(rules()), now(&shard));
        assert_eq!(ask(fetch()).await.code(), ErrorCode::None);
        let Err(parked) = at_once(seat.begin(join(), now(&shard))).await else {
            panic!("a join is parked")
        };
        seat.close();
        assert_eq!(parked.await.code(), ErrorCode::NotCoordinator);
        assert_eq!(ask(fetch()).await.code(), ErrorCode::NotCoordinator);
        seat.give_up();
        assert_eq!(ask(fetch()).await.code(), ErrorCode::CoordinatorNotAvailable);
    });
    assert_eq!(ended, Ended::Finished);
}

#[test]
fn a_parked_join_is_answered_by_the_tick() {
    let ended = Sim::new(7).run(1, Duration::from_secs(60), |shard, _: Endpoint<()>| async move {
        let seat = open(&shard).await;
        let pending = seat.begin(join(), now(&shard));
        let due_ms = seat.next_deadline().expect("the join phase ends");
        shard.sleep_until(due_ms * 1_000_000).await;
        seat.tick(now(&shard));
        assert_eq!(pending.answer().await.code(), ErrorCode::None);
    });
    assert_eq!(ended, Ended::Finished);
}

/// Metadata with the topic of the coordinators, and with `topics`.
fn image(topics: &[(&str, Uuid)]) -> Image {
    let mut image = Image::new("cluster");
    for (name, id) in topics.iter().copied().chain([(super::OFFSETS_TOPIC, Uuid([9; 16]))]) {
        image.apply(&MetaRecord::Topic { name: name.to_owned(), id });
    }
    image
}

fn all() -> Call {
    Call::Fetch(Fetch { group: Text::from("g"), topics: None })
}

async fn topics_in(seat: &Rc<Seat>, now: Now) -> usize {
    match seat.begin(all(), now).answer().await {
        Reply::Fetched(topics) => topics.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_topic_that_goes_while_its_groups_load_is_forgotten_when_they_have_loaded() {
    let ended = Sim::new(8).run(1, Duration::from_secs(60), |shard, _: Endpoint<()>| async move {
        let seat = open(&shard).await;
        seat.begin(commit(7), now(&shard)).answer().await;
        let loaded = load::replay(&shard, seat.log(), rules()).await.expect("a readable log");
        let seat = Rc::new(Seat::new(&shard, 0, seat.log().clone()));
        let (before, after) = (image(&[("t", TOPIC_ID)]), image(&[]));
        seat.owe_sweep(&[before.topic("t").expect("there").clone()]);
        seat.sweep(&after, now(&shard));
        seat.serve(loaded.groups, now(&shard));
        assert_eq!(topics_in(&seat, now(&shard)).await, 1, "nobody has looked yet");
        seat.sweep(&Image::new("cluster"), now(&shard));
        assert_eq!(topics_in(&seat, now(&shard)).await, 1, "the metadata is not there yet");
        seat.sweep(&after, now(&shard));
        assert_eq!(topics_in(&seat, now(&shard)).await, 0);
        let again = load::replay(&shard, seat.log(), rules()).await.expect("a readable log");
        let seat = Rc::new(Seat::new(&shard, 0, seat.log().clone()));
        seat.serve(again.groups, now(&shard));
        assert_eq!(topics_in(&seat, now(&shard)).await, 0, "the tombstone is in the log");
    });
    assert_eq!(ended, Ended::Finished);
}

#[test]
fn a_commit_is_for_the_topic_that_its_coordinator_knows() {
    let (with, without) = (image(&[("t", TOPIC_ID)]), image(&[]));
    let gone = |version: u64, image: &Image| {
        let mut call = commit(7);
        super::mark_gone(&mut call, version, image);
        let Call::Commit(commit) = call else { panic!() };
        commit.topics[0].gone
    };
    assert!(!gone(with.version, &with));
    assert!(gone(without.version, &without));
    assert!(gone(0, &without), "the client's shard was behind");
    assert!(!gone(without.version + 1, &without), "the topic is still to come here");
}

#[test]
fn who_waits_when_the_log_fails_is_told_to_come_again() {
    let mut sim = Sim::new(8);
    let controls = sim.controls();
    let body = move |shard: Shard, _: Endpoint<()>| {
        let controls = controls.clone();
        async move {
            let seat = open(&shard).await;
            let Err(parked) = at_once(seat.begin(join(), now(&shard))).await else {
                panic!("a join is parked")
            };
            controls.fail_io_from(controls.io_count(), 5);
            let reply = seat.begin(commit(7), now(&shard)).answer().await;
            assert_eq!(reply.code(), ErrorCode::CoordinatorNotAvailable);
            assert_eq!(parked.await.code(), ErrorCode::CoordinatorNotAvailable);
            controls.heal();
            let later = seat.begin(fetch(), now(&shard)).answer().await;
            assert_eq!(later.code(), ErrorCode::CoordinatorNotAvailable);
        }
    };
    assert_eq!(sim.run(1, Duration::from_secs(60), body), Ended::Finished);
}
