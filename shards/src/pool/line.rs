//! The line of those who wait for blocks, in the order of asking.
//!
//! Memory comes back in pieces, of which those may take one who ask for less than everybody
//! before them: it would lie idle else. Not without end: when four times as much as the first
//! one waits for has gone past it, nobody is given a block before it has its own or has left.
//! A deadline is the caller's: who holds blocks and waits for more may hold what others wait for.
//! Used by `Pool`, on any thread.
//! Invariant: `free_below` is 0 when the first has been passed too often, else the least that
//! anybody waits for; `u64::MAX` when nobody does.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Shared;
use crate::limits::PASSED_FACTOR_MAX;

pub(super) struct Line {
    places: Mutex<VecDeque<Entry>>,
    /// Who does not stand in line may take less than this.
    free_below: AtomicU64,
    next_ticket: AtomicU64,
}

struct Entry {
    ticket: u64,
    bytes: u64,
    /// What others were given meanwhile who came later.
    passed: u64,
}

/// A place in the line, left when dropped.
pub(super) struct Place {
    pool: Arc<Shared>,
    ticket: u64,
}

impl Line {
    pub(super) fn new() -> Line {
        Line {
            places: Mutex::new(VecDeque::new()),
            free_below: AtomicU64::new(u64::MAX),
            next_ticket: AtomicU64::new(0),
        }
    }

    /// Whether one who does not wait may be given `bytes` now.
    pub(super) fn lets_pass(&self, bytes: u64) -> bool {
        bytes < self.free_below.load(Ordering::Relaxed)
    }

    /// One who does not wait was given `bytes`.
    pub(super) fn note_passed(&self, bytes: u64) {
        if self.free_below.load(Ordering::Relaxed) != u64::MAX {
            let mut places = self.places();
            places.iter_mut().for_each(|entry| entry.passed += bytes);
            self.note(&places);
        }
    }

    /// What those in line wait for, in bytes.
    pub(super) fn wanted(&self) -> u64 {
        match self.free_below.load(Ordering::Relaxed) {
            u64::MAX => 0,
            _ => self.places().iter().map(|entry| entry.bytes).sum(),
        }
    }

    /// How often somebody had to wait.
    pub(super) fn waits(&self) -> u64 {
        self.next_ticket.load(Ordering::Relaxed)
    }

    /// Invariants, one a line.
    pub(super) fn check(&self) {
        let places = self.places();
        let free_below = self.free_below.load(Ordering::Relaxed);
        assert_eq!(free_below, Line::least(&places), "who does not wait knows who does");
        let ticket = self.next_ticket.load(Ordering::Relaxed);
        assert!(places.iter().all(|one| one.ticket < ticket), "who waits has drawn a ticket");
    }

    fn places(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, places: &VecDeque<Entry>) {
        self.free_below.store(Line::least(places), Ordering::Relaxed);
    }

    fn least(places: &VecDeque<Entry>) -> u64 {
        match places.front() {
            Some(first) if first.is_due() => 0,
            _ => places.iter().map(|entry| entry.bytes).min().unwrap_or(u64::MAX),
        }
    }
}

impl Entry {
    fn is_due(&self) -> bool {
        self.passed >= self.bytes.saturating_mul(PASSED_FACTOR_MAX)
    }
}

impl Place {
    pub(super) fn take(pool: &Arc<Shared>, bytes: u64) -> Place {
        let ticket = pool.line.next_ticket.fetch_add(1, Ordering::Relaxed);
        let mut places = pool.line.places();
        places.push_back(Entry { ticket, bytes, passed: 0 });
        pool.line.note(&places);
        drop(places);
        pool.givers.wake();
        Place { pool: pool.clone(), ticket }
    }

    /// Whether it is this one's turn: the first, or one who asks for less than all before it.
    pub(super) fn may_take(&self) -> bool {
        let places = self.pool.line.places();
        let Some(at) = places.iter().position(|entry| entry.ticket == self.ticket) else {
            return false;
        };
        let is_less = |before: &Entry| places[at].bytes < before.bytes;
        at == 0 || (!places[0].is_due() && places.iter().take(at).all(is_less))
    }

    /// It was given what it waited for: those before it were passed.
    pub(super) fn note_served(&self) {
        let mut places = self.pool.line.places();
        if let Some(at) = places.iter().position(|entry| entry.ticket == self.ticket) {
            let bytes = places[at].bytes;
            places.iter_mut().take(at).for_each(|before| before.passed += bytes);
            self.pool.line.note(&places);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.pool.line.places();
        places.retain(|entry| entry.ticket != self.ticket);
        self.pool.line.note(&places);
        drop(places);
        // The next in line may have room already.
        self.pool.wake_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use crate::limits::{KIB, PASSED_FACTOR_MAX};
    use crate::{AlignedBuf, Pool};

    type Waiting<'a> = Pin<Box<dyn Future<Output = Option<AlignedBuf>> + 'a>>;

    fn poll(waiting: &mut Waiting<'_>) -> Option<AlignedBuf> {
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(taken) => Some(taken.expect("it can be had")),
            Poll::Pending => None,
        }
    }

    /// A pool of sixteen pages that are all taken.
    fn full() -> (Pool, Vec<AlignedBuf>) {
        let pool = Pool::new(64 * KIB as u64);
        let held: Vec<_> = (0..16).map_while(|_| pool.try_take(4 * KIB)).collect();
        assert_eq!((held.len(), pool.room()), (16, 0));
        (pool, held)
    }

    #[test]
    fn who_asks_for_as_much_as_those_before_waits_its_turn() {
        let (pool, mut held) = full();
        let (mut first, mut second): (Waiting<'_>, Waiting<'_>) =
            (Box::pin(pool.take(4 * KIB)), Box::pin(pool.take(4 * KIB)));
        assert!(poll(&mut first).is_none() && poll(&mut second).is_none());
        held.pop();
        assert!(poll(&mut second).is_none(), "nobody overtakes");
        assert!(pool.try_take(4 * KIB).is_none(), "nor who does not wait");
        let taken = poll(&mut first).expect("its turn");
        drop(taken);
        drop(first);
        assert!(poll(&mut second).is_some());
        drop(second);
        assert!(pool.try_take(4 * KIB).is_some(), "nobody waits any more");
    }

    #[test]
    fn the_first_is_passed_by_smaller_ones_and_not_for_ever() {
        let (pool, mut held) = full();
        let mut large: Waiting<'_> = Box::pin(pool.take(32 * KIB));
        assert!(poll(&mut large).is_none());
        let mut passed = 0;
        loop {
            held.pop();
            let Some(page) = pool.try_take(4 * KIB) else { break };
            held.push(page);
            passed += 1;
        }
        assert_eq!(passed, PASSED_FACTOR_MAX * 8);
        let mut small: Waiting<'_> = Box::pin(pool.take(4 * KIB));
        assert!(poll(&mut small).is_none(), "it is due");
        held.truncate(9);
        assert!(poll(&mut large).is_none(), "seven pages");
        held.pop();
        assert!(poll(&mut small).is_none());
        assert!(poll(&mut large).is_some());
        drop(large);
        assert!(poll(&mut small).is_some());
    }

    #[test]
    fn smaller_ones_in_line_pass_too_and_one_who_leaves_frees_the_rest() {
        let (pool, mut held) = full();
        let mut large: Waiting<'_> = Box::pin(pool.take(32 * KIB));
        let mut small: Waiting<'_> = Box::pin(pool.take(8 * KIB));
        let mut same: Waiting<'_> = Box::pin(pool.take(32 * KIB));
        for waiting in [&mut large, &mut small, &mut same] {
            assert!(poll(waiting).is_none());
        }
        assert_eq!(drive(pool.wanted()), Some(72 * KIB as u64));
        held.truncate(14);
        assert!(poll(&mut large).is_none() && poll(&mut same).is_none());
        let taken = poll(&mut small).expect("it is less than what is before it");
        drop((small, taken));
        held.truncate(8);
        assert!(poll(&mut same).is_none(), "the other comes first");
        drop(large);
        assert!(poll(&mut same).is_some());
        drop(same);
        assert_eq!(drive(pool.wanted()), None);
    }

    #[test]
    fn several_blocks_are_taken_at_once_or_none() {
        let (pool, mut held) = full();
        let both = |pool: &Pool| Some((pool.try_take(32 * KIB)?, pool.try_take(16 * KIB)?));
        let mut waiting = pin!(pool.in_turn(48 * KIB as u64, both));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut cx).is_pending());
        held.truncate(5);
        assert!(waiting.as_mut().poll(&mut cx).is_pending());
        assert_eq!(pool.stats().blocks_out, 5, "it holds nothing while it waits");
        held.pop();
        let Poll::Ready((large, small)) = waiting.as_mut().poll(&mut cx) else { panic!("room") };
        assert_eq!((large.capacity(), small.capacity()), (32 * KIB, 16 * KIB));
    }

    fn drive<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }
}
