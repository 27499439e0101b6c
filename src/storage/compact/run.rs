//! One run over one partition: map the dirty part, filter everything below, exchange segments.
//!
//! Sealed segments alone are read, window by window, and the shard's other tasks run in between.
//! A run ends early, without harm, when the partition closes or retention was faster. Before old
//! segments go, the new one is read back from the device and checked batch by batch.

use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::limits::BATCH_BYTES_MAX;
use millstream_engine::log::{
    CleanFault, CleanRules, CleanStats, Cleanable, Cleaned, Cleaner, Decided, EpochCache, Known,
    LastEntries, Mapped, Mapper, OffsetMap, Place, Producers, ScanStart, Segment, Survey, Verdict,
};
use millstream_engine::now::Now;
use millstream_shards::{Backing, Charge, File};
use millstream_wire::batch::{BatchFault, BatchHeader, BatchView, HEADER_BYTES, split_batches};

use super::Pace;
use super::output::{Output, cleaned_path};
use crate::memory::{Account, BLOCK_WAIT};
use crate::storage::fault::StorageFault;
use crate::storage::limits::CLEAN_WRITE_BYTES;
use crate::storage::partition::Inner;
use crate::storage::recover;

/// Why a run did not end.
#[derive(Debug)]
pub(crate) enum RunFault {
    /// Nothing is wrong; the next run may do it.
    Abandoned(&'static str),
    Log(CleanFault),
    Storage(StorageFault),
    /// A batch that is another partition's; the next reader quarantines it.
    Misdirected {
        base: Offset,
        position: u64,
    },
    /// The new segment does not read back as it was written.
    Unsound {
        base: Offset,
        verdict: Verdict,
    },
}

impl fmt::Display for RunFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abandoned(why) => f.write_str(why),
            Self::Log(fault) => fault.fmt(f),
            Self::Storage(fault) => fault.fmt(f),
            Self::Misdirected { base, position } => {
                write!(f, "segment {base} has another batch at {position} than was appended there")
            }
            Self::Unsound { base, verdict } => {
                write!(f, "the new segment {base} does not read back: {verdict:?}")
            }
        }
    }
}

impl From<CleanFault> for RunFault {
    fn from(fault: CleanFault) -> Self {
        RunFault::Log(fault)
    }
}

impl From<StorageFault> for RunFault {
    fn from(fault: StorageFault) -> Self {
        let is_full = |error: &std::io::Error| {
            use std::io::ErrorKind::{OutOfMemory, QuotaExceeded, StorageFull};
            matches!(error.kind(), StorageFull | QuotaExceeded | OutOfMemory)
        };
        match fault {
            StorageFault::Io { error, .. } if is_full(&error) => {
                RunFault::Abandoned("there is no room to write the new segment")
            }
            fault => RunFault::Storage(fault),
        }
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunReport {
    pub cleaned_upto: Offset,
    pub segments_written: usize,
    pub stats: CleanStats,
    /// Another run may find more.
    pub progressed: bool,
}

impl Inner {
    /// Cleans what `found` says.
    pub async fn clean(self: &Rc<Self>, found: &Cleanable) -> Result<RunReport, RunFault> {
        let options = self.shared.options.cleaner;
        let pace = Pace::new(&self.shared.shard, options.bytes_per_second_max);
        let _memory = self.map_memory(found).await?;
        let (map, mapped, decided) = self.map_dirty(found, &pace).await?;
        let last_entries = LastEntries::of(self.log.borrow().producers());
        let (groups, config) = {
            let log = self.log.borrow();
            (log.cleaning_groups(mapped), log.config().clone())
        };
        let shard = &self.shared.shard;
        let rules = CleanRules {
            now: Now { wall_ms: shard.wall_ms(), mono_ns: shard.now_ns() },
            delete_retention_ms: config.delete_retention_ms,
            index_interval_bytes: config.index_interval_bytes,
            map: &map,
            mapped,
            decided: &decided,
            last_entries: &last_entries,
        };
        let base = groups.first().map_or(mapped, |group| group[0].base);
        let mut cleaner = Cleaner::new(rules, base);
        let mut segments_written = 0;
        for group in &groups {
            segments_written += usize::from(self.clean_group(&mut cleaner, group, &pace).await?);
        }
        let stats = cleaner.stats();
        self.write_note(mapped, stats.next_horizon_ms).await?;
        if segments_written > 0 {
            // Recovery could do with the one before; it would read the new segments whole.
            self.checkpoint().await?;
        }
        let progressed = mapped > found.first_dirty;
        Ok(RunReport { cleaned_upto: mapped, segments_written, stats, progressed })
    }

    async fn map_dirty(
        self: &Rc<Self>,
        found: &Cleanable,
        pace: &Pace,
    ) -> Result<(OffsetMap, Offset, Decided), RunFault> {
        let dirty: Vec<Segment> = {
            let log = self.log.borrow();
            let groups = log.cleaning_groups(found.end);
            groups.concat().into_iter().filter(|s| s.end > found.first_dirty).collect()
        };
        let mut decided = None;
        loop {
            let mut map = self.new_map(found);
            let range = (found.first_dirty, found.end);
            let mut mapper = Mapper::new(&mut map, range, decided.as_ref());
            let mut last = Mapped::More;
            for segment in &dirty {
                let mut reader = Reader::open(self, segment, pace).await?;
                while let (Mapped::More, Some(window)) = (last, reader.window().await?) {
                    for view in window.views() {
                        last = mapper.push(&view)?;
                        if last != Mapped::More {
                            break;
                        }
                    }
                }
                if last != Mapped::More {
                    break;
                }
            }
            let mapped = mapper.mapped();
            if last != Mapped::NeedsSurvey {
                return Ok((map, mapped, decided.unwrap_or_else(Decided::none)));
            }
            decided = Some(self.survey(&dirty, pace).await?);
        }
    }

    /// Memory for `new_map`, until the run ends; waited for, as others of it are.
    async fn map_memory(&self, found: &Cleanable) -> Result<Charge, RunFault> {
        let options = self.shared.options.cleaner;
        let keys = found.end.since(found.first_dirty).unsigned_abs();
        let bytes = OffsetMap::bytes(keys, options.map_bytes_max, options.load_factor_ppm);
        let shard = &self.shared.shard;
        let charge = shard.pool().charge(Account::Compaction.id(), Backing::Heap, bytes);
        let charged = shard.timeout(BLOCK_WAIT, charge).await.flatten();
        charged.ok_or(RunFault::Abandoned("there is no memory for the keys"))
    }

    /// As many slots as the dirty part can have keys: every key takes an offset.
    fn new_map(&self, found: &Cleanable) -> OffsetMap {
        let options = self.shared.options.cleaner;
        let keys = found.end.since(found.first_dirty).unsigned_abs();
        let shard = &self.shared.shard;
        let secret = [shard.random_u64(), shard.random_u64()];
        OffsetMap::new(keys, options.map_bytes_max, options.load_factor_ppm, secret)
    }

    async fn survey(self: &Rc<Self>, dirty: &[Segment], pace: &Pace) -> Result<Decided, RunFault> {
        let mut survey = Survey::default();
        for segment in dirty {
            let mut reader = Reader::open(self, segment, pace).await?;
            while let Some(window) = reader.window().await? {
                for view in window.views() {
                    survey.push(&view)?;
                }
            }
        }
        Ok(survey.finish())
    }

    /// Filters one group into one segment, and puts it in the group's place if it differs.
    async fn clean_group(
        self: &Rc<Self>,
        cleaner: &mut Cleaner<'_>,
        group: &[Segment],
        pace: &Pace,
    ) -> Result<bool, RunFault> {
        let (base, end) = (group[0].base, group[group.len() - 1].end);
        let path = cleaned_path(&self.name.path, base);
        let mut output = Output::create(&self.shared.shard, path.clone()).await?;
        let outcome = self.filter_group(cleaner, group, (&mut output, pace)).await;
        let cleaned = match outcome {
            Ok(()) => cleaner.finish_segment(end),
            Err(fault) => return self.give_up(&path, fault).await,
        };
        if !cleaned.changed && group.len() == 1 {
            let _ = self.shared.shard.unlink(&path).await;
            return Ok(false);
        }
        let written = self.write_rest(output, &cleaned, pace).await;
        let file = match written {
            Ok(file) => file,
            Err(fault) => return self.give_up(&path, fault).await,
        };
        self.exchange(group, cleaned.segment, file).await?;
        Ok(true)
    }

    async fn give_up(&self, path: &std::path::Path, fault: RunFault) -> Result<bool, RunFault> {
        let _ = self.shared.shard.unlink(path).await;
        Err(fault)
    }

    async fn filter_group(
        self: &Rc<Self>,
        cleaner: &mut Cleaner<'_>,
        group: &[Segment],
        (output, pace): (&mut Output, &Pace),
    ) -> Result<(), RunFault> {
        for segment in group {
            let mut reader = Reader::open(self, segment, pace).await?;
            while let Some(window) = reader.window().await? {
                for view in window.views() {
                    cleaner.push(&view)?;
                }
                if cleaner.output_len() >= CLEAN_WRITE_BYTES as usize {
                    self.write_some(output, &cleaner.take_output(), pace).await?;
                }
            }
        }
        Ok(())
    }

    async fn write_some(
        &self,
        output: &mut Output,
        bytes: &[u8],
        pace: &Pace,
    ) -> Result<(), RunFault> {
        pace.take(bytes.len() as u64).await;
        self.shared.count(|counts| counts.bytes_written += bytes.len() as u64);
        Ok(output.write(bytes).await?)
    }

    /// Completes the file and reads it back: what it replaces will be gone.
    async fn write_rest(
        self: &Rc<Self>,
        mut output: Output,
        cleaned: &Cleaned,
        pace: &Pace,
    ) -> Result<File, RunFault> {
        self.write_some(&mut output, &cleaned.output, pace).await?;
        let path = output.path.clone();
        let (file, bytes) = output.finish().await?;
        let (base, end) = (cleaned.segment.base, cleaned.segment.end);
        let start = ScanStart {
            place: Place::Sealed,
            next_base: Some(end),
            segment: Segment::empty(base),
            epochs: EpochCache::default(),
            producers: Producers::default(),
            index_interval_bytes: u32::MAX,
            modified_ms: self.shared.shard.wall_ms(),
            behind: None,
            known: Known::default(),
        };
        pace.take(bytes).await;
        let segment = recover::SegmentOf { path: &path, file: &file, bytes };
        let scan = recover::scan_file(&self.shared.shard, &segment, start, &[]).await;
        let (verdict, scanned) = scan?;
        let is_whole = verdict == Verdict::Complete
            && scanned.damaged.is_empty()
            && scanned.segment.end == end
            && scanned.segment.bytes == cleaned.segment.bytes
            && bytes == cleaned.segment.bytes;
        if is_whole { Ok(file) } else { Err(RunFault::Unsound { base, verdict }) }
    }
}

/// Reads the batches of one sealed segment.
struct Reader<'a> {
    inner: &'a Rc<Inner>,
    pace: &'a Pace,
    segment: &'a Segment,
    file: File,
    position: u64,
}

impl<'a> Reader<'a> {
    async fn open(
        inner: &'a Rc<Inner>,
        segment: &'a Segment,
        pace: &'a Pace,
    ) -> Result<Reader<'a>, RunFault> {
        let path = inner.segment_path(segment.base);
        let file = crate::storage::files::open_segment(&inner.shared.shard, &path, false).await;
        let still_there = inner.log.borrow().still_has(std::slice::from_ref(segment));
        match file {
            _ if !still_there => Err(RunFault::Abandoned("retention was faster")),
            Ok(file) => Ok(Reader { inner, pace, segment, file, position: 0 }),
            Err(error) => Err(StorageFault::io("open", path, error).into()),
        }
    }

    /// The next whole batches; `None` at the segment's end.
    async fn window(&mut self) -> Result<Option<Window>, RunFault> {
        let options = self.inner.shared.options.cleaner;
        let mut wanted = options.read_bytes;
        while self.position < self.segment.bytes {
            if !self.inner.may_clean() {
                return Err(RunFault::Abandoned("the partition is closing"));
            }
            let bytes = wanted.min(self.segment.bytes - self.position);
            self.pace.take(bytes).await;
            let read =
                recover::read_window(&self.inner.shared.shard, &self.file, self.position, bytes);
            let read = read.await.map_err(|error| {
                StorageFault::io("read", self.inner.segment_path(self.segment.base), error)
            })?;
            self.inner.shared.count(|counts| counts.bytes_read += read.len() as u64);
            let whole = whole_batches(&read).map_err(|fault| self.damaged(fault))?;
            if whole > 0 {
                self.compare(&read[..whole]).await?;
                self.position += whole as u64;
                return Ok(Some(Window { bytes: read.slice(..whole) }));
            }
            wanted = match claimed_len(&read) {
                Some(len) if len > bytes && len <= u64::from(BATCH_BYTES_MAX) => len,
                _ => return Err(self.damaged(BatchFault::Incomplete { have: read.len() })),
            };
            if self.position + wanted > self.segment.bytes {
                return Err(self.damaged(BatchFault::Incomplete { have: read.len() }));
            }
        }
        Ok(None)
    }

    /// Holds whole batches at `position` against the segment's index.
    async fn compare(&self, batches: &[u8]) -> Result<(), RunFault> {
        let base = self.segment.base;
        let is_loaded = |inner: &Inner| {
            inner.log.borrow().segment(base).is_some_and(|segment| segment.index.is_some())
        };
        if !is_loaded(self.inner) && self.inner.load_index(base).await.is_err() {
            return Err(RunFault::Abandoned("the segment's index cannot be read"));
        }
        let log = self.inner.log.borrow();
        let Some(index) = log.segment(base).and_then(|segment| segment.index.as_ref()) else {
            return Err(RunFault::Abandoned("retention was faster"));
        };
        let mut position = self.position;
        for view in split_batches(batches).flatten() {
            if index.contradicts(position, view.header().crc) {
                return Err(RunFault::Misdirected { base, position });
            }
            position += view.total_len() as u64;
        }
        Ok(())
    }

    fn damaged(&self, fault: BatchFault) -> RunFault {
        RunFault::Log(CleanFault::Batch { offset: self.segment.base.0, fault })
    }
}

/// What the header at the start says of its batch's length.
fn claimed_len(bytes: &[u8]) -> Option<u64> {
    let fixed = bytes.first_chunk::<HEADER_BYTES>()?;
    Some(BatchHeader::read(fixed).total_len() as u64)
}

/// Bytes of whole batches at the start.
fn whole_batches(bytes: &[u8]) -> Result<usize, BatchFault> {
    let mut whole = 0;
    for view in split_batches(bytes) {
        match view {
            Ok(view) => whole += view.total_len(),
            Err(BatchFault::Incomplete { .. }) => break,
            Err(fault) => return Err(fault),
        }
    }
    Ok(whole)
}

/// Whole batches.
struct Window {
    bytes: Bytes,
}

impl Window {
    fn views(&self) -> impl Iterator<Item = BatchView<'_>> {
        split_batches(&self.bytes).flatten()
    }
}
