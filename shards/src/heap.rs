//! The calling thread's heap: what it has freed can go back to the operating system.
//!
//! The allocator keeps free pages for their next use. After a crowd has left they are nobody's,
//! and no account counts them. Called by who knows that there was a crowd.

#![allow(unsafe_code)]

#[cfg(not(miri))]
use rustix::mm::{Advice, madvise};

/// mimalloc's number of its option `purge_delay`, which its crate has no name for.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
/// How long a free page stays for its next use, in ms.
const PURGE_DELAY_MS: i64 = 10;

/// From now on free pages go back to the operating system soon, as long as any thread allocates:
/// the allocator's own second is long where memory is given from hand to hand. And they go back
/// one by one: where huge pages are the default, one small allocation keeps 2 MiB resident. To
/// be called before there are threads; `MIMALLOC_PURGE_DELAY` in the environment has the last
/// word on the delay.
pub fn return_heap_soon() {
    refuse_huge_pages();
    if std::env::var_os("MIMALLOC_PURGE_DELAY").is_some() {
        return;
    }
    #[cfg(not(miri))]
    // SAFETY: the call takes numbers, and the option is one of the allocator's list.
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, PURGE_DELAY_MS);
    }
}

/// The mapping that the heap lives in, 1 GiB, is no more backed by huge pages. What is beyond it,
/// in a heap so large, may be.
fn refuse_huge_pages() {
    let somewhere = Box::new(0_u64);
    let address = std::ptr::from_ref(&*somewhere) as usize;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let Some((start, end)) =
        maps.lines().filter_map(range).find(|(s, e)| (*s..*e).contains(&address))
    else {
        return;
    };
    #[cfg(not(miri))]
    // SAFETY: whole pages of a live mapping; the advice changes no byte. A kernel without huge
    // pages refuses it.
    let _ = unsafe {
        let at = std::ptr::with_exposed_provenance_mut(start);
        madvise(at, end - start, Advice::LinuxNoHugepage)
    };
}

/// The addresses of a line of `/proc/self/maps`.
fn range(line: &str) -> Option<(usize, usize)> {
    let (start, end) = line.split_whitespace().next()?.split_once('-')?;
    Some((usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?))
}

/// Returns free pages of the calling thread's heap, and what all others have given up, to the
/// operating system, which takes some ms where there are many. Does nothing when mimalloc is not
/// the program's allocator.
pub fn collect_heap() {
    #[cfg(not(miri))]
    // SAFETY: the call takes no pointer, moves nothing that is in use, and may be made on any
    // thread at any time.
    unsafe {
        libmimalloc_sys::mi_collect(true);
    }
}

#[cfg(all(test, not(miri)))]
mod tests {
    use super::*;

    #[test]
    fn the_option_that_is_set_is_the_one_that_is_meant() {
        // SAFETY: the call takes a number.
        let delay_ms = || unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(delay_ms(), 1_000, "the allocator's own");
        return_heap_soon();
        assert_eq!(delay_ms(), PURGE_DELAY_MS);
    }
}
