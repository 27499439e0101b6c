//! A disk that is far too slow: writes wait, and nothing else does.
//!
//! The broker's cgroup may write `LIMIT` bytes a second to a loop device. Producers get slower
//! without an error, the members of a group stay in it (their heartbeats need no disk), and
//! when the limit is lifted everything is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};

use crate::device::{Disk, SpeedLimit, probe};
use crate::load::{Load, Pace, SHAPES, config, create_topics};
use crate::process::{Broker, Directory, PATIENCE, Setup};
use crate::runner::{Outcome, knob};
use crate::wire::Wire;

const LIMIT: u64 = 1 << 20;
const PROBE_BYTES: u64 = 3 << 20;
const MEMBERS: usize = 3;

/// Counts what the group did to its members.
#[derive(Clone, Default)]
struct Rebalances {
    assigned: Arc<AtomicUsize>,
    revoked: Arc<AtomicUsize>,
}

impl ClientContext for Rebalances {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
}

impl ConsumerContext for Rebalances {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(_) => self.assigned.fetch_add(1, Ordering::Relaxed),
            _ => self.revoked.fetch_add(1, Ordering::Relaxed),
        };
    }
}

fn member(address: String, counts: Rebalances, stop: Arc<AtomicBool>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let settings = [
            ("group.id", "patient"),
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "500"),
            ("auto.offset.reset", "earliest"),
            // A commit waits for the disk, and what a client asks behind it on its connection.
            ("enable.auto.commit", "false"),
        ];
        let consumer: BaseConsumer<Rebalances> =
            config(&address, &settings).create_with_context(counts).expect("valid settings");
        consumer.subscribe(&[SHAPES[0].name]).expect("a subscription");
        while !stop.load(Ordering::Relaxed) {
            let _ = consumer.poll(Duration::from_millis(50));
        }
    })
}

pub fn slow_disk() -> Outcome {
    let slow_for = Duration::from_secs(knob("FAULTS_SLOW_SECONDS", 8));
    let directory = Directory::on_disk();
    let made = Disk::on_loop(directory.path(), 1024)
        .and_then(|disk| Ok((SpeedLimit::on(&disk, LIMIT)?, disk)));
    let (limit, disk) = match made {
        Ok(made) => made,
        Err(reason) => return Outcome::Skipped(reason),
    };
    match probe(&limit, &disk, PROBE_BYTES) {
        Ok(took) if took > Duration::from_secs(1) => {}
        Ok(took) => return Outcome::Skipped(format!("3 MiB went through the limit in {took:?}")),
        Err(reason) => return Outcome::Skipped(reason),
    }
    limit.lift();
    let mut setup = Setup::new(disk.path().join("data"))
        .with("group.initial.rebalance.delay.ms=1500")
        .with("offsets.topic.num.partitions=3");
    setup.cgroup = Some(limit.members());
    let mut broker = Broker::start(setup);
    create_topics(broker.address());
    let (counts, stop) = (Rebalances::default(), Arc::new(AtomicBool::new(false)));
    let join = |_| member(broker.address().to_owned(), counts.clone(), stop.clone());
    let members: Vec<_> = (0..MEMBERS).map(join).collect();
    let pace = Pace { queue_kib: 2_048, request_timeout_ms: 60_000, ..Pace::default() };
    let load = Load::start(broker.address(), pace);
    let until = Instant::now() + PATIENCE;
    while counts.assigned.load(Ordering::Relaxed) < MEMBERS {
        assert!(Instant::now() < until, "the group does not form");
        thread::sleep(Duration::from_millis(20));
    }
    let fast = rate(&load, Duration::from_secs(2));
    let stable = counts.revoked.load(Ordering::Relaxed);
    limit.set().expect("what was set can be set again");
    let slow = rate(&load, slow_for);
    let mut wire = Wire::connect(broker.address(), PATIENCE).expect("it listens");
    wire.topics().expect("metadata is answered");
    let moved = counts.revoked.load(Ordering::Relaxed) - stable;
    limit.lift();
    assert_eq!(moved, 0, "members lost their partitions while the disk was slow");
    load.wait_for_more(500);
    stop.store(true, Ordering::Relaxed);
    members.into_iter().for_each(|member| member.join().expect("a member goes on"));
    let proven = load.finish(broker.address());
    assert!(broker.is_running(), "it ended:\n{}", broker.said());
    broker.kill();
    Outcome::Passed(format!(
        "{fast} records/s before, {slow} at {LIMIT} B/s for {slow_for:?}, no rebalance; {proven}"
    ))
}

/// Records acknowledged a second.
fn rate(load: &Load, time: Duration) -> u64 {
    let before = load.acknowledged();
    thread::sleep(time);
    (load.acknowledged() - before) as u64 * 1000 / time.as_millis() as u64
}
