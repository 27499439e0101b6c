//! The shard's housekeeping: one task, one timer, however many partitions.
//!
//! Warm partitions (those that hold memory or files) are looked at every second: the quiet
//! ones go cold, relaxed topics get their `flush.ms`. Retention and expiry of producers go
//! over all partitions at `log.retention.check.interval.ms`. With nothing warm the task
//! sleeps until retention is due or somebody writes. Beside it a task lets the cache give way
//! when memory is waited for.

use std::rc::{Rc, Weak};
use std::time::Duration;

use millstream_engine::ids::Offset;
use millstream_engine::now::Now;
use millstream_shards::Class;

use super::Shared;
use super::limits::{
    COLD_AFTER_MS, QUIET_UNCHECKED_BYTES_MAX, RELIEF_PAUSE_MS, SETTLE_TASKS, UPKEEP_MS,
};
use super::partition::{Condition, Inner};
use crate::shard::run_bounded;

pub(super) async fn run(storage: Weak<Shared>) {
    let Some(first) = storage.upgrade() else { return };
    let (shard, wakeup) = (first.shard.clone(), first.upkeep.clone());
    let check_ms = first.options.retention_check_ms;
    drop(first);
    let mut retention_due_ms = shard.now_ns() / 1_000_000 + check_ms;
    loop {
        let now_ms = shard.now_ns() / 1_000_000;
        let wait_ms = {
            let Some(storage) = storage.upgrade() else { return };
            let left = retention_due_ms.saturating_sub(now_ms);
            if storage.warm.borrow().is_empty() { left } else { left.min(UPKEEP_MS) }
        };
        let _ = shard.timeout(Duration::from_millis(wait_ms), wakeup.notified()).await;
        let Some(storage) = storage.upgrade().filter(|storage| !storage.closed.get()) else {
            return;
        };
        let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
        storage.look_at_warm(now).await;
        if now.mono_ms() >= retention_due_ms {
            storage.enforce_retention(now).await;
            retention_due_ms = now.mono_ms() + check_ms;
        }
    }
}

/// Lets the cache give way to whoever waits for blocks, on any shard, until storage is gone.
pub(super) async fn give_way(storage: Weak<Shared>) {
    let Some(shard) = storage.upgrade().map(|storage| storage.shard.clone()) else { return };
    loop {
        let bytes = shard.pool().wanted().await;
        let Some(storage) = storage.upgrade() else { return };
        storage.give_way(bytes);
        drop(storage);
        shard.sleep(Duration::from_millis(RELIEF_PAUSE_MS)).await;
    }
}

impl Shared {
    pub(super) async fn look_at_warm(&self, now: Now) {
        let warm: Vec<Weak<Inner>> = std::mem::take(&mut *self.warm.borrow_mut());
        for weak in warm {
            let Some(inner) = weak.upgrade() else { continue };
            inner.flush_if_due(now).await;
            inner.settle_if_quiet(now).await;
            if inner.is_quiet(now) && inner.unchecked.get() > QUIET_UNCHECKED_BYTES_MAX {
                inner.checkpoint_soon();
            }
            if inner.may_go_cold(now) {
                inner.go_cold();
            } else {
                self.warm.borrow_mut().push(weak);
            }
            self.shard.yield_now().await;
        }
    }

    /// One pass over all partitions: retention, expired producers.
    pub(super) async fn enforce_retention(self: &Rc<Self>, now: Now) {
        let mut waiting = Vec::new();
        for inner in self.live() {
            let expiration_ms = self.producer_expiration_ms.get();
            inner.log.borrow_mut().expire_producers(now, expiration_ms);
            inner.retain(now).await;
            if inner.waits_for_settling(now).is_some() {
                waiting.push(Rc::downgrade(&inner));
            }
            self.shard.yield_now().await;
        }
        self.settle_due(waiting);
    }

    /// What is due and only in the journal goes to segment files, to leave with them. Beside the
    /// housekeeping: a slow device holds this task, and not the retention of what is settled.
    fn settle_due(self: &Rc<Self>, waiting: Vec<Weak<Inner>>) {
        if waiting.is_empty() || self.settling_due.replace(true) {
            return;
        }
        let shared = Rc::downgrade(self);
        self.shard.spawn(Class::Background, "retention-settle", async move {
            let jobs = waiting.into_iter().map(async |weak| {
                if let Some(inner) = weak.upgrade() {
                    inner.settle_and_retain().await;
                }
            });
            run_bounded(SETTLE_TASKS, jobs).await;
            if let Some(shared) = shared.upgrade() {
                shared.settling_due.set(false);
            }
        });
    }
}

impl Inner {
    /// Notes that the partition holds memory or files.
    pub fn warm_up(self: &Rc<Self>) {
        if !self.is_warm.replace(true) {
            let was_empty = self.shared.warm.borrow().is_empty();
            self.shared.warm.borrow_mut().push(Rc::downgrade(self));
            if was_empty {
                self.shared.upkeep.notify_waiters();
            }
        }
    }

    /// Up to where this partition must be settled for retention to go on; of a sound one only.
    fn waits_for_settling(&self, now: Now) -> Option<Offset> {
        let is_open = matches!(&*self.condition.borrow(), Condition::Open);
        self.log.borrow().retention_waits_for(now).filter(|_| is_open)
    }

    async fn settle_and_retain(self: &Rc<Self>) {
        let shard = &self.shared.shard;
        let now = || Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
        let Some(end) = self.waits_for_settling(now()) else { return };
        match self.try_settle_upto(end).await {
            Ok(()) => self.retain(now()).await,
            // The partition is offline; that was said when it failed.
            Err(fault) => tracing::debug!(topic = %self.name.topic, %fault, "not settled"),
        }
    }

    fn is_quiet(&self, now: Now) -> bool {
        now.wall_ms.saturating_sub(self.used_ms.get()) >= COLD_AFTER_MS as i64
    }

    /// Brings what a quiet partition has in the journal only to where it may go cold.
    async fn settle_if_quiet(self: &Rc<Self>, now: Now) {
        let written = self.log.borrow().written().offset;
        if self.is_quiet(now) && self.log.borrow().settled() < written {
            // A fault is the partition's, and was logged; a full device must not hold this task,
            // which runs the retention that gives space.
            let _ = self.try_settle_upto(written).await;
        }
    }

    fn may_go_cold(&self, now: Now) -> bool {
        let log = self.log.borrow();
        self.is_quiet(now)
            && !self.committing.get()
            && !log.has_pending()
            && !log.has_claims()
            && log.placed().offset == log.log_end()
            && !self.writers.borrow().values().any(|writer| writer.is_busy())
    }

    /// Gives up blocks, files and loaded indexes.
    fn go_cold(&self) {
        self.is_warm.set(false);
        self.release_tail();
        self.writers.borrow_mut().clear();
        self.forget_all_readers();
        let mut log = self.log.borrow_mut();
        let spare: Vec<_> = log.spare_indexes().collect();
        for base in spare {
            log.set_index(base, None);
        }
    }

    async fn flush_if_due(self: &Rc<Self>, now: Now) {
        let due = {
            let log = self.log.borrow();
            let waited_ms = now.wall_ms.saturating_sub(self.flushed_ms.get());
            let limit = log.config().flush_ms.and_then(|limit| i64::try_from(limit).ok());
            log.unflushed() > 0 && limit.is_some_and(|limit| waited_ms >= limit)
        };
        if due && !self.committing.get() {
            let _turn = self.filing.acquire(1).await;
            // After one that failed, another proves nothing.
            if self.may_write() {
                self.flush_or_fail().await;
            }
        }
    }
}
