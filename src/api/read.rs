//! Reading on the shard that owns the partitions: the half of Fetch behind the ring.
//!
//! `serve` promises what is there, with a first part of it; `piece` gives more of what was
//! promised, when the reader's socket has room; `watch` waits until one of some partitions has
//! more. They run for local fetches and for those of other shards alike. Bytes come back as
//! refcounted slices: nothing is copied on the way to the socket.

use std::rc::Rc;
use std::time::Duration;

use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::refusal::Refusal;
use millstream_shards::sync::Notify;
use millstream_wire::{ErrorCode, Uuid};

use crate::shard::{Call, Node, Reply};
use crate::storage::{
    Form, Marks, PartitionLog, Piece, PieceFault, Promise, Promised, ReadRefusal, Share,
};

/// One partition to read.
#[derive(Clone, Debug)]
pub struct ReadItem {
    pub topic_id: Uuid,
    pub index: i32,
    pub offset: i64,
    pub bytes_max: usize,
    /// The epoch that the reader knows; `None` skips the check.
    pub leader_epoch: Option<i32>,
    /// The epoch of the last record that the reader has; `None`: it does not say.
    pub last_fetched_epoch: Option<i32>,
}

/// Partitions of one owner shard; at most `bytes_max` bytes of all of them, except that
/// the first batch found is given whole.
pub struct ReadCall {
    pub items: Vec<ReadItem>,
    pub bytes_max: usize,
    /// Bytes to be given at once; the rest is promised.
    pub ready_max: usize,
}

/// One outcome per item, in the same order.
pub struct ReadReply {
    pub outcomes: Vec<ReadOutcome>,
}

/// What one partition gave.
#[derive(Debug)]
pub struct ReadOutcome {
    pub error: ErrorCode,
    pub marks: Marks,
    pub found: Option<Promised>,
    /// The reader's log and this one part: at the end of this epoch, or before.
    pub diverging: Option<(LeaderEpoch, Offset)>,
}

/// The next batches of a promise.
pub struct PieceCall {
    pub topic_id: Uuid,
    pub index: i32,
    pub promise: Promise,
    /// What the caller has room for.
    pub bytes_max: usize,
    pub form: Form,
}

/// Partitions and the offsets up to which the reader has seen them.
pub struct WatchCall {
    pub items: Vec<(Uuid, i32, i64)>,
    /// The shard clock's time at which to answer in any case, in ns.
    pub deadline_ns: u64,
}

impl ReadOutcome {
    #[must_use]
    pub fn refused(error: ErrorCode, marks: Marks) -> ReadOutcome {
        ReadOutcome { error, marks, found: None, diverging: None }
    }

    /// Of records.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.found.as_ref().map_or(0, |found| found.promise.bytes())
    }

    fn ready_bytes(&self) -> usize {
        let ready = self.found.as_ref().and_then(|found| found.ready.as_ref());
        ready.map_or(0, Piece::bytes)
    }
}

/// Reads each item in turn until the byte budget is used up; later items then only report
/// their marks.
pub async fn serve(node: &Node, call: ReadCall) -> ReadReply {
    let (mut left, mut ready_left) = (call.bytes_max, call.ready_max);
    let mut found = 0;
    let mut outcomes = Vec::with_capacity(call.items.len());
    for item in &call.items {
        let outcome = read_one(node, item, (left, ready_left), found == 0).await;
        if outcome.error != ErrorCode::None {
            node.counters().fetch_failures.add(1);
        }
        found += outcome.bytes();
        left = left.saturating_sub(outcome.bytes());
        ready_left = ready_left.saturating_sub(outcome.ready_bytes());
        outcomes.push(outcome);
    }
    node.counters().bytes_out.add(found as u64);
    ReadReply { outcomes }
}

async fn read_one(
    node: &Node,
    item: &ReadItem,
    (left, ready_max): (usize, usize),
    first: bool,
) -> ReadOutcome {
    let Some(log) = node.partition(item.topic_id, item.index) else {
        let absence = node.absence(item.topic_id, item.index);
        return ReadOutcome::refused(absence.code(), Marks::unknown());
    };
    // The visible end is captured before any byte is read.
    let marks = log.marks();
    if let Err(refusal) = check_epoch(&log, item.leader_epoch) {
        return ReadOutcome::refused(refusal.code(), marks);
    }
    let from = Offset(item.offset);
    if from < marks.log_start || from > marks.log_end && item.last_fetched_epoch.is_none() {
        return ReadOutcome::refused(ErrorCode::OffsetOutOfRange, marks);
    }
    match divergence(&log, item) {
        Ok(None) => {}
        Ok(diverging) => {
            return ReadOutcome { diverging, ..ReadOutcome::refused(ErrorCode::None, marks) };
        }
        Err(refusal) => return ReadOutcome::refused(refusal.code(), marks),
    }
    let bytes_max = item.bytes_max.min(left);
    if from >= marks.high_watermark || (bytes_max == 0 && !first) {
        return ReadOutcome::refused(ErrorCode::None, marks);
    }
    let share = Share { bytes_max, must_progress: first, upto: marks.high_watermark, ready_max };
    let found = match log.try_promise(from, share) {
        Some(found) => found,
        None => log.promise(from, share).await,
    };
    outcome(found, marks)
}

fn outcome(found: Result<Option<Promised>, ReadRefusal>, marks: Marks) -> ReadOutcome {
    match found {
        Ok(found) => ReadOutcome { found, ..ReadOutcome::refused(ErrorCode::None, marks) },
        Err(refusal) => ReadOutcome::refused(Refusal::from(refusal).code(), marks),
    }
}

/// Takes the next piece of a promise from whichever shard owns its partition.
///
/// # Errors
/// `PieceFault`; the partition may have left meanwhile.
pub async fn take_piece(node: &Node, call: PieceCall) -> Result<Piece, PieceFault> {
    let owner = node.owner_of(call.topic_id, call.index);
    if owner == node.shard().id() {
        return piece(node, call).await;
    }
    match node.call(owner, Call::Piece(call)).await {
        Ok(Reply::Piece(outcome)) => outcome,
        _ => Err(PieceFault::Gone("their shard stops")),
    }
}

/// The owner's part of `take_piece`.
///
/// # Errors
/// As `take_piece`.
pub async fn piece(node: &Node, call: PieceCall) -> Result<Piece, PieceFault> {
    match node.partition(call.topic_id, call.index) {
        Some(log) => log.piece(&call.promise, call.bytes_max, call.form).await,
        None => Err(PieceFault::Gone("the partition has left")),
    }
}

/// KIP-320: a reader with an old epoch is fenced, one from the future must wait.
fn check_epoch(log: &PartitionLog, known: Option<i32>) -> Result<(), Refusal> {
    let current = log.leader_epoch().0;
    match known {
        Some(epoch) if epoch < current => Err(Refusal::new(ErrorCode::FencedLeaderEpoch)),
        Some(epoch) if epoch > current => Err(Refusal::new(ErrorCode::UnknownLeaderEpoch)),
        _ => Ok(()),
    }
}

/// KIP-595: where the reader's log parts from this one, if what it has last is not there.
fn divergence(
    log: &PartitionLog,
    item: &ReadItem,
) -> Result<Option<(LeaderEpoch, Offset)>, Refusal> {
    let Some(epoch) = item.last_fetched_epoch else { return Ok(None) };
    let unknown = || Refusal::new(ErrorCode::OffsetOutOfRange);
    let (found, end) = log.end_offset_for_epoch(LeaderEpoch(epoch)).ok_or_else(unknown)?;
    let parts = found.0 < epoch || end.0 < item.offset;
    Ok(parts.then_some((found, end)))
}

/// Returns when the high watermark of any item has passed its offset, when an item is not
/// here any more, or at the deadline.
pub async fn watch(node: &Node, call: WatchCall) {
    let notify = Rc::new(Notify::new());
    let mut guards = Vec::with_capacity(call.items.len());
    for (topic_id, index, offset) in &call.items {
        let Some(log) = node.partition(*topic_id, *index) else { return };
        guards.push(log.watch(notify.clone()));
        // Checked after registering: an advance in between is seen, not missed.
        if log.marks().high_watermark.0 > *offset {
            return;
        }
    }
    let left = call.deadline_ns.saturating_sub(node.shard().now_ns());
    let _expired = node.shard().timeout(Duration::from_nanos(left), notify.notified()).await;
}
