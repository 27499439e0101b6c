//! Replay of a partition of `__consumer_offsets`, before its coordinator serves.
//!
//! Reads the log from its start to its end, batch by batch, and applies every record. A
//! record that cannot be read is reported and left out; a log that cannot be read leaves
//! the coordinator unavailable. Runs as a background task of the owner shard.

use std::rc::Rc;

use bytes::{Bytes, BytesMut};
use millstream_engine::group::{Groups, Record, Rules};
use millstream_engine::ids::Offset;
use millstream_shards::{Class, Shard};
use millstream_wire::batch::{BatchView, split_batches};

use super::seat::Seat;
use crate::shard::Node;
use crate::storage::PartitionLog;

const READ_BYTES: usize = 1024 * 1024;
/// A compressed batch may not grow beyond this.
const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Loads the groups of `seat`; at once when there are none.
pub(super) fn begin(node: &Node, seat: &Rc<Seat>, rules: Rules) {
    let marks = seat.log().marks();
    if marks.log_start >= marks.log_end {
        seat.serve(Groups::new(rules), node.now());
        seat.sweep(&node.image(), node.now());
        return node.coordinator().bell.notify_waiters();
    }
    let (node, seat) = (node.clone(), seat.clone());
    let shard = node.shard().clone();
    shard.spawn(Class::Background, "group-load", async move {
        let began_ns = node.shard().now_ns();
        match replay(node.shard(), seat.log(), rules).await {
            Ok(loaded) => {
                let took_ms = (node.shard().now_ns() - began_ns) / 1_000_000;
                let (groups, skipped) = (loaded.groups.len(), loaded.skipped);
                tracing::info!(partition = seat.index(), groups, skipped, took_ms, "groups loaded");
                seat.serve(loaded.groups, node.now());
                seat.sweep(&node.image(), node.now());
                node.coordinator().bell.notify_waiters();
            }
            Err(fault) => {
                tracing::error!(partition = seat.index(), fault, "groups cannot be loaded");
                seat.give_up();
            }
        }
    });
}

pub(super) struct Loaded {
    pub(super) groups: Groups,
    /// Records that could not be read.
    pub(super) skipped: u64,
}

/// Rebuilds the groups from the whole log.
pub(super) async fn replay(
    shard: &Shard,
    log: &PartitionLog,
    rules: Rules,
) -> Result<Loaded, String> {
    let mut loaded = Loaded { groups: Groups::new(rules), skipped: 0 };
    let marks = log.marks();
    let mut from = marks.log_start;
    while from < marks.log_end {
        let read = log.read(from, READ_BYTES, true, marks.log_end).await;
        let fetched = read.map_err(|refusal| format!("read at {from}: {refusal:?}"))?;
        let next = apply(&mut loaded, &joined(fetched.extents), from)?;
        if next <= from {
            return Err(format!("no batch at {from} of {}", marks.log_end));
        }
        from = next;
        shard.yield_now().await;
    }
    Ok(loaded)
}

/// A batch may lie across extents.
fn joined(extents: Vec<Bytes>) -> Bytes {
    match extents.len() {
        1 => extents.into_iter().next().unwrap_or_default(),
        _ => {
            let mut bytes = BytesMut::new();
            extents.iter().for_each(|extent| bytes.extend_from_slice(extent));
            bytes.freeze()
        }
    }
}

/// Applies the records from `from` on; gives the offset after them.
fn apply(loaded: &mut Loaded, bytes: &[u8], from: Offset) -> Result<Offset, String> {
    let mut next = from;
    for batch in split_batches(bytes) {
        let Ok(batch) = batch else { break };
        batch.check_crc().map_err(|fault| format!("batch at {}: {fault}", batch.base_offset()))?;
        if !batch.attributes().is_control() {
            apply_batch(loaded, &batch, from)?;
        }
        next = Offset(batch.last_offset()).next();
    }
    Ok(next)
}

fn apply_batch(loaded: &mut Loaded, batch: &BatchView<'_>, from: Offset) -> Result<(), String> {
    let at = |fault| format!("batch at {}: {fault}", batch.base_offset());
    let plain = batch.decompressed(BATCH_BYTES_MAX).map_err(at)?;
    for record in batch.records_in(&plain) {
        let record = record.map_err(at)?;
        let Some(key) = record.key.filter(|_| record.offset >= from.0) else { continue };
        match Record::decode(key, record.value) {
            Ok(decoded) => loaded.groups.apply(&decoded),
            Err(fault) => {
                loaded.skipped += 1;
                tracing::warn!(offset = record.offset, ?fault, "a group record is unreadable");
            }
        }
    }
    Ok(())
}
