//! Reading on the shard that owns the partitions: the half of Fetch behind the ring.
//!
//! `serve` reads what is there; `watch` waits until one of some partitions has more. Both
//! run for local fetches and for those of other shards alike. Bytes come back as refcounted
//! slices: nothing is copied on the way to the socket.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::refusal::Refusal;
use millstream_shards::sync::Notify;
use millstream_wire::{ErrorCode, Uuid};

use crate::shard::Node;
use crate::storage::{Fetched, Marks, PartitionLog, ReadRefusal};

/// One partition to read.
#[derive(Clone, Debug)]
pub struct ReadItem {
    pub topic_id: Uuid,
    pub index: i32,
    pub offset: i64,
    pub bytes_max: usize,
    /// The epoch that the reader knows; `None` skips the check.
    pub leader_epoch: Option<i32>,
}

/// Partitions of one owner shard; at most `bytes_max` bytes of all of them, except that
/// the first batch found is given whole.
pub struct ReadCall {
    pub items: Vec<ReadItem>,
    pub bytes_max: usize,
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
    pub extents: Vec<Bytes>,
    pub bytes: usize,
}

/// Partitions and the offsets up to which the reader has seen them.
pub struct WatchCall {
    pub items: Vec<(Uuid, i32, i64)>,
    /// The shard clock's time at which to answer in any case, in ns.
    pub deadline_ns: u64,
}

impl ReadOutcome {
    fn refused(error: ErrorCode, marks: Marks) -> ReadOutcome {
        ReadOutcome { error, marks, extents: Vec::new(), bytes: 0 }
    }
}

/// Reads each item in turn until the byte budget is used up; later items then only report
/// their marks.
pub async fn serve(node: &Node, call: ReadCall) -> ReadReply {
    let mut left = call.bytes_max;
    let mut found = 0;
    let mut outcomes = Vec::with_capacity(call.items.len());
    for item in &call.items {
        let outcome = read_one(node, item, left, found == 0).await;
        if outcome.error != ErrorCode::None {
            node.counters().fetch_failures.add(1);
        }
        found += outcome.bytes;
        left = left.saturating_sub(outcome.bytes);
        outcomes.push(outcome);
    }
    node.counters().bytes_out.add(found as u64);
    ReadReply { outcomes }
}

async fn read_one(node: &Node, item: &ReadItem, left: usize, first: bool) -> ReadOutcome {
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
    if from < marks.log_start || from > marks.log_end {
        return ReadOutcome::refused(ErrorCode::OffsetOutOfRange, marks);
    }
    let bytes_max = item.bytes_max.min(left);
    if from >= marks.high_watermark || (bytes_max == 0 && !first) {
        return ReadOutcome::refused(ErrorCode::None, marks);
    }
    let end = marks.high_watermark;
    let read = match log.try_read(from, bytes_max, first, end) {
        Some(read) => read,
        None => log.read(from, bytes_max, first, end).await,
    };
    outcome(read, marks)
}

fn outcome(read: Result<Fetched, ReadRefusal>, marks: Marks) -> ReadOutcome {
    match read {
        Ok(fetched) => ReadOutcome {
            error: ErrorCode::None,
            marks,
            bytes: fetched.bytes,
            extents: fetched.extents,
        },
        Err(refusal) => ReadOutcome::refused(Refusal::from(refusal).code(), marks),
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
