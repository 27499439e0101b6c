//! The commit task of a partition: writes what is pending, one write at a time.
//!
//! Spawned by the first append of a turn, so it runs after all appends of that turn and takes
//! them together; while a write is in flight more arrive, and go with the next one. Ends when
//! nothing is pending: a quiet partition has no task. On a full device it waits and tries
//! again; after any other fault nothing of the partition is acknowledged again.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::limits::COMMIT_BYTES_MAX;
use millstream_engine::log::{CommitPlan, Durability};
use millstream_shards::{Class, Sync};

use super::Shared;
use super::limits::{NO_SPACE_RETRY_MS, PREWRITE_CHUNK_BYTES};
use super::partition::{Condition, Inner};
use super::segment_file::SegmentFile;

impl Inner {
    /// Makes sure that a commit task runs, if there is anything for it to do.
    pub fn kick_commit(self: &Rc<Self>) {
        if !self.has_work() || self.committing.replace(true) {
            return;
        }
        let inner = self.clone();
        self.shared.shard.spawn(Class::Latency, "commit", async move {
            while inner.may_write() && inner.has_work() {
                inner.commit_once().await;
            }
            inner.committing.set(false);
            inner.idle.notify_waiters();
        });
    }

    fn has_work(&self) -> bool {
        let log = self.log.borrow();
        log.has_pending() || log.owes_flush()
    }

    async fn commit_once(self: &Rc<Self>) {
        let plan = self.log.borrow_mut().plan_commit(COMMIT_BYTES_MAX);
        let outcome = match &plan {
            Some(plan) => self.write(plan).await,
            None => self.flush().await,
        };
        match (outcome, plan) {
            (Ok(()), None) => {}
            (Ok(()), Some(plan)) => self.committed(&plan).await,
            (Err(error), plan) if plan.is_some() && is_no_space(&error) => {
                self.log.borrow_mut().on_commit_deferred();
                self.wait_for_space(&error).await;
            }
            (Err(error), _) => self.fail(error),
        }
    }

    async fn write(self: &Rc<Self>, plan: &CommitPlan) -> io::Result<()> {
        let writer = self.writer(plan.segment).await?;
        writer.prepare(plan.aligned_upto()).await?;
        let range = (plan.from, plan.upto.position);
        let parts = self.tail.borrow_mut().write_parts(plan.segment, range);
        let parts = parts.ok_or(io::ErrorKind::OutOfMemory)?;
        let sync = match plan.durability {
            Durability::Flushed => Sync::Data,
            Durability::Written => Sync::None,
        };
        writer.file.write_all_at(parts, plan.aligned_from(), sync).await
    }

    /// The file of a segment that is still written to.
    pub async fn writer(&self, base: Offset) -> io::Result<Rc<SegmentFile>> {
        if let Some(writer) = self.writers.borrow().get(&base) {
            return Ok(writer.clone());
        }
        let path = self.segment_path(base);
        let writer = Rc::new(SegmentFile::open(&self.shared.shard, &path).await?);
        Ok(self.writers.borrow_mut().entry(base).or_insert(writer).clone())
    }

    async fn committed(self: &Rc<Self>, plan: &CommitPlan) {
        let (end, flush_due) = {
            let mut log = self.log.borrow_mut();
            log.on_committed(plan);
            let end = log.segment(plan.segment).map_or(0, |segment| segment.bytes);
            (end, log.flush_due())
        };
        if matches!(&*self.condition.borrow(), Condition::NoSpace) {
            tracing::info!(topic = %self.name.topic, index = self.name.index, "space is back");
            *self.condition.borrow_mut() = Condition::Open;
        }
        self.notify_progress();
        let writer = self.writers.borrow().get(&plan.segment).cloned();
        if let (Some(writer), Some(zeros)) = (writer, self.shared.zeros()) {
            let bytes = plan.upto.position - plan.from;
            writer.look_ahead(&self.shared.shard, &zeros, (bytes, end));
        }
        self.seal_finished();
        if flush_due {
            self.flush_or_fail().await;
        }
    }

    /// Flushes every file that has unflushed bytes, then believes what was written before.
    pub async fn flush(&self) -> io::Result<()> {
        let (written, bases) = {
            let log = self.log.borrow();
            let from = log.flushed();
            let bases: Vec<Offset> =
                log.segments().filter(|s| s.end > from && !s.is_empty()).map(|s| s.base).collect();
            (log.written(), bases)
        };
        for base in bases.into_iter().filter(|base| *base <= written.segment) {
            self.writer(base).await?.file.sync_data().await?;
        }
        self.log.borrow_mut().on_flushed(written.offset);
        self.flushed_ms.set(self.shared.shard.wall_ms());
        self.notify_progress();
        Ok(())
    }

    pub async fn flush_or_fail(&self) {
        if let Err(error) = self.flush().await {
            self.fail(error);
        }
    }

    async fn wait_for_space(&self, error: &io::Error) {
        if matches!(&*self.condition.borrow(), Condition::Open) {
            let (topic, index) = (&self.name.topic, self.name.index);
            tracing::error!(%topic, index, %error, "no space; produce is refused until there is");
            self.set_condition(Condition::NoSpace);
        }
        self.shared.shard.sleep(Duration::from_millis(NO_SPACE_RETRY_MS)).await;
    }

    /// The outcome of a write is unknown: nothing of this partition is believed from here on.
    pub fn fail(&self, error: io::Error) {
        let (topic, index) = (&self.name.topic, self.name.index);
        tracing::error!(%topic, index, %error, "write failed; the partition is offline");
        self.log.borrow_mut().on_commit_failed();
        self.set_condition(Condition::Failed(Rc::new(error)));
    }
}

impl Shared {
    /// Zeros for prewriting, taken from the pool once.
    fn zeros(&self) -> Option<Bytes> {
        let mut zeros = self.zeros.borrow_mut();
        if zeros.is_none() {
            let mut buf = self.shard.pool().try_take(PREWRITE_CHUNK_BYTES as usize)?;
            buf.fill(0);
            *zeros = Some(buf.into_bytes(PREWRITE_CHUNK_BYTES as usize));
        }
        zeros.clone()
    }
}

fn is_no_space(error: &io::Error) -> bool {
    use io::ErrorKind::{OutOfMemory, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | OutOfMemory)
}
