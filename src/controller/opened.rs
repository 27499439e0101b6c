//! Which metadata all partitions are known to have directories for.
//!
//! `__cluster_metadata/opened` names the version of the image whose partitions all have their
//! directories on disk: written when a start is complete and at a clean stop, after a look that
//! they are there. Is it the version that the next start finds, then a partition without a
//! directory was lost: made anew it would be empty, and nobody would know. With another version
//! (a kill, or a stop, came between the metadata and the directories) what is missing is made,
//! and what a deleted topic has left in a new one's place is set aside, as it should have been.

use std::collections::BTreeSet;
use std::path::Path;

use millstream_engine::meta::{Image, MetaRecord};
use millstream_shards::Shard;
use millstream_wire::Uuid;

use super::load::LoadFault;
use super::marks;
use crate::storage::{StorageFault, Withheld};

/// Directories that one line names.
const NAMED_MAX: usize = 5;

/// Notes that all partitions of `image` have their directories, where that is so: those that
/// `withheld` calls lost apart. A fault is logged: the next start then makes what is missing.
pub async fn note(shard: &Shard, data_dir: &Path, image: &Image, withheld: &Withheld) {
    // A stop before the metadata was read: the note that is there says what there was.
    if image.cluster_id.is_empty() {
        return;
    }
    let noted = async {
        let fault = |doing| move |error| StorageFault::io(doing, data_dir, error);
        let (absent, _) = absent(shard, data_dir, image).await.map_err(fault("list"))?;
        // A partition may be opening still, or have found no space to.
        if !withheld.has_unmade() && absent.iter().all(|key| withheld.is_missing(*key)) {
            // What is named must not be younger than the names of the directories.
            shard.sync_dir(data_dir).await.map_err(fault("flush"))?;
            marks::write(shard, data_dir, marks::OPENED, &[image.version]).await?;
        }
        Ok::<(), StorageFault>(())
    };
    if let Err(fault) = noted.await {
        tracing::warn!(%fault, "{} was not written", marks::OPENED);
    }
}

/// Before records are committed with which no partition comes or goes: what the note says of
/// `image` is true of the next one, too.
pub async fn carry_on(shard: &Shard, data_dir: &Path, image: &Image, records: &[MetaRecord]) {
    let next = image.version + records.len() as u64;
    if marks::read(shard, data_dir, marks::OPENED).await.contains(&image.version)
        && let Err(fault) =
            marks::write(shard, data_dir, marks::OPENED, &[image.version, next]).await
    {
        tracing::warn!(%fault, "{} was not written", marks::OPENED);
    }
}

/// What `carry_on` said of the version after `image`'s is not so: those records were not committed,
/// and others may make that version.
///
/// # Errors
/// It may say so still.
pub async fn take_back(shard: &Shard, data_dir: &Path, image: &Image) -> Result<(), StorageFault> {
    match marks::read(shard, data_dir, marks::OPENED).await.contains(&image.version) {
        true => marks::write(shard, data_dir, marks::OPENED, &[image.version]).await,
        false => Ok(()),
    }
}

/// What a look at the data directory says of the partitions of an image.
#[derive(Debug, Default)]
pub struct Looked {
    /// Those whose directories were there once and are not any more.
    pub missing: Vec<(Uuid, i32)>,
    /// All had their directories once: what is found in another's place, or not at all, was not
    /// brought about by a crash.
    pub is_noted: bool,
}

/// Looks which directories of `image`'s partitions are there.
///
/// # Errors
/// All of them are gone: the directory was copied in part.
pub async fn look(shard: &Shard, data_dir: &Path, image: &Image) -> Result<Looked, LoadFault> {
    let looked = absent(shard, data_dir, image).await;
    let (missing, strangers) = looked.map_err(|cause| LoadFault::Io {
        path: data_dir.to_owned(),
        doing: "list",
        cause,
    })?;
    note_strangers(data_dir, &strangers);
    if !marks::read(shard, data_dir, marks::OPENED).await.contains(&image.version) {
        return Ok(Looked::default());
    }
    if missing.len() as u64 == image.partition_count() && !missing.is_empty() {
        let why = "there is metadata, and none of its partitions' directories is there";
        return Err(LoadFault::Mixed { directory: data_dir.to_owned(), why });
    }
    Ok(Looked { missing, is_noted: true })
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
