//! Journal files: their names, how one is made, how one is declared void.
//!
//! `journal/<shard>-<slot>.journal`. A file is written whole, zeros and header, flushed, and
//! only then gets its name: commits into written blocks cost the device one flush and no
//! metadata (LIMITS: 91 against 170 µs). Works in the background, except at start.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use millstream_engine::journal::{FILE_HEADER_BYTES, FileHeader};
use millstream_shards::{File, Open, Shard, Sync};

use crate::storage::files;
use crate::storage::limits::ZEROS_BYTES;

/// The directory of all shards' journals, inside the data directory.
pub const DIRECTORY: &str = "journal";
const SUFFIX: &str = ".journal";
const NEW_SUFFIX: &str = ".journal.new";

pub fn name(writer: u16, slot: usize) -> String {
    format!("{writer}-{slot}{SUFFIX}")
}

pub fn path(dir: &Path, writer: u16, slot: usize) -> PathBuf {
    dir.join(name(writer, slot))
}

/// Writer and slot in a journal's name.
pub fn parse(name: &str) -> Option<(u16, usize)> {
    let (writer, slot) = name.strip_suffix(SUFFIX)?.split_once('-')?;
    let canonical = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (canonical(writer) && canonical(slot))
        .then(|| Some((writer.parse().ok()?, slot.parse().ok()?)))?
}

/// A file that was being made when the process ended.
pub fn is_unfinished(name: &str) -> bool {
    name.ends_with(NEW_SUFFIX)
}

pub async fn open(shard: &Shard, path: &Path, create: bool) -> io::Result<File> {
    let how = Open { read: true, write: true, create, direct: true, ..Open::default() };
    shard.open(path, how).await
}

/// Makes a file of `bytes`, prewritten and durable.
pub async fn make(
    shard: &Shard,
    dir: &Path,
    (writer, slot): (u16, usize),
    bytes: u64,
) -> io::Result<File> {
    files::ensure_directory(shard, dir).await?;
    let name = path(dir, writer, slot);
    let new = dir.join(format!("{writer}-{slot}{NEW_SUFFIX}"));
    let file = open(shard, &new, true).await?;
    let header = FileHeader { writer, slot: slot as u16, file_bytes: bytes, void_upto: 0 };
    let made = async {
        fill(shard, &file, bytes).await?;
        write_header(shard, &file, &header).await?;
        file.sync_all().await?;
        shard.rename(&new, &name).await
    };
    if let Err(error) = made.await {
        // Its space goes back at once.
        let _ = shard.unlink(&new).await;
        return Err(error);
    }
    // Where this fails the file stays: it is an empty journal, and its name is one that a manifest
    // may call for.
    shard.sync_dir(dir).await?;
    Ok(file)
}

async fn fill(shard: &Shard, file: &File, bytes: u64) -> io::Result<()> {
    file.allocate(0, bytes).await?;
    let zeros = zeros(shard).ok_or(io::ErrorKind::OutOfMemory)?;
    let mut at = 0;
    while at < bytes {
        let len = (bytes - at).min(ZEROS_BYTES);
        file.write_at(zeros.slice(..len as usize), at, Sync::None).await?;
        at += len;
        shard.yield_now().await;
    }
    Ok(())
}

fn zeros(shard: &Shard) -> Option<Bytes> {
    let mut buf = shard.pool().try_take(ZEROS_BYTES as usize)?;
    buf.fill(0);
    Some(buf.into_bytes(ZEROS_BYTES as usize))
}

/// Replaces the header, durably.
pub async fn write_header(shard: &Shard, file: &File, header: &FileHeader) -> io::Result<()> {
    // Not from under the ceiling: tails that fill it may wait for this very file.
    let mut block = shard.pool().page().ok_or(io::ErrorKind::OutOfMemory)?;
    block.fill(0);
    header.encode(&mut block);
    file.write_at(block.into_bytes(FILE_HEADER_BYTES as usize), 0, Sync::Data).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_writer_and_slot() {
        assert_eq!(path(Path::new("/d"), 3, 1), Path::new("/d/3-1.journal"));
        assert_eq!(parse("3-1.journal"), Some((3, 1)));
        for foreign in
            ["3-1.journal.new", "3.journal", "a-1.journal", "-1.journal", "3-1.log", "3-+1.journal"]
        {
            assert_eq!(parse(foreign), None, "{foreign}");
        }
    }
}
