//! Counters of one shard, written by its own thread and read by any other (for `/metrics`).
//!
//! Each counter has one writer, so adding is a plain load and store; readers may see one counter
//! a moment before another.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter with a single writer.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    #[inline]
    pub(crate) fn add(&self, n: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(n), Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What one shard has done since it started.
#[derive(Debug, Default)]
pub struct ShardStats {
    /// Turns of the loop.
    pub turns: Counter,
    /// Tasks polled.
    pub tasks_run: Counter,
    pub tasks_spawned: Counter,
    pub tasks_finished: Counter,
    pub ops_submitted: Counter,
    pub ops_completed: Counter,
    /// `io_uring_enter` calls.
    pub enters: Counter,
    /// Times the shard slept, and nanoseconds asleep.
    pub parks: Counter,
    pub parked_ns: Counter,
    /// Times it spun before sleeping, how often that found work, and nanoseconds spent on it.
    pub spins: Counter,
    pub spins_hit: Counter,
    pub spun_ns: Counter,
    /// Tasks that held the core past the report limit.
    pub stalls: Counter,
    pub mailbox_sent: Counter,
    pub mailbox_received: Counter,
    /// Wake-ups sent to sleeping peers.
    pub kicks_sent: Counter,
    /// Receives that found no provided buffer.
    pub recv_no_buffers: Counter,
    /// Submissions that found the submission queue full.
    pub submit_full: Counter,
    /// Times the kernel reported an overflown completion queue.
    pub completions_overflowed: Counter,
}
