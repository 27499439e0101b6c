//! Looking for sound batches in segment files, where the expected one is not.
//!
//! Recovery asks what stands behind the end of a log's sound bytes; readers and recovery ask
//! where a damaged range ends. What a sound batch is says `engine::log`; that it is of this log,
//! and not of a block that a device has put here, says what follows it (`End`). Only damage
//! leads here, so simplicity goes before speed, but for the one question that every unclean
//! start asks of every partition: it costs one read at most.

use std::ops::Range;

use millstream_engine::ids::Offset;
use millstream_engine::limits::COMMIT_BYTES_MAX;
use millstream_engine::log::{
    Behind, Candidate, Finding, FoundBatch, Search, batch_at, claimed_len, find_batch,
};
use millstream_shards::{File, Shard};

use super::limits::{PROBE_BYTES, SCAN_BYTES};
use super::recover::read_window;

/// A sound batch and where it stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub position: u64,
    pub batch: FoundBatch,
}

/// A part of a segment file.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub file: &'a File,
    pub from: u64,
    pub limit: u64,
}

/// What is known of the end of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A batch begins there, or the segment's batches end: what is found leads there, batch by
    /// batch, or further than one write reaches.
    Boundary,
    /// Nothing: another batch follows what is found, or nothing that was ever written.
    Unknown,
}

/// The first sound batch of this log behind `stretch.from` with a base offset in `offsets`. Behind
/// what still looks like a header it is looked for where that batch should end; that is enough,
/// unless the header itself is what is wrong there.
pub(super) async fn next_sound(
    shard: &Shard,
    stretch: Stretch<'_>,
    offsets: &Range<Offset>,
    (finding, end): (Finding, End),
) -> std::io::Result<Option<Placed>> {
    let Stretch { file, from, limit } = stretch;
    let head = read_window(shard, file, from, PROBE_BYTES.min(limit.saturating_sub(from))).await?;
    if let Some(len) = claimed_len(&head) {
        let position = from + len as u64;
        if let Some(batch) = at(shard, Stretch { from: position, ..stretch }, offsets).await? {
            let found = Placed { position, batch };
            if finding == Finding::BadCrc
                || is_followed(shard, stretch, &found, offsets, end).await?
            {
                return Ok(Some(found));
            }
        }
    }
    let (mut position, mut wanted) = (from + 1, SCAN_BYTES);
    while position < limit {
        let bytes = wanted.min(limit - position);
        let window = read_window(shard, file, position, bytes).await?;
        let is_last = (window.len() as u64) < bytes || position + bytes == limit;
        match find_batch(&window, offsets, is_last) {
            Search::Found(batch) => {
                let found = Placed { position: position + batch.at as u64, batch };
                if is_followed(shard, stretch, &found, offsets, end).await? {
                    return Ok(Some(found));
                }
                position = found.position + 1;
            }
            Search::Nothing => break,
            Search::More { at, bytes } => {
                position += at as u64;
                wanted = SCAN_BYTES.max(bytes as u64);
            }
        }
        shard.yield_now().await;
    }
    Ok(None)
}

/// Whether what stands behind a batch that was found shows that it is of this log.
async fn is_followed(
    shard: &Shard,
    stretch: Stretch<'_>,
    found: &Placed,
    offsets: &Range<Offset>,
    end: End,
) -> std::io::Result<bool> {
    let reach = found.position + COMMIT_BYTES_MAX;
    let (mut from, mut due) = (found.position + found.batch.bytes as u64, found.batch.next);
    while from < stretch.limit && from < reach {
        let behind = Stretch { from, ..stretch };
        match (at(shard, behind, &(due..offsets.end)).await?, end) {
            (Some(_), End::Unknown) => return Ok(true),
            (Some(next), End::Boundary) => {
                (from, due) = (from + next.bytes as u64, next.next);
            }
            (None, End::Boundary) => return Ok(false),
            (None, End::Unknown) => {
                let bytes = (2 * PROBE_BYTES).min(stretch.limit - from);
                let window = read_window(shard, stretch.file, from, bytes).await?;
                return Ok(window.iter().all(|byte| *byte == 0));
            }
        }
    }
    Ok(true)
}

/// The sound batch at exactly `stretch.from`.
async fn at(
    shard: &Shard,
    Stretch { file, from, limit }: Stretch<'_>,
    offsets: &Range<Offset>,
) -> std::io::Result<Option<FoundBatch>> {
    if from >= limit {
        return Ok(None);
    }
    let mut wanted = PROBE_BYTES;
    loop {
        let bytes = wanted.min(limit - from);
        let window = read_window(shard, file, from, bytes).await?;
        match batch_at(&window, offsets) {
            Candidate::Sound(batch) => return Ok(Some(batch)),
            // What is there has been read, or the batch would reach past the end.
            Candidate::More { .. } if (window.len() as u64) < bytes || bytes == limit - from => {
                return Ok(None);
            }
            Candidate::More { bytes } => wanted = bytes as u64,
            Candidate::No => return Ok(None),
        }
    }
}

/// Whether a file begins with a sound batch at or past `base`: then its log's bytes before
/// this segment were promised.
pub(super) async fn begins_sound(
    shard: &Shard,
    file: &File,
    base: Offset,
) -> std::io::Result<bool> {
    let stretch = Stretch { file, from: 0, limit: file.len().await? };
    Ok(at(shard, stretch, &(base..Offset(i64::MAX))).await?.is_some())
}

/// What stands behind damage in the last segment, where offset `expected` should be: a sound
/// batch further away than one commit reaches was written by a later one.
pub(super) async fn look_behind(
    shard: &Shard,
    damage: Stretch<'_>,
    expected: Offset,
) -> std::io::Result<Behind> {
    let reach = damage.from + COMMIT_BYTES_MAX;
    if damage.limit <= reach {
        return Ok(Behind::Unpromised);
    }
    // Space that was never written reads as zeros: the common case costs this read alone.
    let probe = PROBE_BYTES.min(damage.limit - reach);
    let probe = read_window(shard, damage.file, reach, probe).await?;
    if probe.iter().all(|byte| *byte == 0) {
        return Ok(Behind::Unpromised);
    }
    let (mut from, mut due) = (damage.from, expected.next());
    loop {
        let rest = Stretch { from, ..damage };
        let offsets = due..Offset(i64::MAX);
        let follows = if from == damage.from { None } else { at(shard, rest, &offsets).await? };
        let found = match follows {
            Some(batch) => Some(Placed { position: from, batch }),
            None => next_sound(shard, rest, &offsets, (Finding::BadCrc, End::Unknown)).await?,
        };
        let Some(Placed { position, batch }) = found else { return Ok(Behind::Unpromised) };
        if position >= reach {
            return Ok(Behind::Promised);
        }
        (from, due) = (position + batch.bytes as u64, batch.next);
    }
}
