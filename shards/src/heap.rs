//! The calling thread's heap: what it has freed can go back to the operating system.
//!
//! The allocator keeps free pages for their next use. After a crowd has left they are nobody's,
//! and no account counts them. Called by who knows that there was a crowd.

#![allow(unsafe_code)]

/// Returns free pages of the calling thread's heap to the operating system, which takes some ms
/// where there are many. Does nothing when mimalloc is not the program's allocator.
pub fn collect_heap() {
    #[cfg(not(miri))]
    // SAFETY: the call takes no pointer, moves nothing that is in use, and may be made on any
    // thread at any time.
    unsafe {
        libmimalloc_sys::mi_collect(true);
    }
}
