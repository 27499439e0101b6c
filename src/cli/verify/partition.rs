//! One partition's directory: segments from first to last, and what is said about them.
//!
//! Each segment is walked once; index sidecar and checkpoint are held against the batches as
//! they come by. What is normal depends on the place: the last segment may end in reserved
//! space or in a write that was cut short, a sealed one may have gaps if it was compacted, and
//! behind the offset where the next segment begins anything may stand.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::log::{EpochCache, Segment};
use millstream_wire::Uuid;
use millstream_wire::batch::BatchHeader;

use super::report::{Counts, Findings};
use crate::cli::ondisk::segment::{Order, Step, Walk, check_records, explain};
use crate::cli::ondisk::{self, Cause, Damage, Kind, small};
use crate::cli::progress::Progress;
use crate::storage::files::{self, CHECKPOINT_NAME, METADATA_NAME};
use crate::storage::sidecar::{self, Checkpoint};

/// A directory and what the metadata says of it.
#[derive(Clone, Debug)]
pub struct Expected {
    pub path: PathBuf,
    pub index: i32,
    /// `None`: the metadata does not know it.
    pub topic_id: Option<Uuid>,
    /// Whether offsets may be missing; `None`: nobody knows.
    pub compacted: Option<bool>,
}

/// What was found.
#[derive(Debug)]
pub struct Checked {
    /// By its own metadata.
    pub topic_id: Option<Uuid>,
    pub index: i32,
    /// The offset that follows the last sound batch.
    pub end: i64,
    pub findings: Findings,
    pub counts: Counts,
}

/// Base and end in the name `<base>.<end>.swap`.
fn swap_range(name: &str) -> Option<(i64, i64)> {
    let (base, end) = name.strip_suffix(".swap")?.split_once('.')?;
    let offset = |digits: &str| files::segment_base(&format!("{digits}.log"));
    let (base, end) = (offset(base)?.0, offset(end)?.0);
    (base < end).then_some((base, end))
}

/// Bytes of a partition's segments, for the progress bar.
pub fn file_bytes(dir: &Path) -> u64 {
    let names = ondisk::list(dir).unwrap_or_default();
    let segments = names.iter().filter(|(name, _)| files::segment_base(name).is_some());
    let bytes = |name: &String| std::fs::metadata(dir.join(name)).map_or(0, |about| about.len());
    segments.map(|(name, _)| bytes(name)).sum()
}

/// Checks one directory.
pub fn check(expected: &Expected, progress: &Progress) -> Checked {
    let mut check = Check {
        dir: &expected.path,
        swaps: BTreeMap::new(),
        gaps: expected.compacted.unwrap_or(true),
        findings: Findings::default(),
        counts: Counts { partitions: 1, ..Counts::default() },
        epochs: EpochCache::default(),
        progress,
    };
    let (mut topic_id, mut end) = (None, 0);
    match ondisk::list(check.dir) {
        Ok(names) => {
            topic_id = check.metadata(expected);
            end = check.files(&names, expected);
        }
        Err(cause) => check.find(Cause::Unreadable, check.dir, cause.to_string()),
    }
    let Check { findings, counts, .. } = check;
    Checked { topic_id, index: expected.index, end, findings, counts }
}

struct Check<'a> {
    dir: &'a Path,
    /// Compacted segments that were taking their place: by base, with the end and the file.
    swaps: BTreeMap<i64, (i64, PathBuf)>,
    /// Compaction may have left gaps.
    gaps: bool,
    findings: Findings,
    counts: Counts,
    epochs: EpochCache,
    progress: &'a Progress,
}

/// One segment's place among the others.
struct Place<'a> {
    path: &'a Path,
    base: i64,
    next: Option<i64>,
    /// What the checkpoint says of it.
    known: Option<&'a Segment>,
    /// The checkpoint names a later one as active.
    sealed: bool,
}

/// What a walk over a segment leaves.
struct Walked {
    /// Offset and position behind the last batch.
    end: i64,
    bytes: u64,
    batches: u64,
}

impl Check<'_> {
    fn find(&mut self, cause: Cause, path: &Path, detail: impl Into<String>) {
        self.findings.add(Damage::new(cause, path, detail));
    }

    /// The log's end.
    fn files(&mut self, names: &[(String, bool)], expected: &Expected) -> i64 {
        let checkpoint = self.checkpoint(expected);
        let mut bases = Vec::new();
        let mut indexes = Vec::new();
        for (name, is_dir) in names {
            let path = self.dir.join(name);
            if let Some((base, end)) = swap_range(name).filter(|_| !is_dir) {
                let detail = format!("stands for the segments of offsets {base} to {}", end - 1);
                self.find(Cause::UnfinishedSwap, &path, detail);
                self.swaps.insert(base, (end, path));
                continue;
            }
            match ondisk::kind_of(&path) {
                _ if *is_dir => self.find(Cause::Foreign, &path, "a directory"),
                Kind::Segment(base) => bases.push(base.0),
                Kind::Index(base) => indexes.push(base.0),
                Kind::Checkpoint | Kind::PartitionMetadata => {}
                kind => self.leftover(&path, kind),
            }
        }
        // What a swap stands for may still be there under its old names, or gone already.
        bases.retain(|base| !self.swaps.iter().any(|(from, (to, _))| from <= base && base < to));
        bases.extend(self.swaps.keys());
        bases.sort_unstable();
        let swapped =
            |base: &i64| self.swaps.iter().any(|(from, (to, _))| from <= base && base < to);
        let orphans: Vec<i64> =
            indexes.into_iter().filter(|base| !bases.contains(base) && !swapped(base)).collect();
        for base in &orphans {
            let path = files::index_path(self.dir, Offset(*base));
            self.find(Cause::IndexOrphan, &path, "no segment of that name");
        }
        let end = self.segments(&bases, checkpoint.as_ref());
        if let Some(checkpoint) = &checkpoint {
            self.compare(checkpoint, &bases, end);
        } else if !bases.is_empty() && !self.dir.join(CHECKPOINT_NAME).exists() {
            self.find(Cause::CheckpointMissing, self.dir, "it was killed before it wrote one");
        }
        end
    }

    fn leftover(&mut self, path: &Path, kind: Kind) {
        match kind {
            Kind::Quarantine => match ondisk::quarantined(path) {
                Some(ranges) => {
                    let detail = format!("names {ranges} damaged ranges");
                    self.find(Cause::Quarantined, path, detail);
                }
                None => self.find(Cause::QuarantineDamaged, path, "its checksum is wrong"),
            },
            Kind::SetAside => self.find(Cause::SetAside, path, "recovery could not connect it"),
            Kind::Deleted => self.find(Cause::Leftover, path, "dropped by retention"),
            Kind::Cleaned => self.find(Cause::Leftover, path, "a compaction that was not finished"),
            Kind::Unfinished => {
                self.find(Cause::Unfinished, path, "written for a rename that never was");
            }
            // The next start writes again what the flush was for, and says no more of it.
            Kind::CleanerNote | Kind::FlushFailed => {}
            Kind::Kafkas => self.find(Cause::Kafkas, path, "written by Apache Kafka"),
            _ => self.find(Cause::Foreign, path, "not written by a broker"),
        }
    }

    fn metadata(&mut self, expected: &Expected) -> Option<Uuid> {
        let path = self.dir.join(METADATA_NAME);
        let found = match small::read(&path) {
            Ok(bytes) => std::str::from_utf8(&bytes).ok().and_then(sidecar::decode_metadata),
            Err(cause) => {
                self.find(Cause::PartitionMetadata, &path, cause.to_string());
                return None;
            }
        };
        match (found, expected.topic_id) {
            (None, _) => self.find(Cause::PartitionMetadata, &path, "no topic id of version 0"),
            (Some(found), Some(wanted)) if found != wanted => {
                let detail = format!("topic id {found}; the metadata says {wanted}");
                self.find(Cause::ForeignTopic, &path, detail);
            }
            (Some(_), _) => {}
        }
        found
    }

    fn checkpoint(&mut self, expected: &Expected) -> Option<Checkpoint> {
        let path = self.dir.join(CHECKPOINT_NAME);
        let bytes = match small::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return None,
            Err(cause) => {
                self.find(Cause::Unreadable, &path, cause.to_string());
                return None;
            }
        };
        let found = sidecar::decode_checkpoint(&bytes);
        if found.is_none() {
            let inner = || (0, "its content contradicts itself".to_owned());
            let fault = small::frame_fault(sidecar::CHECKPOINT_MAGIC, &bytes);
            let (at, detail) = fault.unwrap_or_else(inner);
            self.findings.add(Damage::new(Cause::CheckpointDamaged, &path, detail).at(at));
        }
        let (found, wanted) = (found?, expected.topic_id);
        if wanted.is_some_and(|wanted| wanted != found.topic_id) {
            let detail = format!("of topic id {}", found.topic_id);
            self.find(Cause::CheckpointDisagrees, &path, detail);
            return None;
        }
        Some(found)
    }

    fn segments(&mut self, bases: &[i64], checkpoint: Option<&Checkpoint>) -> i64 {
        let known: BTreeMap<i64, &Segment> =
            checkpoint.iter().flat_map(|c| &c.segments).map(|s| (s.base.0, s)).collect();
        let active = checkpoint.and_then(|c| c.segments.last()).map(|s| s.base.0);
        let mut end = None;
        for (at, base) in bases.iter().copied().enumerate() {
            let swap = self.swaps.get(&base).map(|(_, path)| path.clone());
            let path = swap.unwrap_or_else(|| files::segment_path(self.dir, Offset(base)));
            let place = Place {
                path: &path,
                base,
                next: bases.get(at + 1).copied(),
                known: known.get(&base).copied().filter(|_| !self.swaps.contains_key(&base)),
                sealed: active.is_some_and(|active| base < active),
            };
            self.counts.segments += 1;
            let walked = match self.segment(&place, end) {
                Ok(walked) => walked,
                Err(cause) => {
                    self.find(Cause::Unreadable, &path, cause.to_string());
                    continue;
                }
            };
            end = Some(walked.end);
            if let Some(next) = place.next {
                end = Some(self.meet(&place, &walked, next));
            }
        }
        end.unwrap_or_else(|| checkpoint.map_or(0, |c| c.log_start.0))
    }

    /// How a segment ends where the next one begins; the offset to go on with.
    fn meet(&mut self, place: &Place<'_>, walked: &Walked, next: i64) -> i64 {
        let missing = next - walked.end;
        if missing > 0 && !self.gaps && !place.known.is_some_and(|segment| segment.gaps) {
            let detail = format!("{missing} offsets before {next} are in no segment");
            let known_end = place.known.map(|segment| segment.end.0);
            let cause = if known_end == Some(next) { Cause::Short } else { Cause::SegmentGap };
            let damage = Damage::new(cause, place.path, detail).at(walked.bytes);
            self.findings.add(damage.offset(walked.end));
        }
        if missing < 0 {
            let detail = format!("goes on to offset {}, the next begins at {next}", walked.end);
            self.find(Cause::SegmentOverlap, place.path, detail);
        }
        next
    }

    fn segment(&mut self, place: &Place<'_>, before: Option<i64>) -> std::io::Result<Walked> {
        let mut walk = Walk::open(place.path, place.base)?;
        let mut about = Beside::read(self.dir, place, &mut self.findings);
        let epoch = self.epochs.latest().map_or(i32::MIN, |epoch| epoch.0);
        let expected = before.map_or(place.base, |before| before.max(place.base));
        let cleaned = |segment: Option<&Segment>| segment.is_some_and(|segment| segment.gaps);
        let known = cleaned(place.known) || cleaned(about.index.as_ref());
        let gaps = known || self.gaps && place.next.is_some();
        let mut order = Order { expected, epoch, gaps };
        let mut walked = Walked { end: place.base, bytes: 0, batches: 0 };
        loop {
            let complete = place.next.is_some_and(|next| walked.end >= next);
            match walk.step()? {
                Step::End => break,
                Step::Batch { position, .. } if complete => {
                    let detail = "behind the offset where the next segment begins";
                    let note = Damage::new(Cause::UnfinishedTail, place.path, detail);
                    self.findings.add(note.at(position));
                    break;
                }
                Step::Batch { position, header } => {
                    if let Some(damage) = order.note(place.path, position, &header) {
                        self.findings.add(damage);
                    }
                    order.gaps = gaps;
                    self.batch(place, &mut walk, position)?;
                    if about.is_misdirected(position, &header) {
                        let detail = "another batch than the one that was appended here";
                        let damage = Damage::new(Cause::Misdirected, place.path, detail);
                        self.findings.add(damage.at(position).offset(header.base_offset));
                    }
                    about.note(position, header.base_offset, header.max_timestamp);
                    self.epochs.note(LeaderEpoch(header.leader_epoch), Offset(header.base_offset));
                    let bytes = position + header.total_len() as u64;
                    walked = Walked { end: order.expected, bytes, batches: walked.batches + 1 };
                    about.boundary(bytes, order.expected);
                    self.counts.bytes += header.total_len() as u64;
                    self.progress.advance(header.total_len() as u64);
                }
                Step::Zeros { position, upto } => {
                    self.progress.advance(upto - position);
                    self.reserved(place, (position, upto), complete);
                }
                Step::Bad { position, upto, cause, fault, is_last } => {
                    self.progress.advance(upto - position);
                    let detail = explain(cause, fault, (position, upto), is_last);
                    let harmless = complete || is_last && self.may_be_torn(place, position);
                    let cause = match cause {
                        _ if harmless => Cause::UnfinishedTail,
                        Cause::UnfinishedTail => Cause::Malformed,
                        cause => cause,
                    };
                    let damage = Damage::new(cause, place.path, detail).at(position);
                    self.findings.add(damage.offset(order.expected));
                    about.skip(position..upto);
                    order.gaps = true;
                }
            }
        }
        about.end(place, &walked, &mut self.findings);
        self.counts.batches += walked.batches;
        Ok(walked)
    }

    fn batch(&mut self, place: &Place<'_>, walk: &mut Walk, position: u64) -> std::io::Result<()> {
        let Some(view) = walk.batch()? else { return Ok(()) };
        self.counts.records += u64::from(view.record_count().unsigned_abs());
        if let Err(detail) = check_records(&view) {
            let damage = Damage::new(Cause::Records, place.path, detail).at(position);
            self.findings.add(damage.offset(view.base_offset()));
        }
        Ok(())
    }

    /// Bytes that no checkpoint has vouched for, at the end of the log.
    fn may_be_torn(&self, place: &Place<'_>, position: u64) -> bool {
        let vouched = place.known.is_some_and(|segment| position < segment.bytes);
        place.next.is_none() && !place.sealed && !vouched
    }

    fn reserved(&mut self, place: &Place<'_>, (position, upto): (u64, u64), complete: bool) {
        // The last segment's reserved space is what it should be.
        if complete || place.next.is_none() {
            return;
        }
        let detail = format!("{} bytes of zeros where batches should follow", upto - position);
        let damage = Damage::new(Cause::Hole, place.path, detail).at(position);
        if place.sealed || !self.gaps {
            self.findings.add(damage);
        }
    }

    /// The checkpoint against all that was found.
    fn compare(&mut self, checkpoint: &Checkpoint, bases: &[i64], end: i64) {
        let path = self.dir.join(CHECKPOINT_NAME);
        let start = checkpoint.log_start.0;
        if start > end {
            let detail = format!("the log starts at {start} and ends at {end}");
            self.find(Cause::CheckpointAhead, &path, detail);
        }
        let first = bases.first().copied().unwrap_or(i64::MAX);
        for segment in &checkpoint.segments {
            let base = segment.base.0;
            let swapped = self.swaps.iter().any(|(from, (to, _))| *from <= base && base < *to);
            if base > first && !segment.is_empty() && !bases.contains(&base) && !swapped {
                let detail = format!("names segment {base}, which is not there");
                self.find(Cause::CheckpointAhead, &path, detail);
            }
        }
        self.compare_epochs(checkpoint, &path);
    }

    /// The first epoch that the checkpoint knows begins at the log's start or before it.
    fn compare_epochs(&mut self, checkpoint: &Checkpoint, path: &Path) {
        let known = checkpoint.epochs.entries();
        let known_end = checkpoint.segments.last().map_or(0, |segment| segment.end.0);
        let found: Vec<_> = self.epochs.entries().to_vec();
        for (at, one) in found.iter().enumerate() {
            let end = found.get(at + 1).map_or(known_end, |next| next.start.0);
            let concerns = one.start.0 < known_end && end > checkpoint.log_start.0;
            if concerns && !known.iter().any(|entry| entry.epoch == one.epoch) {
                let (epoch, start) = (one.epoch, one.start);
                let detail = format!("does not know epoch {epoch}, which begins at offset {start}");
                self.find(Cause::CheckpointDisagrees, path, detail);
            }
        }
        for entry in known.iter().skip(1).filter(|entry| entry.start.0 < known_end) {
            let one = found.iter().find(|one| one.epoch == entry.epoch);
            let moved = |start: Offset| self.gaps && start >= entry.start;
            if !one.is_some_and(|one| one.start == entry.start || moved(one.start)) {
                let (epoch, start) = (entry.epoch, entry.start);
                let detail = format!("epoch {epoch} from offset {start}: no batch says so");
                self.find(Cause::CheckpointDisagrees, path, detail);
            }
        }
    }
}

/// What sidecar and checkpoint say of a segment, held against its batches.
struct Beside {
    index_path: PathBuf,
    index: Option<Segment>,
    next_entry: usize,
    max_before: i64,
    /// The last damaged range before here.
    damaged: Range<u64>,
    disagrees: Option<(u64, String)>,
    /// The checkpoint's end of this segment: bytes, offset, and whether a batch ended there.
    known: Option<(u64, i64, bool)>,
}

impl Beside {
    fn read(dir: &Path, place: &Place<'_>, findings: &mut Findings) -> Beside {
        let index_path = files::index_path(dir, Offset(place.base));
        let mut index = None;
        // The sidecar of a segment that is being exchanged is the old one's.
        let is_swap = place.path.extension().is_some_and(|end| end == "swap");
        let read = if is_swap {
            Err(std::io::ErrorKind::NotFound.into())
        } else {
            small::read(&index_path)
        };
        match read {
            Ok(bytes) => {
                index = sidecar::decode_index(&bytes);
                if index.is_none() {
                    let inner = || (0, "its content contradicts itself".to_owned());
                    let fault = small::frame_fault(sidecar::index_magic(&bytes), &bytes);
                    let (at, detail) = fault.unwrap_or_else(inner);
                    findings.add(Damage::new(Cause::IndexDamaged, &index_path, detail).at(at));
                }
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                if place.sealed && !is_swap {
                    findings.add(Damage::new(Cause::IndexMissing, &index_path, "not there"));
                }
            }
            Err(cause) => {
                findings.add(Damage::new(Cause::Unreadable, &index_path, cause.to_string()));
            }
        }
        let known = place.known.map(|segment| (segment.bytes, segment.end.0, segment.bytes == 0));
        Beside {
            index_path,
            index,
            next_entry: 0,
            max_before: i64::MIN,
            damaged: 0..0,
            disagrees: None,
            known,
        }
    }

    /// A batch begins.
    fn note(&mut self, position: u64, base: i64, max_timestamp: i64) {
        let entries = self.index.iter().flat_map(|segment| segment.index.as_ref());
        let entries = entries.map(|index| index.entries()).next().unwrap_or_default();
        let segment_base = self.index.as_ref().map_or(0, |segment| segment.base.0);
        while let Some(entry) = entries.get(self.next_entry) {
            let at = u64::from(entry.position);
            if at > position {
                break;
            }
            self.next_entry += 1;
            if self.damaged.contains(&at) {
                continue;
            }
            let offset = segment_base.saturating_add(i64::from(entry.offset_delta));
            let before = entry.max_timestamp_before;
            // What is damaged may have had later ones.
            let is_later = self.damaged.end > 0 && before > self.max_before;
            let agrees =
                at == position && offset == base && (before == self.max_before || is_later);
            if !agrees && self.disagrees.is_none() {
                let detail =
                    format!("says offset {offset} at {at}; the segment has {base} at {position}");
                self.disagrees = Some((at, detail));
            }
        }
        self.max_before = self.max_before.max(max_timestamp);
    }

    /// Whether the sidecar knows another batch at a position.
    fn is_misdirected(&self, position: u64, header: &BatchHeader) -> bool {
        let index = self.index.as_ref().and_then(|segment| segment.index.as_ref());
        index.is_some_and(|index| index.contradicts(position, header.crc))
    }

    /// Nothing is said of entries here: what they name is damaged.
    fn skip(&mut self, damaged: Range<u64>) {
        self.damaged = damaged;
    }

    /// A batch has ended.
    fn boundary(&mut self, bytes: u64, end: i64) {
        if let Some((known_bytes, known_end, met)) = &mut self.known {
            *met |= *known_bytes == bytes && (*known_end >= end);
        }
    }

    fn end(self, place: &Place<'_>, walked: &Walked, findings: &mut Findings) {
        if let Some(index) = &self.index {
            let mut detail = self.disagrees.map(|(_, detail)| detail);
            if detail.is_none() && (index.base.0, index.bytes) != (place.base, walked.bytes) {
                let (bytes, found) = (index.bytes, walked.bytes);
                detail = Some(format!("made for {bytes} bytes; {found} bytes of batches are here"));
            }
            if let Some(detail) = detail {
                findings.add(Damage::new(Cause::IndexDisagrees, &self.index_path, detail));
            }
        }
        match self.known {
            Some((bytes, end, false)) if walked.bytes < bytes => {
                let detail = format!(
                    "the checkpoint knows {bytes} bytes up to offset {end}; here are fewer"
                );
                let damage = Damage::new(Cause::CheckpointAhead, place.path, detail);
                findings.add(damage.at(walked.bytes).offset(walked.end));
            }
            Some((bytes, end, false)) => {
                let detail = format!("no batch ends at {bytes} with offset {end} to follow");
                findings.add(Damage::new(Cause::CheckpointDisagrees, place.path, detail).at(bytes));
            }
            Some((_, _, true)) | None => {}
        }
    }
}
