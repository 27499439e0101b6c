//! Which bytes of a segment's file were found sound, and have not been away since.
//!
//! What readers share lies in the page cache: the first of them checks what the device gave, the
//! others need not. The shell notes what was checked and forgets what has left the cache. Not
//! evidence about the log: what is not noted is checked again.

use std::ops::Range;

use crate::limits::SOUND_RANGES_MAX;

/// Disjoint ranges of positions, in order, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    ranges: Vec<Range<u64>>,
}

impl Sound {
    /// Notes a checked range. With too many of them the shortest is forgotten.
    pub fn note(&mut self, checked: Range<u64>) {
        if checked.is_empty() {
            return;
        }
        let first = self.ranges.partition_point(|known| known.end < checked.start);
        let past = self.ranges.partition_point(|known| known.start <= checked.end);
        let met = &self.ranges[first..past];
        let start = met.first().map_or(checked.start, |known| known.start.min(checked.start));
        let end = met.last().map_or(checked.end, |known| known.end.max(checked.end));
        self.ranges.splice(first..past, std::iter::once(start..end));
        if self.ranges.len() > SOUND_RANGES_MAX {
            let lengths = self.ranges.iter().map(|known| known.end - known.start).enumerate();
            if let Some((shortest, _)) = lengths.min_by_key(|(_, bytes)| *bytes) {
                self.ranges.remove(shortest);
            }
        }
    }

    /// Up to where all is sound from `position` on; `None` if that is not.
    #[must_use]
    pub fn reach(&self, position: u64) -> Option<u64> {
        let after = self.ranges.partition_point(|known| known.start <= position);
        let before = after.checked_sub(1).map(|at| &self.ranges[at]);
        before.map(|known| known.end).filter(|end| position < *end)
    }

    /// What of a range is sound, piece by piece.
    pub fn within(&self, range: &Range<u64>) -> Vec<Range<u64>> {
        let cut = |known: &Range<u64>| known.start.max(range.start)..known.end.min(range.end);
        self.ranges.iter().map(cut).filter(|part| !part.is_empty()).collect()
    }

    /// Forgets a range.
    pub fn forget(&mut self, gone: &Range<u64>) {
        if gone.is_empty() {
            return;
        }
        let rest = |known: Range<u64>| {
            let before = known.start..known.end.min(gone.start);
            let behind = known.start.max(gone.end)..known.end;
            [before, behind].into_iter().filter(|part| !part.is_empty())
        };
        self.ranges = std::mem::take(&mut self.ranges).into_iter().flat_map(rest).collect();
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.ranges.iter().all(|range| range.start < range.end), "an empty range");
        assert!(self.ranges.windows(2).all(|pair| pair[0].end < pair[1].start), "ranges touch");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random notes and forgettings beside a plain set of positions.
    #[test]
    fn it_holds_what_was_noted_and_not_forgotten() {
        let mut random = 7_u64;
        let mut draw = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % below
        };
        let (mut sound, mut plain) = (Sound::default(), [false; 40]);
        for _ in 0..20_000 {
            let start = draw(40);
            let range = start..start + draw(41 - start);
            let is_noted = draw(2) == 0;
            match is_noted {
                true => sound.note(range.clone()),
                false => sound.forget(&range),
            }
            range.for_each(|at| plain[at as usize] = is_noted);
            sound.check();
            let from = draw(40);
            let asked = from..from + 1 + draw(40 - from);
            let gap = (from..41).find(|at| !plain.get(*at as usize).is_some_and(|known| *known));
            assert_eq!(sound.reach(from), gap.filter(|end| from < *end), "{from} of {sound:?}");
            let within: Vec<u64> = sound.within(&asked).into_iter().flatten().collect();
            let expected: Vec<u64> = asked.filter(|at| plain[*at as usize]).collect();
            assert_eq!(within, expected);
        }
    }

    #[test]
    fn too_many_ranges_cost_the_shortest() {
        let mut sound = Sound::default();
        for n in 0..=SOUND_RANGES_MAX as u64 {
            let start = n * 100;
            sound.note(start..start + 2 + n % 50);
        }
        sound.check();
        assert_eq!(sound.within(&(0..u64::MAX)).len(), SOUND_RANGES_MAX);
        assert_eq!((sound.reach(0), sound.reach(100)), (None, Some(103)));
    }
}
