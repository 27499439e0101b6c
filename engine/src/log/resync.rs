//! Finding the next sound batch behind damage.
//!
//! A sound batch has a right CRC and a base offset that can follow: nothing less is believed,
//! since the bytes in between may be anything. Pure: the shell feeds windows of the file.

use std::ops::Range;

use millstream_wire::batch::{BatchHeader, BatchView, HEADER_BYTES};

use crate::ids::Offset;
use crate::limits::BATCH_BYTES_MAX;

/// Where the magic stands in a batch.
const MAGIC_AT: usize = 16;

/// A batch that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundBatch {
    /// Position in the window.
    pub at: usize,
    pub bytes: usize,
    pub base: Offset,
    pub next: Offset,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    Found(FoundBatch),
    /// Nothing before `at`; what stands there takes at least `bytes` to judge.
    More {
        at: usize,
        bytes: usize,
    },
    /// Nothing in the window, which was the last one.
    Nothing,
}

/// The first sound batch of `window` with a base offset in `offsets`. `is_last` says that
/// nothing follows the window.
#[must_use]
pub fn find_batch(window: &[u8], offsets: &Range<Offset>, is_last: bool) -> Search {
    let mut at = 0;
    while let Some(rest) = window.get(at..).filter(|rest| rest.len() >= HEADER_BYTES) {
        let behind = &rest[MAGIC_AT..rest.len() - (HEADER_BYTES - MAGIC_AT) + 1];
        let Some(skip) = behind.iter().position(|byte| *byte == 2) else {
            at += behind.len();
            break;
        };
        at += skip;
        match batch_at(&window[at..], offsets) {
            Candidate::Sound(batch) => return Search::Found(FoundBatch { at, ..batch }),
            Candidate::More { bytes } if !is_last => return Search::More { at, bytes },
            Candidate::More { .. } | Candidate::No => at += 1,
        }
    }
    if is_last { Search::Nothing } else { Search::More { at, bytes: HEADER_BYTES } }
}

/// What stands at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    Sound(FoundBatch),
    /// It may be a batch; that many bytes tell.
    More {
        bytes: usize,
    },
    No,
}

/// Judges the batch that `bytes` begin with.
#[must_use]
pub fn batch_at(bytes: &[u8], offsets: &Range<Offset>) -> Candidate {
    let Some(fixed) = bytes.first_chunk::<HEADER_BYTES>() else {
        return Candidate::More { bytes: HEADER_BYTES };
    };
    let header = BatchHeader::read(fixed);
    let (base, len) = (Offset(header.base_offset), header.total_len());
    let plausible = offsets.contains(&base)
        && header.check_shape().is_ok()
        && len <= BATCH_BYTES_MAX as usize
        && header.last_offset_delta >= 0
        && header.next_offset() <= offsets.end.0;
    if !plausible {
        return Candidate::No;
    }
    if bytes.len() < len {
        return Candidate::More { bytes: len };
    }
    match BatchView::parse(bytes) {
        Ok(view) if view.crc_valid() => {
            let next = Offset(header.next_offset());
            Candidate::Sound(FoundBatch { at: 0, bytes: len, base, next })
        }
        _ => Candidate::No,
    }
}

/// The length that a damaged batch's header claims, if the header looks like one: behind it
/// the next batch may stand.
#[must_use]
pub fn claimed_len(bytes: &[u8]) -> Option<usize> {
    let header = BatchHeader::read(bytes.first_chunk::<HEADER_BYTES>()?);
    let len = header.total_len();
    (header.check_shape().is_ok() && len <= BATCH_BYTES_MAX as usize).then_some(len)
}
