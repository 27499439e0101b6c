//! Keeping recovery short: how much of a shard's logs no checkpoint covers.
//!
//! A start after a kill scans what was appended since each partition's last checkpoint. One
//! partition is checkpointed every `CHECKPOINT_BYTES`; many partitions with less each add up,
//! so the shard keeps a sum, and when it passes `UNCHECKED_BYTES_MAX` the partitions with the
//! most are checkpointed until a good part of the budget is free again. A partition that goes
//! quiet with much to scan is checkpointed too. One task per shard, only while there is work;
//! the budget is soft: appends do not wait for it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use millstream_shards::Class;

use super::Shared;
use super::fault::StorageFault;
use super::limits::{CHECKPOINTS_AT_ONCE, UNCHECKED_BYTES_MAX};
use super::partition::Inner;
use crate::shard::run_bounded;

/// What one shard knows of its partitions' checkpoints.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// Bytes appended since the checkpoints, of all open partitions.
    unchecked: Cell<u64>,
    queue: RefCell<VecDeque<Weak<Inner>>>,
    working: Cell<bool>,
}

impl Inner {
    /// Notes bytes that a recovery would have to scan.
    pub fn add_unchecked(self: &Rc<Self>, bytes: u64) {
        self.unchecked.set(self.unchecked.get() + bytes);
        let sum = &self.shared.checkpoints.unchecked;
        sum.set(sum.get() + bytes);
        if sum.get() > UNCHECKED_BYTES_MAX {
            self.shared.checkpoint_largest();
        }
    }

    /// A checkpoint takes them in, or the partition is gone.
    pub fn take_unchecked(&self) {
        let sum = &self.shared.checkpoints.unchecked;
        sum.set(sum.get().saturating_sub(self.unchecked.take()));
    }

    /// Asks for a checkpoint in the background.
    pub fn checkpoint_soon(self: &Rc<Self>) {
        self.take_unchecked();
        self.shared.checkpoints.queue.borrow_mut().push_back(Rc::downgrade(self));
        self.shared.start_checkpoints();
    }
}

impl Shared {
    /// Bytes that a recovery would scan now.
    #[cfg(test)]
    pub fn unchecked_bytes(&self) -> u64 {
        self.checkpoints.unchecked.get()
    }

    /// Queues the partitions with the most to scan until a quarter of the budget is free.
    fn checkpoint_largest(self: &Rc<Self>) {
        if self.checkpoints.working.get() {
            return;
        }
        let mut all: Vec<Rc<Inner>> = self.live();
        all.sort_by_key(|inner| std::cmp::Reverse(inner.unchecked.get()));
        for inner in all {
            if self.checkpoints.unchecked.get() <= UNCHECKED_BYTES_MAX / 4 * 3 {
                return;
            }
            inner.checkpoint_soon();
        }
    }

    fn start_checkpoints(self: &Rc<Self>) {
        if self.checkpoints.working.replace(true) {
            return;
        }
        let shared = self.clone();
        self.shard.spawn(Class::Background, "checkpoints", async move {
            let next = || shared.checkpoints.queue.borrow_mut().pop_front();
            let jobs = std::iter::from_fn(next).map(|inner| async move {
                let Some(inner) = inner.upgrade() else { return };
                match inner.checkpoint().await {
                    Ok(()) | Err(StorageFault::Closed) => {}
                    Err(fault) => {
                        tracing::warn!(%fault, "no checkpoint; recovery would take longer");
                    }
                }
            });
            run_bounded(CHECKPOINTS_AT_ONCE, jobs).await;
            shared.checkpoints.working.set(false);
        });
    }
}
