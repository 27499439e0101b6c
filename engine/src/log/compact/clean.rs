//! The filter: batches in, the batches that stay out, segment by segment of the new log.
//!
//! A record stays if it is not mapped yet, or is the latest of its key and is no tombstone past
//! its horizon. A batch goes when none of its records stays, unless it is the last one of a live
//! producer. Output batches follow each other without a hole: removed offsets have a placeholder.

use std::collections::BTreeSet;

use millstream_wire::batch::{
    BatchHeader, BatchView, Record, Thinner, emptied, is_placeholder, placeholder,
};

use super::map::OffsetMap;
use super::survey::Decided;
use super::{CleanFault, LastEntries, Marker, checked, marker_of, opened};
use crate::ids::{LeaderEpoch, Offset};
use crate::limits::{BATCH_BYTES_MAX, decompressed_bytes_max};
use crate::log::segment::{PlacedBatch, Segment};
use crate::now::Now;

/// What a run knows when it begins to filter.
#[derive(Clone, Copy, Debug)]
pub struct CleanRules<'a> {
    pub now: Now,
    pub delete_retention_ms: u64,
    pub index_interval_bytes: u32,
    pub map: &'a OffsetMap,
    /// Everything below is in the map.
    pub mapped: Offset,
    pub decided: &'a Decided,
    pub last_entries: &'a LastEntries,
}

/// What became of a log's batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanStats {
    pub records_read: u64,
    pub records_kept: u64,
    /// The next time at which something that was kept may go.
    pub next_horizon_ms: Option<i64>,
}

/// A finished output segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// With its index; times of appending are the caller's to set.
    pub segment: Segment,
    /// The last bytes; those before were taken with `take_output`.
    pub output: Vec<u8>,
    /// The output differs from the input.
    pub changed: bool,
}

/// Removed offsets `[base, end)` that no output batch covers yet.
#[derive(Clone, Copy, Debug)]
struct Hole {
    base: i64,
    end: i64,
    epoch: i32,
    /// It is one placeholder of the input, as it was.
    as_it_was: bool,
}

/// What stays of one batch.
enum Stays {
    Whole,
    Changed(Vec<u8>),
    Nothing,
}

/// See the module.
#[derive(Debug)]
pub struct Cleaner<'a> {
    rules: CleanRules<'a>,
    /// Producers of whose transaction a batch was seen, and its marker not yet.
    observed: BTreeSet<i64>,
    stats: CleanStats,
    expected: Offset,
    segment: Segment,
    hole: Option<Hole>,
    /// Of the last batch.
    epoch: Option<i32>,
    output: Vec<u8>,
    changed: bool,
}

impl<'a> Cleaner<'a> {
    /// A run over a log whose first segment begins at `base`.
    #[must_use]
    pub fn new(rules: CleanRules<'a>, base: Offset) -> Self {
        Cleaner {
            rules,
            observed: BTreeSet::new(),
            stats: CleanStats::default(),
            expected: base,
            segment: Segment::empty(base),
            hole: None,
            epoch: None,
            output: Vec::new(),
            changed: false,
        }
    }

    /// Takes the next batch of the log in.
    ///
    /// # Errors
    /// Damage: nothing of this run may be used.
    pub fn push(&mut self, view: &BatchView<'_>) -> Result<(), CleanFault> {
        checked(view, self.expected)?;
        let h = view.header();
        if h.base_offset > self.expected.0 {
            let epoch = self.epoch.unwrap_or(h.leader_epoch);
            self.remove(self.expected.0, h.base_offset, epoch, false);
        }
        self.epoch = Some(h.leader_epoch);
        self.expected = Offset(h.next_offset());
        match self.judge(view)? {
            Stays::Whole => self.put(view.header(), view.bytes()),
            Stays::Changed(bytes) => {
                self.changed = true;
                self.put(view.header(), &bytes);
            }
            Stays::Nothing => {
                let as_it_was = is_placeholder(h);
                self.remove(h.base_offset, h.next_offset(), h.leader_epoch, as_it_was);
            }
        }
        Ok(())
    }

    fn judge(&mut self, view: &BatchView<'_>) -> Result<Stays, CleanFault> {
        let h = view.header();
        let horizon = h.delete_horizon_ms();
        let is_last = h.producer_id >= 0 && self.rules.last_entries.is_last(h);
        if h.attributes.is_control() && h.record_count == 0 {
            return Ok(if is_last { Stays::Whole } else { Stays::Nothing });
        }
        if h.attributes.is_control() {
            let void = self.marker_is_void(view)?;
            return match (void, horizon) {
                (false, _) => Ok(Stays::Whole),
                (true, None) => self.thinned(view, None),
                (true, Some(at)) if at > self.rules.now.wall_ms => {
                    self.note_horizon(at);
                    Ok(Stays::Whole)
                }
                (true, Some(_)) if is_last => Ok(without_records(h)),
                (true, Some(_)) => Ok(Stays::Nothing),
            };
        }
        if h.attributes.is_transactional() {
            self.observed.insert(h.producer_id);
            let is_mapped = h.base_offset < self.rules.mapped.0;
            if is_mapped && self.rules.decided.is_aborted(h.producer_id, h.base_offset) {
                return Ok(if is_last { without_records(h) } else { Stays::Nothing });
            }
        }
        match self.thinned(view, horizon)? {
            Stays::Nothing if is_last => Ok(without_records(h)),
            stays => Ok(stays),
        }
    }

    /// A marker whose transaction has no batch left in the log says nothing to any reader.
    fn marker_is_void(&mut self, view: &BatchView<'_>) -> Result<bool, CleanFault> {
        let was_observed = |this: &mut Self| this.observed.remove(&view.header().producer_id);
        Ok(match marker_of(view)? {
            None => true,
            Some(Marker::Other) => false,
            Some(Marker::Abort | Marker::Commit) => !was_observed(self),
        })
    }

    /// The batch with the records that stay. Sets the horizon of a batch that has none and keeps
    /// a tombstone, or is a marker that is no longer needed.
    fn thinned(&mut self, view: &BatchView<'_>, horizon: Option<i64>) -> Result<Stays, CleanFault> {
        let h = view.header();
        let fault = |fault| CleanFault::Batch { offset: h.base_offset, fault };
        let plain = opened(view)?;
        let is_control = h.attributes.is_control();
        let (mut kept, mut tombstones) = (0i32, is_control);
        for record in view.records_in(&plain) {
            let record = record.map_err(fault)?;
            self.stats.records_read += 1;
            let stays = is_control || self.stays(&record, horizon);
            kept += i32::from(stays);
            tombstones |= stays && record.value.is_none();
        }
        self.stats.records_kept += u64::from(kept.unsigned_abs());
        if kept == 0 {
            return Ok(Stays::Nothing);
        }
        let retention = i64::try_from(self.rules.delete_retention_ms).unwrap_or(i64::MAX);
        let fresh = self.rules.now.wall_ms.saturating_add(retention);
        let after = horizon.or(tombstones.then_some(fresh));
        match (horizon, after) {
            (Some(at), _) if tombstones => self.note_horizon(at),
            (None, Some(at)) => self.note_horizon(at.max(self.rules.now.wall_ms + 1)),
            _ => {}
        }
        if kept == h.record_count && after == horizon {
            return Ok(Stays::Whole);
        }
        let mut thinner = Thinner::new(h, after);
        for record in view.records_in(&plain) {
            let record = record.map_err(fault)?;
            if is_control || self.stays(&record, horizon) {
                thinner.keep(&record);
            }
        }
        let bytes = thinner.build().map_err(fault)?;
        let readable = thinner.plain_len() <= decompressed_bytes_max(bytes.len());
        if !readable || bytes.len() > BATCH_BYTES_MAX as usize {
            // What is left compresses so well that no reader would open it: all of it stays.
            return Ok(Stays::Whole);
        }
        Ok(Stays::Changed(bytes))
    }

    fn stays(&self, record: &Record<'_>, horizon: Option<i64>) -> bool {
        if record.offset >= self.rules.mapped.0 {
            return true;
        }
        let Some(key) = record.key else { return false };
        let is_latest = self.rules.map.get(key).is_none_or(|latest| record.offset >= latest.0);
        let is_due = horizon.is_some_and(|at| at <= self.rules.now.wall_ms);
        is_latest && (record.value.is_some() || !is_due)
    }

    /// What is due already and still stays is not mapped yet: the next run is about that anyway.
    fn note_horizon(&mut self, at: i64) {
        if at <= self.rules.now.wall_ms {
            return;
        }
        let earliest = self.stats.next_horizon_ms.map_or(at, |other| other.min(at));
        self.stats.next_horizon_ms = Some(earliest);
    }

    /// A batch is of one leader epoch, so a hole is, too.
    fn remove(&mut self, base: i64, end: i64, epoch: i32, as_it_was: bool) {
        if self.hole.as_ref().is_some_and(|hole| hole.epoch != epoch) {
            self.close_hole();
        }
        self.hole = Some(match self.hole {
            None => Hole { base, end, epoch, as_it_was },
            Some(hole) => Hole { base: hole.base, end, epoch, as_it_was: false },
        });
    }

    fn put(&mut self, header: &BatchHeader, bytes: &[u8]) {
        self.close_hole();
        let Some(stored) = BatchView::parse(bytes).ok().map(|view| *view.header()) else {
            unreachable!("the batch was parsed, or was made here")
        };
        assert_eq!(self.segment.end.0, header.base_offset, "output batches leave no hole");
        self.place(&stored, bytes);
    }

    fn place(&mut self, stored: &BatchHeader, bytes: &[u8]) {
        let placed = PlacedBatch {
            base: Offset(stored.base_offset),
            end: Offset(stored.next_offset()),
            bytes: bytes.len() as u64,
            max_timestamp: stored.max_timestamp,
            epoch: LeaderEpoch(stored.leader_epoch),
            crc: stored.crc,
        };
        self.segment.push(&placed, self.rules.index_interval_bytes, self.rules.now.wall_ms);
        self.output.extend_from_slice(bytes);
    }

    fn close_hole(&mut self) {
        let Some(hole) = self.hole.take() else { return };
        self.changed |= !hole.as_it_was;
        let mut base = hole.base;
        while base < hole.end {
            // One batch spans at most this many offsets.
            let last = (hole.end - 1).min(base.saturating_add(i64::from(i32::MAX)));
            let bytes = placeholder(base, last, hole.epoch);
            let Some(header) = bytes.first_chunk().map(BatchHeader::read) else {
                unreachable!("a placeholder is a header")
            };
            self.place(&header, &bytes);
            base = last.saturating_add(1);
        }
    }

    /// Output bytes so far; the shell takes them when there are enough to write.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    #[must_use]
    pub fn output_len(&self) -> usize {
        self.output.len()
    }

    /// The output segment is complete: it ends at `end`, where the next one begins.
    pub fn finish_segment(&mut self, end: Offset) -> Cleaned {
        if self.expected < end {
            let epoch = self.epoch.unwrap_or(-1);
            self.remove(self.expected.0, end.0, epoch, false);
            self.expected = end;
        }
        self.close_hole();
        let segment = std::mem::replace(&mut self.segment, Segment::empty(end));
        assert_eq!(segment.end, end, "a segment's batches reach to its end");
        let changed = std::mem::take(&mut self.changed);
        Cleaned { segment, output: self.take_output(), changed }
    }

    #[must_use]
    pub fn stats(&self) -> CleanStats {
        self.stats
    }
}

/// Emptied, unless it was empty before.
fn without_records(h: &BatchHeader) -> Stays {
    match h.record_count {
        0 => Stays::Whole,
        _ => Stays::Changed(emptied(h)),
    }
}
