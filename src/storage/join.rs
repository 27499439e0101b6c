//! Joining journal entries to the log that recovery finds in a partition's segment files.
//!
//! Called by `journal::replay` before any partition opens, and again by the opening of one where
//! that failed. Offsets and epochs decide: batches that the log has are passed over, batches that
//! continue it are appended, flushed and checkpointed. Behind a gap the log goes on where the
//! journal proves that what is missing was promised; that is noted as damage. What an older
//! leader epoch left is not taken in.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::config::TopicConfig;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::journal::{EntryHeader, Join, join as meets};
use millstream_engine::log::Known;
use millstream_shards::Shard;
use millstream_wire::Uuid;
use millstream_wire::batch::split_batches;

use super::damage;
use super::extend::{Extension, checkpoint, extend};
use super::failed_flush;
use super::fault::StorageFault;
use super::files::{self, METADATA_NAME};
use super::recover::{self, Opened, Wanted};
use super::withheld::Unjoined;

/// Appends what `pieces` have and the partition's log has not; gives the bytes appended.
/// `rewrites`: see `Wanted`.
pub(super) async fn join(
    shard: &Shard,
    (topic_id, path): (Uuid, &Path),
    config: &Arc<TopicConfig>,
    (pieces, rewrites): (&[Unjoined], bool),
) -> Result<u64, StorageFault> {
    let metadata = path.join(METADATA_NAME);
    if files::read_small(shard, &metadata).await?.is_none() {
        // Where there are entries a directory was.
        return Err(StorageFault::Unmounted { path: path.to_owned() });
    }
    let journaled: Vec<_> = pieces.iter().map(|one| one.header.base..one.header.end).collect();
    let known = &known(pieces);
    let (journaled, makes) = (&journaled[..], &|| ());
    let wanted = &Wanted { topic_id, path, config, journaled, known, rewrites, makes };
    let mut opened = recover::recover(shard, wanted).await?;
    let noted = opened.recovered.damage.clone();
    let mut appended = 0;
    for run in &continuation(&opened, wanted.path, pieces) {
        let Run { segment, skip, batches, .. } = run;
        let extension = Extension { segment: *segment, skip: *skip, batches };
        if let Err(fault) = extend(shard, wanted, &mut opened, &extension).await {
            failed_flush::mark(shard, path).await;
            return Err(fault);
        }
        appended += batches.len() as u64;
    }
    if opened.recovered.damage != noted {
        damage::store(shard, path, &opened.recovered.damage).await?;
    }
    if opened.dirty {
        checkpoint(shard, wanted, &mut opened).await?;
    }
    Ok(appended)
}

/// The batches that the journal has.
fn known(pieces: &[Unjoined]) -> Known {
    let batches = pieces.iter().flat_map(|piece| split_batches(&piece.batches).flatten());
    let named = batches.map(|batch| {
        let header = batch.header();
        let name = (LeaderEpoch(header.leader_epoch), Offset(header.base_offset));
        (name, header.crc)
    });
    let mut all: Vec<_> = named.collect();
    all.sort_unstable();
    all.dedup();
    // Of two with one name nothing is known.
    let same_name = all.chunk_by(|one, other| one.0 == other.0);
    Known(same_name.filter(|same| same.len() == 1).flatten().copied().collect())
}

/// Bytes for the end of a log, as `Extension` has them.
struct Run {
    segment: Offset,
    skip: Option<(u64, Offset)>,
    batches: Vec<u8>,
    /// Where they end in their segment.
    position: u64,
}

impl Run {
    fn at(segment: Offset, position: u64) -> Run {
        Run { segment, skip: None, batches: Vec::new(), position }
    }

    /// A run of `segment` behind damage.
    fn behind(segment: Offset, place: (u64, Offset)) -> Run {
        Run { skip: Some(place), ..Run::at(segment, place.0) }
    }
}

/// The batches behind the log's end, by segment and stretch.
fn continuation(opened: &Opened, path: &Path, pieces: &[Unjoined]) -> Vec<Run> {
    let mut end = opened.log_end();
    let mut latest = opened.recovered.epochs.latest();
    let active = opened.active().map_or((end, 0), |segment| (segment.base, segment.bytes));
    let mut all = vec![Run::at(active.0, active.1)];
    for Unjoined { header, batches, missing } in pieces {
        let (path, base) = (path.display(), header.base.0);
        let mut meets = meets((header, epoch_of(batches)), (end, latest), *missing);
        if meets == Join::Skips && !skip(&mut all, &mut end, header) {
            meets = Join::Gap;
        }
        match meets {
            Join::Behind => continue,
            Join::Continues | Join::Skips => {}
            Join::Gap => {
                let end = end.0;
                tracing::error!(%path, base, end, "journal entry does not continue the log");
                continue;
            }
            Join::Stale => {
                tracing::warn!(%path, base, "journal entry is of an older leader epoch; left out");
                continue;
            }
        }
        let segment = all[all.len() - 1].segment;
        if header.segment == end && header.segment > segment {
            all.push(Run::at(header.segment, 0));
        }
        let last = all.len() - 1;
        for batch in split_batches(batches).map_while(Result::ok) {
            if batch.base_offset() == end.0 {
                all[last].batches.extend_from_slice(batch.bytes());
                all[last].position += batch.bytes().len() as u64;
                end = Offset(batch.last_offset() + 1);
                latest = latest.max(Some(LeaderEpoch(batch.header().leader_epoch)));
            }
        }
    }
    all.retain(|run| run.skip.is_some() || !run.batches.is_empty());
    all
}

/// Goes on at the entry's place, which lies behind offsets that are lost; `false` where that place
/// contradicts what the log has.
fn skip(all: &mut Vec<Run>, end: &mut Offset, header: &EntryHeader) -> bool {
    let (segment, position) = all.last().map_or((*end, 0), |run| (run.segment, run.position));
    let place = (header.position, header.base);
    if header.segment == segment && header.position >= position {
        all.push(Run::behind(segment, place));
    } else if header.segment > segment && header.segment >= *end {
        if header.segment > *end {
            // What is lost has ended this segment, too.
            all.push(Run::behind(segment, (position, header.segment)));
        }
        let begins = header.base == header.segment;
        all.push(if begins {
            Run::at(header.segment, 0)
        } else {
            Run::behind(header.segment, place)
        });
    } else {
        return false;
    }
    *end = header.base;
    true
}

/// The leader epoch in which an entry was written.
fn epoch_of(batches: &Bytes) -> LeaderEpoch {
    let first = split_batches(batches).next().and_then(Result::ok);
    first.map_or(LeaderEpoch::default(), |batch| LeaderEpoch(batch.header().leader_epoch))
}
