//! Reading: from tail blocks without a copy, else straight from the device.
//!
//! The caller captures the visible end before it asks and passes it as `upto`. What is in the
//! tail is answered by `try_read` at once. A cold read takes a pool buffer of the size that
//! was asked for, reads once, and hands out slices of it; a second read happens only where one
//! batch is larger than the first. A read that meets retention starts again. Every batch from
//! the device is checked: one that is not as it was written is read again, afresh, and if it
//! stays so its range is quarantined and the reader goes on at the next sound batch.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{
    EpochCache, Extent, Finding, Marks, Place, Producers, ReadPlan, ScanStart, Segment, Sliced,
    SparseIndex, Stored, Take, slice_batches,
};
use millstream_shards::{AlignedBuf, File};

use super::damage::Spot;
use super::fault::{ReadRefusal, StorageFault};
use super::limits::{
    INDEX_LOADS_MAX, PROBE_BYTES, READ_BYTES_MAX, READ_MEMORY_WAIT_MS, SEALED_INDEXES_MAX,
};
use super::partition::{Condition, Inner, PartitionLog};
use super::{files, recover, sidecar};

/// Whole batches, one behind the other.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub extents: Vec<Bytes>,
    pub bytes: usize,
    pub marks: Marks,
}

impl PartitionLog {
    /// Reads what is in memory. `None`: the device is needed, call `read`.
    pub fn try_read(
        &self,
        from: Offset,
        max_bytes: usize,
        must_progress: bool,
        upto: Offset,
    ) -> Option<Result<Fetched, ReadRefusal>> {
        let take = take(max_bytes, must_progress, upto);
        let plan = match self.0.log.borrow().plan_read(from, &take) {
            Ok(plan) => plan,
            Err(refusal) => return Some(Err(refusal.into())),
        };
        match plan {
            ReadPlan::Nothing => Some(Ok(self.0.fetched(Vec::new()))),
            ReadPlan::Memory(extent) => Some(Ok(self.0.fetched(self.0.tail_slices(&extent)))),
            ReadPlan::File { .. } | ReadPlan::NeedsIndex { .. } | ReadPlan::StepOver { .. } => None,
        }
    }

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
        let inner = &self.0;
        inner.used_ms.set(inner.shared.shard.wall_ms());
        inner.warm_up();
        let (mut from, mut suspect) = (from, None);
        let mut loads = 0;
        loop {
            if matches!(&*inner.condition.borrow(), Condition::Closed) {
                return Err(ReadRefusal::Closed);
            }
            let plan = inner.log.borrow().plan_read(from, &take)?;
            match plan {
                ReadPlan::Nothing => return Ok(inner.fetched(Vec::new())),
                ReadPlan::Memory(extent) => return Ok(inner.fetched(inner.tail_slices(&extent))),
                ReadPlan::NeedsIndex { .. } if loads > INDEX_LOADS_MAX => {
                    let cause = std::io::Error::other("the segment's index cannot be had");
                    return Err(ReadRefusal::Io(Rc::new(cause)));
                }
                ReadPlan::NeedsIndex { segment } => {
                    loads += 1;
                    inner.load_index(segment).await?;
                }
                ReadPlan::StepOver { next } => from = next,
                ReadPlan::File { segment, position, limit, first } => {
                    let place = FileRange { segment, position, limit, first };
                    match inner.read_file(place, from, &take).await? {
                        Cold::Bytes(bytes) => return Ok(inner.fetched(vec![bytes])),
                        Cold::Nothing => return Ok(inner.fetched(Vec::new())),
                        Cold::Next(offset) => from = offset,
                        Cold::Vanished => {}
                        Cold::Damaged(spot) if suspect == Some(spot) => {
                            inner.quarantine(spot).await?;
                        }
                        Cold::Damaged(spot) => {
                            // The file may have been replaced meanwhile: look again, afresh.
                            suspect = Some(spot);
                            inner.readers.borrow_mut().remove(&spot.segment);
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

/// A part of a segment file, from a batch boundary on.
#[derive(Clone, Copy)]
struct FileRange {
    segment: Offset,
    position: u64,
    limit: u64,
    /// The offset at `position`.
    first: Offset,
}

impl FileRange {
    fn damaged(&self, (at, first): (usize, Offset), finding: Finding) -> Cold {
        let (segment, position) = (self.segment, self.position + at as u64);
        Cold::Damaged(Spot { segment, position, first, finding })
    }
}

enum Cold {
    Bytes(Bytes),
    Nothing,
    /// The segment has nothing at or past the offset: go on here.
    Next(Offset),
    /// The segment was dropped meanwhile: plan again.
    Vanished,
    /// Something that was not written there.
    Damaged(Spot),
}

impl Inner {
    fn fetched(&self, extents: Vec<Bytes>) -> Fetched {
        let bytes = extents.iter().map(Bytes::len).sum();
        Fetched { extents, bytes, marks: self.log.borrow().marks() }
    }

    fn tail_slices(&self, extent: &Extent) -> Vec<Bytes> {
        let range = (extent.from.position, extent.upto.position);
        let slices = self.tail.borrow_mut().slices(extent.segment, range);
        slices.expect("the planner forgets batches whose blocks are gone")
    }

    async fn read_file(
        self: &Rc<Self>,
        place: FileRange,
        from: Offset,
        take: &Take,
    ) -> Result<Cold, ReadRefusal> {
        let planned = self.cleaning.generation.get();
        let Some(file) = self.reader(place.segment).await? else { return Ok(Cold::Vanished) };
        if self.cleaning.generation.get() != planned {
            // The file may be another one than the plan was made for.
            return Ok(Cold::Vanished);
        }
        let outcome = self.read_planned(&file, place, from, take).await;
        match outcome {
            Ok(Cold::Bytes(_)) => outcome,
            // What was missed in files that have left may be found in those that came.
            _ if self.cleaning.generation.get() != planned => Ok(Cold::Vanished),
            _ => outcome,
        }
    }

    async fn read_planned(
        &self,
        file: &File,
        mut place: FileRange,
        from: Offset,
        take: &Take,
    ) -> Result<Cold, ReadRefusal> {
        let gap = u64::from(self.index_gap());
        let mut wanted = take.bytes_max.saturating_add(gap).clamp(PROBE_BYTES, READ_BYTES_MAX);
        loop {
            let bytes = wanted.min(place.limit.saturating_sub(place.position));
            if bytes == 0 {
                return Ok(self.after(place.segment, from));
            }
            let window = self.read_range(file, place.position, bytes).await?;
            match self.slice(&window, &place, from, take) {
                Some(Sliced::Batches { start, end, .. }) => {
                    return Ok(Cold::Bytes(window.slice(start..end)));
                }
                Some(Sliced::Nothing) => return Ok(Cold::Nothing),
                Some(Sliced::Damaged { at, first, finding }) => {
                    return Ok(place.damaged((at, first), finding));
                }
                Some(Sliced::More { start, first, .. }) if (window.len() as u64) < bytes => {
                    // The file is shorter than the log says.
                    return Ok(place.damaged((start, first), Finding::End));
                }
                Some(Sliced::More { start, bytes: needed, first }) => {
                    let left = place.limit - place.position - start as u64;
                    if needed as u64 > left && left > 0 {
                        // A batch does not reach past the segment's end: its length is wrong.
                        return Ok(place.damaged((start, first), Finding::Torn));
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
        let gaps = log.segment(place.segment)?.gaps;
        let stored = Stored { first: place.first, gaps, epochs: log.epochs() };
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
        file: &File,
        position: u64,
        bytes: u64,
    ) -> Result<Bytes, ReadRefusal> {
        let start = position / BLOCK_BYTES * BLOCK_BYTES;
        let len = ((position + bytes).next_multiple_of(BLOCK_BYTES) - start) as usize;
        let buf = self.read_buffer(len).await?;
        let (count, buf) = file.read_at(buf, len, start).await;
        let count = count.map_err(|error| ReadRefusal::Io(Rc::new(error)))?;
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
        self.shared.relieve(self.shared.cached_bytes.get() / 2);
        let wait = Duration::from_millis(READ_MEMORY_WAIT_MS);
        let taken = self.shared.shard.timeout(wait, pool.take(len)).await;
        taken.flatten().ok_or(ReadRefusal::NoMemory)
    }

    /// The segment's file for reading; `None` when it is gone.
    pub async fn reader(self: &Rc<Self>, base: Offset) -> Result<Option<File>, ReadRefusal> {
        if let Some(writer) = self.writers.borrow().get(&base) {
            return Ok(Some(writer.file.clone()));
        }
        let incoming = self.cleaning.incoming.borrow().clone();
        if let Some((_, file)) = incoming.filter(|(segment, _)| *segment == base) {
            return Ok(Some(file));
        }
        if let Some(file) = self.readers.borrow().get(&base) {
            return Ok(Some(file.clone()));
        }
        let path = self.segment_path(base);
        let asked = self.cleaning.generation.get();
        match files::open_segment(&self.shared.shard, &path, false).await {
            Ok(file) => {
                let is_current = self.cleaning.generation.get() == asked;
                if is_current && self.log.borrow().segment(base).is_some() {
                    self.readers.borrow_mut().insert(base, file.clone());
                    self.shared.reader_opened(self, base);
                }
                Ok(Some(file))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let still_there = self.log.borrow().segment(base).is_some();
                if still_there { Err(ReadRefusal::Io(Rc::new(error))) } else { Ok(None) }
            }
            Err(error) => Err(ReadRefusal::Io(Rc::new(error))),
        }
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
        let active = log.active().base;
        let loaded = |s: &&Segment| s.index.is_some() && s.base != active && s.base != base;
        let extra: Vec<Offset> = log.segments().filter(loaded).map(|s| s.base).collect();
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
        let (interval, bytes, next) = {
            let log = self.log.borrow();
            let Some(segment) = log.segment(base) else { return Ok(None) };
            (log.config().index_interval_bytes, segment.bytes, segment.end)
        };
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
        };
        let path = self.segment_path(base);
        let segment = recover::SegmentOf { path: &path, file: &file, bytes };
        let scanned = recover::scan_file(&self.shared.shard, &segment, start, &[]).await;
        match scanned {
            Ok((_, scanned)) => Ok(scanned.segment.index),
            Err(StorageFault::Io { error, .. }) => Err(ReadRefusal::Io(error)),
            Err(_) => Err(ReadRefusal::Closed),
        }
    }
}
