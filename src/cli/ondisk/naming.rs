//! Which kind of file a name stands for, and which kind some first bytes look like.
//!
//! The names are those that `storage::files`, `controller` and the journal write. A name
//! that is none of them is foreign: listed, never touched.

use std::path::Path;

use millstream_engine::ids::Offset;
use millstream_engine::journal::FILE_MAGIC;
use millstream_wire::batch::{BatchHeader, HEADER_BYTES};

use super::LOCK_FILE;
use crate::controller::{format, identity, log};
use crate::storage::compact::NOTE_NAME;
use crate::storage::failed_flush::FLUSH_FAILED_NAME;
use crate::storage::files::{self, CHECKPOINT_NAME, METADATA_NAME, SET_ASIDE_SUFFIX};
use crate::storage::reserve;
use crate::storage::seal::DELETED_SUFFIX;
use crate::storage::{journal_files, journal_manifest, sidecar};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Segment(Offset),
    Index(Offset),
    Checkpoint,
    PartitionMetadata,
    MetadataLog,
    /// A shard's journal: writer and slot.
    Journal(u16, usize),
    /// Which journals a shard must have.
    Manifest(u16),
    /// The version of the metadata at which all partitions were there.
    Opened,
    /// All was flushed when the broker stopped.
    Clean,
    Identity,
    Lock,
    /// Space kept back for a full device; holds nothing.
    Reserve,
    /// Renamed away by recovery; nobody reads it.
    SetAside,
    /// Renamed away by retention or compaction; removed soon.
    Deleted,
    /// A compaction's output before it takes its place.
    Cleaned,
    /// Which ranges of the partition's segments are known to be damaged.
    Quarantine,
    /// How far a log was compacted.
    CleanerNote,
    /// A flush has failed; holds nothing.
    FlushFailed,
    /// Prepared beside a file that it was to replace.
    Unfinished,
    /// Written by Apache Kafka beside its segments.
    Kafkas,
    Foreign,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Segment(_) => "segment",
            Kind::Index(_) => "index",
            Kind::Checkpoint => "checkpoint",
            Kind::PartitionMetadata => "partition-metadata",
            Kind::MetadataLog => "metadata-log",
            Kind::Journal(..) => "journal",
            Kind::Manifest(_) => "journal-manifest",
            Kind::Opened => "opened",
            Kind::Clean => "clean",
            Kind::Identity => "identity",
            Kind::Lock => "lock",
            Kind::Reserve => "reserve",
            Kind::SetAside => "set-aside",
            Kind::Deleted => "deleted",
            Kind::Cleaned => "cleaned",
            Kind::Quarantine => "quarantine",
            Kind::CleanerNote => "cleaner-note",
            Kind::FlushFailed => "flush-failed",
            Kind::Unfinished => "unfinished",
            Kind::Kafkas => "kafka",
            Kind::Foreign => "foreign",
        }
    }
}

/// By name alone.
#[must_use]
pub fn kind_of(path: &Path) -> Kind {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Kind::Foreign };
    if let Some(base) = files::segment_base(name) {
        return Kind::Segment(base);
    }
    let index = name
        .strip_suffix(".index")
        .and_then(|stem| files::segment_base(&format!("{stem}.log")).map(Kind::Index));
    if let Some(index) = index {
        return index;
    }
    if let Some((writer, slot)) = journal_files::parse(name) {
        return Kind::Journal(writer, slot);
    }
    if let Some(writer) = journal_manifest::parse(name) {
        return Kind::Manifest(writer);
    }
    match name {
        CHECKPOINT_NAME => Kind::Checkpoint,
        METADATA_NAME => Kind::PartitionMetadata,
        log::FILE => Kind::MetadataLog,
        "opened" => Kind::Opened,
        "clean" => Kind::Clean,
        identity::FILE => Kind::Identity,
        LOCK_FILE => Kind::Lock,
        "quarantine" => Kind::Quarantine,
        reserve::FILE => Kind::Reserve,
        NOTE_NAME => Kind::CleanerNote,
        FLUSH_FAILED_NAME => Kind::FlushFailed,
        "leader-epoch-checkpoint" => Kind::Kafkas,
        _ if name.ends_with(SET_ASIDE_SUFFIX) => Kind::SetAside,
        _ if name.ends_with(DELETED_SUFFIX) => Kind::Deleted,
        _ if name.ends_with(".cleaned") || name.ends_with(".swap") => Kind::Cleaned,
        _ if name.ends_with(".new") => Kind::Unfinished,
        _ if name.ends_with(".timeindex") || name.ends_with(".snapshot") => Kind::Kafkas,
        _ => Kind::Foreign,
    }
}

/// By the first bytes, for a file whose name says nothing.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Kind> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if starts(sidecar::index_magic(head)) {
        return Some(Kind::Index(Offset::ZERO));
    }
    if starts(sidecar::CHECKPOINT_MAGIC) {
        return Some(Kind::Checkpoint);
    }
    if starts(format::MAGIC) {
        return Some(Kind::MetadataLog);
    }
    if starts(b"version:") {
        return Some(Kind::PartitionMetadata);
    }
    if starts(FILE_MAGIC) {
        return Some(Kind::Journal(0, 0));
    }
    let header = BatchHeader::read(head.first_chunk::<HEADER_BYTES>()?);
    let fits = header.check_shape().is_ok() && header.base_offset >= 0;
    fits.then_some(Kind::Segment(Offset(header.base_offset)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_kind() {
        let cases = [
            ("00000000000000000042.log", Kind::Segment(Offset(42))),
            ("00000000000000000042.index", Kind::Index(Offset(42))),
            ("00000000000000000042.log.deleted", Kind::Deleted),
            ("00000000000000000042.log.set-aside", Kind::SetAside),
            ("00000000000000000042.log.cleaned", Kind::Cleaned),
            ("00000000000000000042.timeindex", Kind::Kafkas),
            ("checkpoint", Kind::Checkpoint),
            ("checkpoint.new", Kind::Unfinished),
            ("partition.metadata", Kind::PartitionMetadata),
            ("metadata.log", Kind::MetadataLog),
            ("meta.properties", Kind::Identity),
            ("3-1.journal", Kind::Journal(3, 1)),
            ("3-1.journal.new", Kind::Unfinished),
            ("journal-3.manifest", Kind::Manifest(3)),
            ("opened", Kind::Opened),
            ("clean", Kind::Clean),
            ("3-1.journal.set-aside", Kind::SetAside),
            (".lock", Kind::Lock),
            ("quarantine", Kind::Quarantine),
            ("42.log", Kind::Foreign),
            ("notes.txt", Kind::Foreign),
        ];
        for (name, kind) in cases {
            assert_eq!(kind_of(Path::new(name)), kind, "{name}");
        }
    }

    #[test]
    fn first_bytes_tell_files_apart() {
        assert_eq!(sniff(b"MILLMETA\0\0\0\x01"), Some(Kind::MetadataLog));
        assert_eq!(sniff(b"version: 0\ntopic_id"), Some(Kind::PartitionMetadata));
        assert_eq!(sniff(b""), None);
        assert_eq!(sniff(&[0; 200]), None);
    }
}
