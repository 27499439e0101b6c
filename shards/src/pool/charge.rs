//! Charges: memory that is no block, but counts as if it were.
//!
//! A pool keeps numbered accounts; the program says what each stands for and how much it may
//! hold. A charge of heap memory takes from the ceiling as blocks do, and makes idle blocks go.
//! A charge of blocks only bounds its account: the blocks themselves are counted when taken.
//! Invariant: `used` of an account is the sum of its charges, and at most its limit at the
//! time they were made; who waits in `Pool::charge` is served in the order of asking.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll as TaskPoll;

use super::{Pool, Shared};
use crate::limits::POOL_ACCOUNTS;

/// Names one of a pool's accounts: 0 up to `POOL_ACCOUNTS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u8);

/// What a charge stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backing {
    /// Memory from the heap: it counts against the pool's ceiling.
    Heap,
    /// Blocks of the pool, which are counted there on their own.
    Blocks,
}

/// What an account holds, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountStats {
    pub used: u64,
    pub limit: u64,
}

pub(super) struct Account {
    used: AtomicU64,
    limit: AtomicU64,
    /// Tickets of those who wait, in order; `queued` is their number, for a look without a lock.
    queue: Mutex<VecDeque<u64>>,
    queued: AtomicUsize,
    next_ticket: AtomicU64,
}

impl Account {
    pub(super) fn new() -> Account {
        Account {
            used: AtomicU64::new(0),
            limit: AtomicU64::new(u64::MAX),
            queue: Mutex::new(VecDeque::new()),
            queued: AtomicUsize::new(0),
            next_ticket: AtomicU64::new(0),
        }
    }

    /// How often somebody had to wait.
    pub(super) fn waits(&self) -> u64 {
        self.next_ticket.load(Ordering::Relaxed)
    }

    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Invariants, one a line.
    pub(super) fn check(&self) {
        let queue = self.queue();
        assert_eq!(queue.len(), self.queued.load(Ordering::Relaxed), "who waits is counted");
        let ticket = self.next_ticket.load(Ordering::Relaxed);
        assert!(queue.iter().all(|one| *one < ticket), "who waits has drawn a ticket");
        assert!(queue.iter().is_sorted(), "who waits stands in the order of asking");
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<u64>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self, bytes: u64) -> bool {
        let limit = self.limit.load(Ordering::Relaxed);
        let within = |used: u64| used.checked_add(bytes).filter(|&sum| sum <= limit);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within).is_ok()
    }
}

/// Bytes charged to an account until this is dropped, on whatever thread.
pub struct Charge {
    pool: Arc<Shared>,
    account: AccountId,
    backing: Backing,
    bytes: u64,
}

impl Pool {
    /// What the account may hold from now on; what it holds already stays.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn limit_account(&self, account: AccountId, bytes: u64) {
        self.0.account(account).limit.store(bytes, Ordering::Relaxed);
    }

    /// # Panics
    /// If there is no such account.
    pub fn account(&self, account: AccountId) -> AccountStats {
        let account = self.0.account(account);
        AccountStats {
            used: account.used.load(Ordering::Relaxed),
            limit: account.limit.load(Ordering::Relaxed),
        }
    }

    /// Charges `bytes`; `None` when the account or the pool has not so much now, or others
    /// wait for it.
    pub fn try_charge(&self, account: AccountId, backing: Backing, bytes: u64) -> Option<Charge> {
        if self.0.account(account).queued.load(Ordering::Relaxed) > 0 {
            return None;
        }
        self.charge_now(account, backing, bytes)
    }

    /// As `try_charge`, waiting its turn. `None` only when it can never be had: above the
    /// account's limit or the pool's ceiling. May be dropped at any time.
    pub async fn charge(&self, account: AccountId, backing: Backing, bytes: u64) -> Option<Charge> {
        let ceiling = if backing == Backing::Heap { self.0.ceiling } else { u64::MAX };
        if bytes > self.account(account).limit.min(ceiling) {
            return None;
        }
        let place = Place::take(self, account);
        let charged = poll_fn(|cx| {
            if let Some(charge) = place.try_charge(backing, bytes) {
                return TaskPoll::Ready(charge);
            }
            self.0.waiters.wait(cx.waker());
            // Room may have been made between the first look and the registration.
            place.try_charge(backing, bytes).map_or(TaskPoll::Pending, TaskPoll::Ready)
        });
        Some(charged.await)
    }

    fn charge_now(&self, account: AccountId, backing: Backing, bytes: u64) -> Option<Charge> {
        let mut charge = Charge { pool: self.0.clone(), account, backing, bytes: 0 };
        charge.grow_now(bytes).then_some(charge)
    }
}

/// A place in an account's queue, left when dropped.
struct Place<'a> {
    pool: &'a Pool,
    account: AccountId,
    ticket: u64,
}

impl<'a> Place<'a> {
    fn take(pool: &'a Pool, account: AccountId) -> Place<'a> {
        let of = pool.0.account(account);
        let ticket = of.next_ticket.fetch_add(1, Ordering::Relaxed);
        let mut queue = of.queue();
        queue.push_back(ticket);
        of.queued.store(queue.len(), Ordering::Relaxed);
        Place { pool, account, ticket }
    }

    fn try_charge(&self, backing: Backing, bytes: u64) -> Option<Charge> {
        let is_first = self.pool.0.account(self.account).queue().front() == Some(&self.ticket);
        if is_first { self.pool.charge_now(self.account, backing, bytes) } else { None }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let of = self.pool.0.account(self.account);
        let mut queue = of.queue();
        queue.retain(|ticket| *ticket != self.ticket);
        of.queued.store(queue.len(), Ordering::Relaxed);
        drop(queue);
        // The next in line may have room already.
        self.pool.0.wake_waiters();
    }
}

impl Charge {
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Charges `more` besides; `false` when the account or the pool has not so much now.
    pub fn try_grow(&mut self, more: u64) -> bool {
        self.pool.account(self.account).queued.load(Ordering::Relaxed) == 0 && self.grow_now(more)
    }

    /// Gives back what is above `bytes`.
    pub fn shrink_to(&mut self, bytes: u64) {
        let less = self.bytes.saturating_sub(bytes);
        if less == 0 {
            return;
        }
        self.bytes -= less;
        self.pool.account(self.account).used.fetch_sub(less, Ordering::Relaxed);
        if self.backing == Backing::Heap {
            self.pool.held.fetch_sub(less, Ordering::Relaxed);
            self.pool.heap_bytes.fetch_sub(less, Ordering::Relaxed);
        }
        self.pool.wake_waiters();
    }

    /// Takes `bytes` out into a charge of their own; `None` where there are less.
    pub fn split(&mut self, bytes: u64) -> Option<Charge> {
        self.bytes = self.bytes.checked_sub(bytes)?;
        let (account, backing) = (self.account, self.backing);
        Some(Charge { pool: self.pool.clone(), account, backing, bytes })
    }

    /// Takes over what `other` holds.
    ///
    /// # Panics
    /// If it is of another account or backing.
    pub fn absorb(&mut self, mut other: Charge) {
        assert!(self.account == other.account && self.backing == other.backing, "one account");
        self.bytes += std::mem::take(&mut other.bytes);
    }

    fn grow_now(&mut self, more: u64) -> bool {
        if !self.pool.account(self.account).reserve(more) {
            return false;
        }
        if self.backing == Backing::Heap && !self.pool.reserve_or_trim(more) {
            self.pool.account(self.account).used.fetch_sub(more, Ordering::Relaxed);
            return false;
        }
        if self.backing == Backing::Heap {
            self.pool.heap_bytes.fetch_add(more, Ordering::Relaxed);
        }
        self.bytes += more;
        true
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

impl Shared {
    pub(super) fn account(&self, account: AccountId) -> &Account {
        let index = usize::from(account.0);
        assert!(index < POOL_ACCOUNTS, "account {index} of {POOL_ACCOUNTS}");
        &self.accounts[index]
    }
}
