//! Consumer groups: three members share the partitions, one is lost, nothing is missed.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::harness::{BINARY, Broker, PATIENCE};
use crate::rdkafka_client::{
    PARTITIONS, Partitions, Row, assert_holds, config, create, produce, row_of, rows,
};

/// Time for three members to join before the first assignment, also on a busy machine.
const SETTINGS: [&str; 1] = ["group.initial.rebalance.delay.ms=1500"];

/// What all members have seen together.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Partitions>>);

impl Seen {
    fn add(&self, partition: i32, offset: i64, row: Row) {
        let mut seen = self.0.lock().expect("no member panics");
        let before = seen.entry(partition).or_default().insert(offset, row.clone());
        assert!(before.is_none_or(|before| before == row), "{partition}:{offset} has changed");
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no member panics").values().map(BTreeMap::len).sum()
    }

    fn wait_for(&self, count: usize) {
        let until = Instant::now() + PATIENCE;
        while self.count() < count {
            assert!(Instant::now() < until, "{} rows of {count} were read", self.count());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A member in a thread; `leave` closes it as an application does.
struct Member {
    leaving: Arc<AtomicBool>,
    read: Arc<AtomicUsize>,
    thread: thread::JoinHandle<()>,
}

impl Member {
    fn join(address: &str, assignor: &str, seen: &Seen) -> Self {
        let settings = [
            ("group.id", "readers"),
            ("auto.offset.reset", "earliest"),
            ("enable.auto.commit", "false"),
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "200"),
            ("partition.assignment.strategy", assignor),
        ];
        let consumer: BaseConsumer = config(address, &settings).create().expect("valid settings");
        consumer.subscribe(&["flights"]).expect("a subscription");
        let (leaving, read) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (asked, count, seen) = (leaving.clone(), read.clone(), seen.clone());
        let thread = thread::spawn(move || {
            while !asked.load(Ordering::Relaxed) {
                let Some(message) = consumer.poll(Duration::from_millis(50)) else { continue };
                let message = message.expect("a record");
                seen.add(message.partition(), message.offset(), row_of(&message));
                if count.fetch_add(1, Ordering::Relaxed) % 500 == 0 {
                    consumer.commit_consumer_state(CommitMode::Async).expect("a commit");
                    // Slow enough that the others get their share before all is read.
                    thread::sleep(Duration::from_millis(5));
                }
            }
            match consumer.commit_consumer_state(CommitMode::Sync) {
                Ok(()) | Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => {}
                Err(fault) => panic!("the last commit: {fault}"),
            }
        });
        Self { leaving, read, thread }
    }

    fn leave(self) -> usize {
        self.leaving.store(true, Ordering::Relaxed);
        self.thread.join().expect("the member did not panic");
        self.read.load(Ordering::Relaxed)
    }
}

/// What the group has committed, by partition.
fn committed(address: &str) -> BTreeMap<i32, i64> {
    let consumer: BaseConsumer =
        config(address, &[("group.id", "readers")]).create().expect("valid settings");
    let mut asked = TopicPartitionList::new();
    asked.add_partition_range("flights", 0, PARTITIONS - 1);
    let told = consumer.committed_offsets(asked, PATIENCE).expect("an answer");
    let offset = |offset| match offset {
        Offset::Offset(offset) => offset,
        _ => 0,
    };
    told.elements().iter().map(|e| (e.partition(), offset(e.offset()))).collect()
}

fn three_members_lose_one(assignor: &str) {
    let broker = Broker::start_with(&SETTINGS);
    let rows = rows(30_000);
    create(broker.address(), "flights", &[]);
    produce(broker.address(), "flights", &rows, &[("enable.idempotence", "true")]);
    let seen = Seen::default();
    let mut members: Vec<_> =
        (0..3).map(|_| Member::join(broker.address(), assignor, &seen)).collect();
    seen.wait_for(rows.len() / 2);
    members.sort_by_key(|member| member.read.load(Ordering::Relaxed));
    let busiest = members.pop().expect("there are three");
    assert!(busiest.leave() > 0, "the lost member had read nothing");
    seen.wait_for(rows.len());
    for member in members {
        assert!(member.leave() > 0, "a member had read nothing");
    }
    let found = seen.0.lock().unwrap();
    assert_holds(&found, &rows);
    let ends: BTreeMap<i32, i64> = (0..PARTITIONS)
        .map(|partition| (partition, found.get(&partition).map_or(0, |rows| rows.len() as i64)))
        .collect();
    // What a member read and had not committed when a rebalance took its partition belongs to
    // whoever comes next, who need not have read it again yet.
    let behind: i64 =
        ends.values().sum::<i64>() - committed(broker.address()).values().sum::<i64>();
    if behind > 0 {
        let rest = Seen::default();
        let heir = Member::join(broker.address(), assignor, &rest);
        rest.wait_for(usize::try_from(behind).expect("no commit is past the end"));
        heir.leave();
    }
    assert_eq!(committed(broker.address()), ends);
}

#[test]
fn three_members_with_an_eager_assignor_lose_one_and_miss_nothing() {
    three_members_lose_one("range");
}

#[test]
fn three_members_with_a_cooperative_assignor_lose_one_and_miss_nothing() {
    three_members_lose_one("cooperative-sticky");
}

#[test]
fn a_member_that_dies_is_replaced_when_its_session_ends() {
    let broker = Broker::start_with(&SETTINGS);
    let rows = rows(3_000);
    create(broker.address(), "flights", &[]);
    // A member that can be killed: our own consumer, in a process.
    let mut doomed = Command::new(BINARY)
        .args(["consume", "flights", "--group", "readers", "--bootstrap", broker.address()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let members = || {
        let told = broker.command(&["group", "describe", "readers", "--output", "json"]);
        let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap_or_default();
        told[0]["members"].as_array().map_or(0, Vec::len)
    };
    let until = Instant::now() + PATIENCE;
    while members() == 0 && Instant::now() < until {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(members(), 1, "our consumer is the only member");
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    let seen = Seen::default();
    let heir = Member::join(broker.address(), "range", &seen);
    produce(broker.address(), "flights", &rows, &[("enable.idempotence", "true")]);
    seen.wait_for(rows.len());
    heir.leave();
    assert_holds(&seen.0.lock().unwrap(), &rows);
}

#[test]
fn a_group_goes_on_where_it_committed_when_the_broker_was_killed() {
    let mut broker = Broker::start_with(&SETTINGS);
    let rows = rows(8_000);
    create(broker.address(), "flights", &[]);
    produce(broker.address(), "flights", &rows[..5_000], &[("enable.idempotence", "true")]);
    let first = Seen::default();
    let member = Member::join(broker.address(), "range", &first);
    first.wait_for(5_000);
    member.leave();
    let before = committed(broker.address());
    assert_eq!(before.values().sum::<i64>(), 5_000);
    broker.kill();
    broker.restart();
    assert_eq!(committed(broker.address()), before);
    produce(broker.address(), "flights", &rows[5_000..], &[("enable.idempotence", "true")]);
    let second = Seen::default();
    let member = Member::join(broker.address(), "range", &second);
    second.wait_for(3_000);
    member.leave();
    let again: BTreeSet<i64> = second
        .0
        .lock()
        .unwrap()
        .iter()
        .flat_map(|(partition, rows)| rows.keys().map(|offset| offset - before[partition]))
        .collect();
    assert!(again.first().is_some_and(|&first| first >= 0), "rows came that were committed");
}
