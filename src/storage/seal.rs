//! Sealing complete segments, checkpoints, and retention: what makes files come and go.
//!
//! A sealed file is cut to its batches, so Kafka's dump tool reads it, and has an index
//! sidecar. A checkpoint gets its name only when all that it says is flushed. Segments leave
//! in this order: out of the log, so that no new reader finds them; out of the checkpoint; then
//! renamed; then, after `file.delete.delay.ms`, removed. All of it is background work.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_engine::log::{Durability, RetentionPlan};
use millstream_engine::now::Now;
use millstream_shards::Class;

use super::fault::{StorageFault, WriteFault};
use super::files::{self, CHECKPOINT_NAME};
use super::limits::CHECKPOINT_BYTES;
use super::partition::{Inner, Kept};
use super::reserve::is_no_space;
use super::segment_file::SegmentFile;
use super::sidecar;

/// A segment file that retention has dropped waits under this suffix.
pub(crate) const DELETED_SUFFIX: &str = ".deleted";

impl Inner {
    /// Hands every complete and written segment to a sealing task; asks for a checkpoint when
    /// one is due.
    pub fn seal_finished(self: &Rc<Self>) {
        let complete = self.take_complete();
        let due = self.unchecked.get() >= CHECKPOINT_BYTES;
        if complete.is_empty() && !due {
            return;
        }
        self.take_unchecked();
        let inner = self.clone();
        self.shared.shard.spawn(Class::Background, "segment-seal", async move {
            for (base, writer) in complete {
                inner.seal(base, &writer).await;
            }
            if let Err(fault) = inner.checkpoint().await {
                tracing::warn!(%fault, "no checkpoint; recovery would take longer");
            }
        });
    }

    fn take_complete(&self) -> Vec<(Offset, Rc<SegmentFile>)> {
        let log = self.log.borrow();
        let (active, placed) = (log.active().base, log.placed());
        let is_complete = |base: Offset| {
            let all = log.segment(base).is_some_and(|s| s.bytes == placed.position);
            base < active && (base < placed.segment || base == placed.segment && all)
        };
        let mut writers = self.writers.borrow_mut();
        let bases: Vec<Offset> = writers.keys().copied().filter(|b| is_complete(*b)).collect();
        bases.iter().filter_map(|base| writers.remove_entry(base)).collect()
    }

    /// A flush that fails is the log's failure: what comes after it would believe a later one.
    /// Other faults are logged only: an unsealed segment is scanned by the next recovery.
    async fn seal(self: &Rc<Self>, base: Offset, writer: &SegmentFile) {
        let _names = self.cleaning.naming.acquire(1).await;
        writer.quiesce().await;
        let segment = self.log.borrow().segment(base).cloned();
        let Some(segment) = segment.filter(|_| !self.is_closed()) else { return };
        if self.log.borrow().durability() == Durability::Written
            && let Err(error) = writer.file.sync_data().await
        {
            return self.fail(error);
        }
        if let Err(error) = writer.cut(segment.bytes).await {
            tracing::warn!(path = %self.segment_path(base).display(), %error, "not sealed");
            return;
        }
        // Recovery believes a checkpoint's sealed segment by its exact length.
        if let Err(error) = writer.file.sync_all().await {
            return self.fail(error);
        }
        let Some(bytes) = sidecar::encode_index(&segment) else { return };
        let path = files::index_path(&self.name.path, base);
        match files::replace(&self.shared.shard, &path, bytes).await {
            Ok(()) => self.log.borrow_mut().set_index(base, None),
            Err(fault) => tracing::warn!(%fault, "no index sidecar"),
        }
    }

    /// Writes a checkpoint of the log as it is now, once all of that is flushed. Waits for no
    /// space: retention and DeleteRecords, which give some, may wait for it.
    pub async fn checkpoint(self: &Rc<Self>) -> Result<(), StorageFault> {
        let _turn = self.checkpointing.acquire(1).await;
        let (bytes, end, kept) = {
            let log = self.log.borrow();
            let bytes = sidecar::encode_checkpoint(self.name.topic_id, &log);
            let kept = Kept { log_start: log.marks().log_start, sealed: log.active().base };
            (bytes, log.log_end(), kept)
        };
        self.dirty.set(false);
        self.take_unchecked();
        let path = self.name.path.join(CHECKPOINT_NAME);
        let settled = self.settled_upto(end).await.and_then(|()| self.check_not_closed());
        let outcome = match (settled, bytes) {
            (Ok(()), Some(bytes)) => {
                let replaced = files::replace(&self.shared.shard, &path, bytes).await;
                if replaced.is_ok() {
                    self.kept.set(kept);
                }
                replaced
            }
            (Ok(()), None) => Ok(()),
            (Err(fault), _) => Err(StorageFault::unwritten("flush for", path, fault)),
        };
        if outcome.is_err() {
            self.dirty.set(true);
        }
        outcome
    }

    /// A closed partition's directory may be another's by now.
    fn check_not_closed(&self) -> Result<(), WriteFault> {
        if self.is_closed() { Err(WriteFault::Closed) } else { Ok(()) }
    }

    async fn settled_upto(self: &Rc<Self>, end: Offset) -> Result<(), WriteFault> {
        self.wait_while(|log| log.written().offset >= end, || false).await?;
        self.try_settle_upto(end).await
    }

    /// The files of a clean shutdown: sealed, cut, checkpointed.
    pub async fn finish_files(self: &Rc<Self>) -> Result<(), StorageFault> {
        for (base, writer) in self.take_complete() {
            self.seal(base, &writer).await;
        }
        let active = self.writers.borrow().values().next_back().cloned();
        let bytes = self.log.borrow().active().bytes;
        // One that is under way has said that all is clean before it is.
        drop(self.checkpointing.acquire(1).await);
        if self.dirty.get() {
            self.checkpoint().await?;
        }
        if let Some(active) = active {
            let cut = active.cut(bytes).await;
            cut.map_err(|error| StorageFault::io("cut", &self.name.path, error))?;
        }
        Ok(())
    }

    /// Drops what the topic's settings no longer keep. A log whose state is not known keeps all.
    pub async fn retain(self: &Rc<Self>, now: Now) {
        let _names = self.cleaning.naming.acquire(1).await;
        if !self.may_write() {
            return;
        }
        let plan = self.log.borrow().plan_retention(now);
        if !plan.drop.is_empty() {
            self.drop_from_log(&plan);
        }
        if plan.roll {
            // The new segment's name is what keeps the offsets when no batch is left.
            let base = self.log.borrow().active().base;
            if let Err(error) = self.make_a_name(base).await {
                tracing::warn!(path = %self.segment_path(base).display(), %error, "not created");
                return;
            }
        }
        // What went from a full device without a checkpoint is said later.
        let is_said = self.kept.get().log_start >= self.log.borrow().marks().log_start;
        if self.dropped.borrow().is_empty() && is_said {
            return;
        }
        let no_checkpoint = match self.checkpoint().await {
            Ok(()) => false,
            // It needs the space that this is about to give.
            Err(fault) if fault.is_no_space() => true,
            Err(fault) => {
                tracing::warn!(%fault, "no checkpoint: what retention has dropped stays on disk");
                return;
            }
        };
        if no_checkpoint && let Err(error) = self.keep_a_name().await {
            tracing::warn!(path = %self.name.path.display(), %error, "dropped segment files stay");
            return;
        }
        let away = self.set_away(no_checkpoint).await;
        self.remove_later(away);
    }

    /// Without a checkpoint the name of the first segment says where the log begins, and of what
    /// the journal has that it is not behind a gap: it must be there, and last, when older ones go.
    async fn keep_a_name(&self) -> std::io::Result<()> {
        let first = self.log.borrow().segments().next().map(|segment| segment.base);
        let Some(base) = first else { return Ok(()) };
        match self.shared.shard.file_len(&self.segment_path(base)).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.make_a_name(base).await
    }

    /// The file of a segment that begins now. What gives space may take of the reserve.
    async fn make_a_name(&self, base: Offset) -> std::io::Result<()> {
        let make = async || self.writer(base).await;
        self.shared.reserve.spend(is_no_space, make).await.map(drop)
    }

    /// Takes the names of dropped segments, the oldest first. Where no checkpoint says that they
    /// have gone, each is gone for good before the next goes: else a power cut could bring an older
    /// one back without a newer one, which would look like damage.
    async fn set_away(&self, no_checkpoint: bool) -> Vec<PathBuf> {
        let mut dropped = VecDeque::from(self.dropped.take());
        let mut away = Vec::new();
        while let Some(base) = dropped.front() {
            let renamed = self.rename_away(*base).await;
            if no_checkpoint {
                let dir = &self.name.path;
                let lasts = self.shared.shard.sync_dir(dir).await;
                if let Err(error) = &lasts {
                    tracing::warn!(path = %dir.display(), %error, "dropped segment files stay");
                }
                if renamed.is_none() || lasts.is_err() {
                    break;
                }
            }
            away.extend(renamed);
            dropped.pop_front();
        }
        *self.dropped.borrow_mut() = dropped.into();
        away
    }

    /// No new reader finds the segments from here on.
    fn drop_from_log(&self, plan: &RetentionPlan) {
        let (topic, index, segments) = (&self.name.topic, self.name.index, plan.drop.len());
        tracing::info!(%topic, index, segments, "retention drops segments");
        self.log.borrow_mut().apply_retention(plan);
        self.cleaning.segments_changed();
        self.dirty.set(true);
        for base in &plan.drop {
            self.writers.borrow_mut().remove(base);
            self.forget_readers(*base);
            self.cleaning.forget_version(*base);
        }
        self.dropped.borrow_mut().extend(&plan.drop);
    }

    async fn rename_away(&self, base: Offset) -> Option<PathBuf> {
        let shard = &self.shared.shard;
        let _ = shard.unlink(&files::index_path(&self.name.path, base)).await;
        let path = self.segment_path(base);
        let mut away = path.clone().into_os_string();
        away.push(DELETED_SUFFIX);
        let away = PathBuf::from(away);
        match shard.rename(&path, &away).await {
            Ok(()) => Some(away),
            // An earlier try took its name, and could not make that last.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(away),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "segment file stays");
                None
            }
        }
    }
}
