//! Invariants of a shard's storage, looked at while it works: in builds with debug assertions, and
//! so in every simulated seed.
//!
//! Called at the end of each turn, when nothing is half done: one partition's log and tail, the
//! next one in the next turn, and the journal. What takes longer, the account of tail blocks, is
//! looked at now and then. Counted in turns and not by a clock, so a seed stays what it is. Nothing
//! is changed here; a violation ends the process and names its invariant.

use std::rc::{Rc, Weak};

use super::Shared;
use super::partition::{Condition, Inner};

/// Turns from one look at the account of tail blocks to the next.
const ACCOUNT_TURNS: usize = 64;

/// What a shard calls at the end of each turn while the storage is there.
pub(super) fn one_each_turn(shared: &Rc<Shared>) -> impl FnMut() -> bool + 'static {
    let storage = Rc::downgrade(shared);
    let mut turn = 0usize;
    move || {
        let Some(storage) = storage.upgrade() else { return false };
        storage.check(turn);
        turn = turn.wrapping_add(1);
        true
    }
}

impl Shared {
    fn check(&self, turn: usize) {
        let partitions = self.partitions.borrow();
        let next = turn.checked_rem(partitions.len()).and_then(|at| partitions.get(at));
        if let Some(inner) = next.and_then(Weak::upgrade) {
            inner.check();
        }
        self.journal.check();
        if turn.is_multiple_of(ACCOUNT_TURNS) {
            self.check_blocks();
        }
    }

    /// Tail blocks are counted when they are born and when they go, and are the pool's.
    fn check_blocks(&self) {
        let partitions = self.live();
        let tails: u64 = partitions.iter().map(|inner| inner.tail.borrow().held_bytes()).sum();
        let held = self.shard.pool().stats().held;
        assert!(tails <= held, "tails of {tails} bytes, of a pool that has {held}");
        let listed: u64 = self.blocks.borrow().iter().map(|(_, name)| name.bytes).sum();
        assert_eq!(listed, self.cached_bytes.get(), "the cache's bytes are not its blocks'");
    }
}

impl Inner {
    /// Invariants, one a line.
    fn check(&self) {
        let (log, tail) = (self.log.borrow(), self.tail.borrow());
        log.check();
        tail.check();
        let closed = matches!(&*self.condition.borrow(), Condition::Closed);
        if let Some(first) = log.first_unplaced().filter(|_| !closed) {
            assert!(tail.holds_from(first.segment, first.position), "{first:?} is nowhere");
        }
    }
}
