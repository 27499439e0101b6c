//! Reading: from tail blocks without a copy, else from segment files.
//!
//! The caller captures the visible end before it asks and passes it as `upto`. What is in the
//! tail is answered at once. A cold read takes a pool buffer, reads once, and hands out slices of
//! it; a second read happens only where one batch is larger than the first. A read that meets
//! retention starts again. Every batch from a file is checked: one that is not as it was written
//! is read again, afresh, and if it stays so its range is quarantined and the reader goes on at
//! the next sound batch. What is given is an exact stretch of one segment, with the bytes
//! themselves (`read`) or with some of them (`promise`).

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{
    EpochCache, Extent, Finding, Known, Mark, Marks, Place, Producers, ReadPlan, ScanStart,
    Segment, Sliced, SparseIndex, Stored, Take, slice_batches,
};
use millstream_shards::{AlignedBuf, Pool};

use super::damage::Spot;
use super::fault::{ReadRefusal, StorageFault};
use super::limits::{PROBE_BYTES, READ_BYTES_MAX, READ_MEMORY_WAIT_MS, SEALED_INDEXES_MAX};
use super::partition::{Condition, Inner, PartitionLog};
use super::readers::Source;
use super::{files, recover, sidecar};

/// Whole batches, one behind the other.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub extents: Vec<Bytes>,
    pub bytes: usize,
    pub marks: Marks,
}

/// What a reader wants of what it may take.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// The bytes, from the device itself where they are not in memory.
    Bytes,
    /// The exact stretch; and of its bytes, from where all readers share them, at most so many.
    Stretch { ready_max: u64 },
}

/// A stretch of batches, and the bytes it begins with.
pub(super) struct Located {
    pub extent: Extent,
    /// `None`: none were wanted, or there is no room for the first batch.
    pub ready: Option<Ready>,
}

/// Whole batches in memory, up to a mark.
pub(super) struct Ready {
    pub extents: Vec<Bytes>,
    pub upto: Mark,
}

impl PartitionLog {
    /// Reads whole batches from the one that holds `from` on: at most `max_bytes`, except that
    /// `must_progress` allows a larger first batch, and nothing at or past `upto`.
    pub async fn read(
        &self,
        from: Offset,
        max_bytes: usize,
        must_progress: bool,
        upto: Offset,
    ) -> Result<Fetched, ReadRefusal> {
        let take = take(max_bytes, must_progress, upto);
        let found = self.0.locate(from, &take, Wanted::Bytes).await?;
        let extents = found.and_then(|found| found.ready).map(|ready| ready.extents);
        let extents = extents.unwrap_or_default();
        let bytes = extents.iter().map(Bytes::len).sum();
        Ok(Fetched { extents, bytes, marks: self.marks() })
    }
}

impl Inner {
    /// What the tail has. `None`: files are needed, call `locate`.
    pub(super) fn try_locate(
        &self,
        from: Offset,
        take: &Take,
        wanted: Wanted,
    ) -> Option<Result<Option<Located>, ReadRefusal>> {
        let plan = match self.log.borrow().plan_read(from, take) {
            Ok(plan) => plan,
            Err(refusal) => return Some(Err(refusal.into())),
        };
        match plan {
            ReadPlan::Nothing => Some(Ok(None)),
            ReadPlan::Memory(extent) => Some(Ok(Some(self.located_in_tail(extent, wanted)))),
            ReadPlan::File { .. } | ReadPlan::NeedsIndex { .. } | ReadPlan::StepOver { .. } => None,
        }
    }

    /// Finds what a reader may take; `None` when there is nothing for it now.
    pub(super) async fn locate(
        self: &Rc<Self>,
        mut from: Offset,
        take: &Take,
        wanted: Wanted,
    ) -> Result<Option<Located>, ReadRefusal> {
        self.used_ms.set(self.shared.shard.wall_ms());
        self.warm_up();
        let mut suspect = None;
        loop {
            if matches!(&*self.condition.borrow(), Condition::Closed) {
                return Err(ReadRefusal::Closed);
            }
            let plan = self.log.borrow().plan_read(from, take)?;
            match plan {
                ReadPlan::Nothing => return Ok(None),
                ReadPlan::Memory(extent) => return Ok(Some(self.located_in_tail(extent, wanted))),
                ReadPlan::NeedsIndex { segment } => self.load_index(segment).await?,
                ReadPlan::StepOver { next } => from = next,
                ReadPlan::File { segment, position, limit, first } => {
                    let place = FileRange { segment, position, limit, first };
                    // A second look goes to the device itself.
                    let wanted = if suspect.is_some() { Wanted::Bytes } else { wanted };
                    match self.locate_in_file(place, from, take, wanted).await? {
                        Cold::Batches(located) => return Ok(Some(located)),
                        Cold::Nothing => return Ok(None),
                        Cold::Next(offset) => from = offset,
                        Cold::Vanished | Cold::Larger(_) => {}
                        Cold::Damaged(spot) if suspect == Some(spot) => {
                            self.quarantine(spot).await?;
                        }
                        Cold::Damaged(spot) => {
                            // The file may have been replaced meanwhile: look again, afresh.
                            suspect = Some(spot);
                            self.forget_readers(spot.segment);
                        }
                    }
                }
            }
        }
    }
}

fn take(max_bytes: usize, must_progress: bool, upto: Offset) -> Take {
    Take { bytes_max: max_bytes as u64, upto, at_least_one: must_progress }
}

/// A first batch that is larger than all that may be taken was read for nothing.
fn allowed(found: Cold, take: &Take) -> Cold {
    match found {
        Cold::Batches(located) if located.extent.bytes() > take.bytes_max && !take.at_least_one => {
            Cold::Nothing
        }
        found => found,
    }
}

/// A part of a segment file, from a batch boundary on.
#[derive(Clone, Copy)]
pub(super) struct FileRange {
    pub segment: Offset,
    pub position: u64,
    pub limit: u64,
    /// The offset at `position`.
    pub first: Offset,
}

impl FileRange {
    fn damaged(&self, (at, first): (usize, Offset), finding: Finding) -> Cold {
        let (segment, position) = (self.segment, self.position + at as u64);
        Cold::Damaged(Spot { segment, position, first, finding })
    }

    /// Batches of a window that begins at this range.
    fn located(&self, window: &Bytes, (start, end): (usize, usize), next: Offset) -> Located {
        let base = window[start..].first_chunk().map_or(self.first.0, |b| i64::from_be_bytes(*b));
        let mark = |at: usize, offset| Mark { offset, position: self.position + at as u64 };
        let (from, upto) = (mark(start, Offset(base)), mark(end, next));
        let ready = Ready { extents: vec![window.slice(start..end)], upto };
        Located { extent: Extent { segment: self.segment, from, upto }, ready: Some(ready) }
    }
}

/// How much of a file is read at a time.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub first: u64,
    /// A batch that needs more than this is not read.
    pub max: u64,
}

pub(super) enum Cold {
    Batches(Located),
    Nothing,
    /// The segment has nothing at or past the offset: go on here.
    Next(Offset),
    /// The segment was dropped meanwhile: plan again.
    Vanished,
    /// The next batch needs a window of so many bytes.
    Larger(u64),
    /// Something that was not written there.
    Damaged(Spot),
}

impl Inner {
    pub(super) fn located_in_tail(&self, extent: Extent, wanted: Wanted) -> Located {
        let ready = match wanted {
            Wanted::Bytes => Some(extent),
            Wanted::Stretch { ready_max } if extent.bytes() <= ready_max => Some(extent),
            Wanted::Stretch { ready_max } => {
                let upto = extent.upto.offset;
                let take = Take { bytes_max: ready_max, upto, at_least_one: false };
                self.log.borrow().extent_in_memory(extent.from.offset, &take)
            }
        };
        let ready = ready.map(|ready| self.tail_slices(&ready));
        Located { extent, ready }
    }

    pub(super) fn tail_slices(&self, extent: &Extent) -> Ready {
        let range = (extent.from.position, extent.upto.position);
        let slices = self.tail.borrow_mut().slices(extent.segment, range);
        let extents = slices.expect("the planner forgets batches whose blocks are gone");
        Ready { extents, upto: extent.upto }
    }

    async fn locate_in_file(
        self: &Rc<Self>,
        place: FileRange,
        from: Offset,
        take: &Take,
        wanted: Wanted,
    ) -> Result<Cold, ReadRefusal> {
        let planned = self.cleaning.generation.get();
        // Where the stretch begins is known, and nothing of it is wanted in memory.
        if place.first == from && self.may_stay_in_file(&place, wanted) {
            let from = Mark { offset: from, position: place.position };
            let end = self.log.borrow().boundary_in_file(place.segment, from, take);
            if let Some(upto) = end {
                let extent = Extent { segment: place.segment, from, upto };
                return Ok(Cold::Batches(Located { extent, ready: None }));
            }
        }
        let (part, window) = self.beginning(take, wanted);
        let source = match wanted {
            Wanted::Bytes => self.reader(place.segment).await?.map(Source::Direct),
            Wanted::Stretch { .. } => {
                let reach = place.limit.min(place.position + window.first);
                self.source(place.segment, reach).await?
            }
        };
        let Some(source) = source else { return Ok(Cold::Vanished) };
        if self.cleaning.generation.get() != planned {
            // The file may be another one than the plan was made for.
            return Ok(Cold::Vanished);
        }
        let outcome = self.read_planned(&source, place, (from, &part), window).await;
        let outcome = outcome.map(|found| allowed(found, take));
        let is_current = self.cleaning.generation.get() == planned;
        match outcome {
            // What was found in files that have left is not where the log has it now, and what was
            // missed may be found in those that came.
            _ if !is_current => Ok(Cold::Vanished),
            Ok(Cold::Batches(located)) => {
                if let Source::Shared(_) = source {
                    let Extent { from, upto, .. } = located.extent;
                    self.note_sound(place.segment, from.position..upto.position);
                }
                Ok(Cold::Batches(self.stretched(located, take, wanted)))
            }
            outcome => outcome,
        }
    }

    /// Whether what is wanted leaves from the page cache, or later.
    fn may_stay_in_file(&self, place: &FileRange, wanted: Wanted) -> bool {
        let Wanted::Stretch { ready_max } = wanted else { return false };
        ready_max == 0 || self.sound_file(place.segment, place.position).is_some()
    }

    /// What is read of a stretch, all of it or its beginning, and how.
    fn beginning(&self, take: &Take, wanted: Wanted) -> (Take, Window) {
        let bytes_max = match wanted {
            Wanted::Bytes => take.bytes_max,
            Wanted::Stretch { ready_max } => take.bytes_max.min(ready_max.max(PROBE_BYTES)),
        };
        // A batch that is larger than the beginning is still one that may be taken.
        let at_least_one = take.at_least_one || bytes_max < take.bytes_max;
        let gap = u64::from(self.index_gap());
        let first = bytes_max.saturating_add(gap).clamp(PROBE_BYTES, READ_BYTES_MAX);
        (Take { bytes_max, at_least_one, ..*take }, Window { first, max: u64::MAX })
    }

    /// The stretch with the farthest end that is known; its bytes, if they are not too many.
    fn stretched(&self, mut located: Located, take: &Take, wanted: Wanted) -> Located {
        let Wanted::Stretch { ready_max } = wanted else { return located };
        let Extent { segment, from, upto } = located.extent;
        if upto.position - from.position > ready_max {
            located.ready = None;
        }
        let known = self.log.borrow().boundary_in_file(segment, from, take);
        if let Some(end) = known.filter(|end| end.position > upto.position) {
            located.extent.upto = end;
        }
        located
    }

    /// Batches from `place` on, as many as one window holds.
    pub(super) async fn read_planned(
        &self,
        source: &Source,
        mut place: FileRange,
        (from, take): (Offset, &Take),
        window: Window,
    ) -> Result<Cold, ReadRefusal> {
        let mut wanted = window.first;
        loop {
            let bytes = wanted.min(place.limit.saturating_sub(place.position));
            if bytes == 0 {
                return Ok(self.after(place.segment, from));
            }
            if let Source::Shared(_) = source {
                self.before_shared_read(place.segment, &(place.position..place.position + bytes));
            }
            let bytes_read = self.read_range(source, place.position, bytes).await?;
            match self.slice(&bytes_read, &place, from, take) {
                Some(Sliced::Batches { start, end, next }) => {
                    return Ok(Cold::Batches(place.located(&bytes_read, (start, end), next)));
                }
                Some(Sliced::Nothing) => return Ok(Cold::Nothing),
                Some(Sliced::Damaged { at, first, finding }) => {
                    return Ok(place.damaged((at, first), finding));
                }
                Some(Sliced::More { start, first, .. }) if (bytes_read.len() as u64) < bytes => {
                    // The file is shorter than the log says.
                    return Ok(place.damaged((start, first), Finding::End));
                }
                Some(Sliced::More { start, bytes: needed, first }) => {
                    let left = place.limit - place.position - start as u64;
                    if needed as u64 > left && left > 0 {
                        // A batch does not reach past the segment's end: its length is wrong.
                        return Ok(place.damaged((start, first), Finding::Torn));
                    }
                    if needed as u64 > window.max {
                        return Ok(Cold::Larger(needed as u64));
                    }
                    (place.position, place.first) = (place.position + start as u64, first);
                    wanted = wanted.max(needed as u64);
                }
                None => return Ok(Cold::Vanished),
            }
        }
    }

    /// `None`: the segment is not in the log any more.
    fn slice(&self, window: &[u8], place: &FileRange, from: Offset, take: &Take) -> Option<Sliced> {
        let log = self.log.borrow();
        let segment = log.segment(place.segment)?;
        let stored = Stored {
            first: place.first,
            position: place.position,
            index: segment.index.as_ref(),
            gaps: segment.gaps,
            epochs: log.epochs(),
        };
        Some(slice_batches(window, &stored, from, take))
    }

    /// Where to go on when a segment holds nothing at or past `from`: it may end in a hole.
    fn after(&self, segment: Offset, from: Offset) -> Cold {
        let log = self.log.borrow();
        if let Some(next) = log.damage().behind_next(segment, from) {
            return Cold::Next(next);
        }
        match log.segment(segment) {
            Some(found) if found.end > from && found.base != log.active().base => {
                Cold::Next(found.end)
            }
            _ => Cold::Nothing,
        }
    }

    /// How far before a batch its index entry may lie, at most about.
    fn index_gap(&self) -> u32 {
        self.log.borrow().config().index_interval_bytes.min(PROBE_BYTES as u32)
    }

    async fn read_range(
        &self,
        source: &Source,
        position: u64,
        bytes: u64,
    ) -> Result<Bytes, ReadRefusal> {
        let start = position / BLOCK_BYTES * BLOCK_BYTES;
        let len = ((position + bytes).next_multiple_of(BLOCK_BYTES) - start) as usize;
        let buf = self.read_buffer(len).await?;
        let (count, buf) = source.read_at(&self.shared.shard, buf, len, start).await;
        let count = count.map_err(ReadRefusal::from)?;
        let skip = ((position - start) as usize).min(count);
        let upto = (skip + bytes as usize).min(count);
        Ok(buf.into_bytes(count).slice(skip..upto))
    }

    /// Pool memory; the tail's cache gives way before a read waits, and waiting has an end.
    async fn read_buffer(&self, len: usize) -> Result<AlignedBuf, ReadRefusal> {
        let pool = self.shared.shard.pool();
        if let Some(buf) = pool.try_take(len) {
            return Ok(buf);
        }
        self.shared.give_way(Pool::block_bytes(len).unwrap_or(u64::MAX));
        let wait = Duration::from_millis(READ_MEMORY_WAIT_MS);
        let taken = self.shared.shard.timeout(wait, pool.take(len)).await;
        taken.flatten().ok_or(ReadRefusal::NoMemory)
    }

    /// An index that does not fit its segment goes; the next reader builds it again.
    pub(super) async fn distrust_index(&self, base: Offset) {
        tracing::error!(path = %self.segment_path(base).display(), "the segment's index is wrong");
        let path = files::index_path(&self.name.path, base);
        // One that stays is found wrong again.
        let _ = self.shared.shard.unlink(&path).await;
        self.log.borrow_mut().set_index(base, None);
    }

    /// Loads the index of a sealed segment, or builds it again from the segment.
    pub async fn load_index(self: &Rc<Self>, base: Offset) -> Result<(), ReadRefusal> {
        let asked = self.cleaning.generation.get();
        let outcome = self.load_index_of(base, asked).await;
        let is_current = self.cleaning.generation.get() == asked;
        if is_current { outcome } else { Ok(()) }
    }

    async fn load_index_of(self: &Rc<Self>, base: Offset, asked: u64) -> Result<(), ReadRefusal> {
        let shard = &self.shared.shard;
        let path = files::index_path(&self.name.path, base);
        let loaded = files::read_small(shard, &path).await.ok().flatten();
        let expected = self.log.borrow().segment(base).map(|s| (s.base, s.end, s.bytes));
        let fits = |s: &Segment| Some((s.base, s.end, s.bytes)) == expected;
        let sidecar = loaded.and_then(|bytes| sidecar::decode_index(&bytes)).filter(fits);
        let index = match sidecar.and_then(|segment| segment.index) {
            Some(index) => index,
            None => match self.rebuild_index(base).await? {
                Some(index) => index,
                None => return Ok(()),
            },
        };
        if self.cleaning.generation.get() != asked {
            // It may be the index of a file that has left.
            return Ok(());
        }
        let mut log = self.log.borrow_mut();
        let extra: Vec<Offset> = log.spare_indexes().filter(|spare| *spare != base).collect();
        let excess = (extra.len() + 1).saturating_sub(SEALED_INDEXES_MAX);
        for base in extra.into_iter().take(excess) {
            log.set_index(base, None);
        }
        log.set_index(base, Some(index));
        Ok(())
    }

    async fn rebuild_index(
        self: &Rc<Self>,
        base: Offset,
    ) -> Result<Option<SparseIndex>, ReadRefusal> {
        let Some((bytes, next)) = self.file_end(base) else { return Ok(None) };
        let interval = self.log.borrow().config().index_interval_bytes;
        tracing::info!(path = %self.segment_path(base).display(), "index is built again");
        let Some(file) = self.reader(base).await? else { return Ok(None) };
        let start = ScanStart {
            place: Place::Sealed,
            next_base: Some(next),
            segment: Segment::empty(base),
            epochs: EpochCache::default(),
            producers: Producers::default(),
            index_interval_bytes: interval,
            modified_ms: self.shared.shard.wall_ms(),
            behind: None,
            known: Known::default(),
        };
        let path = self.segment_path(base);
        let segment = recover::SegmentOf { path: &path, file: &file, bytes };
        let scanned = recover::scan_file(&self.shared.shard, &segment, start, &[]).await;
        match scanned {
            Ok((_, scanned)) => Ok(scanned.segment.index),
            Err(StorageFault::Io { error, .. }) => Err(ReadRefusal::of(error)),
            Err(_) => Err(ReadRefusal::Closed),
        }
    }
}
