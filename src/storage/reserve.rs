//! The reserve: space on the device for what must work when it is full.
//!
//! The file `reserve` in the data directory holds space and nothing else. Whoever must write to
//! get out of a full device (a topic's deletion in the metadata log, a new log start, a new
//! partition's first files) has a slice of it given back to the file system and tries again;
//! records never do. The controller's shard makes the file at start and makes it whole again when
//! there is space. The file's length is all the state there is, so any shard may give a slice
//! back. A file system that cannot reserve space has no reserve, and works as before.
//! Invariant: the file is never longer than `RESERVE_BYTES`, but while it is being made whole.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use millstream_shards::{Class, File, Open, Shard};

use super::limits::{RESERVE_BYTES, RESERVE_MARGIN_BYTES, RESERVE_RETRY_MS, RESERVE_SLICE_BYTES};

/// The file's name in the data directory.
pub const FILE: &str = "reserve";

/// What this shard knows of the reserve; only the shard that keeps it knows more than `Unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unknown,
    Whole,
    /// The device is full, or was a moment ago.
    Short,
    /// The file system reserves no space.
    Unsupported,
}

/// A shard's handle on the reserve; clones are the same handle.
#[derive(Clone)]
pub struct Reserve(Rc<Inner>);

struct Inner {
    shard: Shard,
    path: PathBuf,
    state: Cell<State>,
}

impl Reserve {
    #[must_use]
    pub fn new(shard: &Shard, data_dir: &Path) -> Reserve {
        let (shard, path) = (shard.clone(), data_dir.join(FILE));
        Reserve(Rc::new(Inner { shard, path, state: Cell::new(State::Unknown) }))
    }

    /// Makes the file, and keeps it whole for as long as the shard lives. One shard does this.
    pub async fn keep(&self) {
        self.refresh().await;
        let this = self.clone();
        self.0.shard.spawn(Class::Background, "reserve", async move {
            while this.0.state.get() != State::Unsupported {
                this.0.shard.sleep(Duration::from_millis(RESERVE_RETRY_MS)).await;
                this.refresh().await;
            }
        });
    }

    /// Whether the device is so full that the reserve is not whole. The keeper's knowledge.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.0.state.get() == State::Short
    }

    /// The outcome of `attempt`, which is made again with every slice of the reserve for as long as
    /// it fails for want of space: for what must work on a full device.
    pub async fn spend<T, E>(
        &self,
        is_no_space: impl Fn(&E) -> bool,
        attempt: impl AsyncFn() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut outcome = attempt().await;
        while outcome.as_ref().is_err_and(&is_no_space) && self.release().await {
            outcome = attempt().await;
        }
        outcome
    }

    /// Gives a slice back to the file system. False: nothing is left to give.
    async fn release(&self) -> bool {
        match self.try_release().await {
            Ok(0) => false,
            Ok(left) => {
                tracing::warn!(left, "no space: a slice of the reserve was released");
                if self.0.state.get() == State::Whole {
                    self.0.state.set(State::Short);
                }
                true
            }
            Err(_) => false,
        }
    }

    /// The bytes that the file had before; one slice less now.
    async fn try_release(&self) -> io::Result<u64> {
        let file = self.0.shard.open(&self.0.path, Open { write: true, ..Open::default() }).await?;
        let before = file.len().await?;
        file.set_len(before.saturating_sub(RESERVE_SLICE_BYTES)).await?;
        Ok(before)
    }

    async fn refresh(&self) {
        let state = match self.make_whole().await {
            Ok(()) => State::Whole,
            Err(error) if is_no_space(&error) => State::Short,
            Err(error) => {
                tracing::warn!(%error, "no reserve for a full device: this file system has none");
                State::Unsupported
            }
        };
        let before = self.0.state.replace(state);
        match (before, state) {
            (State::Short, State::Whole) => tracing::info!("the reserve is whole again"),
            (State::Unknown | State::Whole, State::Short) => {
                tracing::error!("the device is full: new topics are refused until there is space");
            }
            _ => {}
        }
    }

    async fn make_whole(&self) -> io::Result<()> {
        if self.0.shard.file_len(&self.0.path).await.is_ok_and(|len| len == RESERVE_BYTES) {
            return Ok(());
        }
        let how = Open { read: true, write: true, create: true, ..Open::default() };
        let file = self.0.shard.open(&self.0.path, how).await?;
        let before = file.len().await?.min(RESERVE_BYTES);
        let grown = self.grow(&file).await;
        if grown.is_err() {
            // A failed reservation may hold what little there was.
            file.set_len(before).await?;
        }
        grown
    }

    /// Takes the whole reserve, if that leaves a margin.
    async fn grow(&self, file: &File) -> io::Result<()> {
        file.allocate(0, RESERVE_BYTES + RESERVE_MARGIN_BYTES).await?;
        file.set_len(RESERVE_BYTES).await?;
        file.sync_all().await
    }
}

/// Whether an operation failed for want of space.
#[must_use]
pub fn is_no_space(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
