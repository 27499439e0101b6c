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

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous, munmap};

use super::{Shared, class_bytes};
use crate::limits::{BLOCK_ALIGN, MIB};

/// Classes from here on (64 KiB) are mappings of their own; smaller ones come from the heap.
const MAPPED_CLASS_MIN: usize = 4;
/// Blocks of this size and more are aligned for huge pages, which are far cheaper to fault in.
const HUGE_BYTES: usize = 2 * MIB;

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
        let memory = if is_mapped(class) {
            map(class_bytes(class))?
        } else {
            // SAFETY: the layout's size is not zero. Zeroing touches every page.
            NonNull::new(unsafe { alloc_zeroed(layout(class)) })?
        };
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
        let at = self.memory.as_ptr();
        if is_mapped(self.class()) {
            // SAFETY: mapped by `map` with this very length, and given back once.
            let _ = unsafe { munmap(at.cast(), self.bytes()) };
        } else {
            // SAFETY: from `alloc_zeroed` with this very layout, and given back once.
            unsafe { dealloc(at, layout(self.class())) }
        }
    }
}

/// Miri knows the heap only.
fn is_mapped(class: usize) -> bool {
    !cfg!(miri) && class >= MAPPED_CLASS_MIN
}

fn layout(class: usize) -> Layout {
    Layout::from_size_align(class_bytes(class), BLOCK_ALIGN).expect("a power of two times 4096")
}

/// Maps zeroed pages and makes them resident now, so that the first use does not pay for it.
fn map(bytes: usize) -> Option<NonNull<u8>> {
    let huge = bytes >= HUGE_BYTES;
    let reserved = if huge { bytes + HUGE_BYTES } else { bytes };
    let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
    // SAFETY: a fresh private anonymous mapping at an address of the kernel's choice.
    let base = unsafe { mmap_anonymous(std::ptr::null_mut(), reserved, protection, flags) };
    let mut at = base.ok()?.cast::<u8>();
    if huge {
        let before = at.align_offset(HUGE_BYTES);
        let after = HUGE_BYTES - before;
        // SAFETY: the cut-off ends are whole pages of the mapping made above (at most 2 MiB in
        // all); the `bytes` between them stay mapped. A failure to cut only wastes addresses.
        unsafe {
            if before > 0 {
                let _ = munmap(at.cast(), before);
            }
            at = at.add(before);
            if after > 0 {
                let _ = munmap(at.add(bytes).cast(), after);
            }
            let _ = madvise(at.cast(), bytes, Advice::LinuxHugepage);
        }
    }
    // SAFETY: whole pages of a live mapping; populating does not change bytes. A kernel that
    // refuses leaves the pages to be faulted in on first use.
    let _ = unsafe { madvise(at.cast(), bytes, Advice::LinuxPopulateWrite) };
    NonNull::new(at)
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
