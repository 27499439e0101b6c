//! Two small notes beside the metadata log, each of a version of the image.
//!
//! `__cluster_metadata/opened` names the versions of which all partitions had directories;
//! `__cluster_metadata/clean` is there while the broker is down, if all that it had was flushed
//! when it stopped. Text, replaced as a whole and flushed; a note that is not there, or not
//! sound, or of another version says nothing, and its reader then does the safe thing.

use std::io;
use std::path::Path;

use millstream_shards::Shard;

use crate::storage::{StorageFault, files};

pub const OPENED: &str = "__cluster_metadata/opened";
pub const CLEAN: &str = "__cluster_metadata/clean";

/// Writes a note of `versions`; durable on return.
///
/// # Errors
/// It could not be written; the note before it may be there still.
pub async fn write(
    shard: &Shard,
    data_dir: &Path,
    note: &str,
    versions: &[u64],
) -> Result<(), StorageFault> {
    let text: String = versions.iter().map(|version| format!("version={version}\n")).collect();
    files::replace(shard, &data_dir.join(note), text.into_bytes()).await
}

/// The versions that the note names: none, if it is not there or not sound.
pub async fn read(shard: &Shard, data_dir: &Path, note: &str) -> Vec<u64> {
    read_sound(shard, data_dir, note).await.unwrap_or_default()
}

async fn read_sound(shard: &Shard, data_dir: &Path, note: &str) -> Option<Vec<u64>> {
    let bytes = files::read_small(shard, &data_dir.join(note)).await.ok()??;
    let text = std::str::from_utf8(&bytes).ok()?;
    let whole = text.ends_with('\n').then_some(text)?;
    whole.lines().map(|line| line.strip_prefix("version=")?.parse().ok()).collect()
}

/// Takes a note away; durable on return. `false` when there was none.
///
/// # Errors
/// It may be there still.
pub async fn remove(shard: &Shard, data_dir: &Path, note: &str) -> io::Result<bool> {
    let path = data_dir.join(note);
    match shard.unlink(&path).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
        Ok(()) => shard.sync_dir(path.parent().unwrap_or(data_dir)).await.map(|()| true),
    }
}
