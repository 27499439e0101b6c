//! `AppendBuf`: one block that grows at its end while its published bytes are read elsewhere.
//!
//! One appender, many readers. A byte is *published* when a slice that holds it is handed out;
//! from then on nobody writes it. The appender writes at and beyond `len`, and `patch`es only
//! bytes that are not published.
//! Invariant: `published <= len <= capacity`; every live slice lies within `0..published`; every
//! write lies within `published..capacity`. So no byte is read and written at once.

#![allow(unsafe_code)]

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use smallvec::smallvec;

use super::aligned::AlignedBuf;
use super::block::Block;
use crate::Parts;
use crate::limits::BLOCK_ALIGN;

pub struct AppendBuf {
    block: Arc<Block>,
    len: usize,
    published: usize,
}

impl AppendBuf {
    pub(super) fn new(block: Block) -> AppendBuf {
        AppendBuf { block: Arc::new(block), len: 0, published: 0 }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn capacity(&self) -> usize {
        self.block.bytes()
    }

    /// Bytes that may still be appended.
    pub fn spare(&self) -> usize {
        self.capacity() - self.len
    }

    /// End of the bytes that readers may hold.
    pub fn published(&self) -> usize {
        self.published
    }

    /// Appends as much of `bytes` as fits and returns how much that was.
    pub fn append(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(self.spare());
        self.spare_mut()[..taken].copy_from_slice(&bytes[..taken]);
        self.len += taken;
        taken
    }

    /// The room behind `len`, to be written and then claimed by `advance`.
    pub fn spare_mut(&mut self) -> &mut [u8] {
        // SAFETY: the range `len..capacity` lies behind every published byte, so no slice reads
        // it; `&mut self` is the only appender; the block is initialised and lives with `self`.
        unsafe { std::slice::from_raw_parts_mut(self.block.as_ptr().add(self.len), self.spare()) }
    }

    /// Claims `n` bytes written through `spare_mut`.
    ///
    /// # Panics
    /// If there is no such room.
    pub fn advance(&mut self, n: usize) {
        assert!(n <= self.spare(), "advance by {n} with {} spare", self.spare());
        self.len += n;
    }

    /// Overwrites bytes that are appended and not yet published.
    ///
    /// # Panics
    /// If the range is published or not appended.
    pub fn patch(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset.checked_add(bytes.len()).expect("offsets within a block");
        assert!(offset >= self.published, "patch at {offset} of published {}", self.published);
        assert!(end <= self.len, "patch to {end} of {} bytes", self.len);
        // SAFETY: `published <= offset` and `end <= len <= capacity`, so nobody reads the range,
        // it lies within the block, and `bytes` cannot overlap memory that only `self` may write.
        unsafe {
            let target = self.block.as_ptr().add(offset);
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
        }
    }

    /// Bytes that are appended, for the appender's own eyes: publishes nothing.
    ///
    /// # Panics
    /// If the range is not within `0..len`.
    pub fn peek(&self, range: Range<usize>) -> &[u8] {
        self.check(&range);
        // SAFETY: the range is initialised and inside the block; writers need `&mut self`.
        unsafe { read(&self.block, &range) }
    }

    /// Publishes everything up to the range's end and shares the range, without a copy.
    ///
    /// # Panics
    /// If the range is not within `0..len`.
    pub fn slice(&mut self, range: Range<usize>) -> Bytes {
        self.check(&range);
        self.published = self.published.max(range.end);
        Bytes::from_owner(Published { block: self.block.clone(), range })
    }

    /// Publishes and shares the range rounded out to whole 4096-byte blocks, for a direct write:
    /// whole blocks without a copy, then, if `range.end` is not aligned, one block of its own
    /// with the last bytes and zeros behind them. The appender may go on meanwhile. `None` when
    /// the operating system has no memory for that block.
    ///
    /// # Panics
    /// If the range is not within `0..len`.
    pub fn slice_padded(&mut self, range: Range<usize>) -> Option<Parts> {
        self.check(&range);
        let start = range.start - range.start % BLOCK_ALIGN;
        let whole_end = range.end - range.end % BLOCK_ALIGN;
        let mut parts: Parts = smallvec![];
        if whole_end < range.end {
            let copied_from = whole_end.max(start);
            let mut tail = AlignedBuf::new(self.block.pool().exempt_block()?);
            let bytes = self.peek(copied_from..range.end);
            tail[..bytes.len()].copy_from_slice(bytes);
            tail[bytes.len()..BLOCK_ALIGN].fill(0);
            parts.push(tail.into_bytes(BLOCK_ALIGN));
        }
        if start < whole_end {
            parts.insert(0, self.slice(start..whole_end));
        }
        self.published = self.published.max(range.end);
        Some(parts)
    }

    fn check(&self, range: &Range<usize>) {
        assert!(
            range.start <= range.end && range.end <= self.len,
            "slice {range:?} of {} bytes",
            self.len
        );
    }
}

impl fmt::Debug for AppendBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppendBuf")
            .field("len", &self.len)
            .field("published", &self.published)
            .field("capacity", &self.capacity())
            .finish()
    }
}

/// # Safety
/// The range lies within the block, and nobody writes into it while the slice lives.
unsafe fn read<'a>(block: &'a Block, range: &Range<usize>) -> &'a [u8] {
    // SAFETY: promised by the caller; a block's bytes are initialised from the start.
    unsafe { std::slice::from_raw_parts(block.as_ptr().add(range.start), range.len()) }
}

/// A published range; keeps its block out of the pool.
struct Published {
    block: Arc<Block>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Published {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: `slice` checked the range and moved `published` past it before this was made;
        // the appender writes only behind `published`.
        unsafe { read(&self.block, &self.range) }
    }
}
