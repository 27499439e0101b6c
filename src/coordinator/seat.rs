//! One coordinator: the groups of one partition of `__consumer_offsets`, and its log.
//!
//! A call is decided, its records are appended and applied in one go, without waiting;
//! replies whose state is not durable yet queue in the outbox, in order, and one releaser
//! task sends them as the log's durable mark passes. Commits that arrive together share
//! the log's flush. Lives on the shard that owns the partition.
//!
//! Invariant: the outbox is empty, or a releaser runs.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use std::sync::Arc;

use millstream_engine::group::{Call, Groups, Record, Reply, Step, Sweep, Token};
use millstream_engine::ids::Offset;
use millstream_engine::meta::{Image, Topic};
use millstream_engine::now::Now;
use millstream_engine::refusal::Refusal;
use millstream_shards::sync::oneshot;
use millstream_shards::{Class, Shard};
use millstream_wire::batch::BatchBuilder;
use millstream_wire::{ErrorCode, Uuid};

use crate::storage::{Origin, PartitionLog};

/// Records of one step are cut into batches of about this size.
const BATCH_BYTES: usize = 256 * 1024;

/// Whether the coordinator answers, and with what if not.
enum Duty {
    Loading,
    Serving(Groups),
    /// The log takes no more writes.
    Broken,
    /// The partition is gone.
    Closed,
}

/// Replies of one step.
struct Held {
    /// They may leave when the log is durable up to here.
    mark: Offset,
    replies: Vec<(Token, Reply)>,
}

pub(super) struct Seat {
    shard: Shard,
    index: i32,
    log: PartitionLog,
    duty: RefCell<Duty>,
    /// Who waits for an answer, by token.
    waiting: RefCell<HashMap<Token, oneshot::Sender<Reply>, foldhash::fast::FixedState>>,
    tokens: Cell<u64>,
    /// The end of the last append.
    end: Cell<Offset>,
    /// Replies that wait for their marks, in order.
    outbox: RefCell<VecDeque<Held>>,
    /// Deleted topics whose offsets may still be here. After a load nobody knows which.
    owed: RefCell<Sweep>,
}

/// A call that has been decided; its answer may be parked or on its way to the device.
pub(super) enum Pending {
    Answered(Reply),
    Parked(oneshot::Receiver<Reply>),
}

impl Pending {
    pub(super) fn refused(code: ErrorCode) -> Pending {
        Pending::Answered(Reply::Refused(code))
    }

    pub(super) async fn answer(self) -> Reply {
        match self {
            Pending::Answered(reply) => reply,
            // The seat was closed.
            Pending::Parked(parked) => {
                parked.await.unwrap_or(Reply::Refused(ErrorCode::NotCoordinator))
            }
        }
    }
}

impl Seat {
    pub(super) fn new(shard: &Shard, index: i32, log: PartitionLog) -> Seat {
        let end = log.marks().log_end;
        Seat {
            shard: shard.clone(),
            index,
            log,
            duty: RefCell::new(Duty::Loading),
            waiting: RefCell::default(),
            tokens: Cell::new(0),
            end: Cell::new(end),
            outbox: RefCell::default(),
            owed: RefCell::new(Sweep::everything()),
        }
    }

    pub(super) fn index(&self) -> i32 {
        self.index
    }

    pub(super) fn log(&self) -> &PartitionLog {
        &self.log
    }

    /// Invariants of the groups; nothing holds while they load.
    pub(super) fn check(&self) {
        if let Duty::Serving(groups) = &*self.duty.borrow() {
            groups.check();
        }
    }

    /// The groups are loaded: calls are decided from now on.
    pub(super) fn serve(&self, mut groups: Groups, now: Now) {
        groups.loaded(now);
        let mut duty = self.duty.borrow_mut();
        if matches!(*duty, Duty::Loading) {
            *duty = Duty::Serving(groups);
        }
    }

    /// Whether it has given up.
    pub(super) fn is_broken(&self) -> bool {
        matches!(*self.duty.borrow(), Duty::Broken)
    }

    /// The groups cannot be loaded.
    pub(super) fn give_up(&self) {
        *self.duty.borrow_mut() = Duty::Broken;
    }

    /// Decides a call; nothing here waits.
    pub(super) fn begin(self: &Rc<Self>, call: Call, now: Now) -> Pending {
        let mut duty = self.duty.borrow_mut();
        let groups = match &mut *duty {
            Duty::Serving(groups) => groups,
            Duty::Loading => return Pending::refused(ErrorCode::CoordinatorLoadInProgress),
            Duty::Broken => return Pending::refused(ErrorCode::CoordinatorNotAvailable),
            Duty::Closed => return Pending::refused(ErrorCode::NotCoordinator),
        };
        let token = Token(self.tokens.get() + 1);
        self.tokens.set(token.0);
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().insert(token, sender);
        let step = groups.handle(call, token, now, self.entropy());
        self.settle(groups, step, now);
        Pending::Parked(receiver)
    }

    pub(super) fn tick(self: &Rc<Self>, now: Now) {
        if let Duty::Serving(groups) = &mut *self.duty.borrow_mut() {
            while let Some(step) = groups.tick(now) {
                self.settle(groups, step, now);
            }
        }
    }

    pub(super) fn next_deadline(&self) -> Option<u64> {
        match &*self.duty.borrow() {
            Duty::Serving(groups) => groups.next_deadline(),
            Duty::Loading | Duty::Broken | Duty::Closed => None,
        }
    }

    /// Topics were deleted.
    pub(super) fn owe_sweep(&self, gone: &[Arc<Topic>]) {
        let mut owed = self.owed.borrow_mut();
        gone.iter().for_each(|topic| owed.add(&topic.name));
    }

    /// Removes the offsets of topics that are gone, as far as that is owed. What the log
    /// refuses stays owed.
    pub(super) fn sweep(self: &Rc<Self>, image: &Image, now: Now) {
        let Duty::Serving(groups) = &mut *self.duty.borrow_mut() else { return };
        // Without this topic in it, the metadata is not there yet.
        if self.owed.borrow().is_empty() || image.topic(super::OFFSETS_TOPIC).is_none() {
            return;
        }
        let exists = |name: &str, id: Uuid| {
            image.topic(name).is_some_and(|topic| id.is_zero() || topic.id == id)
        };
        loop {
            let step = groups.forget_topics(&self.owed.borrow(), exists);
            if step.records.is_empty() {
                self.owed.take();
                return;
            }
            if !self.settle(groups, step, now) {
                return;
            }
        }
    }

    /// Everybody who waits is told that this is not the place.
    pub(super) fn close(&self) {
        *self.duty.borrow_mut() = Duty::Closed;
        self.outbox.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
    }

    /// Appends and applies what a step decided, and sees to its replies. False when the
    /// log refused the records.
    fn settle(self: &Rc<Self>, groups: &mut Groups, step: Step, now: Now) -> bool {
        let appended = match step.records.is_empty() {
            true => Ok(()),
            false => self.append(&step.records, now),
        };
        let accepted = appended.is_ok();
        let replies = match appended {
            Ok(()) => groups.written(step, now),
            Err(code) => groups.refused(step, code, now),
        };
        self.release(replies);
        accepted
    }

    fn append(&self, records: &[Record], now: Now) -> Result<(), ErrorCode> {
        let bytes_max = usize::try_from(self.log.config().max_message_bytes).unwrap_or(0);
        let batches = encode(records, now, BATCH_BYTES.min(bytes_max / 2));
        match self.log.append(&batches, Origin::Coordinator, now) {
            Ok(appended) => {
                self.end.set(appended.end);
                Ok(())
            }
            Err(refusal) => {
                tracing::warn!(partition = self.index, ?refusal, "group records not appended");
                Err(code_of(&Refusal::from(refusal)))
            }
        }
    }

    fn release(self: &Rc<Self>, replies: Vec<(Token, Reply)>) {
        if replies.is_empty() {
            return;
        }
        let end = self.end.get();
        let mut outbox = self.outbox.borrow_mut();
        if outbox.is_empty() && self.log.marks().high_watermark >= end {
            drop(outbox);
            return self.deliver(replies);
        }
        outbox.push_back(Held { mark: end, replies });
        if outbox.len() == 1 {
            let seat = self.clone();
            self.shard.spawn(Class::Latency, "group-replies", async move {
                seat.release_when_durable().await;
            });
        }
    }

    async fn release_when_durable(self: Rc<Self>) {
        loop {
            let Some(end) = self.outbox.borrow().front().map(|held| held.mark) else { return };
            if let Err(fault) = self.log.durable(end).await {
                tracing::error!(partition = self.index, ?fault, "group records are not durable");
                return self.fail();
            }
            loop {
                let next = {
                    let mut outbox = self.outbox.borrow_mut();
                    match outbox.front() {
                        Some(held) if held.mark <= end => outbox.pop_front(),
                        _ => None,
                    }
                };
                let Some(held) = next else { break };
                self.deliver(held.replies);
            }
        }
    }

    /// What was applied may not be in the log: nothing is answered from it any more.
    fn fail(&self) {
        self.give_up();
        self.outbox.borrow_mut().clear();
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        for sender in waiting.into_values() {
            // Who asked may be gone with its connection.
            let _ = sender.send(Reply::Refused(ErrorCode::CoordinatorNotAvailable));
        }
    }

    fn deliver(&self, replies: Vec<(Token, Reply)>) {
        for (token, reply) in replies {
            let sender = self.waiting.borrow_mut().remove(&token);
            if let Some(sender) = sender {
                // Who asked may be gone with its connection.
                let _ = sender.send(reply);
            }
        }
    }

    fn entropy(&self) -> [u8; 16] {
        let mut entropy = [0; 16];
        entropy[..8].copy_from_slice(&self.shard.random_u64().to_be_bytes());
        entropy[8..].copy_from_slice(&self.shard.random_u64().to_be_bytes());
        entropy
    }
}

/// What members are told when the log refuses a record, as Kafka translates it.
fn code_of(refusal: &Refusal) -> ErrorCode {
    match refusal.code() {
        // Asking again cannot help.
        ErrorCode::MessageTooLarge | ErrorCode::RecordListTooLarge => ErrorCode::UnknownServerError,
        ErrorCode::NotLeaderOrFollower => ErrorCode::NotCoordinator,
        _ => ErrorCode::CoordinatorNotAvailable,
    }
}

/// The records as batches of about `batch_bytes`, in order.
fn encode(records: &[Record], now: Now, batch_bytes: usize) -> Bytes {
    let mut batches = BytesMut::new();
    let mut batch = BatchBuilder::default();
    for record in records {
        let Some((key, value)) = record.encode() else { continue };
        if !batch.is_empty() && batch.uncompressed_len() + key.len() >= batch_bytes {
            seal(&mut batches, &batch);
            batch = BatchBuilder::default();
        }
        batch.append(now.wall_ms, Some(&key), value.as_deref(), &[]);
    }
    seal(&mut batches, &batch);
    batches.freeze()
}

fn seal(batches: &mut BytesMut, batch: &BatchBuilder) {
    let bytes = batch.build().expect("without compression nothing can fail");
    batches.extend_from_slice(&bytes);
}
