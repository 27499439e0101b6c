//! Damage that readers meet: told from a passing fault, noted, logged once, stepped over.
//!
//! The notes of a partition are the file `quarantine` in its directory, as text. They are
//! derived: without them the next reader finds the damage again. Called by cold reads; what
//! the recovery scan finds is noted by `recover`.

use std::path::Path;
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_engine::log::{Damage, DamagedRange, Finding};
use millstream_shards::Shard;

use super::fault::{ReadRefusal, StorageFault};
use super::files::{self, QUARANTINE_NAME};
use super::partition::Inner;
use super::search::{self, End};

/// Where a reader found something that was not written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub segment: Offset,
    pub position: u64,
    /// The offset that should be there.
    pub first: Offset,
    pub finding: Finding,
}

impl Inner {
    /// Takes damage that was seen twice out of what readers get: from the spot to the next
    /// sound batch, or to the end of what the segment's file has.
    pub async fn quarantine(self: &Rc<Self>, spot: Spot) -> Result<(), ReadRefusal> {
        let Some(file) = self.reader(spot.segment).await? else { return Ok(()) };
        let Some((limit, end)) = self.file_end(spot.segment) else { return Ok(()) };
        if spot.position > limit || spot.first >= end {
            return Ok(());
        }
        let shard = &self.shared.shard;
        // The batch that the index knows is a better witness than one that is found.
        let known = self.indexed_after(&spot).filter(|place| place.0 < limit);
        let (limit, end) = known.unwrap_or((limit, end));
        let stretch = search::Stretch { file: &file, from: spot.position, limit };
        let found = match spot.finding {
            // What follows is of where this one came from, too.
            Finding::Misdirected => None,
            finding => {
                let offsets = spot.first.next()..end;
                let found =
                    search::next_sound(shard, stretch, &offsets, (finding, End::Boundary)).await;
                found.map_err(ReadRefusal::from)?
            }
        };
        let (upto, next) = found.map_or((limit, end), |found| (found.position, found.batch.base));
        let Spot { segment, position, first, finding } = spot;
        let range = DamagedRange { segment, from: position, upto, first, next, finding };
        let is_new = self.log.borrow_mut().note_damage(range);
        if is_new {
            report(&self.segment_path(segment), &range);
            let _names = self.cleaning.naming.acquire(1).await;
            if self.is_closed() {
                return Ok(());
            }
            let damage = self.log.borrow().damage().clone();
            if let Err(fault) = store(shard, &self.name.path, &damage).await {
                tracing::warn!(%fault, "the quarantine is not noted on disk");
            }
        }
        Ok(())
    }

    /// Where the file of a segment ends for readers: position and offset.
    pub fn file_end(&self, segment: Offset) -> Option<(u64, Offset)> {
        let log = self.log.borrow();
        let found = log.segment(segment)?;
        let placed = log.placed();
        Some(match placed.segment == segment {
            true => (placed.position, placed.offset),
            false => (found.bytes, found.end),
        })
    }

    /// The batch behind the spot that the index knows.
    fn indexed_after(&self, spot: &Spot) -> Option<(u64, Offset)> {
        let log = self.log.borrow();
        let (position, offset) =
            log.segment(spot.segment)?.index.as_ref()?.place_after(spot.position)?;
        (offset > spot.first).then_some((position, offset))
    }
}

/// Says once, where people look, what is lost.
pub(super) fn report(path: &Path, range: &DamagedRange) {
    let DamagedRange { from, upto, first, next, finding, .. } = range;
    tracing::error!(
        path = %path.display(),
        positions = %format_args!("{from}..{upto}"),
        offsets = %format_args!("{first}..{next}"),
        found = finding.name(),
        "segment is damaged; these records are lost, readers go on behind them"
    );
}

/// The notes of a partition's directory; what is not readable is not believed.
pub(super) async fn load(shard: &Shard, dir: &Path) -> Result<Option<Damage>, StorageFault> {
    let path = dir.join(QUARANTINE_NAME);
    let Some(bytes) = files::read_small(shard, &path).await? else { return Ok(None) };
    let damage = std::str::from_utf8(&bytes).ok().and_then(Damage::parse);
    if damage.is_none() {
        tracing::warn!(path = %path.display(), "notes of damage are damaged; made again");
    }
    Ok(Some(damage.unwrap_or_default()))
}

/// Replaces the notes, durably.
pub(super) async fn store(shard: &Shard, dir: &Path, damage: &Damage) -> Result<(), StorageFault> {
    let path = dir.join(QUARANTINE_NAME);
    if !damage.ranges().is_empty() {
        return files::replace(shard, &path, damage.text().into_bytes()).await;
    }
    match shard.unlink(&path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StorageFault::io("remove", path, error))
        }
        _ => Ok(()),
    }
}
