//! An answer's body: bytes that are in memory, and records that are promised.
//!
//! The parts leave in order. Records may have their first piece with them; whoever sends the body
//! takes the others, may let go of what he has and take it again, and knows how far he is. Nothing
//! here waits. Invariants: a part that is in the queue has bytes to send; what is held of records
//! is their beginning.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::{Buf, Bytes};
use millstream_engine::ids::Offset;
use millstream_shards::sync::Permit;
use millstream_shards::{Parts, SharedFile};
use millstream_wire::Uuid;
use millstream_wire::batch::unfinished;
use millstream_wire::frame::{EncodedResponse, Part as HeadPart};

use super::read::PieceCall;
use crate::storage::{Content, Form, Piece, Promise, Promised};

/// What is sent in place of records that cannot be had.
static ZEROS: [u8; 1 << 20] = [0; 1 << 20];
/// Of a batch that is none.
const UNKNOWN_EPOCH: i32 = -1;

/// What a connection sends for one request, or for several in a row.
#[derive(Default)]
pub struct Body {
    parts: VecDeque<Part>,
    /// For the pieces in memory that came with their promises; `None` when none is held.
    room: Option<Permit>,
    /// Records that have a piece in memory with them.
    pieces: usize,
}

enum Part {
    Bytes(Bytes),
    Records(Records),
}

impl Part {
    fn bytes(&self) -> usize {
        match self {
            Part::Bytes(bytes) => bytes.len(),
            Part::Records(records) => records.bytes(),
        }
    }
}

/// Promised records of one partition.
pub struct Records {
    partition: (Uuid, i32),
    promise: Promise,
    piece: Option<Piece>,
    /// For a piece that was taken later than the promise.
    room: Option<Permit>,
    /// Bytes from the promise's beginning on that have left.
    sent: usize,
    /// Whole batches have left before those.
    has_begun: bool,
    /// What the next piece may be.
    form: Form,
}

impl Records {
    #[must_use]
    pub fn new(partition: (Uuid, i32), found: Promised) -> Records {
        let (promise, piece) = (found.promise, found.ready);
        let (room, form) = (None, Form::Any);
        Records { partition, promise, piece, room, sent: 0, has_begun: false, form }
    }

    fn bytes(&self) -> usize {
        self.promise.bytes() - self.sent
    }

    /// The piece in hand has left.
    fn pass(&mut self) {
        if let Some(piece) = self.piece.take() {
            self.pass_over(&piece);
        }
        (self.room, self.sent) = (None, 0);
    }

    fn pass_over(&mut self, piece: &Piece) {
        self.promise.advance(piece);
        self.has_begun = true;
    }

    /// Bytes in place of these records that clients drop: a part of a batch.
    fn filler(&self) -> impl Iterator<Item = Bytes> + use<> {
        let (first, room) = (self.promise.first_offset().0, self.bytes());
        let header = unfinished(first, UNKNOWN_EPOCH, room);
        let rest = room - header.len();
        let zeros = (0..rest).step_by(ZEROS.len());
        let zeros = zeros.map(move |at| Bytes::from_static(&ZEROS[..ZEROS.len().min(rest - at)]));
        std::iter::once(Bytes::copy_from_slice(&header)).chain(zeros)
    }

    fn is_in_memory(&self) -> bool {
        self.piece.as_ref().is_some_and(Piece::is_in_memory)
    }

    /// What of the piece in hand has not left, where it is in memory.
    fn unsent(&self) -> impl Iterator<Item = Bytes> {
        let mut skip = self.sent;
        self.piece.iter().flat_map(Piece::extents).filter_map(move |extent| {
            let skipped = skip.min(extent.len());
            skip -= skipped;
            (skipped < extent.len()).then(|| extent.slice(skipped..))
        })
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes in {} parts", self.bytes(), self.parts.len())
    }
}

impl From<Vec<Bytes>> for Body {
    fn from(parts: Vec<Bytes>) -> Body {
        let parts = parts.into_iter().filter(|part| !part.is_empty()).map(Part::Bytes).collect();
        Body { parts, room: None, pieces: 0 }
    }
}

impl Body {
    /// Puts the records into the gaps of their head, in order. `room` is what their first pieces
    /// take up.
    ///
    /// # Panics
    /// If the gaps are not as long as the records: such an answer would shift all that follow.
    #[must_use]
    pub fn around(head: EncodedResponse, records: Vec<Records>, room: Option<Permit>) -> Body {
        let mut records = records.into_iter();
        let mut body = Body { room, ..Body::default() };
        for part in head.parts {
            body.parts.push_back(match part {
                HeadPart::Bytes(bytes) => Part::Bytes(bytes),
                HeadPart::Gap(len) => {
                    let records = records.next().expect("every gap has its records");
                    assert_eq!(records.bytes(), len as usize, "records are as long as their gap");
                    body.pieces += usize::from(records.is_in_memory());
                    Part::Records(records)
                }
            });
        }
        assert!(records.next().is_none(), "all records have a gap");
        body.keep_room_for_pieces();
        body
    }

    /// Puts another answer behind this one; both must be in memory as a whole.
    pub fn append(&mut self, other: Body) {
        debug_assert!(self.room.is_none() && other.room.is_none());
        self.parts.extend(other.parts);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Slices that `in_memory` would give, about.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Bytes that have not left.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(Part::bytes).sum()
    }

    /// Whether more than so many bytes have not left: looks at no more parts than it must.
    #[must_use]
    pub fn is_longer_than(&self, bytes: usize) -> bool {
        let mut left = bytes;
        self.parts.iter().any(|part| match left.checked_sub(part.bytes()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
    }

    /// What can leave now, `parts_max` slices at most. Empty: it is in a file, or a piece must be
    /// taken first.
    #[must_use]
    pub fn in_memory(&self, parts_max: usize) -> Parts {
        let mut ready = Parts::new();
        for part in &self.parts {
            if ready.len() >= parts_max {
                break;
            }
            match part {
                Part::Bytes(bytes) => ready.push(bytes.clone()),
                Part::Records(records) => {
                    ready.extend(records.unsent());
                    let extents = records.piece.iter().flat_map(Piece::extents);
                    let held: usize = extents.map(Bytes::len).sum();
                    if held < records.promise.bytes() {
                        break;
                    }
                }
            }
        }
        ready.truncate(parts_max);
        ready
    }

    /// What leaves next, if it is in a file.
    #[must_use]
    pub fn in_file(&self) -> Option<(SharedFile, Range<u64>)> {
        let Some(Part::Records(records)) = self.parts.front() else { return None };
        let piece = records.piece.as_ref()?;
        let Content::File(file, from) = piece.content() else { return None };
        let range = from + records.sent as u64..from + piece.bytes() as u64;
        Some((file.clone(), range))
    }

    /// What `in_file` gave cannot be sent from there any more; the next piece is of this form.
    pub fn not_in_file(&mut self, form: Form) {
        if let Some(Part::Records(records)) = self.parts.front_mut() {
            (records.piece, records.form) = (None, form);
        }
    }

    /// The first bytes of what `in_memory` or `in_file` gave have left.
    pub fn advance(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let Some(front) = self.parts.front_mut() else { return };
            let is_done = match front {
                Part::Bytes(part) => {
                    let taken = bytes.min(part.len());
                    part.advance(taken);
                    bytes -= taken;
                    part.is_empty()
                }
                Part::Records(records) => {
                    let Some(piece) = &records.piece else { return };
                    let left = piece.bytes() - records.sent;
                    if bytes < left {
                        records.sent += bytes;
                        return;
                    }
                    bytes -= left;
                    self.pieces -= usize::from(piece.is_in_memory());
                    records.pass();
                    records.promise.is_empty()
                }
            };
            if is_done {
                self.parts.pop_front();
            }
        }
        self.keep_room_for_pieces();
    }

    /// Lets go of all pieces in memory: they can be taken again.
    pub fn let_go(&mut self) {
        for part in &mut self.parts {
            if let Part::Records(records) = part
                && records.is_in_memory()
            {
                (records.piece, records.room) = (None, None);
            }
        }
        self.pieces = 0;
        self.room = None;
    }

    #[must_use]
    pub fn holds_pieces(&self) -> bool {
        self.pieces > 0
    }

    /// The call for the next piece, of at most `bytes_max` bytes.
    #[must_use]
    pub fn next_piece(&self, bytes_max: usize) -> Option<PieceCall> {
        let Some(Part::Records(records)) = self.parts.front() else { return None };
        let (topic_id, index) = records.partition;
        let bytes_max = bytes_max.min(records.promise.bytes());
        let (promise, form) = (records.promise, records.form);
        Some(PieceCall { topic_id, index, promise, bytes_max, form })
    }

    /// The answer to `next_piece`, and the room that it takes up.
    pub fn put_piece(&mut self, piece: Piece, room: Permit) {
        let Some(Part::Records(records)) = self.parts.front_mut() else { return };
        let bytes = piece.bytes();
        if bytes <= records.sent {
            // All of it left before it was let go.
            records.sent -= bytes;
            records.pass_over(&piece);
            return;
        }
        records.form = Form::Any;
        // What lies in the page cache is not ours to count.
        let is_in_memory = piece.is_in_memory();
        records.room = Some(room).filter(|_| is_in_memory);
        records.piece = Some(piece);
        self.pieces += usize::from(is_in_memory);
    }

    /// Ends the records at the front with what has left of them, and gives the offset that is not
    /// among them any more; `None` where that is no whole batch: a client would wait for more of
    /// it, or could not go on. The length that its head has told is filled.
    pub fn end_records(&mut self) -> Option<Offset> {
        let Some(Part::Records(records)) = self.parts.front() else { return None };
        if !records.has_begun || records.sent > 0 || records.piece.is_some() {
            return None;
        }
        let first = records.promise.first_offset();
        let filler: Vec<Part> = records.filler().map(Part::Bytes).collect();
        self.parts.pop_front();
        filler.into_iter().rev().for_each(|part| self.parts.push_front(part));
        Some(first)
    }

    fn keep_room_for_pieces(&mut self) {
        if self.pieces == 0 {
            self.room = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[&'static [u8]]) -> Body {
        parts.iter().map(|part| Bytes::from_static(part)).collect::<Vec<_>>().into()
    }

    #[test]
    fn what_has_left_is_not_sent_again() {
        for sent in 0..=6 {
            let mut body = body(&[b"abc", b"", b"de", b"f"]);
            assert_eq!((body.parts(), body.bytes()), (3, 6), "empty parts are left out");
            body.advance(sent);
            assert_eq!(body.in_memory(10).concat(), b"abcdef"[sent..], "after {sent}");
            assert_eq!((body.bytes(), body.is_empty()), (6 - sent, sent == 6));
            let longer = (0..8).filter(|bytes| body.is_longer_than(*bytes)).count();
            assert_eq!(longer, 6 - sent, "than any smaller number");
        }
    }

    #[test]
    fn no_more_parts_are_given_than_one_write_takes() {
        let mut body = body(&[b"a", b"b", b"c"]);
        assert_eq!(body.in_memory(2).concat(), b"ab");
        body.advance(2);
        assert_eq!(body.in_memory(2).concat(), b"c");
    }
}
