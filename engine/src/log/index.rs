//! The sparse index of one segment: offset to position, and time to offset, in one table.
//!
//! An entry stands before a batch and carries the largest timestamp of everything before it,
//! so one binary search answers either question. In memory for the active segment, from a
//! sidecar for sealed ones. A reader starts at the entry's position and looks at batch headers.
//!
//! Kafka's batch names neither topic nor partition, so one of another partition may have a right
//! CRC and a right offset where a device has put it in the wrong place. Entries therefore keep the
//! CRC of their batch as it was appended, and every batch that begins where a block of the
//! device does has an entry: what was written elsewhere can pass for ours nowhere else, since
//! it would cut a batch of ours in two.

use crate::ids::Offset;
use crate::limits::BLOCK_BYTES;

/// One entry: the batch at `position` starts at `offset_delta` from the segment's base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    pub offset_delta: u32,
    pub position: u32,
    /// Largest timestamp of the segment's batches before this one; `i64::MIN` for none.
    pub max_timestamp_before: i64,
    /// The batch's own CRC-32C, as it was appended; 0 where it is not known.
    pub crc: u32,
}

/// Entries in order of offset and position: one before every batch that begins with a block, of
/// the others those that are at least `interval_bytes` behind an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparseIndex {
    base: Offset,
    entries: Vec<IndexEntry>,
    /// Bytes of log since the last entry.
    gap_bytes: u64,
}

impl SparseIndex {
    #[must_use]
    pub fn new(base: Offset) -> Self {
        SparseIndex { base, entries: Vec::new(), gap_bytes: 0 }
    }

    /// From a sidecar; `None` when the entries are not in order.
    #[must_use]
    pub fn from_entries(base: Offset, entries: Vec<IndexEntry>) -> Option<Self> {
        let ordered = entries.windows(2).all(|pair| {
            pair[0].offset_delta < pair[1].offset_delta && pair[0].position < pair[1].position
        });
        ordered.then_some(SparseIndex { base, entries, gap_bytes: 0 })
    }

    #[must_use]
    pub fn entries(&self) -> &[IndexEntry] {
        &self.entries
    }

    /// How many entries Kafka's index would have: it has none for a segment's first batch.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.entries.len()
            - self.entries.first().map_or(0, |first| usize::from(first.position == 0))
    }

    /// Notes a batch of `bytes` at `position`; makes an entry when the last one is at least
    /// `interval_bytes` back, or a block begins there.
    pub fn note(&mut self, batch: IndexedBatch, interval_bytes: u32) {
        let begins_block = batch.position.is_multiple_of(BLOCK_BYTES);
        if begins_block || self.gap_bytes > u64::from(interval_bytes) {
            let delta = u32::try_from(batch.offset.since(self.base));
            if let (Ok(offset_delta), Ok(position)) = (delta, u32::try_from(batch.position)) {
                let IndexedBatch { max_timestamp_before, crc, .. } = batch;
                let entry = IndexEntry { offset_delta, position, max_timestamp_before, crc };
                self.entries.push(entry);
            }
            self.gap_bytes = 0;
        }
        self.gap_bytes += batch.bytes;
    }

    /// Where to start looking for `offset`: position and offset of a batch at or before it.
    #[must_use]
    pub fn place_for(&self, offset: Offset) -> (u64, Offset) {
        let delta = offset.since(self.base);
        let after = self.entries.partition_point(|entry| i64::from(entry.offset_delta) <= delta);
        after.checked_sub(1).map_or((0, self.base), |at| self.place_of(&self.entries[at]))
    }

    /// Whether another batch than one with this CRC was appended at `position`, as far as the
    /// entries know.
    #[must_use]
    pub fn contradicts(&self, position: u64, crc: u32) -> bool {
        let at = self.entries.binary_search_by_key(&position, |entry| u64::from(entry.position));
        at.is_ok_and(|at| ![0, crc].contains(&self.entries[at].crc))
    }

    /// The first entry behind `position`.
    #[must_use]
    pub fn place_after(&self, position: u64) -> Option<(u64, Offset)> {
        let after = self.entries.partition_point(|entry| u64::from(entry.position) <= position);
        self.entries.get(after).map(|entry| self.place_of(entry))
    }

    /// The last entry at or before a position and an offset both.
    #[must_use]
    pub fn last_place(&self, (position, offset): (u64, Offset)) -> Option<(u64, Offset)> {
        let delta = offset.since(self.base);
        let within = |entry: &IndexEntry| {
            u64::from(entry.position) <= position && i64::from(entry.offset_delta) <= delta
        };
        let after = self.entries.partition_point(within);
        after.checked_sub(1).map(|at| self.place_of(&self.entries[at]))
    }

    fn place_of(&self, entry: &IndexEntry) -> (u64, Offset) {
        (u64::from(entry.position), self.base.plus(i64::from(entry.offset_delta)))
    }

    /// At most `entries_max` of the entries, evenly spread: a coarser index of the same
    /// segment.
    pub fn thinned(&self, entries_max: usize) -> impl Iterator<Item = &IndexEntry> {
        let step = self.entries.len().div_ceil(entries_max.max(1)).max(1);
        self.entries.iter().step_by(step)
    }

    /// The offset of a batch at or before the first one whose records reach `timestamp`.
    #[must_use]
    pub fn offset_before_time(&self, timestamp: i64) -> Offset {
        let after = self.entries.partition_point(|e| e.max_timestamp_before < timestamp);
        match after.checked_sub(1) {
            Some(at) => self.base.plus(i64::from(self.entries[at].offset_delta)),
            None => self.base,
        }
    }

    /// Drops entries at or past `position`.
    pub fn truncate(&mut self, position: u64) {
        self.entries.retain(|entry| u64::from(entry.position) < position);
        self.gap_bytes = 0;
    }
}

/// What the index asks of a batch.
#[derive(Clone, Copy, Debug)]
pub struct IndexedBatch {
    pub offset: Offset,
    pub position: u64,
    pub bytes: u64,
    pub max_timestamp_before: i64,
    pub crc: u32,
}
