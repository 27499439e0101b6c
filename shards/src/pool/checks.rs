//! Invariants of the pool, looked at while it works: in builds with debug assertions only.
//!
//! `Pool::check` holds at any moment, whatever other threads do; a program calls it now and then.
//! `Pool::check_sums` is about numbers that belong together: it holds only where nobody else uses
//! the pool meanwhile, and so is called by the simulation, after every turn of a shard. Nothing is
//! changed here; a violation ends the process and names its invariant.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Pool, class_bytes};
use crate::limits::{BLOCK_BYTES_MIN, BLOCK_CLASSES};

impl Pool {
    /// Invariants of those who wait, one a line.
    ///
    /// # Panics
    /// If one does not hold.
    pub fn check(&self) {
        self.0.line.check();
        self.0.accounts.iter().for_each(|account| account.check());
    }

    /// Invariants of what is held, one a line.
    pub(crate) fn check_sums(&self) {
        let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let pool = &*self.0;
        let (held, idle) = (of(&pool.held), of(&pool.idle));
        let (out, heap) = (of(&pool.out_bytes), of(&pool.heap_bytes));
        let listed = |class: usize| (pool.free[class].len() * class_bytes(class)) as u64;
        let free: u64 = (0..BLOCK_CLASSES).map(listed).sum();
        let used: u64 = pool.accounts.iter().map(|account| account.used()).sum();
        let exempt_max = of(&pool.blocks_out) * BLOCK_BYTES_MIN as u64;
        assert_eq!(held, idle + out + heap, "what is held is blocks, idle or out, and charges");
        assert_eq!(idle, free, "idle is what the free lists have");
        assert!(of(&pool.idle_low) <= idle, "the least that was idle is no more than what is");
        assert!(heap <= used, "charges of the heap are in the accounts: {heap} of {used}");
        let most = pool.ceiling + exempt_max;
        assert!(held <= most, "{held} held, of {} and {exempt_max} exempt", pool.ceiling);
    }
}
