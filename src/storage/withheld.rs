//! Partitions that must not simply open: what every shard of the process has to know of them.
//!
//! Filled at start, by the replay of journals and by the look at the data directory; asked
//! whenever a partition opens, on whichever shard. Cheap: a lock that is taken then only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use millstream_engine::journal::EntryHeader;
use millstream_engine::log::Behind;
use millstream_wire::Uuid;

type Key = (Uuid, i32);

/// Journal entries of one partition, in the order in which they were committed.
pub(super) type Pieces = Vec<Unjoined>;

/// One journal entry.
#[derive(Clone, Debug)]
pub(super) struct Unjoined {
    pub header: EntryHeader,
    pub batches: Bytes,
    /// What is known of commits before it that cannot be read.
    pub missing: Behind,
}

/// The same value for all shards of the process.
#[derive(Clone, Debug, Default)]
pub struct Withheld(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Entries that could not be brought into their logs yet: each opening tries again.
    unreplayed: BTreeMap<Key, Pieces>,
    /// Those that somebody has taken and is bringing there.
    replaying: BTreeSet<Key>,
    /// Directories that were there once: to make them anew would hide a loss.
    missing: BTreeSet<Key>,
    /// Directories that are being made, or could not be: they may be there, and are made anew.
    unmade: BTreeSet<Key>,
    /// The metadata that the process found may be younger than the directories.
    unnoted: bool,
    /// Partitions whose logs a shard is extending by journal entries.
    joining: BTreeSet<Key>,
}

/// The right to extend a partition's log by journal entries, until dropped.
pub(super) struct Joining {
    withheld: Withheld,
    key: Key,
}

impl Drop for Joining {
    fn drop(&mut self) {
        self.withheld.lock().joining.remove(&self.key);
    }
}

impl Withheld {
    pub(super) fn add_unreplayed(&self, key: Key, pieces: Pieces) {
        let mut known = self.lock();
        known.replaying.remove(&key);
        // Journals of two shards may both have some.
        let all = known.unreplayed.entry(key).or_default();
        all.extend(pieces);
        all.sort_by_key(|one| one.header.base);
    }

    /// What has to be replayed before the partition opens. Whoever takes it replays it and says
    /// so, or gives it back.
    pub(super) fn take_unreplayed(&self, key: Key) -> Option<Pieces> {
        let mut known = self.lock();
        let pieces = known.unreplayed.remove(&key)?;
        known.replaying.insert(key);
        Some(pieces)
    }

    /// What was taken is in the partition's files.
    pub(super) fn on_replayed(&self, key: Key) {
        self.lock().replaying.remove(&key);
    }

    /// The partition is deleted: what the journals have for it is of no use.
    pub(super) fn forget_unreplayed(&self, key: Key) {
        self.lock().unreplayed.remove(&key);
    }

    /// Whether journals hold anything that is nowhere else.
    pub(super) fn has_unreplayed(&self) -> bool {
        let known = self.lock();
        !known.unreplayed.is_empty() || !known.replaying.is_empty()
    }

    /// `None`: another shard is at it. Journals of two shards may both have entries of a partition:
    /// one of them was kept for another partition's sake while the number of shards changed.
    pub(super) fn begin_join(&self, key: Key) -> Option<Joining> {
        let is_free = self.lock().joining.insert(key);
        is_free.then(|| Joining { withheld: self.clone(), key })
    }

    /// Partitions that must have a directory to be opened.
    pub fn add_missing(&self, partitions: &[Key]) {
        self.lock().missing.extend(partitions);
    }

    /// A kill, or a stop, came between the metadata that was found and the note that all its
    /// partitions have their directories.
    pub fn set_unnoted(&self) {
        self.lock().unnoted = true;
    }

    pub(super) fn is_unnoted(&self) -> bool {
        self.lock().unnoted
    }

    /// Whether the partition's directory was there once and is lost.
    #[must_use]
    pub fn is_missing(&self, key: Key) -> bool {
        self.lock().missing.contains(&key)
    }

    /// The partition's directory is made from here on, or anew.
    pub fn add_unmade(&self, key: Key) {
        self.lock().unmade.insert(key);
    }

    pub(super) fn forget_unmade(&self, key: Key) {
        self.lock().unmade.remove(&key);
    }

    /// Whether any partition's directory, be it there or not, is not made to its end.
    #[must_use]
    pub fn has_unmade(&self) -> bool {
        !self.lock().unmade.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
