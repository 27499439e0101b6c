//! Files beside the log: index sidecars, checkpoints, `partition.metadata`.
//!
//! Sidecar and checkpoint are rkyv archives behind a checksum; both are derived from the log
//! and thrown away when anything about them is wrong, with one exception: a checkpoint's
//! `log_start` is where DeleteRecords is kept. Each file is written beside its name, flushed,
//! renamed, and the directory flushed. Layout: 8 bytes of magic with the version, u32 CRC-32C of
//! the archive, u32 zero, u64 length, archive. Sidecars of version 1 lack the CRCs of batches.

use std::path::Path;

use millstream_engine::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use millstream_engine::log::{
    EpochCache, EpochStart, IndexEntry, Log, MaxTimestamp, ProducedBatch, ProducerSnapshot,
    ProducerState, Producers, Segment, SparseIndex,
};
use millstream_wire::Uuid;
use millstream_wire::batch::crc32c;
use rkyv::rancor::Error as RkyvError;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Deserialize, Serialize};

use super::limits::CHECKPOINT_ENTRIES_MAX;

pub const INDEX_MAGIC: &[u8; 8] = b"MSINDEX2";
const INDEX_MAGIC_1: &[u8; 8] = b"MSINDEX1";
pub const CHECKPOINT_MAGIC: &[u8; 8] = b"MSCHECK1";
pub const FRAME_BYTES: usize = 24;

#[derive(Archive, Serialize, Deserialize)]
struct SegmentRow {
    base: i64,
    end: i64,
    bytes: u64,
    max_timestamp: Option<(i64, i64)>,
    appended_ms: Option<(i64, i64)>,
}

#[derive(Archive, Serialize, Deserialize)]
struct IndexRow {
    offset_delta: u32,
    position: u32,
    max_timestamp_before: i64,
}

#[derive(Archive, Serialize, Deserialize)]
struct BatchRow {
    sequences: (i32, i32),
    offsets: (i64, i64),
    timestamp_ms: i64,
}

#[derive(Archive, Serialize, Deserialize)]
struct ProducerRow {
    id: i64,
    epoch: i16,
    seen_ms: i64,
    window: Vec<BatchRow>,
}

#[derive(Archive, Serialize, Deserialize)]
struct IndexFile1 {
    segment: SegmentRow,
    entries: Vec<IndexRow>,
}

#[derive(Archive, Serialize, Deserialize)]
struct IndexFile {
    segment: SegmentRow,
    entries: Vec<IndexRow>,
    /// Of the batches behind the entries.
    crcs: Vec<u32>,
}

#[derive(Archive, Serialize, Deserialize)]
struct CheckpointFile {
    topic_id: [u8; 16],
    log_start: i64,
    segments: Vec<SegmentRow>,
    active_index: Vec<IndexRow>,
    epochs: Vec<(i32, i64)>,
    producers: Vec<ProducerRow>,
    /// CRCs of the batches behind `active_index`; empty in files of older brokers.
    active_crcs: Vec<i64>,
}

/// What a checkpoint says of a log. The last segment is the one that was active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub topic_id: Uuid,
    pub log_start: Offset,
    pub segments: Vec<Segment>,
    pub epochs: EpochCache,
    pub producers: Producers,
}

/// The state of `log` as it is now. It may name batches that a crash could still take back:
/// the caller waits until they are flushed before the file gets its name.
pub fn encode_checkpoint(topic_id: Uuid, log: &Log) -> Option<Vec<u8>> {
    let active = log.active();
    let thinned = |index: &'_ SparseIndex| index.thinned(CHECKPOINT_ENTRIES_MAX).copied().collect();
    let index: Vec<IndexEntry> = active.index.as_ref().map_or_else(Vec::new, thinned);
    let file = CheckpointFile {
        topic_id: topic_id.0,
        log_start: log.marks().log_start.0,
        segments: log.segments().map(segment_row).collect(),
        active_index: index.iter().map(index_row).collect(),
        epochs: log.epochs().entries().iter().map(|e| (e.epoch.0, e.start.0)).collect(),
        producers: log.producers().snapshot().iter().map(producer_row).collect(),
        active_crcs: index.iter().map(|entry| i64::from(entry.crc)).collect(),
    };
    frame(CHECKPOINT_MAGIC, &rkyv::to_bytes::<RkyvError>(&file).ok()?)
}

/// Base offset and bytes of the segment that a checkpoint has as the active one, for who looks at
/// a broker's files from outside; `None` as for `decode_checkpoint`.
#[must_use]
pub fn active_in_checkpoint(bytes: &[u8]) -> Option<(i64, u64)> {
    let checkpoint = decode_checkpoint(bytes)?;
    checkpoint.segments.last().map(|active| (active.base.0, active.bytes))
}

/// `None`: not one of ours, damaged, or contradicting itself.
pub fn decode_checkpoint(bytes: &[u8]) -> Option<Checkpoint> {
    let archive = unframe(CHECKPOINT_MAGIC, bytes)?;
    let file = rkyv::from_bytes::<CheckpointFile, RkyvError>(&archive).ok()?;
    let mut segments: Vec<Segment> = file.segments.iter().map(segment_of).collect::<Option<_>>()?;
    let contiguous = segments.windows(2).all(|pair| pair[0].end == pair[1].base);
    let active = segments.last_mut().filter(|_| contiguous)?;
    let crc = |at: usize| file.active_crcs.get(at).and_then(|crc| u32::try_from(*crc).ok());
    let rows = file.active_index.iter().enumerate();
    let entries = rows.map(|(at, row)| entry_of(row, crc(at))).collect();
    active.index = Some(SparseIndex::from_entries(active.base, entries)?);
    let start = |(epoch, start): &(i32, i64)| EpochStart {
        epoch: LeaderEpoch(*epoch),
        start: Offset(*start),
    };
    Some(Checkpoint {
        topic_id: Uuid(file.topic_id),
        log_start: Offset(file.log_start),
        segments,
        epochs: EpochCache::from_entries(file.epochs.iter().map(start).collect())?,
        producers: Producers::restore(file.producers.iter().map(producer_of).collect())?,
    })
}

/// The sidecar of a sealed segment.
pub fn encode_index(segment: &Segment) -> Option<Vec<u8>> {
    let entries = segment.index.as_ref()?.entries();
    let file = IndexFile {
        segment: segment_row(segment),
        entries: entries.iter().map(index_row).collect(),
        crcs: entries.iter().map(|entry| entry.crc).collect(),
    };
    frame(INDEX_MAGIC, &rkyv::to_bytes::<RkyvError>(&file).ok()?)
}

/// The magic that these bytes should begin with.
#[must_use]
pub fn index_magic(bytes: &[u8]) -> &'static [u8; 8] {
    if bytes.starts_with(INDEX_MAGIC_1) { INDEX_MAGIC_1 } else { INDEX_MAGIC }
}

/// The segment with its index, as it was when it was sealed.
pub fn decode_index(bytes: &[u8]) -> Option<Segment> {
    let file = match unframe(INDEX_MAGIC, bytes) {
        Some(archive) => rkyv::from_bytes::<IndexFile, RkyvError>(&archive).ok()?,
        None => {
            let archive = unframe(INDEX_MAGIC_1, bytes)?;
            let IndexFile1 { segment, entries } =
                rkyv::from_bytes::<_, RkyvError>(&archive).ok()?;
            IndexFile { segment, entries, crcs: Vec::new() }
        }
    };
    let mut segment = segment_of(&file.segment)?;
    let rows = file.entries.iter().enumerate();
    let entries = rows.map(|(at, row)| entry_of(row, file.crcs.get(at).copied())).collect();
    segment.index = Some(SparseIndex::from_entries(segment.base, entries)?);
    Some(segment)
}

fn frame(magic: &[u8; 8], archive: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(FRAME_BYTES + archive.len());
    out.extend_from_slice(magic);
    out.extend_from_slice(&crc32c(archive).to_le_bytes());
    out.extend_from_slice(&0u32.to_le_bytes());
    out.extend_from_slice(&u64::try_from(archive.len()).ok()?.to_le_bytes());
    out.extend_from_slice(archive);
    Some(out)
}

fn unframe(magic: &[u8; 8], bytes: &[u8]) -> Option<AlignedVec> {
    let (head, rest) = bytes.split_first_chunk::<FRAME_BYTES>()?;
    let length = u64::from_le_bytes(head[16..24].try_into().ok()?);
    let archive = rest.get(..usize::try_from(length).ok()?)?;
    let stored = u32::from_le_bytes(head[8..12].try_into().ok()?);
    if &head[..8] != magic || crc32c(archive) != stored {
        return None;
    }
    let mut aligned = AlignedVec::with_capacity(archive.len());
    aligned.extend_from_slice(archive);
    Some(aligned)
}

/// In a row's `bytes`, which are below 2^31: compaction has left gaps in the offsets.
const GAPS: u64 = 1 << 63;

fn segment_row(segment: &Segment) -> SegmentRow {
    SegmentRow {
        base: segment.base.0,
        end: segment.end.0,
        bytes: segment.bytes | if segment.gaps { GAPS } else { 0 },
        max_timestamp: segment.max_timestamp.map(|max| (max.timestamp_ms, max.batch.0)),
        appended_ms: segment.appended_ms,
    }
}

fn segment_of(row: &SegmentRow) -> Option<Segment> {
    let max = row
        .max_timestamp
        .map(|(timestamp_ms, batch)| MaxTimestamp { timestamp_ms, batch: Offset(batch) });
    let bytes = row.bytes & !GAPS;
    let empty = bytes == 0;
    let max_inside = max.is_none_or(|max| row.base <= max.batch.0 && max.batch.0 < row.end);
    let consistent = row.base >= 0
        && row.base <= row.end
        && (empty || row.base < row.end)
        && empty == row.appended_ms.is_none()
        && max_inside;
    consistent.then_some(Segment {
        base: Offset(row.base),
        end: Offset(row.end),
        bytes,
        max_timestamp: max,
        appended_ms: row.appended_ms,
        gaps: row.bytes & GAPS != 0,
        index: None,
    })
}

fn index_row(entry: &IndexEntry) -> IndexRow {
    IndexRow {
        offset_delta: entry.offset_delta,
        position: entry.position,
        max_timestamp_before: entry.max_timestamp_before,
    }
}

fn entry_of(row: &IndexRow, crc: Option<u32>) -> IndexEntry {
    IndexEntry {
        offset_delta: row.offset_delta,
        position: row.position,
        max_timestamp_before: row.max_timestamp_before,
        crc: crc.unwrap_or(0),
    }
}

fn producer_row(shot: &ProducerSnapshot) -> ProducerRow {
    let batch = |batch: &ProducedBatch| BatchRow {
        sequences: (batch.first_sequence, batch.last_sequence),
        offsets: (batch.base.0, batch.end.0),
        timestamp_ms: batch.timestamp_ms,
    };
    ProducerRow {
        id: shot.id.0,
        epoch: shot.state.epoch.0,
        seen_ms: shot.state.seen_ms,
        window: shot.state.window.iter().map(batch).collect(),
    }
}

fn producer_of(row: &ProducerRow) -> ProducerSnapshot {
    let batch = |row: &BatchRow| ProducedBatch {
        first_sequence: row.sequences.0,
        last_sequence: row.sequences.1,
        base: Offset(row.offsets.0),
        end: Offset(row.offsets.1),
        timestamp_ms: row.timestamp_ms,
    };
    let state = ProducerState {
        epoch: ProducerEpoch(row.epoch),
        window: row.window.iter().map(batch).collect(),
        seen_ms: row.seen_ms,
    };
    ProducerSnapshot { id: ProducerId(row.id), state }
}

/// Kafka's `partition.metadata`, byte for byte.
pub fn encode_metadata(topic_id: Uuid) -> String {
    format!("version: 0\ntopic_id: {topic_id}\n")
}

/// The topic id, if the file is of version 0.
pub fn decode_metadata(text: &str) -> Option<Uuid> {
    let mut lines = text.lines();
    let version = lines.next()?.strip_prefix("version:")?.trim();
    let id = lines.next()?.strip_prefix("topic_id:")?.trim();
    (version == "0").then(|| id.parse().ok())?
}

/// Where a file is prepared before it gets its name.
pub fn temporary(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}
