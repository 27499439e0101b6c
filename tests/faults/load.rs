//! Producers, readers and chores that run while a broker suffers, and the proof afterwards.
//!
//! Three librdkafka producers, one for each promise, write to every partition of every topic:
//! small records that come one by one, large ones that fill batches, and both at once. A reader
//! follows all of it and keeps what it saw; a third client commits offsets and makes and removes
//! topics. `Load::finish` stops them and reads everything back: what was acknowledged stands
//! where its acknowledgement said, with idempotence nothing is there twice or out of order,
//! offsets are dense, what a reader saw is still there, committed offsets did not go back, made
//! topics exist and removed ones do not.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use millstream_wire::ErrorCode;
use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::process::PATIENCE;
use crate::records::Stamp;
use crate::runner::Random;
use crate::wire::Wire;

/// A topic of the load: its partitions, how large its values are, its settings.
pub struct Shape {
    pub name: &'static str,
    pub partitions: u16,
    bytes: &'static [(usize, usize)],
    settings: &'static [(&'static str, &'static str)],
}

/// Small appends, large ones, both, and both on a log that rolls often.
pub const SHAPES: [Shape; 4] = [
    Shape { name: "small", partitions: 4, bytes: &[(16, 200)], settings: &[] },
    Shape { name: "large", partitions: 2, bytes: &[(20_000, 90_000)], settings: &[] },
    Shape { name: "mixed", partitions: 2, bytes: &[(16, 100), (1_000, 60_000)], settings: &[] },
    Shape {
        name: "rolling",
        partitions: 2,
        bytes: &[(16, 300), (500, 30_000)],
        settings: &[("segment.bytes", "1048576")],
    },
];

/// What a producer asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    AcksOne,
    AcksAll,
    Idempotent,
}

const PROMISES: [Promise; 3] = [Promise::AcksOne, Promise::AcksAll, Promise::Idempotent];
const GROUP: &str = "chores";

impl Promise {
    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // One request at a time keeps the order that idempotence keeps with five.
            Promise::AcksOne => &[("acks", "1"), ("max.in.flight", "1")],
            Promise::AcksAll => &[("acks", "all"), ("max.in.flight", "1")],
            Promise::Idempotent => &[("enable.idempotence", "true")],
        }
    }
}

/// What order is asked of the producers without idempotence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    AsSent,
    /// A request that was refused may be overtaken by the one behind it. `max.in.flight=1` does
    /// not keep librdkafka from building the next request of a partition while one is under way
    /// (its queue.buffering.backpressure.threshold is 1); when that one is refused with an error
    /// that passes, its records wait for retry.backoff.ms and the next goes out, to a partition
    /// that may be well by then. Behind both nothing is sent before the first was tried again.
    RefusedAreOvertaken,
}

/// A value's topic and partition.
type Place = (u16, u16);
/// How many records went to each place.
type Sent = HashMap<Place, u32>;

/// How hard the producers try.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Small records that a producer hands over before a pause of 3 ms.
    pub burst: u64,
    /// Bytes that each producer holds without an answer.
    pub queue_kib: u64,
    pub request_timeout_ms: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { burst: 10, queue_kib: 32_768, request_timeout_ms: 5_000 }
    }
}

/// What a producer was told: stamps with the offset, −1 where a retry was a known duplicate.
#[derive(Clone, Default)]
struct Ledger {
    book: Arc<Mutex<Book>>,
    /// Of all producers.
    acknowledged: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Book {
    acknowledged: Vec<(Stamp, i64)>,
    refused: Vec<(Stamp, KafkaError)>,
}

impl ClientContext for Ledger {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {
        // Lost connections are what this is about.
    }
}

impl ProducerContext for Ledger {
    type DeliveryOpaque = Box<Stamp>;

    fn delivery(&self, result: &DeliveryResult<'_>, stamp: Self::DeliveryOpaque) {
        let mut book = self.book.lock().expect("no callback panics");
        match result {
            Ok(message) => {
                book.acknowledged.push((*stamp, message.offset()));
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Err((fault, _)) => book.refused.push((*stamp, fault.clone())),
        }
    }
}

struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
}

impl ConsumerContext for Quiet {}

/// Settings of a librdkafka client of this broker.
pub fn config(address: &str, settings: &[(&str, &str)]) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", address);
    config.set("reconnect.backoff.ms", "20").set("reconnect.backoff.max.ms", "100");
    config.set("socket.timeout.ms", "5000").set("retry.backoff.ms", "20");
    for (key, value) in settings {
        config.set(*key, *value);
    }
    config
}

/// The shapes' topics, made.
pub fn create_topics(address: &str) {
    let mut wire = Wire::connect(address, PATIENCE).expect("it listens");
    for shape in &SHAPES {
        let made = wire.create(shape.name, i32::from(shape.partitions), shape.settings);
        assert_eq!(made.expect("an answer"), ErrorCode::None, "topic {}", shape.name);
    }
    assert_eq!(wire.coordinate(GROUP).expect("an answer"), ErrorCode::None);
}

/// Clients at work.
pub struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    producers: Vec<(Promise, Ledger, JoinHandle<Sent>)>,
    reader: JoinHandle<Seen>,
    chores: JoinHandle<Done>,
}

/// What the proof has counted.
pub struct Proven {
    records: usize,
    acknowledged: usize,
    duplicates: usize,
    overtaken: usize,
    commits: i64,
}

impl fmt::Display for Proven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proven { records, acknowledged, duplicates, overtaken, commits } = self;
        write!(
            f,
            "{records} records read back, {acknowledged} acknowledged, 0 lost, 0 twice with \
             idempotence ({duplicates} without), {overtaken} refused requests overtaken, offsets \
             committed up to {commits}"
        )
    }
}

impl Load {
    /// Starts the clients on topics that `create_topics` has made.
    pub fn start(address: &str, pace: Pace) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let producers = PROMISES.iter().map(|promise| {
            let ledger = Ledger { acknowledged: acknowledged.clone(), ..Ledger::default() };
            let (address, book, stop) = (address.to_owned(), ledger.clone(), stop.clone());
            let promise = *promise;
            let run = move || produce(&address, promise, book, pace, &stop);
            (promise, ledger, thread::spawn(run))
        });
        let producers = producers.collect();
        let (at, asked) = (address.to_owned(), stop.clone());
        let reader = thread::spawn(move || follow(&at, &asked));
        let (at, asked) = (address.to_owned(), stop.clone());
        let chores = thread::spawn(move || do_chores(&at, &asked));
        Load { stop, acknowledged, producers, reader, chores }
    }

    /// Records acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Waits until this many more are acknowledged.
    pub fn wait_for_more(&self, count: usize) {
        let (wanted, until) = (self.acknowledged() + count, Instant::now() + PATIENCE);
        while self.acknowledged() < wanted {
            assert!(Instant::now() < until, "nothing is acknowledged any more");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops the clients, reads everything back and proves it.
    pub fn finish(self, address: &str) -> Proven {
        self.finish_with(address, Order::AsSent)
    }

    /// As `finish`, where requests were refused and the partition came back.
    pub fn finish_with(self, address: &str, order: Order) -> Proven {
        self.stop.store(true, Ordering::Relaxed);
        let mut told = Vec::new();
        for (promise, ledger, thread) in self.producers {
            let sent = thread.join().expect("a producer goes on");
            let book = std::mem::take(&mut *ledger.book.lock().expect("no callback panics"));
            if let Some((stamp, fault)) = book.refused.first() {
                let count = book.refused.len();
                panic!("{promise:?}: {count} records were given up, {stamp:?} first: {fault}");
            }
            told.push((promise, sent, book.acknowledged));
        }
        let seen = self.reader.join().expect("the reader goes on");
        let done = self.chores.join().expect("the chores go on");
        let found = read_all(address);
        let mut overtaken = 0;
        for (producer, (promise, sent, acknowledged)) in told.iter().enumerate() {
            assert_acknowledged(&found, *promise, acknowledged);
            let some = assert_order(&found, *promise, producer as u32, sent);
            let may_be = order == Order::RefusedAreOvertaken && *promise != Promise::Idempotent;
            assert!(some == 0 || may_be, "{promise:?}: {some} requests were overtaken");
            overtaken += some;
        }
        for (place, stamps) in &seen {
            for (offset, stamp) in stamps {
                let now = found[place].get(*offset as usize);
                assert_eq!(now, Some(stamp), "{place:?}: a reader saw another at {offset}");
            }
        }
        let commits = done.assert_kept(address);
        let records = found.values().map(Vec::len).sum();
        let sent: u32 = told.iter().flat_map(|(_, sent, _)| sent.values()).sum();
        let acknowledged = told.iter().map(|(.., acknowledged)| acknowledged.len()).sum();
        let duplicates = records - sent as usize;
        Proven { records, acknowledged, duplicates, overtaken, commits }
    }
}

fn produce(address: &str, promise: Promise, ledger: Ledger, pace: Pace, stop: &AtomicBool) -> Sent {
    let queue_kib = pace.queue_kib.to_string();
    let request_timeout_ms = pace.request_timeout_ms.to_string();
    let fixed = [
        ("linger.ms", "2"),
        ("queue.buffering.max.messages", "3000"),
        ("queue.buffering.max.kbytes", &queue_kib),
        ("request.timeout.ms", &request_timeout_ms),
        ("socket.timeout.ms", &request_timeout_ms),
        ("message.timeout.ms", "120000"),
    ];
    let settings = [&fixed[..], promise.settings()].concat();
    let producer: ThreadedProducer<Ledger> = config(address, &settings)
        .create_with_context(ledger)
        .expect("librdkafka takes the settings");
    let mut random = Random::for_purpose(&format!("{promise:?}"));
    let mut sent = Sent::new();
    while !stop.load(Ordering::Relaxed) {
        let topic = random.below(SHAPES.len() as u64) as usize;
        let shape = &SHAPES[topic];
        let (least, most) = *random.pick(shape.bytes);
        // Large values come in fewer.
        let count = 1 + pace.burst * 200 / (most as u64).max(200);
        for _ in 0..count {
            let partition = random.below(u64::from(shape.partitions)) as u16;
            let next = sent.entry((topic as u16, partition)).or_default();
            let stamp =
                Stamp { topic: topic as u16, partition, producer: promise as u32, sequence: *next };
            let bytes = least as u64 + random.below((most - least) as u64);
            if send(&producer, shape.name, stamp, &stamp.value(bytes as usize), stop) {
                *next += 1;
            }
        }
        thread::sleep(Duration::from_millis(3));
    }
    producer.flush(PATIENCE).expect("all records are answered in time");
    sent
}

/// Whether librdkafka took it; it does not while its queue is full and a stop is asked for.
fn send(
    producer: &ThreadedProducer<Ledger>,
    topic: &str,
    stamp: Stamp,
    value: &[u8],
    stop: &AtomicBool,
) -> bool {
    let mut record = BaseRecord::<(), [u8], _>::with_opaque_to(topic, Box::new(stamp))
        .partition(i32::from(stamp.partition))
        .payload(value);
    loop {
        match producer.send(record) {
            Ok(()) => return true,
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                if stop.load(Ordering::Relaxed) {
                    return false;
                }
                record = back;
                thread::sleep(Duration::from_millis(2));
            }
            Err((fault, _)) => {
                let fatal = producer.client().fatal_error();
                panic!("{stamp:?} cannot be sent: {fault} {fatal:?}");
            }
        }
    }
}

/// What a reader saw, by place and offset.
type Seen = BTreeMap<Place, BTreeMap<i64, Stamp>>;

fn reader(address: &str) -> BaseConsumer<Quiet> {
    let settings = [
        ("group.id", "readers"),
        ("enable.auto.commit", "false"),
        ("auto.offset.reset", "error"),
        ("check.crcs", "true"),
        ("fetch.error.backoff.ms", "20"),
    ];
    config(address, &settings).create_with_context(Quiet).expect("valid settings")
}

/// The stamp of a message, which must be what it says it is, where it says it is.
fn stamp_of(message: &impl Message) -> (Place, i64, Stamp) {
    let at = (message.topic(), message.partition(), message.offset());
    let topic = SHAPES.iter().position(|shape| shape.name == message.topic());
    let place = (topic.expect("a topic of ours") as u16, message.partition() as u16);
    let stamp = message.payload().and_then(Stamp::of);
    let stamp = stamp.unwrap_or_else(|| panic!("{at:?} holds nothing that was sent"));
    assert_eq!((stamp.topic, stamp.partition), place, "{at:?} holds another's record");
    (place, message.offset(), stamp)
}

fn follow(address: &str, stop: &AtomicBool) -> Seen {
    let consumer = reader(address);
    let mut wanted = TopicPartitionList::new();
    for shape in &SHAPES {
        for partition in 0..shape.partitions {
            let from = Offset::Offset(0);
            wanted.add_partition_offset(shape.name, partition.into(), from).expect("an offset");
        }
    }
    consumer.assign(&wanted).expect("an assignment");
    let mut seen = Seen::new();
    while !stop.load(Ordering::Relaxed) {
        match consumer.poll(Duration::from_millis(50)) {
            Some(Ok(message)) => {
                let (place, offset, stamp) = stamp_of(&message);
                let before = seen.entry(place).or_default().insert(offset, stamp);
                assert!(before.is_none(), "{place:?}:{offset} came twice");
            }
            Some(Err(KafkaError::MessageConsumption(
                fault @ (RDKafkaErrorCode::OffsetOutOfRange
                | RDKafkaErrorCode::AutoOffsetReset
                | RDKafkaErrorCode::BadMessage),
            ))) => panic!("what a reader saw is gone or broken: {fault}{}", ends(&consumer, &seen)),
            // Not connected at the moment.
            Some(Err(_)) | None => {}
        }
    }
    seen
}

/// Where a reader is and where the broker says that the log ends.
fn ends(consumer: &BaseConsumer<Quiet>, seen: &Seen) -> String {
    let mut told = String::new();
    for (place, stamps) in seen {
        let (name, next) = (SHAPES[usize::from(place.0)].name, stamps.len());
        let marks = consumer.fetch_watermarks(name, place.1.into(), PATIENCE);
        let _ = write!(told, "; {name}-{} was read up to {next}, is now {marks:?}", place.1);
    }
    told
}

/// All partitions from offset 0 to their ends, dense.
fn read_all(address: &str) -> BTreeMap<Place, Vec<Stamp>> {
    let consumer = reader(address);
    let mut wanted = TopicPartitionList::new();
    let (mut left, mut found) = (0, BTreeMap::new());
    for (topic, shape) in SHAPES.iter().enumerate() {
        for partition in 0..shape.partitions {
            let index = i32::from(partition);
            let marks = consumer.fetch_watermarks(shape.name, index, PATIENCE);
            let (low, high) = marks.expect("the broker answers");
            assert_eq!(low, 0, "{}-{partition} begins at 0", shape.name);
            wanted.add_partition_offset(shape.name, index, Offset::Offset(0)).expect("an offset");
            found.insert((topic as u16, partition), Vec::new());
            left += high;
        }
    }
    consumer.assign(&wanted).expect("an assignment");
    let until = Instant::now() + PATIENCE;
    while left > 0 {
        assert!(Instant::now() < until, "{left} records could not be read");
        let Some(message) = consumer.poll(Duration::from_millis(100)) else { continue };
        let (place, offset, stamp) = stamp_of(&message.expect("a record"));
        let stamps = found.get_mut(&place).expect("a place that was asked for");
        assert_eq!(offset, stamps.len() as i64, "{place:?}: the next offset");
        stamps.push(stamp);
        left -= 1;
    }
    found
}

fn assert_acknowledged(
    found: &BTreeMap<Place, Vec<Stamp>>,
    promise: Promise,
    acknowledged: &[(Stamp, i64)],
) {
    for (stamp, offset) in acknowledged.iter().filter(|(_, offset)| *offset >= 0) {
        let stands = found[&(stamp.topic, stamp.partition)].get(*offset as usize);
        assert_eq!(stands, Some(stamp), "{promise:?}: acknowledged at {offset} and lost");
    }
}

/// Every record that was sent is there, with idempotence exactly once, in its order but for
/// requests that the one behind them has overtaken; how many those are.
fn assert_order(
    found: &BTreeMap<Place, Vec<Stamp>>,
    promise: Promise,
    producer: u32,
    sent: &Sent,
) -> usize {
    let mut overtaken = 0;
    for (place, stamps) in found {
        // `hole..next` is what was overtaken and is not there yet; `end` is behind all there is.
        let (mut hole, mut next, mut end) = (0, 0, 0);
        for stamp in stamps.iter().filter(|stamp| stamp.producer == producer) {
            let one = stamp.sequence;
            if one == end {
                end += 1;
            } else if hole < next && one == hole {
                hole += 1;
            } else if one > end && hole == next {
                (hole, next, end) = (end, one, one + 1);
                overtaken += 1;
            } else {
                let again = one < hole || (next..end).contains(&one);
                let may_be = again && promise != Promise::Idempotent;
                assert!(may_be, "{promise:?} {place:?}: {stamp:?} at {end}, {hole}..{next}");
            }
            if hole == next {
                (hole, next) = (end, end);
            }
        }
        let wanted = sent.get(place).copied().unwrap_or(0);
        let there = (hole, end);
        assert_eq!(
            there,
            (wanted, wanted),
            "{promise:?} {place:?}: records that were answered are missing"
        );
    }
    overtaken
}

/// What the broker has confirmed to the chores' client.
#[derive(Default)]
struct Done {
    committed: i64,
    tried: i64,
    made: Vec<String>,
    removed: Vec<String>,
}

/// Commits ever larger offsets; makes a topic now and then and removes an older one.
fn do_chores(address: &str, stop: &AtomicBool) -> Done {
    let mut done = Done::default();
    let mut connection = None;
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(10));
        let outcome = match &mut connection {
            Some(wire) => done.do_one(wire),
            None => Wire::connect(address, Duration::from_secs(5)).map(|wire| {
                connection = Some(wire);
            }),
        };
        if outcome.is_err() {
            connection = None;
        }
    }
    done
}

impl Done {
    fn do_one(&mut self, wire: &mut Wire) -> std::io::Result<()> {
        self.tried += 1;
        if self.tried % 20 == 0 {
            let name = format!("made-{}", self.tried);
            if wire.create(&name, 1, &[])? == ErrorCode::None {
                self.made.push(name);
            }
            if self.made.len() > 5 {
                // Whatever the answer: from here on it may be gone.
                let name = self.made.remove(0);
                if wire.delete(&name)? == ErrorCode::None {
                    self.removed.push(name);
                }
            }
        }
        if wire.commit(GROUP, (SHAPES[0].name, 0), self.tried)? == ErrorCode::None {
            self.committed = self.tried;
        }
        Ok(())
    }

    fn assert_kept(&self, address: &str) -> i64 {
        let mut wire = Wire::connect(address, PATIENCE).expect("it listens");
        let topics = wire.topics().expect("an answer");
        for made in &self.made {
            assert!(topics.contains(made), "topic {made} was made and is not there");
        }
        for removed in &self.removed {
            assert!(!topics.contains(removed), "topic {removed} was removed and is there");
        }
        let until = Instant::now() + PATIENCE;
        let kept = loop {
            match wire.committed(GROUP, (SHAPES[0].name, 0)).expect("an answer") {
                Ok(offset) => break offset,
                // The coordinator is still reading its log.
                Err(code) => assert!(Instant::now() < until, "{code:?}"),
            }
            thread::sleep(Duration::from_millis(20));
        };
        let range = self.committed..=self.tried;
        assert!(range.contains(&kept), "committed {range:?}, found {kept}");
        self.committed
    }
}
