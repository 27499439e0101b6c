//! Settling: what a journal file holds goes to segment files, then the file is used again.
//!
//! A full file whose commits are all durable is settled by a few tasks side by side, in the
//! background. When every partition has its bytes flushed in segment files, the file's header
//! says so, durably, and only then the slot is free. A partition that cannot be settled keeps
//! the file as it is: the next start replays it.

use std::cell::RefCell;
use std::rc::Rc;

use millstream_engine::journal::FileHeader;
use millstream_shards::{Class, File};

use super::{Journal, file, manifest};
use crate::shard::run_bounded;
use crate::storage::fault::{StorageFault, WriteFault};
use crate::storage::limits::{JOURNAL_RETRY_MS, JOURNAL_SLOTS, SETTLE_TASKS};

impl Journal {
    /// Makes the next file before it is needed, and settles full ones.
    pub fn look_ahead(self: &Rc<Self>) {
        let wanted = self.ring.borrow().wants_slot();
        if let Some(slot) = wanted.filter(|_| !self.closed.get() && !self.making.replace(true)) {
            let this = self.clone();
            self.shard.spawn(Class::Background, "journal-file", async move {
                this.make(slot).await;
            });
        }
        self.settle_full();
    }

    async fn make(self: &Rc<Self>, slot: usize) {
        let writer = self.shard.id().0;
        let made = file::make(&self.shard, &self.dir, (writer, slot), self.slot_bytes).await;
        let made = match made {
            Ok(file) => self.enter(slot).await.map(|()| file).map_err(|fault| fault.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match made {
            Ok(file) => {
                self.files.borrow_mut()[slot] = Some(file);
                self.ring.borrow_mut().on_ready(slot);
            }
            Err(reason) => {
                let dir = self.dir.display();
                tracing::warn!(%dir, reason, "no journal file; small commits cost more");
                // Commits go on without it; one of them will ask again, not at once.
                self.shard.sleep(std::time::Duration::from_millis(JOURNAL_RETRY_MS)).await;
            }
        }
        self.making.set(false);
    }

    /// Names the new file in the manifest.
    async fn enter(&self, slot: usize) -> Result<(), StorageFault> {
        let held =
            |(at, file): (usize, &Option<File>)| (file.is_some() || at == slot).then_some(at);
        let mut slots: Vec<usize> =
            self.files.borrow().iter().enumerate().filter_map(held).collect();
        slots.extend(self.held.iter().copied().filter(|at| *at != slot));
        manifest::write(&self.shard, &self.data_dir, self.shard.id().0, &slots).await
    }

    pub(super) fn settle_full(self: &Rc<Self>) {
        for (slot, generation) in self.ring.borrow().settleable() {
            if !std::mem::replace(&mut self.settling.borrow_mut()[slot], true) {
                let this = self.clone();
                self.shard.spawn(Class::Background, "journal-settle", async move {
                    this.settle(slot, generation).await;
                });
            }
        }
    }

    /// Memory is short: what only the journal has goes to segment files now, so that tail
    /// blocks can leave.
    pub fn settle_now(self: &Rc<Self>) {
        self.ring.borrow_mut().end_active();
        self.settle_full();
    }

    async fn settle(self: &Rc<Self>, slot: usize, generation: u64) {
        let outcome = self.settle_partitions(slot).await;
        let outcome = match outcome {
            Ok(()) => self.declare_void(slot, generation).await.map_err(|error| error.to_string()),
            Err(fault) => Err(fault.to_string()),
        };
        match outcome {
            Ok(()) => {
                self.ring.borrow_mut().on_settled(slot);
                let counts = self.counts.get();
                let files_settled = counts.files_settled + 1;
                self.counts.set(super::JournalCounts { files_settled, ..counts });
            }
            Err(reason) => {
                let path = file::path(&self.dir, self.shard.id().0, slot);
                let path = path.display();
                tracing::error!(%path, reason, "journal file is kept for the next start");
                self.ring.borrow_mut().hold(slot);
            }
        }
        self.settling.borrow_mut()[slot] = false;
        self.changed.notify_waiters();
    }

    /// The first fault is returned when all were tried.
    async fn settle_partitions(&self, slot: usize) -> Result<(), WriteFault> {
        let owed = self.owed.borrow()[slot].clone();
        let first_fault = RefCell::new(None);
        let jobs = owed.into_values().map(async |(inner, upto)| {
            // A partition that went without being deleted: the next start replays it.
            let settled = match inner.upgrade() {
                Some(inner) => inner.settle_upto(upto).await,
                None => Err(WriteFault::Closed),
            };
            if let Err(fault) = settled {
                first_fault.borrow_mut().get_or_insert(fault);
            }
            self.shard.yield_now().await;
        });
        run_bounded(SETTLE_TASKS, jobs).await;
        first_fault.into_inner().map_or(Ok(()), Err)
    }

    /// The journal has failed: what only it has goes to segment files at once.
    pub(super) fn evacuate(self: &Rc<Self>) {
        let this = self.clone();
        self.shard.spawn(Class::Background, "journal-evacuate", async move {
            for slot in 0..JOURNAL_SLOTS {
                // A fault is its partition's, which is offline then, and was logged.
                let _ = this.settle_partitions(slot).await;
            }
        });
    }

    async fn declare_void(&self, slot: usize, generation: u64) -> std::io::Result<()> {
        let file = self.files.borrow()[slot].clone();
        let Some(file) = file else { return Ok(()) };
        let header = FileHeader {
            writer: self.shard.id().0,
            slot: slot as u16,
            file_bytes: self.slot_bytes,
            void_upto: generation,
        };
        file::write_header(&self.shard, &file, &header).await?;
        self.owed.borrow_mut()[slot].clear();
        Ok(())
    }

    /// For tests that play a killed process: this journal does nothing from now on.
    #[cfg(test)]
    pub async fn abandon(&self) {
        self.closed.set(true);
        while self.making.get() || self.is_busy() || self.settling.borrow().contains(&true) {
            self.shard.sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    /// Settles everything: the next start finds nothing to replay. Partitions take no more
    /// appends when this is called.
    pub async fn close(self: &Rc<Self>) -> Result<(), StorageFault> {
        self.closed.set(true);
        loop {
            let changed = self.changed.notified();
            self.ring.borrow_mut().end_active();
            self.settle_full();
            let settling = self.settling.borrow().iter().any(|busy| *busy);
            if !settling && !self.is_busy() {
                return Ok(());
            }
            changed.await;
        }
    }
}
