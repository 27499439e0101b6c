//! The mark of a failed flush: an empty file in a partition's directory.
//!
//! A flush that succeeds after one that failed proves nothing: what the first was to bring to the
//! device may have left all caches since, or be there for readers and gone with the power. Within a
//! process such a log is given up, and what no checkpoint has is written again when it is opened
//! next (`Wanted::rewrites`). A process that is killed before that leaves the mark, and the next
//! start does the same. The mark is never flushed: where the power takes it, it takes what was in
//! caches, too, and nobody has been shown any of that. Made when a log fails and when its opening
//! does, removed by an opening that has written again.

use std::io;
use std::path::Path;

use millstream_shards::{Open, Shard};

use super::fault::StorageFault;

/// In a partition's directory.
pub const FLUSH_FAILED_NAME: &str = "flush-failed";

/// Leaves the mark. That it cannot be made is logged: a kill before the log is back then leaves
/// nothing that tells the next start.
pub(super) async fn mark(shard: &Shard, dir: &Path) {
    if let Err(fault) = try_mark(shard, dir).await {
        tracing::warn!(%fault, "a failed flush is not marked");
    }
}

/// As `mark`.
///
/// # Errors
/// The mark was not made.
pub(super) async fn try_mark(shard: &Shard, dir: &Path) -> Result<(), StorageFault> {
    let path = dir.join(FLUSH_FAILED_NAME);
    let how = Open { write: true, create: true, ..Open::default() };
    match shard.open(&path, how).await {
        // Without its directory there is nothing that could be believed.
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StorageFault::io("create", path, error))
        }
        _ => Ok(()),
    }
}

/// All that it stood for was written again. Left where it cannot be removed, it costs the next
/// opening some writes.
pub(super) async fn clear(shard: &Shard, dir: &Path) {
    let path = dir.join(FLUSH_FAILED_NAME);
    match shard.unlink(&path).await {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %fault, "it is not removed");
        }
        _ => {}
    }
}
