//! Index sidecars, checkpoints, and the files that are text.

use std::io::{self, Write};
use std::path::Path;

use millstream_engine::log::{IndexEntry, Segment};
use serde_json::{Map, Value, json};

use super::Dump;
use super::out::summary;
use crate::cli::ondisk::{Cause, Damage, Kind, small};
use crate::cli::time;
use crate::controller::identity::Identity;
use crate::storage::sidecar;

impl<W: Write> Dump<'_, W> {
    /// The file's bytes, after its head was written; `None` when it was said why not.
    fn small(&mut self, path: &Path, kind: &str) -> io::Result<Option<Vec<u8>>> {
        let read = small::read(path);
        self.out.file(path, kind, read.as_ref().map_or(0, |bytes| bytes.len() as u64))?;
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) => {
                self.out.damage(&Damage::new(Cause::Unreadable, path, cause.to_string()))?;
                self.out.end(Map::new())?;
                Ok(None)
            }
        }
    }

    /// Says where the frame is damaged, or that its content contradicts itself.
    fn bad_frame(
        &mut self,
        path: &Path,
        cause: Cause,
        (magic, bytes): (&[u8; 8], &[u8]),
    ) -> io::Result<()> {
        let inner = || (0, "its content contradicts itself".to_owned());
        let (at, detail) = small::frame_fault(magic, bytes).unwrap_or_else(inner);
        self.out.damage(&Damage::new(cause, path, detail).at(at))?;
        self.out.end(Map::new())
    }

    pub(super) fn index(&mut self, path: &Path) -> io::Result<()> {
        let Some(bytes) = self.small(path, "index")? else { return Ok(()) };
        let Some(segment) = sidecar::decode_index(&bytes) else {
            return self.bad_frame(
                path,
                Cause::IndexDamaged,
                (sidecar::index_magic(&bytes), &bytes),
            );
        };
        let entries = segment.index.as_ref().map(|index| index.entries()).unwrap_or_default();
        self.entries(segment.base.0, entries)?;
        let mut about = segment_json(&segment);
        about.insert("entries".to_owned(), entries.len().into());
        self.out.end(about)
    }

    fn entries(&mut self, base: i64, entries: &[IndexEntry]) -> io::Result<()> {
        if !entries.is_empty() {
            self.out.head("  OFFSET                POSITION    CRC-32C   MAX TIMESTAMP BEFORE")?;
        }
        for entry in entries {
            let offset = base.saturating_add(i64::from(entry.offset_delta));
            let IndexEntry { position, max_timestamp_before: before, crc, .. } = *entry;
            // Older files do not have it.
            let crc = (crc != 0).then(|| format!("{crc:08x}"));
            let object = || {
                json!({
                    "offset": offset,
                    "position": position,
                    "crc": crc,
                    "max_timestamp_before": before,
                })
            };
            self.out.item(
                || {
                    let (crc, before) = (crc.as_deref().unwrap_or(""), time::show(before));
                    format!("  {offset:<20}  {position:<10}  {crc:<8}  {before}")
                },
                object,
            )?;
        }
        Ok(())
    }

    pub(super) fn checkpoint(&mut self, path: &Path) -> io::Result<()> {
        let Some(bytes) = self.small(path, "checkpoint")? else { return Ok(()) };
        let Some(found) = sidecar::decode_checkpoint(&bytes) else {
            let frame = (sidecar::CHECKPOINT_MAGIC, bytes.as_slice());
            return self.bad_frame(path, Cause::CheckpointDamaged, frame);
        };
        for segment in &found.segments {
            self.out.item(
                || {
                    let (base, end, bytes) = (segment.base, segment.end, segment.bytes);
                    format!("  segment   offsets {base}..{end}  bytes {bytes}")
                },
                || {
                    let mut about = segment_json(segment);
                    about.insert("item".to_owned(), "segment".into());
                    about.into()
                },
            )?;
        }
        for start in found.epochs.entries() {
            let (epoch, start) = (start.epoch.0, start.start.0);
            self.out.item(
                || format!("  epoch     {epoch} from offset {start}"),
                || json!({ "item": "epoch", "epoch": epoch, "start": start }),
            )?;
        }
        for producer in found.producers.snapshot() {
            let (id, epoch) = (producer.id.0, producer.state.epoch.0);
            let last = producer.state.window.last();
            let (sequence, end) = (last.map(|b| b.last_sequence), last.map(|b| b.end.0));
            let seen = producer.state.seen_ms;
            self.out.item(
                || {
                    let (sequence, end) = (sequence.unwrap_or(-1), end.unwrap_or(-1));
                    format!("  producer  {id}/{epoch}  last sequence {sequence}, up to {end}")
                },
                || {
                    json!({
                        "item": "producer", "id": id, "epoch": epoch, "last_sequence": sequence,
                        "end_offset": end, "seen_ms": seen,
                    })
                },
            )?;
        }
        self.out.end(summary([
            ("topic_id", found.topic_id.to_string().into()),
            ("log_start", found.log_start.0.into()),
            ("segments", found.segments.len().into()),
        ]))
    }

    /// `partition.metadata` and `meta.properties`, line by line.
    pub(super) fn text(&mut self, path: &Path, kind: Kind) -> io::Result<()> {
        let Some(bytes) = self.small(path, kind.name())? else { return Ok(()) };
        let text = String::from_utf8_lossy(&bytes);
        for line in text.lines() {
            self.out.item(|| format!("  {line}"), || Value::from(line))?;
        }
        let damage = match kind {
            Kind::Identity => Identity::parse(&text)
                .err()
                .map(|fault| Damage::new(Cause::Identity, path, fault.to_string())),
            Kind::Quarantine => millstream_engine::log::Damage::parse(&text)
                .is_none()
                .then(|| Damage::new(Cause::QuarantineDamaged, path, "its checksum is wrong")),
            _ => sidecar::decode_metadata(&text)
                .is_none()
                .then(|| Damage::new(Cause::PartitionMetadata, path, "no topic id of version 0")),
        };
        if let Some(damage) = damage {
            self.out.damage(&damage)?;
        }
        self.out.end(Map::new())
    }
}

fn segment_json(segment: &Segment) -> Map<String, Value> {
    summary([
        ("base_offset", segment.base.0.into()),
        ("next_offset", segment.end.0.into()),
        ("bytes", segment.bytes.into()),
        ("max_timestamp", segment.max_timestamp.map(|max| max.timestamp_ms).into()),
        ("appended_ms", segment.appended_ms.map(|(first, last)| vec![first, last]).into()),
    ])
}
