//! Logs that failed in service come back: with all that was acknowledged, wherever the power goes.

use std::path::Path;
use std::time::Duration;

use millstream_engine::ids::LeaderEpoch;
use millstream_engine::now::Now;
use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Controls, Ended, Sim};

use super::journal::{live, open, options, put, read, warm_up};
use super::rig::batch_at;
use super::*;

const EIO: i32 = 5;
const LARGE: usize = 200_000;

fn now(shard: &Shard) -> Now {
    Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() }
}

/// What the next record is that fails.
#[derive(Clone, Copy, Debug)]
enum Failing {
    /// Too large for the journal: its segment's file takes no write.
    Large,
    /// Neither the journal nor, instead of it, the file takes it.
    Small,
}

/// A partition with a record in the journal only, and one that no device took.
async fn fail(
    shard: &Shard,
    (storage, controls): (&Storage, &Controls),
    failing: Failing,
) -> PartitionLog {
    let log = open(storage, 1).await;
    put(shard, &log, "debt").await;
    let value = match failing {
        Failing::Large => "l".repeat(LARGE),
        Failing::Small => "s".to_owned(),
    };
    controls.fail_io_from(controls.io_count(), EIO);
    let origin = Origin::Client { produce_version: 11 };
    let appended = log.append(&batch_at(1, &[&value]), origin, now(shard)).expect("appended");
    log.durable(appended.end).await.expect_err("no device takes it");
    assert!(log.has_failed());
    log
}

/// Partition 1 fails and is given up, beside another one, which is returned.
async fn give_up_one(shard: &Shard, storage: &Storage, controls: &Controls) -> PartitionLog {
    let other = open(storage, 0).await;
    warm_up(shard, storage, &other).await;
    let log = fail(shard, (storage, controls), Failing::Large).await;
    controls.heal();
    assert!(storage.give_up(&log, now(shard)).await);
    other
}

/// Waits until nothing holds a journal file.
async fn all_free(shard: &Shard, storage: &Storage) {
    storage.0.journal.settle_now();
    shard.sleep(Duration::from_secs(12)).await;
    let counts = storage.journal();
    assert_eq!((counts.held, counts.settling), (0, 0), "{counts:?}");
}

#[test]
fn a_log_that_failed_serves_until_the_device_is_well_and_then_takes_records_again() {
    for failing in [Failing::Large, Failing::Small] {
        let mut sim = Sim::new(21);
        let controls = sim.controls();
        live(&mut sim, 1 << 20, move |shard, storage| async move {
            let kept = open(&storage, 0).await;
            warm_up(&shard, &storage, &kept).await;
            let log = fail(&shard, (&storage, &controls), failing).await;
            storage.try_writing(&log).await.expect_err("the device is not well");
            assert_eq!(read(&log).await, ["debt"], "{failing:?}");
            controls.heal();
            assert_eq!(storage.failed().len(), 1);
            storage.try_writing(&log).await.expect("the device is well");
            assert!(storage.give_up(&log, now(&shard)).await);
            assert!(storage.failed().is_empty() && !log.has_failed());
            let again = open(&storage, 1).await;
            again.set_leader_epoch(LeaderEpoch(1));
            let found = read(&again).await;
            assert_eq!(found[0], "debt");
            put(&shard, &again, "after").await;
            assert_eq!(read(&again).await[found.len()..], ["after"]);
            all_free(&shard, &storage).await;
            storage.close().await.expect("a clean end");
        });
    }
}

/// Fails, is opened again and goes on; notes what was acknowledged.
async fn fail_and_go_on(
    shard: &Shard,
    controls: &Controls,
    failing: Failing,
    told: Rc<RefCell<Vec<&'static str>>>,
) {
    let _ = shard.make_dir(Path::new("data")).await;
    shard.sync_dir(Path::new("")).await.ok();
    let storage = Storage::open(shard, "data".into(), options(64 << 10)).await.expect("opens");
    let kept = open(&storage, 0).await;
    warm_up(shard, &storage, &kept).await;
    let log = fail(shard, (&storage, controls), failing).await;
    told.borrow_mut().push("debt");
    // Well again; a power cut may still come.
    controls.fail_io_from(u64::MAX, EIO);
    storage.try_writing(&log).await.expect("the device is well");
    assert!(storage.give_up(&log, now(shard)).await);
    let again = open(&storage, 1).await;
    again.set_leader_epoch(LeaderEpoch(1));
    for value in ["second", "third", "fourth"] {
        put(shard, &again, value).await;
        told.borrow_mut().push(value);
        put(shard, &kept, value).await;
    }
    all_free(shard, &storage).await;
    put(shard, &again, "fifth").await;
    told.borrow_mut().push("fifth");
}

#[test]
fn a_log_that_comes_back_loses_nothing_wherever_the_power_goes() {
    for failing in [Failing::Large, Failing::Small] {
        let told: Rc<RefCell<Vec<&'static str>>> = Rc::default();
        let run = |sim: &mut Sim| {
            let (controls, told) = (sim.controls(), told.clone());
            told.take();
            let body = move |shard: Shard, _: Endpoint<()>| {
                let (controls, told) = (controls.clone(), told.clone());
                async move { fail_and_go_on(&shard, &controls, failing, told).await }
            };
            sim.run(1, Duration::from_secs(1_000), body)
        };
        let mut sim = Sim::new(22);
        assert_eq!(run(&mut sim), Ended::Finished);
        let count = sim.io_count();
        assert!(count > 40, "{count} operations");
        for nth in 0..count {
            let mut sim = Sim::new(22);
            sim.cut_at_io(nth);
            assert_eq!(run(&mut sim), Ended::Cut);
            sim.heal();
            sim.crash();
            let told = told.borrow().clone();
            live(&mut sim, 64 << 10, move |shard, storage| async move {
                let log = open(&storage, 1).await;
                let mut found = read(&log).await;
                // What was refused may be there.
                found.retain(|value| value != "s" && value.len() < LARGE);
                assert!(found.len() >= told.len(), "{failing:?} {nth}: {told:?}, {found:?}");
                assert_eq!(found[..told.len()], told, "{failing:?}, operation {nth}");
                put(&shard, &log, "more").await;
            });
        }
    }
}

/// Two commits of the journal are under way when the log's file fails: what they bring there is
/// the log's, and nothing else has its offsets after the next start.
#[test]
fn what_is_on_its_way_to_the_journal_stays_the_logs() {
    let mut sim = Sim::new(23);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let kept = open(&storage, 0).await;
        warm_up(&shard, &storage, &kept).await;
        let log = open(&storage, 1).await;
        let origin = Origin::Client { produce_version: 11 };
        log.append(&batch_at(1, &["on its way"]), origin, now(&shard)).expect("appended");
        while !log.0.log.borrow().has_claims() {
            shard.yield_now().await;
        }
        log.0.fail(std::io::Error::from_raw_os_error(EIO));
        assert!(storage.give_up(&log, now(&shard)).await);
        let again = open(&storage, 1).await;
        again.set_leader_epoch(LeaderEpoch(1));
        put(&shard, &again, "second").await;
        assert_eq!(read(&again).await, ["on its way", "second"]);
    });
    sim.crash();
    live(&mut sim, 1 << 20, |_, storage| async move {
        assert_eq!(read(&open(&storage, 1).await).await, ["on its way", "second"]);
    });
}

/// One that cannot be opened again holds its journal file, and the next start has all.
#[test]
fn a_stop_before_a_log_is_back_is_no_clean_one() {
    let mut sim = Sim::new(24);
    let controls = sim.controls();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let _other = give_up_one(&shard, &storage, &controls).await;
        storage.0.journal.settle_now();
        shard.sleep(Duration::from_secs(12)).await;
        assert_eq!(storage.journal().held, 1, "it has the only copy");
        let fault = storage.close().await.expect_err("not all is settled");
        assert!(fault.to_string().contains("were not opened again"), "{fault}");
    });
    live(&mut sim, 1 << 20, |_, storage| async move {
        assert_eq!(read(&open(&storage, 1).await).await[0], "debt");
    });
}

/// Deleted while it is given up: nothing keeps its journal file.
#[test]
fn a_partition_that_is_deleted_before_it_is_back_holds_nothing() {
    let mut sim = Sim::new(25);
    let controls = sim.controls();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let _other = give_up_one(&shard, &storage, &controls).await;
        storage.delete_unopened("t", Uuid([9; 16]), 1).await.expect("deleted");
        all_free(&shard, &storage).await;
        storage.close().await.expect("a clean end");
    });
}

/// The producer that had two batches under way: the second one, which comes first, must wait.
#[test]
fn a_batch_that_was_forgotten_is_waited_for() {
    let mut sim = Sim::new(26);
    let controls = sim.controls();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let log = open(&storage, 1).await;
        let origin = Origin::Client { produce_version: 11 };
        controls.fail_io_from(controls.io_count(), EIO);
        let batch = super::rig::produced;
        let end = log.append(&batch(7, 0, 0), origin, now(&shard)).expect("appended").end;
        log.durable(end).await.expect_err("no device takes it");
        controls.heal();
        assert!(storage.give_up(&log, now(&shard)).await);
        let again = open(&storage, 1).await;
        assert_eq!(again.marks().log_end, Offset(0), "nothing is left of it");
        let early = again.append(&batch(7, 0, 1), origin, now(&shard)).expect_err("too early");
        let fault = SequenceFault::OutOfOrder { expected: 0, sequence: 1 };
        assert_eq!(early, AppendRefusal::Log(AppendFault::Sequence(fault)));
        again.append(&batch(7, 0, 0), origin, now(&shard)).expect("taken");
        again.append(&batch(7, 0, 1), origin, now(&shard)).expect("taken");
    });
}
