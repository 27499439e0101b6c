//! Planning of reads and lookups: which segment, which position, how much.

use super::recent::{Extent, Mark, Take};
use super::{Log, Segment};
use crate::ids::{LeaderEpoch, Offset};

/// Where the bytes for a read are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadPlan {
    /// Nothing below `upto` from there on.
    Nothing,
    /// Whole batches that the tail holds.
    Memory(Extent),
    /// In the file of `segment`: batches from `position` on, ending at `limit` at the latest.
    /// The first ones may lie before the wanted offset; `first` is the offset of the one at
    /// `position`, or lies before it where compaction left a gap.
    File { segment: Offset, position: u64, limit: u64, first: Offset },
    /// The offset lies in a damaged range: go on at this one.
    StepOver { next: Offset },
    /// The index of `segment` is needed first.
    NeedsIndex { segment: Offset },
}

/// Why an offset cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadRefusal {
    OutOfRange { offset: Offset, log_start: Offset, log_end: Offset },
}

impl Log {
    /// Plans a read from `from`; `take.upto` is what the reader may see.
    pub fn plan_read(&self, from: Offset, take: &Take) -> Result<ReadPlan, ReadRefusal> {
        let (log_start, log_end) = (self.log_start, self.log_end());
        if from < log_start || from > log_end {
            return Err(ReadRefusal::OutOfRange { offset: from, log_start, log_end });
        }
        let upto = take.upto.min(self.written.offset);
        if from >= upto {
            return Ok(ReadPlan::Nothing);
        }
        let take = Take { upto, ..*take };
        if self.recent.covers(from) {
            let extent = self.recent.extent(from, &take);
            return Ok(extent.map_or(ReadPlan::Nothing, ReadPlan::Memory));
        }
        if let Some(next) = self.damage.step_over(from) {
            return Ok(ReadPlan::StepOver { next });
        }
        let Some(segment) = self.segment_of(from) else { return Ok(ReadPlan::Nothing) };
        let Some(index) = &segment.index else {
            return Ok(ReadPlan::NeedsIndex { segment: segment.base });
        };
        let limit = match segment.base == self.placed.segment {
            true => self.placed.position,
            false => segment.bytes,
        };
        let stretch = self.damage.stretch(segment.base, from);
        let (position, first) = index.place_for(from).max(stretch.begin.unwrap_or_default());
        let limit = stretch.end.map_or(limit, |end| end.min(limit));
        Ok(ReadPlan::File { segment: segment.base, position, limit, first })
    }

    /// What of `take` the tail has in memory from offset `from` on, whole batches.
    #[must_use]
    pub fn extent_in_memory(&self, from: Offset, take: &Take) -> Option<Extent> {
        self.recent.extent(from, take)
    }

    /// The farthest batch boundary behind `start` in the file of `segment` that is known without
    /// reading and that `take` allows: the end of what the file has, or an index entry. `None`
    /// where nothing is known in between: then the batches themselves must say.
    #[must_use]
    pub fn boundary_in_file(&self, segment: Offset, start: Mark, take: &Take) -> Option<Mark> {
        let found = self.segment(segment)?;
        let damage = self.damage.stretch(segment, start.offset).end;
        let reach = start.position.saturating_add(take.bytes_max);
        let fits = |mark: &Mark| {
            start.position < mark.position && mark.position <= reach && mark.offset <= take.upto
        };
        let is_placed = segment == self.placed.segment;
        let end = match is_placed {
            true => Mark { offset: self.placed.offset, position: self.placed.position },
            false => Mark { offset: found.end, position: found.bytes },
        };
        let whole = Some(end).filter(|end| damage.is_none() && fits(end));
        let limit = damage.unwrap_or(end.position).min(end.position);
        whole.or_else(|| {
            let index = found.index.as_ref()?;
            let last = index.last_place((limit.min(reach), take.upto))?;
            Some(Mark { position: last.0, offset: last.1 }).filter(fits)
        })
    }

    /// The segment in which the first record at or after `timestamp` is.
    #[must_use]
    pub fn segment_for_time(&self, timestamp: i64) -> Option<&Segment> {
        let reaches = |segment: &&Segment| {
            segment.end > self.log_start
                && segment.max_timestamp.is_some_and(|max| max.timestamp_ms >= timestamp)
        };
        self.segments.iter().find(reaches)
    }

    /// The largest timestamp of the log, and the batch to look into for its record.
    #[must_use]
    pub fn max_timestamp(&self) -> Option<super::MaxTimestamp> {
        let all = self.segments.iter().filter(|segment| segment.end > self.log_start);
        all.filter_map(|segment| segment.max_timestamp)
            .reduce(|best, next| if next.timestamp_ms > best.timestamp_ms { next } else { best })
    }

    /// What OffsetForLeaderEpoch answers, bounded by the log's end; `None` for an epoch that
    /// this leader does not know yet.
    #[must_use]
    pub fn end_offset_for_epoch(&self, epoch: LeaderEpoch) -> Option<(LeaderEpoch, Offset)> {
        self.epochs.end_of(epoch, (self.epoch, self.log_end()))
    }
}
