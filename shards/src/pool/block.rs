//! One aligned block of memory and its way back to the pool.
//!
//! `RawBlock` is the memory itself; `Block` is a RawBlock that somebody has, and returns it to
//! its pool when dropped. All bytes of a block are initialised from the start.
//! Invariant: a block has one owner; who may touch which bytes is decided by `AlignedBuf` (one
//! writer) and `AppendBuf` (one writer beyond what is published, many readers below).

#![allow(unsafe_code)]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::sync::Arc;

use super::{Shared, class_bytes};
use crate::limits::BLOCK_ALIGN;

/// Classes from here on are faulted in by one `madvise` rather than page by page.
const POPULATE_CLASS_MIN: usize = 2;

pub(super) struct RawBlock {
    memory: NonNull<u8>,
    class: u8,
}

// SAFETY: a RawBlock owns its memory exclusively; nothing in it is bound to a thread.
unsafe impl Send for RawBlock {}
// SAFETY: a shared RawBlock gives out a raw pointer only; every access through it states its own
// proof (see `AlignedBuf` and `AppendBuf`).
unsafe impl Sync for RawBlock {}

impl RawBlock {
    /// Allocates and prefaults a block; `None` when the operating system has no memory.
    pub(super) fn allocate(class: usize) -> Option<RawBlock> {
        let layout = layout(class);
        // SAFETY: the layout's size is not zero.
        let memory = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        prefault(memory, class);
        Some(RawBlock { memory, class: class as u8 })
    }

    pub(super) fn class(&self) -> usize {
        usize::from(self.class)
    }

    pub(super) fn bytes(&self) -> usize {
        class_bytes(self.class())
    }

    pub(super) fn as_ptr(&self) -> *mut u8 {
        self.memory.as_ptr()
    }
}

impl Drop for RawBlock {
    fn drop(&mut self) {
        // SAFETY: `memory` came from `alloc_zeroed` with this very layout, and is given back once.
        unsafe { dealloc(self.memory.as_ptr(), layout(self.class())) }
    }
}

fn layout(class: usize) -> Layout {
    Layout::from_size_align(class_bytes(class), BLOCK_ALIGN).expect("a power of two times 4096")
}

/// Makes the pages resident now, so that the first use does not pay for it.
fn prefault(memory: NonNull<u8>, class: usize) {
    if cfg!(miri) || class < POPULATE_CLASS_MIN {
        return;
    }
    // SAFETY: the range is whole pages of one live allocation; populating does not change bytes.
    // An old kernel refuses, and the pages are then faulted in on first use.
    let _ = unsafe {
        rustix::mm::madvise(
            memory.as_ptr().cast(),
            class_bytes(class),
            rustix::mm::Advice::LinuxPopulateWrite,
        )
    };
}

/// A block that is out of the pool.
pub(super) struct Block {
    raw: ManuallyDrop<RawBlock>,
    pool: Arc<Shared>,
}

impl Block {
    pub(super) fn new(raw: RawBlock, pool: Arc<Shared>) -> Block {
        Block { raw: ManuallyDrop::new(raw), pool }
    }

    pub(super) fn bytes(&self) -> usize {
        self.raw.bytes()
    }

    pub(super) fn as_ptr(&self) -> *mut u8 {
        self.raw.as_ptr()
    }

    pub(super) fn pool(&self) -> &Arc<Shared> {
        &self.pool
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: `raw` is taken here only, and the Block is never used again.
        let raw = unsafe { ManuallyDrop::take(&mut self.raw) };
        self.pool.release(raw);
    }
}
