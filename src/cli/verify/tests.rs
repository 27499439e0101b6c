//! Data directories that are sound, and the same with one thing wrong.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use millstream_engine::config::{BrokerConfig, TopicConfig};
use millstream_engine::ids::{BrokerId, LeaderEpoch, Offset};
use millstream_engine::journal::{
    COMMIT_HEADER_BYTES, CommitHeader, ENTRY_HEADER_BYTES, EntryHeader, FILE_HEADER_BYTES,
    FileHeader, seal_commit,
};
use millstream_engine::log::{EpochCache, Log, PlacedBatch, Recovered, Segment};
use millstream_engine::meta::{Image, NewTopic};
use millstream_wire::Uuid;
use millstream_wire::compress::Codec;

use super::*;
use crate::cli::ondisk::Cause;
use crate::cli::ondisk::tests::{Scratch, batch, quarantine};
use crate::controller::format::{batch_entry, snapshot_file};
use crate::controller::identity::Identity;
use crate::storage::sidecar;

const ID: Uuid = Uuid([9; 16]);
const FIRST: &str = "t-0/00000000000000000000.log";
const FIRST_INDEX: &str = "t-0/00000000000000000000.index";
const LAST: &str = "t-0/00000000000000000030.log";

/// A segment's bytes, and what the planner knows of it.
fn segment(base: i64, batches: usize) -> (Vec<u8>, Segment) {
    let mut bytes = Vec::new();
    let mut segment = Segment::empty(Offset(base));
    for n in 0..batches as i64 {
        let one = batch(base + n * 3, 1, 3, Codec::ALL[n as usize % 5]);
        let placed = PlacedBatch {
            base: Offset(base + n * 3),
            end: Offset(base + n * 3 + 3),
            bytes: one.len() as u64,
            max_timestamp: 1_763_717_000_000 + base + n * 3 + 2,
            epoch: LeaderEpoch(1),
            crc: u32::from_be_bytes(one[17..21].try_into().unwrap()),
        };
        segment.push(&placed, 200, 1);
        bytes.extend(one);
    }
    (bytes, segment)
}

/// Topic `t` with one partition: offsets 0 to 29 sealed, 30 to 44 active and checkpointed.
struct Sample {
    scratch: Scratch,
    sealed: Vec<u8>,
    active: Vec<u8>,
}

impl Sample {
    fn new() -> Sample {
        let scratch = Scratch::new();
        let (sealed, first) = segment(0, 10);
        let (active, last) = segment(30, 5);
        scratch.write(FIRST, &sealed);
        scratch.write(FIRST_INDEX, &sidecar::encode_index(&first).expect("it encodes"));
        let mut reserved = active.clone();
        reserved.resize(65536, 0);
        scratch.write(LAST, &reserved);
        let mut epochs = EpochCache::default();
        epochs.note(LeaderEpoch(1), Offset(0));
        let segments = vec![first, last];
        let recovered = Recovered { segments, epochs, ..Recovered::default() };
        let log = Log::new(Arc::new(TopicConfig::default()), recovered);
        let checkpoint = sidecar::encode_checkpoint(ID, &log).expect("it encodes");
        scratch.write("t-0/checkpoint", &checkpoint);
        scratch.write("t-0/partition.metadata", sidecar::encode_metadata(ID).as_bytes());
        let mut image = Image::new("abc");
        let mut file = snapshot_file(&image).to_vec();
        let topic = NewTopic { name: "t".to_owned(), partitions: Some(1), ..NewTopic::default() };
        let made = image.decide_create_topics(&[topic], &[ID], &BrokerConfig::default());
        file.extend(batch_entry(image.version, &made.records));
        made.records.iter().for_each(|record| image.apply(record));
        scratch.write("__cluster_metadata/metadata.log", &file);
        let cluster_id = "abc".to_owned();
        let identity = Identity { cluster_id, node_id: BrokerId(1), directory_id: Uuid([1; 16]) };
        scratch.write("meta.properties", identity.text().as_bytes());
        scratch.write("journal/0-0.journal", &journal(&[]));
        scratch.write(".lock", b"");
        Sample { scratch, sealed, active }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.0.join(name)
    }

    fn check(&self) -> Report {
        directory::check(&self.scratch.0, 2).expect("it can be judged")
    }

    fn causes(&self) -> Vec<Cause> {
        self.check().findings.causes()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path(name)).expect("it is there");
        change(&mut bytes);
        fs::write(self.path(name), bytes).expect("writable");
    }
}

/// A journal of commits 1 and up, one entry of 3 records each, from these offsets on.
pub fn journal(bases: &[i64]) -> Vec<u8> {
    let mut file = vec![0; 64 * 1024];
    let file_bytes = file.len() as u64;
    FileHeader { writer: 0, slot: 0, file_bytes, void_upto: 0 }.encode(&mut file);
    let mut at = FILE_HEADER_BYTES as usize;
    for (n, base) in bases.iter().enumerate() {
        let batches = batch(*base, 1, 3, Codec::None);
        let entry = EntryHeader {
            topic_id: ID,
            partition: 0,
            bytes: batches.len() as u32,
            segment: Offset(30),
            position: 0,
            base: Offset(*base),
            end: Offset(base + 3),
        };
        let bytes = COMMIT_HEADER_BYTES + ENTRY_HEADER_BYTES + batches.len();
        let header = CommitHeader {
            generation: 1,
            sequence: n as u64 + 1,
            durable: n as u64,
            bytes: bytes as u32,
            entries: 1,
            writer: 0,
            slot: 0,
        };
        let commit = &mut file[at..];
        entry.encode(&mut commit[COMMIT_HEADER_BYTES..]);
        commit[COMMIT_HEADER_BYTES + ENTRY_HEADER_BYTES..bytes].copy_from_slice(&batches);
        seal_commit(commit, &header);
        at += header.padded_bytes() as usize;
    }
    file
}

#[test]
fn journals_continue_the_logs_and_lack_nothing() {
    let sample = Sample::new();
    let with = |bases: &[i64]| {
        sample.scratch.write("journal/0-0.journal", &journal(bases));
        sample.check()
    };
    let settled = with(&[39, 42]);
    assert_eq!((settled.findings.causes(), settled.counts.journal_commits), (vec![], 2));
    let unreplayed = with(&[42, 45, 48]);
    assert_eq!(unreplayed.findings.causes(), [Cause::JournalUnreplayed]);
    assert_eq!((unreplayed.damages(), unreplayed.counts.journal_commits), (0, 3));
    assert_eq!(with(&[45, 54]).findings.causes(), [Cause::JournalGap, Cause::JournalUnreplayed]);
    let in_the_middle = |bases: &[i64]| {
        with(bases);
        let second = 2 * FILE_HEADER_BYTES as usize;
        sample.change("journal/0-0.journal", |bytes| bytes[second + 100] ^= 1);
        sample.causes()
    };
    assert!(in_the_middle(&[45, 48, 51, 54]).contains(&Cause::JournalLost));
    sample.change("journal/0-0.journal", |bytes| bytes[20] ^= 1);
    assert!(sample.causes().contains(&Cause::JournalHeader));
    sample.change("journal/0-0.journal", |bytes| bytes[0] ^= 1);
    assert!(sample.causes().contains(&Cause::JournalForeign));
}

#[test]
fn a_sound_directory_has_no_findings() {
    let sample = Sample::new();
    let report = sample.check();
    assert_eq!(report.findings.causes(), []);
    let counts = report.counts;
    assert_eq!((counts.partitions, counts.segments), (1, 2));
    assert_eq!((counts.batches, counts.records), (15, 45));
    assert_eq!(counts.bytes, (sample.sealed.len() + sample.active.len()) as u64);
    assert!(report.text().contains(": sound; 1 partitions, 2 segments"), "{}", report.text());
}

#[test]
fn json_keeps_its_names() {
    let sample = Sample::new();
    sample.change(FIRST, |bytes| bytes[100] ^= 1);
    let told = sample.check().json();
    let keys = |value: &serde_json::Value| {
        value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let names = [
        "batches",
        "bytes",
        "damages",
        "directory",
        "findings",
        "journal_commits",
        "notes",
        "partitions",
        "records",
        "seconds",
        "segments",
        "sound",
    ];
    assert_eq!(keys(&told), names);
    let names = ["broker", "cause", "detail", "offset", "path", "person", "position", "severity"];
    assert_eq!(keys(&told["findings"][0]), names);
    assert_eq!(told["sound"], false);
    assert_eq!(told["findings"][0]["offset"], 0);
}

/// What one change of the sample is found as.
fn found(what: &str, change: impl FnOnce(&Sample)) -> Vec<Cause> {
    let sample = Sample::new();
    change(&sample);
    let causes = sample.causes();
    assert!(!causes.is_empty(), "{what} was not found");
    causes
}

#[test]
fn every_fault_is_called_by_its_name() {
    use Cause as C;
    type Change = Box<dyn FnOnce(&Sample)>;
    let remove = |name: &'static str| -> Change {
        Box::new(move |s: &Sample| fs::remove_file(s.path(name)).expect("it is there"))
    };
    let add = |name: &'static str| -> Change {
        Box::new(move |s: &Sample| drop(s.scratch.write(name, b"x")))
    };
    let flip = |name: &'static str, at: usize| -> Change {
        Box::new(move |s: &Sample| s.change(name, |bytes| bytes[at] ^= 4))
    };
    let cut = |name: &'static str, keep: usize| -> Change {
        Box::new(move |s: &Sample| s.change(name, |bytes| bytes.truncate(keep)))
    };
    let notes: Change =
        Box::new(|s: &Sample| drop(s.scratch.write("t-0/quarantine", &quarantine())));
    let other_cluster: Change = Box::new(|s: &Sample| {
        s.change("meta.properties", |bytes| {
            *bytes = String::from_utf8_lossy(bytes).replace("=abc", "=xyz").into_bytes();
        });
    });
    let cases: Vec<(&str, Change, &[Cause])> = vec![
        ("a flipped payload", flip(FIRST, 80), &[C::BadCrc]),
        ("a flipped offset", flip(FIRST, 7), &[C::OffsetGap, C::OffsetBehind]),
        ("a flipped epoch", flip(FIRST, 15), &[C::EpochBack]),
        ("a flipped sidecar", flip(FIRST_INDEX, 40), &[C::IndexDamaged]),
        ("a lost sidecar", remove(FIRST_INDEX), &[C::IndexMissing]),
        ("a flipped checkpoint", flip("t-0/checkpoint", 60), &[C::CheckpointDamaged]),
        ("a lost checkpoint", remove("t-0/checkpoint"), &[C::CheckpointMissing]),
        ("a cut active segment", cut(LAST, 300), &[C::CheckpointAhead]),
        ("a lost active segment", remove(LAST), &[C::CheckpointAhead]),
        ("a cut sealed segment", cut(FIRST, 300), &[C::CheckpointAhead]),
        ("a lost id", remove("t-0/partition.metadata"), &[C::PartitionMetadata]),
        ("a flipped id", flip("t-0/partition.metadata", 25), &[C::ForeignTopic]),
        ("a lost identity", remove("meta.properties"), &[C::Identity]),
        ("another cluster", other_cluster, &[C::OtherCluster]),
        ("lost metadata", remove("__cluster_metadata/metadata.log"), &[C::MetaLog]),
        ("flipped metadata", flip("__cluster_metadata/metadata.log", 30), &[C::MetaLog]),
        ("a cut metadata log", cut("__cluster_metadata/metadata.log", 130), &[C::MetaLogTail]),
        ("a stray file", add("notes.txt"), &[C::Foreign]),
        ("a stray file in a partition", add("t-0/notes.txt"), &[C::Foreign]),
        ("notes of damage", notes, &[C::Quarantined]),
        ("damaged notes", add("t-0/quarantine"), &[C::QuarantineDamaged]),
        ("a segment set aside", add("t-0/00000000000000000090.log.set-aside"), &[C::SetAside]),
        ("a dropped segment", add("t-0/00000000000000000000.log.deleted"), &[C::Leftover]),
        ("an unfinished file", add("t-0/checkpoint.new"), &[C::Unfinished]),
        ("an orphan index", add("t-0/00000000000000000099.index"), &[C::IndexOrphan]),
        ("Kafka's index", add("t-0/00000000000000000000.timeindex"), &[C::Kafkas]),
        ("a deleted partition", add("u-0.0123456789abcdef-delete/x"), &[C::Leftover]),
        ("an unknown partition", add("u-0/x"), &[C::PartitionUnknown]),
    ];
    for (what, change, wanted) in cases {
        let causes = found(what, change);
        assert!(wanted.iter().any(|cause| causes.contains(cause)), "{what}: {causes:?}");
    }
}

#[test]
fn what_a_crash_leaves_at_the_end_is_a_note() {
    let sample = Sample::new();
    let (more, _) = segment(45, 2);
    let end = sample.active.len();
    sample.change(LAST, |bytes| {
        bytes.truncate(end);
        bytes.extend(&more[..more.len() - 9]);
    });
    let report = sample.check();
    assert_eq!(report.findings.causes(), [Cause::UnfinishedTail]);
    assert_eq!(report.damages(), 0);
    // The same behind which something sound follows is more than a torn end.
    let (later, _) = segment(51, 1);
    sample.change(LAST, |bytes| bytes.extend(later));
    assert!(sample.check().damages() > 0);
}

#[test]
fn gaps_are_damage_unless_the_topic_is_compacted() {
    let sample = Sample::new();
    let expected = |compacted| partition::Expected {
        path: sample.path("t-0"),
        index: 0,
        topic_id: Some(ID),
        compacted: Some(compacted),
    };
    let first = batch(0, 1, 3, Codec::ALL[0]).len();
    let second = batch(3, 1, 3, Codec::ALL[1]).len();
    sample.change(FIRST, |bytes| drop(bytes.drain(first..first + second)));
    let progress = crate::cli::progress::Progress::new(0, crate::cli::progress::Unit::Bytes, false);
    let strict = partition::check(&expected(false), &progress).findings.causes();
    assert!(strict.contains(&Cause::OffsetGap), "{strict:?}");
    let compacted = partition::check(&expected(true), &progress).findings.causes();
    assert!(!compacted.contains(&Cause::OffsetGap), "{compacted:?}");
}

#[test]
fn a_compacted_segment_that_was_taking_its_place_stands_for_the_old_ones() {
    let sample = Sample::new();
    let dense = segment(0, 10).0;
    let swap = "t-0/00000000000000000000.00000000000000000030.swap";
    let compacted = [batch(3, 1, 3, Codec::None), batch(24, 1, 3, Codec::Lz4)].concat();
    sample.scratch.write(swap, &compacted);
    let image_of = |what: &str| {
        let causes = sample.causes();
        // The topic of the sample is not compacted, so its gaps are still called gaps.
        let other = |cause: &&Cause| {
            !matches!(cause, Cause::UnfinishedSwap | Cause::OffsetGap | Cause::SegmentGap)
        };
        assert_eq!(causes.iter().find(other), None, "{what}: {causes:?}");
        assert!(causes.contains(&Cause::UnfinishedSwap), "{what}");
    };
    image_of("the old segment is there");
    fs::remove_file(sample.path(FIRST)).expect("it is there");
    image_of("the old segment is gone");
    fs::remove_file(sample.path(FIRST_INDEX)).expect("it is there");
    image_of("its sidecar too");
    sample.scratch.write(swap, &dense);
    assert_eq!(sample.causes(), [Cause::UnfinishedSwap]);
}

#[test]
fn every_flipped_bit_of_a_sealed_batch_is_found() {
    let sample = Sample::new();
    // All bits of the header that no checksum covers, one of every other byte.
    let later = (21 * 8..sample.sealed.len() * 8).step_by(9);
    for bit in (0..21 * 8).chain(later) {
        sample.change(FIRST, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        assert!(sample.check().damages() > 0, "bit {bit}");
        sample.change(FIRST, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
    }
}

#[test]
fn no_bytes_in_any_file_make_it_panic() {
    let names = [
        FIRST,
        FIRST_INDEX,
        LAST,
        "t-0/checkpoint",
        "t-0/partition.metadata",
        "__cluster_metadata/metadata.log",
        "meta.properties",
        "journal/0-0.journal",
    ];
    let sample = Sample::new();
    sample.scratch.write("journal/0-0.journal", &journal(&[39, 42]));
    let mut seed = 11u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    for _ in 0..60 {
        for name in names {
            let sound = fs::read(sample.path(name)).expect("it is there");
            let mut bytes = sound.clone();
            match random() % 3 {
                0 => bytes.truncate(random() % sound.len()),
                1 => bytes.iter_mut().for_each(|byte| *byte = random() as u8),
                _ => (0..8).for_each(|_| bytes[random() % sound.len()] = random() as u8),
            }
            fs::write(sample.path(name), bytes).expect("writable");
            let _ = directory::check(&sample.scratch.0, 2);
            fs::write(sample.path(name), sound).expect("writable");
        }
    }
    assert_eq!(sample.causes(), []);
}

#[test]
fn what_cannot_be_judged_says_why() {
    let sample = Sample::new();
    let refusal = |sample: &Sample| directory::check(&sample.scratch.0, 1).map(|_| ()).unwrap_err();
    sample.change("meta.properties", |bytes| {
        let text =
            String::from_utf8_lossy(bytes).replace("millstream.format=1", "millstream.format=9");
        *bytes = text.into_bytes();
    });
    assert!(refusal(&sample).contains("millstream.format=9"));
    let sample = Sample::new();
    sample.change("__cluster_metadata/metadata.log", |bytes| bytes[11] = 7);
    assert!(refusal(&sample).contains("format 7"));
    let nothing = Scratch::new();
    assert!(directory::check(&nothing.0, 1).unwrap_err().contains("no data directory"));
    let missing = nothing.0.join("missing");
    assert!(directory::check(&missing, 1).unwrap_err().contains("missing"));
}

#[test]
fn a_locked_directory_is_refused_unless_asked_for() {
    let sample = Sample::new();
    let lock = fs::File::open(sample.path(".lock")).expect("it is there");
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).expect("nobody has it");
    let mut args = VerifyArgs {
        dir: sample.scratch.0.clone(),
        threads: Some(1),
        while_running: false,
        output: Output::Json,
    };
    let reason = checked(&args).map(|_| ()).unwrap_err();
    assert!(reason.contains("a broker is running") && reason.contains("--while-running"));
    args.while_running = true;
    assert_eq!(checked(&args).expect("asked for").damages(), 0);
}
