//! A start whose flush fails, and a kill: what the next start shows outlives the power.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use millstream_engine::now::Now;
use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Controls, Death, Ended, Sim};

use super::journal::{live, open, options, put, read, warm_up};
use super::rig::batch_at;
use super::*;

const EIO: i32 = 5;
const SEEDS: u64 = 3;
const BATCHES: usize = 60;
const BYTES: usize = 5_000;
/// Steps of the world after which the write is under way.
const STEPS: Range<usize> = 42..54;
/// Operations of a start that read and flush what was written, and some before and behind them.
const OPERATIONS: Range<u64> = 16..34;

/// Appends what leaves in one write to the segment's file; ends when that is durable.
async fn append(shard: &Shard) {
    let _ = shard.make_dir(Path::new("data")).await;
    shard.sync_dir(Path::new("")).await.ok();
    let storage = Storage::open(shard, "data".into(), options(64 << 10)).await.expect("opens");
    let log = open(&storage, 0).await;
    let mut end = Offset(0);
    for _ in 0..BATCHES {
        let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
        let origin = Origin::Client { produce_version: 11 };
        let appended = log.append(&batch_at(1, &[&"v".repeat(BYTES)]), origin, now);
        end = appended.expect("appended").end;
    }
    log.durable(end).await.expect("durable");
}

/// The world of a process that was killed in the middle of that.
fn killed_after(steps: usize, seed: u64) -> Sim {
    let mut sim = Sim::new(seed);
    let process = sim.start(1, |shard: Shard, _: Endpoint<()>| async move { append(&shard).await });
    (0..steps).for_each(|_| {
        sim.step(Duration::from_secs(1_000));
    });
    sim.end(process, Death::Killed);
    sim
}

/// A start of which operation `nth` fails, if it has so many; ends as if it was killed.
async fn start(shard: &Shard, controls: &Controls, nth: u64) {
    controls.fail_io(controls.io_count() + nth, EIO);
    let opened = Storage::open(shard, "data".into(), options(64 << 10)).await;
    let Ok(storage) = opened else { return };
    let config = TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default()).expect("sound");
    let _ = storage.open_partition("t", Uuid([9; 16]), 0, Arc::new(config)).await;
}

/// A start as above that is killed where it ends.
fn start_and_kill(sim: &mut Sim, nth: u64) {
    let controls = sim.controls();
    let body = move |shard: Shard, _: Endpoint<()>| {
        let controls = controls.clone();
        async move { start(&shard, &controls, nth).await }
    };
    assert_eq!(sim.run(1, Duration::from_secs(1_000), body), Ended::Finished);
    sim.heal();
}

/// How many records a start finds; ends as if it was killed, too.
fn shown(sim: &mut Sim) -> usize {
    let shown: Rc<Cell<usize>> = Rc::default();
    let found = shown.clone();
    live(sim, 64 << 10, move |_, storage| async move {
        found.set(read(&open(&storage, 0).await).await.len());
    });
    shown.take()
}

#[test]
fn what_is_shown_after_a_start_whose_flush_failed_outlives_the_power() {
    let mut partial = 0;
    for (steps, seed) in STEPS.flat_map(|steps| (0..SEEDS).map(move |seed| (steps, seed))) {
        for nth in OPERATIONS {
            let mut sim = killed_after(steps, seed);
            start_and_kill(&mut sim, nth);
            let before = shown(&mut sim);
            sim.crash();
            let after = shown(&mut sim);
            assert!(after >= before, "{steps}, {seed}, {nth}: {before}, then {after} records");
            partial += usize::from((1..BATCHES).contains(&before));
        }
    }
    assert!(partial > 10, "{partial} states had a part of it");
}

/// The opening of a new partition fails, a later one goes well, and it takes a record.
#[test]
fn a_partition_whose_opening_failed_outlives_the_power_once_it_is_open() {
    for (nth, seed) in (0..40).flat_map(|nth| (0..8).map(move |seed| (nth, seed))) {
        let mut sim = Sim::new(seed);
        let controls = sim.controls();
        live(&mut sim, 64 << 10, move |shard, storage| async move {
            warm_up(&shard, &storage, &open(&storage, 1).await).await;
            let config = TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default());
            let config = Arc::new(config.expect("sound"));
            controls.fail_io(controls.io_count() + nth, EIO);
            let id = Uuid([9; 16]);
            let log = match storage.open_partition("t", id, 0, config.clone()).await {
                Ok(log) => log,
                Err(_) => storage.open_partition("t", id, 0, config).await.expect("the next one"),
            };
            for bytes in [10, 200_000] {
                let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
                let origin = Origin::Client { produce_version: 11 };
                let appended = log.append(&batch_at(1, &[&"v".repeat(bytes)]), origin, now);
                let _ = log.durable(appended.expect("appended").end).await;
            }
            controls.heal();
            if log.has_failed() {
                storage.try_writing(&log).await.expect("the device is well");
                let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
                assert!(storage.give_up(&log, now).await);
                put(&shard, &open(&storage, 0).await, "after").await;
            }
        });
        sim.crash();
        let found = shown(&mut sim);
        assert!(found >= 2, "{nth}, {seed}: {found} records");
    }
}
