//! Held files come back: after a failure of the journal, and after a start at which entries of
//! some partition could not be replayed.
//!
//! One task per shard, only while a file is held. A file with a commit whose outcome is unknown
//! is never written again: when segment files have all that it proves, it is removed, a new one
//! takes its slot, and the ring begins anew. A file that waited for a partition's directory is
//! used again when nothing waits any more. What cannot be done now is tried again.

use std::io;
use std::rc::Rc;

use millstream_shards::Class;

use super::{Journal, file};
use crate::storage::fault::StorageFault;
use crate::storage::limits::JOURNAL_SLOTS;

/// Why a file is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Entries up to this generation wait for their partitions.
    Unreplayed { generation: u64 },
    /// A commit of the journal failed.
    Failed,
}

impl Journal {
    /// Sees to held files until none is left.
    pub(super) fn reclaim_held(self: &Rc<Self>) {
        if !self.reclaiming.replace(true) {
            let this = self.clone();
            self.shard.spawn(Class::Background, "journal-reclaim", async move {
                this.reclaim().await;
                this.reclaiming.set(false);
            });
        }
    }

    async fn reclaim(self: &Rc<Self>) {
        let mut said = None;
        loop {
            // What only the journal has is safe first, and memory comes free.
            self.evacuate().await;
            self.pause().await;
            if self.closed.get() {
                return;
            }
            match self.release_all().await {
                Ok(true) => break,
                Ok(false) => {}
                Err(fault) => {
                    let fault = fault.to_string();
                    if said.as_ref() != Some(&fault) {
                        tracing::warn!(fault, "journal files stay held");
                    }
                    said = Some(fault);
                }
            }
        }
        if self.ring.borrow().has_failed() {
            self.ring.borrow_mut().begin_anew();
            tracing::info!(dir = %self.dir.display(), "the journal begins anew");
        }
    }

    async fn evacuate(&self) {
        for slot in 0..JOURNAL_SLOTS {
            if self.holds.borrow()[slot] == Some(Hold::Failed) {
                // A fault is its partition's, which is offline then, and was logged.
                let _ = self.settle_partitions(slot).await;
            }
        }
    }

    /// Whether no file is held any more.
    async fn release_all(&self) -> Result<bool, StorageFault> {
        let holds = *self.holds.borrow();
        for (slot, hold) in holds.into_iter().enumerate() {
            match hold {
                Some(Hold::Failed) if self.is_let_go(slot) => self.discard(slot).await?,
                Some(Hold::Unreplayed { generation }) if !self.withheld.has_unreplayed() => {
                    self.release(slot, generation).await?;
                }
                _ => {}
            }
        }
        Ok(self.holds.borrow().iter().all(Option::is_none))
    }

    /// Nothing that the slot's file proves is owed, and nobody is at work on it.
    fn is_let_go(&self, slot: usize) -> bool {
        let busy = self.settling.borrow()[slot] || self.making.get() || self.flushing.get();
        self.owed.borrow()[slot].is_empty() && !busy
    }

    /// Makes way for a new file: out of the manifest, then out of the directory.
    async fn discard(&self, slot: usize) -> Result<(), StorageFault> {
        self.files.borrow_mut()[slot] = None;
        self.write_manifest(None).await?;
        let path = file::path(&self.dir, self.shard.id().0, slot);
        match self.shard.unlink(&path).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StorageFault::io("remove", path, error));
            }
            _ => {}
        }
        let flushed = self.shard.sync_dir(&self.dir).await;
        flushed.map_err(|error| StorageFault::io("flush", &self.dir, error))?;
        self.holds.borrow_mut()[slot] = None;
        self.ring.borrow_mut().on_discarded(slot);
        Ok(())
    }

    /// Declares void what has been replayed after all.
    async fn release(&self, slot: usize, generation: u64) -> Result<(), StorageFault> {
        let declared = self.declare_void(slot, generation).await;
        let path = file::path(&self.dir, self.shard.id().0, slot);
        declared.map_err(|error| StorageFault::io("write", &path, error))?;
        self.holds.borrow_mut()[slot] = None;
        self.ring.borrow_mut().on_released(slot);
        tracing::info!(path = %path.display(), "journal file is used again: all is replayed");
        Ok(())
    }
}
