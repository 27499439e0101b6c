//! Deadlines of groups and members, in one ordered queue per coordinator.
//!
//! A deadline that is only moved later (every heartbeat does that) costs no queue
//! operation: its entry fires at the old time, finds the new one, and is queued again.
//! Owners keep a [`Timer`]; the queue holds at most one live entry for each.
//!
//! Invariant: a set timer has a live entry that fires no later than its deadline.

use std::collections::BTreeSet;

use super::Text;

/// What a queue entry reminds of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reminder {
    /// The join phase of a group ends, or its initial delay does.
    JoinPhase(Text),
    /// Members that have not synced are expelled.
    SyncPhase(Text),
    /// The session of a member, or of an id that was handed out and not used yet.
    Session(Text, Text),
    /// Offsets and groups that nobody needs any more are removed.
    Cleanup,
}

/// One deadline in monotonic milliseconds, kept by its owner.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timer {
    deadline_ms: Option<u64>,
    queued_ms: Option<u64>,
}

/// What a fired entry turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fired {
    /// The deadline has passed; the timer is off now.
    Due,
    /// Moved, switched off, or an older entry: nothing to do.
    Stale,
}

/// All entries of one coordinator.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: BTreeSet<(u64, Reminder)>,
}

impl Timers {
    /// When the earliest entry fires.
    pub(super) fn next(&self) -> Option<u64> {
        self.queue.first().map(|(at_ms, _)| *at_ms)
    }

    /// Takes the earliest entry that is due.
    pub(super) fn pop(&mut self, now_ms: u64) -> Option<(u64, Reminder)> {
        if self.next()? > now_ms {
            return None;
        }
        self.queue.pop_first()
    }

    /// Sets `timer` to `deadline_ms`, earlier or later than before.
    pub(super) fn set(&mut self, timer: &mut Timer, deadline_ms: u64, what: &Reminder) {
        timer.deadline_ms = Some(deadline_ms);
        let earlier = timer.queued_ms.is_none_or(|queued_ms| deadline_ms < queued_ms);
        if earlier {
            if let Some(queued_ms) = timer.queued_ms {
                self.queue.remove(&(queued_ms, what.clone()));
            }
            self.queue.insert((deadline_ms, what.clone()));
            timer.queued_ms = Some(deadline_ms);
        }
    }

    /// Queues a reminder that has no owner.
    pub(super) fn remind(&mut self, at_ms: u64, what: Reminder) {
        self.queue.insert((at_ms, what));
    }

    /// Takes the entry of an owner that goes away.
    pub(super) fn forget(&mut self, timer: Timer, what: &Reminder) {
        if let Some(queued_ms) = timer.queued_ms {
            self.queue.remove(&(queued_ms, what.clone()));
        }
    }

    /// The entry of `timer` was popped at `at_ms`.
    pub(super) fn fired(
        &mut self,
        timer: &mut Timer,
        at_ms: u64,
        now_ms: u64,
        what: &Reminder,
    ) -> Fired {
        if timer.queued_ms != Some(at_ms) {
            return Fired::Stale;
        }
        timer.queued_ms = None;
        match timer.deadline_ms {
            Some(deadline_ms) if deadline_ms <= now_ms => {
                timer.deadline_ms = None;
                Fired::Due
            }
            Some(deadline_ms) => {
                self.set(timer, deadline_ms, what);
                Fired::Stale
            }
            None => Fired::Stale,
        }
    }

    /// How many entries wait; used by tests to see that none leak.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }
}

impl Timer {
    /// Switches the deadline off; its entry, if any, fires without effect.
    pub(super) fn clear(&mut self) {
        self.deadline_ms = None;
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        self.deadline_ms
    }

    /// The invariant of this module, for one owner.
    pub(super) fn check(&self) {
        if let Some(deadline_ms) = self.deadline_ms {
            assert!(self.queued_ms.is_some_and(|queued_ms| queued_ms <= deadline_ms));
        }
    }
}
