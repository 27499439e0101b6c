//! Promises: stretches of a log whose length a reader is told, and whose bytes he gets later.
//!
//! An answer's head says how long its records are before they are read. What was promised is taken
//! piece by piece, as the reader's socket has room: from tail blocks while they are in memory, else
//! from the segment's file, every batch checked once when it comes into the page cache. A promise
//! holds nothing: no block, no file. What cannot be had any more is a fault, and the reader's
//! answer ends early: its segment was cleaned or dropped meanwhile, or it is damaged; then the
//! damage is quarantined first, so that the next answer ends before it. Lives on the partition's
//! shard; promises and pieces travel.

use std::cmp::Ordering;
use std::rc::Rc;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::log::{Extent, Mark, Take};
use millstream_shards::SharedFile;

use super::fault::ReadRefusal;
use super::limits::{FAR_BEHIND_BYTES, FILE_PIECE_BYTES_MAX, READ_BYTES_MAX};
use super::partition::{Condition, Inner, PartitionLog};
use super::read::{Cold, FileRange, Located, Ready, Wanted, Window};
use super::readers::Source;

/// Whole batches of one segment, not taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    segment: Offset,
    from: Mark,
    upto: Mark,
    /// How often the segment had been cleaned.
    version: u64,
}

impl Promise {
    #[must_use]
    pub fn bytes(&self) -> usize {
        usize::try_from(self.upto.position - self.from.position).unwrap_or(usize::MAX)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.upto.position == self.from.position
    }

    #[cfg(test)]
    pub fn end_offset(&self) -> Offset {
        self.upto.offset
    }

    /// The offset of its first batch.
    #[must_use]
    pub fn first_offset(&self) -> Offset {
        self.from.offset
    }

    /// What is left behind a piece.
    pub fn advance(&mut self, piece: &Piece) {
        debug_assert!(self.from.position < piece.upto.position);
        debug_assert!(piece.upto.position <= self.upto.position);
        self.from = piece.upto;
    }
}

/// The first batches of a promise.
#[derive(Clone, Debug)]
pub struct Piece {
    content: Content,
    bytes: usize,
    upto: Mark,
}

/// Where a piece's bytes are.
#[derive(Clone, Debug)]
pub enum Content {
    Memory(Vec<Bytes>),
    /// In the page cache, checked: this file, from this position on.
    File(SharedFile, u64),
}

/// What a piece may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Any,
    /// In memory: the page cache did not have it any more.
    Memory,
}

impl Piece {
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        matches!(self.content, Content::Memory(_))
    }

    /// Its slices of memory; none of a piece that is in a file.
    #[must_use]
    pub fn extents(&self) -> &[Bytes] {
        match &self.content {
            Content::Memory(extents) => extents,
            Content::File(..) => &[],
        }
    }
}

/// What a reader may take now, and the first of it if that was wanted.
#[derive(Clone, Debug)]
pub struct Promised {
    pub promise: Promise,
    pub ready: Option<Piece>,
}

/// How much a reader takes.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub bytes_max: usize,
    /// The first batch even if it is larger.
    pub must_progress: bool,
    /// Nothing at or past this offset.
    pub upto: Offset,
    /// Bytes in memory to be given with the promise, at most.
    pub ready_max: usize,
}

/// Why a piece cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceFault {
    /// There is no memory for it now.
    NoMemory,
    /// Its first batch has so many bytes.
    Larger(usize),
    /// The records are not there any more, or not as they were.
    Gone(&'static str),
    Io(String),
}

impl std::fmt::Display for PieceFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PieceFault::NoMemory => f.write_str("there was no memory for promised records"),
            PieceFault::Larger(bytes) => write!(f, "a promised batch has {bytes} bytes"),
            PieceFault::Gone(why) => write!(f, "promised records are gone: {why}"),
            PieceFault::Io(error) => write!(f, "promised records cannot be read: {error}"),
        }
    }
}

impl From<ReadRefusal> for PieceFault {
    fn from(refusal: ReadRefusal) -> Self {
        match refusal {
            ReadRefusal::NoMemory => PieceFault::NoMemory,
            ReadRefusal::Closed => PieceFault::Gone("the partition has left"),
            ReadRefusal::Range(_) => PieceFault::Gone("they were deleted"),
            ReadRefusal::Io(error) => PieceFault::Io(error.to_string()),
        }
    }
}

impl PartitionLog {
    /// Promises whole batches from the one that holds `from` on, if no file is needed for that.
    pub fn try_promise(
        &self,
        from: Offset,
        share: Share,
    ) -> Option<Result<Option<Promised>, ReadRefusal>> {
        let found = self.0.try_locate(from, &share.take(), share.wanted())?;
        Some(found.map(|located| Some(self.0.promised(located?, share))))
    }

    /// Promises whole batches from the one that holds `from` on; `None` when there is nothing.
    pub async fn promise(
        &self,
        from: Offset,
        share: Share,
    ) -> Result<Option<Promised>, ReadRefusal> {
        let located = self.0.locate(from, &share.take(), share.wanted()).await?;
        Ok(located.map(|located| self.0.promised(located, share)))
    }

    /// The first batches of a promise that are in memory, if they are.
    #[must_use]
    pub fn try_piece(&self, promise: &Promise, bytes_max: usize) -> Option<Piece> {
        let take = promise.take(bytes_max);
        let extent = self.0.log.borrow().extent_in_memory(promise.from.offset, &take)?;
        let is_meant =
            extent.segment == promise.segment && extent.from.position == promise.from.position;
        is_meant.then(|| self.0.tail_slices(&extent).into())
    }

    /// The first batches of a promise: about `bytes_max`, one batch that is larger only from
    /// memory; more where they are sent as they lie in the page cache.
    pub async fn piece(
        &self,
        promise: &Promise,
        bytes_max: usize,
        form: Form,
    ) -> Result<Piece, PieceFault> {
        let inner = &self.0;
        let is_far_behind = form == Form::Any && inner.is_far_behind(promise);
        if is_far_behind && let Some(piece) = inner.piece_in_cache(promise) {
            return Ok(piece);
        }
        if let Some(piece) = self.try_piece(promise, bytes_max) {
            if is_far_behind && inner.is_better_brought(promise, &piece) {
                inner.rereads.set(inner.rereads.get().with_brought(piece.bytes() as u64));
                let brought = inner.piece_by_reading(promise, bytes_max).await;
                return Ok(brought.unwrap_or(piece));
            }
            return Ok(piece);
        }
        if matches!(&*inner.condition.borrow(), Condition::Closed) {
            return Err(ReadRefusal::Closed.into());
        }
        inner.used_ms.set(inner.shared.shard.wall_ms());
        inner.warm_up();
        if let Form::Any = form
            && let Some(piece) = inner.piece_in_cache(promise)
        {
            return Ok(piece);
        }
        inner.piece_by_reading(promise, bytes_max).await
    }
}

impl Share {
    fn take(&self) -> Take {
        let (bytes_max, at_least_one) = (self.bytes_max as u64, self.must_progress);
        Take { bytes_max, upto: self.upto, at_least_one }
    }

    fn wanted(&self) -> Wanted {
        Wanted::Stretch { ready_max: self.ready_max as u64 }
    }
}

impl Promise {
    fn take(&self, bytes_max: usize) -> Take {
        Take { bytes_max: bytes_max as u64, upto: self.upto.offset, at_least_one: true }
    }

    fn place(&self) -> FileRange {
        let Promise { segment, from, upto, .. } = *self;
        FileRange { segment, position: from.position, limit: upto.position, first: from.offset }
    }
}

impl From<Ready> for Piece {
    fn from(ready: Ready) -> Piece {
        let bytes = ready.extents.iter().map(Bytes::len).sum();
        Piece { content: Content::Memory(ready.extents), bytes, upto: ready.upto }
    }
}

impl Inner {
    fn promised(&self, located: Located, share: Share) -> Promised {
        let Extent { segment, from, upto } = located.extent;
        let version = self.cleaning.version(segment);
        let promise = Promise { segment, from, upto, version };
        let in_memory = located.ready.map(Piece::from);
        let in_memory = in_memory.filter(|piece| piece.bytes() <= share.ready_max);
        let is_far_behind = self.is_far_behind(&promise);
        let in_cache =
            (is_far_behind || in_memory.is_none()).then(|| self.piece_in_cache(&promise));
        let ready = in_cache.flatten().or_else(|| {
            in_memory.filter(|piece| !is_far_behind || !self.is_better_brought(&promise, piece))
        });
        Promised { promise, ready }
    }

    /// Whether the reader is not one who waits for what comes next.
    fn is_far_behind(&self, promise: &Promise) -> bool {
        let (placed, from) = (self.log.borrow().placed(), promise.from.position);
        match promise.segment.cmp(&placed.segment) {
            Ordering::Less => true,
            Ordering::Equal => placed.position >= from + FAR_BEHIND_BYTES,
            // No file has it yet.
            Ordering::Greater => false,
        }
    }

    /// Whether a piece that is in memory should come through the page cache this time, so that the
    /// next readers get it by `sendfile`. If not, it counts as taken.
    fn is_better_brought(&self, promise: &Promise, piece: &Piece) -> bool {
        if self.is_growing(promise.segment, piece.upto.position) || !self.is_current(promise) {
            return false;
        }
        let rereads = self.rereads.get();
        let is_due = rereads.are_many(self.tail.borrow().held_bytes());
        if !is_due {
            self.rereads.set(rereads.with_taken(piece.bytes() as u64));
        }
        is_due
    }

    /// Whether the promise's segment is the one that it was made for.
    fn is_current(&self, promise: &Promise) -> bool {
        let there = self.log.borrow().segment(promise.segment).is_some();
        there && self.cleaning.version(promise.segment) == promise.version
    }

    /// How much to read for a piece: up to the farthest batch boundary that is known.
    fn window(&self, promise: &Promise, bytes_max: usize) -> Window {
        let max = bytes_max as u64;
        let rest = Some(promise.upto).filter(|_| promise.bytes() <= bytes_max);
        let known = rest.or_else(|| self.boundary(promise, max));
        let first = known.map_or(max, |end| end.position - promise.from.position);
        Window { first: first.min(READ_BYTES_MAX), max }
    }

    fn boundary(&self, promise: &Promise, bytes_max: u64) -> Option<Mark> {
        let take = promise.take(usize::try_from(bytes_max).unwrap_or(usize::MAX));
        self.log.borrow().boundary_in_file(promise.segment, promise.from, &take)
    }

    /// What was checked leaves from the page cache as it lies there, if it is still there when its
    /// turn comes: it holds nothing until then.
    fn piece_in_cache(&self, promise: &Promise) -> Option<Piece> {
        let from = promise.from.position;
        let reach = promise.upto.position.min(from + FILE_PIECE_BYTES_MAX);
        let found = self.is_current(promise).then(|| self.sound_file(promise.segment, from))?;
        let (file, sound_upto) = found?;
        let upto = match sound_upto.min(reach) {
            end if end == promise.upto.position => promise.upto,
            end => self.boundary(promise, end - from)?,
        };
        let bytes = usize::try_from(upto.position - from).unwrap_or(usize::MAX);
        Some(Piece { content: Content::File(file, from), bytes, upto })
    }

    async fn piece_by_reading(
        self: &Rc<Self>,
        promise: &Promise,
        bytes_max: usize,
    ) -> Result<Piece, PieceFault> {
        let (segment, window) = (promise.segment, self.window(promise, bytes_max));
        let (from, reach) = (promise.from.position, promise.from.position + window.first);
        let source = self.source(segment, reach).await?;
        let Some(source) = source.filter(|_| self.is_current(promise)) else {
            return Err(PieceFault::Gone("their segment has left"));
        };
        let (take, place) = (promise.take(bytes_max), promise.place());
        let found = self.read_planned(&source, place, (promise.from.offset, &take), window).await;
        match found? {
            Cold::Batches(Located { ready: Some(ready), .. }) => {
                if let Source::Shared(_) = source
                    && self.is_current(promise)
                {
                    self.note_sound(segment, from..ready.upto.position);
                    self.read_ahead(segment, (ready.upto.position, promise.upto.position));
                }
                Ok(ready.into())
            }
            Cold::Larger(bytes) => {
                Err(PieceFault::Larger(usize::try_from(bytes).unwrap_or(usize::MAX)))
            }
            _ if !self.is_current(promise) => Err(PieceFault::Gone("their segment has left")),
            _ => self.look_again(promise, bytes_max).await,
        }
    }

    /// What was not as it was promised is looked for as any reader does: on the device itself,
    /// and what is damaged is quarantined.
    async fn look_again(
        self: &Rc<Self>,
        promise: &Promise,
        bytes_max: usize,
    ) -> Result<Piece, PieceFault> {
        self.forget_readers(promise.segment);
        let take = promise.take(bytes_max);
        let found = self.locate(promise.from.offset, &take, Wanted::Bytes).await?;
        let damaged = PieceFault::Gone("they are damaged");
        let Some(Located { extent, ready: Some(ready) }) = found else { return Err(damaged) };
        let is_meant = extent.segment == promise.segment
            && extent.from.position == promise.from.position
            && self.is_current(promise);
        if !is_meant {
            return Err(damaged);
        }
        if ready.upto.position > promise.upto.position {
            // The promise's end is no batch boundary: the index is wrong.
            self.distrust_index(promise.segment).await;
            return Err(PieceFault::Gone("the segment's index is damaged"));
        }
        Ok(ready.into())
    }
}
