//! Where each batch of the in-memory tail begins: the exact index of what readers ask most.
//!
//! One mark a batch, for as long as the shell keeps the batch's bytes in a tail block. Hot
//! reads are two binary searches here, without looking at a header. Marks are contiguous:
//! each batch ends where the next one begins.

use std::collections::VecDeque;

use crate::ids::Offset;

/// A batch boundary: `offset` begins at `position` of its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub offset: Offset,
    pub position: u64,
}

/// Consecutive batches of one segment that are in memory.
#[derive(Clone, Debug)]
struct Span {
    segment: Offset,
    starts: VecDeque<Mark>,
    end: Mark,
}

/// Bytes of one segment, whole batches: positions `[from.position, upto.position)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub segment: Offset,
    pub from: Mark,
    pub upto: Mark,
}

impl Extent {
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.upto.position - self.from.position
    }
}

/// How much to take from a starting point on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    pub bytes_max: u64,
    /// Nothing at or past this offset.
    pub upto: Offset,
    /// The first batch, even if it is larger than `bytes_max`.
    pub at_least_one: bool,
}

/// The marks of all tail blocks.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    spans: VecDeque<Span>,
}

impl Recent {
    /// Notes a batch that goes to `[start, end)` of `segment`.
    pub fn push(&mut self, segment: Offset, start: Mark, end: Mark) {
        debug_assert!(start.offset < end.offset && start.position < end.position, "no batch");
        match self.spans.back_mut() {
            Some(span) if span.segment == segment && span.end == start => {
                span.starts.push_back(start);
                span.end = end;
            }
            _ => self.spans.push_back(Span { segment, starts: VecDeque::from([start]), end }),
        }
    }

    /// Whole batches from the one that holds `from` on; `None` when it is not in memory or
    /// nothing fits.
    #[must_use]
    pub fn extent(&self, from: Offset, take: &Take) -> Option<Extent> {
        let span = self.spans.iter().rev().find(|span| span.covers(from))?;
        let first = span.starts.partition_point(|mark| mark.offset <= from).checked_sub(1)?;
        let start = span.starts[first];
        let limit = start.position.saturating_add(take.bytes_max);
        // Number of batches whose start is within reach; the last of them ends at the next.
        let fits = |end: Mark| end.offset <= take.upto && end.position <= limit;
        let past = span.starts.partition_point(|mark| fits(*mark));
        let mut upto = if past == span.starts.len() && fits(span.end) {
            span.end
        } else {
            span.starts[past.max(1) - 1]
        };
        if upto.position <= start.position {
            let next = span.starts.get(first + 1).copied().unwrap_or(span.end);
            if !take.at_least_one || next.offset > take.upto {
                return None;
            }
            upto = next;
        }
        Some(Extent { segment: span.segment, from: start, upto })
    }

    /// Whether `extent` could find `offset`.
    #[must_use]
    pub fn covers(&self, offset: Offset) -> bool {
        self.spans.iter().rev().any(|span| span.covers(offset))
    }

    /// The last batch boundary of `segment` in `(after, upto]` by position, or else the first
    /// one after `after`: where a commit that is bounded in bytes may end.
    #[must_use]
    pub fn boundary(&self, segment: Offset, after: u64, upto: u64) -> Option<Mark> {
        let span = self.spans.iter().rev().find(|span| span.segment == segment)?;
        if span.end.position <= upto {
            return (span.end.position > after).then_some(span.end);
        }
        let past = span.starts.partition_point(|mark| mark.position <= upto);
        let last = span.starts.get(past.checked_sub(1)?).copied()?;
        if last.position > after {
            return Some(last);
        }
        Some(span.starts.get(past).copied().unwrap_or(span.end))
    }

    /// Forgets batches of `segment` that begin before `position`, and all of older segments.
    pub fn forget_before(&mut self, segment: Offset, position: u64) {
        while self.spans.front().is_some_and(|span| span.segment < segment) {
            self.spans.pop_front();
        }
        if let Some(span) = self.spans.front_mut().filter(|span| span.segment == segment) {
            let gone = span.starts.partition_point(|mark| mark.position < position);
            span.starts.drain(..gone);
            if span.starts.is_empty() {
                self.spans.pop_front();
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.spans.clear();
    }

    /// Invariants, one a line. Marks in between are in order by `push`: a batch begins where
    /// the one before it ended, and ends behind its beginning.
    pub fn check(&self) {
        let grows = |a: &Mark, b: &Mark| a.offset < b.offset && a.position < b.position;
        for span in &self.spans {
            let (first, last) = (span.starts.front(), span.starts.back());
            let (Some(first), Some(last)) = (first, last) else { panic!("an empty span") };
            assert!(span.starts.len() == 1 || grows(first, last), "marks out of order");
            assert!(grows(last, &span.end), "the last batch has no end");
        }
    }
}

impl Span {
    fn covers(&self, offset: Offset) -> bool {
        self.starts.front().is_some_and(|first| first.offset <= offset) && offset < self.end.offset
    }
}
