//! Journal files come back: after topics that went, faults that passed, and failures of their own.

use std::path::Path;
use std::time::Duration;

use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Controls, DiskFaults, Ended, Sim};

use super::journal::{live, open, options, put, read, warm_up};
use super::rig::batch_at;
use super::*;
use millstream_engine::now::Now;

const PARTITIONS: i32 = 20;
const EIO: i32 = 5;
const METADATA: &str = "data/t-0/partition.metadata";

/// Longer than anything that is tried again and again waits.
async fn a_while(shard: &Shard) {
    shard.sleep(Duration::from_secs(12)).await;
}

/// A file is settled while the topics that it owes come and go: what is deleted owes nothing.
#[test]
fn topics_that_come_and_go_hold_no_journal_file() {
    let mut sim = Sim::new(11);
    sim.set_disk_faults(DiskFaults {
        stall_per_mille: 300,
        stall_max: Duration::from_millis(50),
        ..DiskFaults::default()
    });
    live(&mut sim, 64 << 10, |shard, storage| async move {
        let kept = open(&storage, 0).await;
        warm_up(&shard, &storage, &kept).await;
        for round in 0..60 {
            let mut logs = Vec::new();
            for index in 1..PARTITIONS {
                logs.push(open(&storage, index).await);
            }
            for log in &logs {
                put(&shard, log, &format!("{round} {}", "x".repeat(3_000))).await;
            }
            for log in logs {
                storage.delete_partition(log).await.expect("deleted");
            }
        }
        put(&shard, &kept, "last").await;
        let counts = storage.journal();
        assert!(counts.files_settled > 10, "{counts:?}");
        assert_eq!(counts.held, 0, "{counts:?}");
        while storage.journal().settling > 0 {
            shard.sleep(Duration::from_millis(10)).await;
        }
        assert!(storage.journal().is_usable);
    });
    sim.crash();
    live(&mut sim, 64 << 10, |_, storage| async move {
        assert_eq!(read(&open(&storage, 0).await).await, ["first", "last"]);
    });
}

/// A commit fails: the file is never written again, a new one takes its place.
async fn fail_a_commit(shard: &Shard, storage: &Storage, controls: &Controls) {
    let log = open(storage, 0).await;
    warm_up(shard, storage, &log).await;
    put(shard, &log, "second").await;
    controls.fail_io(controls.io_count(), EIO);
    put(shard, &log, "third").await;
    put(shard, &log, "fourth").await;
    let counts = storage.journal();
    assert!(!counts.is_usable && counts.held > 0, "{counts:?}");
    a_while(shard).await;
    let counts = storage.journal();
    assert!(counts.held == 0 && counts.oldest_ms == 0, "{counts:?}");
    warm_up(shard, storage, &log).await;
    for round in 0..5 {
        put(shard, &log, &format!("after {round}")).await;
    }
    assert!(storage.journal().commits >= counts.commits + 5, "{counts:?}");
}

#[test]
fn a_journal_that_failed_begins_anew_and_loses_nothing_wherever_the_power_goes() {
    let failing = |sim: &mut Sim| {
        let controls = sim.controls();
        let body = move |shard: Shard, _: Endpoint<()>| {
            let controls = controls.clone();
            async move {
                let _ = shard.make_dir(Path::new("data")).await;
                shard.sync_dir(Path::new("")).await.ok();
                let storage = Storage::open(&shard, "data".into(), options(64 << 10)).await;
                let storage = storage.expect("storage opens");
                fail_a_commit(&shard, &storage, &controls).await;
            }
        };
        sim.run(1, Duration::from_secs(1_000), body)
    };
    let mut sim = Sim::new(12);
    assert_eq!(failing(&mut sim), Ended::Finished);
    let count = sim.io_count();
    assert!(count > 30, "{count} operations");
    for nth in 0..count {
        let mut sim = Sim::new(12);
        sim.cut_at_io(nth);
        assert_eq!(failing(&mut sim), Ended::Cut);
        sim.heal();
        sim.crash();
        live(&mut sim, 64 << 10, |shard, storage| async move {
            let log = open(&storage, 0).await;
            put(&shard, &log, "more").await;
            let all = ["first", "second", "third", "fourth", "first"].map(str::to_owned).to_vec();
            let later = (0..5).map(|round| format!("after {round}"));
            let mut all: Vec<String> = all.into_iter().chain(later).collect();
            let found = read(&log).await;
            all.truncate(found.len() - 1);
            all.push("more".to_owned());
            assert_eq!(found, all);
        });
    }
}

/// Entries of a partition that cannot be identified at a start hold their file, until somebody
/// mends its directory or deletes its topic.
fn held_at_a_start<F, Fut>(then: F)
where
    F: FnOnce(Shard, Storage) -> Fut + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    let mut sim = Sim::new(13);
    live(&mut sim, 1 << 20, |shard, storage| async move {
        let log = open(&storage, 0).await;
        warm_up(&shard, &storage, &log).await;
        put(&shard, &log, "second").await;
        let garbage = b"nothing of ours".to_vec();
        files::replace(&shard, Path::new(METADATA), garbage).await.expect("written");
    });
    live(&mut sim, 1 << 20, |shard, storage| async move {
        a_while(&shard).await;
        let counts = storage.journal();
        assert!(counts.held == 1 && counts.oldest_ms > 10_000, "{counts:?}");
        then(shard, storage).await;
    });
}

#[test]
fn a_file_that_was_held_at_the_start_is_used_again_when_its_partition_opens() {
    held_at_a_start(|shard, storage| async move {
        let text = sidecar::encode_metadata(Uuid([9; 16])).into_bytes();
        files::replace(&shard, Path::new(METADATA), text).await.expect("written");
        let log = open(&storage, 0).await;
        assert_eq!(read(&log).await, ["first", "second"]);
        a_while(&shard).await;
        assert_eq!((storage.journal().held, storage.journal().free), (0, 4));
    });
}

#[test]
fn a_file_that_was_held_at_the_start_is_used_again_when_its_topic_is_deleted() {
    held_at_a_start(|shard, storage| async move {
        storage.delete_unopened("t", Uuid([9; 16]), 0).await.expect("deleted");
        a_while(&shard).await;
        assert_eq!((storage.journal().held, storage.journal().free), (0, 4));
    });
}

/// A partition that has records in the journal only, and whose files take no write.
async fn failed_with_a_debt(shard: &Shard, storage: &Storage, controls: &Controls) -> PartitionLog {
    let (kept, failing) = (open(storage, 0).await, open(storage, 1).await);
    warm_up(shard, storage, &kept).await;
    put(shard, &failing, "debt").await;
    controls.fail_io_from(controls.io_count(), EIO);
    let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
    let large = batch_at(1, &[&"l".repeat(200_000)]);
    let origin = Origin::Client { produce_version: 11 };
    let end = failing.append(&large, origin, now).expect("appended").end;
    failing.durable(end).await.expect_err("its files take no write");
    controls.heal();
    storage.0.journal.settle_now();
    a_while(shard).await;
    let counts = storage.journal();
    assert!(counts.held == 1 && counts.settling == 0, "{counts:?}");
    failing
}

#[test]
fn a_file_that_a_failed_partition_holds_is_used_again_when_that_is_deleted() {
    let mut sim = Sim::new(14);
    let controls = sim.controls();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let failing = failed_with_a_debt(&shard, &storage, &controls).await;
        storage.delete_partition(failing).await.expect("deleted");
        a_while(&shard).await;
        let counts = storage.journal();
        assert!(counts.held == 0 && counts.files_settled == 1, "{counts:?}");
    });
}

/// Closing makes a failed partition `Closed`: that is no sign that all of it is settled.
#[test]
fn what_a_failed_partition_has_in_the_journal_outlives_a_clean_stop() {
    let mut sim = Sim::new(15);
    let controls = sim.controls();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let failing = failed_with_a_debt(&shard, &storage, &controls).await;
        storage.close().await.expect_err("the failed partition did not close cleanly");
        assert!(failing.0.settle_upto(Offset(1)).await.is_err(), "closed, and not settled");
        let fault = storage.0.journal.close().await.expect_err("it has the only copy");
        assert!(fault.to_string().contains("the next start replays it"), "{fault}");
    });
    live(&mut sim, 1 << 20, |_, storage| async move {
        let found = read(&open(&storage, 1).await).await;
        assert_eq!(found.first().map(String::as_str), Some("debt"));
    });
}

/// Closes storage under `faults`, with a record of each of five partitions in the journal only;
/// what was said, and how long it took. All of them are there after the next start.
fn close_under(faults: DiskFaults) -> (String, Duration) {
    let mut sim = Sim::new(16);
    let controls = sim.controls();
    let said = Rc::new(RefCell::new((String::new(), Duration::ZERO)));
    let told = said.clone();
    live(&mut sim, 1 << 20, move |shard, storage| async move {
        let mut logs = Vec::new();
        for index in 0..5 {
            logs.push(open(&storage, index).await);
        }
        warm_up(&shard, &storage, &logs[0]).await;
        for log in &logs {
            put(&shard, log, "small").await;
        }
        controls.set_disk_faults(faults);
        let began_ns = shard.precise_ns();
        let fault = storage.close().await.expect_err("not all can be settled");
        let took = Duration::from_nanos(shard.precise_ns() - began_ns);
        controls.heal();
        *told.borrow_mut() = (fault.to_string(), took);
    });
    sim.crash();
    live(&mut sim, 1 << 20, |_, storage| async move {
        for index in 0..5 {
            let found = read(&open(&storage, index).await).await;
            assert_eq!(found.last().map(String::as_str), Some("small"));
        }
    });
    said.take()
}

#[test]
fn a_stop_on_a_full_device_ends_and_says_what_is_not_settled() {
    let (said, took) = close_under(DiskFaults { capacity_bytes: Some(1), ..DiskFaults::default() });
    assert!(said.contains("4 partitions are not settled"), "{said}");
    assert!(said.contains("the next start replays it; 0 records"), "{said}");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_stop_on_a_device_that_stands_still_ends() {
    let (said, took) = close_under(DiskFaults {
        stall_per_mille: 1_000,
        stall_max: Duration::from_secs(100_000),
        ..DiskFaults::default()
    });
    assert!(said.contains("5 partitions are not settled (the device does not answer"), "{said}");
    assert!(took <= Duration::from_millis(limits::CLOSING_MS_MAX + 10), "{took:?}");
}
