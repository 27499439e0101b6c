//! Provided receive buffers: one ring of buffers shared with the kernel.
//!
//! The memory is reserved at once and touched only when lent to the kernel: a few buffers at
//! first, more when they run low, so that a quiet shard stays small and its buffers stay in
//! cache. A `Chunk` holds one filled buffer and lends it again when dropped.
//! Invariant: a buffer id is either lent (in the kernel's ring), out (in one `Chunk`, or in a
//! completion not yet read), or fresh (`lent_ever..count`, never lent).

#![allow(unsafe_code)]

use std::cell::Cell;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering};

use io_uring::IoUring;
use io_uring::types::BufRingEntry;
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use crate::limits::{BLOCK_ALIGN, RECV_BUFFER_BYTES, RECV_BUFFERS_STEP, RECV_GROUP};

/// The buffers and the ring in which they are lent. Outlives the io_uring it is registered
/// with as long as a `Chunk` is held.
pub(super) struct RecvBuffers {
    /// `count` ring entries, then (page-aligned) `count` buffers.
    memory: NonNull<u8>,
    memory_bytes: usize,
    buffers_at: usize,
    count: u16,
    /// Next position to lend at; the kernel sees it through the ring.
    tail: Cell<u16>,
    /// Buffers that were lent at least once; those above are untouched memory.
    lent_ever: Cell<u16>,
    out: Cell<u16>,
}

impl RecvBuffers {
    /// Maps the memory, registers the ring and lends the first buffers.
    pub(super) fn register(ring: &IoUring, count: u16) -> io::Result<Rc<RecvBuffers>> {
        let entries_bytes = usize::from(count) * size_of::<BufRingEntry>();
        let buffers_at = entries_bytes.next_multiple_of(BLOCK_ALIGN);
        let memory_bytes = buffers_at + usize::from(count) * RECV_BUFFER_BYTES;
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
        // SAFETY: a fresh private anonymous mapping at an address of the kernel's choice.
        let mapped =
            unsafe { mmap_anonymous(std::ptr::null_mut(), memory_bytes, protection, flags) }?;
        let memory = NonNull::new(mapped.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let buffers = RecvBuffers {
            memory,
            memory_bytes,
            buffers_at,
            count,
            tail: Cell::new(0),
            lent_ever: Cell::new(0),
            out: Cell::new(0),
        };
        let at = memory.as_ptr() as u64;
        // SAFETY: the entries are zeroed, page-aligned memory that stays mapped until the driver
        // has unregistered the group or closed the ring (it holds an Rc until then).
        unsafe { ring.submitter().register_buf_ring_with_flags(at, count, RECV_GROUP, 0) }?;
        buffers.lend_more();
        Ok(Rc::new(buffers))
    }

    /// Lends some buffers that were never used. False if there are none.
    pub(super) fn lend_more(&self) -> bool {
        let from = self.lent_ever.get();
        let upto = self.count.min(from.saturating_add(RECV_BUFFERS_STEP));
        self.lent_ever.set(upto);
        (from..upto).for_each(|id| self.lend(id));
        upto > from
    }

    /// Takes over a buffer the kernel has filled with `len` bytes.
    pub(super) fn filled(self: &Rc<Self>, id: u16, len: u32, more: bool) -> Chunk {
        debug_assert!(id < self.count && len as usize <= RECV_BUFFER_BYTES);
        self.out.set(self.out.get() + 1);
        if self.lent_ever.get() - self.out.get() < RECV_BUFFERS_STEP / 2 {
            self.lend_more();
        }
        let lent = Lent { buffers: self.clone(), id, len };
        Chunk { bytes: ChunkBytes::Lent(lent), more }
    }

    fn lend(&self, id: u16) {
        let at = usize::from(self.tail.get() & (self.count - 1));
        let base = self.memory.as_ptr().cast::<BufRingEntry>();
        let buffer = self.buffer(id) as u64;
        // SAFETY: `at < count`, so the entry lies in the ring; the kernel does not read it before
        // the tail passes it, and at most `count` buffers exist, so it has consumed what was
        // there. Only this thread writes entries.
        unsafe {
            let entry = &mut *base.add(at);
            entry.set_addr(buffer);
            entry.set_len(RECV_BUFFER_BYTES as u32);
            entry.set_bid(id);
        }
        let tail = self.tail.get().wrapping_add(1);
        self.tail.set(tail);
        // SAFETY: `base` points to the first entry of a live ring; its tail field is 2-aligned
        // and accessed atomically by both sides.
        unsafe {
            let shared = BufRingEntry::tail(base).cast_mut();
            AtomicU16::from_ptr(shared).store(tail, Ordering::Release);
        }
    }

    fn buffer(&self, id: u16) -> *mut u8 {
        let at = self.buffers_at + usize::from(id) * RECV_BUFFER_BYTES;
        // SAFETY: `id < count`, so the offset lies inside the mapping.
        unsafe { self.memory.as_ptr().add(at) }
    }
}

impl Drop for RecvBuffers {
    fn drop(&mut self) {
        // SAFETY: mapped by `register`; no Chunk is left, and the driver has let go of the ring.
        let _ = unsafe { munmap(self.memory.as_ptr().cast(), self.memory_bytes) };
    }
}

/// Received bytes.
pub struct Chunk {
    bytes: ChunkBytes,
    more: bool,
}

enum ChunkBytes {
    Lent(Lent),
    Owned(Vec<u8>),
}

struct Lent {
    buffers: Rc<RecvBuffers>,
    id: u16,
    len: u32,
}

impl Chunk {
    /// Bytes in memory of their own; `more`: the socket was not emptied.
    pub(crate) fn owned(bytes: Vec<u8>, more: bool) -> Chunk {
        Chunk { bytes: ChunkBytes::Owned(bytes), more }
    }

    /// Whether the socket had more bytes when these were taken.
    pub(crate) fn more_waits(&self) -> bool {
        self.more
    }

    /// Whether dropping this gives a buffer back that others may wait for.
    pub(crate) fn is_lent(&self) -> bool {
        matches!(self.bytes, ChunkBytes::Lent(_))
    }
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.bytes {
            // SAFETY: the kernel filled `len <= RECV_BUFFER_BYTES` bytes of this buffer and does
            // not touch it until it is lent again, which happens when `lent` is dropped.
            ChunkBytes::Lent(lent) => unsafe {
                std::slice::from_raw_parts(lent.buffers.buffer(lent.id), lent.len as usize)
            },
            ChunkBytes::Owned(bytes) => bytes,
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.buffers.out.set(self.buffers.out.get() - 1);
        self.buffers.lend(self.id);
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk").field("len", &self.len()).field("more", &self.more).finish()
    }
}
