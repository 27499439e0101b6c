//! A log whose write failed in service: it is given up, and opened again from what the device has.
//!
//! A failed write is not tried again: what it left is unknown. Its log serves reads until the
//! device takes writes again; then it is closed, and what only the journal may have of it (the
//! bytes are still in memory) waits for the next opening, which recovers the files as after a
//! kill, joins those bytes to what it finds, flushes all of it and begins anew. Whatever was
//! acknowledged is there afterwards; of the rest what the device happens to have. What was taken
//! in and given to neither the journal nor a file is gone, and its producers were told so. Called
//! by `shard::reopen`, which gives the partition its next leader epoch in between. The journal's
//! files keep what they have until the opening has succeeded: a kill at any moment loses nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::{Rc, Weak};
use std::time::Duration;

use millstream_engine::ids::Offset;
use millstream_engine::limits::JOURNAL_COMMIT_BYTES_MAX;
use millstream_engine::log::{Behind, Claim};
use millstream_engine::now::Now;
use millstream_shards::sync::Notify;

use super::failed_flush;
use super::fault::StorageFault;
use super::files::{self, METADATA_NAME};
use super::limits::{GIVE_UP_WAIT_MS, TRIAL_BYTES};
use super::partition::{Condition, Inner, PartitionLog};
use super::withheld::{Pieces, Unjoined};
use super::{Shared, Storage, sidecar};

/// Open logs of a shard that a write has failed.
#[derive(Default)]
pub(super) struct Failed {
    logs: RefCell<BTreeMap<u64, Weak<Inner>>>,
    added: Notify,
}

/// A log that failed and is closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct GivenUp {
    /// In whose name journal files are kept.
    pub serial: u64,
    log_start: Offset,
    high_watermark: Offset,
}

impl Failed {
    pub fn add(&self, inner: &Rc<Inner>) {
        self.logs.borrow_mut().insert(inner.serial, Rc::downgrade(inner));
        self.added.notify_waiters();
    }
}

impl PartitionLog {
    /// Whether a write has failed: it takes no records.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.0.has_failed()
    }
}

impl Storage {
    /// Open logs that a write has failed: they take no records, and may be given up.
    #[must_use]
    pub fn failed(&self) -> Vec<PartitionLog> {
        let mut failed = Vec::new();
        self.0.failed.logs.borrow_mut().retain(|_, weak| {
            let inner = weak.upgrade().filter(|inner| inner.has_failed());
            failed.extend(inner.clone().map(PartitionLog));
            inner.is_some()
        });
        failed
    }

    /// Completes when another log fails.
    pub async fn failure(&self) {
        self.0.failed.added.notified().await;
    }

    /// Tries whether the device takes writes again in the directory of a log that failed, when what
    /// was under way there has ended.
    ///
    /// # Errors
    /// It does not, or that has not.
    pub async fn try_writing(&self, log: &PartitionLog) -> Result<(), StorageFault> {
        let (shard, inner) = (&self.0.shard, &log.0);
        let limit = Duration::from_millis(GIVE_UP_WAIT_MS);
        if shard.timeout(limit, inner.quiesce()).await.is_none() {
            let slow = io::ErrorKind::TimedOut.into();
            return Err(StorageFault::io("wait for", &inner.name.path, slow));
        }
        if self.0.closed.get() || !inner.has_failed() {
            return Err(StorageFault::Closed);
        }
        let path = inner.name.path.join(METADATA_NAME);
        files::try_writing(shard, &path, TRIAL_BYTES as usize).await?;
        // It may not have been possible when the log failed.
        failed_flush::try_mark(shard, &inner.name.path).await?;
        // What stands there already, as small as a write can be.
        let text = sidecar::encode_metadata(inner.name.topic_id);
        files::replace(shard, &path, text.into_bytes()).await
    }

    /// Closes a log that failed; `false` when it is closed already. It can be opened again then,
    /// and must not be in the same leader epoch. Until the next opening, which the caller keeps
    /// from beginning before this ends, the journal keeps what it has of the log.
    pub async fn give_up(&self, log: &PartitionLog, now: Now) -> bool {
        let inner = &log.0;
        if self.0.closed.get() || !inner.has_failed() {
            return false;
        }
        inner.set_condition(Condition::Closed);
        self.0.take_over(inner, now);
        inner.quiesce().await;
        inner.let_go();
        true
    }
}

impl Shared {
    /// What the next opening of a closed log needs.
    fn take_over(&self, inner: &Rc<Inner>, now: Now) {
        let key = (inner.name.topic_id, inner.name.index);
        inner.note_forgotten(now);
        let pieces = inner.unplaced_pieces();
        if !pieces.is_empty() {
            self.withheld.add_unreplayed(key, pieces);
        }
        let marks = inner.log.borrow().marks();
        let (log_start, high_watermark) = (marks.log_start, marks.high_watermark);
        let gone = GivenUp { serial: inner.serial, log_start, high_watermark };
        self.given_up.borrow_mut().insert(key, gone);
        self.unsure.borrow_mut().insert(key);
        self.strike_off(inner);
    }

    /// A log was opened. If it failed before, the journal need not keep anything of it any more.
    pub(super) fn come_back(&self, inner: &Inner) {
        let key = (inner.name.topic_id, inner.name.index);
        let Some(before) = self.given_up.borrow_mut().remove(&key) else { return };
        self.journal.forgive(before.serial);
        let mut log = inner.log.borrow_mut();
        if before.log_start > log.marks().log_start {
            log.apply_log_start(before.log_start);
            inner.dirty.set(true);
        }
        let (end, shown) = (log.log_end().0, before.high_watermark.0);
        if end < shown {
            let (topic, index) = (&inner.name.topic, inner.name.index);
            tracing::error!(%topic, index, end, shown, "records that readers saw are gone");
        }
    }

    /// Why the end is not a clean one although every open log closed cleanly.
    pub(super) fn given_up_fault(&self) -> Option<StorageFault> {
        let partitions = self.given_up.borrow().len();
        let reason = "their logs failed and were not opened again".to_owned();
        (partitions > 0).then_some(StorageFault::Unfinished {
            partitions,
            unacknowledged: 0,
            reason,
        })
    }
}

impl Inner {
    pub(super) fn has_failed(&self) -> bool {
        matches!(&*self.condition.borrow(), Condition::Failed(_))
    }

    /// What the journal may have of this log and no segment file has, as a replay would find it.
    fn unplaced_pieces(&self) -> Pieces {
        let log = self.log.borrow();
        let claims = log.unplaced_claims(JOURNAL_COMMIT_BYTES_MAX.into());
        claims.iter().map(|claim| self.piece(claim)).collect()
    }

    fn piece(&self, claim: &Claim) -> Unjoined {
        let range = (claim.from.position, claim.upto.position);
        let slices = self.tail.borrow_mut().slices(claim.segment, range);
        let slices = slices.expect("what no file has is in the tail");
        // All before it was written: where a file lacks some, that is damage.
        let (header, missing) = (self.entry_header(claim), Behind::Promised);
        Unjoined { header, batches: slices.concat().into(), missing }
    }
}
