//! Timers of one shard: a heap of deadlines in nanoseconds of the driver's clock.
//!
//! Pure: it never reads a clock. A cancelled timer leaves its heap entry behind; the heap is
//! rebuilt when dead entries outnumber the living, so its size stays within twice the timers
//! that are set.
//! Invariant: `live` counts the slab's entries; every slab entry has exactly one heap entry.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::task::Waker;

use slab::Slab;

/// A timer that is set. Owned by the future that waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimerKey {
    slot: usize,
    seq: u64,
}

struct Timer {
    seq: u64,
    waker: Waker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    deadline_ns: u64,
    seq: u64,
    slot: usize,
}

#[derive(Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<Entry>>,
    slots: Slab<Timer>,
    next_seq: u64,
}

impl Timers {
    /// Sets a timer that wakes `waker` once the clock has reached `deadline_ns`.
    pub(crate) fn set(&mut self, deadline_ns: u64, waker: Waker) -> TimerKey {
        let seq = self.next_seq;
        self.next_seq += 1;
        let slot = self.slots.insert(Timer { seq, waker });
        self.heap.push(Reverse(Entry { deadline_ns, seq, slot }));
        TimerKey { slot, seq }
    }

    /// Changes whom the timer wakes. False if it has fired already.
    pub(crate) fn rewake(&mut self, key: TimerKey, waker: &Waker) -> bool {
        match self.slots.get_mut(key.slot) {
            Some(timer) if timer.seq == key.seq => {
                timer.waker.clone_from(waker);
                true
            }
            _ => false,
        }
    }

    /// Forgets the timer; harmless if it has fired. Returns its waker, to be dropped by the
    /// caller outside any borrow.
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<Waker> {
        let alive = self.slots.get(key.slot).is_some_and(|timer| timer.seq == key.seq);
        if !alive {
            return None;
        }
        let timer = self.slots.remove(key.slot);
        if self.heap.len() > 64 && self.heap.len() > 2 * self.slots.len() {
            self.rebuild();
        }
        Some(timer.waker)
    }

    /// Deadline of the earliest timer that is set.
    pub(crate) fn next_deadline_ns(&mut self) -> Option<u64> {
        while let Some(Reverse(entry)) = self.heap.peek() {
            if Self::alive(&self.slots, entry) {
                return Some(entry.deadline_ns);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes one timer that is due, in order of deadline, then of setting.
    pub(crate) fn pop_due(&mut self, now_ns: u64) -> Option<Waker> {
        if self.next_deadline_ns()? > now_ns {
            return None;
        }
        let Reverse(entry) = self.heap.pop()?;
        Some(self.slots.remove(entry.slot).waker)
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    fn alive(slots: &Slab<Timer>, entry: &Entry) -> bool {
        slots.get(entry.slot).is_some_and(|timer| timer.seq == entry.seq)
    }

    fn rebuild(&mut self) {
        let slots = &self.slots;
        self.heap.retain(|Reverse(entry)| Self::alive(slots, entry));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn counted() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        (count.clone(), Waker::from(count))
    }

    fn fire(timers: &mut Timers, now_ns: u64) -> usize {
        let mut fired = 0;
        while let Some(waker) = timers.pop_due(now_ns) {
            waker.wake();
            fired += 1;
        }
        fired
    }

    #[test]
    fn timers_fire_at_their_deadline_and_not_before() {
        let mut timers = Timers::default();
        let (count, waker) = counted();
        timers.set(100, waker);
        assert_eq!(fire(&mut timers, 99), 0);
        assert_eq!(timers.next_deadline_ns(), Some(100));
        assert_eq!(fire(&mut timers, 100), 1);
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        assert_eq!(timers.next_deadline_ns(), None);
    }

    #[test]
    fn a_cancelled_timer_never_fires_and_its_slot_may_be_reused() {
        let mut timers = Timers::default();
        let (first, waker) = counted();
        let key = timers.set(10, waker);
        assert!(timers.cancel(key).is_some());
        let (second, waker) = counted();
        let other = timers.set(20, waker);
        assert_ne!(key, other);
        assert!(timers.cancel(key).is_none(), "a stale key does not touch its successor");
        assert_eq!(fire(&mut timers, 30), 1);
        assert_eq!(first.0.load(Ordering::Relaxed), 0);
        assert_eq!(second.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn equal_deadlines_fire_in_order_of_setting() {
        let mut timers = Timers::default();
        let all: Vec<_> = (0..8).map(|_| counted()).collect();
        for (_, waker) in &all {
            timers.set(5, waker.clone());
        }
        for (count, _) in &all {
            timers.pop_due(5).expect("eight are set").wake();
            assert_eq!(count.0.load(Ordering::Relaxed), 1);
        }
    }

    #[test]
    fn cancelled_timers_do_not_grow_the_heap() {
        let mut timers = Timers::default();
        let (_, waker) = counted();
        let rounds = if cfg!(miri) { 1_000 } else { 100_000u64 };
        for i in 0..rounds {
            let key = timers.set(1_000_000 + i, waker.clone());
            timers.cancel(key);
        }
        assert!(timers.heap.len() <= 65);
        assert_eq!(timers.len(), 0);
    }
}
