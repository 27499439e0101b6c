//! Which segments may go: retention by time and size, and DeleteRecords.
//!
//! Time is the broker's: when a segment was last appended to, not what its records claim, unless
//! the topic asks for that (`millstream.retention.clock`).
//! Nothing that is not visible to all readers is ever dropped, and the active segment goes
//! only after it was rolled.

use super::{Log, Segment};
use crate::config::RetentionClock;
use crate::ids::Offset;
use crate::now::Now;

/// What retention wants done, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionPlan {
    /// Begin a new segment first: the active one's time is over.
    pub roll: bool,
    /// Base offsets of the segments to drop, oldest first.
    pub drop: Vec<Offset>,
}

/// Why records cannot be deleted up to an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteFault {
    /// Past the high watermark, or negative.
    OutOfRange { offset: Offset, high_watermark: Offset },
}

impl Log {
    /// Decides what to drop now; changes nothing.
    #[must_use]
    pub fn plan_retention(&self, now: Now) -> RetentionPlan {
        let mut plan = RetentionPlan::default();
        let settled = self.settled.min(self.high_watermark);
        for segment in self.due(now).take_while(|segment| segment.end <= settled) {
            plan.roll |= segment.base == self.active().base;
            plan.drop.push(segment.base);
        }
        plan
    }

    /// Up to where segment files must have the log's bytes before all that is due can be
    /// dropped; `None`: they have.
    #[must_use]
    pub fn retention_waits_for(&self, now: Now) -> Option<Offset> {
        let visible = self.due(now).take_while(|segment| segment.end <= self.high_watermark);
        visible.last().map(|segment| segment.end).filter(|end| *end > self.settled)
    }

    /// The segments that the topic's settings no longer keep, oldest first.
    fn due(&self, now: Now) -> impl Iterator<Item = &Segment> {
        let mut excess = match self.config.retention_bytes {
            Some(kept) if self.config.cleanup_policy.delete => {
                self.size_bytes().saturating_sub(kept)
            }
            _ => 0,
        };
        self.segments.iter().take_while(move |segment| {
            let too_big = segment.bytes > 0 && excess >= segment.bytes;
            let unreachable = segment.end <= self.log_start;
            excess = excess.saturating_sub(segment.bytes);
            !segment.is_empty() && (too_big || unreachable || self.is_expired(segment, now))
        })
    }

    fn is_expired(&self, segment: &Segment, now: Now) -> bool {
        let (Some(kept_ms), true) = (self.config.retention_ms, self.config.cleanup_policy.delete)
        else {
            return false;
        };
        let Some(last_ms) = self.last_ms(segment) else { return false };
        u64::try_from(now.wall_ms.saturating_sub(last_ms)).unwrap_or(0) > kept_ms
    }

    /// The time from which a segment's age counts.
    fn last_ms(&self, segment: &Segment) -> Option<i64> {
        let appended = segment.appended_ms.map(|(_, last)| last);
        let claimed = segment.max_timestamp.map(|max| max.timestamp_ms);
        match self.config.retention_clock {
            RetentionClock::Broker => appended,
            RetentionClock::Record => claimed.filter(|ms| *ms >= 0).or(appended),
        }
    }

    /// Begins an empty segment at the log's end; nothing happens to an empty active one.
    pub fn roll(&mut self) {
        if !self.active().is_empty() {
            self.segments.push_back(Segment::empty(self.log_end()));
            self.move_cursors_on();
        }
    }

    /// Drops the planned segments from the front. In this order: records out of sight
    /// (log start), then segments, then epochs.
    pub fn apply_retention(&mut self, plan: &RetentionPlan) {
        if plan.roll {
            self.roll();
        }
        for base in &plan.drop {
            if self.segments.len() < 2 || self.segments[0].base != *base {
                break;
            }
            let end = self.segments[0].end;
            self.log_start = self.log_start.max(end);
            self.move_cursors_on();
            self.segments.pop_front();
            let next = self.segments[0].base;
            self.recent.forget_before(next, 0);
            self.damage.forget_before(next);
        }
        self.epochs.trim_front(self.log_start);
    }

    /// The log start that deleting up to `upto` gives (`None`: up to the high watermark).
    pub fn plan_delete_records(&self, upto: Option<Offset>) -> Result<Offset, DeleteFault> {
        let high_watermark = self.high_watermark;
        let upto = upto.unwrap_or(high_watermark);
        if upto < Offset::ZERO || upto > high_watermark {
            return Err(DeleteFault::OutOfRange { offset: upto, high_watermark });
        }
        Ok(self.log_start.max(upto))
    }

    /// Moves the log's start; segments that lie before it go with the next retention.
    pub fn apply_log_start(&mut self, log_start: Offset) {
        self.log_start = self.log_start.max(log_start.min(self.high_watermark));
        self.epochs.trim_front(self.log_start);
    }
}
