//! Planning of commits: which bytes to write next, and what a completed write proves.
//!
//! The seam for the journal: whoever makes bytes durable reports it here, and nowhere else
//! does the high watermark move. Commits follow each other; a segment's last bytes are
//! committed before the next segment's first.

use super::recent::Mark;
use super::{Cursor, Log};
use crate::ids::Offset;
use crate::limits::BLOCK_BYTES;

/// How far a write must have gone before records are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `flush.messages=1`: flushed with the write itself.
    Flushed,
    /// Relaxed by the topic: written is enough, flushes follow by count or time.
    Written,
}

/// One write: positions `[from, upto.position)` of `segment`'s file, widened to blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitPlan {
    pub segment: Offset,
    /// First byte that is not yet written.
    pub from: u64,
    pub upto: Mark,
    pub durability: Durability,
}

impl CommitPlan {
    /// The first byte of the write: the block that `from` lies in is rewritten.
    #[must_use]
    pub fn aligned_from(&self) -> u64 {
        self.from / BLOCK_BYTES * BLOCK_BYTES
    }

    /// The end of the write; bytes past `upto` are padding.
    #[must_use]
    pub fn aligned_upto(&self) -> u64 {
        self.upto.position.next_multiple_of(BLOCK_BYTES)
    }
}

impl Log {
    /// Whether bytes wait to be written.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.poisoned && self.written.offset < self.log_end()
    }

    /// Bytes that wait or are being written.
    #[must_use]
    pub fn pending_bytes(&self) -> u64 {
        let first = self.written;
        let newer = self.segments.iter().rev().take_while(|segment| segment.base > first.segment);
        let rest =
            self.segment(first.segment).map_or(0, |s| s.bytes.saturating_sub(first.position));
        newer.map(|segment| segment.bytes).sum::<u64>() + rest
    }

    #[must_use]
    pub fn durability(&self) -> Durability {
        match self.config.flush_messages {
            Some(0 | 1) => Durability::Flushed,
            _ => Durability::Written,
        }
    }

    /// The next write of about `bytes_max` bytes, cut at a batch boundary; `None` while one
    /// is in flight or nothing waits.
    pub fn plan_commit(&mut self, bytes_max: u64) -> Option<CommitPlan> {
        if self.in_flight.is_some() || !self.has_pending() {
            return None;
        }
        self.step_over_segment_end();
        let Cursor { segment, position: from, .. } = self.written;
        let bytes = self.segment(segment)?.bytes;
        let limit = bytes.min(from.saturating_add(bytes_max));
        let upto = self.recent.boundary(segment, from, limit)?;
        let plan = CommitPlan { segment, from, upto, durability: self.durability() };
        self.in_flight = Some(plan);
        Some(plan)
    }

    /// The written cursor stands at the end of a complete segment: go on with the next one.
    fn step_over_segment_end(&mut self) {
        let Cursor { offset, segment, position } = self.written;
        let after = self.segments.partition_point(|s| s.base <= segment);
        let Some(next) = self.segments.get(after) else { return };
        let complete = self.segment(segment).is_some_and(|s| s.bytes == position);
        if complete && next.base == offset {
            self.written = Cursor { offset, segment: next.base, position: 0 };
        }
    }

    /// The write of `plan` is complete, with its flush if it asked for one.
    pub fn on_committed(&mut self, plan: &CommitPlan) {
        assert_eq!(self.in_flight.take(), Some(*plan), "one commit is in flight, this one");
        let flushed = match plan.durability {
            Durability::Flushed if self.flushed == self.written.offset => plan.upto.offset,
            Durability::Flushed | Durability::Written => self.flushed,
        };
        let (segment, position) = (plan.segment, plan.upto.position);
        self.written = Cursor { offset: plan.upto.offset, segment, position };
        self.advance(flushed);
    }

    /// A flush that began when `upto` was written has completed.
    pub fn on_flushed(&mut self, upto: Offset) {
        self.advance(self.flushed.max(upto.min(self.written.offset)));
    }

    /// The one place where the durable and the high watermark move.
    fn advance(&mut self, flushed: Offset) {
        self.flushed = flushed;
        let visible = match self.durability() {
            Durability::Flushed => self.flushed,
            Durability::Written => self.written.offset,
        };
        self.high_watermark = self.high_watermark.max(visible);
    }

    /// The write or its flush failed, or nobody knows: nothing more is written or believed.
    pub fn on_commit_failed(&mut self) {
        self.in_flight = None;
        self.poisoned = true;
    }

    /// The write failed in a way that left the file as it was (no space): it may be tried again.
    pub fn on_commit_deferred(&mut self) {
        self.in_flight = None;
    }

    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    #[must_use]
    pub fn in_flight(&self) -> Option<&CommitPlan> {
        self.in_flight.as_ref()
    }

    /// A strict topic has written bytes that were not flushed: it was relaxed before.
    #[must_use]
    pub fn owes_flush(&self) -> bool {
        let strict = self.durability() == Durability::Flushed;
        strict && !self.poisoned && self.in_flight.is_none() && self.unflushed() > 0
    }

    /// A relaxed topic has reached its `flush.messages`.
    #[must_use]
    pub fn flush_due(&self) -> bool {
        let limit = self.config.flush_messages.and_then(|limit| i64::try_from(limit).ok());
        self.durability() == Durability::Written
            && limit.is_some_and(|limit| self.unflushed() >= limit)
    }

    /// Records that are written and not flushed.
    #[must_use]
    pub fn unflushed(&self) -> i64 {
        self.written.offset.since(self.flushed)
    }
}
