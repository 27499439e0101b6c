//! Appending to a log that was recovered and is not open yet: how the journal's batches get
//! to their segments after a restart.
//!
//! `recover::recover` gives an `Opened`; `extend` adds what follows its end, durably, as often
//! as there is something; `checkpoint` says so beside the log, so that the partition then opens
//! without a scan. What is not the exact continuation is refused and nothing is written.

use std::path::Path;

use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{
    Behind, Finding, Known, Log, Place, Scan, ScanStart, ScanStep, Scanned, Segment,
};
use millstream_shards::{Shard, Sync};

use super::damage;
use super::fault::StorageFault;
use super::files::{self, CHECKPOINT_NAME};
use super::limits::SCAN_BYTES;
use super::recover::{Opened, Wanted};
use super::sidecar;
use super::tail::Carry;
use crate::memory;

/// Whole batches for the end of a log.
pub(super) struct Extension<'a> {
    /// The segment that they belong to: the active one, or a new one at the log's end.
    pub segment: Offset,
    /// Where they begin, when that is not the log's end: what is in between is damage. Without
    /// batches the segment ends there.
    pub skip: Option<(u64, Offset)>,
    /// As they were committed.
    pub batches: &'a [u8],
}

/// Appends the batches; they are on the device on return. Notes of damage are the caller's to
/// store.
///
/// # Errors
/// They do not continue the log, or the device failed.
pub(super) async fn extend(
    shard: &Shard,
    wanted: &Wanted<'_>,
    opened: &mut Opened,
    extension: &Extension<'_>,
) -> Result<(), StorageFault> {
    let path = files::segment_path(wanted.path, extension.segment);
    let log_end = opened.log_end();
    let refused = || StorageFault::Discontinuous { path: path.clone(), log_end };
    let before = opened.active().cloned().unwrap_or_else(|| Segment::empty(extension.segment));
    let before = match extension.segment {
        base if base == before.base => before,
        base if base == log_end => Segment::empty(base),
        _ => return Err(refused()),
    };
    let base = before.base;
    let from = extension.skip.map_or(before.bytes, |(position, _)| position);
    let scanned = scan(shard, wanted, opened, before, extension).ok_or_else(refused)?;
    let carry = opened.carry.take().filter(|carry| carry.segment == base);
    // The block that they begin in: its sound bytes, then zeros.
    let first = from / BLOCK_BYTES * BLOCK_BYTES;
    let mut joined = vec![0; (from - first) as usize];
    if let Some(carry) = carry.filter(|carry| carry.start == first) {
        joined[..carry.bytes.len()].copy_from_slice(&carry.bytes);
    }
    joined.extend_from_slice(extension.batches);
    write(shard, &path, first, &joined).await?;
    let bytes = scanned.segment.bytes;
    let start = bytes / BLOCK_BYTES * BLOCK_BYTES;
    let kept = (bytes - start) as usize;
    opened.carry = (kept > 0).then(|| Carry {
        segment: base,
        start,
        bytes: joined[joined.len() - kept..].into(),
    });
    opened.dirty = true;
    opened.recovered.epochs = scanned.epochs;
    opened.recovered.producers = scanned.producers;
    for range in scanned.damaged {
        damage::report(&path, &range);
        opened.recovered.damage.note(range);
    }
    match opened.recovered.segments.last_mut().filter(|last| last.base == base) {
        Some(last) => *last = scanned.segment,
        None => opened.recovered.segments.push(scanned.segment),
    }
    Ok(())
}

/// The log's state with the batches in it; `None` when they do not follow, or not all do.
fn scan(
    shard: &Shard,
    wanted: &Wanted<'_>,
    opened: &Opened,
    before: Segment,
    extension: &Extension<'_>,
) -> Option<Scanned> {
    let Extension { skip, batches, .. } = *extension;
    let begins = skip.unwrap_or((before.bytes, before.end));
    if begins.0 < before.bytes || begins.1 < before.end {
        return None;
    }
    let expected = begins.0 + batches.len() as u64;
    let mut scan = Scan::begin(ScanStart {
        place: Place::Last,
        next_base: None,
        segment: before,
        epochs: opened.recovered.epochs.clone(),
        producers: opened.recovered.producers.clone(),
        index_interval_bytes: wanted.config.index_interval_bytes,
        modified_ms: shard.wall_ms(),
        behind: Some(Behind::Unpromised),
        known: Known::default(),
    });
    scan.skip(Finding::Zeros, begins);
    let ended = matches!(scan.step(batches, true), ScanStep::Done { finding: Finding::End, .. });
    let scanned = scan.finish();
    (ended && scanned.segment.bytes == expected).then_some(scanned)
}

/// Writes `bytes` at `at`, which is a block's start, flushed. The file ends with them.
async fn write(shard: &Shard, path: &Path, at: u64, bytes: &[u8]) -> Result<(), StorageFault> {
    let fault = |doing| move |error| StorageFault::io(doing, path, error);
    let file = match files::open_segment(shard, path, false).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            files::create_segment(shard, path).await.map_err(fault("create"))?
        }
        opened => {
            // A killed process may have made it, and not flushed its name.
            if let Some(parent) = path.parent() {
                shard.sync_dir(parent).await.map_err(fault("flush the directory of"))?;
            }
            opened.map_err(fault("open"))?
        }
    };
    let mut position = at;
    for chunk in bytes.chunks(SCAN_BYTES as usize) {
        let padded = chunk.len().next_multiple_of(BLOCK_BYTES as usize);
        let buf = memory::block(shard, padded).await;
        let mut buf = buf.map_err(fault("find memory for"))?;
        buf[..chunk.len()].copy_from_slice(chunk);
        buf[chunk.len()..padded].fill(0);
        let written = file.write_at(buf.into_bytes(padded), position, Sync::Data).await;
        written.map_err(fault("write"))?;
        position += chunk.len() as u64;
    }
    file.set_len(position).await.map_err(fault("cut"))
}

/// Writes the checkpoint of what `opened` says, which is all on the device.
pub(super) async fn checkpoint(
    shard: &Shard,
    wanted: &Wanted<'_>,
    opened: &mut Opened,
) -> Result<(), StorageFault> {
    let log = Log::new(wanted.config.clone(), opened.recovered.clone());
    if let Some(bytes) = sidecar::encode_checkpoint(wanted.topic_id, &log) {
        files::replace(shard, &wanted.path.join(CHECKPOINT_NAME), bytes).await?;
        (opened.dirty, opened.scanned_bytes) = (false, 0);
    }
    Ok(())
}
