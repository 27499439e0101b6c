//! Intake: records on their way into one partition's log, in the order of their arrival.
//!
//! Most appends are decided at once: little to decompress, and memory to be had. What takes the
//! core for long (a large batch to decompress or to pack anew) is done on a thread of the
//! blocking pool, and what finds the memory full waits for it; whatever arrives meanwhile for
//! the same partition queues behind, so that offsets and sequences keep the order of arrival. A
//! queue and not chunks on the shard: codecs cannot be paused, and the shard's other partitions
//! must not feel a gzip bomb. Lives on the partition's shard; one task per partition that has a
//! queue, see `docs/tasks.md`. All memory is of the pool, so it counts against
//! `millstream.memory`.
//! Invariant: an append happens at once only while the queue is empty and no task runs.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::config::TopicConfig;
use millstream_engine::now::Now;
use millstream_engine::validate::{
    Admitted, Memory, NotAdmitted, Origin, Rules, ValidBatches, Wants, admit,
};
use millstream_shards::sync::oneshot;
use millstream_shards::{AlignedBuf, Backing, Charge, Class, Pool};
use millstream_wire::compress::ENCODER_BYTES_MIN;

use super::fault::AppendRefusal;
use super::limits::{ADMIT_INLINE_BYTES_MAX, MEMORY_LOOK_MS, REPACK_INLINE_BYTES_MAX};
use super::partition::{Appended, Inner, PartitionLog};
use crate::memory::{Account, BLOCK_WAIT};

type Outcome = Result<Appended, AppendRefusal>;

/// An append that was taken in.
pub enum Taken {
    /// Decided at once.
    Now(Outcome),
    /// Decided in its turn. A partition that closes answers `Closed`.
    Later(oneshot::Receiver<Outcome>),
}

/// Appends of one partition that could not be decided at once.
#[derive(Default)]
pub(super) struct Intake {
    queue: RefCell<VecDeque<Waiting>>,
    /// A task works on the queue.
    working: Cell<bool>,
}

struct Waiting {
    records: Bytes,
    origin: Origin,
    /// The shard clock's time up to which memory is waited for, in ns.
    until_ns: u64,
    done: oneshot::Sender<Outcome>,
}

/// Why records are not admitted here and now.
enum NotHere {
    Refused(AppendRefusal),
    /// It would take too long, or there is no such memory.
    Later,
}

impl From<AppendRefusal> for NotHere {
    fn from(refusal: AppendRefusal) -> Self {
        NotHere::Refused(refusal)
    }
}

impl PartitionLog {
    /// Takes records in: after those that came before, at once where that is possible. Memory
    /// is waited for until `until_ns`.
    #[must_use]
    pub fn take_in(&self, records: &Bytes, origin: Origin, now: Now, until_ns: u64) -> Taken {
        let inner = &self.0;
        if !inner.intake.working.get() {
            match inner.append_here(records, origin, now) {
                Ok(appended) => return Taken::Now(Ok(appended)),
                Err(NotHere::Refused(refusal)) => {
                    inner.note_refusal(records, now);
                    return Taken::Now(Err(refusal));
                }
                Err(NotHere::Later) => {}
            }
        }
        let (done, receiver) = oneshot::channel();
        let waiting = Waiting { records: records.clone(), origin, until_ns, done };
        inner.intake.queue.borrow_mut().push_back(waiting);
        inner.work_on_intake();
        Taken::Later(receiver)
    }

    /// Appends at once or not at all, for those whose records are small and their own: they
    /// are in memory and have offsets when this returns, on the device when `written` or
    /// `durable` says so.
    ///
    /// # Errors
    /// `NoMemory` where [`PartitionLog::take_in`] would wait: for memory, or for those before it.
    pub fn append(&self, records: &Bytes, origin: Origin, now: Now) -> Outcome {
        if self.0.intake.working.get() {
            return Err(AppendRefusal::NoMemory);
        }
        self.0.append_here(records, origin, now).map_err(|why| match why {
            NotHere::Refused(refusal) => refusal,
            NotHere::Later => AppendRefusal::NoMemory,
        })
    }
}

impl Inner {
    fn append_here(
        self: &Rc<Self>,
        records: &Bytes,
        origin: Origin,
        now: Now,
    ) -> Result<Appended, NotHere> {
        self.check_open()?;
        let config = self.log.borrow().config().clone();
        let rules = Rules { origin, config: &config, now };
        let mut wants = Wants::first(records, &rules);
        let batches = loop {
            if is_long(wants) {
                return Err(NotHere::Later);
            }
            let buffers = self.shared.try_buffers(wants).ok_or(NotHere::Later)?;
            match buffers.admit(records, &rules) {
                Ok(batches) => break batches,
                Err(NotAdmitted::Fault(fault)) => return Err(AppendRefusal::from(fault).into()),
                Err(NotAdmitted::Memory(more)) => wants = more,
            }
        };
        self.append_admitted(self.shared.shard.pool(), &batches, now).map_err(|refusal| {
            match refusal {
                AppendRefusal::NoMemory => NotHere::Later,
                refusal => NotHere::Refused(refusal),
            }
        })
    }

    fn work_on_intake(self: &Rc<Self>) {
        if self.intake.working.replace(true) {
            return;
        }
        let inner = self.clone();
        self.shared.shard.spawn(Class::Latency, "intake", async move {
            loop {
                let next = inner.intake.queue.borrow_mut().pop_front();
                let Some(waiting) = next else { break };
                let outcome = inner.append_in_turn(&waiting).await;
                if outcome.is_err() {
                    inner.note_refusal(&waiting.records, inner.now());
                }
                // Who asked may be gone with its connection; the records stay.
                let _ = waiting.done.send(outcome);
            }
            inner.intake.working.set(false);
        });
    }

    async fn append_in_turn(self: &Rc<Self>, waiting: &Waiting) -> Outcome {
        // One time for both: it may be stamped into the batch, and is answered.
        let now = self.now();
        let batches = self.admit_aside(waiting, now).await?;
        let bytes = self.tail_bytes_max(batches.bytes().len() as u64);
        self.in_turn(waiting, bytes, |pool| match self.append_admitted(pool, &batches, now) {
            Err(AppendRefusal::NoMemory) => None,
            outcome => Some(outcome),
        })
        .await?
    }

    /// Validates, and packs anew where that is asked, without holding the core for long.
    async fn admit_aside(
        self: &Rc<Self>,
        waiting: &Waiting,
        now: Now,
    ) -> Result<ValidBatches, AppendRefusal> {
        let config = self.log.borrow().config().clone();
        let origin = waiting.origin;
        let mut wants = Wants::first(&waiting.records, &Rules { origin, config: &config, now });
        loop {
            self.check_open()?;
            let buffers = self.buffers(wants, waiting).await?;
            let judged = if is_long(wants) {
                let (records, config) = (waiting.records.clone(), config.clone());
                let job = move || judge(buffers, &records, (origin, &config, now));
                // No answer: the shard is winding down.
                self.shared.shard.blocking(job).await.ok_or(AppendRefusal::Closed)?
            } else {
                judge(buffers, &waiting.records, (origin, &config, now))
            };
            match judged {
                Ok(batches) => return Ok(batches),
                Err(NotAdmitted::Fault(fault)) => return Err(fault.into()),
                Err(NotAdmitted::Memory(more)) => wants = more,
            }
        }
    }

    async fn buffers(
        self: &Rc<Self>,
        wants: Wants,
        waiting: &Waiting,
    ) -> Result<Buffers, AppendRefusal> {
        let ceiling = self.shared.shard.pool().stats().ceiling;
        let (total, encoder) = (wants.total() as u64, wants.encoder as u64);
        if total > ceiling / 2 || encoder > Account::Encoders.share(ceiling) {
            return Err(AppendRefusal::OverMemory { bytes: total + encoder });
        }
        if let Some(buffers) = self.shared.try_buffers(wants) {
            return Ok(buffers);
        }
        // First, and in a line of its own: who waits for it must not hold up those who want blocks.
        let encoder = self.encoder(waiting, charged(wants)).await?;
        let bytes = Buffers::block_bytes(wants);
        let blocks = self.in_turn(waiting, bytes, |pool| Buffers::take_blocks(pool, wants)).await?;
        Ok(Buffers { plain: blocks.0, packed: blocks.1, _encoder: encoder })
    }

    async fn encoder(
        &self,
        waiting: &Waiting,
        bytes: u64,
    ) -> Result<Option<Charge>, AppendRefusal> {
        if bytes == 0 {
            return Ok(None);
        }
        let charge = self.shared.shard.pool().charge(Account::Encoders.id(), Backing::Heap, bytes);
        let charged = self.in_time(waiting, charge, || self.shared.give_way(bytes)).await?;
        charged.ok_or(AppendRefusal::OverMemory { bytes }).map(Some)
    }

    /// Waits for memory in the pool's line.
    async fn in_turn<T>(
        &self,
        waiting: &Waiting,
        bytes: u64,
        attempt: impl Fn(&Pool) -> Option<T>,
    ) -> Result<T, AppendRefusal> {
        self.in_time(waiting, self.shared.shard.pool().in_turn(bytes, attempt), || ()).await
    }

    /// Waits for memory to the request's deadline or the partition's end, and no longer than
    /// anybody does: one who waits may hold other memory. `look` is called now and then meanwhile.
    async fn in_time<T>(
        &self,
        waiting: &Waiting,
        memory: impl Future<Output = T>,
        look: impl Fn(),
    ) -> Result<T, AppendRefusal> {
        let (shard, pause_ns) = (&self.shared.shard, MEMORY_LOOK_MS * 1_000_000);
        let longest_ns = u64::try_from(BLOCK_WAIT.as_nanos()).unwrap_or(u64::MAX);
        let until_ns = waiting.until_ns.min(shard.precise_ns().saturating_add(longest_ns));
        let mut memory = pin!(memory);
        loop {
            let next_ns = until_ns.min(shard.precise_ns() + pause_ns);
            if let Some(taken) = shard.timeout_at(next_ns, memory.as_mut()).await {
                return Ok(taken);
            }
            self.check_open()?;
            if shard.precise_ns() >= until_ns {
                return Err(AppendRefusal::NoMemory);
            }
            look();
        }
    }

    fn now(&self) -> Now {
        let shard = &self.shared.shard;
        Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() }
    }
}

/// Whether a look into such a batch holds the core for longer than a shard should be held.
fn is_long(wants: Wants) -> bool {
    match wants.packed {
        0 => wants.plain > ADMIT_INLINE_BYTES_MAX,
        _ => wants.total() > REPACK_INLINE_BYTES_MAX,
    }
}

fn judge(
    buffers: Buffers,
    records: &Bytes,
    (origin, config, now): (Origin, &Arc<TopicConfig>, Now),
) -> Result<ValidBatches, NotAdmitted> {
    buffers.admit(records, &Rules { origin, config, now })
}

/// Memory of the pool for a look into one batch.
pub(super) struct Buffers {
    plain: Option<AlignedBuf>,
    packed: Option<AlignedBuf>,
    _encoder: Option<Charge>,
}

/// To unpack into, and to pack into.
type Blocks = (Option<AlignedBuf>, Option<AlignedBuf>);

/// What the encoder is charged: little is what every job may have.
fn charged(wants: Wants) -> u64 {
    match wants.encoder {
        0..=ENCODER_BYTES_MIN => 0,
        bytes => bytes as u64,
    }
}

impl Buffers {
    /// What they take of the pool; nobody has memory for what no block holds.
    pub(super) fn bytes(wants: Wants) -> u64 {
        Buffers::block_bytes(wants) + charged(wants)
    }

    fn block_bytes(wants: Wants) -> u64 {
        let part = |bytes: usize| match bytes {
            0 => 0,
            _ => Pool::block_bytes(bytes).unwrap_or(u64::MAX / 2),
        };
        part(wants.plain) + part(wants.packed)
    }

    /// `None`: the pool has not enough now.
    pub(super) fn try_take(pool: &Pool, wants: Wants) -> Option<Buffers> {
        let encoder = match charged(wants) {
            0 => None,
            bytes => Some(pool.try_charge(Account::Encoders.id(), Backing::Heap, bytes)?),
        };
        let (plain, packed) = Buffers::take_blocks(pool, wants)?;
        Some(Buffers { plain, packed, _encoder: encoder })
    }

    fn take_blocks(pool: &Pool, wants: Wants) -> Option<Blocks> {
        let part = |bytes: usize| match bytes {
            0 => Some(None),
            _ => pool.try_take(bytes).map(Some),
        };
        Some((part(wants.plain)?, part(wants.packed)?))
    }

    fn admit(mut self, records: &Bytes, rules: &Rules<'_>) -> Result<ValidBatches, NotAdmitted> {
        let memory = Memory {
            plain: self.plain.as_deref_mut().unwrap_or_default(),
            packed: self.packed.as_deref_mut().unwrap_or_default(),
        };
        match admit(records, rules, memory)? {
            Admitted::AsSent(batches) => Ok(batches),
            Admitted::Repacked(repacked) => {
                let packed = self.packed.take().expect("a batch was packed into it");
                let len = repacked.len();
                Ok(repacked.with(packed.into_bytes(len)))
            }
        }
    }
}
