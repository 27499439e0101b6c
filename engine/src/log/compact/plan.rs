//! What of a log is worth cleaning, and how the log looks afterwards.
//!
//! Only segments that are complete, flushed and visible to everybody are ever cleaned, never the
//! active one. Times are the broker's.

use super::super::{Log, Segment};
use super::Decided;
use crate::ids::Offset;
use crate::now::Now;

/// Kafka counts 8 bytes for an entry of its offset index; so does `segment.index.bytes`.
const INDEX_ENTRY_BYTES: u64 = 8;
const MILLION: u128 = 1_000_000;

/// What a cleaner would find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cleanable {
    pub first_dirty: Offset,
    /// Nothing from here on may be cleaned now.
    pub end: Offset,
    pub clean_bytes: u64,
    pub dirty_bytes: u64,
    /// The topic's settings want it done.
    pub due: bool,
}

impl Cleanable {
    /// The dirty share in millionths.
    #[must_use]
    pub fn dirty_ppm(&self) -> u32 {
        let all = u128::from(self.clean_bytes) + u128::from(self.dirty_bytes);
        (u128::from(self.dirty_bytes) * MILLION).checked_div(all).unwrap_or(0) as u32
    }
}

impl Log {
    /// What is dirty, when everything below `cleaned_upto` was cleaned before, and something that
    /// was kept then may go at `horizon_ms`. `None`: the topic is not compacted.
    #[must_use]
    pub fn cleanable(
        &self,
        cleaned_upto: Option<Offset>,
        horizon_ms: Option<i64>,
        now: Now,
    ) -> Option<Cleanable> {
        if !self.config.cleanup_policy.compact {
            return None;
        }
        let first = self.segments[0].base;
        let known = cleaned_upto.filter(|upto| *upto <= self.active().base);
        let first_dirty = known.unwrap_or(first).max(first);
        let mut found =
            Cleanable { first_dirty, end: first, clean_bytes: 0, dirty_bytes: 0, due: false };
        let mut is_late = false;
        for segment in self.sealed() {
            let is_dirty = segment.end > first_dirty;
            let settled = segment.end <= self.marks().last_stable.min(self.settled);
            if !settled || is_dirty && self.is_too_young(segment, now) {
                break;
            }
            found.end = segment.end;
            match is_dirty {
                true => found.dirty_bytes += segment.bytes,
                false => found.clean_bytes += segment.bytes,
            }
            is_late |= is_dirty && self.is_past_max_lag(segment, now);
        }
        let is_dirty = found.dirty_bytes > 0
            && (is_late || found.dirty_ppm() > self.config.min_cleanable_dirty_ppm);
        let has_expired = horizon_ms.is_some_and(|at| at <= now.wall_ms) && found.end > first;
        found.due = is_dirty || has_expired;
        Some(found)
    }

    /// Up to where segment files must have the log's bytes before all complete segments that are
    /// old enough can be cleaned; `None`: they have, or the topic is not compacted.
    #[must_use]
    pub fn cleaning_waits_for(&self, now: Now) -> Option<Offset> {
        let is_ready = |segment: &&Segment| {
            segment.end <= self.marks().last_stable && !self.is_too_young(segment, now)
        };
        let last = self.sealed().take_while(is_ready).last().map(|segment| segment.end);
        last.filter(|end| *end > self.settled && self.config.cleanup_policy.compact)
    }

    fn sealed(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().take(self.segments.len() - 1)
    }

    fn is_too_young(&self, segment: &Segment, now: Now) -> bool {
        let (_, last_ms) = segment.appended_ms.unwrap_or((now.wall_ms, now.wall_ms));
        waited_ms(last_ms, now) < self.config.min_compaction_lag_ms
    }

    fn is_past_max_lag(&self, segment: &Segment, now: Now) -> bool {
        let (Some(lag_ms), Some((first_ms, _))) =
            (self.config.max_compaction_lag_ms, segment.appended_ms)
        else {
            return false;
        };
        waited_ms(first_ms, now) > lag_ms
    }

    /// The segments that hold `[.., upto)`, in groups that each fit one new segment.
    #[must_use]
    pub fn cleaning_groups(&self, upto: Offset) -> Vec<Vec<Segment>> {
        let mut groups: Vec<Vec<Segment>> = Vec::new();
        for segment in self.sealed().take_while(|segment| segment.base < upto) {
            let mut segment = segment.clone();
            segment.index = None;
            match groups.last_mut().filter(|group| self.fits(group, &segment)) {
                Some(group) => group.push(segment),
                None => groups.push(vec![segment]),
            }
        }
        groups
    }

    fn fits(&self, group: &[Segment], next: &Segment) -> bool {
        let bytes = group.iter().map(|segment| segment.bytes).sum::<u64>() + next.bytes;
        let interval = u64::from(self.config.index_interval_bytes).max(1);
        let index_bytes = (bytes / interval + 1) * INDEX_ENTRY_BYTES;
        let base = group.first().map_or(next.base, |first| first.base);
        bytes <= self.config.segment_bytes
            && index_bytes <= u64::from(self.config.segment_index_bytes)
            && next.end.since(base) <= i64::from(i32::MAX)
    }

    /// Whether these sealed segments are still what the log consists of.
    #[must_use]
    pub fn still_has(&self, group: &[Segment]) -> bool {
        let same = |one: &Segment| {
            self.sealed().any(|s| (s.base, s.end, s.bytes) == (one.base, one.end, one.bytes))
        };
        !group.is_empty() && group.iter().all(same)
    }

    /// One cleaned segment takes the place of `group`, which the log still has. Times of
    /// appending are the group's; what the tail holds of it is forgotten.
    pub fn apply_cleaned(&mut self, group: &[Segment], mut cleaned: Segment) {
        assert!(self.still_has(group), "retention came first");
        let times = || group.iter().filter_map(|segment| segment.appended_ms);
        let (first, last) = (times().map(|t| t.0).min(), times().map(|t| t.1).max());
        cleaned.appended_ms = first.zip(last).or(cleaned.appended_ms);
        let at = self.segments.partition_point(|segment| segment.base < group[0].base);
        assert_eq!(group.last().map(|segment| segment.end), Some(cleaned.end), "no offset is lost");
        self.move_cursors_on();
        self.segments.drain(at..at + group.len());
        self.recent.forget_before(cleaned.end, 0);
        self.segments.insert(at, cleaned);
    }
}

fn waited_ms(since_ms: i64, now: Now) -> u64 {
    u64::try_from(now.wall_ms.saturating_sub(since_ms)).unwrap_or(0)
}

impl Decided {
    /// For logs without transactions.
    #[must_use]
    pub fn none() -> Decided {
        Decided::default()
    }
}
