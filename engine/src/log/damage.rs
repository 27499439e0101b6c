//! Ranges of segment files that are known to be damaged: what readers step over.
//!
//! A range is noted when a batch that was promised does not check out: by the recovery scan, or
//! by a cold read. Its offsets are missing from then on, as after compaction; everything else
//! of the log is served. The notes are kept beside the log as text with a checksum. They are
//! derived: lost, the next reader finds the same damage again. A note is never evidence that
//! bytes are sound.

use std::fmt::Write as _;

use millstream_wire::batch::crc32c;

use super::recovery::Finding;
use crate::ids::Offset;
use crate::limits::DAMAGED_RANGES_MAX;

const TITLE: &str = "millstream quarantine 1";

/// Positions `[from, upto)` of a segment's file, where offsets `[first, next)` should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamagedRange {
    pub segment: Offset,
    pub from: u64,
    /// Where the next sound batch begins, or the segment ends.
    pub upto: u64,
    pub first: Offset,
    pub next: Offset,
    /// What was found at `from`.
    pub finding: Finding,
}

/// Damaged ranges in order of their offsets; they do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    ranges: Vec<DamagedRange>,
}

impl Damage {
    #[must_use]
    pub fn ranges(&self) -> &[DamagedRange] {
        &self.ranges
    }

    /// Notes a range. Those that it touches become one with it. `false`: it was known, or
    /// makes no sense, or there are too many to note.
    pub fn note(&mut self, range: DamagedRange) -> bool {
        if range.first >= range.next || range.from > range.upto {
            return false;
        }
        let meets = |known: &DamagedRange| {
            known.segment == range.segment && known.first <= range.next && range.first <= known.next
        };
        let covered = |known: &DamagedRange| {
            meets(known) && known.first <= range.first && range.next <= known.next
        };
        if self.ranges.iter().any(covered) {
            return false;
        }
        let mut joined = range;
        for known in self.ranges.extract_if(.., |known| meets(known)) {
            joined.from = joined.from.min(known.from);
            joined.upto = joined.upto.max(known.upto);
            joined.first = joined.first.min(known.first);
            joined.next = joined.next.max(known.next);
        }
        let at = self.ranges.partition_point(|known| known.first < joined.first);
        if self.ranges.len() < DAMAGED_RANGES_MAX {
            self.ranges.insert(at, joined);
            return true;
        }
        false
    }

    /// Where a reader that wants `offset` goes on, when a damaged range has it.
    #[must_use]
    pub fn step_over(&self, offset: Offset) -> Option<Offset> {
        let after = self.ranges.partition_point(|range| range.first <= offset);
        let range = self.ranges[..after].last()?;
        (offset < range.next).then_some(range.next)
    }

    /// The sound stretch of `segment` that an offset outside of all ranges lies in: where the
    /// last range before it ends, with the offset that follows, and where the next one begins.
    #[must_use]
    pub fn stretch(&self, segment: Offset, offset: Offset) -> Stretch {
        let mut stretch = Stretch::default();
        for range in self.ranges.iter().filter(|range| range.segment == segment) {
            if range.next <= offset {
                stretch.begin = Some((range.upto, range.next));
            } else if stretch.end.is_none() {
                stretch.end = Some(range.from);
            }
        }
        stretch
    }

    /// Where a reader goes on behind the next range of `segment` at or past `offset`.
    #[must_use]
    pub fn behind_next(&self, segment: Offset, offset: Offset) -> Option<Offset> {
        let later = |range: &&DamagedRange| range.segment == segment && range.first >= offset;
        self.ranges.iter().find(later).map(|range| range.next)
    }

    /// Forgets ranges of `segment` from `position` on: a scan looks at them again.
    pub fn forget_from(&mut self, segment: Offset, position: u64) {
        self.ranges.retain(|range| range.segment != segment || range.from < position);
    }

    /// Forgets ranges of segments that are not in the log any more.
    pub fn forget_before(&mut self, segment: Offset) {
        self.ranges.retain(|range| range.segment >= segment);
    }

    /// Forgets the ranges of a segment that was written anew.
    pub fn forget_segment(&mut self, segment: Offset) {
        self.ranges.retain(|range| range.segment != segment);
    }

    /// The notes as a file, one range a line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{TITLE}\n");
        for range in &self.ranges {
            let DamagedRange { segment, from, upto, first, next, finding } = range;
            let what = finding.name();
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "{} {from} {upto} {} {} {what}", segment.0, first.0, next.0);
        }
        let _ = writeln!(text, "crc32c {:08x}", crc32c(text.as_bytes()));
        text
    }

    /// Reads the file back; `None` when anything about it is wrong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Damage> {
        let body_len = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (body, last) = text.split_at(body_len);
        let crc = u32::from_str_radix(last.trim_end().strip_prefix("crc32c ")?, 16).ok()?;
        let lines = body.strip_prefix(TITLE)?.strip_prefix('\n')?;
        let ranges: Option<Vec<DamagedRange>> = lines.lines().map(parse_line).collect();
        let damage = Damage { ranges: ranges.filter(|_| crc32c(body.as_bytes()) == crc)? };
        damage.is_ordered().then_some(damage)
    }

    fn is_ordered(&self) -> bool {
        self.ranges.len() <= DAMAGED_RANGES_MAX
            && self.ranges.iter().all(|range| range.first < range.next && range.from <= range.upto)
            && self.ranges.windows(2).all(|pair| pair[0].next <= pair[1].first)
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.is_ordered(), "damaged ranges out of order: {:?}", self.ranges);
    }
}

/// What `Damage::stretch` found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Position and offset of its first batch; `None`: the segment's.
    pub begin: Option<(u64, Offset)>,
    /// Position where it ends; `None`: where the segment does.
    pub end: Option<u64>,
}

fn parse_line(line: &str) -> Option<DamagedRange> {
    let mut words = line.split(' ');
    let mut number = || words.next()?.parse::<i64>().ok().filter(|number| *number >= 0);
    let (segment, from, upto) = (number()?, number()?, number()?);
    let (first, next) = (number()?, number()?);
    let finding = words.next()?;
    let finding = Finding::ALL.into_iter().find(|known| known.name() == finding)?;
    words.next().is_none().then_some(DamagedRange {
        segment: Offset(segment),
        from: u64::try_from(from).ok()?,
        upto: u64::try_from(upto).ok()?,
        first: Offset(first),
        next: Offset(next),
        finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(segment: i64, (from, upto): (u64, u64), (first, next): (i64, i64)) -> DamagedRange {
        let (first, next) = (Offset(first), Offset(next));
        DamagedRange { segment: Offset(segment), from, upto, first, next, finding: Finding::BadCrc }
    }

    fn sample() -> Damage {
        let mut damage = Damage::default();
        assert!(damage.note(range(0, (500, 600), (20, 25))));
        assert!(damage.note(range(0, (100, 200), (5, 10))));
        assert!(damage.note(range(50, (0, 0), (50, 60))));
        damage.check();
        damage
    }

    #[test]
    fn readers_step_over_ranges_and_stay_within_what_is_between() {
        let damage = sample();
        for (offset, next) in [(4, None), (5, Some(10)), (9, Some(10)), (10, None), (55, Some(60))]
        {
            assert_eq!(damage.step_over(Offset(offset)), next.map(Offset), "{offset}");
        }
        let stretch = |offset| damage.stretch(Offset(0), Offset(offset));
        assert_eq!(stretch(4), Stretch { begin: None, end: Some(100) });
        assert_eq!(stretch(10), Stretch { begin: Some((200, Offset(10))), end: Some(500) });
        assert_eq!(stretch(30), Stretch { begin: Some((600, Offset(25))), end: None });
    }

    #[test]
    fn ranges_that_touch_become_one_and_known_ones_are_known() {
        let mut damage = sample();
        assert!(!damage.note(range(0, (120, 130), (6, 7))), "known");
        assert!(!damage.note(range(0, (1, 1), (3, 3))), "no offset is missing");
        assert!(damage.note(range(0, (200, 500), (10, 20))));
        assert_eq!(damage.ranges()[0], range(0, (100, 600), (5, 25)));
        assert_eq!(damage.ranges().len(), 2);
        damage.check();
        damage.forget_before(Offset(50));
        assert_eq!(damage.ranges().len(), 1);
        damage.forget_segment(Offset(50));
        assert_eq!(damage, Damage::default());
    }

    #[test]
    fn notes_read_back_and_any_change_of_a_byte_is_seen() {
        let damage = sample();
        let text = damage.text();
        assert_eq!(Damage::parse(&text), Some(damage));
        assert_eq!(Damage::parse(&Damage::default().text()), Some(Damage::default()));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let read = std::str::from_utf8(&bytes).ok().and_then(Damage::parse);
            assert_eq!(read, None, "byte {at}");
            assert_eq!(Damage::parse(&text[..at]), None, "cut at {at}");
        }
    }
}
