//! Appending on the shard that owns the partitions: the half of Produce behind the ring.
//!
//! `begin` does everything that decides the order (validate, assign offsets, copy to the
//! tail) without waiting, so that appends happen in the order of their requests; `finish`
//! waits until the device has them. Used by `produce` for local partitions and by the
//! dispatcher for those of other shards.

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::refusal::Refusal;
use millstream_wire::{ErrorCode, Uuid};

use crate::shard::Node;
use crate::storage::{Appended, Origin, PartitionLog};

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
}

/// One outcome per item, in the same order.
pub struct AppendReply {
    pub outcomes: Vec<Result<Appended, Refusal>>,
}

/// Appends that are in the tail and not yet known to be on the device.
pub struct Begun {
    acks: Acks,
    items: Vec<Result<(PartitionLog, Appended), Refusal>>,
}

/// Appends every item that may be; nothing here waits.
pub fn begin(node: &Node, call: AppendCall) -> Begun {
    let now = node.now();
    let origin = Origin::Client { produce_version: call.produce_version };
    let append = |item: AppendItem| {
        let log = node
            .partition(item.topic_id, item.index)
            .ok_or_else(|| node.absence(item.topic_id, item.index))?;
        if call.acks == Acks::All && log.config().min_insync_replicas > 1 {
            return Err(Refusal::new(ErrorCode::NotEnoughReplicas));
        }
        let bytes = item.records.len() as u64;
        let appended = log.append(&item.records, origin, now).map_err(Refusal::from)?;
        node.counters().bytes_in.add(bytes);
        let count = appended.end.since(appended.base_offset);
        node.counters().messages_in.add(count.unsigned_abs());
        Ok((log, appended))
    };
    let items: Vec<_> = call.items.into_iter().map(append).collect();
    let refused = items.iter().filter(|item| item.is_err()).count();
    node.counters().produce_failures.add(refused as u64);
    Begun { acks: call.acks, items }
}

impl Begun {
    /// Whether any item was refused already.
    #[must_use]
    pub fn has_refusal(&self) -> bool {
        self.items.iter().any(Result::is_err)
    }

    /// Waits for the device as `acks` asks, and gives the outcomes in the items' order.
    pub async fn finish(self) -> AppendReply {
        let mut outcomes = Vec::with_capacity(self.items.len());
        for item in self.items {
            outcomes.push(match item {
                Ok((log, appended)) => settle(&log, appended, self.acks).await,
                Err(refusal) => Err(refusal),
            });
        }
        AppendReply { outcomes }
    }
}

async fn settle(log: &PartitionLog, appended: Appended, acks: Acks) -> Result<Appended, Refusal> {
    let end: Offset = appended.end;
    match acks {
        Acks::None => {}
        Acks::Leader => log.written(end).await.map_err(Refusal::from)?,
        Acks::All => log.durable(end).await.map_err(Refusal::from)?,
    }
    Ok(appended)
}
