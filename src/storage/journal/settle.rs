//! Settling: what a journal file holds goes to segment files, then the file is used again.
//!
//! A full file whose commits are all durable is settled by a few tasks side by side, in the
//! background. When every partition has its bytes flushed in segment files, the file's header
//! says so, durably, and only then the slot is free. A partition that is deleted owes nothing
//! from then on, whoever is waiting for it. One that cannot be settled keeps the file as it is,
//! and is tried again and again; if the process ends before, the next start replays it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use millstream_engine::journal::FileHeader;
use millstream_shards::{Class, File};

use super::{Journal, file, manifest};
use crate::shard::run_bounded;
use crate::storage::fault::{StorageFault, WriteFault};
use crate::storage::limits::{JOURNAL_RETRY_MS, SETTLE_TASKS};

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
            Ok(file) => {
                let named = self.write_manifest(Some(slot)).await;
                named.map(|()| file).map_err(|fault| fault.to_string())
            }
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
                self.pause().await;
            }
        }
        self.making.set(false);
    }

    /// A process that was killed may have made files that its manifest does not name yet. On a full
    /// device they stay without: they are used all the same.
    pub(super) async fn name_found(&self, named: &[usize]) -> Result<(), StorageFault> {
        let is_named =
            |(slot, file): (usize, &Option<File>)| file.is_none() || named.contains(&slot);
        if self.files.borrow().iter().enumerate().all(is_named) {
            return Ok(());
        }
        match self.write_manifest(None).await {
            Err(fault) if fault.is_no_space() => {
                tracing::warn!(%fault, "a journal file is in no manifest");
                Ok(())
            }
            written => written,
        }
    }

    /// Names the files that there are in the manifest, and the new one.
    pub(super) async fn write_manifest(&self, new: Option<usize>) -> Result<(), StorageFault> {
        let there =
            |(at, file): (usize, &Option<File>)| (file.is_some() || new == Some(at)).then_some(at);
        let slots: Vec<usize> = self.files.borrow().iter().enumerate().filter_map(there).collect();
        manifest::write(&self.shard, &self.data_dir, self.shard.id().0, &slots).await
    }

    /// Time in which the cause of a failure may pass; over at once when the journal closes.
    pub(super) async fn pause(&self) {
        let until_ns = self.shard.precise_ns() + JOURNAL_RETRY_MS * 1_000_000;
        while !self.closed.get() && self.shard.precise_ns() < until_ns {
            let closing = self.closing.notified();
            let left = until_ns.saturating_sub(self.shard.precise_ns());
            let _ = self.shard.timeout(Duration::from_nanos(left), closing).await;
        }
    }

    pub(super) fn settle_full(self: &Rc<Self>) {
        if self.closed.get() {
            return;
        }
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
    /// blocks can leave. One file at a time, however often this is asked for.
    pub fn settle_now(self: &Rc<Self>) {
        let is_under_way = {
            let (settling, stuck) = (self.settling.borrow(), self.stuck.borrow());
            settling.iter().zip(stuck.iter()).any(|(settling, stuck)| *settling && !*stuck)
        };
        if !is_under_way {
            self.ring.borrow_mut().end_active();
            self.settle_full();
        }
    }

    /// Until it is settled, or the journal closes or fails.
    async fn settle(self: &Rc<Self>, slot: usize, generation: u64) {
        while let Err(reason) = self.settle_once(slot, generation).await {
            if !self.ring.borrow().is_full(slot, generation) {
                break;
            }
            if !std::mem::replace(&mut self.stuck.borrow_mut()[slot], true) {
                let path = file::path(&self.dir, self.shard.id().0, slot);
                let path = path.display();
                tracing::error!(%path, reason, "journal file is kept: it is tried again");
            }
            self.pause().await;
            if self.closed.get() {
                break;
            }
        }
        self.settling.borrow_mut()[slot] = false;
        self.changed.notify_waiters();
    }

    async fn settle_once(&self, slot: usize, generation: u64) -> Result<(), String> {
        self.settle_partitions(slot).await.map_err(|fault| fault.to_string())?;
        if !self.ring.borrow().is_full(slot, generation) {
            return Err("the journal failed".to_owned());
        }
        self.declare_void(slot, generation).await.map_err(|error| error.to_string())?;
        self.ring.borrow_mut().on_settled(slot, generation);
        if std::mem::take(&mut self.stuck.borrow_mut()[slot]) {
            let path = file::path(&self.dir, self.shard.id().0, slot);
            tracing::info!(path = %path.display(), "journal file is settled after all");
        }
        let counts = self.counts.get();
        let files_settled = counts.files_settled + 1;
        self.counts.set(super::JournalCounts { files_settled, ..counts });
        Ok(())
    }

    /// Brings what the slot's partitions have in the journal only to their files; what is done
    /// is not owed any more. The first fault is returned when all were tried.
    pub(super) async fn settle_partitions(&self, slot: usize) -> Result<(), WriteFault> {
        let serials: Vec<u64> = self.owed.borrow()[slot].keys().copied().collect();
        let first_fault = RefCell::new(None);
        let jobs = serials.into_iter().map(async |serial| {
            let debt = self.owed.borrow()[slot].get(&serial).cloned();
            // Deleted since: it owes nothing.
            let Some((inner, upto)) = debt else { return };
            let settled = match inner.upgrade() {
                Some(inner) => inner.settle_upto(upto).await,
                // Dropped without being deleted: the next start replays it.
                None => Err(WriteFault::Closed),
            };
            match settled {
                Ok(()) => drop(self.owed.borrow_mut()[slot].remove(&serial)),
                // As above, while it was being settled.
                Err(_) if !self.owed.borrow()[slot].contains_key(&serial) => {}
                Err(fault) => drop(first_fault.borrow_mut().get_or_insert(fault)),
            }
            self.shard.yield_now().await;
        });
        run_bounded(SETTLE_TASKS, jobs).await;
        first_fault.into_inner().map_or(Ok(()), Err)
    }

    pub(super) async fn declare_void(&self, slot: usize, generation: u64) -> std::io::Result<()> {
        let file = self.files.borrow()[slot].clone();
        let Some(file) = file else { return Ok(()) };
        let header = FileHeader {
            writer: self.shard.id().0,
            slot: slot as u16,
            file_bytes: self.slot_bytes,
            void_upto: generation,
        };
        file::write_header(&self.shard, &file, &header).await
    }

    /// For tests that play a killed process: this journal does nothing from now on.
    #[cfg(test)]
    pub async fn abandon(&self) {
        self.closed.set(true);
        self.closing.notify_waiters();
        while self.making.get() || self.is_busy() || self.settling.borrow().contains(&true) {
            self.shard.sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    /// Settles everything: the next start finds nothing to replay. Partitions take no more
    /// appends when this is called.
    pub async fn close(self: &Rc<Self>) -> Result<(), StorageFault> {
        self.closed.set(true);
        self.closing.notify_waiters();
        loop {
            let changed = self.changed.notified();
            let settling = self.settling.borrow().iter().any(|busy| *busy);
            if !settling && !self.is_busy() {
                break;
            }
            changed.await;
        }
        self.ring.borrow_mut().end_active();
        let full = self.ring.borrow().settleable();
        let mut outcome = Ok(());
        for (slot, generation) in full {
            if let Err(reason) = self.settle_once(slot, generation).await {
                let path = file::path(&self.dir, self.shard.id().0, slot);
                outcome = Err(StorageFault::Unsettled { path, reason });
            }
        }
        outcome
    }
}
