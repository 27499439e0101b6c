//! Which journal files there must be: a journal that is missing may have held the only copy of
//! acknowledged records, so its absence has to show.
//!
//! `journal-<shard>.manifest` in the data directory: a version line, then one file name a line.
//! A file is named here when it is complete and before anything is committed to it; it is taken
//! out before it is removed. Text, so that a person who has lost a file can say so.

use std::path::{Path, PathBuf};

use millstream_shards::Shard;

use super::file;
use crate::storage::fault::StorageFault;
use crate::storage::files;

const VERSION_LINE: &str = "version: 1";
const PREFIX: &str = "journal-";
const SUFFIX: &str = ".manifest";

pub fn path(data_dir: &Path, writer: u16) -> PathBuf {
    data_dir.join(format!("{PREFIX}{writer}{SUFFIX}"))
}

/// The writer in a manifest's name.
pub fn parse(name: &str) -> Option<u16> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

/// The slots that the writer's manifest names; none when there is no manifest.
pub async fn read(shard: &Shard, data_dir: &Path, writer: u16) -> Result<Vec<usize>, StorageFault> {
    let path = path(data_dir, writer);
    let Some(bytes) = files::read_small(shard, &path).await? else { return Ok(Vec::new()) };
    decode(&bytes, writer).ok_or(StorageFault::Manifest { path })
}

fn decode(bytes: &[u8], writer: u16) -> Option<Vec<usize>> {
    let mut lines = std::str::from_utf8(bytes).ok()?.lines();
    if lines.next()? != VERSION_LINE {
        return None;
    }
    let slot = |line: &str| file::parse(line).filter(|(of, _)| *of == writer).map(|(_, slot)| slot);
    lines.filter(|line| !line.trim().is_empty()).map(slot).collect()
}

/// Replaces the manifest, durably.
pub async fn write(
    shard: &Shard,
    data_dir: &Path,
    writer: u16,
    slots: &[usize],
) -> Result<(), StorageFault> {
    let mut text = format!("{VERSION_LINE}\n");
    for slot in slots {
        text.push_str(&file::name(writer, *slot));
        text.push('\n');
    }
    files::replace(shard, &path(data_dir, writer), text.into_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_files_of_its_writer_only() {
        assert_eq!(decode(b"version: 1\n2-0.journal\n2-3.journal\n", 2), Some(vec![0, 3]));
        assert_eq!(decode(b"version: 1\n", 2), Some(vec![]));
        for bad in ["", "version: 2\n", "version: 1\n1-0.journal\n", "version: 1\nx\n"] {
            assert_eq!(decode(bad.as_bytes(), 2), None, "{bad}");
        }
        assert_eq!(parse("journal-7.manifest"), Some(7));
        assert_eq!((parse("journal-.manifest"), parse("topic-7")), (None, None));
    }
}
