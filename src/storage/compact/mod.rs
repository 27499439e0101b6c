//! The cleaner of a shard: chooses the dirtiest compacted partition, has it cleaned, rests.
//!
//! What is decided stands in `engine::log` (its `compact` part); here are the files. One task a
//! shard, one partition at a time, background class, at the pace that the settings allow. `run`
//! reads and filters, `output` writes the new segment, `swap` puts it in the place of the old
//! ones, `note` remembers how far a log is clean. A partition whose cleaning met a fault is left
//! alone until it is opened again; everything else goes on.

mod note;
mod output;
mod pace;
mod run;
mod swap;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::Duration;

use millstream_engine::config::CleanerConfig;
use millstream_engine::ids::Offset;
use millstream_engine::log::{Cleanable, Segment};
use millstream_engine::now::Now;
use millstream_shards::File;
use millstream_shards::sync::Semaphore;

use super::Shared;
use super::limits::{CLEAN_READ_BYTES_MAX, CLEAN_READ_BYTES_MIN, CLEANER_PAUSE_MS_MIN};
use super::partition::{Condition, Inner};
use crate::memory::Account;

pub(crate) use note::NOTE_NAME;
pub(super) use pace::Pace;
pub(super) use run::RunFault;
pub(super) use swap::finish_swaps;

/// What one shard's cleaner may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanerOptions {
    pub enable: bool,
    pub backoff_ms: u64,
    pub map_bytes_max: u64,
    pub load_factor_ppm: u32,
    pub read_bytes: u64,
    pub bytes_per_second_max: Option<u64>,
}

impl CleanerOptions {
    /// Shares the process's allowance out to `shards` shards, within compaction's share of
    /// `memory_bytes`.
    #[must_use]
    pub fn from_config(config: &CleanerConfig, memory_bytes: u64, shards: u64) -> Self {
        let read_bytes = u64::from(config.io_buffer_bytes);
        let share = Account::Compaction.share(memory_bytes);
        CleanerOptions {
            enable: config.enable,
            backoff_ms: config.backoff_ms,
            map_bytes_max: config.dedupe_buffer_bytes.min(share) / shards,
            load_factor_ppm: config.load_factor_ppm,
            read_bytes: read_bytes.clamp(CLEAN_READ_BYTES_MIN, CLEAN_READ_BYTES_MAX),
            bytes_per_second_max: config.io_bytes_per_second_max.map(|all| (all / shards).max(1)),
        }
    }
}

/// What a shard's cleaner has done since the start; the last three are as of its last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanerCounts {
    pub runs: u64,
    pub bytes_read: u64,
    pub bytes_written: u64,
    /// Unix milliseconds of the end of the last run; 0 before the first.
    pub last_run_ms: i64,
    pub dirty_ppm_max: u32,
    pub uncleanable: u64,
}

/// The cleaner's part of a partition.
pub(crate) struct Cleaning {
    /// Held by whoever gives, takes or exchanges the names of segment files.
    pub naming: Semaphore,
    /// Counts segments that left or were exchanged: a read planned before is planned again.
    pub generation: Cell<u64>,
    /// How often segments that the log has were exchanged for cleaned ones.
    versions: RefCell<BTreeMap<Offset, u64>>,
    /// The file of a segment that the log has and the directory does not, yet.
    pub incoming: RefCell<Option<(Offset, File)>>,
    /// Where the log ended when it was opened.
    opened_end: Offset,
    /// The note beside the log was read.
    is_loaded: Cell<bool>,
    cleaned_upto: Cell<Option<Offset>>,
    horizon_ms: Cell<Option<i64>>,
    is_uncleanable: Cell<bool>,
}

impl Cleaning {
    pub fn new(opened_end: Offset) -> Cleaning {
        Cleaning {
            naming: Semaphore::new(1),
            generation: Cell::new(0),
            versions: RefCell::default(),
            incoming: RefCell::default(),
            opened_end,
            is_loaded: Cell::new(false),
            cleaned_upto: Cell::new(None),
            horizon_ms: Cell::new(None),
            is_uncleanable: Cell::new(false),
        }
    }

    /// Tells the segment of this base from those that had it before.
    pub fn version(&self, base: Offset) -> u64 {
        self.versions.borrow().get(&base).copied().unwrap_or(0)
    }

    /// `group` gave way to a cleaned segment with the base of its first.
    fn exchanged(&self, group: &[Segment]) {
        let mut versions = self.versions.borrow_mut();
        let newest = group.iter().map(|old| versions.remove(&old.base).unwrap_or(0)).max();
        if let Some(first) = group.first() {
            versions.insert(first.base, newest.unwrap_or(0) + 1);
        }
        drop(versions);
        self.segments_changed();
    }

    /// A segment has left for good.
    pub fn forget_version(&self, base: Offset) {
        self.versions.borrow_mut().remove(&base);
    }

    /// Segments of the log are not what they were.
    pub fn segments_changed(&self) {
        self.generation.set(self.generation.get() + 1);
    }
}

/// The cleaner's task of one shard.
pub(super) async fn run(storage: Weak<Shared>) {
    loop {
        let Some(shared) = storage.upgrade().filter(|shared| !shared.closed.get()) else { return };
        let options = shared.options.cleaner;
        let has_cleaned = options.enable && shared.clean_dirtiest().await;
        let shard = shared.shard.clone();
        drop(shared);
        let pause_ms = if has_cleaned { 0 } else { options.backoff_ms };
        shard.sleep(Duration::from_millis(pause_ms.max(CLEANER_PAUSE_MS_MIN))).await;
    }
}

impl Shared {
    /// One look at all partitions and at most one run; `true` when there was one.
    async fn clean_dirtiest(self: &Rc<Self>) -> bool {
        let now = Now { wall_ms: self.shard.wall_ms(), mono_ns: self.shard.now_ns() };
        let mut dirtiest: Option<(Rc<Inner>, Cleanable)> = None;
        let (mut dirty_ppm_max, mut uncleanable) = (0, 0);
        for inner in self.live() {
            uncleanable += u64::from(inner.is_uncleanable());
            let Some(found) = inner.look_at_dirt(now).await else { continue };
            dirty_ppm_max = dirty_ppm_max.max(found.dirty_ppm());
            let dirtier = |(_, best): &(_, Cleanable)| best.dirty_ppm() < found.dirty_ppm();
            if found.due && dirtiest.as_ref().is_none_or(dirtier) {
                dirtiest = Some((inner, found));
            }
            self.shard.yield_now().await;
        }
        self.count(|counts| {
            counts.dirty_ppm_max = dirty_ppm_max;
            counts.uncleanable = uncleanable;
        });
        match dirtiest {
            Some((inner, found)) => inner.clean_reported(&found).await,
            None => false,
        }
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut CleanerCounts)) {
        let mut counts = self.cleaner.get();
        change(&mut counts);
        self.cleaner.set(counts);
    }
}

impl Inner {
    /// What there is to clean; rolls an active segment whose time is over on the way, and brings
    /// complete ones into their files: the journal would hold them until it is full.
    async fn look_at_dirt(self: &Rc<Self>, now: Now) -> Option<Cleanable> {
        if !self.log.borrow().config().cleanup_policy.compact || !self.may_clean() {
            return None;
        }
        self.load_note().await;
        self.roll_if_due(now).await;
        let waits_for = self.log.borrow().cleaning_waits_for(now);
        if let Some(end) = waits_for
            && let Err(fault) = self.try_settle_upto(end).await
        {
            tracing::warn!(topic = %self.name.topic, %fault, "complete segments are not settled");
        }
        let (upto, horizon) = (self.cleaning.cleaned_upto.get(), self.cleaning.horizon_ms.get());
        self.log.borrow().cleanable(upto, horizon, now)
    }

    /// One look at this partition and, if it is due, one run: what the task does, at once.
    #[cfg(test)]
    pub async fn clean_now(self: &Rc<Self>) -> Result<Option<run::RunReport>, RunFault> {
        let shard = &self.shared.shard;
        let now = Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() };
        match self.look_at_dirt(now).await.filter(|found| found.due) {
            Some(found) => self.clean(&found).await.map(Some),
            None => Ok(None),
        }
    }

    /// Cleaning met a fault, or it would meet damage that is known.
    fn is_uncleanable(&self) -> bool {
        self.cleaning.is_uncleanable.get() || !self.log.borrow().damage().ranges().is_empty()
    }

    /// Destructive work needs a log whose state is known.
    fn may_clean(&self) -> bool {
        matches!(&*self.condition.borrow(), Condition::Open)
            && !self.shared.closed.get()
            && !self.is_uncleanable()
            && self.cleaning.incoming.borrow().is_none()
    }

    async fn clean_reported(self: &Rc<Self>, found: &Cleanable) -> bool {
        let (topic, index) = (&self.name.topic, self.name.index);
        let outcome = self.clean(found).await;
        self.shared.count(|counts| {
            counts.runs += 1;
            counts.last_run_ms = self.shared.shard.wall_ms();
        });
        match outcome {
            Ok(report) => {
                let (read, kept) = (report.stats.records_read, report.stats.records_kept);
                let (upto, segments) = (report.cleaned_upto.0, report.segments_written);
                tracing::info!(%topic, index, upto, read, kept, segments, "compacted");
                report.progressed
            }
            Err(RunFault::Abandoned(why)) => {
                tracing::debug!(%topic, index, why, "compaction is put off");
                false
            }
            Err(fault) => {
                tracing::error!(%topic, index, %fault, "compaction failed; not tried again here");
                self.cleaning.is_uncleanable.set(true);
                self.shared.count(|counts| counts.uncleanable += 1);
                false
            }
        }
    }

    /// Begins a new segment when the active one has reached its age and nothing was appended to
    /// do it: a record that waits alone is compacted in time, too.
    async fn roll_if_due(self: &Rc<Self>, now: Now) {
        let due = |log: &millstream_engine::log::Log| log.roll_is_due(now) && !log.has_pending();
        if !due(&self.log.borrow()) {
            return;
        }
        // A segment's file is made when all before it are in theirs: else a crash would leave
        // this one to begin the log.
        let (base, end) = (self.log.borrow().active().base, self.log.borrow().log_end());
        if self.try_settle_upto(end).await.is_err() || self.log.borrow().settled() < end {
            return;
        }
        {
            let _turn = self.filing.acquire(1).await;
            if self.writer(base).await.is_err() {
                return;
            }
        }
        {
            let mut log = self.log.borrow_mut();
            if log.active().base != base || !due(&log) {
                return;
            }
            log.roll();
        }
        self.dirty.set(true);
        let end = self.log.borrow().log_end();
        if let Err(fault) = self.try_settle_upto(end).await {
            tracing::warn!(%fault, "a rolled segment is not settled");
            return;
        }
        self.seal_finished();
    }
}
