//! A topic that is deleted and created again under the same name, while clients write and read.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;
use millstream_wire::messages::{
    FetchRequest, FetchResponse, ProduceRequest, ProduceResponse, fetch, produce,
};
use millstream_wire::{ApiKey, ErrorCode, Records, Uuid};

use crate::harness::{Broker, PATIENCE};
use crate::metadata_apis;
use crate::wire_client::WireClient;

const TOPIC: &str = "phoenix";
const GENERATIONS: u64 = 200;
const PARTITIONS: i32 = 4;
/// Files of one shard's journal.
const JOURNAL_FILES_MAX: usize = 4;
/// Nobody writes here: a fetch waits until the topic goes.
const QUIET: i32 = 3;
/// Longer than the whole test: what ends such a fetch is the deletion.
const WAIT_MS: i32 = 600_000;

/// What a client of a topic that comes and goes may be told.
const EXPECTED: [ErrorCode; 5] = [
    ErrorCode::None,
    ErrorCode::UnknownTopicOrPartition,
    ErrorCode::UnknownTopicId,
    ErrorCode::NotLeaderOrFollower,
    ErrorCode::OffsetOutOfRange,
];

/// The generation of now, and when all is over.
#[derive(Default)]
struct Stage {
    id: RwLock<Uuid>,
    over: AtomicBool,
    written: AtomicU64,
    read: AtomicU64,
    waits_ended: AtomicU64,
    told: Mutex<BTreeSet<i16>>,
}

impl Stage {
    fn id(&self) -> Uuid {
        *self.id.read().expect("nobody panics with it")
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn note(&self, code: i16) {
        self.told.lock().expect("nobody panics with it").insert(code);
    }
}

fn create(client: &mut WireClient) -> Uuid {
    let (id, code) = metadata_apis::create(client, TOPIC, PARTITIONS);
    assert_eq!(code, 0);
    id
}

/// Writes the generation's id as a value, by id or by name.
fn write(stage: &Stage, mut client: WireClient, partition: i32, version: i16) {
    while !stage.is_over() {
        let id = stage.id();
        let mut batch = BatchBuilder::new(Codec::None);
        for _ in 0..5 {
            batch.append(1, None, Some(&id.0), &[]);
        }
        let bytes = batch.build().expect("builds");
        let records = Some(Records::from(&bytes[..]));
        let data = produce::request::PartitionData { index: partition, records };
        let data = produce::request::TopicData {
            name: TOPIC.into(),
            topic_id: id,
            partition_data: vec![data].into(),
        };
        let request = ProduceRequest {
            acks: -1,
            timeout_ms: 30_000,
            topic_data: vec![data].into(),
            ..Default::default()
        };
        let began = Instant::now();
        let answer = client.ask(ApiKey::Produce, version, &request);
        assert!(began.elapsed() < Duration::from_secs(25), "a pending produce is answered");
        let response: ProduceResponse<'_> = answer.read();
        let topic = response.responses.iter().next().expect("one topic");
        let row = topic.partition_responses.iter().next().expect("one partition");
        stage.note(row.error_code);
        stage.written.fetch_add(u64::from(row.error_code == 0), Ordering::Relaxed);
    }
}

fn fetch_from(
    client: &mut WireClient,
    (id, partition): (Uuid, i32),
    (offset, wait_ms): (i64, i32),
) -> (i16, Vec<u8>) {
    let wanted = fetch::request::Partitions {
        partition,
        fetch_offset: offset,
        current_leader_epoch: -1,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    };
    let topic = fetch::request::Topics {
        topic_id: id,
        partitions: vec![wanted].into(),
        ..Default::default()
    };
    let request = FetchRequest {
        max_wait_ms: wait_ms,
        min_bytes: 1,
        max_bytes: 1 << 20,
        session_epoch: -1,
        topics: vec![topic].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::Fetch, 16, &request);
    let response: FetchResponse<'_> = answer.read();
    let topic = response.responses.iter().next().expect("one topic");
    let row = topic.partitions.iter().next().expect("one partition");
    let bytes = row.records.as_ref().map_or(&[][..], |records| records.as_bytes());
    (row.error_code, bytes.to_vec())
}

/// Reads a generation from its start, and finds nothing in it that is not its own.
fn read(stage: &Stage, mut client: WireClient, partition: i32) {
    while !stage.is_over() {
        let (id, mut offset) = (stage.id(), 0);
        loop {
            let (code, bytes) = fetch_from(&mut client, (id, partition), (offset, 50));
            stage.note(code);
            if code != 0 || stage.is_over() {
                break;
            }
            for batch in split_batches(&bytes).map_while(Result::ok) {
                assert!(batch.crc_valid());
                for record in batch.records().expect("not compressed") {
                    let value = record.expect("sound").value.expect("a value").to_vec();
                    assert!(value == id.0, "generation {id} holds a record of another: {value:?}");
                }
                offset = batch.last_offset() + 1;
                stage.read.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Waits for a record that never comes; the topic's end must end the wait.
fn wait(stage: &Stage, mut client: WireClient) {
    while !stage.is_over() {
        let (code, bytes) = fetch_from(&mut client, (stage.id(), QUIET), (0, WAIT_MS));
        stage.note(code);
        assert!(bytes.is_empty() && code != 0, "nobody wrote: {code}");
        stage.waits_ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// One generation that is written to, so that all that a broker opens once is open.
fn warm_up(broker: &Broker, admin: &mut WireClient) {
    let stage = Arc::new(Stage::default());
    *stage.id.write().expect("nobody panics with it") = create(admin);
    let writers = [0, 1, 2].map(|partition| {
        let (at, client) = (stage.clone(), WireClient::connect(broker));
        thread::spawn(move || write(&at, client, partition, 13))
    });
    while stage.written.load(Ordering::Relaxed) < 500 {
        thread::sleep(Duration::from_millis(1));
    }
    stage.over.store(true, Ordering::Relaxed);
    writers.into_iter().for_each(|writer| writer.join().expect("no writer panics"));
    metadata_apis::delete(admin, TOPIC);
    thread::sleep(Duration::from_millis(200));
}

#[test]
fn a_topic_that_comes_and_goes_two_hundred_times_leaves_nothing_behind() {
    // Generations that were deleted may not stay in memory or on disk.
    let broker = Broker::start();
    let mut admin = WireClient::connect(&broker);
    let stage = Arc::new(Stage::default());
    warm_up(&broker, &mut admin);
    let before = (open(&broker).len(), broker.resident_kib());
    *stage.id.write().expect("nobody panics with it") = create(&mut admin);
    let client = || WireClient::connect(&broker);
    let mut threads = Vec::new();
    for (partition, version) in [(0, 9), (1, 13), (2, 13)] {
        let (at, connection) = (stage.clone(), client());
        // By name a record may reach the next generation: those carry their partition alone.
        if version == 13 {
            let (at, connection) = (stage.clone(), client());
            threads.push(thread::spawn(move || read(&at, connection, partition)));
        }
        threads.push(thread::spawn(move || write(&at, connection, partition, version)));
    }
    let (at, connection) = (stage.clone(), client());
    let waiting = thread::spawn(move || wait(&at, connection));
    for _ in 1..GENERATIONS {
        let seen = (stage.written.load(Ordering::Relaxed), stage.read.load(Ordering::Relaxed));
        let until = Instant::now() + PATIENCE;
        while stage.written.load(Ordering::Relaxed) < seen.0 + 5
            || stage.read.load(Ordering::Relaxed) < seen.1 + 1
        {
            assert!(Instant::now() < until, "nothing moves: {}", broker.said());
            thread::sleep(Duration::from_millis(1));
        }
        metadata_apis::delete(&mut admin, TOPIC);
        *stage.id.write().expect("nobody panics with it") = create(&mut admin);
    }
    stage.over.store(true, Ordering::Relaxed);
    metadata_apis::delete(&mut admin, TOPIC);
    for thread in threads {
        thread.join().expect("no client was told something wrong");
    }
    waiting.join().expect("waiting fetches end with their topic");
    let told = stage.told.lock().expect("they are gone").clone();
    let strange: Vec<i16> =
        told.iter().copied().filter(|code| !EXPECTED.iter().any(|e| e.code() == *code)).collect();
    assert!(strange.is_empty(), "clients were told {strange:?}");
    assert!(told.contains(&ErrorCode::UnknownTopicId.code()), "{told:?}");
    let waits = stage.waits_ended.load(Ordering::Relaxed);
    assert!(waits >= GENERATIONS / 2, "{waits} waits ended");
    assert_nothing_left(&broker, before);
}

/// What the broker has open, but for the files of its journals: a ring that runs short makes one
/// more and keeps it, four a shard at most, whatever becomes of topics.
fn open(broker: &Broker) -> Vec<String> {
    let all = broker.descriptors();
    let (journal, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|name| name.ends_with(".journal"));
    assert!(journal.len() <= 2 * JOURNAL_FILES_MAX, "{journal:#?}");
    others
}

/// Connections are closed and files removed in the background: soon it is as it was.
fn assert_nothing_left(broker: &Broker, (descriptors_before, kib_before): (usize, u64)) {
    let until = Instant::now() + PATIENCE;
    let left = || -> Vec<String> {
        let names = fs::read_dir(broker.data().join("data")).expect("it is there");
        let names = names.map(|entry| entry.expect("readable").file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|n| n.starts_with(TOPIC))
            .collect()
    };
    while !left().is_empty() || open(broker).len() > descriptors_before {
        let (left, open) = (left(), open(broker));
        assert!(
            Instant::now() < until,
            "left {left:?}; {descriptors_before} before, now {open:#?}"
        );
        thread::sleep(Duration::from_millis(20));
    }
    let grown = broker.resident_kib().saturating_sub(kib_before);
    assert!(grown < 48 * 1024, "{grown} KiB more than before");
    assert!(!broker.said().contains("panicked"), "{}", broker.said());
}
