//! Cuts whole, sound batches out of bytes that were read from a segment file.
//!
//! The bytes start at a batch boundary at or before the wanted offset and may end anywhere.
//! Nothing is given out that does not check out: the CRC of each batch, and what no CRC covers,
//! its offset and epoch, against what the log knows. The disk may have changed bytes since they
//! were written, and not every client looks at the CRC.

use millstream_wire::batch::{BatchHeader, BatchView, HEADER_BYTES};

use super::epochs::EpochCache;
use super::index::SparseIndex;
use super::recent::Take;
use super::recovery::Finding;
use crate::ids::Offset;
use crate::limits::BATCH_BYTES_MAX;

/// What the log knows of a stretch of batches before they are read.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// Offset of the first batch.
    pub first: Offset,
    /// Its position in the segment.
    pub position: u64,
    /// The segment's, which knows some of the batches.
    pub index: Option<&'a SparseIndex>,
    /// Offsets may be missing between batches.
    pub gaps: bool,
    pub epochs: &'a EpochCache,
}

/// What a window of file bytes holds for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sliced {
    /// `[start, end)` of the window are whole batches, from the one with the wanted offset.
    Batches { start: usize, end: usize, next: Offset },
    /// The batch at `start`, whose offset is `first`, needs `bytes` from there.
    More { start: usize, bytes: usize, first: Offset },
    /// No batch for this reader: the end, or `upto`, or the first one is too large.
    Nothing,
    /// What is at `at`, where offset `first` should be, is not what was written there.
    Damaged { at: usize, first: Offset, finding: Finding },
}

/// Finds the batches of `window` that hold `from` and follow it, as far as `take` allows.
#[must_use]
pub fn slice_batches(window: &[u8], stored: &Stored<'_>, from: Offset, take: &Take) -> Sliced {
    let (mut at, mut first) = (0, stored.first);
    let mut found: Option<(usize, Offset)> = None;
    loop {
        let rest = &window[at..];
        let done = |other: Sliced| match found {
            Some((start, next)) if at > start => Sliced::Batches { start, end: at, next },
            _ => other,
        };
        let Some(fixed) = rest.first_chunk::<HEADER_BYTES>() else {
            return done(Sliced::More { start: at, bytes: HEADER_BYTES, first });
        };
        let header = BatchHeader::read(fixed);
        if let Some(finding) = stored.fault_of(&header, first) {
            return done(Sliced::Damaged { at, first, finding });
        }
        let (len, next) = (header.total_len(), Offset(header.next_offset()));
        let wanted = next > from;
        let start = found.map_or(at, |(start, _)| start);
        let fits = (at + len - start) as u64 <= take.bytes_max || at == start && take.at_least_one;
        if wanted && !fits {
            return done(Sliced::Nothing);
        }
        if len > rest.len() {
            return done(Sliced::More { start: at, bytes: len, first });
        }
        let sound = BatchView::parse(rest).is_ok_and(|view| view.crc_valid());
        if !sound {
            return done(Sliced::Damaged { at, first, finding: Finding::BadCrc });
        }
        if stored.is_misdirected(&header, at) {
            return done(Sliced::Damaged { at, first, finding: Finding::Misdirected });
        }
        if wanted && next > take.upto {
            return done(Sliced::Nothing);
        }
        at += len;
        first = next;
        if wanted {
            found = Some((start, next));
        }
    }
}

impl Stored<'_> {
    /// Whether another batch was written at `at` of the window.
    fn is_misdirected(&self, header: &BatchHeader, at: usize) -> bool {
        self.index.is_some_and(|index| index.contradicts(self.position + at as u64, header.crc))
    }

    /// What is wrong with a header where `first` is due.
    fn fault_of(&self, header: &BatchHeader, first: Offset) -> Option<Finding> {
        let base = Offset(header.base_offset);
        let shaped = header.check_shape().is_ok()
            && header.total_len() <= BATCH_BYTES_MAX as usize
            && header.last_offset_delta >= 0;
        if !shaped {
            return Some(Finding::Malformed);
        }
        let in_place = if self.gaps { base >= first } else { base == first };
        // A batch without records stands for offsets that compaction took: of the epoch of what
        // came behind them, where that is all that was known.
        let epoch = self.epochs.epoch_of(base).is_none_or(|epoch| match header.record_count {
            0 => epoch.0 <= header.leader_epoch,
            _ => epoch.0 == header.leader_epoch,
        });
        (!in_place || !epoch).then_some(Finding::Misnumbered)
    }
}
