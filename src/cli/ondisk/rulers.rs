//! The byte rulers of `docs/log-format.md`, held against what the code writes.
//!
//! Each ruler lists the fields of one header. The tests encode a sample with a number of its
//! own in every field and read that number back at the ruler's place; and the page must hold
//! exactly the table that the ruler makes.

use millstream_engine::config::TopicConfig;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::journal::{
    COMMIT_HEADER_BYTES, CommitHeader, ENTRY_HEADER_BYTES, EntryHeader, FILE_FIELDS_BYTES,
    FileHeader, VERSION, seal_commit,
};
use millstream_engine::log::{EpochCache, Log, PlacedBatch, Recovered, Segment};
use millstream_engine::meta::Image;
use millstream_wire::Uuid;
use millstream_wire::batch::{BatchBuilder, HEADER_BYTES, crc32c};
use millstream_wire::compress::Codec;

use super::{Cause, Severity};
use crate::controller::format::{
    BODY_BYTES_MIN, ENTRY_HEAD_BYTES, FORMAT, PREAMBLE_BYTES, snapshot_file,
};
use crate::storage::sidecar;

const PAGE: &str = include_str!("../../../docs/log-format.md");

/// A field: where, how long, what, and what it means.
type Field = (usize, usize, &'static str, &'static str);

const BATCH: &[Field] = &[
    (0, 8, "base offset", "set by the broker; outside the checksum"),
    (8, 4, "batch length", "bytes behind this field"),
    (12, 4, "leader epoch", "set by the broker; outside the checksum"),
    (16, 1, "magic", "2"),
    (17, 4, "CRC-32C", "of byte 21 to the end of the batch"),
    (21, 2, "attributes", "codec, append time, transactional, control, delete horizon"),
    (23, 4, "last offset delta", "last offset minus base offset"),
    (27, 8, "base timestamp", "ms; the delete horizon where that bit is set"),
    (35, 8, "max timestamp", "ms"),
    (43, 8, "producer id", "-1: none"),
    (51, 2, "producer epoch", "-1: none"),
    (53, 4, "base sequence", "-1: none"),
    (57, 4, "record count", "then the records, or one compressed block"),
];
const FRAME: &[Field] = &[
    (0, 8, "magic", "`MSINDEX2` or `MSCHECK1`; the last character is the version"),
    (8, 4, "CRC-32C", "of the archive"),
    (12, 4, "zero", ""),
    (16, 8, "length", "of the archive, which follows and ends the file"),
];
const SEGMENT_ROW: &[Field] = &[
    (0, 8, "base offset", ""),
    (8, 8, "next offset", ""),
    (16, 8, "bytes", "of batches; bit 63: compaction has left gaps"),
    (24, 8, "has a largest timestamp", "0 or 1, in its first byte"),
    (32, 8, "largest timestamp", "ms"),
    (40, 8, "its batch", "base offset of the first batch that reaches it"),
    (48, 8, "has times of appending", "0 or 1, in its first byte"),
    (56, 8, "first append", "ms, the broker's clock"),
    (64, 8, "last append", "ms, the broker's clock"),
];
const INDEX_ENTRY: &[Field] = &[
    (0, 4, "offset delta", "from the segment's base"),
    (4, 4, "position", "where that batch begins"),
    (8, 8, "largest timestamp before", "of all batches before that one"),
];
const CHECKPOINT_ROOT: &[Field] = &[
    (0, 16, "topic id", "as in `partition.metadata`"),
    (16, 8, "log start", "where DeleteRecords is kept"),
    (24, 8, "segments", "vector of segment rows; the last was active"),
    (32, 8, "active index", "vector of index entries"),
    (40, 8, "epochs", "vector of epoch (4), padding (4), first offset (8)"),
    (48, 8, "producers", "vector of id, epoch, time, their last five batches"),
    (56, 8, "active CRCs", "vector of i64: of the batches behind the index entries"),
];
const META_PREAMBLE: &[Field] = &[(0, 8, "magic", "`MILLMETA`"), (8, 4, "format", "1")];
const META_ENTRY: &[Field] = &[
    (0, 4, "length", "of the body"),
    (4, 4, "CRC-32C", "of the body"),
    (8, 8, "image version", "body: records applied before this entry"),
    (16, 1, "kind", "body: 0 header, 1 snapshot, 2 end of snapshot, 3 batch; content follows"),
];
const JOURNAL_FILE: &[Field] = &[
    (0, 8, "magic", "`MSJOURNL`"),
    (8, 4, "CRC-32C", "of byte 12 to 39"),
    (12, 4, "version", "1"),
    (16, 2, "writer", "the shard"),
    (18, 2, "slot", "its place in the shard's ring"),
    (20, 4, "zero", ""),
    (24, 8, "file bytes", "header block included"),
    (32, 8, "void up to", "commits of this generation and older are in segment files"),
];
const JOURNAL_COMMIT: &[Field] = &[
    (0, 4, "magic", "`MSJC`"),
    (4, 4, "CRC-32C", "of byte 8 to the end of the last entry"),
    (8, 4, "version", "1"),
    (12, 4, "bytes", "header and entries; zeros follow up to the next 4 KiB"),
    (16, 8, "generation", "which use of the file; grows over all files of a writer"),
    (24, 8, "sequence", "consecutive over all commits of a writer"),
    (32, 8, "durable", "every commit up to this sequence was durable before"),
    (40, 4, "entries", ""),
    (44, 2, "writer", ""),
    (46, 2, "slot", ""),
];
const JOURNAL_ENTRY: &[Field] = &[
    (0, 16, "topic id", ""),
    (16, 4, "partition", ""),
    (20, 4, "bytes", "of batches, which follow as the segment has them"),
    (24, 8, "segment", "base offset of the segment that they belong to"),
    (32, 8, "position", "in that segment's file"),
    (40, 8, "base offset", "of the first batch"),
    (48, 8, "next offset", "behind the last batch"),
];

const ALL: &[(&str, &[Field])] = &[
    ("batch", BATCH),
    ("frame", FRAME),
    ("segment-row", SEGMENT_ROW),
    ("index-entry", INDEX_ENTRY),
    ("checkpoint-root", CHECKPOINT_ROOT),
    ("metadata-preamble", META_PREAMBLE),
    ("metadata-entry", META_ENTRY),
    ("journal-file", JOURNAL_FILE),
    ("journal-commit", JOURNAL_COMMIT),
    ("journal-entry", JOURNAL_ENTRY),
];

fn table(name: &str, fields: &[Field]) -> String {
    let mut text =
        format!("<!-- ruler: {name} -->\n| at | bytes | field | |\n|---:|---:|---|---|\n");
    for (at, bytes, field, means) in fields {
        text += &format!("| {at} | {bytes} | {field} | {means} |\n");
    }
    text
}

fn bytes_of(fields: &[Field]) -> usize {
    fields.last().map_or(0, |(at, bytes, ..)| at + bytes)
}

/// Asserts that the fields of these names hold these numbers.
fn check(sample: &[u8], fields: &[Field], little: bool, wanted: &[(&str, u64)]) {
    for (name, number) in wanted {
        let field = fields.iter().find(|field| field.2 == *name);
        let (at, bytes, ..) = *field.unwrap_or_else(|| panic!("no field {name}"));
        let part = &sample[at..at + bytes];
        let fold = |n: u64, byte: &u8| n << 8 | u64::from(*byte);
        let found = match little {
            true => part.iter().rev().fold(0, fold),
            false => part.iter().fold(0, fold),
        };
        assert_eq!(found, *number, "{name} at {at}");
    }
}

#[test]
fn the_page_has_every_ruler_and_every_cause() {
    for (name, fields) in ALL {
        let mut at = 0;
        for field in *fields {
            assert_eq!(field.0, at, "{name}: a gap before {}", field.2);
            at += field.1;
        }
        let table = table(name, fields);
        assert!(PAGE.contains(&table), "docs/log-format.md lacks:\n{table}");
    }
    for cause in Cause::ALL {
        let grave = if cause.severity() == Severity::Damage { "yes" } else { "no" };
        let (code, broker) = (cause.code(), cause.broker().replace('|', "\\|"));
        let person = cause.person().replace('|', "\\|");
        let row = format!("| `{code}` | {grave} | {broker} | {person} |\n");
        assert!(PAGE.contains(&row), "docs/log-format.md lacks:\n{row}");
    }
}

#[test]
fn a_batch_is_as_its_ruler_says() {
    let mut builder =
        BatchBuilder::new(Codec::None).base_offset(1001).leader_epoch(7).producer(9, 3, 40);
    builder.append(5000, None, Some(b"a"), &[]);
    builder.append(6000, None, Some(b"b"), &[]);
    let sample = builder.build().expect("it builds");
    assert_eq!(bytes_of(BATCH), HEADER_BYTES);
    let wanted = [
        ("base offset", 1001),
        ("batch length", sample.len() as u64 - 12),
        ("leader epoch", 7),
        ("magic", 2),
        ("CRC-32C", u64::from(crc32c(&sample[21..]))),
        ("attributes", 0),
        ("last offset delta", 1),
        ("base timestamp", 5000),
        ("max timestamp", 6000),
        ("producer id", 9),
        ("producer epoch", 3),
        ("base sequence", 40),
        ("record count", 2),
    ];
    check(&sample, BATCH, false, &wanted);
}

fn segment() -> Segment {
    let mut segment = Segment::empty(Offset(100));
    for (base, max_timestamp) in [(100, 7000), (103, 7007)] {
        let (base, end) = (Offset(base), Offset(base + 3));
        let (epoch, crc) = (LeaderEpoch(4), 0x0a0b_0c00 + base.0 as u32);
        let placed = PlacedBatch { base, end, bytes: 90, max_timestamp, epoch, crc };
        segment.push(&placed, 1, 8000 + base.0);
    }
    segment
}

const SEGMENT_VALUES: [(&str, u64); 9] = [
    ("base offset", 100),
    ("next offset", 106),
    ("bytes", 180),
    ("has a largest timestamp", 1),
    ("largest timestamp", 7007),
    ("its batch", 103),
    ("has times of appending", 1),
    ("first append", 8100),
    ("last append", 8103),
];

#[test]
fn an_index_sidecar_is_as_its_rulers_say() {
    let sample = sidecar::encode_index(&segment()).expect("it encodes");
    assert_eq!(bytes_of(FRAME), sidecar::FRAME_BYTES);
    let archive = &sample[sidecar::FRAME_BYTES..];
    let wanted = [
        ("magic", u64::from_le_bytes(*sidecar::INDEX_MAGIC)),
        ("CRC-32C", u64::from(crc32c(archive))),
        ("zero", 0),
        ("length", archive.len() as u64),
    ];
    check(&sample, FRAME, true, &wanted);
    let root = &archive[archive.len() - bytes_of(SEGMENT_ROW) - 16..];
    check(root, SEGMENT_ROW, true, &SEGMENT_VALUES);
    let first = [("offset delta", 0), ("position", 0), ("largest timestamp before", 1 << 63)];
    check(archive, INDEX_ENTRY, true, &first);
    let second = [("offset delta", 3), ("position", 90), ("largest timestamp before", 7000)];
    check(&archive[bytes_of(INDEX_ENTRY)..], INDEX_ENTRY, true, &second);
    let crcs = &archive[2 * bytes_of(INDEX_ENTRY)..];
    assert_eq!(crcs[..8], [100, 12, 11, 10, 103, 12, 11, 10]);
}

#[test]
fn a_checkpoint_is_as_its_rulers_say() {
    let mut epochs = EpochCache::default();
    epochs.note(LeaderEpoch(4), Offset(100));
    let log_start = Offset(102);
    let recovered =
        Recovered { log_start, segments: vec![segment()], epochs, ..Recovered::default() };
    let log = Log::new(std::sync::Arc::new(TopicConfig::default()), recovered);
    let sample = sidecar::encode_checkpoint(Uuid([5; 16]), &log).expect("it encodes");
    let archive = &sample[sidecar::FRAME_BYTES..];
    let root = archive.len() - bytes_of(CHECKPOINT_ROOT);
    check(&archive[root..], CHECKPOINT_ROOT, true, &[("log start", 102)]);
    assert_eq!(archive[root..root + 16], [5; 16]);
    // A vector is a distance from itself and a count.
    let row = |field: &str| {
        let at = CHECKPOINT_ROOT.iter().find(|one| one.2 == field).expect("a field").0 + root;
        let number = |at: usize| i32::from_le_bytes(archive[at..at + 4].try_into().expect("4"));
        (at.checked_add_signed(number(at) as isize).expect("inside"), number(at + 4))
    };
    let (at, count) = row("segments");
    assert_eq!(count, 1);
    check(&archive[at..], SEGMENT_ROW, true, &SEGMENT_VALUES);
    let (at, count) = row("epochs");
    assert_eq!((count, archive[at], archive[at + 8]), (1, 4, 100));
    assert_eq!(row("active index").1, 2);
    assert_eq!((row("producers").1, row("active CRCs").1), (0, 2));
}

#[test]
fn a_metadata_log_is_as_its_rulers_say() {
    let sample = snapshot_file(&Image::new("abc"));
    assert_eq!(bytes_of(META_PREAMBLE), PREAMBLE_BYTES);
    assert_eq!(bytes_of(META_ENTRY), ENTRY_HEAD_BYTES + BODY_BYTES_MIN);
    check(&sample, META_PREAMBLE, false, &[("format", u64::from(FORMAT))]);
    let entry = &sample[PREAMBLE_BYTES..];
    let body = &entry[ENTRY_HEAD_BYTES..ENTRY_HEAD_BYTES + BODY_BYTES_MIN + 3];
    let wanted = [
        ("length", body.len() as u64),
        ("CRC-32C", u64::from(crc32c(body))),
        ("image version", 0),
        ("kind", 0),
    ];
    check(entry, META_ENTRY, false, &wanted);
    assert_eq!(&body[BODY_BYTES_MIN..], b"abc");
}

#[test]
fn a_journal_is_as_its_rulers_say() {
    assert_eq!(bytes_of(JOURNAL_FILE), FILE_FIELDS_BYTES);
    let mut block = [0; 4096];
    FileHeader { writer: 3, slot: 1, file_bytes: 65_536, void_upto: 77 }.encode(&mut block);
    let wanted = [
        ("CRC-32C", u64::from(crc32c(&block[12..FILE_FIELDS_BYTES]))),
        ("version", u64::from(VERSION)),
        ("writer", 3),
        ("slot", 1),
        ("zero", 0),
        ("file bytes", 65_536),
        ("void up to", 77),
    ];
    check(&block, JOURNAL_FILE, false, &wanted);
    assert_eq!(bytes_of(JOURNAL_COMMIT), COMMIT_HEADER_BYTES);
    assert_eq!(bytes_of(JOURNAL_ENTRY), ENTRY_HEADER_BYTES);
    let bytes = COMMIT_HEADER_BYTES + ENTRY_HEADER_BYTES + 4;
    let mut commit = vec![9; bytes];
    let entry = EntryHeader {
        topic_id: Uuid([6; 16]),
        partition: 11,
        bytes: 4,
        segment: Offset(12),
        position: 13,
        base: Offset(14),
        end: Offset(15),
    };
    entry.encode(&mut commit[COMMIT_HEADER_BYTES..]);
    let header = CommitHeader {
        generation: 21,
        sequence: 22,
        durable: 20,
        bytes: bytes as u32,
        entries: 1,
        writer: 3,
        slot: 1,
    };
    seal_commit(&mut commit, &header);
    let wanted = [
        ("magic", u64::from(u32::from_be_bytes(*b"MSJC"))),
        ("CRC-32C", u64::from(crc32c(&commit[8..]))),
        ("version", u64::from(VERSION)),
        ("bytes", bytes as u64),
        ("generation", 21),
        ("sequence", 22),
        ("durable", 20),
        ("entries", 1),
        ("writer", 3),
        ("slot", 1),
    ];
    check(&commit, JOURNAL_COMMIT, false, &wanted);
    let wanted = [
        ("partition", 11),
        ("bytes", 4),
        ("segment", 12),
        ("position", 13),
        ("base offset", 14),
        ("next offset", 15),
    ];
    check(&commit[COMMIT_HEADER_BYTES..], JOURNAL_ENTRY, false, &wanted);
    assert_eq!(commit[COMMIT_HEADER_BYTES..COMMIT_HEADER_BYTES + 16], [6; 16]);
}

#[test]
fn a_checkpoint_and_a_sidecar_end_with_their_roots() {
    // rkyv puts the root last: that is what the page's "from the end" means.
    let sample = sidecar::encode_index(&segment()).expect("it encodes");
    assert_eq!(sample.len(), sidecar::FRAME_BYTES + 2 * (bytes_of(INDEX_ENTRY) + 4) + 72 + 16);
}
