//! Cuts whole batches out of bytes that were read from a segment file.
//!
//! The bytes start at a batch boundary at or before the wanted offset and may end anywhere.
//! Headers alone are looked at; the CRC was checked when the batch came in and is checked
//! again by the client.

use millstream_wire::batch::{BatchHeader, HEADER_BYTES};

use super::recent::Take;
use crate::ids::Offset;

/// What a window of file bytes holds for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sliced {
    /// `[start, end)` of the window are whole batches, from the one with the wanted offset.
    Batches { start: usize, end: usize, next: Offset },
    /// The wanted batch begins at `start` and needs `bytes` from there.
    More { start: usize, bytes: usize },
    /// No batch for this reader: the end, or `upto`, or the first one is too large.
    Nothing,
    /// The bytes at `at` are not a batch.
    Damaged { at: usize },
}

/// Finds the batches of `window` that hold `from` and follow it, as far as `take` allows.
#[must_use]
pub fn slice_batches(window: &[u8], from: Offset, take: &Take) -> Sliced {
    let mut at = 0;
    let mut found: Option<(usize, Offset)> = None;
    loop {
        let rest = &window[at..];
        let Some(fixed) = rest.first_chunk::<HEADER_BYTES>() else {
            return finish(found, at, HEADER_BYTES);
        };
        let header = BatchHeader::read(fixed);
        if header.check_shape().is_err() || header.next_offset() <= header.base_offset {
            return match found {
                Some((start, next)) if at > start => Sliced::Batches { start, end: at, next },
                _ => Sliced::Damaged { at },
            };
        }
        let (len, next) = (header.total_len(), Offset(header.next_offset()));
        if found.is_none() && next <= from {
            if len > rest.len() {
                return Sliced::More { start: at + len, bytes: HEADER_BYTES };
            }
            at += len;
            continue;
        }
        let (start, _) = *found.get_or_insert((at, Offset(header.base_offset)));
        let fits = (at + len - start) as u64 <= take.bytes_max;
        let first = at == start;
        if next > take.upto || !(fits || first && take.at_least_one) {
            return finish_at(found, at);
        }
        if len > rest.len() {
            return finish(found, at, len);
        }
        at += len;
        found = Some((start, next));
    }
}

fn finish_at(found: Option<(usize, Offset)>, at: usize) -> Sliced {
    match found {
        Some((start, next)) if at > start => Sliced::Batches { start, end: at, next },
        _ => Sliced::Nothing,
    }
}

fn finish(found: Option<(usize, Offset)>, at: usize, bytes: usize) -> Sliced {
    match finish_at(found, at) {
        Sliced::Nothing => Sliced::More { start: at, bytes },
        done => done,
    }
}
