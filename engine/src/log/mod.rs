//! The log planner of one partition: appends, commits, reads, retention, without a byte of I/O.
//!
//! `Log` knows segments, offsets, indexes, epochs and producers. The storage shell asks for a
//! plan, does the I/O and reports back: `plan_append` → copy → `apply_append`; `plan_commit` →
//! write → `on_filed`; `plan_read` → read. Lives on the partition's owner shard. What is
//! always true (`check`): log_start ≤ high_watermark ≤ log_end; flushed ≤ written ≤ log_end; what
//! segment files have, `placed`, never passes `written`; the durable watermark moves in one
//! place, `commit::advance`, and only over contiguous bytes, because commits complete in order.

mod append;
mod commit;
mod compact;
mod damage;
mod epochs;
mod index;
mod lookup;
mod producers;
mod recent;
mod recovery;
mod refusals;
mod rereads;
mod resync;
mod retention;
mod scan;
mod segment;
mod slice;
mod sound;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::TopicConfig;
use crate::ids::{LeaderEpoch, Offset};
use crate::now::Now;

pub use append::{AppendFault, AppendPlan, AppendVerdict};
pub use commit::{Claim, Durability, FileWrite};
pub use compact::{
    CleanFault, CleanRules, CleanStats, Cleanable, Cleaned, Cleaner, Decided, LastEntries, Mapped,
    Mapper, OffsetMap, Survey,
};
pub use damage::{Damage, DamagedRange, Stretch};
pub use epochs::{EpochCache, EpochStart};
pub use index::{IndexEntry, IndexedBatch, SparseIndex};
pub use lookup::{ReadPlan, ReadRefusal};
pub use producers::{
    Admission, ProducedBatch, ProducerSnapshot, ProducerState, Producers, SequenceFault, Sequenced,
};
pub use recent::{Extent, Mark, Recent, Take};
pub use recovery::{
    Behind, Finding, Place, RECOVERY_ROWS, RecoveryCase, RecoveryRow, Verdict, verdict,
};
pub use refusals::Refusals;
pub use rereads::Rereads;
pub use resync::{Candidate, FoundBatch, Search, batch_at, claimed_len, find_batch};
pub use retention::{DeleteFault, RetentionPlan};
pub use scan::{Known, Scan, ScanStart, ScanStep, Scanned};
pub use segment::{MaxTimestamp, PlacedBatch, Segment};
pub use slice::{Sliced, Stored, slice_batches};
pub use sound::Sound;

/// A position in the log's bytes with its offset, always at a batch boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub offset: Offset,
    pub segment: Offset,
    pub position: u64,
}

/// What readers and waiters ask about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub log_start: Offset,
    pub high_watermark: Offset,
    /// The high watermark, until transactions exist.
    pub last_stable: Offset,
    pub log_end: Offset,
}

impl Marks {
    /// For answers about a partition that is not here; -1 on the wire.
    #[must_use]
    pub fn unknown() -> Self {
        let none = Offset(-1);
        Marks { log_start: none, high_watermark: none, last_stable: none, log_end: none }
    }
}

/// What recovery, or a fresh directory, hands to a new `Log`.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    pub log_start: Offset,
    /// In order of base offset, each beginning where the last one ends.
    pub segments: Vec<Segment>,
    pub epochs: EpochCache,
    pub producers: Producers,
    pub damage: Damage,
}

/// One partition's log.
#[derive(Clone, Debug)]
pub struct Log {
    config: Arc<TopicConfig>,
    epoch: LeaderEpoch,
    /// Never empty; the last one is active.
    segments: VecDeque<Segment>,
    log_start: Offset,
    high_watermark: Offset,
    /// Handed to somebody who writes it.
    claimed: Cursor,
    /// Written, to the journal or to segment files.
    written: Cursor,
    /// Durable, in the journal or in segment files.
    flushed: Offset,
    /// Written to segment files.
    placed: Cursor,
    /// Durable in segment files.
    settled: Offset,
    /// The write to a segment file that is under way.
    filing: Option<FileWrite>,
    poisoned: bool,
    epochs: EpochCache,
    producers: Producers,
    recent: Recent,
    damage: Damage,
    jitter_seed: u64,
}

impl Log {
    /// A log whose bytes are all on the device. An empty `segments` begins a new one at
    /// `log_start`.
    #[must_use]
    pub fn new(config: Arc<TopicConfig>, recovered: Recovered) -> Self {
        let mut segments = VecDeque::from(recovered.segments);
        if segments.is_empty() {
            segments.push_back(Segment::empty(recovered.log_start));
        }
        let first = segments[0].base;
        let active = &segments[segments.len() - 1];
        let (offset, segment, position) = (active.end, active.base, active.bytes);
        let log = Log {
            config,
            epoch: recovered.epochs.latest().unwrap_or_default(),
            log_start: recovered.log_start.max(first).min(offset),
            high_watermark: offset,
            claimed: Cursor { offset, segment, position },
            written: Cursor { offset, segment, position },
            flushed: offset,
            placed: Cursor { offset, segment, position },
            settled: offset,
            filing: None,
            poisoned: false,
            epochs: recovered.epochs,
            producers: recovered.producers,
            recent: Recent::default(),
            damage: recovered.damage,
            jitter_seed: 0,
            segments,
        };
        log.check();
        log
    }

    #[must_use]
    pub fn config(&self) -> &Arc<TopicConfig> {
        &self.config
    }

    pub fn set_config(&mut self, config: Arc<TopicConfig>) {
        self.config = config;
    }

    /// The epoch that new batches are stamped with; never goes back. It begins here, whether
    /// or not anything is written in it.
    pub fn set_epoch(&mut self, epoch: LeaderEpoch) {
        self.epoch = self.epoch.max(epoch);
        self.epochs.note(self.epoch, self.log_end());
    }

    #[must_use]
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    #[must_use]
    pub fn marks(&self) -> Marks {
        Marks {
            log_start: self.log_start,
            high_watermark: self.high_watermark,
            last_stable: self.high_watermark,
            log_end: self.log_end(),
        }
    }

    #[must_use]
    pub fn log_end(&self) -> Offset {
        self.active().end
    }

    /// Where all bytes before are written (not: flushed).
    #[must_use]
    pub fn written(&self) -> Cursor {
        self.written
    }

    #[must_use]
    pub fn flushed(&self) -> Offset {
        self.flushed
    }

    /// Where the next batch goes.
    #[must_use]
    pub fn end(&self) -> Cursor {
        let active = self.active();
        Cursor { offset: active.end, segment: active.base, position: active.bytes }
    }

    #[must_use]
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &Segment> + ExactSizeIterator {
        self.segments.iter()
    }

    #[must_use]
    pub fn active(&self) -> &Segment {
        self.segments.back().expect("`new` and retention leave an active segment")
    }

    /// The segment that holds `offset`, or the active one for the log's end.
    #[must_use]
    pub fn segment_of(&self, offset: Offset) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.base <= offset);
        self.segments.get(after.checked_sub(1)?)
    }

    #[must_use]
    pub fn segment(&self, base: Offset) -> Option<&Segment> {
        self.segment_of(base).filter(|segment| segment.base == base)
    }

    /// Gives a sealed segment the index that the shell has loaded, or takes it away.
    pub fn set_index(&mut self, base: Offset, index: Option<SparseIndex>) {
        let active = self.active().base;
        let found = self.segments.iter_mut().rev().find(|segment| segment.base == base);
        if let Some(segment) = found.filter(|segment| segment.base != active) {
            segment.index = index;
        }
    }

    /// Segments whose loaded indexes can be let go, oldest first: the whole segment is in its
    /// file, so whoever needs the index can load it or build it again. The active one keeps its.
    pub fn spare_indexes(&self) -> impl Iterator<Item = Offset> + '_ {
        let active = self.active().base;
        let is_spare = move |s: &&Segment| {
            s.index.is_some() && s.base != active && s.end <= self.placed.offset
        };
        self.segments.iter().filter(is_spare).map(|segment| segment.base)
    }

    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }

    #[must_use]
    pub fn epochs(&self) -> &EpochCache {
        &self.epochs
    }

    /// Ranges that readers step over.
    #[must_use]
    pub fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Notes damage that a reader has met; `false` when that is nothing new.
    pub fn note_damage(&mut self, range: DamagedRange) -> bool {
        self.segment(range.segment).is_some() && self.damage.note(range)
    }

    /// The segment was written anew without what was damaged.
    pub fn forget_damage(&mut self, segment: Offset) {
        self.damage.forget_segment(segment);
    }

    #[must_use]
    pub fn producers(&self) -> &Producers {
        &self.producers
    }

    pub fn expire_producers(&mut self, now: Now, expiration_ms: u64) {
        self.producers.expire(now.wall_ms, expiration_ms);
    }

    /// The shell no longer holds bytes of `segment` before `position`, nor older segments.
    pub fn forget_recent(&mut self, segment: Offset, position: u64) {
        self.recent.forget_before(segment, position);
    }

    /// The shell holds no bytes in memory.
    pub fn forget_all_recent(&mut self) {
        self.recent.clear();
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(!self.segments.is_empty(), "a log has an active segment");
        assert!(self.log_start <= self.high_watermark, "readers begin past their end");
        assert!(self.high_watermark <= self.written.offset, "visible but not written");
        assert!(self.flushed <= self.written.offset, "flushed but not written");
        assert!(self.written.offset <= self.claimed.offset, "written by nobody");
        assert!(self.claimed.offset <= self.log_end(), "claimed past the end");
        assert!(self.placed.offset <= self.written.offset, "in a file but not written");
        assert!(self.settled <= self.placed.offset, "settled but not in a file");
        assert!(self.settled <= self.flushed, "settled but not flushed");
        assert!(self.segments[0].base <= self.log_start, "the log's start has no segment");
        assert!(self.active().index.is_some(), "the active segment has its index");
        let pairs = self.segments.iter().zip(self.segments.iter().skip(1));
        for (older, newer) in pairs {
            assert!(older.end == newer.base, "a hole between segments");
        }
        let unread = self.segments.iter().filter(|segment| segment.index.is_none());
        for segment in unread {
            assert!(segment.end <= self.placed.offset, "no file has what the index is made from");
        }
        self.segments.iter().for_each(Segment::check);
        self.recent.check();
        self.producers.check();
        self.damage.check();
    }
}
