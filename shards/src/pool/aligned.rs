//! `AlignedBuf`: one whole block with one owner, for direct reads and large receives.
//!
//! Its bytes are always initialised (with whatever was there before: a reused block is not
//! cleared). Frozen by `into_bytes`, it becomes shared, read-only bytes that return to the pool
//! when the last slice is dropped, on any thread.

#![allow(unsafe_code)]

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;

use super::block::Block;

pub struct AlignedBuf(Block);

impl AlignedBuf {
    pub(super) fn new(block: Block) -> AlignedBuf {
        AlignedBuf(block)
    }

    pub fn capacity(&self) -> usize {
        self.0.bytes()
    }

    /// The first `len` bytes, shared from now on.
    ///
    /// # Panics
    /// If `len` is above the capacity.
    pub fn into_bytes(self, len: usize) -> Bytes {
        assert!(len <= self.capacity(), "{len} bytes of a block of {}", self.capacity());
        Bytes::from_owner(Frozen { buf: self, len })
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.as_ptr()
    }
}

impl Deref for AlignedBuf {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the block is owned by `self` alone, lives as long, and is initialised; the
        // kernel writes into it only while an operation owns `self`.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr(), self.0.bytes()) }
    }
}

impl DerefMut for AlignedBuf {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`, and `&mut self` makes the access exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_ptr(), self.0.bytes()) }
    }
}

impl fmt::Debug for AlignedBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlignedBuf").field("capacity", &self.capacity()).finish()
    }
}

struct Frozen {
    buf: AlignedBuf,
    len: usize,
}

impl AsRef<[u8]> for Frozen {
    fn as_ref(&self) -> &[u8] {
        &self.buf[..self.len]
    }
}
