//! Appending on the shard that owns the partitions: the half of Produce behind the ring.
//!
//! `begin` does everything that decides the order (validate, assign offsets, copy to the
//! tail) without waiting, so that appends happen in the order of their requests; `finish`
//! waits until the device has them, or the request's time is over: then REQUEST_TIMED_OUT is
//! answered and the records stay, as in Kafka. A batch that takes long to look into, or finds
//! no memory, is appended later, in its turn (`storage::intake`). Used by `produce` for local
//! partitions and by the dispatcher for those of other shards.

use bytes::Bytes;
use millstream_engine::ids::{Offset, PartitionIndex};
use millstream_engine::limits::RECORD_FAULTS_MAX;
use millstream_engine::refusal::Refusal;
use millstream_shards::sync::oneshot;
use millstream_wire::{ErrorCode, Uuid};

use crate::shard::Node;
use crate::storage::{AppendRefusal, Appended, Origin, PartitionLog, Taken};

/// What has to have happened before a produce is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// `acks=0`: there is no answer.
    None,
    /// `acks=1`: written to the device.
    Leader,
    /// `acks=all`: written and flushed, as the topic asks.
    All,
}

impl Acks {
    /// Parses the request's field.
    #[must_use]
    pub fn from_wire(acks: i16) -> Option<Acks> {
        match acks {
            0 => Some(Acks::None),
            1 => Some(Acks::Leader),
            -1 => Some(Acks::All),
            _ => None,
        }
    }
}

/// Records for one partition.
pub struct AppendItem {
    pub topic_id: Uuid,
    pub index: i32,
    pub records: Bytes,
}

/// Records for partitions of one owner shard.
pub struct AppendCall {
    pub items: Vec<AppendItem>,
    pub acks: Acks,
    /// The Produce version they came with: zstd needs 7 (KIP-110).
    pub produce_version: i16,
    /// The shard clock's time at which to answer in any case, in ns.
    pub until_ns: u64,
}

/// One outcome per item, in the same order.
pub struct AppendReply {
    pub outcomes: Vec<Result<Appended, Refusal>>,
}

/// Appends that are in the tail, or in the partition's intake, and not yet known to be on the
/// device.
pub struct Begun {
    node: Node,
    acks: Acks,
    until_ns: u64,
    items: Vec<Item>,
}

enum Item {
    Refused(Refusal),
    Appended(PartitionLog, Appended),
    Queued { log: PartitionLog, bytes: u64, outcome: Decided },
}

type Decided = oneshot::Receiver<Result<Appended, AppendRefusal>>;

/// Takes every item in, in order; nothing here waits.
pub fn begin(node: &Node, call: AppendCall) -> Begun {
    let mut named = Named::default();
    let mut items = Vec::with_capacity(call.items.len());
    for item in &call.items {
        let mut item = take_in(node, &call, item);
        if let Item::Refused(refusal) = &mut item {
            named.cut(refusal);
        }
        items.push(item);
    }
    Begun { node: node.clone(), acks: call.acks, until_ns: call.until_ns, items }
}

/// How many records the refusals of one call have named. A refused record costs more in the
/// answer than it did in the request.
#[derive(Default)]
struct Named(usize);

impl Named {
    fn cut(&mut self, refusal: &mut Refusal) {
        refusal.name_at_most(RECORD_FAULTS_MAX - self.0);
        self.0 += refusal.records().len();
    }
}

fn take_in(node: &Node, call: &AppendCall, item: &AppendItem) -> Item {
    let Some(log) = node.partition(item.topic_id, item.index) else {
        return refused_early(node, item, node.absence(item.topic_id, item.index));
    };
    if call.acks == Acks::All && !enough_in_sync(node, &log, item) {
        return refused_early(node, item, Refusal::new(ErrorCode::NotEnoughReplicas));
    }
    let bytes = item.records.len() as u64;
    let origin = Origin::Client { produce_version: call.produce_version };
    match log.take_in(&item.records, origin, node.now(), call.until_ns) {
        Taken::Now(Ok(appended)) => {
            count(node, bytes, &appended);
            Item::Appended(log, appended)
        }
        Taken::Now(Err(refusal)) => refused(node, refusal.into()),
        Taken::Later(outcome) => Item::Queued { log, bytes, outcome },
    }
}

/// Refused before the log was asked; what follows it must not overtake it.
fn refused_early(node: &Node, item: &AppendItem, refusal: Refusal) -> Item {
    node.storage().note_refusal((item.topic_id, item.index), &item.records, node.now());
    refused(node, refusal)
}

/// Whether the partition has the in-sync replicas that its topic asks for. What one replica
/// satisfies needs no look at the image.
fn enough_in_sync(node: &Node, log: &PartitionLog, item: &AppendItem) -> bool {
    let config = log.config();
    if config.min_insync_replicas <= 1 {
        return true;
    }
    let image = node.image();
    let topic = image.topic_by_id(item.topic_id);
    topic
        .and_then(|topic| topic.partition(PartitionIndex(item.index)))
        .is_some_and(|at| at.isr.len() >= config.effective_min_insync(at.replicas.len()))
}

fn refused(node: &Node, refusal: Refusal) -> Item {
    node.counters().produce_failures.add(1);
    Item::Refused(refusal)
}

fn count(node: &Node, bytes: u64, appended: &Appended) {
    node.counters().bytes_in.add(bytes);
    let count = appended.end.since(appended.base_offset);
    node.counters().messages_in.add(count.unsigned_abs());
}

impl Begun {
    /// Waits for the device as `acks` asks, at most as long as the request said, and gives
    /// the outcomes in the items' order.
    pub async fn finish(self) -> AppendReply {
        let Begun { node, acks, until_ns, items } = self;
        let mut outcomes = Vec::with_capacity(items.len());
        let mut named = Named::default();
        for item in items {
            // What is done counts, although the time is over.
            let settled = node.shard().timeout_at(until_ns, settle(&node, item, acks)).await;
            let mut outcome = settled.unwrap_or_else(|| Err(timed_out()));
            if let Err(refusal) = &mut outcome {
                named.cut(refusal);
            }
            outcomes.push(outcome);
        }
        AppendReply { outcomes }
    }
}

fn timed_out() -> Refusal {
    Refusal::because(ErrorCode::RequestTimedOut, "the records were not durable in time")
}

async fn settle(node: &Node, item: Item, acks: Acks) -> Result<Appended, Refusal> {
    let (log, appended) = match item {
        Item::Refused(refusal) => return Err(refusal),
        Item::Appended(log, appended) => (log, appended),
        Item::Queued { log, bytes, outcome } => {
            // An intake that is gone went with its shard.
            let decided = outcome.await.unwrap_or(Err(AppendRefusal::Closed));
            let appended = decided.inspect_err(|_| node.counters().produce_failures.add(1))?;
            count(node, bytes, &appended);
            (log, appended)
        }
    };
    let end: Offset = appended.end;
    match acks {
        Acks::None => {}
        Acks::Leader => log.written(end).await?,
        Acks::All => log.durable(end).await?,
    }
    Ok(appended)
}
