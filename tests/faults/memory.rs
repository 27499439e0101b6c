//! All that asks for memory at once, and healthy clients in the midst of it.
//!
//! A crowd of connections is idle, stops in the middle of requests,
//! announces 100 MB, or sends requests whose answers it never reads; others throw bombs, open
//! fetch sessions by the hundred, or ask for far more than they read. The process stays within
//! `millstream.memory` and what `docs/memory.md` says is outside, and the load proves that
//! whatever was acknowledged meanwhile is kept.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::frame::encode_request;
use millstream_wire::messages::{FetchRequest, ProduceRequest, fetch, produce};
use millstream_wire::{ApiKey, Records};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::load::{self, Load, Pace};
use crate::process::{Broker, Directory, PATIENCE, Setup};
use crate::runner::{Outcome, knob};
use crate::wire::Wire;

/// What is outside the account, at most: see `docs/memory.md`.
const OUTSIDE_MIB: u64 = 64;
const BOMBERS: usize = 4;
const SESSION_CLIENTS: usize = 4;
const STALLED_READERS: usize = 40;
/// Descriptors of this process that are not for the crowd.
const OTHER_FILES: u64 = 1_000;

pub fn memory_under_everything() -> Outcome {
    let directory = Directory::on_disk();
    let memory_mib = knob("FAULTS_MEMORY_MIB", 512);
    let setting = format!("millstream.memory={memory_mib}MiB");
    let broker = Broker::start(Setup::new(directory.path().join("data")).with(&setting));
    load::create_topics(broker.address());
    prepare(broker.address());
    let at_rest = kib(&broker, "VmRSS");
    let load = Load::start(broker.address(), Pace { queue_kib: 4_096, ..Pace::default() });
    load.wait_for_more(100);
    let siege = Siege::begin(broker.address());
    let seconds = knob("FAULTS_MEMORY_SECONDS", 10);
    let mut peak = 0;
    for _ in 0..seconds * 20 {
        peak = peak.max(kib(&broker, "VmRSS"));
        thread::sleep(Duration::from_millis(50));
    }
    // Nobody had to stop for it, however slow it was.
    load.wait_for_more(1);
    let connections = siege.end();
    load.wait_for_more(100);
    let proven = load.finish(broker.address());
    let highest = kib(&broker, "VmHWM").max(peak) / 1024;
    assert!(!broker.said().contains("panicked"), "{}", broker.said());
    let most = memory_mib + OUTSIDE_MIB;
    assert!(highest <= most, "{highest} MiB of {most}, {} at rest", at_rest / 1024);
    Outcome::Passed(format!(
        "{highest} MiB at most, {} at rest, {connections} connections; {proven}",
        at_rest / 1024
    ))
}

/// A field of the process's status, in KiB.
fn kib(broker: &Broker, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", broker.id())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with(field)).expect("the field");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

/// A topic with much to read, and one for bombs.
fn prepare(address: &str) {
    let mut wire = Wire::connect(address, PATIENCE).expect("it listens");
    for topic in ["plenty", "bombs"] {
        wire.create(topic, 1, &[]).expect("an answer");
    }
    let values: Vec<Vec<u8>> = (0..9_u8).map(|at| vec![at; 100_000]).collect();
    let mut written = 0;
    while written < 60 {
        let outcome = wire.produce(("plenty", 0), &values).expect("an answer");
        written += u64::from(outcome.is_ok());
    }
}

/// Everybody who is up to no good.
struct Siege {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<usize>>,
}

impl Siege {
    fn begin(address: &str) -> Siege {
        let over = Arc::new(AtomicBool::new(false));
        let mut siege = Siege { over, threads: Vec::new() };
        let chosen = std::env::var("FAULTS_MEMORY_ACTORS").ok();
        let acts = |name: &str| chosen.as_ref().is_none_or(|names| names.contains(name));
        if acts("bombs") {
            (0..BOMBERS).for_each(|_| siege.spawn(address, throw_bombs));
        }
        if acts("sessions") {
            (0..SESSION_CLIENTS).for_each(|_| siege.spawn(address, open_sessions));
        }
        if acts("stalled") {
            siege.spawn(address, stall_many);
        }
        if acts("crowd") {
            siege.spawn(address, crowd);
        }
        siege
    }

    fn spawn(&mut self, address: &str, run: fn(&str, &AtomicBool) -> usize) {
        let (address, over) = (address.to_owned(), self.over.clone());
        self.threads.push(thread::spawn(move || run(&address, &over)));
    }

    /// Ends it; how many connections there were.
    fn end(self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        self.threads.into_iter().map(|thread| thread.join().expect("it does not panic")).sum()
    }
}

fn wait(over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(20));
    }
}

fn connect(address: &str) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.set_write_timeout(Some(Duration::from_secs(5))).ok()?;
    Some(stream)
}

/// One answer, whatever it says; `None` when the connection is gone.
fn hear(stream: &mut TcpStream) -> Option<()> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut left = u64::from(u32::from_be_bytes(length));
    let mut scrap = [0; 64 * 1024];
    while left > 0 {
        let part = left.min(scrap.len() as u64) as usize;
        stream.read_exact(&mut scrap[..part]).ok()?;
        left -= part as u64;
    }
    Some(())
}

/// As many connections as this process may have, of four kinds; they stay.
fn crowd(address: &str, over: &AtomicBool) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let count = knob("FAULTS_CONNECTIONS", 10_000).min(most.saturating_sub(OTHER_FILES));
    let pipelined = produce_request("bombs", &batch(Codec::None, 10), -1).repeat(250);
    let half = begun(30_000, 20_000);
    let promise = begun(100_000_000, 40_000);
    let mut streams = Vec::new();
    for number in 0..count {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let Some(mut stream) = connect(address) else { continue };
        let bytes: &[u8] = match number % 4 {
            0 => &[],
            1 => &half,
            2 => &promise,
            _ => &pipelined,
        };
        // What the broker does not read stays here.
        let _ = stream.set_nonblocking(true);
        let _ = stream.write(bytes);
        streams.push(stream);
    }
    wait(over);
    streams.len()
}

/// The beginning of a Produce request of `announced` bytes.
fn begun(announced: i32, sent: usize) -> Vec<u8> {
    let mut bytes = announced.to_be_bytes().to_vec();
    bytes.extend([0, 0, 0, 7, 0, 0, 0, 1, 0xff, 0xff]);
    bytes.resize(sent, 0);
    bytes
}

fn batch(codec: Codec, value_bytes: usize) -> Vec<u8> {
    let value = vec![0; value_bytes];
    let mut builder = BatchBuilder::new(codec);
    builder.append(1, None, Some(&value), &[]);
    builder.build().expect("builds").to_vec()
}

fn produce_request(topic: &str, batch: &[u8], acks: i16) -> Vec<u8> {
    use produce::request::{PartitionData, TopicData};
    let data = PartitionData { index: 0, records: Some(Records::from(batch)) };
    let data =
        TopicData { name: topic.into(), partition_data: vec![data].into(), ..TopicData::default() };
    let request = ProduceRequest {
        acks,
        timeout_ms: 5_000,
        topic_data: vec![data].into(),
        ..ProduceRequest::default()
    };
    encode_request(ApiKey::Produce, 9, 1, Some("siege"), &request).to_vec()
}

/// 60 MiB of zeros in some KiB, again and again.
fn throw_bombs(address: &str, over: &AtomicBool) -> usize {
    let bomb = produce_request("bombs", &batch(Codec::Gzip, 60 << 20), -1);
    let mut stream = None;
    while !over.load(Ordering::Relaxed) {
        let mut taken = stream.take().or_else(|| connect(address));
        if let Some(open) = &mut taken
            && open.write_all(&bomb).is_ok()
            && hear(open).is_some()
        {
            stream = taken;
        } else {
            thread::sleep(Duration::from_millis(20));
        }
    }
    1
}

/// New fetch sessions of 2,000 partitions that nobody has, on one connection.
fn open_sessions(address: &str, over: &AtomicBool) -> usize {
    use fetch::request::{Partitions, Topics};
    let partition = |partition| Partitions { partition, ..Partitions::default() };
    let topics = Topics {
        topic: "nobody-has-this".into(),
        partitions: (0..2_000).map(partition).collect::<Vec<_>>().into(),
        ..Topics::default()
    };
    let request = FetchRequest {
        max_bytes: 1 << 20,
        session_epoch: 0,
        topics: vec![topics].into(),
        ..FetchRequest::default()
    };
    let frame = encode_request(ApiKey::Fetch, 11, 1, Some("siege"), &request);
    let mut stream = None;
    while !over.load(Ordering::Relaxed) {
        let mut taken = stream.take().or_else(|| connect(address));
        if let Some(open) = &mut taken
            && open.write_all(&frame).is_ok()
            && hear(open).is_some()
        {
            stream = taken;
        } else {
            thread::sleep(Duration::from_millis(20));
        }
    }
    1
}

fn stall_many(address: &str, over: &AtomicBool) -> usize {
    let readers: Vec<_> = (0..STALLED_READERS).filter_map(|_| stall(address)).collect();
    wait(over);
    readers.len()
}

/// Asks four times for all that there is and reads none of it.
fn stall(address: &str) -> Option<TcpStream> {
    use fetch::request::{Partitions, Topics};
    let wanted = Partitions {
        current_leader_epoch: -1,
        partition_max_bytes: 50 << 20,
        ..Partitions::default()
    };
    let topics =
        Topics { topic: "plenty".into(), partitions: vec![wanted].into(), ..Topics::default() };
    let request = FetchRequest {
        max_bytes: 50 << 20,
        session_epoch: -1,
        topics: vec![topics].into(),
        ..FetchRequest::default()
    };
    let mut stream = connect(address)?;
    let frame = encode_request(ApiKey::Fetch, 11, 1, Some("siege"), &request);
    (0..4).try_for_each(|_| stream.write_all(&frame)).ok()?;
    Some(stream)
}
