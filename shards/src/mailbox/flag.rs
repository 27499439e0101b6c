//! The sleep flag: how a shard goes to sleep without missing what is sent meanwhile.
//!
//! Sleeper: `announce()`, look at every queue once more, then sleep or `awake()`.
//! Sender: push into a queue, then `must_kick()`; if true, kick the sleeper through the kernel.
//! Either the sleeper's second look sees the push, or the sender sees the flag: the two
//! sequentially consistent fences forbid that both miss. A kick persists in the kernel until it
//! is collected, so one that arrives before the sleep ends the sleep at once.

use super::atomics::{AtomicBool, Ordering, fence};

pub(crate) struct SleepFlag(AtomicBool);

impl SleepFlag {
    pub(crate) fn new() -> SleepFlag {
        SleepFlag(AtomicBool::new(false))
    }

    /// Sleeper: from here on senders kick. Look at the queues after this.
    pub(crate) fn announce(&self) {
        // A swap, not a store: it orders this sleep behind the swap of a sender that came late
        // for the last one.
        self.0.swap(true, Ordering::AcqRel);
        fence(Ordering::SeqCst);
    }

    /// Sleeper: senders need not kick any more.
    pub(crate) fn awake(&self) {
        self.0.store(false, Ordering::Release);
    }

    /// Sender, after its push: whether this sender is the one that kicks.
    pub(crate) fn must_kick(&self) -> bool {
        fence(Ordering::SeqCst);
        self.0.load(Ordering::Relaxed) && self.0.swap(false, Ordering::AcqRel)
    }
}
