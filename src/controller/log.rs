//! The port behind which metadata records become durable, and its single-node filling.
//!
//! Three calls: `load` once at start, `append` for every command, `snapshot` when the log
//! has grown. Consensus will fill the same port. `LocalLog` is one file in
//! `__cluster_metadata/`, appended with a sync each; only the controller's shard uses it.
//! A topic can be removed on a full disk, a broker start, and a log be opened again: that takes of
//! the data directory's reserve.
//! Invariant: what `append` returned `Ok` for is there after any crash; after a write whose
//! outcome is unknown the log takes nothing before a snapshot has begun it anew.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use millstream_engine::ids::LeaderEpoch;
use millstream_engine::meta::{Image, MetaRecord};
use millstream_shards::{File, Open, Shard, Sync};

use super::format::{self, FormatFault};
use crate::memory;
use crate::storage::files;
use crate::storage::reserve::{Reserve, is_no_space};

pub const DIRECTORY: &str = "__cluster_metadata";
pub const FILE: &str = "metadata.log";
pub const TEMPORARY: &str = "metadata.log.new";
/// Below this size a log is not worth a snapshot.
const SNAPSHOT_BYTES_MIN: u64 = 4 * 1024 * 1024;
/// A log is rewritten when it is this many times larger than its snapshot.
const SNAPSHOT_GROWTH: u64 = 4;
const READ_BYTES: usize = 256 * 1024;

/// Where the controller's records become durable.
pub trait MetaLog: Sized {
    /// The image that the log holds; `None` when there is no log yet.
    async fn load(&self) -> Result<Option<Image>, LogFault>;

    /// Makes the records of one command durable, all or none; `version` is that of the
    /// image that they will be applied to.
    async fn append(&self, version: u64, records: &[MetaRecord]) -> Result<(), LogFault>;

    /// Lets go of the records behind `image`, which now stands for them. A log that failed is as
    /// new afterwards: what its last write left, if anything, went with the old one.
    async fn snapshot(&self, image: &Image) -> Result<(), LogFault>;

    /// Whether `snapshot` would be worth its while.
    fn wants_snapshot(&self) -> bool;

    /// Whether a write has failed in a way that leaves the log's end unknown.
    fn has_failed(&self) -> bool;
}

/// Why the log did not do what was asked.
#[derive(Debug)]
pub enum LogFault {
    Io {
        path: PathBuf,
        doing: &'static str,
        cause: io::Error,
    },
    Format {
        path: PathBuf,
        fault: FormatFault,
    },
    /// An earlier write failed in a way that leaves the file's end unknown.
    Poisoned,
    /// No file is open: `load` found none and no `snapshot` has made one.
    NotOpen,
}

impl fmt::Display for LogFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogFault::Io { path, doing, cause } => {
                write!(f, "cannot {doing} {}: {cause}", path.display())
            }
            LogFault::Format { path, fault } => write!(
                f,
                "{}: {fault}; restore the data directory from a backup, or choose another with \
                 --set log.dirs=PATH",
                path.display()
            ),
            LogFault::Poisoned => f.write_str("an earlier write to the metadata log failed"),
            LogFault::NotOpen => f.write_str("the metadata log is not open"),
        }
    }
}

/// The log of a single node.
pub struct LocalLog {
    shard: Shard,
    reserve: Reserve,
    directory: PathBuf,
    path: PathBuf,
    file: RefCell<Option<File>>,
    /// Where the next entry goes.
    end: Cell<u64>,
    snapshot_len: Cell<u64>,
    poisoned: Cell<bool>,
}

impl LocalLog {
    #[must_use]
    pub fn new(shard: Shard, data_dir: &Path) -> LocalLog {
        let directory = data_dir.join(DIRECTORY);
        LocalLog {
            reserve: Reserve::new(&shard, data_dir),
            shard,
            path: directory.join(FILE),
            directory,
            file: RefCell::new(None),
            end: Cell::new(0),
            snapshot_len: Cell::new(0),
            poisoned: Cell::new(false),
        }
    }

    /// The image as the file has it now, which stays as it is; `None` when there is no log.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub async fn peek(&self) -> Result<Option<Image>, LogFault> {
        let how = Open { read: true, ..Open::default() };
        let Some(file) = self.open(how).await? else { return Ok(None) };
        let content = self.read_all(&file).await.map_err(self.fault("read"))?;
        Ok(Some(self.scanned(&content)?.image))
    }

    async fn open(&self, how: Open) -> Result<Option<File>, LogFault> {
        match self.shard.open(&self.path, how).await {
            Ok(file) => Ok(Some(file)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(self.fault("open")(cause)),
        }
    }

    fn scanned(&self, content: &[u8]) -> Result<format::Scanned, LogFault> {
        let fault = |fault| LogFault::Format { path: self.path.clone(), fault };
        format::scan(content).map_err(fault)
    }

    async fn read_all(&self, file: &File) -> io::Result<Vec<u8>> {
        let len = file.len().await?;
        let mut content = Vec::new();
        let mut buf = memory::block(&self.shard, READ_BYTES).await?;
        while (content.len() as u64) < len {
            let (read, back) = file.read_at(buf, READ_BYTES, content.len() as u64).await;
            buf = back;
            match read? {
                0 => break,
                n => content.extend_from_slice(&buf[..n]),
            }
        }
        Ok(content)
    }

    /// After a failed append: cuts the file back to its last durable entry. If that works,
    /// the log is as if the append had not been tried.
    async fn cut_back(&self, file: &File, cause: &io::Error) {
        let whole = is_no_space(cause)
            && file.set_len(self.end.get()).await.is_ok()
            && file.sync_all().await.is_ok();
        self.poisoned.set(!whole);
    }

    /// All or nothing; after a failure without poison the log is as before.
    async fn write_entry(&self, file: &File, entry: Bytes) -> io::Result<()> {
        let len = entry.len() as u64;
        match file.write_at(entry, self.end.get(), Sync::Data).await {
            Ok(()) => {
                self.end.set(self.end.get() + len);
                Ok(())
            }
            Err(cause) => {
                self.cut_back(file, &cause).await;
                Err(cause)
            }
        }
    }

    async fn write_new(&self, content: Bytes) -> io::Result<File> {
        let temporary = self.directory.join(TEMPORARY);
        let how = Open { read: true, write: true, create: true, truncate: true, ..Open::default() };
        let file = self.shard.open(&temporary, how).await?;
        file.write_at(content, 0, Sync::None).await?;
        file.sync_all().await?;
        // Until the name is durable nobody knows which file a start will find.
        self.poisoned.set(true);
        self.shard.rename(&temporary, &self.path).await?;
        self.shard.sync_dir(&self.directory).await?;
        self.poisoned.set(false);
        Ok(file)
    }

    fn fault(&self, doing: &'static str) -> impl Fn(io::Error) -> LogFault {
        let path = self.path.clone();
        move |cause| LogFault::Io { path: path.clone(), doing, cause }
    }
}

impl MetaLog for LocalLog {
    async fn load(&self) -> Result<Option<Image>, LogFault> {
        let how = Open { read: true, write: true, ..Open::default() };
        let Some(file) = self.open(how).await? else { return Ok(None) };
        let content = self.read_all(&file).await.map_err(self.fault("read"))?;
        let scanned = self.scanned(&content)?;
        // A process that was killed may have left all of this, its name too, to the page cache; an
        // entry flushed behind it would outlive it. And where a flush of its own had failed, the
        // next one proves nothing: what is shown from here on is written again first.
        let flushed = async {
            match file.write_at(Bytes::from(content), 0, Sync::None).await {
                // A full file system that never writes in place: a start must work there, too.
                Err(cause) if is_no_space(&cause) => {}
                written => written?,
            }
            file.sync_all().await?;
            self.shard.sync_dir(&self.directory).await
        };
        flushed.await.map_err(self.fault("flush"))?;
        if scanned.torn_len > 0 {
            tracing::warn!(
                path = %self.path.display(),
                bytes = scanned.torn_len,
                "the metadata log ends in an unfinished write, which nobody was told of; cut off"
            );
            let cut = async {
                file.set_len(scanned.valid_len).await?;
                file.sync_all().await
            };
            cut.await.map_err(self.fault("cut the unfinished end off"))?;
        }
        self.end.set(scanned.valid_len);
        self.snapshot_len.set(scanned.snapshot_len);
        *self.file.borrow_mut() = Some(file);
        Ok(Some(scanned.image))
    }

    async fn append(&self, version: u64, records: &[MetaRecord]) -> Result<(), LogFault> {
        if self.poisoned.get() {
            return Err(LogFault::Poisoned);
        }
        let file = self.file.borrow().clone().ok_or(LogFault::NotOpen)?;
        let entry = format::batch_entry(version, records);
        // The ways out of a full device: a removal, a start, a log that is opened again.
        let frees = |record: &MetaRecord| match record {
            MetaRecord::RemoveTopic { .. } | MetaRecord::UncleanStart { .. } => true,
            MetaRecord::Partition(partition) => partition.leader_epoch > LeaderEpoch(0),
            _ => false,
        };
        let frees = records.iter().any(frees);
        let may_spend = |error: &io::Error| is_no_space(error) && frees && !self.poisoned.get();
        let write = async || self.write_entry(&file, entry.clone()).await;
        let outcome = self.reserve.spend(may_spend, write).await;
        outcome.map_err(self.fault("append to"))
    }

    async fn snapshot(&self, image: &Image) -> Result<(), LogFault> {
        let made = files::ensure_directory(&self.shard, &self.directory).await;
        made.map_err(self.fault("make the directory of"))?;
        let content = format::snapshot_file(image);
        let len = content.len() as u64;
        let file = self.write_new(content).await.map_err(self.fault("write a snapshot to"))?;
        *self.file.borrow_mut() = Some(file);
        self.end.set(len);
        self.snapshot_len.set(len);
        Ok(())
    }

    fn has_failed(&self) -> bool {
        self.poisoned.get()
    }

    fn wants_snapshot(&self) -> bool {
        let bound = SNAPSHOT_BYTES_MIN.max(self.snapshot_len.get() * SNAPSHOT_GROWTH);
        self.end.get() > bound
    }
}
