//! Which pages of a file are in memory, and what a file needs that many shards read.
//!
//! `cachestat` counts the pages of a range that are in the page cache, a large one in one step:
//! where that is all of them, the range is there. It counts pages whose read has only begun, too.
//! Of a range that was there once and is asked about before it is sent (`Sound`, its epoch) only
//! another program can have such: it reads what has just left the cache, and the shard waits for
//! that one read. Where pages are missing, or the kernel has no `cachestat`, `mincore` says of each
//! page whether it can be read at once: it is in the cache *and* up to date. It needs a mapping:
//! `View`. `Window` is how pages get there. Nothing is ever touched through either, so no file can
//! fault the process.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io::IoSliceMut;
use std::ops::Range;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;
use std::sync::Arc;

use rustix::fs::Advice;
use rustix::io::ReadWriteFlags;
use rustix::mm::{Advice as MapAdvice, MapFlags, ProtFlags, madvise, mmap, munmap};

use crate::driver::blocking::BlockingPool;
use crate::driver::{Handle, Shared};
use crate::limits::SEND_FILE_BYTES_MAX;

/// Pages that one call asks about: what one send may move, and one for a range that begins
/// within a page. 4096 bytes is the smallest page.
const PAGES_MAX: usize = SEND_FILE_BYTES_MAX as usize / 4096 + 1;

/// A file's first GiB, mapped for `mincore` to look at: of no access, so nothing is touched through
/// it and it takes no memory. It does not mind a file that is shorter, or gets so.
pub(in crate::driver) struct View(*mut c_void);

const VIEW_BYTES: u64 = 1 << 30;

// SAFETY: the address is handed to the kernel and never read or written through, and the mapping
// belongs to the process, not to a thread.
unsafe impl Send for View {}
// SAFETY: as above; `mincore` may be asked by any number of threads.
unsafe impl Sync for View {}

impl View {
    /// `None` where nothing can be mapped.
    pub(super) fn of(file: Handle) -> Option<View> {
        // SAFETY: just opened, and held by the caller.
        let fd = unsafe { BorrowedFd::borrow_raw(file.0) };
        map(fd, 0, VIEW_BYTES as usize, ProtFlags::empty()).ok().map(View)
    }
}

impl Drop for View {
    fn drop(&mut self) {
        unmap(self.0, VIEW_BYTES as usize);
    }
}

/// Bytes from the range's start on that can be read without waiting.
pub(super) fn resident(file: &Shared, range: Range<u64>) -> u64 {
    let page = rustix::param::page_size() as u64;
    if are_all_cached(file.handle(), &range, page) {
        return range.end - range.start;
    }
    let mut at = range.start;
    while at < range.end {
        let first = at / page;
        let pages = (range.end.div_ceil(page) - first).min(PAGES_MAX as u64);
        let there = pages_there(file, first * page, pages as usize, page as usize);
        at = ((first + there as u64) * page).clamp(at, range.end);
        if (there as u64) < pages {
            break;
        }
    }
    at - range.start
}

/// The same number wherever Rust has Linux (Linux 6.5).
const SYS_CACHESTAT: libc::c_long = 451;

/// What `cachestat` is asked.
#[repr(C)]
struct CacheRange {
    offset: u64,
    len: u64,
}

/// What it says, in pages: in the cache, dirty, being written, gone, gone a moment ago.
#[repr(C)]
#[derive(Default)]
struct CacheCounts {
    cached: u64,
    rest: [u64; 4],
}

/// Whether every page of the range is in the cache; `false` too where the kernel does not say.
fn are_all_cached(file: Handle, range: &Range<u64>, page: u64) -> bool {
    let (first, last) = (range.start / page, range.end.div_ceil(page));
    let asked = CacheRange { offset: first * page, len: (last - first) * page };
    if asked.len == 0 {
        // It would mean the whole file.
        return true;
    }
    let mut counts = CacheCounts::default();
    // SAFETY: the caller holds the file open, and both structures are the kernel's, and live.
    let said = unsafe {
        let (asked, counts) = (ptr::from_ref(&asked), ptr::from_mut(&mut counts));
        libc::syscall(SYS_CACHESTAT, file.0, asked, counts, 0)
    };
    said == 0 && counts.cached == last - first
}

/// How many of `pages` pages at `offset` are there before the first that is not.
fn pages_there(file: &Shared, offset: u64, pages: usize, page: usize) -> usize {
    // SAFETY: the caller holds the file open.
    let fd = unsafe { BorrowedFd::borrow_raw(file.handle().0) };
    let len = pages * page;
    let in_view = offset.checked_add(len as u64).is_some_and(|end| end <= VIEW_BYTES);
    if let Some(view) = file.view.as_ref().filter(|_| in_view) {
        // SAFETY: within the mapping, as was just checked.
        let at = unsafe { view.0.byte_add(offset as usize) };
        return in_core(at, pages, page).unwrap_or_else(|| probe(fd, offset, pages, page));
    }
    let Ok(mapped) = map(fd, offset, len, ProtFlags::empty()) else {
        return probe(fd, offset, pages, page);
    };
    let there = in_core(mapped, pages, page);
    unmap(mapped, len);
    there.unwrap_or_else(|| probe(fd, offset, pages, page))
}

fn in_core(at: *mut c_void, pages: usize, page: usize) -> Option<usize> {
    let mut states = [0u8; PAGES_MAX];
    assert!(pages <= PAGES_MAX, "the vector has a byte for each page");
    // SAFETY: the caller mapped that much there, and the vector is long enough.
    let asked = unsafe { libc::mincore(at, pages * page, states.as_mut_ptr()) };
    (asked == 0).then(|| states[..pages].iter().take_while(|state| **state & 1 != 0).count())
}

fn map(
    fd: BorrowedFd<'_>,
    at: u64,
    len: usize,
    prot: ProtFlags,
) -> rustix::io::Result<*mut c_void> {
    // SAFETY: a mapping of its own, at an address of the kernel's choice.
    unsafe { mmap(ptr::null_mut(), len, prot, MapFlags::SHARED, fd, at) }
}

/// What `map` gave, once.
fn unmap(at: *mut c_void, len: usize) {
    // SAFETY: mapped by `map`, and nothing points into it any more.
    let unmapped = unsafe { munmap(at, len) };
    debug_assert!(unmapped.is_ok(), "what was mapped is unmapped: {unmapped:?}");
}

/// As `pages_there`, where nothing can be mapped: one read that may not wait for each page.
fn probe(fd: BorrowedFd<'_>, offset: u64, pages: usize, page: usize) -> usize {
    let is_there = |n: &usize| {
        let mut byte = [0];
        let at = offset + (n * page) as u64;
        let mut into = [IoSliceMut::new(&mut byte)];
        rustix::io::preadv2(fd, &mut into, at, ReadWriteFlags::NOWAIT) == Ok(1)
    };
    (0..pages).take_while(is_there).count()
}

/// A page of a file, mapped for the kernel to fault in: with huge pages wished and no read-ahead
/// that is one read of `LOAD_BYTES`, which lie in one page of the cache after. A read through the
/// cache gets single pages, at 3 times the cost here and 4 to 10 in every send. Whoever unmaps it
/// has not touched it: no fault reaches this process.
pub(super) struct Window {
    at: *mut c_void,
    len: usize,
}

impl Window {
    pub(super) fn at(file: Handle, offset: u64) -> rustix::io::Result<Window> {
        let len = rustix::param::page_size();
        let start = offset / len as u64 * len as u64;
        // SAFETY: the operation that asks holds the file open.
        let fd = unsafe { BorrowedFd::borrow_raw(file.0) };
        let window = Window { at: map(fd, start, len, ProtFlags::READ)?, len };
        for advice in [MapAdvice::LinuxHugepage, MapAdvice::Random] {
            // SAFETY: the window's own mapping; the advice changes no contents.
            let advised = unsafe { madvise(window.at, len, advice) };
            // A kernel without huge pages reads ahead as it usually does.
            if advised.is_err() {
                break;
            }
        }
        Ok(window)
    }

    pub(super) fn place(&self) -> (*const c_void, usize) {
        (self.at, self.len)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        unmap(self.at, self.len);
    }
}

/// No read-ahead: reads are large, and say what they want. The usual one is up to 8 MiB, begun by
/// whoever meets its mark, and be it in the middle of a send. Advice; may fail.
pub(super) fn read_only_what_is_asked(file: Handle) {
    // SAFETY: just opened, and held by the caller.
    let fd = unsafe { BorrowedFd::borrow_raw(file.0) };
    let _ = rustix::fs::fadvise(fd, 0, None, Advice::Random);
}

/// On a thread that may wait, if there is room: the last close of a deleted file frees all its
/// pages and blocks.
pub(super) fn close(file: Handle, blocking: &Arc<BlockingPool>) {
    // SAFETY: the last holder of the file goes, and takes the descriptor along.
    let fd = unsafe { OwnedFd::from_raw_fd(file.0) };
    // Refused work comes back and is dropped here, and the descriptor with it.
    let _ = blocking.offer(Box::new(move || drop(fd)));
}
