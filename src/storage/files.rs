//! Directories, names and small files of partitions, as Kafka lays them out.
//!
//! `<topic>-<index>/`: `partition.metadata`, `<base offset, 20 digits>.log`, `.index` sidecars
//! (ours), `checkpoint` (ours). Small files are replaced as a whole: written beside, flushed,
//! renamed, directory flushed. Called by recovery, sealing and deletion.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::log::Segment;
use millstream_shards::{File, Open, Shard, Sync};

use super::fault::StorageFault;
use super::limits::{FILE_NAME_BYTES_MAX, SIDECAR_BYTES_MAX};
use super::{removal, sidecar};
use crate::memory;

pub const CHECKPOINT_NAME: &str = "checkpoint";
/// Notes of damage, for readers and for people.
pub const QUARANTINE_NAME: &str = "quarantine";
pub const METADATA_NAME: &str = "partition.metadata";
/// While it is written.
pub const UNFINISHED_METADATA_NAME: &str = "partition.metadata.new";
const DELETE_SUFFIX: &str = "-delete";
const STRAY_SUFFIX: &str = "-stray";
/// A later segment that recovery could not connect to the log; kept for a person to look at.
pub const SET_ASIDE_SUFFIX: &str = ".set-aside";

pub fn partition_dir(dir: &Path, topic: &str, index: i32) -> PathBuf {
    dir.join(format!("{topic}-{index}"))
}

pub fn segment_path(dir: &Path, base: Offset) -> PathBuf {
    dir.join(format!("{}.log", Segment::file_stem(base)))
}

pub fn index_path(dir: &Path, base: Offset) -> PathBuf {
    dir.join(format!("{}.index", Segment::file_stem(base)))
}

/// The base offset in a segment's file name.
pub fn segment_base(name: &str) -> Option<Offset> {
    let digits = name.strip_suffix(".log").filter(|stem| stem.len() == 20)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok().map(Offset))?
}

/// The name under which a directory waits for its removal, as Kafka's, cut where too long.
pub fn delete_path(partition: &Path, unique: u64) -> PathBuf {
    away_path(partition, unique, DELETE_SUFFIX)
}

/// The name, as Kafka's, of a directory that a new topic's needs; nothing looks at it any more.
pub fn stray_path(partition: &Path, unique: u64) -> PathBuf {
    away_path(partition, unique, STRAY_SUFFIX)
}

fn away_path(partition: &Path, unique: u64, suffix: &str) -> PathBuf {
    let name = partition.file_name().unwrap_or_default().to_string_lossy();
    let suffix = format!(".{unique:016x}{suffix}");
    let kept = name.len().min(FILE_NAME_BYTES_MAX - suffix.len());
    partition.with_file_name(format!("{}{suffix}", &name[..kept]))
}

/// A directory that was to be removed when the process ended: exactly what `delete_path` makes.
pub fn is_deleted(name: &str) -> bool {
    let stem = name.strip_suffix(DELETE_SUFFIX).and_then(|stem| stem.rsplit_once('.'));
    stem.is_some_and(|(_, unique)| {
        unique.len() == 16 && unique.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Splits `<topic>-<index>`.
pub fn parse_partition(name: &str) -> Option<(&str, i32)> {
    let (topic, index) = name.rsplit_once('-')?;
    let canonical = !topic.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
    canonical.then(|| index.parse().ok().map(|index| (topic, index)))?
}

/// The whole of a small file; `None` when there is none.
pub async fn read_small(shard: &Shard, path: &Path) -> Result<Option<Bytes>, StorageFault> {
    let how = Open { read: true, ..Open::default() };
    let file = match shard.open(path, how).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StorageFault::io("open", path, error)),
    };
    let bytes = file.len().await.map_err(|e| StorageFault::io("measure", path, e))?;
    if bytes > SIDECAR_BYTES_MAX {
        return Err(StorageFault::TooLarge { path: path.into(), bytes });
    }
    if bytes == 0 {
        return Ok(Some(Bytes::new()));
    }
    let buf = memory::block(shard, bytes as usize).await;
    let buf = buf.map_err(|error| StorageFault::io("find memory for", path, error))?;
    let (count, buf) = file.read_at(buf, bytes as usize, 0).await;
    let count = count.map_err(|e| StorageFault::io("read", path, e))?;
    Ok(Some(buf.into_bytes(count)))
}

/// Replaces `path` by `bytes`, durably. A crash leaves the old file or the new one.
pub async fn replace(shard: &Shard, path: &Path, bytes: Vec<u8>) -> Result<(), StorageFault> {
    let beside = sidecar::temporary(path);
    let how = Open { write: true, create: true, truncate: true, ..Open::default() };
    let fault = |doing| move |error| StorageFault::io(doing, path, error);
    let file = shard.open(&beside, how).await.map_err(fault("create"))?;
    file.write_at(Bytes::from(bytes), 0, Sync::None).await.map_err(fault("write"))?;
    file.sync_data().await.map_err(fault("flush"))?;
    shard.rename(&beside, path).await.map_err(fault("rename"))?;
    if let Some(parent) = path.parent() {
        shard.sync_dir(parent).await.map_err(fault("flush the directory of"))?;
    }
    Ok(())
}

/// Writes so many bytes that cannot be compressed beside `path`, durably, and removes them: whether
/// the device takes what a log would give it, not only what it has room for by chance.
pub async fn try_writing(shard: &Shard, path: &Path, bytes: usize) -> Result<(), StorageFault> {
    let beside = sidecar::temporary(path);
    let how = Open { write: true, create: true, truncate: true, ..Open::default() };
    let fault = |doing| move |error| StorageFault::io(doing, path, error);
    let file = shard.open(&beside, how).await.map_err(fault("create beside"))?;
    let mut state = 1_u64;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    });
    let content = noise.take(bytes).collect::<Vec<u8>>();
    file.write_at(Bytes::from(content), 0, Sync::None).await.map_err(fault("write beside"))?;
    file.sync_data().await.map_err(fault("flush beside"))?;
    shard.unlink(&beside).await.map_err(fault("remove beside"))
}

/// Opens a segment file for direct I/O.
pub async fn open_segment(shard: &Shard, path: &Path, create: bool) -> std::io::Result<File> {
    let how = Open { read: true, write: true, create, direct: true, ..Open::default() };
    shard.open(path, how).await
}

/// Makes a directory where there is none; on return it is in its parent durably. One that was made
/// here and may not be is taken away again: found there, it would be believed, and a later flush of
/// its name would prove nothing. One that is found may be what a killed process has not flushed.
pub async fn ensure_directory(shard: &Shard, dir: &Path) -> std::io::Result<()> {
    let is_found = match shard.make_dir(dir).await {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => true,
        made => made.map(|()| false)?,
    };
    let Some(parent) = dir.parent() else { return Ok(()) };
    let flushed = shard.sync_dir(parent).await;
    if flushed.is_err() && !is_found {
        let _ = shard.remove_dir(dir).await;
    }
    flushed
}

/// Makes a segment's file, which is in its directory durably on return. One that may not be is
/// taken away again: a later flush of the directory would prove nothing.
pub async fn create_segment(shard: &Shard, path: &Path) -> std::io::Result<File> {
    let file = open_segment(shard, path, true).await?;
    if let Some(parent) = path.parent()
        && let Err(error) = shard.sync_dir(parent).await
    {
        let _ = shard.unlink(path).await;
        return Err(error);
    }
    Ok(file)
}

/// Removes a directory and the files in it; what is gone already is fine.
pub async fn remove_tree(shard: &Shard, dir: &Path) -> Result<(), StorageFault> {
    let entries = match shard.read_dir(dir).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StorageFault::io("list", dir, error)),
    };
    for entry in entries.iter().filter(|entry| !entry.is_dir) {
        let path = dir.join(&entry.name);
        let removed = removal::remove_file(shard, &path).await;
        removed.map_err(|e| StorageFault::io("remove", path, e))?;
    }
    shard.remove_dir(dir).await.map_err(|e| StorageFault::io("remove", dir, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kafkas() {
        let dir = Path::new("/d");
        assert_eq!(partition_dir(dir, "a-b", 7), Path::new("/d/a-b-7"));
        assert_eq!(segment_path(dir, Offset(42)), dir.join("00000000000000000042.log"));
        assert_eq!(segment_base("00000000000000000042.log"), Some(Offset(42)));
        for foreign in ["42.log", "0000000000000000004x.log", "00000000000000000042.index"] {
            assert_eq!(segment_base(foreign), None, "{foreign}");
        }
        assert_eq!(parse_partition("a-b-7"), Some(("a-b", 7)));
        for foreign in ["a", "-7", "a-", "a-x", "a-+7"] {
            assert_eq!(parse_partition(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_deleted_directory_has_a_name_that_fits() {
        let long = format!("/d/{}-0", "t".repeat(249));
        let deleted = delete_path(Path::new(&long), 1);
        let name = deleted.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(name.len() <= FILE_NAME_BYTES_MAX && is_deleted(&name), "{name}");
        for kept in ["topic-delete", "my.backup-delete", "a.0123456789ABCDEF-delete", "-delete"] {
            assert!(!is_deleted(kept), "{kept} is somebody's");
        }
    }
}
