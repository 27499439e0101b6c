//! Opening a partition's directory: from whatever a crash left to a log that can be trusted.
//!
//! The checkpoint says which segments were sealed and from where the active one has to be
//! scanned; without it everything unsealed is scanned. What each finding means is the
//! table in `engine::log::recovery`; here it is carried out: files cut to their sound bytes,
//! damage among promised records quarantined, and everything flushed before it is shown to
//! anybody. Segments that cannot be connected are set aside, never deleted. A partition that
//! was closed cleanly costs a few small reads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use millstream_engine::config::TopicConfig;
use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::{
    Behind, Damage, DamagedRange, EpochCache, Finding, Known, Place, Producers, Recovered, Scan,
    ScanStart, ScanStep, Scanned, Segment, Verdict,
};
use millstream_shards::{File, Shard, Sync};
use millstream_wire::Uuid;

use super::compact::{NOTE_NAME, finish_swaps};
use super::damage;
use super::failed_flush::{self, FLUSH_FAILED_NAME};
use super::fault::StorageFault;
use super::files::{
    self, CHECKPOINT_NAME, METADATA_NAME, SET_ASIDE_SUFFIX, UNFINISHED_METADATA_NAME,
};
use super::limits::SCAN_BYTES;
use super::seal::DELETED_SUFFIX;
use super::search::{self, End, Stretch};
use super::sidecar::{self, Checkpoint};
use super::tail::Carry;
use crate::memory;

/// The partition that a caller asks for.
pub(super) struct Wanted<'a> {
    pub topic_id: Uuid,
    pub path: &'a Path,
    /// Only its index interval matters here.
    pub config: &'a Arc<TopicConfig>,
    /// What the journal has, so that it is not lost where the files lack it: damage there ends
    /// the log, and the journal goes on.
    pub journaled: &'a [Range<Offset>],
    /// The batches of it, to tell what the files have in their place.
    pub known: &'a Known,
    /// A flush of these files has failed: what it was to flush may never be on the device,
    /// whatever later flushes say, and is written again.
    pub rewrites: bool,
    /// Told before the directory is made: until `recover` succeeds it may be there, be bare and be
    /// made anew.
    pub makes: &'a dyn Fn(),
}

/// What is in its directory.
pub(super) struct Opened {
    pub recovered: Recovered,
    pub carry: Option<Carry>,
    /// A checkpoint would say something new.
    pub dirty: bool,
    /// Bytes that were read, which no checkpoint covers yet.
    pub scanned_bytes: u64,
}

impl Opened {
    /// The offset that the next batch gets.
    pub fn log_end(&self) -> Offset {
        self.active().map_or(self.recovered.log_start, |segment| segment.end)
    }

    /// The last segment, which is written to; `None` for a log that never had a batch.
    pub fn active(&self) -> Option<&Segment> {
        self.recovered.segments.last()
    }
}

/// Recovers the partition, or creates its directory.
pub(super) async fn recover(shard: &Shard, wanted: &Wanted<'_>) -> Result<Opened, StorageFault> {
    let outcome = recover_once(shard, wanted).await;
    if let Err(StorageFault::Io { .. }) = &outcome {
        failed_flush::mark(shard, wanted.path).await;
    }
    outcome
}

async fn recover_once(shard: &Shard, wanted: &Wanted<'_>) -> Result<Opened, StorageFault> {
    let metadata = wanted.path.join(METADATA_NAME);
    match files::read_small(shard, &metadata).await? {
        None => {
            (wanted.makes)();
            create(shard, wanted, &metadata).await?;
        }
        Some(bytes) => {
            let text = std::str::from_utf8(&bytes).ok();
            let found = text.and_then(sidecar::decode_metadata);
            let damaged =
                || StorageFault::Metadata { path: metadata.clone(), wanted: wanted.topic_id };
            let found = found.ok_or_else(damaged)?;
            if found != wanted.topic_id {
                let (path, wanted) = (wanted.path.to_owned(), wanted.topic_id);
                return Err(StorageFault::ForeignTopic { path, found, wanted });
            }
        }
    }
    finish_swaps(shard, wanted.path).await?;
    let Listed { bases, flush_failed, .. } = list(shard, wanted.path).await?;
    let rewrites = wanted.rewrites || flush_failed;
    if rewrites && bases.is_empty() {
        // What failed may be the flush of its name; nothing has been put beside it since.
        write_metadata(shard, wanted, &metadata).await?;
    }
    let checkpoint = read_checkpoint(shard, wanted).await?;
    let noted = damage::load(shard, wanted.path).await?;
    let may_be_compacted = checkpoint.is_none()
        && !wanted.known.0.is_empty()
        && files::read_small(shard, &wanted.path.join(NOTE_NAME)).await?.is_some();
    let mut recovery = Recovery { may_be_compacted, ..Recovery::new(shard, wanted, checkpoint) };
    recovery.rewrites = rewrites;
    recovery.damage = noted.clone().unwrap_or_default();
    let opened = recovery.run(bases, noted).await?;
    if flush_failed {
        failed_flush::clear(shard, wanted.path).await;
    }
    Ok(opened)
}

/// The directory may exist without metadata: a crash came in between, or the flush of its name
/// failed; then it is made anew. One that has segments is not that: half of it was copied, or its
/// metadata was lost.
async fn create(shard: &Shard, wanted: &Wanted<'_>, metadata: &Path) -> Result<(), StorageFault> {
    let path = wanted.path;
    let fault = |doing| move |error| StorageFault::io(doing, path, error);
    let mut made = shard.make_dir(path).await;
    if made.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::AlreadyExists) {
        let found = list(shard, path).await?;
        if !found.bases.is_empty() {
            return Err(StorageFault::Headless { path: metadata.to_owned() });
        }
        made = Ok(());
        if found.is_bare {
            files::remove_tree(shard, path).await?;
            made = shard.make_dir(path).await;
        }
    }
    made.map_err(fault("create"))?;
    let parent = path.parent().unwrap_or(path);
    shard.sync_dir(parent).await.map_err(|error| StorageFault::io("flush", parent, error))?;
    // Last: what has metadata has a name that is durable.
    write_metadata(shard, wanted, metadata).await
}

async fn write_metadata(
    shard: &Shard,
    wanted: &Wanted<'_>,
    metadata: &Path,
) -> Result<(), StorageFault> {
    let text = sidecar::encode_metadata(wanted.topic_id);
    files::replace(shard, metadata, text.into_bytes()).await
}

/// What a partition's directory has.
struct Listed {
    /// Segments in order.
    bases: Vec<Offset>,
    /// The mark of `failed_flush` is there.
    flush_failed: bool,
    /// Nothing but that and what a failed creation leaves is.
    is_bare: bool,
}

/// Leftovers of finished deletions are removed on the way.
async fn list(shard: &Shard, dir: &Path) -> Result<Listed, StorageFault> {
    let entries = shard.read_dir(dir).await.map_err(|e| StorageFault::io("list", dir, e))?;
    let (mut bases, mut flush_failed, mut is_bare) = (Vec::new(), false, true);
    for entry in &entries {
        let Some(name) = entry.name.to_str() else {
            is_bare = false;
            continue;
        };
        is_bare &= name == FLUSH_FAILED_NAME || name == UNFINISHED_METADATA_NAME;
        // What has no name of ours is left alone.
        let dropped = name.strip_suffix(DELETED_SUFFIX).and_then(files::segment_base);
        if dropped.is_some() {
            let path = dir.join(name);
            match shard.unlink(&path).await {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed.map_err(|error| StorageFault::io("remove", path, error))?,
            }
        }
        bases.extend(files::segment_base(name));
        flush_failed |= name == FLUSH_FAILED_NAME;
    }
    bases.sort_unstable();
    Ok(Listed { bases, flush_failed, is_bare })
}

/// A checkpoint of another topic id cannot be: the directory's metadata was checked.
async fn read_checkpoint(
    shard: &Shard,
    wanted: &Wanted<'_>,
) -> Result<Option<Checkpoint>, StorageFault> {
    let path = wanted.path.join(CHECKPOINT_NAME);
    let Some(bytes) = files::read_small(shard, &path).await? else { return Ok(None) };
    let checkpoint = sidecar::decode_checkpoint(&bytes);
    if checkpoint.is_none() {
        tracing::warn!(path = %path.display(), "checkpoint is damaged; scanning instead");
    }
    Ok(checkpoint.filter(|checkpoint| checkpoint.topic_id == wanted.topic_id))
}

struct Recovery<'a> {
    shard: &'a Shard,
    wanted: &'a Wanted<'a>,
    log_start: Offset,
    /// Segments as the checkpoint has them.
    known: BTreeMap<Offset, Segment>,
    /// Offsets that the checkpoint has of each segment: flushed, when it was written.
    promised: Vec<Range<Offset>>,
    /// The segment that was active at the checkpoint.
    active_then: Option<Offset>,
    epochs: EpochCache,
    producers: Producers,
    segments: Vec<Segment>,
    damage: Damage,
    dirty: bool,
    scanned_bytes: u64,
    /// What was sealed is not known any more, and compaction has been here.
    may_be_compacted: bool,
    /// See `Wanted`; or a process before this one left the mark.
    rewrites: bool,
}

impl<'a> Recovery<'a> {
    fn new(shard: &'a Shard, wanted: &'a Wanted<'a>, checkpoint: Option<Checkpoint>) -> Self {
        let mut recovery = Recovery {
            shard,
            wanted,
            log_start: Offset::ZERO,
            known: BTreeMap::new(),
            promised: Vec::new(),
            active_then: None,
            epochs: EpochCache::default(),
            producers: Producers::default(),
            segments: Vec::new(),
            damage: Damage::default(),
            dirty: checkpoint.is_none(),
            scanned_bytes: 0,
            may_be_compacted: false,
            rewrites: false,
        };
        if let Some(checkpoint) = checkpoint {
            recovery.log_start = checkpoint.log_start;
            recovery.promised = checkpoint.segments.iter().map(|s| s.base..s.end).collect();
            recovery.active_then = checkpoint.segments.last().map(|segment| segment.base);
            recovery.epochs = checkpoint.epochs;
            recovery.producers = checkpoint.producers;
            recovery.known = checkpoint.segments.into_iter().map(|s| (s.base, s)).collect();
        }
        recovery
    }

    async fn run(
        mut self,
        bases: Vec<Offset>,
        noted: Option<Damage>,
    ) -> Result<Opened, StorageFault> {
        let bases = self.drop_leftovers(bases).await?;
        self.forget_unseen_producers(bases.first().copied());
        if !self.is_closed(bases.last().copied()).await? {
            let dir = self.wanted.path;
            let flushed = self.shard.sync_dir(dir).await;
            flushed.map_err(|error| StorageFault::io("flush", dir, error))?;
        }
        for (position, base) in bases.iter().enumerate() {
            let later = &bases[position + 1..];
            let joined = self.segments.last().is_none_or(|last| last.end == *base);
            if !joined
                || self.take_in(*base, later).await? == Verdict::Truncate && !later.is_empty()
            {
                let first_lost = position + usize::from(joined);
                self.set_aside(&bases[first_lost..]).await?;
                break;
            }
        }
        self.report_losses();
        if let Some(first) = self.segments.first().map(|segment| segment.base) {
            self.damage.forget_before(first);
        }
        let unnoted = noted.is_none() && self.damage.ranges().is_empty();
        if !unnoted && noted.as_ref() != Some(&self.damage) {
            damage::store(self.shard, self.wanted.path, &self.damage).await?;
        }
        let carry = self.finish_active().await?;
        let recovered = Recovered {
            log_start: self.log_start,
            segments: self.segments,
            epochs: self.epochs,
            producers: self.producers,
            damage: self.damage,
        };
        let Recovery { dirty, scanned_bytes, .. } = self;
        Ok(Opened { recovered, carry, dirty, scanned_bytes })
    }

    /// Says which offsets the checkpoint has and the files have no more: lost or cut files. What
    /// the journal goes on with is not lost.
    fn report_losses(&self) {
        let first = self.segments.first().map(|segment| segment.base);
        for promised in &self.promised {
            let covers = |s: &Segment| s.base <= promised.start && promised.end <= s.end;
            let journaled = self.wanted.journaled.iter().any(|range| range.end >= promised.end);
            let is_kept = promised.end > self.log_start && !promised.is_empty();
            if is_kept && !journaled && !self.segments.iter().any(covers) {
                let path = files::segment_path(self.wanted.path, promised.start);
                let (path, from, upto) = (path.display(), promised.start.0, promised.end.0);
                if first.is_some_and(|first| promised.end <= first) {
                    let why = "retention on a full device has taken it, or it was lost";
                    tracing::warn!(%path, from, upto, why, "this segment is not there any more");
                } else {
                    let what = "acknowledged records of this segment are gone";
                    tracing::error!(%path, from, upto, "{what}");
                }
            }
        }
    }

    /// Whether the last segment's file is just what the checkpoint says: then its name is durable,
    /// as whoever wrote to it has seen to. A process that was killed may have made names that are
    /// in memory only.
    async fn is_closed(&self, last: Option<Offset>) -> Result<bool, StorageFault> {
        let Some(known) = last.and_then(|base| self.known.get(&base)) else { return Ok(false) };
        let path = files::segment_path(self.wanted.path, known.base);
        let fault = |error| StorageFault::io("measure", &path, error);
        let file = files::open_segment(self.shard, &path, false).await.map_err(fault)?;
        let file_bytes = file.len().await.map_err(fault)?;
        Ok(file_bytes == known.bytes && file_bytes > 0)
    }

    /// Files before the first segment of the checkpoint are what retention had dropped when
    /// the process ended.
    async fn drop_leftovers(&self, bases: Vec<Offset>) -> Result<Vec<Offset>, StorageFault> {
        let Some(first) = self.known.keys().next().copied() else { return Ok(bases) };
        // What lies before a segment that is lost is no leftover for sure.
        let first_kept = self.known.values().find(|segment| !segment.is_empty());
        if first_kept.is_some_and(|segment| !bases.contains(&segment.base)) {
            return Ok(bases);
        }
        let (dropped, kept): (Vec<Offset>, Vec<Offset>) =
            bases.into_iter().partition(|base| *base < first);
        for base in dropped {
            let path = files::segment_path(self.wanted.path, base);
            tracing::info!(path = %path.display(), "retention had dropped it; removed");
            let removed = self.shard.unlink(&path).await;
            removed.map_err(|error| StorageFault::io("remove", &path, error))?;
        }
        Ok(kept)
    }

    /// Where all that the checkpoint has is gone and some of what followed it too (retention on a
    /// full device takes files before a checkpoint can say so), nobody knows how far its producers
    /// had come: they are as any whose records are no more.
    fn forget_unseen_producers(&mut self, first: Option<Offset>) {
        let reached = self.promised.last().map_or(self.log_start, |range| range.end);
        if first.is_some_and(|first| first > reached) {
            self.producers = Producers::default();
            self.dirty = true;
        }
    }

    /// Whether the checkpoint has the segment before its active one.
    fn was_sealed(&self, base: Offset) -> bool {
        self.active_then.is_some_and(|active| base < active)
    }

    /// Takes one segment in, by knowledge or by scan; the verdict is the scan's.
    async fn take_in(&mut self, base: Offset, later: &[Offset]) -> Result<Verdict, StorageFault> {
        let next = later.first().copied();
        let path = files::segment_path(self.wanted.path, base);
        let file = files::open_segment(self.shard, &path, false).await;
        let file = file.map_err(|error| StorageFault::io("open", &path, error))?;
        let file_bytes = file.len().await.map_err(|e| StorageFault::io("measure", &path, e))?;
        let known = self.known.remove(&base).filter(|segment| segment.bytes <= file_bytes);
        let sealed = self.was_sealed(base);
        // The active one of then has no file yet if nothing was committed to it.
        let next = next.or(self.active_then.filter(|_| sealed));
        if let (Some(segment), true) = (&known, sealed) {
            // Another length is another file: compaction has put it there since.
            if Some(segment.end) == next && segment.bytes == file_bytes {
                self.segments.push(segment.clone());
                return Ok(Verdict::Complete);
            }
        }
        let place = match next {
            Some(_) if sealed => Place::Sealed,
            Some(_) => Place::Middle,
            None => Place::Last,
        };
        let resumes = |s: &Segment| s.index.is_some() && self.active_then == Some(base);
        let segment = known.filter(resumes).unwrap_or_else(|| Segment::empty(base));
        // The checkpoint knows the epochs and producers of what was sealed, and of what follows.
        let kept = (place == Place::Sealed).then(|| (self.epochs.clone(), self.producers.clone()));
        let start = self.scan_start(place, next, segment);
        let before = (start.segment.bytes, self.damage.clone());
        self.damage.forget_from(base, before.0);
        let start = ScanStart { behind: self.behind_all(place, later).await?, ..start };
        let segment_file = SegmentOf { path: &path, file: &file, bytes: file_bytes };
        let journaled = self.wanted.journaled;
        let scanned = scan_file(self.shard, &segment_file, start, journaled).await?;
        let (verdict, scanned) = scanned;
        (self.epochs, self.producers) = kept.unwrap_or((scanned.epochs, scanned.producers));
        let segment = scanned.segment;
        tracing::debug!(path = %path.display(), bytes = segment.bytes, file_bytes, "scanned");
        for range in &scanned.damaged {
            // What retention was taking is no loss, nor is what compaction took.
            if range.next > self.log_start && !self.is_compacted(range, file_bytes).await? {
                self.note(&path, range, &before.1);
            }
        }
        // A closed log's bytes were flushed before its checkpoint; others may not be, after a
        // killed process, and are shown to readers from now on.
        if (segment.bytes, file_bytes) != (before.0, before.0) {
            self.dirty |= segment.bytes != before.0;
            self.scanned_bytes += segment.bytes.saturating_sub(before.0);
            let cut = cut_to(&file, segment.bytes, file_bytes).await;
            cut.map_err(|error| StorageFault::io("cut", &path, error))?;
        }
        if self.rewrites {
            // What the checkpoint has was on the device before that.
            let written = write_again(self.shard, &file, before.0..segment.bytes).await;
            written.map_err(|error| StorageFault::io("write again", &path, error))?;
            if segment.is_empty() && segment.bytes == 0 && next.is_none() {
                self.name_anew(base, &path).await?;
            }
        }
        if segment.base < segment.end || next.is_none() {
            self.segments.push(segment);
        }
        Ok(verdict)
    }

    /// The name of a last segment without records may be what was not flushed. Where nothing else
    /// says where the log ends it is given anew; else it is made when there is something in it.
    async fn name_anew(&self, base: Offset, path: &Path) -> Result<(), StorageFault> {
        if self.segments.is_empty() && self.log_start < base {
            return files::replace(self.shard, path, Vec::new()).await;
        }
        let removed = self.shard.unlink(path).await;
        removed.map_err(|error| StorageFault::io("remove", path, error))
    }

    fn scan_start(&mut self, place: Place, next: Option<Offset>, segment: Segment) -> ScanStart {
        // What it knew of later offsets of an unsealed log is found again, or is gone.
        self.epochs.truncate(segment.end);
        self.producers.truncate(segment.end);
        ScanStart {
            place,
            next_base: next,
            segment,
            epochs: std::mem::take(&mut self.epochs),
            producers: std::mem::take(&mut self.producers),
            index_interval_bytes: self.wanted.config.index_interval_bytes,
            modified_ms: self.shard.wall_ms(),
            behind: None,
            // Compaction has written no segment anew that the last checkpoint has not as sealed.
            known: match place {
                Place::Last if !self.may_be_compacted => self.wanted.known.clone(),
                _ => Known::default(),
            },
        }
    }

    /// A later segment that begins with a sound batch was written after all of this one was
    /// on the device.
    async fn behind_all(
        &self,
        place: Place,
        later: &[Offset],
    ) -> Result<Option<Behind>, StorageFault> {
        if place != Place::Middle {
            return Ok(None);
        }
        for base in later {
            let path = files::segment_path(self.wanted.path, *base);
            let begins_sound = async {
                let file = files::open_segment(self.shard, &path, false).await?;
                search::begins_sound(self.shard, &file, *base).await
            };
            let sound = begins_sound.await.map_err(|e| StorageFault::io("read", &path, e))?;
            if sound {
                return Ok(Some(Behind::Promised));
            }
        }
        Ok(None)
    }

    /// Whether a segment ends early because compaction took its last batches: its index, which
    /// was made with the file, says so.
    async fn is_compacted(&self, range: &DamagedRange, bytes: u64) -> Result<bool, StorageFault> {
        if range.finding != Finding::End || range.from != bytes {
            return Ok(false);
        }
        let path = files::index_path(self.wanted.path, range.segment);
        let sidecar = files::read_small(self.shard, &path).await?;
        let sealed = sidecar.and_then(|bytes| sidecar::decode_index(&bytes));
        Ok(sealed.is_some_and(|sealed| (sealed.bytes, sealed.end) == (bytes, range.next)))
    }

    /// Notes damage, and says so where it was not known.
    fn note(&mut self, path: &Path, range: &DamagedRange, known: &Damage) {
        if !known.ranges().contains(range) {
            damage::report(path, range);
        }
        self.dirty |= self.damage.note(*range);
    }

    async fn set_aside(&mut self, bases: &[Offset]) -> Result<(), StorageFault> {
        self.dirty = true;
        for base in bases {
            let path = files::segment_path(self.wanted.path, *base);
            let mut aside = path.clone().into_os_string();
            aside.push(SET_ASIDE_SUFFIX);
            tracing::error!(path = %path.display(), "segment does not follow the log; set aside");
            let renamed = self.shard.rename(&path, Path::new(&aside)).await;
            renamed.map_err(|error| StorageFault::io("rename", &path, error))?;
        }
        let dir = self.wanted.path;
        self.shard.sync_dir(dir).await.map_err(|error| StorageFault::io("flush", dir, error))
    }

    /// The active segment needs its index, and the next commit the bytes of its last block.
    async fn finish_active(&mut self) -> Result<Option<Carry>, StorageFault> {
        // What the checkpoint calls sealed stays so, even if it had to be scanned: the next start
        // takes nothing behind its end.
        let is_sealed = |s: &&Segment| s.index.is_none() || self.was_sealed(s.base);
        let sealed_end = self.segments.last().filter(is_sealed).map(|segment| segment.end);
        if let Some(end) = sealed_end {
            self.segments.push(Segment::empty(end));
        }
        let Some(active) = self.segments.last() else { return Ok(None) };
        let (base, bytes) = (active.base, active.bytes);
        let start = bytes / BLOCK_BYTES * BLOCK_BYTES;
        if start == bytes {
            return Ok(None);
        }
        let path = files::segment_path(self.wanted.path, base);
        let fault = |error| StorageFault::io("read", &path, error);
        let file = files::open_segment(self.shard, &path, false).await.map_err(fault)?;
        let window = read_window(self.shard, &file, start, BLOCK_BYTES).await.map_err(fault)?;
        let wanted = (bytes - start) as usize;
        let short = || fault(std::io::ErrorKind::UnexpectedEof.into());
        let bytes = window.get(..wanted).ok_or_else(short)?.into();
        Ok(Some(Carry { segment: base, start, bytes }))
    }
}

/// Cuts the file to its sound bytes and flushes what is kept.
async fn cut_to(file: &File, bytes: u64, file_bytes: u64) -> std::io::Result<()> {
    if file_bytes != bytes {
        file.set_len(bytes).await?;
    }
    file.sync_data().await
}

/// Writes what a segment has in a range once more, and flushes it.
async fn write_again(shard: &Shard, file: &File, range: Range<u64>) -> std::io::Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    let mut at = range.start / BLOCK_BYTES * BLOCK_BYTES;
    while at < range.end {
        let bytes = SCAN_BYTES.min(range.end - at);
        let len = bytes.next_multiple_of(BLOCK_BYTES) as usize;
        let (there, mut buf) = file.read_at(memory::block(shard, len).await?, len, at).await;
        if (there? as u64) < bytes {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        buf[bytes as usize..len].fill(0);
        file.write_at(buf.into_bytes(len), at, Sync::Data).await?;
        at += bytes;
    }
    cut_to(file, range.end, range.end.next_multiple_of(BLOCK_BYTES)).await
}

/// A segment's file that is scanned.
pub(super) struct SegmentOf<'a> {
    pub path: &'a Path,
    pub file: &'a File,
    pub bytes: u64,
}

/// Scans a file from where `start` stands to its end or the log's. Damage among promised
/// records is skipped and noted, but not where the journal has what the file lacks.
pub(super) async fn scan_file(
    shard: &Shard,
    segment: &SegmentOf<'_>,
    start: ScanStart,
    journaled: &[Range<Offset>],
) -> Result<(Verdict, Scanned), StorageFault> {
    let fault = |error| StorageFault::io("read", segment.path, error);
    let next_base = start.next_base;
    let mut scan = Scan::begin(start);
    let mut wanted = SCAN_BYTES;
    loop {
        let position = scan.position();
        let bytes = wanted.min(segment.bytes - position);
        let window = read_window(shard, segment.file, position, bytes).await.map_err(fault)?;
        // A file may end earlier than its log knows.
        let is_short = (window.len() as u64) < bytes;
        let is_last = is_short || position + bytes >= segment.bytes;
        let step = scan.step(&window, is_last);
        let (file, limit) = (segment.file, segment.bytes);
        let stretch = Stretch { file, from: scan.position(), limit };
        match step {
            ScanStep::Read { bytes, .. } => wanted = (bytes as u64).max(SCAN_BYTES),
            ScanStep::LookBehind { .. } => {
                let is_journaled = journaled.iter().any(|range| range.contains(&scan.expected()));
                scan.behind(match is_journaled {
                    true => Behind::Unpromised,
                    false => {
                        let look = search::look_behind(shard, stretch, scan.expected());
                        look.await.map_err(fault)?
                    }
                });
            }
            ScanStep::Done { verdict: Verdict::Quarantine, finding } => {
                let offsets = scan.expected().next()..scan.offset_limit();
                let found = search::next_sound(shard, stretch, &offsets, (finding, End::Unknown))
                    .await
                    .map_err(fault)?;
                match (found, next_base) {
                    (Some(found), _) => scan.skip(finding, (found.position, found.batch.base)),
                    (None, Some(next)) => {
                        scan.skip(finding, (segment.bytes, next));
                        return Ok((Verdict::Complete, scan.finish()));
                    }
                    (None, None) => return Ok((Verdict::Truncate, scan.finish())),
                }
            }
            ScanStep::Done { verdict, .. } => return Ok((verdict, scan.finish())),
        }
    }
}

/// The bytes from `position` on, `bytes` of them or up to the end of the file.
pub(super) async fn read_window(
    shard: &Shard,
    file: &File,
    position: u64,
    bytes: u64,
) -> std::io::Result<bytes::Bytes> {
    if bytes == 0 {
        return Ok(bytes::Bytes::new());
    }
    let start = position / BLOCK_BYTES * BLOCK_BYTES;
    let len = ((position + bytes).next_multiple_of(BLOCK_BYTES) - start) as usize;
    let buf = memory::block(shard, len).await?;
    let (count, buf) = file.read_at(buf, len, start).await;
    let count = count?;
    let skip = ((position - start) as usize).min(count);
    let upto = (skip + bytes as usize).min(count);
    Ok(buf.into_bytes(count).slice(skip..upto))
}
