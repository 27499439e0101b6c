//! Joining journal entries to the log that recovery finds in a partition's segment files.
//!
//! Called by `journal::replay` before any partition opens, and again by the opening of one where
//! that failed. Offsets decide: batches that the log
//! has are skipped, batches that continue it are appended, flushed and checkpointed, and
//! nothing is appended behind a gap, nor of an older leader epoch.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::config::TopicConfig;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::journal::{EntryHeader, Join, join as meets};
use millstream_shards::Shard;
use millstream_wire::Uuid;
use millstream_wire::batch::split_batches;

use super::extend::{Extension, checkpoint, extend};
use super::fault::StorageFault;
use super::files::{self, METADATA_NAME};
use super::recover::{self, Opened, Wanted};

/// Appends what `pieces` have and the partition's log has not; gives the bytes appended.
pub(super) async fn join(
    shard: &Shard,
    (topic_id, path): (Uuid, &Path),
    config: &Arc<TopicConfig>,
    pieces: &[(EntryHeader, Bytes)],
) -> Result<u64, StorageFault> {
    let metadata = path.join(METADATA_NAME);
    if files::read_small(shard, &metadata).await?.is_none() {
        // Where there are entries a directory was.
        return Err(StorageFault::Unmounted { path: path.to_owned() });
    }
    let range = |(header, _): &(EntryHeader, Bytes)| header.base..header.end;
    let journaled: Vec<_> = pieces.iter().map(range).collect();
    let wanted = &Wanted { topic_id, path, config, journaled: &journaled };
    let mut opened = recover::recover(shard, wanted).await?;
    let continuation = continuation(&opened, wanted.path, pieces);
    let mut appended = 0;
    for (segment, batches) in &continuation {
        let extension = Extension { segment: *segment, batches };
        extend(shard, wanted, &mut opened, &extension).await?;
        appended += batches.len() as u64;
    }
    if opened.dirty {
        checkpoint(shard, wanted, &mut opened).await?;
    }
    Ok(appended)
}

/// The batches behind the log's end, by segment.
fn continuation(
    opened: &Opened,
    path: &Path,
    pieces: &[(EntryHeader, Bytes)],
) -> Vec<(Offset, Vec<u8>)> {
    let mut end = opened.log_end();
    let active = opened.active().map_or(end, |segment| segment.base);
    let mut latest = opened.recovered.epochs.latest();
    let mut all = vec![(active, Vec::new())];
    for (header, batches) in pieces {
        let (path, base) = (path.display(), header.base.0);
        match meets((header, epoch_of(batches)), (end, latest)) {
            Join::Behind => continue,
            Join::Continues => {}
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
        let (segment, _) = all[all.len() - 1];
        if header.segment == end && header.segment > segment {
            all.push((header.segment, Vec::new()));
        }
        let last = all.len() - 1;
        for batch in split_batches(batches).map_while(Result::ok) {
            if batch.base_offset() == end.0 {
                all[last].1.extend_from_slice(batch.bytes());
                end = Offset(batch.last_offset() + 1);
                latest = latest.max(Some(LeaderEpoch(batch.header().leader_epoch)));
            }
        }
    }
    all.retain(|(_, batches)| !batches.is_empty());
    all
}

/// The leader epoch in which an entry was written.
fn epoch_of(batches: &Bytes) -> LeaderEpoch {
    let first = split_batches(batches).next().and_then(Result::ok);
    first.map_or(LeaderEpoch::default(), |batch| LeaderEpoch(batch.header().leader_epoch))
}
