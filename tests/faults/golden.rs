//! Data whose every byte is known, and what a damaged broker may still say of it.
//!
//! A topic with partitions that have sealed segments and partitions that have one, a topic of
//! its own for the last entry of the metadata log, and a group's offsets; once as a clean stop
//! leaves them, once as a kill does. `Golden::verify` reads all of it: what is served must be, byte
//! for byte, what was acknowledged at that offset, or the answer must be an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::ErrorCode;
use millstream_wire::batch::{BatchHeader, HEADER_BYTES};

use crate::pristine::Pristine;
use crate::process::{Broker, Directory, PATIENCE, Setup};
use crate::records::Stamp;
use crate::wire::{Fetched, Wire};

pub const TOPIC: &str = "golden";
const LAST_TOPIC: &str = "last";
const PARTITIONS: i32 = 10;
/// The first of them have several segments.
const ROLLED: i32 = 3;
const GROUP: &str = "readers";
/// What the group has committed, in this order.
const COMMITS: [i64; 2] = [5, 9];
/// Time for seals and checkpoints to end.
const SETTLING: Duration = Duration::from_millis(700);

/// Batches as they were first read back, by base offset.
type Batches = BTreeMap<i64, Vec<u8>>;

/// A data directory and what it holds.
pub struct Golden {
    pub pristine: Pristine,
    batches: BTreeMap<(String, i32), Batches>,
}

/// What a damaged broker said, beside wrong things.
#[derive(Default, Debug)]
pub struct Seen {
    /// Anything in here is a fault of the broker's.
    pub wrong: Vec<String>,
    /// Acknowledged batches that are not served but answered with an error.
    pub refused: u64,
    /// Acknowledged batches that are gone without an error: the log is shorter now.
    pub lost: u64,
    /// Partitions, by directory, that are shorter now.
    pub shorter: BTreeSet<String>,
    pub topics_gone: u64,
    /// Readers at a damaged end of a log: they get nothing, and no error, until a record comes.
    pub waiting: u64,
}

/// Settings of the broker that makes and serves this data.
pub fn setup(data: &Path) -> Setup {
    let mut setup =
        Setup::new(data).with("offsets.topic.num.partitions=2").with("millstream.memory=64m");
    setup.shards = 1;
    setup
}

/// The data after a clean stop, and the same with more behind it after a kill.
pub fn make() -> [Golden; 2] {
    let directory = Directory::in_memory();
    let data = directory.path().join("data");
    let mut broker = Broker::start(setup(&data));
    let mut wire = connect(&broker);
    let settings = [("segment.bytes", "1048576")];
    assert_eq!(wire.create(TOPIC, PARTITIONS, &settings).expect("an answer"), ErrorCode::None);
    assert_eq!(wire.coordinate(GROUP).expect("an answer"), ErrorCode::None);
    assert_eq!(wire.create(LAST_TOPIC, 1, &[]).expect("an answer"), ErrorCode::None);
    for partition in 0..PARTITIONS {
        let (batches, bytes) = if partition < ROLLED { (70, 2_000) } else { (20, 100) };
        fill(&mut wire, (TOPIC, partition), batches, bytes);
    }
    fill(&mut wire, (LAST_TOPIC, 0), 5, 100);
    for offset in COMMITS {
        commit(&mut wire, offset);
    }
    thread::sleep(SETTLING);
    let batches = read_all(&mut wire);
    drop(wire);
    assert!(broker.stop().success(), "{}", broker.said());
    let stopped = Golden { pristine: Pristine::of(&data), batches };
    broker.restart();
    let mut wire = connect(&broker);
    for partition in 0..PARTITIONS {
        let (batches, bytes) = if partition < ROLLED { (10, 2_000) } else { (5, 100) };
        fill(&mut wire, (TOPIC, partition), batches, bytes);
    }
    let batches = read_all(&mut wire);
    broker.kill();
    [stopped, Golden { pristine: Pristine::of(&data), batches }]
}

fn connect(broker: &Broker) -> Wire {
    Wire::connect(broker.address(), PATIENCE).expect("it listens")
}

/// Twenty records a batch; each value says where it stands.
fn fill(wire: &mut Wire, at: (&str, i32), batches: u32, bytes: usize) {
    let from = wire.offset(at, -1).expect("an answer").expect("an end") as u32;
    for batch in 0..batches {
        let first = from + batch * 20;
        let stamp = |sequence| Stamp { topic: 0, partition: at.1 as u16, producer: 0, sequence };
        let values: Vec<_> = (first..first + 20).map(|n| stamp(n).value(bytes)).collect();
        let answer = wire.produce(at, &values).expect("an answer");
        assert_eq!(answer, Ok(i64::from(first)), "{at:?}");
    }
}

fn commit(wire: &mut Wire, offset: i64) {
    let until = Instant::now() + PATIENCE;
    while wire.commit(GROUP, (TOPIC, 0), offset).expect("an answer") != ErrorCode::None {
        assert!(Instant::now() < until, "no commit succeeds");
        thread::sleep(Duration::from_millis(10));
    }
}

fn places() -> impl Iterator<Item = (&'static str, i32)> {
    (0..PARTITIONS).map(|partition| (TOPIC, partition)).chain([(LAST_TOPIC, 0)])
}

/// The name of a partition's directory.
fn directory((topic, partition): (&str, i32)) -> String {
    format!("{topic}-{partition}")
}

fn read_all(wire: &mut Wire) -> BTreeMap<(String, i32), Batches> {
    places().map(|at| ((at.0.to_owned(), at.1), read_sound(wire, at))).collect()
}

/// A partition that nothing has happened to.
fn read_sound(wire: &mut Wire, at: (&str, i32)) -> Batches {
    let (mut found, mut next) = (Batches::new(), 0);
    loop {
        let fetched = wire.fetch(at, next).expect("an answer");
        assert_eq!(fetched.error, ErrorCode::None, "{at:?}");
        for (base, end, bytes) in cut(&fetched.bytes) {
            assert_eq!(base, next, "{at:?}: the next offset");
            found.insert(base, bytes.to_vec());
            next = end;
        }
        if next >= fetched.high_watermark {
            return found;
        }
    }
}

/// Batches by what their headers say: base offset, the offset after them, their bytes.
fn cut(mut bytes: &[u8]) -> Vec<(i64, i64, &[u8])> {
    let mut batches = Vec::new();
    while let Some(fixed) = bytes.first_chunk::<HEADER_BYTES>() {
        let header = BatchHeader::read(fixed);
        let len = header.total_len().max(HEADER_BYTES);
        if len > bytes.len() {
            // An answer may end in a part of a batch.
            break;
        }
        batches.push((header.base_offset, header.next_offset(), &bytes[..len]));
        bytes = &bytes[len..];
    }
    batches
}

impl Golden {
    /// Reads everything. Partitions whose directory is in `hurt` may be refused or be shorter;
    /// with `all_hurt` all may. Nothing may be wrong.
    pub fn verify(&self, broker: &Broker, hurt: &BTreeSet<String>, all_hurt: bool) -> Seen {
        let mut seen = Seen::default();
        let outcome = self.try_verify(broker, hurt, all_hurt, &mut seen);
        if let Err(error) = outcome {
            seen.wrong.push(format!("the broker does not answer: {error}"));
        }
        seen
    }

    fn try_verify(
        &self,
        broker: &Broker,
        hurt: &BTreeSet<String>,
        all_hurt: bool,
        seen: &mut Seen,
    ) -> io::Result<()> {
        let mut wire = Wire::connect(broker.address(), PATIENCE)?;
        let topics = wire.topics()?;
        for at in places() {
            let directory = directory(at);
            let may_fail = all_hurt || hurt.contains(&directory);
            if !topics.iter().any(|topic| topic == at.0) {
                seen.topics_gone += 1;
                if !all_hurt {
                    seen.wrong.push(format!("topic {} is gone", at.0));
                }
                if !has_log(&broker.setup.data.join(&directory)) {
                    seen.wrong.push(format!("the topic of {directory} is gone, and its files"));
                }
                continue;
            }
            let waiting = self.verify_partition(&mut wire, at, may_fail, seen)?;
            let appended = try_append(&mut wire, at, may_fail, seen)?;
            if let (Some(from), Some(offset)) = (waiting, appended) {
                let fetched = wire.fetch(at, from)?;
                if cut(&fetched.bytes).last().is_none_or(|(_, end, _)| *end <= offset) {
                    seen.wrong.push(format!("{at:?}: a reader at {from} never goes on"));
                }
            }
        }
        let offsets_hurt = hurt.iter().any(|name| name.starts_with("__consumer_offsets"));
        self.verify_offsets(&mut wire, all_hurt || offsets_hurt, seen)
    }

    /// The offset of a reader that waits behind a damaged end, if that is how it went.
    fn verify_partition(
        &self,
        wire: &mut Wire,
        at: (&str, i32),
        may_fail: bool,
        seen: &mut Seen,
    ) -> io::Result<Option<i64>> {
        let golden = &self.batches[&(at.0.to_owned(), at.1)];
        let mut next = 0;
        while let Some((&from, _)) = golden.range(next..).next() {
            let fetched = wire.fetch(at, from)?;
            next = match served(&fetched, golden, from) {
                Ok(end) => end,
                Err(Trouble::Wrong(what)) => {
                    seen.wrong.push(format!("{at:?} at {from}: {what}"));
                    return Ok(None);
                }
                Err(Trouble::Waiting) if may_fail => {
                    seen.waiting += 1;
                    return Ok(Some(from));
                }
                Err(Trouble::Waiting | Trouble::Refused) => {
                    seen.refused += 1;
                    from + 1
                }
                Err(Trouble::Shorter) => {
                    seen.lost += golden.range(from..).count() as u64;
                    seen.shorter.insert(directory(at));
                    i64::MAX
                }
            };
            if !may_fail && (next == from + 1 || next == i64::MAX) {
                let Fetched { error, high_watermark, .. } = fetched;
                let what = format!("{error:?}, high watermark {high_watermark}");
                seen.wrong.push(format!("{at:?} is unhurt, and at {from}: {what}"));
                return Ok(None);
            }
        }
        Ok(None)
    }

    fn verify_offsets(&self, wire: &mut Wire, may_fail: bool, seen: &mut Seen) -> io::Result<()> {
        let until = Instant::now() + Duration::from_secs(5);
        loop {
            match wire.committed(GROUP, (TOPIC, 0))? {
                Ok(offset) if offset == COMMITS[1] => return Ok(()),
                Ok(offset) if may_fail && (offset == COMMITS[0] || offset == -1) => {
                    seen.lost += 1;
                    return Ok(());
                }
                Ok(offset) => {
                    seen.wrong.push(format!("the group's committed offset is {offset}"));
                    return Ok(());
                }
                Err(_) if Instant::now() < until && !may_fail => {
                    thread::sleep(Duration::from_millis(5));
                }
                Err(_) if may_fail => {
                    seen.refused += 1;
                    return Ok(());
                }
                Err(code) => {
                    seen.wrong.push(format!("the group's offsets are unhurt: {code:?}"));
                    return Ok(());
                }
            }
        }
    }
}

enum Trouble {
    /// Something else than what was acknowledged, without an error.
    Wrong(String),
    Refused,
    /// Nothing and no error where the log's end is damaged.
    Waiting,
    /// The log ends before this offset.
    Shorter,
}

/// Judges one answer; the offset after what it served.
fn served(fetched: &Fetched, golden: &Batches, from: i64) -> Result<i64, Trouble> {
    let end = golden.last_key_value().map_or(0, |(base, bytes)| end_of(*base, bytes));
    if fetched.error == ErrorCode::None && fetched.high_watermark > end {
        let what = format!("the high watermark is {}, not {end}", fetched.high_watermark);
        return Err(Trouble::Wrong(what));
    }
    match fetched.error {
        ErrorCode::None if fetched.bytes.is_empty() && fetched.high_watermark > from => {
            // Nothing, below the high watermark: a reader asks again and again.
            Err(Trouble::Waiting)
        }
        ErrorCode::None if fetched.bytes.is_empty() => Err(Trouble::Shorter),
        ErrorCode::None if cut(&fetched.bytes).is_empty() => {
            Err(Trouble::Wrong("an answer without a whole batch".to_owned()))
        }
        ErrorCode::None => same(&fetched.bytes, golden, from),
        ErrorCode::OffsetOutOfRange => Err(Trouble::Shorter),
        _ => Err(Trouble::Refused),
    }
}

/// Every batch that came is one that was acknowledged at that offset; the offset after them.
fn same(bytes: &[u8], golden: &Batches, from: i64) -> Result<i64, Trouble> {
    let mut next = from;
    for (base, end, batch) in cut(bytes) {
        let wanted = golden.get(&base);
        if wanted.is_none_or(|wanted| wanted != batch) || base < next {
            let wanted = golden.range(..=base).next_back();
            return Err(Trouble::Wrong(difference((base, batch), wanted)));
        }
        // A later offset than asked for is a hole, which is what a quarantine leaves.
        next = end;
    }
    Ok(next)
}

fn end_of(base: i64, bytes: &[u8]) -> i64 {
    cut(bytes).first().map_or(base, |(_, end, _)| *end)
}

fn difference((base, batch): (i64, &[u8]), wanted: Option<(&i64, &Vec<u8>)>) -> String {
    let Some((at, wanted)) = wanted else { return format!("a batch at {base}, before all") };
    let byte = batch.iter().zip(wanted).position(|(a, b)| a != b);
    let (len, right) = (batch.len(), wanted.len());
    format!(
        "served a batch with base offset {base} and {len} bytes that differs in byte {byte:?} \
         from the one at {at} with {right} bytes"
    )
}

fn has_log(partition: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(partition) else { return false };
    entries.any(|entry| entry.is_ok_and(|e| e.file_name().to_string_lossy().ends_with(".log")))
}

/// Whether a line holds a path that goes to or through this directory or file.
pub fn names(line: &str, entry: &str) -> bool {
    let ends = |rest: &str| rest.chars().next().is_none_or(|c| "/ :;,\"".contains(c));
    line.match_indices(entry)
        .any(|(at, _)| line[..at].ends_with('/') && ends(&line[at + entry.len()..]))
}

/// One record more: taken and readable where the answer says, or, if hurt, refused. Its offset.
fn try_append(
    wire: &mut Wire,
    at: (&str, i32),
    may_fail: bool,
    seen: &mut Seen,
) -> io::Result<Option<i64>> {
    let stamp = Stamp { topic: 1, partition: at.1 as u16, producer: 1, sequence: 1 };
    let value = stamp.value(300);
    let offset = match wire.produce(at, std::slice::from_ref(&value))? {
        Ok(offset) => offset,
        Err(_) if may_fail => return Ok(None),
        Err(code) => {
            seen.wrong.push(format!("{at:?} is unhurt and takes no record: {code:?}"));
            return Ok(None);
        }
    };
    let fetched = wire.fetch(at, offset)?;
    let found = fetched.bytes.windows(value.len()).any(|window| window == value);
    if fetched.error != ErrorCode::None || !found {
        seen.wrong.push(format!("{at:?}: a new record at {offset} is {:?}", fetched.error));
    }
    Ok(Some(offset))
}
