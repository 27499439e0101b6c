//! Retention on a full device: segments go before any checkpoint can say so, and whatever ends the
//! process meanwhile, the log is whole and its producers may go on.

use std::time::Duration;

use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{DiskFaults, DiskImage, Ended, Sim};
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;

use super::journal::{now, options, put, read, warm_up};
use super::*;
use millstream_engine::now::Now;

const ENOSPC: i32 = 28;
const SEEDS: u64 = 4;
/// Three of them fill a segment. The last segment is another producer's.
const BATCHES: i32 = 9;
const BATCHES_OF_FIRST: i32 = 6;
const VALUE_BYTES: usize = 300_000;
const TOPIC: &[(&str, &str)] =
    &[("segment.bytes", "1048576"), ("retention.bytes", "1"), ("file.delete.delay.ms", "0")];

fn value(number: i32) -> String {
    format!("{number:09}").repeat(VALUE_BYTES / 9)
}

async fn open(shard: &Shard) -> PartitionLog {
    open_with(shard, TOPIC).await.1
}

async fn open_with(shard: &Shard, overrides: &[(&str, &str)]) -> (Storage, PartitionLog) {
    let _ = shard.make_dir(std::path::Path::new("data")).await;
    shard.sync_dir(std::path::Path::new("")).await.ok();
    let storage = Storage::open(shard, "data".into(), options(1 << 20)).await;
    let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
    let overrides = overrides.iter().map(text).collect();
    let config = TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound");
    let storage = storage.expect("storage opens");
    let opened = storage.open_partition("t", Uuid([9; 16]), 0, Arc::new(config)).await;
    (storage, opened.expect("the partition opens"))
}

/// The record of this number, which is at the offset of that number.
fn append(shard: &Shard, log: &PartitionLog, number: i32) -> Result<Appended, AppendRefusal> {
    match number.checked_sub(BATCHES_OF_FIRST) {
        Some(sequence @ 0..) => send(shard, log, (8, sequence), number),
        _ => send(shard, log, (7, number), number),
    }
}

fn send(
    shard: &Shard,
    log: &PartitionLog,
    (producer, sequence): (i64, i32),
    number: i32,
) -> Result<Appended, AppendRefusal> {
    let mut builder = BatchBuilder::new(Codec::None).producer(producer, 0, sequence);
    builder.append(1, None, Some(value(number).as_bytes()), &[]);
    let batch = builder.build().expect("builds");
    log.append(&batch, Origin::Client { produce_version: 11 }, now(shard))
}

/// A process that ends at the `nth` file operation of a retention on a full device. A checkpoint
/// knows the first segment only.
fn ended_at(nth: u64, seed: u64) -> (Sim, Ended) {
    let mut sim = Sim::new(seed);
    let controls = sim.controls();
    let ended = sim.run(1, Duration::from_secs(1_000), move |shard: Shard, _: Endpoint<()>| {
        let controls = controls.clone();
        async move {
            let log = open(&shard).await;
            let mut no_more_checkpoints = None;
            for number in 0..BATCHES {
                let end = append(&shard, &log, number).expect("appended").end;
                log.durable(end).await.expect("durable");
                if number == BATCHES / 4 {
                    log.0.checkpoint().await.expect("a checkpoint");
                    no_more_checkpoints = Some(log.0.checkpointing.acquire(1).await);
                }
            }
            let end = log.marks().log_end;
            log.0.settle_upto(end).await.expect("settled");
            assert!(log.0.log.borrow().segments().len() > 2, "several segments");
            let full = DiskFaults { capacity_bytes: Some(1), ..DiskFaults::default() };
            controls.set_disk_faults(full);
            drop(no_more_checkpoints);
            controls.cut_at_io(controls.io_count() + nth);
            log.0.retain(now(&shard)).await;
            shard.sleep(Duration::from_secs(1)).await;
            assert!(log.marks().log_start > Offset(0), "retention has dropped some");
        }
    });
    (sim, ended)
}

/// The log has all of its records, from wherever it starts, and its producers go on.
fn check(disk: DiskImage, what: &str) {
    let mut sim = Sim::with_disk(3, disk);
    let what = what.to_owned();
    let ended = sim.run(1, Duration::from_secs(1_000), move |shard: Shard, _: Endpoint<()>| {
        let what = what.clone();
        async move {
            let log = open(&shard).await;
            let marks = log.marks();
            assert_eq!(marks.log_end, Offset(i64::from(BATCHES)), "{what}");
            let wanted: Vec<_> = (marks.log_start.0 as i32..BATCHES).map(value).collect();
            assert!(read(&log).await == wanted, "{what}: from {:?}", marks.log_start);
            for producer in [(7, BATCHES_OF_FIRST), (8, BATCHES - BATCHES_OF_FIRST)] {
                let more = send(&shard, &log, producer, BATCHES);
                assert!(more.is_ok(), "{what}: from {:?}: {more:?}", marks.log_start);
            }
        }
    });
    assert_eq!(ended, Ended::Finished);
}

#[test]
fn what_retention_takes_from_a_full_device_leaves_a_whole_log_whenever_the_process_ends() {
    for nth in 0.. {
        let mut ended = Ended::Finished;
        for seed in 0..SEEDS {
            let (mut sim, this) = ended_at(nth, seed);
            check(sim.disk_image(), &format!("killed at {nth}"));
            sim.crash();
            check(sim.disk_image(), &format!("power cut at {nth}, seed {seed}"));
            ended = this;
        }
        if ended == Ended::Finished {
            assert!(nth > 6, "{nth} operations");
            return;
        }
    }
}

/// Small records go to the journal, whose files have their space: nobody has noticed yet that the
/// device is full, and what they owe to segment files cannot be paid.
#[test]
fn retention_on_a_full_device_waits_for_no_space() {
    let mut sim = Sim::new(5);
    let controls = sim.controls();
    let ended = sim.run(1, Duration::from_secs(1_000), move |shard: Shard, _: Endpoint<()>| {
        let controls = controls.clone();
        async move {
            let (storage, log) = open_with(&shard, TOPIC).await;
            warm_up(&shard, &storage, &log).await;
            for number in 0..BATCHES_OF_FIRST {
                let end = send(&shard, &log, (7, number), number).expect("appended").end;
                log.durable(end).await.expect("durable");
            }
            log.0.settle_upto(log.marks().log_end).await.expect("settled");
            put(&shard, &log, "small").await;
            let end = log.marks().log_end;
            assert!(log.0.log.borrow().settled() < end, "the journal alone has the last one");
            let full = DiskFaults { capacity_bytes: Some(1), ..DiskFaults::default() };
            controls.set_disk_faults(full);
            let retained = shard.timeout(Duration::from_secs(10), log.0.retain(now(&shard))).await;
            assert!(retained.is_some(), "it waits");
            assert!(log.marks().log_start > Offset(0), "it has dropped some");
            assert!(log.0.dropped.borrow().is_empty(), "their files have gone");
            let first = log.0.log.borrow().segments().next().map(|segment| segment.base);
            let first = log.0.segment_path(first.expect("a segment"));
            assert!(shard.file_len(&first).await.is_ok(), "a name says where the log begins");
            put(&shard, &log, "more").await;
        }
    });
    assert_eq!(ended, Ended::Finished);
}

/// An idle partition expires as a whole, which begins a segment: whatever finds no space on the way
/// takes of the reserve, or does without.
#[test]
fn an_idle_partition_expires_where_any_one_operation_finds_no_space() {
    for nth in 0.. {
        let mut sim = Sim::new(6);
        let controls = sim.controls();
        let failed = controls.clone();
        let ended = sim.run(1, Duration::from_secs(1_000), move |shard: Shard, _: Endpoint<()>| {
            let controls = controls.clone();
            async move {
                let expiring = [("retention.ms", "1000"), ("file.delete.delay.ms", "0")];
                let (storage, log) = open_with(&shard, &expiring).await;
                storage.reserve().keep().await;
                let end = send(&shard, &log, (7, 0), 0).expect("appended").end;
                log.durable(end).await.expect("durable");
                log.0.settle_upto(end).await.expect("settled");
                let at = now(&shard);
                controls.fail_io(controls.io_count() + nth, ENOSPC);
                log.0.retain(Now { wall_ms: at.wall_ms + 60_000, ..at }).await;
                assert_eq!(log.marks().log_start, end, "{nth}");
                assert!(log.0.dropped.borrow().is_empty(), "{nth}: files stay");
            }
        });
        assert_eq!(ended, Ended::Finished);
        if failed.fault_counts().io_errors == 0 {
            assert!(nth > 4, "{nth} operations");
            return;
        }
    }
}

#[test]
fn retention_that_begins_a_segment_and_a_deletion_do_not_wait_for_each_other() {
    for delay_us in 0..120 {
        let mut sim = Sim::new(delay_us);
        let controls = sim.controls();
        let ended = sim.run(1, Duration::from_secs(1_000), move |shard: Shard, _: Endpoint<()>| {
            let controls = controls.clone();
            async move {
                let expiring = [("retention.ms", "1000"), ("file.delete.delay.ms", "0")];
                let (_storage, log) = open_with(&shard, &expiring).await;
                for number in 0..2 {
                    let end = send(&shard, &log, (7, number), number).expect("appended").end;
                    log.durable(end).await.expect("durable");
                }
                log.0.settle_upto(log.marks().log_end).await.expect("settled");
                controls.set_disk_faults(DiskFaults {
                    stall_per_mille: 1_000,
                    stall_max: Duration::from_micros(100),
                    ..DiskFaults::default()
                });
                let (kept, at) = (log.clone(), now(&shard));
                let later = Now { wall_ms: at.wall_ms + 60_000, ..at };
                let retention = async move { kept.0.retain(later).await };
                shard.spawn(Class::Background, "retention", retention);
                shard.sleep(Duration::from_micros(delay_us * 5)).await;
                let closing = shard.timeout(Duration::from_secs(100), log.0.close_for_good()).await;
                assert!(closing.is_some(), "after {delay_us}: it waits");
            }
        });
        assert_eq!(ended, Ended::Finished);
    }
}
