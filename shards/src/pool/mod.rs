//! The buffer pool: aligned blocks in size classes, one ceiling for all shards.
//!
//! A pool starts empty. A block is allocated and prefaulted when first taken and kept for reuse
//! when it comes back, from whatever thread drops it. At the ceiling, idle blocks of other
//! classes are given up before a request is refused, so no class can starve another for good.
//! Who waits for blocks stands in `line`, and comes before those who do not wait.
//! Heap memory that should count is charged to the same ceiling (`charge`).
//! Invariant: `held` is the sum of all blocks that exist and of all heap charges, `idle` of the
//! blocks in the free lists; `held <= ceiling` except for the exempt tail copies of
//! `AppendBuf::slice_padded` and for `Pool::page`.

mod aligned;
mod append;
mod block;
mod charge;
mod checks;
mod line;

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
use line::{Line, Place};

use crate::limits::{
    BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, BLOCK_CLASSES, IDLE_KEPT_BYTES, POOL_ACCOUNTS,
};

/// A handle to the pool; clones share it, on any thread.
#[derive(Clone)]
pub struct Pool(Arc<Shared>, Turn);

/// Whether a handle takes blocks while others wait for them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Less than they wait for, and not for ever.
    Theirs,
    /// It is the turn of whoever has this handle.
    Ours,
}

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
    /// How often somebody had to wait, for blocks or for a charge.
    pub waits: u64,
}

pub(crate) struct Shared {
    free: [SegQueue<RawBlock>; BLOCK_CLASSES],
    held: AtomicU64,
    idle: AtomicU64,
    /// The least that `idle` was since the last look at what is `spare`.
    idle_low: AtomicU64,
    blocks_out: AtomicU64,
    /// What these blocks are, and what is charged for memory from the heap.
    out_bytes: AtomicU64,
    heap_bytes: AtomicU64,
    ceiling: u64,
    accounts: [Account; POOL_ACCOUNTS],
    line: Line,
    /// Of those who wait for blocks or for charges.
    waiters: Wakers,
    /// Of those who can make room, see `Pool::wanted`.
    givers: Wakers,
}

impl Pool {
    pub fn new(ceiling_bytes: u64) -> Pool {
        let shared = Shared {
            free: std::array::from_fn(|_| SegQueue::new()),
            held: AtomicU64::new(0),
            idle: AtomicU64::new(0),
            idle_low: AtomicU64::new(0),
            blocks_out: AtomicU64::new(0),
            out_bytes: AtomicU64::new(0),
            heap_bytes: AtomicU64::new(0),
            ceiling: ceiling_bytes,
            accounts: std::array::from_fn(|_| Account::new()),
            line: Line::new(),
            waiters: Wakers::default(),
            givers: Wakers::default(),
        };
        Pool(Arc::new(shared), Turn::Theirs)
    }

    /// A block of at least `bytes`, or `None` at the ceiling, above 128 MiB, or while others
    /// wait for as much.
    pub fn try_take(&self, bytes: usize) -> Option<AlignedBuf> {
        self.block(bytes).map(AlignedBuf::new)
    }

    /// As `try_take`, waiting its turn. `None` only when it can never be had: above 128 MiB or
    /// above the ceiling. May be dropped at any time, and the deadline is the caller's.
    pub async fn take(&self, bytes: usize) -> Option<AlignedBuf> {
        let whole = Pool::block_bytes(bytes).filter(|whole| *whole <= self.0.ceiling)?;
        Some(self.in_turn(whole, |pool| pool.try_take(bytes)).await)
    }

    /// Waits in the line of those who want blocks until there is room for `bytes` (of whole
    /// blocks) and `attempt` takes them from the handle that it is given: all or nothing. Room
    /// for more than the ceiling never comes. May be dropped at any time.
    pub async fn in_turn<T>(&self, bytes: u64, attempt: impl Fn(&Pool) -> Option<T>) -> T {
        let place = Place::take(&self.0, bytes);
        let ours = Pool(self.0.clone(), Turn::Ours);
        let attempt = || {
            let is_time = place.may_take() && self.0.room() >= bytes;
            let taken = if is_time { attempt(&ours) } else { None }?;
            place.note_served();
            Some(taken)
        };
        poll_fn(|cx| {
            if let Some(taken) = attempt() {
                return TaskPoll::Ready(taken);
            }
            self.0.waiters.wait(cx.waker());
            // A block may have come back between the first look and the registration.
            attempt().map_or(TaskPoll::Pending, TaskPoll::Ready)
        })
        .await
    }

    /// Completes while somebody waits for blocks: how many bytes they want, all together. For
    /// those who hold what they could do without.
    pub async fn wanted(&self) -> u64 {
        let wanted = || Some(self.0.line.wanted()).filter(|bytes| *bytes > 0);
        poll_fn(|cx| {
            if let Some(bytes) = wanted() {
                return TaskPoll::Ready(bytes);
            }
            self.0.givers.wait(cx.waker());
            wanted().map_or(TaskPoll::Pending, TaskPoll::Ready)
        })
        .await
    }

    /// Bytes that could be taken, as blocks or charges, were nobody waiting for them.
    #[must_use]
    pub fn room(&self) -> u64 {
        self.0.room()
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

    /// Bytes of idle blocks that nobody has needed since the last call; 0 of a few, which stay.
    #[must_use]
    pub fn spare(&self) -> u64 {
        let idle = self.0.idle.load(Ordering::Relaxed);
        let low = self.0.idle_low.swap(idle, Ordering::Relaxed).min(idle);
        if low > IDLE_KEPT_BYTES { low } else { 0 }
    }

    /// Returns idle blocks to the operating system, large ones first, until half of `bytes` is
    /// back; never more than `bytes`. Gives how many that were. What a burst needed may be needed
    /// by the next one; one block that is more than half goes all the same. Unmapping takes its
    /// time: not for a shard's thread.
    pub fn give_back(&self, bytes: u64) -> u64 {
        let mut back = 0;
        while back < bytes.div_ceil(2) {
            let Some(freed) = self.0.give_up_idle(bytes - back) else { break };
            back += freed;
        }
        back
    }

    pub fn stats(&self) -> PoolStats {
        PoolStats {
            held: self.0.held.load(Ordering::Relaxed),
            idle: self.0.idle.load(Ordering::Relaxed),
            ceiling: self.0.ceiling,
            blocks_out: self.0.blocks_out.load(Ordering::Relaxed),
            waits: self.0.line.waits() + self.0.accounts.iter().map(Account::waits).sum::<u64>(),
        }
    }

    fn block(&self, bytes: usize) -> Option<Block> {
        let class = class_of(bytes)?;
        let whole = class_bytes(class) as u64;
        if self.1 == Turn::Theirs && !self.0.line.lets_pass(whole) {
            return None;
        }
        let raw = self.0.reuse(class).or_else(|| self.0.grow(class))?;
        if self.1 == Turn::Theirs {
            self.0.line.note_passed(whole);
        }
        Some(self.0.hand_out(raw))
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

    /// Idle blocks are given up for who needs others.
    fn room(&self) -> u64 {
        let (held, idle) = (self.held.load(Ordering::Relaxed), self.idle.load(Ordering::Relaxed));
        self.ceiling.saturating_sub(held.saturating_sub(idle))
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
        Some(self.hand_out(raw))
    }

    fn hand_out(self: &Arc<Self>, raw: RawBlock) -> Block {
        self.blocks_out.fetch_add(1, Ordering::Relaxed);
        self.out_bytes.fetch_add(raw.bytes() as u64, Ordering::Relaxed);
        Block::new(raw, self.clone())
    }

    fn release(&self, raw: RawBlock) {
        let class = raw.class();
        let bytes = class_bytes(class) as u64;
        self.blocks_out.fetch_sub(1, Ordering::Relaxed);
        self.out_bytes.fetch_sub(bytes, Ordering::Relaxed);
        if self.held.load(Ordering::Relaxed) > self.ceiling {
            drop(raw);
            self.held.fetch_sub(bytes, Ordering::Relaxed);
        } else {
            self.idle.fetch_add(bytes, Ordering::Relaxed);
            self.free[class].push(raw);
        }
        self.wake_waiters();
    }

    fn wake_waiters(&self) {
        self.waiters.wake();
    }
}

/// Wakers of tasks that wait for something to become true. Who makes it true calls `wake`
/// afterwards; who waits looks, registers, and looks again.
#[derive(Default)]
struct Wakers {
    count: AtomicUsize,
    list: Mutex<Vec<Waker>>,
}

impl Wakers {
    fn wait(&self, waker: &Waker) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if !list.iter().any(|known| known.will_wake(waker)) {
            list.push(waker.clone());
        }
        self.count.store(list.len(), Ordering::SeqCst);
        drop(list);
        fence(Ordering::SeqCst);
    }

    fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        let woken = {
            let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
            self.count.store(0, Ordering::SeqCst);
            std::mem::take(&mut *list)
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
