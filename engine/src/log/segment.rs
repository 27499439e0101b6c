//! What the planner knows of one segment file. No bytes, no file.
//!
//! The last segment of a log is the active one; all others are complete. `bytes` counts
//! batches, not preallocated space. Times of appending are the broker's clock, so retention
//! does not depend on clients; record timestamps are kept beside for lookups.

use super::index::{IndexedBatch, SparseIndex};
use crate::ids::{LeaderEpoch, Offset};

/// The largest record timestamp of a segment and the batch that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxTimestamp {
    pub timestamp_ms: i64,
    /// Base offset of the first batch that reaches it.
    pub batch: Offset,
}

/// One segment: offsets `[base, end)`, positions `[0, bytes)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub base: Offset,
    pub end: Offset,
    pub bytes: u64,
    pub max_timestamp: Option<MaxTimestamp>,
    /// Broker time of the first and the last append; `None` while empty.
    pub appended_ms: Option<(i64, i64)>,
    /// Some offsets are in no batch, without damage: compaction took them.
    pub gaps: bool,
    /// `None`: sealed, and the sidecar is not loaded.
    pub index: Option<SparseIndex>,
}

/// A batch as it was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedBatch {
    pub base: Offset,
    pub end: Offset,
    pub bytes: u64,
    pub max_timestamp: i64,
    pub epoch: LeaderEpoch,
    /// Of its header.
    pub crc: u32,
}

impl Segment {
    #[must_use]
    pub fn empty(base: Offset) -> Self {
        Segment {
            base,
            end: base,
            bytes: 0,
            max_timestamp: None,
            appended_ms: None,
            gaps: false,
            index: Some(SparseIndex::new(base)),
        }
    }

    /// Adds a batch at the end.
    pub fn push(&mut self, batch: &PlacedBatch, index_interval_bytes: u32, wall_ms: i64) {
        let before = self.max_timestamp.map_or(i64::MIN, |max| max.timestamp_ms);
        if let Some(index) = &mut self.index {
            let indexed = IndexedBatch {
                offset: batch.base,
                position: self.bytes,
                bytes: batch.bytes,
                max_timestamp_before: before,
                crc: batch.crc,
            };
            index.note(indexed, index_interval_bytes);
        }
        if batch.max_timestamp > before {
            let timestamp_ms = batch.max_timestamp;
            self.max_timestamp = Some(MaxTimestamp { timestamp_ms, batch: batch.base });
        }
        let first = self.appended_ms.map_or(wall_ms, |(first, _)| first);
        self.appended_ms = Some((first, wall_ms));
        self.gaps |= batch.base != self.end;
        self.bytes += batch.bytes;
        self.end = batch.end;
    }

    /// Goes on at `position` with offset `next`: what is in between is damaged.
    pub fn step_over(&mut self, (position, next): (u64, Offset), wall_ms: i64) {
        // A range without bytes (a file that ends early) leaves an empty segment empty.
        if position > 0 {
            let first = self.appended_ms.map_or(wall_ms, |(first, _)| first);
            self.appended_ms = Some((first, wall_ms));
            self.bytes = position;
        }
        self.end = next;
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Name of the segment's file: the base offset in 20 digits, as Kafka's.
    #[must_use]
    pub fn file_stem(base: Offset) -> String {
        format!("{:020}", base.0)
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.base <= self.end, "a segment ends before it begins");
        assert!(self.is_empty() || self.base < self.end, "bytes without offsets");
        assert!(self.is_empty() == self.appended_ms.is_none(), "a batch without its time");
        if let Some(max) = self.max_timestamp {
            assert!(self.base <= max.batch && max.batch < self.end, "foreign timestamp");
        }
    }
}
