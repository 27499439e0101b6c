//! What storage refuses or fails at, and how Kafka's clients hear of it.
//!
//! Three kinds: a peer asked for something wrong (its code says what), the device or the
//! operating system failed (the partition goes offline, retriable elsewhere), or there is no
//! room now (retriable here).

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_engine::journal::FileFault;
use millstream_engine::log::{AppendFault, DeleteFault, ReadRefusal as Unreadable, SequenceFault};
use millstream_engine::refusal::Refusal;
use millstream_engine::validate::BatchFault;
use millstream_wire::{ErrorCode, Uuid};

use super::reserve::is_no_space;

/// Opening, recovering or removing a partition failed.
#[derive(Clone, Debug)]
pub enum StorageFault {
    Io {
        doing: &'static str,
        path: PathBuf,
        error: Rc<io::Error>,
    },
    /// The directory belongs to another topic: it was deleted and created again elsewhere.
    ForeignTopic {
        path: PathBuf,
        found: Uuid,
        wanted: Uuid,
    },
    /// `partition.metadata` does not parse.
    Metadata {
        path: PathBuf,
        wanted: Uuid,
    },
    /// There are segments and no `partition.metadata`.
    Headless {
        path: PathBuf,
    },
    /// The directory was there when the broker last ran.
    Missing {
        path: PathBuf,
    },
    /// The journal has records for a directory that is not there, or has no `partition.metadata`.
    Unmounted {
        path: PathBuf,
    },
    /// Whether a partition still exists cannot be said.
    Unlisted {
        why: String,
    },
    /// What the journal has for this log does not continue it.
    Discontinuous {
        path: PathBuf,
        log_end: Offset,
    },
    /// A file that should fit in memory does not.
    TooLarge {
        path: PathBuf,
        bytes: u64,
    },
    /// A file of the journal's name that cannot be taken over.
    Journal {
        path: PathBuf,
        fault: FileFault,
    },
    /// A journal that the manifest names is not there.
    MissingJournal {
        path: PathBuf,
        manifest: PathBuf,
    },
    /// A journal's manifest does not parse.
    Manifest {
        path: PathBuf,
    },
    /// What a journal file has did not all get into segment files before the end.
    Unsettled {
        path: PathBuf,
        reason: String,
    },
    /// Closing has ended before all was in segment files.
    Unfinished {
        partitions: usize,
        /// Records that were taken in and not acknowledged to anybody.
        unacknowledged: i64,
        reason: String,
    },
    /// Storage is closed.
    Closed,
}

impl StorageFault {
    /// Whether it failed for want of space on the device.
    #[must_use]
    pub fn is_no_space(&self) -> bool {
        matches!(self, StorageFault::Io { error, .. } if is_no_space(error))
    }

    pub(super) fn unwritten(doing: &'static str, path: PathBuf, fault: WriteFault) -> Self {
        match fault {
            WriteFault::Failed(error) => StorageFault::Io { doing, path, error },
            WriteFault::NoSpace => StorageFault::io(doing, path, io::ErrorKind::StorageFull.into()),
            WriteFault::Closed => StorageFault::Closed,
        }
    }

    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>, error: io::Error) -> Self {
        StorageFault::Io { doing, path: path.into(), error: Rc::new(error) }
    }
}

impl fmt::Display for StorageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, path, error } => write!(f, "{doing} {}: {error}", path.display()),
            Self::ForeignTopic { .. }
            | Self::Metadata { .. }
            | Self::Headless { .. }
            | Self::Missing { .. }
            | Self::Unmounted { .. } => self.fmt_directory(f),
            Self::Unlisted { why } => write!(f, "no partition is known: {why}"),
            Self::Discontinuous { path, log_end } => write!(
                f,
                "the journal's batches for {} do not follow offset {log_end}, where its \
                 segments end; restore the directory from a backup",
                path.display()
            ),
            Self::TooLarge { path, bytes } => {
                write!(f, "{} has {bytes} bytes, more than expected", path.display())
            }
            Self::Journal { path, fault: FileFault::NewerVersion(version) } => write!(
                f,
                "{} is of format {version}, newer than this program: start a newer one",
                path.display()
            ),
            Self::Journal { path, .. } => write!(
                f,
                "{} is no journal of ours; if it came here by mistake, move it out of the data \
                 directory and start again",
                path.display()
            ),
            Self::MissingJournal { path, manifest } => write!(
                f,
                "{} is missing, and may hold acknowledged records that are nowhere else: put it \
                 back; if it is lost for good, remove its line from {} and start again",
                path.display(),
                manifest.display()
            ),
            Self::Manifest { path } => write!(
                f,
                "{} does not parse: restore it, or remove it if all files in the journal \
                 directory are there, and start again",
                path.display()
            ),
            Self::Unsettled { path, reason } => {
                write!(f, "{} is not settled, the next start replays it: {reason}", path.display())
            }
            Self::Unfinished { partitions, unacknowledged, reason } => write!(
                f,
                "{partitions} partitions are not settled ({reason}): the journal has what was \
                 acknowledged, and the next start replays it; {unacknowledged} records that \
                 nobody was told of are lost"
            ),
            Self::Closed => f.write_str("storage is closed"),
        }
    }
}

impl StorageFault {
    /// Faults of a partition's directory, each with what a person can do about it.
    fn fmt_directory(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignTopic { path, found, wanted } => {
                write!(
                    f,
                    "{} belongs to topic {found}, not to {wanted}: a topic of that name was \
                     deleted, or the directory is of another cluster; move it away to begin \
                     empty, or restore the right one from a backup",
                    path.display()
                )
            }
            Self::Metadata { path, wanted } => write!(
                f,
                "{} is damaged; restore it from a backup, or, if this directory is the right \
                 one, write it anew as two lines: 'version: 0' and 'topic_id: {wanted}'",
                path.display()
            ),
            Self::Headless { path } => write!(
                f,
                "{} is missing beside segments that were not looked at: the directory is only \
                 half there; restore the file from a backup, or move the directory away to \
                 begin empty",
                path.display()
            ),
            Self::Missing { path } => write!(
                f,
                "{} was there when the broker last ran and is gone; restore it from a backup, \
                 or make it, empty, to begin the partition anew, or delete the topic",
                path.display()
            ),
            Self::Unmounted { path } => write!(
                f,
                "the journal has records for {}, which is not there or empty: mount its disk, \
                 or restore it from a backup, or delete the topic",
                path.display()
            ),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for StorageFault {}

/// What was accepted will not be acknowledged.
#[derive(Clone, Debug)]
pub enum WriteFault {
    /// A write or flush of this partition failed, or its outcome is unknown.
    Failed(Rc<io::Error>),
    /// Storage closes on a full device.
    NoSpace,
    /// The partition was deleted or storage was closed.
    Closed,
}

impl fmt::Display for WriteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "write failed: {error}"),
            Self::NoSpace => f.write_str("the device is full"),
            Self::Closed => f.write_str("the partition is closed"),
        }
    }
}

impl std::error::Error for WriteFault {}

impl From<WriteFault> for Refusal {
    fn from(fault: WriteFault) -> Self {
        match fault {
            WriteFault::Failed(_) | WriteFault::NoSpace => {
                Refusal::because(ErrorCode::KafkaStorageError, fault.to_string())
            }
            WriteFault::Closed => Refusal::new(ErrorCode::NotLeaderOrFollower),
        }
    }
}

/// Why records were not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendRefusal {
    Batch(BatchFault),
    Log(AppendFault),
    /// No memory in the time that the request gave; room comes back as commits complete.
    NoMemory,
    /// The batch needs more memory, decompressed, than the broker may ever use for one.
    OverMemory {
        bytes: u64,
    },
    /// The device is full; writing goes on by itself when space returns.
    NoSpace,
    Closed,
}

impl From<BatchFault> for AppendRefusal {
    fn from(fault: BatchFault) -> Self {
        AppendRefusal::Batch(fault)
    }
}

impl From<AppendFault> for AppendRefusal {
    fn from(fault: AppendFault) -> Self {
        AppendRefusal::Log(fault)
    }
}

impl From<AppendRefusal> for Refusal {
    fn from(refusal: AppendRefusal) -> Self {
        let because = |code, message: &str| Refusal::because(code, message);
        match refusal {
            AppendRefusal::Batch(fault) => fault.into(),
            AppendRefusal::Log(fault) => append_fault(fault),
            AppendRefusal::NoMemory => {
                because(ErrorCode::RequestTimedOut, "no memory for new records came free in time")
            }
            AppendRefusal::OverMemory { bytes } => Refusal::because(
                ErrorCode::MessageTooLarge,
                format!("the batch needs {bytes} bytes of memory, too much for millstream.memory"),
            ),
            AppendRefusal::NoSpace => because(ErrorCode::KafkaStorageError, "the device is full"),
            AppendRefusal::Closed => Refusal::new(ErrorCode::NotLeaderOrFollower),
        }
    }
}

fn append_fault(fault: AppendFault) -> Refusal {
    match fault {
        AppendFault::Sequence(SequenceFault::Fenced { epoch, current }) => Refusal::because(
            ErrorCode::InvalidProducerEpoch,
            format!("producer epoch {epoch} is older than {current}"),
        ),
        AppendFault::Sequence(SequenceFault::OutOfOrder { expected, sequence }) => {
            Refusal::because(
                ErrorCode::OutOfOrderSequenceNumber,
                format!("sequence {sequence} where {expected} was expected"),
            )
        }
        AppendFault::Poisoned => {
            Refusal::because(ErrorCode::KafkaStorageError, "an earlier write failed")
        }
        AppendFault::OffsetsExhausted => {
            Refusal::because(ErrorCode::KafkaStorageError, "no offsets are left")
        }
    }
}

/// Why nothing was read.
#[derive(Clone, Debug)]
pub enum ReadRefusal {
    Range(Unreadable),
    Io(Rc<io::Error>),
    NoMemory,
    Closed,
}

impl From<Unreadable> for ReadRefusal {
    fn from(fault: Unreadable) -> Self {
        ReadRefusal::Range(fault)
    }
}

impl ReadRefusal {
    /// Memory that was not to be had is no fault of the file's.
    #[must_use]
    pub fn of(error: Rc<std::io::Error>) -> Self {
        match error.kind() {
            std::io::ErrorKind::OutOfMemory => ReadRefusal::NoMemory,
            _ => ReadRefusal::Io(error),
        }
    }
}

impl From<std::io::Error> for ReadRefusal {
    fn from(error: std::io::Error) -> Self {
        ReadRefusal::of(Rc::new(error))
    }
}

impl From<ReadRefusal> for Refusal {
    fn from(refusal: ReadRefusal) -> Self {
        match refusal {
            ReadRefusal::Range(Unreadable::OutOfRange { offset, log_start, log_end }) => {
                Refusal::because(
                    ErrorCode::OffsetOutOfRange,
                    format!("offset {offset} is outside {log_start} to {log_end}"),
                )
            }
            ReadRefusal::Io(error) => {
                Refusal::because(ErrorCode::KafkaStorageError, error.to_string())
            }
            ReadRefusal::NoMemory => {
                Refusal::because(ErrorCode::KafkaStorageError, "no memory for a read now")
            }
            ReadRefusal::Closed => Refusal::new(ErrorCode::NotLeaderOrFollower),
        }
    }
}

/// Why records were not deleted.
#[derive(Clone, Debug)]
pub enum DeleteRefusal {
    Range(DeleteFault),
    Storage(StorageFault),
}

impl From<DeleteRefusal> for Refusal {
    fn from(refusal: DeleteRefusal) -> Self {
        match refusal {
            DeleteRefusal::Range(DeleteFault::OutOfRange { offset, high_watermark }) => {
                Refusal::because(
                    ErrorCode::OffsetOutOfRange,
                    format!("offset {offset} is past the high watermark {high_watermark}"),
                )
            }
            DeleteRefusal::Storage(fault) => {
                Refusal::because(ErrorCode::KafkaStorageError, fault.to_string())
            }
        }
    }
}
