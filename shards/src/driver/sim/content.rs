//! The bytes of one simulated file: sparse, shared until changed.
//!
//! Pure. A file is a map of 4096-byte chunks; a chunk that is not there is zeros, so that
//! reserved and prewritten space costs nothing, and clones share chunks. A write is cut into
//! `Piece`s, one a chunk, which a whole chunk's new owner shares rather than copies.
//! Invariants: no chunk lies past the file's end, nor does a byte in a chunk that is not zero;
//! `space` says which chunks the device has given the file, and covers all in `chunks`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// The unit of space and of sharing; as large as a block of direct I/O.
pub(super) const CHUNK_BYTES: usize = 4096;
/// The unit that a crash leaves whole.
pub(super) const SECTOR_BYTES: usize = 512;

const CHUNK: u64 = CHUNK_BYTES as u64;

type Chunk = [u8; CHUNK_BYTES];
static ZEROS: Chunk = [0; CHUNK_BYTES];

/// The part of a write that lies in one chunk.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) chunk: u64,
    /// Bytes of the chunk, not empty.
    pub(super) from: usize,
    pub(super) upto: usize,
    /// `None` is zeros; else only `from..upto` counts.
    bytes: Option<Arc<Chunk>>,
}

impl Piece {
    /// Cuts a write of `parts`, one behind the other, at `offset`.
    pub(super) fn cut(offset: u64, parts: &[Bytes]) -> Vec<Piece> {
        let total: usize = parts.iter().map(Bytes::len).sum();
        let mut pieces = Vec::with_capacity(total / CHUNK_BYTES + 2);
        let mut source = Source { parts, at: 0 };
        let (mut at, end) = (offset, offset + total as u64);
        while at < end {
            let chunk = at / CHUNK;
            let from = (at % CHUNK) as usize;
            let upto = CHUNK_BYTES.min(from + (end - at) as usize);
            pieces.push(Piece { chunk, from, upto, bytes: source.take(from, upto) });
            at += (upto - from) as u64;
        }
        pieces
    }

    /// As `cut`, of at most `chunks` chunks.
    pub(super) fn cut_short(offset: u64, parts: &[Bytes], chunks: Option<usize>) -> Vec<Piece> {
        let mut pieces = Piece::cut(offset, parts);
        pieces.truncate(chunks.unwrap_or(usize::MAX));
        pieces
    }

    fn is_whole(&self) -> bool {
        self.upto - self.from == CHUNK_BYTES
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes.as_deref().unwrap_or(&ZEROS)[self.from..self.upto]
    }

    /// Offset in the file of its first byte, and of the one after its last.
    pub(super) fn range(&self) -> Range<u64> {
        self.chunk * CHUNK + self.from as u64..self.chunk * CHUNK + self.upto as u64
    }

    /// The same bytes in another chunk.
    pub(super) fn moved(&self, chunk: u64) -> Piece {
        Piece { chunk, ..self.clone() }
    }

    /// The parts of it that lie in one sector each.
    pub(super) fn sectors(&self) -> impl Iterator<Item = Piece> {
        self.split(SECTOR_BYTES)
    }

    /// Cut at every multiple of `unit`, which divides a chunk.
    pub(super) fn split(&self, unit: usize) -> impl Iterator<Item = Piece> {
        (self.from / unit..self.upto.div_ceil(unit)).map(move |n| Piece {
            from: self.from.max(n * unit),
            upto: self.upto.min((n + 1) * unit),
            ..self.clone()
        })
    }

    /// What of it lies outside `cover`, a range of the file.
    pub(super) fn without(&self, cover: &Range<u64>) -> impl Iterator<Item = Piece> {
        let base = self.chunk * CHUNK;
        let inside = |at: u64| at.saturating_sub(base).min(CHUNK) as usize;
        let (from, upto) = (inside(cover.start), inside(cover.end));
        let before = Piece { upto: self.upto.min(from), ..self.clone() };
        let after = Piece { from: self.from.max(upto), ..self.clone() };
        [before, after].into_iter().filter(|piece| piece.from < piece.upto)
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.range(), if self.bytes.is_some() { "" } else { " zeros" })
    }
}

/// Reads through the parts of a write.
struct Source<'a> {
    parts: &'a [Bytes],
    at: usize,
}

impl Source<'_> {
    /// A chunk with the next bytes at `from..upto`; `None` if they are zeros.
    fn take(&mut self, from: usize, upto: usize) -> Option<Arc<Chunk>> {
        let len = upto - from;
        while self.parts.first().is_some_and(|part| self.at == part.len()) {
            self.parts = &self.parts[1..];
            self.at = 0;
        }
        let first = self.parts.first().map_or(&[][..], |part| &part[self.at..]);
        if first.len() >= len {
            self.at += len;
            let here = &first[..len];
            return (*here != ZEROS[..len]).then(|| {
                let mut chunk = Arc::new(ZEROS);
                Arc::make_mut(&mut chunk)[from..upto].copy_from_slice(here);
                chunk
            });
        }
        let mut chunk = Arc::new(ZEROS);
        let room = &mut Arc::make_mut(&mut chunk)[from..upto];
        let mut filled = 0;
        while filled < len {
            let part = &self.parts[0][self.at..];
            let n = part.len().min(len - filled);
            room[filled..filled + n].copy_from_slice(&part[..n]);
            (filled, self.at) = (filled + n, self.at + n);
            if n == part.len() {
                self.parts = &self.parts[1..];
                self.at = 0;
            }
        }
        (*chunk != ZEROS).then_some(chunk)
    }
}

/// The bytes of one file, its length, and the space it has.
#[derive(Clone, Default)]
pub(super) struct Content {
    len: u64,
    chunks: BTreeMap<u64, Arc<Chunk>>,
    space: Space,
}

impl Content {
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Chunks that the device has given to this file.
    pub(super) fn space(&self) -> u64 {
        self.space.0.iter().map(|given| given.end - given.start).sum()
    }

    /// Chunks that a write or reservation of this range would need.
    pub(super) fn space_missing(&self, bytes: &Range<u64>) -> u64 {
        self.space.missing(&chunks_of(bytes))
    }

    pub(super) fn read(&self, offset: u64, buf: &mut [u8]) -> usize {
        let len = self.len.saturating_sub(offset).min(buf.len() as u64) as usize;
        let mut done = 0;
        while done < len {
            let at = offset + done as u64;
            let from = (at % CHUNK) as usize;
            let n = (CHUNK_BYTES - from).min(len - done);
            let chunk = self.chunks.get(&(at / CHUNK)).map_or(&ZEROS, |chunk| &**chunk);
            buf[done..done + n].copy_from_slice(&chunk[from..from + n]);
            done += n;
        }
        len
    }

    /// Whether the file has exactly these bytes there.
    pub(super) fn holds(&self, piece: &Piece) -> bool {
        let chunk = self.chunks.get(&piece.chunk).map_or(&ZEROS, |chunk| &**chunk);
        piece.range().end <= self.len && chunk[piece.from..piece.upto] == *piece.bytes()
    }

    pub(super) fn write(&mut self, piece: &Piece) {
        self.reserve(&piece.range());
        if piece.is_whole() {
            match &piece.bytes {
                Some(bytes) => self.chunks.insert(piece.chunk, bytes.clone()),
                None => self.chunks.remove(&piece.chunk),
            };
        } else if piece.bytes.is_some() || self.chunks.contains_key(&piece.chunk) {
            let chunk = self.chunks.entry(piece.chunk).or_insert_with(|| Arc::new(ZEROS));
            Arc::make_mut(chunk)[piece.from..piece.upto].copy_from_slice(piece.bytes());
        }
    }

    /// Gives the range space, and makes the file at least as long as its end.
    pub(super) fn reserve(&mut self, bytes: &Range<u64>) {
        self.len = self.len.max(bytes.end);
        self.space.add(chunks_of(bytes));
    }

    pub(super) fn set_len(&mut self, len: u64) {
        if len < self.len {
            self.chunks.split_off(&len.div_ceil(CHUNK));
            self.space.cut(len.div_ceil(CHUNK));
            if let Some(last) = self.chunks.get_mut(&(len / CHUNK)) {
                Arc::make_mut(last)[(len % CHUNK) as usize..].fill(0);
            }
        }
        self.len = len;
    }

    /// Returns false if there is no such bit.
    pub(super) fn flip(&mut self, bit: u64) -> bool {
        let (at, mask) = (bit / 8, 1 << (bit % 8));
        if at >= self.len {
            return false;
        }
        let chunk = self.chunks.entry(at / CHUNK).or_insert_with(|| Arc::new(ZEROS));
        Arc::make_mut(chunk)[(at % CHUNK) as usize] ^= mask;
        self.space.add(at / CHUNK..at / CHUNK + 1);
        true
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, {} chunks not zero", self.len, self.chunks.len())
    }
}

fn chunks_of(bytes: &Range<u64>) -> Range<u64> {
    bytes.start / CHUNK..bytes.end.div_ceil(CHUNK)
}

/// Ranges of chunks, sorted, not touching each other.
#[derive(Clone, Default)]
struct Space(Vec<Range<u64>>);

impl Space {
    fn add(&mut self, new: Range<u64>) {
        if new.is_empty() || self.missing(&new) == 0 {
            return;
        }
        let first = self.0.partition_point(|old| old.end < new.start);
        let after = self.0.partition_point(|old| old.start <= new.end);
        let joined = self.0[first..after]
            .iter()
            .fold(new, |sum, old| sum.start.min(old.start)..sum.end.max(old.end));
        self.0.splice(first..after, [joined]);
    }

    fn missing(&self, wanted: &Range<u64>) -> u64 {
        let first = self.0.partition_point(|old| old.end <= wanted.start);
        let touching = self.0[first..].iter().take_while(|old| old.start < wanted.end);
        let have: u64 =
            touching.map(|old| old.end.min(wanted.end) - old.start.max(wanted.start)).sum();
        wanted.end - wanted.start - have
    }

    fn cut(&mut self, end: u64) {
        self.0.retain_mut(|old| {
            old.end = old.end.min(end);
            old.start < old.end
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// The same changes to a plain vector must give the same bytes.
    #[test]
    fn content_is_what_a_plain_vector_would_be() {
        let mut random = Random::from_seed(1);
        for _ in 0..50 {
            let (mut content, mut plain) = (Content::default(), Vec::new());
            for _ in 0..40 {
                let offset = random.below(20_000) as usize;
                match random.below(5) {
                    0 => {
                        content.set_len(offset as u64);
                        plain.resize(offset, 0);
                    }
                    1 if !plain.is_empty() => {
                        let bit = random.below(plain.len() as u64 * 8);
                        assert!(content.flip(bit));
                        plain[(bit / 8) as usize] ^= 1 << (bit % 8);
                    }
                    _ => {
                        let byte = random.below(2) as u8 * 7;
                        let part = |len: u64| Bytes::from(vec![byte; len as usize]);
                        let parts =
                            [part(random.below(9000)), part(0), part(1 + random.below(9000))];
                        Piece::cut(offset as u64, &parts).iter().for_each(|p| content.write(p));
                        let bytes = parts.concat();
                        plain.resize(plain.len().max(offset + bytes.len()), 0);
                        plain[offset..offset + bytes.len()].copy_from_slice(&bytes);
                    }
                }
                let mut read = vec![1; plain.len() + 10];
                let n = content.read(0, &mut read);
                assert!(read[..n] == plain, "{n} of {}", plain.len());
                let used = content.chunks.keys().all(|c| content.space.missing(&(*c..c + 1)) == 0);
                assert!(used, "a chunk without space");
            }
        }
    }

    #[test]
    fn space_is_counted_once() {
        let mut space = Space::default();
        for (range, missing) in [(2..4, 2), (6..8, 2), (3..7, 2), (0..10, 4), (5..5, 0)] {
            assert_eq!(space.missing(&range), missing, "{range:?} of {:?}", space.0);
            space.add(range);
        }
        assert_eq!((space.0.len(), space.0[0].clone()), (1, 0..10));
        space.cut(3);
        assert_eq!(space.missing(&(0..10)), 7);
    }

    #[test]
    fn zeros_cost_no_chunk_and_pieces_split_at_sectors() {
        let mut content = Content::default();
        let zeros = [Bytes::from(vec![0; 1 << 20])];
        Piece::cut(0, &zeros).iter().for_each(|piece| content.write(piece));
        assert_eq!((content.chunks.len(), content.len(), content.space()), (0, 1 << 20, 256));
        let pieces = Piece::cut(1000, &[Bytes::from(vec![1; 4000])]);
        let ranges: Vec<Range<u64>> = pieces.iter().map(Piece::range).collect();
        assert_eq!(ranges, [1000..4096, 4096..5000]);
        let sectors: Vec<Range<u64>> = pieces[0].sectors().map(|piece| piece.range()).collect();
        assert_eq!(sectors[..2], [1000..1024, 1024..1536]);
        assert_eq!(sectors.len(), 7);
        let left: Vec<Range<u64>> = pieces[0].without(&(1100..1200)).map(|p| p.range()).collect();
        assert_eq!(left, [1000..1100, 1200..4096]);
        assert_eq!(pieces[0].without(&(0..5000)).count(), 0);
        assert_eq!(pieces[0].without(&(5000..6000)).count(), 1);
    }
}
