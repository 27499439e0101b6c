//! One partition's log on its shard: appends, waits, marks. The other verbs are in `read`,
//! `time_lookup`, `commit`, `seal` and `upkeep`.
//!
//! `append_admitted` never waits: it lets the planner decide, copies into the tail and wakes the
//! commit; `intake` brings the records to it. Nothing borrowed is held across an await: each
//! step looks the log up again.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use millstream_engine::config::{TimestampType, TopicConfig};
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{AppendPlan, AppendVerdict, Log, Marks, ProducerSnapshot, Rereads};
use millstream_engine::now::Now;
use millstream_engine::validate::ValidBatches;
use millstream_shards::sync::{Notify, Semaphore};
use millstream_shards::{File, Pool};
use millstream_wire::Uuid;
use millstream_wire::batch::HEADER_BYTES;

use super::compact::Cleaning;
use super::fault::{AppendRefusal, DeleteRefusal, StorageFault, WriteFault};
use super::intake::Intake;
use super::readers::SharedReader;
use super::recover::Opened;
use super::segment_file::SegmentFile;
use super::tail::{self, BlockName, NoMemory, Tail};
use super::{Evicted, Shared, files};

/// Who a partition is and where it lies.
#[derive(Debug)]
pub(crate) struct Name {
    pub topic: Rc<str>,
    pub topic_id: Uuid,
    pub index: i32,
    pub path: PathBuf,
}

/// One partition's log; clones are the same log.
#[derive(Clone)]
pub struct PartitionLog(pub(super) Rc<Inner>);

/// Whether a partition takes records, and why not.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Open,
    /// The device is full: what is pending is tried again and again.
    NoSpace,
    Failed(Rc<std::io::Error>),
    Closed,
}

pub(crate) struct Inner {
    pub shared: Rc<Shared>,
    pub name: Name,
    pub log: RefCell<Log>,
    pub tail: RefCell<Tail>,
    /// Files that are written to, by segment: the active one and those not sealed yet.
    pub writers: RefCell<BTreeMap<Offset, Rc<SegmentFile>>>,
    /// Files of sealed segments that readers have open.
    pub readers: RefCell<BTreeMap<Offset, File>>,
    /// Files that readers share, by segment.
    pub shared_readers: RefCell<BTreeMap<Offset, SharedReader>>,
    pub condition: RefCell<Condition>,
    /// Which partition of this shard's storage it is: never used again.
    pub serial: u64,
    /// It waits for the journal's next commit.
    pub queued: Cell<bool>,
    /// A task writes pending bytes to segment files.
    pub committing: Cell<bool>,
    /// Segment files have one writer at a time.
    pub filing: Semaphore,
    /// The watermarks moved, or the condition changed.
    pub progress: Notify,
    pub intake: Intake,
    pub watchers: RefCell<slab::Slab<Rc<Notify>>>,
    pub is_warm: Cell<bool>,
    pub used_ms: Cell<i64>,
    /// Of what is in memory, by readers who are far behind.
    pub rereads: Cell<Rereads>,
    pub flushed_ms: Cell<i64>,
    /// Bytes appended since the last checkpoint, to know when the next one is due.
    pub unchecked: Cell<u64>,
    /// Something a checkpoint would say has changed.
    pub dirty: Cell<bool>,
    pub kept: Cell<Kept>,
    /// The commit task has ended.
    pub idle: Notify,
    pub checkpointing: Semaphore,
    pub cleaning: Cleaning,
    /// Segments that the log has dropped, whose files still have their names.
    pub dropped: RefCell<Vec<Offset>>,
}

/// What a restart would learn from the checkpoint on disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    pub log_start: Offset,
    /// Segments below are sealed, and the producers that wrote them are known.
    pub sealed: Offset,
}

/// What an append was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub base_offset: Offset,
    /// The offset after the last one; what `written` and `durable` take.
    pub end: Offset,
    /// −1 unless the topic stamps append time.
    pub append_time_ms: i64,
    pub log_start: Offset,
    /// The batch was here already; the offsets are the first copy's.
    pub duplicate: bool,
}

/// Ends a watch when dropped.
pub struct WatchGuard {
    inner: Rc<Inner>,
    key: usize,
}

impl Drop for WatchGuard {
    fn drop(&mut self) {
        self.inner.watchers.borrow_mut().try_remove(self.key);
    }
}

impl PartitionLog {
    /// Completes when all offsets below `upto` are written to the device (`acks=1`).
    pub async fn written(&self, upto: Offset) -> Result<(), WriteFault> {
        self.0.wait_for(|log| log.written().offset >= upto).await
    }

    /// Completes when the high watermark has reached `upto` (`acks=all`): flushed, or what
    /// the topic has relaxed that to.
    pub async fn durable(&self, upto: Offset) -> Result<(), WriteFault> {
        self.0.wait_for(|log| log.marks().high_watermark >= upto).await
    }

    /// Whether `other` is this very log, in this opening.
    #[must_use]
    pub fn is(&self, other: &PartitionLog) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    #[must_use]
    pub fn marks(&self) -> Marks {
        self.0.log.borrow().marks()
    }

    /// Notifies `notify` whenever the high watermark moves, until the guard is dropped.
    #[must_use]
    pub fn watch(&self, notify: Rc<Notify>) -> WatchGuard {
        let key = self.0.watchers.borrow_mut().insert(notify);
        WatchGuard { inner: self.0.clone(), key }
    }

    #[must_use]
    pub fn topic(&self) -> &str {
        &self.0.name.topic
    }

    #[must_use]
    pub fn topic_id(&self) -> Uuid {
        self.0.name.topic_id
    }

    #[must_use]
    pub fn index(&self) -> i32 {
        self.0.name.index
    }

    #[must_use]
    pub fn config(&self) -> Arc<TopicConfig> {
        self.0.log.borrow().config().clone()
    }

    pub fn update_config(&self, config: Arc<TopicConfig>) {
        self.0.log.borrow_mut().set_config(config);
        // A topic that became strict owes its readers a flush.
        self.0.kick_commit();
    }

    #[must_use]
    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.0.log.borrow().epoch()
    }

    /// The epoch that new batches carry; never goes back.
    pub fn set_leader_epoch(&self, epoch: LeaderEpoch) {
        self.0.log.borrow_mut().set_epoch(epoch);
    }

    /// The epoch under which the record at `offset` was written.
    #[must_use]
    pub fn epoch_of(&self, offset: Offset) -> Option<LeaderEpoch> {
        self.0.log.borrow().epochs().epoch_of(offset)
    }

    /// What OffsetForLeaderEpoch asks.
    #[must_use]
    pub fn end_offset_for_epoch(&self, epoch: LeaderEpoch) -> Option<(LeaderEpoch, Offset)> {
        self.0.log.borrow().end_offset_for_epoch(epoch)
    }

    #[must_use]
    pub fn producers(&self) -> Vec<ProducerSnapshot> {
        self.0.log.borrow().producers().snapshot()
    }

    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.0.log.borrow().size_bytes()
    }

    /// Deletes records below `upto` (`None`: all that are visible); durable on return. Gives
    /// the new log start.
    pub async fn delete_records(&self, upto: Option<Offset>) -> Result<Offset, DeleteRefusal> {
        let planned = self.0.log.borrow().plan_delete_records(upto);
        let log_start = planned.map_err(DeleteRefusal::Range)?;
        // Not the start that readers see: retention, or a request whose checkpoint failed or is
        // being written, has moved that, and only a checkpoint makes it last.
        if log_start <= self.0.kept.get().log_start {
            return Ok(log_start);
        }
        self.0.log.borrow_mut().apply_log_start(log_start);
        self.0.dirty.set(true);
        // This is a way out of a full device: it may take of the reserve.
        let checkpoint = async || self.0.checkpoint().await;
        let written = self.0.shared.reserve.spend(StorageFault::is_no_space, checkpoint).await;
        written.map_err(DeleteRefusal::Storage)?;
        self.0.shared.upkeep.notify_waiters();
        Ok(log_start)
    }
}

impl Inner {
    pub fn new(
        shared: Rc<Shared>,
        name: Name,
        config: Arc<TopicConfig>,
        opened: Opened,
    ) -> Rc<Inner> {
        // The files may begin later than the checkpoint says.
        let log_start = opened.recovered.log_start;
        let mut log = Log::new(config, opened.recovered);
        let sealed = if opened.dirty { Offset::ZERO } else { log.active().base };
        let kept = Cell::new(Kept { log_start, sealed });
        log.set_jitter_seed(shared.shard.random_u64());
        Rc::new(Inner {
            name,
            cleaning: Cleaning::new(log.log_end()),
            dropped: RefCell::default(),
            log: RefCell::new(log),
            tail: RefCell::new(Tail::with_carry(opened.carry)),
            writers: RefCell::default(),
            readers: RefCell::default(),
            shared_readers: RefCell::default(),
            condition: RefCell::new(Condition::Open),
            serial: shared.next_serial(),
            queued: Cell::new(false),
            committing: Cell::new(false),
            filing: Semaphore::new(1),
            progress: Notify::new(),
            intake: Intake::default(),
            watchers: RefCell::default(),
            is_warm: Cell::new(false),
            used_ms: Cell::new(0),
            rereads: Cell::default(),
            flushed_ms: Cell::new(0),
            unchecked: Cell::new(0),
            dirty: Cell::new(opened.dirty),
            kept,
            idle: Notify::new(),
            checkpointing: Semaphore::new(1),
            shared,
        })
    }

    /// The append itself, of records that were admitted under this log's settings: they have
    /// offsets and are in memory, of blocks of this handle's, when this returns.
    pub fn append_admitted(
        self: &Rc<Self>,
        pool: &Pool,
        batches: &ValidBatches,
        now: Now,
    ) -> Result<Appended, AppendRefusal> {
        self.check_open()?;
        let log = self.log.borrow_mut();
        let stamped = log.config().message_timestamp_type == TimestampType::LogAppendTime;
        let log_start = log.marks().log_start;
        let refused = self.shared.refusals.borrow();
        let planned = log.plan_append(batches, (&refused, self.place()), now);
        drop(refused);
        let plan = match planned? {
            AppendVerdict::Append(plan) => plan,
            AppendVerdict::Duplicate(seen) => {
                return Ok(Appended {
                    base_offset: seen.base,
                    end: seen.end,
                    append_time_ms: if stamped { seen.timestamp_ms } else { -1 },
                    log_start,
                    duplicate: true,
                });
            }
        };
        // Making room may evict blocks of any partition, this one too: it looks into the log.
        drop(log);
        let at = (plan.segment, plan.position);
        self.reserve(pool, at, plan.bytes).map_err(|NoMemory| AppendRefusal::NoMemory)?;
        self.copy_in(batches, &plan);
        self.log.borrow_mut().apply_append(batches, &plan, now);
        self.shared.believe(self.place(), batches);
        self.add_unchecked(plan.bytes);
        self.dirty.set(true);
        self.used_ms.set(now.wall_ms);
        self.warm_up();
        self.kick_commit();
        Ok(Appended {
            base_offset: plan.base,
            end: plan.end,
            append_time_ms: plan.append_time_ms.unwrap_or(-1),
            log_start,
            duplicate: false,
        })
    }

    pub fn check_open(&self) -> Result<(), AppendRefusal> {
        // From the moment in which the storage begins to close: what came in later would be
        // acknowledged and not be below the end that the checkpoint names.
        if self.shared.closed.get() {
            return Err(AppendRefusal::Closed);
        }
        match &*self.condition.borrow() {
            // A failed log refuses by itself: it is poisoned. Reads go on until it is given up.
            Condition::Open | Condition::Failed(_) => Ok(()),
            Condition::NoSpace => Err(AppendRefusal::NoSpace),
            Condition::Closed => Err(AppendRefusal::Closed),
        }
    }

    /// What room in the tail for `bytes` takes of the pool at most.
    pub fn tail_bytes_max(&self, bytes: u64) -> u64 {
        tail::block_bytes(self.shared.block_bytes_max()) + bytes.next_multiple_of(BLOCK_BYTES)
    }

    /// Room in the tail; the cache gives way before an append is refused.
    fn reserve(
        self: &Rc<Self>,
        pool: &Pool,
        at: (Offset, u64),
        bytes: u64,
    ) -> Result<(), NoMemory> {
        let mut born = Vec::new();
        self.tail.borrow_mut().limit_blocks(self.shared.block_bytes_max());
        let mut tried = self.tail.borrow_mut().reserve(pool, at, bytes, &mut born);
        if tried.is_err() {
            self.shared.give_way(self.tail_bytes_max(bytes));
            tried = self.tail.borrow_mut().reserve(pool, at, bytes, &mut born);
        }
        if !born.is_empty() {
            self.shared.blocks_born(self, &born);
        }
        tried
    }

    /// The one copy. What the broker assigns lies in the header, which is patched on the way.
    fn copy_in(&self, batches: &ValidBatches, plan: &AppendPlan) {
        let mut tail = self.tail.borrow_mut();
        let (mut offset, mut position) = (plan.base, plan.position);
        for batch in batches.batches() {
            let bytes = &batches.bytes()[batch.start..batch.start + batch.len];
            let header = batch.stored_header(bytes, offset, plan.epoch);
            tail.append((plan.segment, position), &header);
            let rest = position + HEADER_BYTES as u64;
            tail.append((plan.segment, rest), &bytes[HEADER_BYTES..]);
            offset = offset.plus(batch.offsets);
            position += batch.len as u64;
        }
    }

    pub fn evict(&self, name: &BlockName) -> Evicted {
        let mut tail = self.tail.borrow_mut();
        if !tail.oldest_is(name) {
            return if tail.has_lost(name) { Evicted::Gone } else { Evicted::InUse };
        }
        let mut log = self.log.borrow_mut();
        let placed = log.placed();
        match tail.evict_oldest((placed.segment, placed.position)) {
            Some((segment, position)) => {
                log.forget_recent(segment, position);
                Evicted::Gone
            }
            // The last block: a log that waits for nothing can do with its carry.
            None if tail.is_idle_block() && placed.offset == log.log_end() => {
                drop((tail, log));
                self.release_tail();
                Evicted::Gone
            }
            None => Evicted::InUse,
        }
    }

    pub async fn wait_for(&self, reached: impl Fn(&Log) -> bool) -> Result<(), WriteFault> {
        self.wait_while(reached, || !self.gives_up()).await
    }

    /// As `wait_for`, on a full device only while `waits_for_space`.
    pub async fn wait_while(
        &self,
        reached: impl Fn(&Log) -> bool,
        waits_for_space: impl Fn() -> bool,
    ) -> Result<(), WriteFault> {
        loop {
            let progress = self.progress.notified();
            if reached(&self.log.borrow()) {
                return Ok(());
            }
            match &*self.condition.borrow() {
                Condition::NoSpace if !waits_for_space() => return Err(WriteFault::NoSpace),
                Condition::Open | Condition::NoSpace => {}
                Condition::Failed(error) => return Err(WriteFault::Failed(error.clone())),
                Condition::Closed => return Err(WriteFault::Closed),
            }
            progress.await;
        }
    }

    pub fn notify_progress(&self) {
        self.progress.notify_waiters();
        for (_, watcher) in self.watchers.borrow().iter() {
            watcher.notify_waiters();
        }
    }

    pub fn set_condition(&self, condition: Condition) {
        *self.condition.borrow_mut() = condition;
        self.notify_progress();
    }

    /// Whether nothing may touch its directory any more, which may be another's by now. Whoever
    /// asks holds `filing`, `checkpointing` or `cleaning.naming`, which closing waits for.
    pub fn is_closed(&self) -> bool {
        matches!(&*self.condition.borrow(), Condition::Closed)
    }

    /// Whether nobody waits for space any more: storage closes.
    pub fn gives_up(&self) -> bool {
        self.shared.closed.get()
    }

    /// Whether pending bytes may be written.
    pub fn may_write(&self) -> bool {
        matches!(&*self.condition.borrow(), Condition::Open | Condition::NoSpace)
    }

    pub fn segment_path(&self, base: Offset) -> PathBuf {
        files::segment_path(&self.name.path, base)
    }

    /// No more appends; waits until no commit runs. Waiters get `Closed`.
    pub async fn close_for_good(self: &Rc<Self>) {
        self.set_condition(Condition::Closed);
        self.quiesce().await;
        self.let_go();
    }

    /// Waits until nothing writes into the directory: nothing more will, of a log that is closed.
    pub async fn quiesce(&self) {
        self.wait_idle().await;
        // In the order of retention, which checkpoints, which settles: else each would wait for
        // the other. Nothing gives the directory or its files other names any more when this
        // returns: whoever exchanges files has it to himself until he is done.
        let _names = self.cleaning.naming.acquire(1).await;
        let _checkpoints = self.checkpointing.acquire(1).await;
        // Whoever settles for the journal has a write under way.
        let _files = self.filing.acquire(1).await;
        let writers: Vec<_> = self.writers.borrow().values().cloned().collect();
        for writer in writers {
            writer.quiesce().await;
        }
    }

    /// Gives up the files and the memory of a log that is closed.
    pub fn let_go(&self) {
        self.writers.borrow_mut().clear();
        self.forget_all_readers();
        self.release_tail();
    }

    /// Writes what is pending, checkpoints and gives up files and memory.
    pub async fn close_cleanly(self: &Rc<Self>) -> Result<(), StorageFault> {
        let end = self.log.borrow().log_end();
        // The last try on a full device. What is small finds room in the journal.
        let is_full = matches!(&*self.condition.borrow(), Condition::NoSpace);
        if is_full {
            self.set_condition(Condition::Open);
        }
        self.kick_commit();
        let written = self.wait_for(|log| log.written().offset >= end).await;
        let settled = match written {
            Ok(()) => self.settle_upto(end).await,
            Err(fault) => Err(fault),
        };
        let outcome = match settled {
            Ok(()) => self.finish_files().await,
            Err(WriteFault::Closed) => Ok(()),
            Err(fault) => Err(StorageFault::unwritten("write", self.name.path.clone(), fault)),
        };
        self.close_for_good().await;
        outcome
    }

    async fn wait_idle(&self) {
        while self.committing.get() {
            self.idle.notified().await;
        }
    }

    /// Gives all tail blocks back; what is written only.
    pub fn release_tail(&self) {
        let mut log = self.log.borrow_mut();
        let end = log.end();
        self.tail.borrow_mut().go_cold((end.segment, end.position));
        log.forget_all_recent();
    }
}
