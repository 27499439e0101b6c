//! Storage of one shard: the partitions' logs on files, executed from `engine::log`'s plans.
//!
//! `Storage` opens and removes partitions and keeps the shard's housekeeping: the journal that
//! small appends share, the read cache of tail blocks, retention, cold partitions.
//! `PartitionLog` is one log: `append` is synchronous and only enqueues; `written` and `durable`
//! wait for the device; reads come from tail blocks or by direct reads. All of it lives on one
//! shard and is `!Send`.
//! Invariants: the high watermark moves in `engine::log` alone; a segment file has at most one
//! write in flight; after a failed write nothing of that partition is acknowledged before its log
//! was closed and recovered from what the device has (`reopen`).

mod checkpoints;
mod checks;
mod commit;
pub(crate) mod compact;
mod damage;
mod extend;
pub(crate) mod failed_flush;
mod fault;
pub(crate) mod files;
mod intake;
mod join;
mod journal;
pub(crate) mod limits;
mod partition;
mod promise;
mod read;
mod readers;
mod recover;
mod refused;
mod removal;
mod reopen;
pub mod reserve;
pub(crate) mod seal;
mod search;
mod segment_file;
pub(crate) mod sidecar;
mod tail;
#[cfg(test)]
mod tests;
mod time_lookup;
mod upkeep;
mod withheld;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use millstream_engine::config::{BrokerConfig, TopicConfig};
use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{Known, Refusals};
use millstream_engine::validate::Wants;
use millstream_shards::sync::Notify;
use millstream_shards::{Class, Shard, Sync};
use millstream_wire::Uuid;

pub use compact::{CleanerCounts, CleanerOptions};
pub use fault::{AppendRefusal, DeleteRefusal, ReadRefusal, StorageFault, WriteFault};
pub use intake::Taken;
pub(crate) use journal::file as journal_files;
pub(crate) use journal::manifest as journal_manifest;
pub use journal::{JournalCounts, JournalOptions};
pub use millstream_engine::log::{Marks, ProducerSnapshot};
pub use millstream_engine::validate::Origin;
pub use partition::{Appended, PartitionLog, WatchGuard};
pub use promise::{Content, Form, Piece, PieceFault, Promise, Promised, Share};
pub use read::Fetched;
pub use sidecar::active_in_checkpoint;
pub use time_lookup::TimedOffset;
pub use withheld::Withheld;

use crate::shard::run_bounded;
use journal::Journal;
use partition::Inner;
use reserve::Reserve;
use tail::BlockName;

/// What storage takes from the broker's settings.
#[derive(Clone, Debug)]
pub struct StorageOptions {
    /// Pool memory that this shard's written tail blocks may hold.
    pub cache_bytes_max: u64,
    pub retention_check_ms: u64,
    /// Until [`Storage::set_producer_expiration_ms`] says otherwise.
    pub producer_expiration_ms: u64,
    pub cleaner: CleanerOptions,
    pub journal: JournalOptions,
    pub withheld: Withheld,
}

impl StorageOptions {
    /// Shares `millstream.memory` out to `shards` shards.
    #[must_use]
    pub fn from_config(config: &BrokerConfig, shards: usize, withheld: Withheld) -> Self {
        let shards = u64::try_from(shards.max(1)).unwrap_or(u64::MAX);
        StorageOptions {
            cache_bytes_max: config.memory_bytes / limits::CACHE_SHARE / shards,
            retention_check_ms: config.log_retention_check_interval_ms,
            producer_expiration_ms: config.producer_id_expiration_ms,
            cleaner: CleanerOptions::from_config(&config.log_cleaner, config.memory_bytes, shards),
            journal: JournalOptions {
                file_bytes: journal_file_bytes(
                    config.journal_bytes.min(config.memory_bytes / limits::JOURNAL_SHARE / shards),
                ),
                sync: if config.journal_flushes { Sync::None } else { Sync::Data },
            },
            withheld,
        }
    }
}

/// The ring's share for one file: whole blocks, and room for any commit.
fn journal_file_bytes(ring_bytes: u64) -> u64 {
    let bytes = ring_bytes / limits::JOURNAL_SLOTS as u64 / BLOCK_BYTES * BLOCK_BYTES;
    bytes.max(limits::JOURNAL_SLOT_BYTES_MIN)
}

/// Size of one open partition, for DescribeLogDirs and metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    pub topic: Rc<str>,
    pub topic_id: Uuid,
    pub index: i32,
    pub bytes: u64,
    pub is_online: bool,
}

/// A partition directory found at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPartition {
    pub topic: String,
    pub index: i32,
    pub path: PathBuf,
}

/// Handle on a shard's storage; clones share it.
#[derive(Clone)]
pub struct Storage(Rc<Shared>);

pub(crate) struct Shared {
    shard: Shard,
    dir: PathBuf,
    options: StorageOptions,
    producer_expiration_ms: Cell<u64>,
    partitions: RefCell<Vec<Weak<Inner>>>,
    /// Tail blocks in order of birth: who to ask first when the cache is too large.
    blocks: RefCell<VecDeque<(Weak<Inner>, BlockName)>>,
    cached_bytes: Cell<u64>,
    /// Files that cold readers have opened, oldest first.
    readers: RefCell<VecDeque<(Weak<Inner>, Offset)>>,
    journal: Rc<Journal>,
    reserve: Reserve,
    withheld: Withheld,
    failed: reopen::Failed,
    /// Logs that failed and are closed, until they are opened again.
    given_up: RefCell<BTreeMap<(Uuid, i32), reopen::GivenUp>>,
    /// Partitions in whose directory a flush of this process may have failed.
    unsure: RefCell<BTreeSet<(Uuid, i32)>>,
    serials: Cell<u64>,
    checkpoints: checkpoints::Checkpoints,
    refusals: RefCell<Refusals>,
    /// Partitions that hold blocks or files.
    warm: RefCell<Vec<Weak<Inner>>>,
    upkeep: Notify,
    /// A task settles what retention waits for.
    settling_due: Cell<bool>,
    cleaner: Cell<CleanerCounts>,
    closed: Cell<bool>,
}

impl Storage {
    /// Storage in `dir`, which exists and is locked by the caller.
    pub async fn open(
        shard: &Shard,
        dir: PathBuf,
        options: StorageOptions,
    ) -> Result<Storage, StorageFault> {
        // Names that a killed process gave may be in memory only; what is put behind them now is
        // promised to be there after a power cut.
        for at in [&dir, &dir.join(journal::file::DIRECTORY)] {
            match shard.sync_dir(at).await {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                flushed => flushed.map_err(|error| StorageFault::io("flush", at, error))?,
            }
        }
        let journal = Journal::open(shard, &dir, options.journal, &options.withheld).await?;
        let shared = Rc::new(Shared {
            shard: shard.clone(),
            journal,
            reserve: Reserve::new(shard, &dir),
            withheld: options.withheld.clone(),
            failed: reopen::Failed::default(),
            given_up: RefCell::default(),
            unsure: RefCell::default(),
            serials: Cell::new(0),
            dir,
            producer_expiration_ms: Cell::new(options.producer_expiration_ms),
            options,
            partitions: RefCell::default(),
            blocks: RefCell::default(),
            cached_bytes: Cell::new(0),
            readers: RefCell::default(),
            checkpoints: checkpoints::Checkpoints::default(),
            refusals: RefCell::default(),
            warm: RefCell::default(),
            upkeep: Notify::new(),
            settling_due: Cell::new(false),
            cleaner: Cell::default(),
            closed: Cell::new(false),
        });
        if shard.id().0 == 0 {
            shared.remove_leftovers().await?;
        }
        shard.check_each_turn(checks::one_each_turn(&shared));
        shard.spawn(Class::Background, "storage-upkeep", upkeep::run(Rc::downgrade(&shared)));
        shard.spawn(Class::Latency, "cache-relief", upkeep::give_way(Rc::downgrade(&shared)));
        shard.spawn(Class::Background, "storage-cleaner", compact::run(Rc::downgrade(&shared)));
        Ok(Storage(shared))
    }

    /// Idle producers are forgotten after this time from the next look on.
    pub fn set_producer_expiration_ms(&self, expiration_ms: u64) {
        self.0.producer_expiration_ms.set(expiration_ms);
    }

    /// This shard's handle on the data directory's reserve.
    #[must_use]
    pub fn reserve(&self) -> &Reserve {
        &self.0.reserve
    }

    /// Makes room in the pool for `bytes`, as far as the cache has them.
    pub fn give_way(&self, bytes: u64) {
        self.0.give_way(bytes);
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// Partition directories on disk, whoever owns them.
    pub async fn list(&self) -> Result<Vec<FoundPartition>, StorageFault> {
        let dir = &self.0.dir;
        let entries = self.0.shard.read_dir(dir).await;
        let entries = entries.map_err(|error| StorageFault::io("list", dir, error))?;
        let found = entries.iter().filter(|entry| entry.is_dir).filter_map(|entry| {
            let name = entry.name.to_str()?;
            let (topic, index) = files::parse_partition(name)?;
            Some(FoundPartition { topic: topic.to_owned(), index, path: dir.join(name) })
        });
        Ok(found.collect())
    }

    /// Opens a partition: recovers what is there, or creates it.
    pub async fn open_partition(
        &self,
        topic: &str,
        topic_id: Uuid,
        index: i32,
        config: Arc<TopicConfig>,
    ) -> Result<PartitionLog, StorageFault> {
        if self.0.closed.get() {
            return Err(StorageFault::Closed);
        }
        let path = files::partition_dir(&self.0.dir, topic, index);
        if self.0.withheld.is_missing((topic_id, index)) {
            let there = self.0.shard.read_dir(&path).await.is_ok();
            if !there {
                return Err(StorageFault::Missing { path });
            }
        }
        let recover = async || self.recover((topic_id, index), &path, &config).await;
        let recovered = self.0.reserve.spend(StorageFault::is_no_space, recover).await?;
        let name = partition::Name { topic: topic.into(), topic_id, index, path };
        let scanned_bytes = recovered.scanned_bytes;
        let inner = Inner::new(self.0.clone(), name, config, recovered);
        self.0.come_back(&inner);
        inner.add_unchecked(scanned_bytes);
        self.0.partitions.borrow_mut().push(Rc::downgrade(&inner));
        Ok(PartitionLog(inner))
    }

    /// Whether a partition of the metadata that was found at the start may never have been opened.
    #[must_use]
    pub fn may_have_unopened(&self) -> bool {
        self.0.withheld.is_unnoted()
    }

    /// Until it opens, the partition's directory is not taken for made.
    pub fn expect_unmade(&self, topic_id: Uuid, index: i32) {
        self.0.withheld.add_unmade((topic_id, index));
    }

    /// Makes way for a new topic's partition: a directory of that name is of a topic that was
    /// deleted, and a crash came before its removal. It gets another name and keeps its files.
    pub async fn set_stray_aside(&self, topic: &str, index: i32) -> Result<(), StorageFault> {
        let (shard, path) = (&self.0.shard, files::partition_dir(&self.0.dir, topic, index));
        let away = files::stray_path(&path, shard.random_u64());
        let (from, to) = (path.display(), away.display());
        tracing::warn!(%from, %to, "the directory of a deleted topic is renamed");
        let renamed = shard.rename(&path, &away).await;
        renamed.map_err(|error| StorageFault::io("rename", &path, error))?;
        let flushed = shard.sync_dir(&self.0.dir).await;
        flushed.map_err(|error| StorageFault::io("flush", &self.0.dir, error))
    }

    /// Recovers a directory, after what the journal still has for it.
    async fn recover(
        &self,
        key: (Uuid, i32),
        path: &Path,
        config: &Arc<TopicConfig>,
    ) -> Result<recover::Opened, StorageFault> {
        let shard = &self.0.shard;
        // From here on until it has succeeded, a flush may have failed.
        let mut rewrites = !self.0.unsure.borrow_mut().insert(key);
        if let Some(pieces) = self.0.withheld.take_unreplayed(key) {
            // They were kept because somebody else could not join them, or the log failed.
            rewrites = true;
            let joined = join::join(shard, (key.0, path), config, (&pieces, rewrites)).await;
            if let Err(fault) = joined {
                self.0.withheld.add_unreplayed(key, pieces);
                return Err(fault);
            }
            self.0.withheld.on_replayed(key);
        }
        let (known, makes) = (&Known::default(), &|| self.0.withheld.add_unmade(key));
        let (topic_id, journaled) = (key.0, &[][..]);
        let wanted = recover::Wanted { topic_id, path, config, journaled, known, rewrites, makes };
        let opened = recover::recover(shard, &wanted).await?;
        self.0.withheld.forget_unmade(key);
        self.0.unsure.borrow_mut().remove(&key);
        Ok(opened)
    }

    /// Closes the partition and removes its files: renamed away now, removed later.
    pub async fn delete_partition(&self, log: PartitionLog) -> Result<(), StorageFault> {
        let inner = log.0;
        inner.close_for_good().await;
        self.0.forget(&inner);
        self.remove_directory(&inner.name.path).await
    }

    /// What a deleted partition has that was never opened here: its directory, if that is its
    /// own, and what the journals keep for it.
    pub async fn delete_unopened(
        &self,
        topic: &str,
        topic_id: Uuid,
        index: i32,
    ) -> Result<(), StorageFault> {
        self.0.unsure.borrow_mut().remove(&(topic_id, index));
        self.0.withheld.forget_unreplayed((topic_id, index));
        self.0.withheld.forget_unmade((topic_id, index));
        if let Some(gone) = self.0.given_up.borrow_mut().remove(&(topic_id, index)) {
            self.0.journal.forgive(gone.serial);
        }
        let path = files::partition_dir(&self.0.dir, topic, index);
        let metadata = files::read_small(&self.0.shard, &path.join(files::METADATA_NAME)).await?;
        let text = metadata.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.and_then(sidecar::decode_metadata) {
            Some(found) if found == topic_id => self.remove_directory(&path).await,
            _ => Ok(()),
        }
    }

    async fn remove_directory(&self, path: &Path) -> Result<(), StorageFault> {
        let shard = &self.0.shard;
        let away = files::delete_path(path, shard.random_u64());
        let renamed = shard.rename(path, &away).await;
        renamed.map_err(|error| StorageFault::io("rename", path, error))?;
        let flushed = shard.sync_dir(&self.0.dir).await;
        flushed.map_err(|error| StorageFault::io("flush", &self.0.dir, error))?;
        let remover = shard.clone();
        shard.spawn(Class::Background, "partition-removal", async move {
            if let Err(fault) = files::remove_tree(&remover, &away).await {
                tracing::warn!(%fault, "a deleted partition's files remain until the next start");
            }
        });
        Ok(())
    }

    /// What this shard's journal has done since the start.
    #[must_use]
    pub fn journal(&self) -> JournalCounts {
        self.0.journal.counts()
    }

    /// What the shard's cleaner has done.
    #[must_use]
    pub fn cleaner(&self) -> CleanerCounts {
        self.0.cleaner.get()
    }

    /// Sizes of the open partitions.
    #[must_use]
    pub fn usage(&self) -> Vec<Usage> {
        let usage = |inner: &Rc<Inner>| Usage {
            topic: inner.name.topic.clone(),
            topic_id: inner.name.topic_id,
            index: inner.name.index,
            bytes: inner.log.borrow().size_bytes(),
            is_online: !inner.log.borrow().is_poisoned(),
        };
        self.0.live().iter().map(usage).collect()
    }

    /// Damaged ranges of the open partitions, which readers skip.
    #[must_use]
    pub fn quarantined_ranges(&self) -> u64 {
        let ranges = |inner: &Rc<Inner>| inner.log.borrow().damage().ranges().len() as u64;
        self.0.live().iter().map(ranges).sum()
    }

    /// Writes what is pending, checkpoints every partition and closes: a clean shutdown. It ends
    /// in time whatever the device does; what was not settled by then is said, is in the journal,
    /// and the next start replays it.
    pub async fn close(&self) -> Result<(), StorageFault> {
        self.0.closed.set(true);
        self.0.upkeep.notify_waiters();
        let all = self.0.live();
        let limit = Duration::from_millis(limits::CLOSING_MS_MAX);
        let outcome = match self.0.shard.timeout(limit, self.close_all(&all)).await {
            Some(outcome) => outcome.map_err(|fault| fault.to_string()),
            None => Err("the device does not answer in time".to_owned()),
        };
        outcome.map_err(|reason| Shared::unfinished(&all, reason))
    }

    /// The first fault is returned after all partitions were tried.
    async fn close_all(&self, all: &[Rc<Inner>]) -> Result<(), StorageFault> {
        let first_fault = RefCell::new(None);
        let closing = all.iter().map(async |inner| {
            if let Err(fault) = inner.close_cleanly().await {
                first_fault.borrow_mut().get_or_insert(fault);
            }
        });
        run_bounded(limits::CLOSING_MAX, closing).await;
        if let Some(fault) = self.0.given_up_fault() {
            first_fault.borrow_mut().get_or_insert(fault);
        }
        let settled = self.0.journal.close().await;
        first_fault.into_inner().map_or(settled, Err)
    }
}

impl Shared {
    fn live(&self) -> Vec<Rc<Inner>> {
        self.partitions.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    /// What of these partitions is not in segment files.
    fn unfinished(all: &[Rc<Inner>], reason: String) -> StorageFault {
        let unsettled = |inner: &&Rc<Inner>| {
            let log = inner.log.borrow();
            log.is_poisoned() || log.settled() < log.log_end()
        };
        let unacknowledged = |inner: &Rc<Inner>| {
            let log = inner.log.borrow();
            log.log_end().since(log.flushed())
        };
        StorageFault::Unfinished {
            partitions: all.iter().filter(unsettled).count(),
            unacknowledged: all.iter().map(unacknowledged).sum(),
            reason,
        }
    }

    /// A deleted partition owes nothing any more.
    fn forget(&self, gone: &Rc<Inner>) {
        self.strike_off(gone);
        self.journal.forgive(gone.serial);
    }

    /// Nobody looks at a closed partition any more.
    fn strike_off(&self, gone: &Rc<Inner>) {
        let is_gone = |weak: &Weak<Inner>| weak.as_ptr() == Rc::as_ptr(gone);
        self.partitions.borrow_mut().retain(|weak| !is_gone(weak));
        self.warm.borrow_mut().retain(|weak| !is_gone(weak));
        gone.take_unchecked();
        self.journal.dequeue(gone);
    }

    fn next_serial(&self) -> u64 {
        self.serials.set(self.serials.get() + 1);
        self.serials.get()
    }

    async fn remove_leftovers(self: &Rc<Self>) -> Result<(), StorageFault> {
        let entries = self.shard.read_dir(&self.dir).await;
        let entries = entries.map_err(|error| StorageFault::io("list", &self.dir, error))?;
        let deleted = |name: &std::ffi::OsStr| name.to_str().is_some_and(files::is_deleted);
        let gone = entries.into_iter().filter(|entry| entry.is_dir && deleted(&entry.name));
        let paths: Vec<PathBuf> = gone.map(|entry| self.dir.join(entry.name)).collect();
        if paths.is_empty() {
            return Ok(());
        }
        let shard = self.shard.clone();
        self.shard.spawn(Class::Background, "leftover-removal", async move {
            for path in paths {
                if let Err(fault) = files::remove_tree(&shard, &path).await {
                    tracing::warn!(%fault, "leftover of a deleted partition");
                }
            }
        });
        Ok(())
    }

    /// Notes new tail blocks, and lets old ones go while the cache is over its share.
    fn blocks_born(&self, owner: &Rc<Inner>, born: &[BlockName]) {
        let mut blocks = self.blocks.borrow_mut();
        for name in born {
            self.cached_bytes.set(self.cached_bytes.get() + name.bytes);
            blocks.push_back((Rc::downgrade(owner), *name));
        }
        drop(blocks);
        self.relieve(self.options.cache_bytes_max);
    }

    /// Lets the oldest of the cache go for somebody who finds no room for `bytes`: as much as is
    /// missing. What readers still hold comes back later than this returns. Where the cache
    /// cannot give it, what only the journal has is settled, so that it can leave.
    fn give_way(&self, bytes: u64) {
        let missing = bytes.saturating_sub(self.shard.pool().room());
        if missing > 0 {
            let cached = self.cached_bytes.get();
            self.relieve(cached.saturating_sub(missing));
            if cached.saturating_sub(self.cached_bytes.get()) < missing {
                self.journal.settle_now();
            }
        }
    }

    /// Evicts written blocks, oldest first, until the cache holds at most `bytes_max`.
    fn relieve(&self, bytes_max: u64) {
        let tries = self.blocks.borrow().len().min(limits::EVICTION_TRIES_MAX);
        for _ in 0..tries {
            if self.cached_bytes.get() <= bytes_max {
                return;
            }
            let Some((weak, name)) = self.blocks.borrow_mut().pop_front() else { return };
            let Some(owner) = weak.upgrade() else {
                self.bytes_gone(name.bytes);
                continue;
            };
            match owner.evict(&name) {
                Evicted::Gone => self.bytes_gone(name.bytes),
                Evicted::InUse => self.blocks.borrow_mut().push_back((weak, name)),
            }
        }
    }

    /// How large a new tail block may be for all warm partitions to have one in the cache's share.
    fn block_bytes_max(&self) -> u64 {
        let warm = self.warm.borrow().len() as u64 + 1;
        let share = self.options.cache_bytes_max / warm;
        // Pool blocks are powers of two.
        (share / 2 + 1).next_power_of_two()
    }

    /// Memory for a look into one batch; the cache gives way before it is refused.
    fn try_buffers(&self, wants: Wants) -> Option<intake::Buffers> {
        let pool = self.shard.pool();
        intake::Buffers::try_take(pool, wants).or_else(|| {
            self.give_way(intake::Buffers::bytes(wants));
            intake::Buffers::try_take(pool, wants)
        })
    }

    /// Notes a reader's file; the one opened first is closed when there are too many.
    fn reader_opened(&self, owner: &Rc<Inner>, segment: Offset) {
        let mut readers = self.readers.borrow_mut();
        readers.push_back((Rc::downgrade(owner), segment));
        if readers.len() > limits::READER_FILES_MAX {
            let oldest = readers.pop_front().and_then(|(weak, base)| Some((weak.upgrade()?, base)));
            if let Some((inner, base)) = oldest {
                inner.forget_readers(base);
            }
        }
    }

    fn bytes_gone(&self, bytes: u64) {
        self.cached_bytes.set(self.cached_bytes.get().saturating_sub(bytes));
    }
}

/// What became of a block that was asked to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evicted {
    /// It went, or was gone already.
    Gone,
    /// Not written yet, or the one that is being filled.
    InUse,
}
