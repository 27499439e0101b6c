//! Planning of commits: which bytes go where next, and what a completed write proves.
//!
//! Bytes become durable in one of two ways. A `Claim` goes to the shard's journal, many
//! partitions to a write, several in flight, completed in order. A `FileWrite` goes to the
//! segment's file: one at a time, from `placed` on, so that it carries along what the journal
//! has and the file has not; one that ends at `written` or before only settles. The durable and
//! the high watermark move here and nowhere else, over contiguous bytes, by `advance`.
//! Order: placed ≤ written ≤ claimed ≤ end; settled ≤ placed; settled ≤ flushed ≤ written.

use super::producers::Sequenced;
use super::recent::Mark;
use super::{Cursor, Log};
use crate::ids::Offset;
use crate::limits::BLOCK_BYTES;

/// How far a write must have gone before records are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// `flush.messages=1`: flushed.
    Flushed,
    /// Relaxed by the topic: written is enough, flushes follow by count or time.
    Written,
}

/// One write to a segment's file: positions `[from.position, upto.position)`, widened to blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileWrite {
    pub segment: Offset,
    /// First byte that is not yet in the file.
    pub from: Mark,
    pub upto: Mark,
    /// `Flushed`: the write completes when its bytes are on the device.
    pub durability: Durability,
}

/// Bytes for the journal: positions `[from.position, upto.position)` of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub segment: Offset,
    pub from: Mark,
    pub upto: Mark,
}

impl FileWrite {
    /// The first byte of the write: the block that `from` lies in is rewritten.
    #[must_use]
    pub fn aligned_from(&self) -> u64 {
        self.from.position / BLOCK_BYTES * BLOCK_BYTES
    }

    /// The end of the write; bytes past `upto` are padding.
    #[must_use]
    pub fn aligned_upto(&self) -> u64 {
        self.upto.position.next_multiple_of(BLOCK_BYTES)
    }
}

impl Claim {
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.upto.position - self.from.position
    }
}

impl Log {
    /// Whether bytes wait that nobody writes yet.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.poisoned && self.claimed.offset < self.log_end()
    }

    /// Bytes that wait and that nobody writes yet.
    #[must_use]
    pub fn pending_bytes(&self) -> u64 {
        self.bytes_behind(&self.claimed)
    }

    /// Bytes that are in memory only, or there and in the journal: not yet in segment files.
    #[must_use]
    pub fn unplaced_bytes(&self) -> u64 {
        self.bytes_behind(&self.placed)
    }

    fn bytes_behind(&self, first: &Cursor) -> u64 {
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

    /// Whether claims are in flight.
    #[must_use]
    pub fn has_claims(&self) -> bool {
        self.claimed.offset > self.written.offset
    }

    /// The next bytes for the journal, about `bytes_max` of them, cut at a batch boundary;
    /// `None` when nothing waits or a file write is under way that will carry them.
    pub fn plan_claim(&mut self, bytes_max: u64) -> Option<Claim> {
        let commits_by_file = self.filing.is_some_and(|w| w.upto.offset > self.written.offset);
        if commits_by_file || !self.has_pending() {
            return None;
        }
        self.claimed = self.past_segment_end(self.claimed);
        let Cursor { offset, segment, position } = self.claimed;
        let upto = self.boundary(segment, position, bytes_max)?;
        self.claimed = Cursor { offset: upto.offset, segment, position: upto.position };
        Some(Claim { segment, from: Mark { offset, position }, upto })
    }

    /// The journal has written the claim; claims complete in the order of their planning.
    pub fn on_claim_written(&mut self, claim: &Claim) {
        if self.poisoned {
            return;
        }
        assert_eq!(self.written.offset, claim.from.offset, "claims complete in order");
        let (segment, position) = (claim.segment, claim.upto.position);
        self.written = Cursor { offset: claim.upto.offset, segment, position };
        self.advance(self.flushed);
    }

    /// The journal has flushed the claim.
    pub fn on_claim_flushed(&mut self, claim: &Claim) {
        // What was written before it by a relaxed topic may still owe its flush.
        if !self.poisoned && self.flushed >= claim.from.offset {
            self.advance(self.flushed.max(claim.upto.offset));
        }
    }

    /// The newest claim goes nowhere: its bytes are pending again.
    pub fn on_claim_withdrawn(&mut self, claim: &Claim) {
        assert_eq!(self.claimed.offset, claim.upto.offset, "the newest claim");
        let Mark { offset, position } = claim.from;
        self.claimed = Cursor { offset, segment: claim.segment, position };
    }

    /// The journal has failed: what it did not complete has to be written another way.
    pub fn on_claims_void(&mut self) {
        self.claimed = self.written;
    }

    /// The next write of about `bytes_max` bytes that makes pending bytes durable, cut at a
    /// batch boundary; `None` while another write or a claim is in flight or nothing waits.
    pub fn plan_commit(&mut self, bytes_max: u64) -> Option<FileWrite> {
        if self.has_claims() || !self.has_pending() {
            return None;
        }
        self.plan_write(bytes_max, self.durability(), self.end())
    }

    /// The next write of bytes that are durable in the journal to the segment's file; `None`
    /// while another is in flight or all are there.
    pub fn plan_settle(&mut self, bytes_max: u64) -> Option<FileWrite> {
        self.plan_write(bytes_max, Durability::Flushed, self.written)
    }

    fn plan_write(
        &mut self,
        bytes_max: u64,
        durability: Durability,
        end: Cursor,
    ) -> Option<FileWrite> {
        if self.filing.is_some() || self.poisoned || self.placed.offset >= end.offset {
            return None;
        }
        self.placed = self.past_segment_end(self.placed);
        let Cursor { offset, segment, position } = self.placed;
        let left = if segment == end.segment { end.position - position } else { u64::MAX };
        let upto = self.boundary(segment, position, bytes_max.min(left))?;
        let write = FileWrite { segment, from: Mark { offset, position }, upto, durability };
        self.filing = Some(write);
        Some(write)
    }

    /// The batch boundary about `bytes_max` behind `from`.
    fn boundary(&self, segment: Offset, from: u64, bytes_max: u64) -> Option<Mark> {
        let bytes = self.segment(segment)?.bytes;
        self.recent.boundary(segment, from, bytes.min(from.saturating_add(bytes_max)))
    }

    /// No cursor stays at the end of a segment that is complete: before segments leave the log or
    /// are written anew, after which nobody could tell that it is their end.
    pub(super) fn move_cursors_on(&mut self) {
        self.claimed = self.past_segment_end(self.claimed);
        self.written = self.past_segment_end(self.written);
        self.placed = self.past_segment_end(self.placed);
    }

    /// The cursor, moved on to the next segment where it stands at the end of a complete one.
    pub(super) fn past_segment_end(&self, cursor: Cursor) -> Cursor {
        let after = self.segments.partition_point(|s| s.base <= cursor.segment);
        let Some(next) = self.segments.get(after) else { return cursor };
        let complete = self.segment(cursor.segment).is_some_and(|s| s.bytes == cursor.position);
        if complete && next.base == cursor.offset {
            return Cursor { segment: next.base, position: 0, ..cursor };
        }
        cursor
    }

    /// The write is complete, with its flush if it asked for one.
    pub fn on_filed(&mut self, write: &FileWrite) {
        assert_eq!(self.filing.take(), Some(*write), "one write is in flight, this one");
        let (segment, position) = (write.segment, write.upto.position);
        let before = self.placed.offset;
        self.placed = Cursor { offset: write.upto.offset, segment, position };
        let mut flushed = self.flushed;
        if write.durability == Durability::Flushed {
            if self.settled == before {
                self.settled = write.upto.offset;
            }
            if self.flushed >= before {
                flushed = flushed.max(write.upto.offset);
            }
        }
        if write.upto.offset > self.written.offset {
            self.written = self.placed;
            self.claimed = self.placed;
        }
        self.advance(flushed);
    }

    /// A flush of the segment files that began when `upto` was in them has completed.
    pub fn on_flushed(&mut self, upto: Offset) {
        self.settled = self.settled.max(upto.min(self.placed.offset));
        self.advance(self.flushed.max(self.settled));
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

    /// A write or its flush failed, or nobody knows: nothing more is written or believed.
    pub fn on_write_failed(&mut self) {
        self.filing = None;
        self.poisoned = true;
    }

    /// The write failed in a way that left the file as it was (no space): it may be tried again.
    pub fn on_write_deferred(&mut self) {
        self.filing = None;
    }

    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// Where all bytes before are in segment files (not: flushed there).
    #[must_use]
    pub fn placed(&self) -> Cursor {
        self.placed
    }

    /// The first byte that no segment file has; `None` when they have all.
    #[must_use]
    pub fn first_unplaced(&self) -> Option<Cursor> {
        let is_behind = self.placed.offset < self.log_end();
        is_behind.then(|| self.past_segment_end(self.placed))
    }

    /// What the journal may have and no segment file has, in pieces of about `bytes_max` bytes, cut
    /// at batch boundaries: what a log that failed leaves to its next opening.
    #[must_use]
    pub fn unplaced_claims(&self, bytes_max: u64) -> Vec<Claim> {
        let mut claims = Vec::new();
        let mut at = self.past_segment_end(self.placed);
        while at.offset < self.claimed.offset {
            let Cursor { offset, segment, position } = at;
            let is_last = segment == self.claimed.segment;
            let left = if is_last { self.claimed.position - position } else { u64::MAX };
            let upto = self.boundary(segment, position, bytes_max.min(left));
            let upto = upto.expect("what no file has is in memory");
            claims.push(Claim { segment, from: Mark { offset, position }, upto });
            at = Cursor { offset: upto.offset, segment, position: upto.position };
            at = self.past_segment_end(at);
        }
        claims
    }

    /// The first batch of each producer that neither the journal nor a segment file was given for
    /// good: a log that failed forgets them.
    pub fn unclaimed_batches(&self) -> impl Iterator<Item = Sequenced> + '_ {
        self.producers.first_from(self.claimed.offset)
    }

    /// Offsets below are flushed in segment files: what a checkpoint may speak of.
    #[must_use]
    pub fn settled(&self) -> Offset {
        self.settled
    }

    /// A strict topic has written bytes that nobody has flushed or is flushing: it was relaxed
    /// before.
    #[must_use]
    pub fn owes_flush(&self) -> bool {
        let strict = self.durability() == Durability::Flushed;
        let idle = self.filing.is_none() && !self.has_claims();
        strict && !self.poisoned && idle && self.placed.offset > self.flushed
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
