//! Compaction on files: what is left reads back, and a crash at any step leaves the old segments
//! or the new ones.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::now::Now;
use millstream_shards::driver::sim::{DiskImage, Ended, Sim};
use millstream_shards::{Endpoint, Shard};
use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;

use super::rig::{QUIET_CLEANER, TOPIC_ID};
use super::*;
use crate::storage::compact::RunFault;

const KEYS: usize = 5;
/// Segments roll by time here, so small records make many of them.
pub(super) const COMPACTED: [(&str, &str); 5] = [
    ("cleanup.policy", "compact"),
    ("segment.ms", "10"),
    ("min.cleanable.dirty.ratio", "0"),
    ("delete.retention.ms", "60000"),
    ("file.delete.delay.ms", "0"),
];

pub(super) type Values = BTreeMap<String, Option<String>>;

fn run_sim<F, Fut>(sim: &mut Sim, main: F) -> Ended
where
    F: FnOnce(Shard, PartitionLog) -> Fut + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    run_with(sim, &COMPACTED, main)
}

/// Runs `main` with a log of these settings.
pub(super) fn run_with<F, Fut>(
    sim: &mut Sim,
    settings: &'static [(&'static str, &'static str)],
    main: F,
) -> Ended
where
    F: FnOnce(Shard, PartitionLog) -> Fut + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    let body = move |shard: Shard, _: Endpoint<()>| {
        let main = main.clone();
        async move {
            let _ = shard.make_dir(std::path::Path::new("data")).await;
            shard.sync_dir(std::path::Path::new("")).await.ok();
            let options = StorageOptions {
                cache_bytes_max: 8 << 20,
                retention_check_ms: 1_000_000,
                producer_expiration_ms: 86_400_000,
                cleaner: QUIET_CLEANER,
                journal: JournalOptions { file_bytes: 1 << 20, sync: Sync::Data },
                withheld: Withheld::default(),
            };
            let opened = Storage::open(&shard, "data".into(), options).await;
            let Ok(storage) = opened else { return };
            let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
            let overrides: BTreeMap<_, _> = settings.iter().map(text).collect();
            let config = TopicConfig::resolve(&overrides, &BrokerConfig::default());
            let config = Arc::new(config.expect("sound"));
            let log = storage.open_partition("t", TOPIC_ID, 0, config).await;
            main(shard, log.expect("the partition opens")).await;
        }
    };
    sim.run(1, Duration::from_secs(1_000), body)
}

async fn put(shard: &Shard, log: &PartitionLog, number: usize) -> (String, Option<String>) {
    let key = format!("k{}", number % KEYS);
    let value = (number % 7 != 3).then(|| format!("{number} {}", "x".repeat(number * 37 % 900)));
    let codec = Codec::ALL[number % Codec::ALL.len()];
    let mut builder = BatchBuilder::new(codec).producer(7, 0, number as i32);
    builder.append(1, Some(key.as_bytes()), value.as_deref().map(str::as_bytes), &[]);
    let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
    let origin = Origin::Client { produce_version: 11 };
    let appended = log.append(&builder.build().expect("builds"), origin, now).expect("appended");
    log.durable(appended.end).await.expect("durable");
    (key, value)
}

/// Fills a log with several sealed segments; gives the latest values.
pub(super) async fn fill(
    shard: &Shard,
    log: &PartitionLog,
    numbers: std::ops::Range<usize>,
) -> Values {
    let mut latest = Values::new();
    for number in numbers {
        let (key, value) = put(shard, log, number).await;
        latest.insert(key, value);
        shard.sleep(Duration::from_millis(4)).await;
    }
    log.0.checkpoint().await.expect("checkpointed");
    shard.sleep(Duration::from_millis(500)).await;
    latest
}

/// Reads all; the batches must follow each other. Gives the latest values and the record count.
pub(super) async fn read(log: &PartitionLog) -> (Values, usize) {
    let marks = log.marks();
    let (mut from, mut found, mut records) = (marks.log_start, Values::new(), 0);
    while from < marks.high_watermark {
        let read = log.read(from, 700, true, marks.high_watermark).await.expect("read");
        let joined: Bytes = read.extents.concat().into();
        let mut next = None;
        for view in split_batches(&joined) {
            let view = view.expect("whole");
            assert!(view.crc_valid());
            let expected = next.unwrap_or(view.base_offset());
            assert_eq!(view.base_offset(), expected, "no hole between batches");
            assert!(next.is_some() || view.base_offset() <= from.0, "no hole at {from}");
            next = Some(view.last_offset() + 1);
            let plain = view.decompressed(1 << 20).expect("opens");
            for record in view.records_in(&plain) {
                let record = record.expect("sound");
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
                found.insert(text(record.key.expect("a key")), record.value.map(text));
                records += 1;
            }
        }
        from = Offset(next.expect("progress"));
    }
    (found, records)
}

pub(super) fn same(found: &Values, expected: &Values) -> bool {
    let of = |values: &Values, key: &str| values.get(key).cloned().flatten();
    let keys = found.keys().chain(expected.keys());
    keys.into_iter().all(|key| of(found, key) == of(expected, key))
}

/// A disk with a log of several sealed segments, and what it holds.
fn filled(records: usize) -> (DiskImage, Values) {
    let mut sim = Sim::new(1);
    let shown: Rc<RefCell<Values>> = Rc::default();
    let latest = shown.clone();
    let ended = run_sim(&mut sim, move |shard, log| async move {
        *latest.borrow_mut() = fill(&shard, &log, 0..records).await;
        assert!(log.0.log.borrow().segments().len() > 3, "several segments");
    });
    assert_eq!(ended, Ended::Finished);
    sim.crash();
    let latest = shown.borrow().clone();
    (sim.controls().disk_image(), latest)
}

/// The same log, whose checkpoint has not been written yet or is lost.
fn without_checkpoint(disk: DiskImage) -> DiskImage {
    let mut sim = Sim::with_disk(1, disk);
    let ended = sim.run(1, Duration::from_secs(1), |shard: Shard, _: Endpoint<()>| async move {
        let dir = std::path::Path::new("data/t-0");
        shard.unlink(&dir.join(files::CHECKPOINT_NAME)).await.expect("it was there");
        shard.sync_dir(dir).await.expect("flushed");
    });
    assert_eq!(ended, Ended::Finished);
    sim.controls().disk_image()
}

/// Opens what a crash left: everything is there, and cleaning goes on.
fn check_after(disk: DiskImage, latest: &Values, end: i64, what: &str) {
    let mut sim = Sim::with_disk(3, disk);
    let (expected, name) = (latest.clone(), what.to_owned());
    let ended = run_sim(&mut sim, move |shard, log| async move {
        assert_eq!(log.marks().log_end, Offset(end), "{name}");
        let (found, _) = read(&log).await;
        assert!(same(&found, &expected), "{name}: {found:?} {expected:?}");
        let producers = log.producers();
        let window = producers[0].state.window.iter().map(|batch| i64::from(batch.last_sequence));
        let window: Vec<i64> = window.collect();
        assert_eq!(
            window,
            Vec::from_iter(end - 5..end),
            "{name}: retries are known for what they are"
        );
        let more = put(&shard, &log, end as usize).await;
        let mut expected = expected;
        expected.insert(more.0, more.1);
        shard.sleep(Duration::from_millis(50)).await;
        log.0.clean_now().await.expect("cleaned");
        let (found, records) = read(&log).await;
        assert!(same(&found, &expected), "{name}");
        assert!(records <= 4 * KEYS, "{name}: {records} records left");
        log.0.log.borrow().check();
    });
    assert_eq!(ended, Ended::Finished, "{what}");
    let left = |(path, _): &(PathBuf, u64)| {
        let name = path.to_string_lossy();
        name.ends_with(".cleaned") || name.ends_with(".swap")
    };
    assert!(!sim.controls().files().iter().any(left), "{what}: leftovers");
}

/// What is put behind what a crash left is there after a kill that no checkpoint comes before. Only
/// the crash decides which segment takes it: none is rolled by time.
fn goes_on(disk: DiskImage, latest: &Values, end: i64, what: &str) {
    let mut sim = Sim::with_disk(3, disk);
    let ended =
        run_with(&mut sim, &[("cleanup.policy", "compact")], move |shard, log| async move {
            put(&shard, &log, end as usize).await;
            // What the journal has of it must not be what saves it.
            log.0.shared.journal.settle_now();
            shard.sleep(Duration::from_secs(1)).await;
        });
    assert_eq!(ended, Ended::Finished, "{what}");
    let (mut expected, name) = (latest.clone(), what.to_owned());
    let ended =
        run_with(&mut sim, &[("cleanup.policy", "compact")], move |shard, log| async move {
            assert_eq!(log.marks().log_end, Offset(end + 1), "{name}");
            let more = put(&shard, &log, end as usize).await;
            expected.insert(more.0, more.1);
            assert_eq!(log.marks().log_end, Offset(end + 1), "{name}: it was a retry");
            assert!(same(&read(&log).await.0, &expected), "{name}");
        });
    assert_eq!(ended, Ended::Finished, "{what}");
}

#[test]
fn a_power_cut_at_any_step_of_compaction_leaves_the_old_segments_or_the_new() {
    const RECORDS: usize = 40;
    let (disk, latest) = filled(RECORDS);
    for disk in [without_checkpoint(disk.clone()), disk] {
        for rolls in [false, true] {
            cut_at_every_step(&disk, &latest, RECORDS as i64, rolls);
        }
    }
}

/// `rolls`: all that there is is compacted, and the active segment has no file yet.
fn cut_at_every_step(disk: &DiskImage, latest: &Values, end: i64, rolls: bool) {
    let mut nth = 0;
    loop {
        let mut sim = Sim::with_disk(2, disk.clone());
        let controls = sim.controls();
        let ended = run_sim(&mut sim, move |_, log| async move {
            if rolls {
                log.0.log.borrow_mut().roll();
            }
            controls.cut_at_io(controls.io_count() + nth);
            log.0.clean_now().await.expect("cleaned").expect("it was due");
        });
        sim.crash();
        check_after(sim.controls().disk_image(), latest, end, &format!("cut {nth}"));
        goes_on(sim.controls().disk_image(), latest, end, &format!("cut {nth}"));
        if ended == Ended::Finished {
            break;
        }
        nth += 1;
    }
    assert!(nth > 20, "only {nth} steps");
}

#[test]
fn every_disk_that_a_crash_during_compaction_may_leave_is_whole() {
    const RECORDS: usize = 40;
    let (disk, latest) = filled(RECORDS);
    let mut sim = Sim::with_disk(4, disk);
    let controls = sim.controls();
    let ended = run_sim(&mut sim, move |_, log| async move {
        controls.record();
        log.0.clean_now().await.expect("cleaned").expect("it was due");
    });
    assert_eq!(ended, Ended::Finished);
    let recording = sim.controls().recording();
    let mut states = 0;
    for (id, image) in recording.crash_states(400, 5) {
        check_after(image, &latest, RECORDS as i64, &format!("{id:?}"));
        states += 1;
    }
    assert!(states >= 100, "only {states} states");
}

#[test]
fn an_error_at_any_step_costs_no_record_and_stops_the_cleaner_alone() {
    const RECORDS: usize = 30;
    let (disk, latest) = filled(RECORDS);
    let mut nth = 0;
    loop {
        let mut sim = Sim::with_disk(6, disk.clone());
        let controls = sim.controls();
        let hit: Rc<Cell<bool>> = Rc::default();
        let (seen, expected) = (hit.clone(), latest.clone());
        let ended = run_sim(&mut sim, move |shard, log| async move {
            controls.fail_io(controls.io_count() + nth, 5);
            let cleaned = log.0.clean_now().await;
            seen.set(cleaned.is_err());
            controls.heal();
            let (found, _) = read(&log).await;
            assert!(same(&found, &expected), "error at {nth}");
            put(&shard, &log, RECORDS).await;
            assert!(!matches!(cleaned, Err(RunFault::Abandoned(_))), "{cleaned:?}");
        });
        assert_eq!(ended, Ended::Finished);
        let clean = !hit.get();
        let mut expected = latest.clone();
        let value =
            (RECORDS % 7 != 3).then(|| format!("{RECORDS} {}", "x".repeat(RECORDS * 37 % 900)));
        expected.insert(format!("k{}", RECORDS % KEYS), value);
        let what = format!("error at {nth}");
        check_after(sim.controls().disk_image(), &expected, RECORDS as i64 + 1, &what);
        nth += 1;
        if clean && nth > 60 {
            break;
        }
    }
}

#[test]
fn tombstones_go_after_their_time_and_readers_of_old_files_read_on() {
    let (disk, latest) = filled(63);
    let mut sim = Sim::with_disk(8, disk);
    let ended = run_sim(&mut sim, move |shard, log| async move {
        let old = log.0.log.borrow().segments().next().cloned().expect("one");
        let path = log.0.segment_path(old.base);
        let file = files::open_segment(&shard, &path, false).await.expect("opens");
        let before = recover::read_window(&shard, &file, 0, old.bytes).await.expect("read");
        let report = log.0.clean_now().await.expect("cleaned").expect("it was due");
        assert!(report.stats.records_kept as usize <= KEYS, "{report:?}");
        let after = recover::read_window(&shard, &file, 0, old.bytes).await.expect("read");
        assert!(before == after, "an old file stays as it was for who has it");
        let (found, _) = read(&log).await;
        assert!(same(&found, &latest));
        let tombstones = found.values().filter(|value| value.is_none()).count();
        assert!(tombstones > 0, "{found:?}");
        assert!(log.0.clean_now().await.expect("looked").is_none(), "nothing is due");
        shard.sleep(Duration::from_millis(60_001)).await;
        log.0.clean_now().await.expect("cleaned").expect("the horizon has passed");
        let (found, _) = read(&log).await;
        assert!(same(&found, &latest));
        let sealed_end = log.0.log.borrow().active().base;
        assert!(sealed_end > Offset(50), "nearly all was sealed");
        assert!(found.values().filter(|value| value.is_none()).count() < tombstones);
    });
    assert_eq!(ended, Ended::Finished);
}
