//! The buffer pool: aligned blocks in size classes, one ceiling for all shards.
//!
//! A pool starts empty. A block is allocated and prefaulted when first taken and kept for reuse
//! when it comes back, from whatever thread drops it. At the ceiling, idle blocks of other
//! classes are given up before a request is refused, so no class can starve another for good.
//! Heap memory that should count is charged to the same ceiling (`charge`).
//! Invariant: `held` is the sum of all blocks that exist and of all heap charges, `idle` of the
//! blocks in the free lists; `held <= ceiling` except for the exempt tail copies of
//! `AppendBuf::slice_padded` and for `Pool::page`.

mod aligned;
mod append;
mod block;
mod charge;

use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll as TaskPoll, Waker};

use crossbeam::queue::SegQueue;

pub use aligned::AlignedBuf;
pub use append::AppendBuf;
use block::{Block, RawBlock};
use charge::Account;
pub use charge::{AccountId, AccountStats, Backing, Charge};

use crate::limits::{
    BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, BLOCK_CLASSES, IDLE_KEPT_BYTES, POOL_ACCOUNTS,
};

/// A handle to the pool; clones share it, on any thread.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

/// What the pool holds, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStats {
    /// Allocated from the operating system, or charged.
    pub held: u64,
    /// Of those, blocks waiting in the free lists.
    pub idle: u64,
    pub ceiling: u64,
    /// Blocks that somebody has: buffers, and slices of them.
    pub blocks_out: u64,
}

pub(crate) struct Shared {
    free: [SegQueue<RawBlock>; BLOCK_CLASSES],
    held: AtomicU64,
    idle: AtomicU64,
    /// The least that `idle` was since the last look at what is `spare`.
    idle_low: AtomicU64,
    blocks_out: AtomicU64,
    ceiling: u64,
    accounts: [Account; POOL_ACCOUNTS],
    waiting: AtomicUsize,
    waiters: Mutex<Vec<Waker>>,
}

impl Pool {
    pub fn new(ceiling_bytes: u64) -> Pool {
        Pool(Arc::new(Shared {
            free: std::array::from_fn(|_| SegQueue::new()),
            held: AtomicU64::new(0),
            idle: AtomicU64::new(0),
            idle_low: AtomicU64::new(0),
            blocks_out: AtomicU64::new(0),
            ceiling: ceiling_bytes,
            accounts: std::array::from_fn(|_| Account::new()),
            waiting: AtomicUsize::new(0),
            waiters: Mutex::new(Vec::new()),
        }))
    }

    /// A block of at least `bytes`, or `None` at the ceiling or above 128 MiB.
    pub fn try_take(&self, bytes: usize) -> Option<AlignedBuf> {
        self.block(bytes).map(AlignedBuf::new)
    }

    /// As `try_take`, waiting for blocks to come back. `None` only when it can never be had:
    /// above 128 MiB or above the ceiling.
    pub async fn take(&self, bytes: usize) -> Option<AlignedBuf> {
        let class = class_of(bytes)?;
        if class_bytes(class) as u64 > self.0.ceiling {
            return None;
        }
        let taken = poll_fn(|cx| {
            if let Some(buf) = self.try_take(bytes) {
                return TaskPoll::Ready(buf);
            }
            self.0.wait(cx.waker());
            fence(Ordering::SeqCst);
            // A block may have come back between the first look and the registration.
            self.try_take(bytes).map_or(TaskPoll::Pending, TaskPoll::Ready)
        });
        Some(taken.await)
    }

    /// As `try_take`, for a block that is filled by appending and read while it grows.
    pub fn try_take_append(&self, bytes: usize) -> Option<AppendBuf> {
        self.block(bytes).map(AppendBuf::new)
    }

    /// A block of the smallest size, which may pass the ceiling: for a write on which the return
    /// of other memory depends. `None` when the operating system has no memory.
    pub fn page(&self) -> Option<AlignedBuf> {
        self.0.exempt_block().map(AlignedBuf::new)
    }

    /// What a block for `bytes` really takes; `None` when no block is so large.
    #[must_use]
    pub fn block_bytes(bytes: usize) -> Option<u64> {
        class_of(bytes).map(|class| class_bytes(class) as u64)
    }

    /// Bytes of idle blocks that nobody has needed since the last call, beyond a few that stay.
    #[must_use]
    pub fn spare(&self) -> u64 {
        let idle = self.0.idle.load(Ordering::Relaxed);
        let low = self.0.idle_low.swap(idle, Ordering::Relaxed).min(idle);
        low.saturating_sub(IDLE_KEPT_BYTES)
    }

    /// Returns idle blocks to the operating system, large ones first, `bytes` and not a block
    /// more. Unmapping takes its time: not for a shard's thread.
    pub fn give_back(&self, bytes: u64) {
        let mut left = bytes;
        while let Some(freed) = self.0.give_up_idle(left) {
            left -= freed;
        }
    }

    pub fn stats(&self) -> PoolStats {
        PoolStats {
            held: self.0.held.load(Ordering::Relaxed),
            idle: self.0.idle.load(Ordering::Relaxed),
            ceiling: self.0.ceiling,
            blocks_out: self.0.blocks_out.load(Ordering::Relaxed),
        }
    }

    fn block(&self, bytes: usize) -> Option<Block> {
        let class = class_of(bytes)?;
        let raw = self.0.reuse(class).or_else(|| self.0.grow(class))?;
        self.0.blocks_out.fetch_add(1, Ordering::Relaxed);
        Some(Block::new(raw, self.0.clone()))
    }
}

impl Shared {
    fn reuse(&self, class: usize) -> Option<RawBlock> {
        let raw = self.free[class].pop()?;
        self.note_less_idle(class_bytes(class) as u64);
        Some(raw)
    }

    fn note_less_idle(&self, bytes: u64) {
        let before = self.idle.fetch_sub(bytes, Ordering::Relaxed);
        let left = before.saturating_sub(bytes);
        if left < self.idle_low.load(Ordering::Relaxed) {
            self.idle_low.fetch_min(left, Ordering::Relaxed);
        }
    }

    fn grow(&self, class: usize) -> Option<RawBlock> {
        let bytes = class_bytes(class) as u64;
        if !self.reserve_or_trim(bytes) {
            return None;
        }
        let raw = RawBlock::allocate(class);
        if raw.is_none() {
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        }
        raw
    }

    fn reserve(&self, bytes: u64) -> bool {
        let within = |held: u64| held.checked_add(bytes).filter(|&sum| sum <= self.ceiling);
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within).is_ok()
    }

    /// Reserves, giving up idle blocks for it if need be.
    fn reserve_or_trim(&self, bytes: u64) -> bool {
        while !self.reserve(bytes) {
            if self.give_up_idle(u64::MAX).is_none() {
                return false;
            }
        }
        true
    }

    /// Returns one idle block, the largest there is up to `bytes_max`, to the operating system.
    fn give_up_idle(&self, bytes_max: u64) -> Option<u64> {
        let fits = |class: &usize| class_bytes(*class) as u64 <= bytes_max;
        let (class, raw) = (0..BLOCK_CLASSES)
            .rev()
            .filter(fits)
            .find_map(|class| Some((class, self.free[class].pop()?)))?;
        drop(raw);
        let bytes = class_bytes(class) as u64;
        self.note_less_idle(bytes);
        self.held.fetch_sub(bytes, Ordering::Relaxed);
        Some(bytes)
    }

    /// A 4 KiB block that may pass the ceiling: refusing it would refuse a write of bytes that
    /// are already accepted.
    fn exempt_block(self: &Arc<Self>) -> Option<Block> {
        let raw = match self.reuse(0).or_else(|| self.grow(0)) {
            Some(raw) => raw,
            None => {
                let raw = RawBlock::allocate(0)?;
                self.held.fetch_add(BLOCK_BYTES_MIN as u64, Ordering::Relaxed);
                raw
            }
        };
        self.blocks_out.fetch_add(1, Ordering::Relaxed);
        Some(Block::new(raw, self.clone()))
    }

    fn release(&self, raw: RawBlock) {
        let class = raw.class();
        let bytes = class_bytes(class) as u64;
        self.blocks_out.fetch_sub(1, Ordering::Relaxed);
        if self.held.load(Ordering::Relaxed) > self.ceiling {
            drop(raw);
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        } else {
            self.idle.fetch_add(bytes, Ordering::Relaxed);
            self.free[class].push(raw);
        }
        self.wake_waiters();
    }

    fn wait(&self, waker: &Waker) {
        let mut waiters = self.waiters.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiters.iter().any(|known| known.will_wake(waker)) {
            waiters.push(waker.clone());
        }
        self.waiting.store(waiters.len(), Ordering::SeqCst);
    }

    fn wake_waiters(&self) {
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) == 0 {
            return;
        }
        let woken = {
            let mut waiters = self.waiters.lock().unwrap_or_else(PoisonError::into_inner);
            self.waiting.store(0, Ordering::SeqCst);
            std::mem::take(&mut *waiters)
        };
        woken.into_iter().for_each(Waker::wake);
    }
}

/// The class whose blocks hold `bytes`, if any does.
fn class_of(bytes: usize) -> Option<usize> {
    if bytes > BLOCK_BYTES_MAX {
        return None;
    }
    let rounded = bytes.max(BLOCK_BYTES_MIN).next_power_of_two();
    Some((rounded.trailing_zeros() - BLOCK_BYTES_MIN.trailing_zeros()) as usize)
}

fn class_bytes(class: usize) -> usize {
    BLOCK_BYTES_MIN << class
}

#[cfg(test)]
mod tests;
