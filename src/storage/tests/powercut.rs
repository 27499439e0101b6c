//! Power cuts at any moment, on the simulated disk: unsynced blocks survive or not by the toss
//! of a coin, names not synced with their directory are gone.
//!
//! In each life writers append to partitions of different settings and note what was
//! acknowledged; a reader notes what it saw. In the next life all of that must be there,
//! unchanged, at the same offsets, and the log must be whole. A failing seed is printed by
//! the assertion that fails.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_engine::now::Now;
use millstream_shards::Endpoint;
use millstream_shards::driver::sim::Sim;
use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;

use super::*;

const SEEDS: u64 = 16;
const LIVES: u64 = 6;

/// Every partition with a name of its own: strict, rolling, and one whose records are deleted.
const PARTITIONS: [(&str, &[(&str, &str)]); 3] = [
    ("plain", &[]),
    ("rolling", &[("segment.bytes", "1048576"), ("segment.ms", "2")]),
    ("trimmed", &[("segment.bytes", "1048576"), ("segment.ms", "3")]),
];

/// What the world outside knows of one partition.
#[derive(Clone, Default)]
struct Outside {
    /// Values that were acknowledged or seen, by offset.
    promised: BTreeMap<i64, String>,
    log_start: i64,
}

type Shown = Rc<RefCell<Vec<Outside>>>;

#[test]
fn nothing_acknowledged_or_seen_is_lost_by_a_power_cut() {
    for seed in 0..SEEDS {
        let mut sim = Sim::new(seed);
        let outside: Shown = Rc::default();
        outside.borrow_mut().resize_with(PARTITIONS.len(), Outside::default);
        for life in 0..LIVES {
            let shown = outside.clone();
            let main =
                move |shard: Shard, _: Endpoint<()>| live(shard, shown.clone(), (seed, life));
            sim.run(1, Duration::from_micros(3_000 + 7_919 * (seed + life) % 60_000), main);
            sim.crash();
        }
        let shown = outside.clone();
        let main = move |shard: Shard, _: Endpoint<()>| {
            let shown = shown.clone();
            async move {
                let storage = storage(&shard).await;
                for (index, (name, overrides)) in PARTITIONS.iter().enumerate() {
                    let log = open(&storage, name, overrides).await;
                    let before = shown.borrow()[index].clone();
                    check(&log, &before, seed).await;
                }
            }
        };
        sim.run(1, Duration::from_secs(100), main);
        assert!(outside.borrow().iter().any(|o| o.promised.len() > 10), "seed {seed}: idle");
    }
}

async fn storage(shard: &Shard) -> Storage {
    // The directory is the caller's, and durable.
    let _ = shard.make_dir(std::path::Path::new("data")).await;
    shard.sync_dir(std::path::Path::new("")).await.ok();
    let options = StorageOptions {
        cache_bytes_max: 1 << 20,
        retention_check_ms: 1_000_000,
        producer_expiration_ms: 86_400_000,
        cleaner: super::rig::QUIET_CLEANER,
        // Small, so that it is settled and used again all the time.
        journal: JournalOptions { file_bytes: 96 << 10, sync: Sync::Data },
        withheld: Withheld::default(),
    };
    Storage::open(shard, "data".into(), options).await.expect("storage opens")
}

async fn open(storage: &Storage, name: &str, overrides: &[(&str, &str)]) -> PartitionLog {
    let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
    let overrides: BTreeMap<_, _> = overrides.iter().map(text).collect();
    let config = TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound");
    // A topic's id is its own: the journal knows partitions by it.
    let mut id = Uuid([0; 16]);
    id.0[..name.len()].copy_from_slice(name.as_bytes());
    let opened = storage.open_partition(name, id, 0, Arc::new(config)).await;
    opened.expect("the partition opens")
}

/// One life: checks what the last ones left, then writes until the power goes.
async fn live(shard: Shard, shown: Shown, (seed, life): (u64, u64)) {
    let storage = storage(&shard).await;
    let mut tasks = Vec::new();
    for (index, (name, overrides)) in PARTITIONS.iter().enumerate() {
        let log = open(&storage, name, overrides).await;
        let before = shown.borrow()[index].clone();
        check(&log, &before, seed).await;
        for writer in 0..3 {
            let place = Place { log: log.clone(), index, tag: format!("{life}.{writer}") };
            let work = write(shard.clone(), place, shown.clone());
            tasks.push(shard.spawn(Class::Latency, "writer", work));
        }
        let place = Place { log, index, tag: String::new() };
        tasks.push(shard.spawn(
            Class::Latency,
            "reader",
            watch(shard.clone(), place, shown.clone()),
        ));
    }
    shard.sleep(Duration::from_secs(1_000)).await;
}

struct Place {
    log: PartitionLog,
    index: usize,
    tag: String,
}

async fn write(shard: Shard, place: Place, shown: Shown) {
    let mut sequence = 0;
    loop {
        let random = shard.random_u64();
        let len = if random.is_multiple_of(10) { 30_000 } else { (random % 700) as usize };
        let value = format!("{}.{sequence} {}", place.tag, "x".repeat(len));
        let mut builder = BatchBuilder::new(Codec::None);
        builder.append(shard.wall_ms(), None, Some(value.as_bytes()), &[]);
        let bytes = builder.build().expect("builds");
        let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
        let origin = Origin::Client { produce_version: 11 };
        let appended = place.log.append(&bytes, origin, now).expect("appended");
        if random.is_multiple_of(3) {
            place.log.durable(appended.end).await.expect("flushed");
            let promised = &mut shown.borrow_mut()[place.index].promised;
            promised.insert(appended.base_offset.0, value);
        }
        if place.index == 2 && random.is_multiple_of(31) {
            trim(&place, &shown).await;
        }
        shard.sleep(Duration::from_micros(random % 500)).await;
        sequence += 1;
    }
}

async fn trim(place: &Place, shown: &Shown) {
    let marks = place.log.marks();
    let upto = Offset((marks.log_start.0 + marks.high_watermark.0) / 2);
    if let Ok(start) = place.log.delete_records(Some(upto)).await {
        let outside = &mut shown.borrow_mut()[place.index];
        outside.log_start = outside.log_start.max(start.0);
    }
    place.log.0.retain(Now { wall_ms: 0, mono_ns: 0 }).await;
}

/// Notes whatever a consumer is shown.
async fn watch(shard: Shard, place: Place, shown: Shown) {
    let mut from = place.log.marks().high_watermark;
    loop {
        let end = place.log.marks().high_watermark;
        if from < end && from >= place.log.marks().log_start {
            let Ok(read) = place.log.read(from, 10_000, true, end).await else { continue };
            for (offset, value) in records(&read.extents) {
                shown.borrow_mut()[place.index].promised.insert(offset, value);
                from = Offset(offset + 1);
            }
        } else {
            from = from.max(place.log.marks().log_start);
        }
        shard.sleep(Duration::from_micros(300)).await;
    }
}

fn records(extents: &[bytes::Bytes]) -> Vec<(i64, String)> {
    let joined = extents.concat();
    let mut all = Vec::new();
    for view in split_batches(&joined) {
        let view = view.expect("whole batches");
        assert!(view.crc_valid());
        for record in view.records().expect("uncompressed") {
            let record = record.expect("sound");
            let value = record.value.expect("not null").to_vec();
            all.push((record.offset, String::from_utf8(value).expect("text")));
        }
    }
    all
}

async fn check(log: &PartitionLog, outside: &Outside, seed: u64) {
    log.0.log.borrow().check();
    let marks = log.marks();
    let topic = log.topic();
    assert!(marks.log_start.0 >= outside.log_start, "seed {seed} {topic}: records came back");
    let mut from = marks.log_start;
    let mut found = BTreeMap::new();
    while from < marks.high_watermark {
        let read = log.read(from, 50_000, true, marks.high_watermark).await.expect("read");
        for (offset, value) in records(&read.extents) {
            if offset >= from.0 {
                assert_eq!(offset, from.0, "seed {seed} {topic}: a hole");
                from = Offset(offset + 1);
                found.insert(offset, value);
            }
        }
        assert!(read.bytes > 0, "seed {seed} {topic}: no progress at {from}");
    }
    for (offset, value) in outside.promised.range(marks.log_start.0..) {
        let there = found.get(offset);
        assert!(
            there == Some(value),
            "seed {seed} {topic}: {offset} was promised, found {there:?}"
        );
    }
    let last = outside.promised.keys().next_back().copied().unwrap_or(-1);
    assert!(marks.log_end.0 > last, "seed {seed} {topic}: ends at {} after {last}", marks.log_end);
}
