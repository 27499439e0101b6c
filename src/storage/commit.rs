//! How pending bytes of a partition become durable, and how they come into segment files.
//!
//! `kick_commit` hands small pending bytes to the shard's journal; large ones, and all where
//! the journal has no place, go straight to the segment's file by the partition's own task, one
//! write at a time. `settle_upto` brings into the file what is durable in the journal only.
//! On a full device writers wait and try again; after any other fault of a segment file
//! nothing of the partition is acknowledged before its log is opened again (`reopen`).

use std::io;
use std::rc::Rc;
use std::time::Duration;

use millstream_engine::ids::Offset;
use millstream_engine::limits::{COMMIT_BYTES_MAX, DIRECT_BYTES_MIN};
use millstream_engine::log::{Claim, Durability, FileWrite};
use millstream_shards::{Class, Sync};

use super::failed_flush;
use super::fault::WriteFault;
use super::limits::NO_SPACE_RETRY_MS;
use super::partition::{Condition, Inner};
use super::reserve::is_no_space;
use super::segment_file::SegmentFile;

/// What to do about a partition's pending bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// Nothing waits, or somebody who is under way will see to it.
    Nothing,
    Journal,
    File,
}

impl Inner {
    /// Makes sure that what is pending becomes durable, if anything is.
    pub fn kick_commit(self: &Rc<Self>) {
        match self.route() {
            Route::Nothing => {}
            Route::Journal => self.shared.journal.enqueue(self),
            Route::File => {
                // Perhaps only because the journal has no file yet.
                self.shared.journal.look_ahead();
                self.commit_to_file();
            }
        }
    }

    fn route(&self) -> Route {
        if self.committing.get() || !self.may_write() {
            return Route::Nothing;
        }
        let log = self.log.borrow();
        if !log.has_pending() {
            return if log.owes_flush() { Route::File } else { Route::Nothing };
        }
        let large = log.pending_bytes() >= DIRECT_BYTES_MIN;
        let no_space = matches!(&*self.condition.borrow(), Condition::NoSpace);
        if no_space && self.gives_up() {
            return Route::Nothing;
        }
        if !large && !no_space && self.shared.journal.is_usable() {
            Route::Journal
        } else if log.has_claims() {
            // Claims end in order; whoever ends the last one asks again.
            Route::Nothing
        } else {
            Route::File
        }
    }

    /// For the journal, whose turn it is: bytes for the commit that is being composed. Where
    /// the segment's file is the better place by now, that write is begun instead.
    pub fn claim_or_file(self: &Rc<Self>) -> Option<Claim> {
        match self.route() {
            Route::Nothing => None,
            Route::Journal => self.log.borrow_mut().plan_claim(DIRECT_BYTES_MIN),
            Route::File => {
                self.commit_to_file();
                None
            }
        }
    }

    /// The journal has no place for this claim, its newest.
    pub fn withdraw(self: &Rc<Self>, claim: &Claim) {
        self.log.borrow_mut().on_claim_withdrawn(claim);
        if !self.log.borrow().has_claims() && self.may_write() {
            self.commit_to_file();
        }
    }

    fn commit_to_file(self: &Rc<Self>) {
        if self.committing.replace(true) {
            return;
        }
        let inner = self.clone();
        self.shared.shard.spawn(Class::Latency, "commit", async move {
            loop {
                inner.commit_once().await;
                inner.committing.set(false);
                if inner.route() != Route::File {
                    break;
                }
                inner.committing.set(true);
            }
            inner.idle.notify_waiters();
            inner.kick_commit();
        });
    }

    async fn commit_once(self: &Rc<Self>) {
        let _turn = self.filing.acquire(1).await;
        let plan = self.log.borrow_mut().plan_commit(COMMIT_BYTES_MAX);
        let outcome = match &plan {
            Some(plan) => self.write(plan).await,
            None if self.log.borrow().owes_flush() => self.flush().await,
            None => Ok(()),
        };
        self.conclude(outcome, plan).await;
    }

    /// Takes in how a write to a segment's file, or with no plan a flush of them, has gone.
    async fn conclude(self: &Rc<Self>, outcome: io::Result<()>, plan: Option<FileWrite>) {
        // A flush beside it (a segment was sealed, or exchanged) has failed meanwhile.
        if self.has_failed() {
            return;
        }
        match (outcome, plan) {
            (Ok(()), None) => {}
            (Ok(()), Some(plan)) => self.filed(&plan).await,
            (Err(error), Some(_)) if may_pass(&error) => {
                self.log.borrow_mut().on_write_deferred();
                self.wait_for_space(&error).await;
            }
            (Err(error), _) => self.fail(error),
        }
    }

    /// Completes when all written offsets below `upto` are flushed in segment files. What is not
    /// written by now (the journal failed under it) is somebody else's commit.
    pub async fn settle_upto(self: &Rc<Self>, upto: Offset) -> Result<(), WriteFault> {
        self.settle(upto, OnFull::Wait).await
    }

    /// As `settle_upto`; for all work that space may depend on.
    ///
    /// # Errors
    /// `NoSpace` where that waits.
    pub async fn try_settle_upto(self: &Rc<Self>, upto: Offset) -> Result<(), WriteFault> {
        self.settle(upto, OnFull::Fail).await
    }

    async fn settle(self: &Rc<Self>, upto: Offset, on_full: OnFull) -> Result<(), WriteFault> {
        loop {
            let _turn = self.filing.acquire(1).await;
            // Whoever had the turn before may have failed: a flush after that proves nothing.
            if let Condition::Failed(error) = &*self.condition.borrow() {
                return Err(WriteFault::Failed(error.clone()));
            }
            let (settled, written, is_poisoned) = {
                let log = self.log.borrow();
                (log.settled(), log.written().offset, log.is_poisoned())
            };
            // What a poisoned log calls written is not all that the journal has of it.
            if settled >= upto.min(written) && !is_poisoned {
                return Ok(());
            }
            if self.is_closed() {
                return Err(WriteFault::Closed);
            }
            if matches!(&*self.condition.borrow(), Condition::NoSpace) && self.gives_up() {
                return Err(WriteFault::NoSpace);
            }
            let plan = self.log.borrow_mut().plan_settle(COMMIT_BYTES_MAX);
            let outcome = match &plan {
                Some(plan) => self.write(plan).await,
                None => self.flush().await,
            };
            if on_full == OnFull::Fail && plan.is_some() && outcome.as_ref().is_err_and(is_no_space)
            {
                // The condition is left to whoever waits: he finds out when there is space.
                self.log.borrow_mut().on_write_deferred();
                return Err(WriteFault::NoSpace);
            }
            // A flush settles what is placed; that there was nothing to flush is a defect of the
            // plan, and must not hold the shard.
            if outcome.is_ok() && plan.is_none() && self.log.borrow().settled() == settled {
                debug_assert!(false, "{:?}: no way to {upto:?}", self.name.path);
                let stuck = io::Error::other("settling makes no progress");
                return Err(WriteFault::Failed(Rc::new(stuck)));
            }
            self.conclude(outcome, plan).await;
        }
    }

    async fn write(self: &Rc<Self>, plan: &FileWrite) -> io::Result<()> {
        let writer = self.writer(plan.segment).await?;
        writer.prepare(plan.aligned_upto()).await?;
        let range = (plan.from.position, plan.upto.position);
        let parts = self.tail.borrow_mut().write_parts(plan.segment, range);
        let parts = parts.ok_or(io::ErrorKind::OutOfMemory)?;
        let sync = match plan.durability {
            Durability::Flushed => Sync::Data,
            Durability::Written => Sync::None,
        };
        writer.file.write_all_at(parts, plan.aligned_from(), sync).await
    }

    /// The file of a segment that is still written to.
    pub async fn writer(&self, base: Offset) -> io::Result<Rc<SegmentFile>> {
        if let Some(writer) = self.writers.borrow().get(&base) {
            return Ok(writer.clone());
        }
        // The directory may be another topic's by now.
        if self.is_closed() {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let placed = self.log.borrow().placed();
        let is_next = base <= placed.segment || base <= placed.offset;
        debug_assert!(is_next, "a file is made when all before it is in its files");
        let path = self.segment_path(base);
        let writer = Rc::new(SegmentFile::open(&self.shared.shard, &path).await?);
        Ok(self.writers.borrow_mut().entry(base).or_insert(writer).clone())
    }

    async fn filed(self: &Rc<Self>, write: &FileWrite) {
        let (end, flush_due) = {
            let mut log = self.log.borrow_mut();
            log.on_filed(write);
            let end = log.segment(write.segment).map_or(0, |segment| segment.bytes);
            (end, log.flush_due())
        };
        if matches!(&*self.condition.borrow(), Condition::NoSpace) {
            tracing::info!(topic = %self.name.topic, index = self.name.index, "space is back");
            *self.condition.borrow_mut() = Condition::Open;
        }
        self.notify_progress();
        let writer = self.writers.borrow().get(&write.segment).cloned();
        if let Some(writer) = writer {
            writer.look_ahead(&self.shared.shard, end);
        }
        self.seal_finished();
        if flush_due {
            self.flush_or_fail().await;
        }
    }

    /// Flushes every file that has unflushed bytes, then believes what was written before.
    pub async fn flush(&self) -> io::Result<()> {
        let (placed, bases) = {
            let log = self.log.borrow();
            let from = log.settled();
            let bases: Vec<Offset> =
                log.segments().filter(|s| s.end > from && !s.is_empty()).map(|s| s.base).collect();
            (log.placed(), bases)
        };
        for base in bases.into_iter().filter(|base| *base <= placed.segment) {
            self.writer(base).await?.file.sync_data().await?;
        }
        if self.has_failed() {
            return Err(io::Error::other("another flush of this log has failed meanwhile"));
        }
        self.log.borrow_mut().on_flushed(placed.offset);
        self.flushed_ms.set(self.shared.shard.wall_ms());
        self.notify_progress();
        Ok(())
    }

    pub async fn flush_or_fail(self: &Rc<Self>) {
        if let Err(error) = self.flush().await {
            self.fail(error);
        }
    }

    async fn wait_for_space(&self, error: &io::Error) {
        if matches!(&*self.condition.borrow(), Condition::Open) {
            let (topic, index) = (&self.name.topic, self.name.index);
            tracing::error!(%topic, index, %error, "no space; produce is refused until there is");
            self.set_condition(Condition::NoSpace);
        }
        if !self.gives_up() {
            self.shared.shard.sleep(Duration::from_millis(NO_SPACE_RETRY_MS)).await;
        }
    }

    /// The outcome of a write or a flush is unknown: nothing of this partition is believed from
    /// here on.
    pub fn fail(self: &Rc<Self>, error: io::Error) {
        if self.is_closed() || self.has_failed() {
            return;
        }
        let (topic, index) = (&self.name.topic, self.name.index);
        tracing::error!(%topic, index, %error, "write failed; the partition takes no records");
        self.log.borrow_mut().on_write_failed();
        self.set_condition(Condition::Failed(Rc::new(error)));
        self.shared.failed.add(self);
        let inner = self.clone();
        self.shared.shard.spawn(Class::Latency, "failed-flush", async move {
            inner.mark_failed_flush().await;
        });
    }

    /// For a start after a kill; `failed_flush` says why.
    async fn mark_failed_flush(&self) {
        let _names = self.cleaning.naming.acquire(1).await;
        if !self.is_closed() {
            failed_flush::mark(&self.shared.shard, &self.name.path).await;
        }
    }
}

/// What a settling does on a full device.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnFull {
    /// Waits for space, until the storage closes.
    Wait,
    Fail,
}

/// Whether the write has left all as it was and may be tried again: there is no space, or no page
/// of memory for its last block.
fn may_pass(error: &io::Error) -> bool {
    is_no_space(error) || error.kind() == io::ErrorKind::OutOfMemory
}
