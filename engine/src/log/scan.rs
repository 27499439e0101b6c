//! The recovery scan of one segment, fed with bytes by the shell.
//!
//! Rebuilds the segment's size, index, timestamps, epochs and producers from the batches
//! themselves; every CRC is checked. The shell reads where `step` asks, looks behind the
//! position when the table in `recovery` depends on it, and leads the scan over damage with
//! `skip`.

use std::rc::Rc;

use millstream_wire::batch::{BatchHeader, BatchView, HEADER_BYTES};

use super::damage::DamagedRange;
use super::epochs::EpochCache;
use super::producers::{ProducedBatch, Producers, Sequenced};
use super::recovery::{Behind, Finding, Place, RecoveryCase, Verdict, verdict};
use super::segment::{PlacedBatch, Segment};
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use crate::limits::BATCH_BYTES_MAX;

/// A scan under way. Typestate: a segment that was not scanned has no way into a `Log`.
#[derive(Debug)]
pub struct Scan {
    place: Place,
    next_base: Option<Offset>,
    expected: Offset,
    segment: Segment,
    epochs: EpochCache,
    producers: Producers,
    index_interval_bytes: u32,
    /// Broker time that stands for the lost time of appending: the file's modification.
    modified_ms: i64,
    /// What stands behind the whole segment.
    behind_all: Option<Behind>,
    /// What the shell saw behind the position, once it was asked.
    behind: Option<Behind>,
    known: Known,
    damaged: Vec<DamagedRange>,
}

/// What the scan knows when it begins.
#[derive(Debug)]
pub struct ScanStart {
    pub place: Place,
    /// Base offset of the segment after this one.
    pub next_base: Option<Offset>,
    /// The segment so far: empty, or as the checkpoint had it.
    pub segment: Segment,
    pub epochs: EpochCache,
    pub producers: Producers,
    pub index_interval_bytes: u32,
    pub modified_ms: i64,
    /// What stands behind the whole segment, where the shell knows it: later segments.
    pub behind: Option<Behind>,
    pub known: Known,
}

/// Batches that are known from elsewhere, in order: leader epoch and base offset, and the CRC.
/// One that the file has otherwise is not what was written there.
#[derive(Clone, Debug, Default)]
pub struct Known(pub Rc<[((LeaderEpoch, Offset), u32)]>);

impl Known {
    fn contradicts(&self, header: &BatchHeader) -> bool {
        let name = (LeaderEpoch(header.leader_epoch), Offset(header.base_offset));
        let found = self.0.binary_search_by_key(&name, |(known, _)| *known);
        found.is_ok_and(|at| self.0[at].1 != header.crc)
    }
}

/// What the shell does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanStep {
    /// Read at least `bytes` from `position` and call `step` again.
    Read { position: u64, bytes: usize },
    /// What to do depends on what stands further behind: look there, tell `behind`, and call
    /// `step` again with the same window.
    LookBehind { finding: Finding },
    /// The scan is over, or, with `Verdict::Quarantine`, at damage: `skip` leads over it.
    Done { verdict: Verdict, finding: Finding },
}

/// What a scan leaves.
#[derive(Debug)]
pub struct Scanned {
    pub segment: Segment,
    pub epochs: EpochCache,
    pub producers: Producers,
    /// What was skipped.
    pub damaged: Vec<DamagedRange>,
}

impl Scan {
    #[must_use]
    pub fn begin(start: ScanStart) -> Self {
        Scan {
            place: start.place,
            next_base: start.next_base,
            expected: start.segment.end,
            segment: start.segment,
            epochs: start.epochs,
            producers: start.producers,
            index_interval_bytes: start.index_interval_bytes,
            modified_ms: start.modified_ms,
            behind_all: start.behind,
            behind: start.behind,
            known: start.known,
            damaged: Vec::new(),
        }
    }

    /// Where the next unread byte is.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.segment.bytes
    }

    /// The offset that the next batch should have.
    #[must_use]
    pub fn expected(&self) -> Offset {
        self.expected
    }

    /// Where the segment's offsets end, as far as is known before it was read.
    #[must_use]
    pub fn offset_limit(&self) -> Offset {
        self.next_base.unwrap_or(Offset(i64::MAX))
    }

    /// The answer to `ScanStep::LookBehind`.
    pub fn behind(&mut self, behind: Behind) {
        self.behind = Some(behind);
    }

    /// Goes on at `position`, where a sound batch at `next` stands or the segment ends; what
    /// is in between is damaged.
    pub fn skip(&mut self, finding: Finding, (position, next): (u64, Offset)) {
        assert!(position >= self.segment.bytes, "a scan goes forward");
        self.behind = self.behind_all;
        if next <= self.expected {
            return;
        }
        self.damaged.push(DamagedRange {
            segment: self.segment.base,
            from: self.segment.bytes,
            upto: position,
            first: self.expected,
            next,
            finding,
        });
        self.segment.step_over((position, next), self.modified_ms);
        self.expected = next;
    }

    /// Takes in the batches of `window`, whose first byte is at `position()`. `is_last` says
    /// that the file ends where the window does.
    pub fn step(&mut self, window: &[u8], is_last: bool) -> ScanStep {
        let mut rest = window;
        loop {
            let reached_next = self.next_base.is_some_and(|next| self.expected >= next);
            let (finding, view) = match self.inspect(rest, is_last) {
                Inspected::More { bytes } if !reached_next => {
                    return ScanStep::Read { position: self.segment.bytes, bytes };
                }
                Inspected::More { .. } => (Finding::Torn, None),
                Inspected::Found(finding, view) => (finding, view),
            };
            let case = RecoveryCase { place: self.place, reached_next, finding };
            let decided = case.plain_verdict().or_else(|| Some(verdict(case, self.behind?)));
            match (decided, view) {
                (None, _) => return ScanStep::LookBehind { finding },
                (Some(Verdict::Accept), Some(view)) => {
                    self.accept(&view);
                    self.behind = self.behind_all;
                    rest = &rest[view.total_len()..];
                }
                (Some(verdict), _) => return ScanStep::Done { verdict, finding },
            }
        }
    }

    fn inspect<'a>(&self, rest: &'a [u8], is_last: bool) -> Inspected<'a> {
        let Some(fixed) = rest.first_chunk::<HEADER_BYTES>() else {
            return match (is_last, rest.is_empty()) {
                (false, _) => Inspected::More { bytes: HEADER_BYTES },
                (true, true) => Inspected::Found(Finding::End, None),
                (true, false) if rest.iter().all(|byte| *byte == 0) => {
                    Inspected::Found(Finding::Zeros, None)
                }
                (true, false) => Inspected::Found(Finding::Torn, None),
            };
        };
        if fixed.iter().all(|byte| *byte == 0) {
            return Inspected::Found(Finding::Zeros, None);
        }
        let header = BatchHeader::read(fixed);
        let len = header.total_len();
        let in_bounds = len <= BATCH_BYTES_MAX as usize && header.last_offset_delta >= 0;
        if header.check_shape().is_err() || !in_bounds || header.base_offset < 0 {
            return Inspected::Found(Finding::Malformed, None);
        }
        if len > rest.len() {
            return match is_last {
                true => Inspected::Found(Finding::Torn, None),
                false => Inspected::More { bytes: len },
            };
        }
        match BatchView::parse(rest) {
            Ok(view) => match self.judge(&view, &rest[len..], is_last) {
                Some(finding) => Inspected::Found(finding, Some(view)),
                None => Inspected::More { bytes: len + HEADER_BYTES },
            },
            Err(_) => Inspected::Found(Finding::Malformed, None),
        }
    }

    /// `None`: the header behind the batch is needed too.
    fn judge(&self, view: &BatchView<'_>, behind: &[u8], is_last: bool) -> Option<Finding> {
        if !view.crc_valid() {
            return Some(Finding::BadCrc);
        }
        if self.known.contradicts(view.header()) {
            return Some(Finding::Misdirected);
        }
        let (base, epoch) = (Offset(view.base_offset()), view.header().leader_epoch);
        let latest = self.epochs.latest().map_or(0, |latest| latest.0);
        if base < self.expected {
            return Some(Finding::OffsetBehind);
        }
        if epoch < latest {
            return Some(Finding::EpochBack);
        }
        if base == self.expected && epoch == latest {
            return Some(Finding::Sound);
        }
        // Offset and epoch have no CRC. Where they jump, the next batch has to agree.
        let next = behind.first_chunk::<HEADER_BYTES>().map(BatchHeader::read);
        if next.is_none() && !is_last {
            return None;
        }
        let contradicts = |next: &BatchHeader| {
            let epoch_back = (latest..epoch).contains(&next.leader_epoch);
            let offset_back = next.base_offset < view.header().next_offset();
            next.check_shape().is_ok() && (offset_back || epoch_back)
        };
        Some(match next {
            Some(next) if contradicts(&next) => Finding::Misnumbered,
            _ if base > self.expected => Finding::OffsetGap,
            _ => Finding::Sound,
        })
    }

    fn accept(&mut self, view: &BatchView<'_>) {
        let h = view.header();
        let placed = PlacedBatch {
            base: Offset(h.base_offset),
            end: Offset(h.next_offset()),
            bytes: view.total_len() as u64,
            max_timestamp: h.max_timestamp,
            epoch: LeaderEpoch(h.leader_epoch),
            crc: h.crc,
        };
        self.segment.push(&placed, self.index_interval_bytes, self.modified_ms);
        self.epochs.note(placed.epoch, placed.base);
        if h.producer_id >= 0 && h.base_sequence >= 0 {
            let sequenced = Sequenced {
                id: ProducerId(h.producer_id),
                epoch: ProducerEpoch(h.producer_epoch),
                first_sequence: h.base_sequence,
                records: h.last_offset_delta.saturating_add(1),
            };
            let produced = ProducedBatch {
                first_sequence: h.base_sequence,
                last_sequence: sequenced.last_sequence(),
                base: placed.base,
                end: placed.end,
                timestamp_ms: h.max_timestamp,
            };
            self.producers.note(&sequenced, produced, self.modified_ms);
        }
        self.expected = placed.end;
    }

    /// The sound part: `[0, segment.bytes)` of the file.
    #[must_use]
    pub fn finish(self) -> Scanned {
        Scanned {
            segment: self.segment,
            epochs: self.epochs,
            producers: self.producers,
            damaged: self.damaged,
        }
    }
}

enum Inspected<'a> {
    More { bytes: usize },
    Found(Finding, Option<BatchView<'a>>),
}
