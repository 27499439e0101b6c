//! Every disk that a power cut could have left of a workload, opened and checked.
//!
//! A workload is recorded once; each crash state of the recording is booted: storage recovers,
//! every promise made before the state could have come about is checked, and the log must take
//! and serve another batch. A failing state is named by its number: the same workload, budget
//! and seed give the same states.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_engine::now::Now;
use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Controls, CrashStateId, DiskImage, Ended, Sim};
use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;

use super::*;

/// States of one workload at most.
const BUDGET: usize = 2_600;

pub(super) type Overrides = &'static [(&'static str, &'static str)];

/// What is done to one partition, round by round.
#[derive(Clone, Copy)]
pub(super) struct Workload {
    pub rounds: u64,
    pub overrides: Overrides,
    /// Every so many rounds: records are deleted up to the middle.
    pub trim_every: u64,
    /// Every so many rounds: retention looks at the log.
    pub retain_every: u64,
    /// Every so many rounds, a batch that is too large for the journal.
    pub large_every: u64,
}

pub(super) const APPENDS: Workload =
    Workload { rounds: 24, overrides: &[], trim_every: 99, retain_every: 99, large_every: 99 };
pub(super) const ROLLS: Workload =
    Workload { overrides: &[("segment.ms", "2")], large_every: 7, ..APPENDS };
pub(super) const TRIMS: Workload =
    Workload { trim_every: 5, overrides: &[("segment.ms", "3")], ..APPENDS };
pub(super) const RETAINS: Workload = Workload {
    retain_every: 4,
    overrides: &[("segment.ms", "2"), ("retention.ms", "4")],
    ..APPENDS
};

/// Something that was told to a client, and when.
#[derive(Clone)]
pub(super) struct Promise {
    pub at: Duration,
    pub partition: usize,
    pub what: Promised,
}

#[derive(Clone)]
pub(super) enum Promised {
    Record(i64, String),
    Start(i64),
}

pub(super) type Promises = Rc<RefCell<Vec<Promise>>>;

const NAMES: [&str; 2] = ["first", "second"];

pub(super) async fn open(shard: &Shard) -> Result<Storage, StorageFault> {
    let options = StorageOptions {
        cache_bytes_max: 1 << 20,
        retention_check_ms: 1_000_000,
        producer_expiration_ms: 86_400_000,
        cleaner: super::rig::QUIET_CLEANER,
        journal: JournalOptions { file_bytes: 96 << 10, sync: Sync::Data },
        withheld: Withheld::default(),
    };
    Storage::open(shard, "data".into(), options).await
}

pub(super) async fn open_log(
    storage: &Storage,
    partition: usize,
    overrides: Overrides,
) -> Result<PartitionLog, StorageFault> {
    let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
    let overrides: BTreeMap<_, _> = overrides.iter().map(text).collect();
    let config = TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound");
    let id = Uuid([partition as u8 + 1; 16]);
    storage.open_partition(NAMES[partition], id, 0, Arc::new(config)).await
}

fn batch_of(shard: &Shard, value: &str) -> bytes::Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.append(shard.wall_ms(), None, Some(value.as_bytes()), &[]);
    builder.build().expect("builds")
}

fn now(shard: &Shard) -> Now {
    Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() }
}

/// Works on all partitions until it is done or something fails; notes what was promised.
pub(super) async fn work(
    shard: Shard,
    workload: Workload,
    promises: Promises,
) -> Result<(), StorageFault> {
    let storage = open(&shard).await?;
    let mut logs = Vec::new();
    for partition in 0..NAMES.len() {
        logs.push(open_log(&storage, partition, workload.overrides).await?);
    }
    let promise = |partition, what| {
        let at = Duration::from_nanos(shard.now_ns());
        promises.borrow_mut().push(Promise { at, partition, what });
    };
    for round in 0..workload.rounds {
        for (partition, log) in logs.iter().enumerate() {
            let is_large = round % workload.large_every == workload.large_every - 1;
            let len = if is_large { 300_000 } else { 40 + 13 * round as usize };
            let value = format!("{partition}.{round} {}", "x".repeat(len));
            let origin = Origin::Client { produce_version: 11 };
            let Ok(appended) = log.append(&batch_of(&shard, &value), origin, now(&shard)) else {
                continue;
            };
            let waits = !(round + partition as u64).is_multiple_of(3);
            if waits && log.durable(appended.end).await.is_ok() {
                promise(partition, Promised::Record(appended.base_offset.0, value));
            }
            if round % workload.trim_every == workload.trim_every - 1 {
                let marks = log.marks();
                let upto = Offset((marks.log_start.0 + marks.high_watermark.0) / 2);
                if let Ok(start) = log.delete_records(Some(upto)).await {
                    promise(partition, Promised::Start(start.0));
                }
            }
            if round % workload.retain_every == workload.retain_every - 1 {
                log.0.retain(now(&shard)).await;
            }
        }
        shard.sleep(Duration::from_micros(700)).await;
    }
    Ok(())
}

/// Opens what is there, checks the promises made before `until`, appends and reads back.
pub(super) async fn recover_and_serve(
    shard: Shard,
    workload: Workload,
    (promises, until): (Vec<Promise>, Duration),
    what: &str,
) {
    let storage = open(&shard).await.unwrap_or_else(|e| panic!("{what}: storage: {e}"));
    for partition in 0..NAMES.len() {
        let log = open_log(&storage, partition, workload.overrides).await;
        let log = log.unwrap_or_else(|e| panic!("{what}: partition {partition}: {e}"));
        log.0.log.borrow().check();
        let mut found = values_of(&log, what).await;
        let start = log.marks().log_start.0;
        let kept = promises.iter().filter(|p| p.partition == partition && p.at < until);
        for promise in kept {
            match &promise.what {
                Promised::Start(at) => assert!(start >= *at, "{what}: records below {at} are back"),
                Promised::Record(at, value) if *at >= start => {
                    assert!(found.get(at) == Some(value), "{what}: {partition}: {at} is lost");
                }
                Promised::Record(..) => {}
            }
        }
        let origin = Origin::Client { produce_version: 11 };
        let appended = log.append(&batch_of(&shard, "more"), origin, now(&shard));
        let appended = appended.unwrap_or_else(|e| panic!("{what}: append: {e:?}"));
        log.durable(appended.end).await.unwrap_or_else(|e| panic!("{what}: flush: {e:?}"));
        found.insert(appended.base_offset.0, "more".to_owned());
        assert!(values_of(&log, what).await == found, "{what}: {partition} reads otherwise");
    }
}

/// All visible records by offset, without a hole.
async fn values_of(log: &PartitionLog, what: &str) -> BTreeMap<i64, String> {
    let marks = log.marks();
    let (mut from, mut found) = (marks.log_start, BTreeMap::new());
    while from < marks.high_watermark {
        let read = log.read(from, 50_000, true, marks.high_watermark).await;
        let read = read.unwrap_or_else(|e| panic!("{what}: read at {from}: {e:?}"));
        let joined = read.extents.concat();
        let before = from;
        for view in split_batches(&joined) {
            let view = view.expect("whole batches");
            assert!(view.crc_valid(), "{what}: a bad batch is served");
            for record in view.records().expect("uncompressed") {
                let record = record.expect("sound");
                if record.offset >= from.0 {
                    assert_eq!(record.offset, from.0, "{what}: a hole");
                    let value = record.value.expect("not null").to_vec();
                    found.insert(record.offset, String::from_utf8(value).expect("text"));
                    from = Offset(record.offset + 1);
                }
            }
        }
        assert!(from > before, "{what}: no progress at {from}");
    }
    found
}

/// Makes the data directory, as its owner does before storage is opened.
pub(super) async fn make_data(shard: &Shard) {
    shard.make_dir(std::path::Path::new("data")).await.expect("made");
    shard.sync_dir(std::path::Path::new("")).await.expect("flushed");
}

fn every_crash_state_recovers(workload: Workload, seed: u64) {
    let promises: Promises = Rc::default();
    let (recorded, told) = (Sim::new(seed), promises.clone());
    let mut recorded = recorded;
    let controls: Controls = recorded.controls();
    let ended = recorded.run(1, Duration::from_secs(60), move |shard: Shard, _: Endpoint<()>| {
        let (told, controls) = (told.clone(), controls.clone());
        async move {
            make_data(&shard).await;
            controls.record();
            work(shard, workload, told).await.expect("nothing fails");
        }
    });
    assert_eq!(ended, Ended::Finished);
    let promises = promises.borrow().clone();
    assert!(promises.len() > 10, "an idle workload");
    let recording = recorded.recording();
    let mut states = 0;
    for (id, image) in recording.crash_states(BUDGET, seed) {
        boot(image, workload, &promises, id);
        states += 1;
    }
    assert!(states >= 2_500, "{states} states");
}

fn boot(image: DiskImage, workload: Workload, promises: &[Promise], id: CrashStateId) {
    let mut sim = Sim::with_disk(id.index as u64, image);
    let promises = promises.to_vec();
    let ended = sim.run(1, Duration::from_secs(600), move |shard: Shard, _: Endpoint<()>| {
        let promises = promises.clone();
        async move {
            let what = format!("{id:?}");
            recover_and_serve(shard, workload, (promises, id.until), &what).await;
        }
    });
    assert_eq!(ended, Ended::Finished, "{id:?}");
}

#[test]
fn every_crash_state_of_appends_recovers_and_serves() {
    every_crash_state_recovers(APPENDS, 1);
}

#[test]
fn every_crash_state_of_rolling_segments_recovers_and_serves() {
    every_crash_state_recovers(ROLLS, 2);
}

#[test]
fn every_crash_state_of_deleted_records_recovers_and_serves() {
    every_crash_state_recovers(TRIMS, 3);
}

#[test]
fn every_crash_state_of_retention_recovers_and_serves() {
    every_crash_state_recovers(RETAINS, 4);
}
