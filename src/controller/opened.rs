//! Which metadata all partitions are known to have directories for.
//!
//! `__cluster_metadata/opened` names the version of the image whose partitions all have their
//! directories on disk: written when a start is complete and at a clean stop, after a look that
//! they are there. Is it the version that the next start finds, then a partition without a
//! directory was lost: made anew it would be empty, and nobody would know. With another version
//! (a kill, or a stop, came between the metadata and the directories) what is missing is made,
//! as it should have been.

use std::collections::BTreeSet;
use std::path::Path;

use bytes::Bytes;
use millstream_engine::meta::Image;
use millstream_shards::{Open, Shard, Sync};
use millstream_wire::Uuid;

use super::load::LoadFault;
use crate::storage::Withheld;

const FILE: &str = "__cluster_metadata/opened";
const FILE_BYTES_MAX: usize = 4096;
/// Directories that one line names.
const NAMED_MAX: usize = 5;

/// Notes that all partitions of `image` have their directories, where that is so: those that
/// `withheld` calls lost apart. A fault is logged: the next start then makes what is missing.
pub async fn note(shard: &Shard, data_dir: &Path, image: &Image, withheld: &Withheld) {
    let noted = async {
        let (absent, _) = absent(shard, data_dir, image).await?;
        // A partition may be opening still, or have found no space to.
        if absent.iter().all(|key| withheld.is_missing(*key)) {
            // What is named must not be younger than the names of the directories.
            shard.sync_dir(data_dir).await?;
            write(shard, data_dir, image.version).await?;
        }
        Ok::<(), std::io::Error>(())
    };
    if let Err(fault) = noted.await {
        tracing::warn!(%fault, "{FILE} was not written");
    }
}

async fn write(shard: &Shard, data_dir: &Path, version: u64) -> std::io::Result<()> {
    let path = data_dir.join(FILE);
    let temporary = path.with_extension("new");
    let how = Open { write: true, create: true, truncate: true, ..Open::default() };
    let file = shard.open(&temporary, how).await?;
    file.write_at(Bytes::from(format!("version={version}\n")), 0, Sync::None).await?;
    file.sync_all().await?;
    shard.rename(&temporary, &path).await?;
    shard.sync_dir(path.parent().unwrap_or(data_dir)).await
}

/// The version, if the file is there and sound; it is never needed.
async fn read(shard: &Shard, data_dir: &Path) -> Option<u64> {
    let how = Open { read: true, ..Open::default() };
    let file = shard.open(&data_dir.join(FILE), how).await.ok()?;
    let buf = shard.pool().take(FILE_BYTES_MAX).await?;
    let (count, buf) = file.read_at(buf, FILE_BYTES_MAX, 0).await;
    let text = std::str::from_utf8(&buf[..count.ok()?]).ok()?;
    text.strip_prefix("version=")?.strip_suffix('\n')?.parse().ok()
}

/// The partitions of `image` whose directories were there once and are not any more.
///
/// # Errors
/// All of them are gone: the directory was copied in part.
pub async fn missing(
    shard: &Shard,
    data_dir: &Path,
    image: &Image,
) -> Result<Vec<(Uuid, i32)>, LoadFault> {
    let looked = absent(shard, data_dir, image).await;
    let (missing, strangers) = looked.map_err(|cause| LoadFault::Io {
        path: data_dir.to_owned(),
        doing: "list",
        cause,
    })?;
    note_strangers(data_dir, &strangers);
    if read(shard, data_dir).await != Some(image.version) {
        return Ok(Vec::new());
    }
    if missing.len() as u64 == image.partition_count() && !missing.is_empty() {
        let why = "there is metadata, and none of its partitions' directories is there";
        return Err(LoadFault::Mixed { directory: data_dir.to_owned(), why });
    }
    Ok(missing)
}

/// The partitions of `image` that have no directory, and the directories that are not theirs.
async fn absent(
    shard: &Shard,
    data_dir: &Path,
    image: &Image,
) -> std::io::Result<(Vec<(Uuid, i32)>, BTreeSet<String>)> {
    let entries = shard.read_dir(data_dir).await?;
    let dirs = entries.into_iter().filter(|entry| entry.is_dir);
    let mut found: BTreeSet<String> =
        dirs.filter_map(|entry| entry.name.into_string().ok()).collect();
    let mut absent = Vec::new();
    for topic in image.topics() {
        for (index, _) in topic.indexed() {
            if !found.remove(&format!("{}-{}", topic.name, index.0)) {
                absent.push((topic.id, index.0));
            }
        }
    }
    Ok((absent, found))
}

/// Partitions of no topic: of one whose deletion did not end, or put there by somebody.
fn note_strangers(data_dir: &Path, found: &BTreeSet<String>) {
    let partition = |name: &&String| crate::storage::files::parse_partition(name).is_some();
    let strangers: Vec<&String> = found.iter().filter(partition).collect();
    if let Some(more) = strangers.len().checked_sub(1) {
        let first: Vec<_> = strangers.iter().take(NAMED_MAX).collect();
        let (count, dir) = (more + 1, data_dir.display());
        tracing::warn!(%dir, count, ?first, "directories of no topic's partitions; left alone");
    }
}
