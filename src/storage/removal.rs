//! Giving space back: large files are cut down slice by slice before they lose their name.
//!
//! Freeing a GiB at once makes the file system hold its locks for long, and every flush waits.
//! All of it is background work by the ring; no shard waits. Called for segments that retention
//! or compaction has set away, and for deleted partitions.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use millstream_shards::{Class, Open, Shard};

use super::limits::{REMOVAL_PAUSE_MS, REMOVAL_SLICE_BYTES};
use super::partition::Inner;

/// Removes a file that nobody reads any more; one that is gone is fine.
pub(super) async fn remove_file(shard: &Shard, path: &Path) -> io::Result<()> {
    let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    if let Ok(mut bytes) = shard.file_len(path).await
        && bytes > REMOVAL_SLICE_BYTES
    {
        let how = Open { write: true, ..Open::default() };
        let file = shard.open(path, how).await?;
        while bytes > REMOVAL_SLICE_BYTES {
            bytes -= REMOVAL_SLICE_BYTES;
            file.set_len(bytes).await?;
            shard.sleep(Duration::from_millis(REMOVAL_PAUSE_MS)).await;
        }
    }
    match shard.unlink(path).await {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

impl Inner {
    /// Removes files that were set away, once their last readers have had
    /// `file.delete.delay.ms`.
    pub fn remove_later(&self, paths: Vec<PathBuf>) {
        if paths.is_empty() {
            return;
        }
        let shard = self.shared.shard.clone();
        let delay_ms = self.log.borrow().config().file_delete_delay_ms;
        self.shared.shard.spawn(Class::Background, "segment-removal", async move {
            shard.sleep(Duration::from_millis(delay_ms)).await;
            for path in paths {
                if let Err(error) = remove_file(&shard, &path).await {
                    tracing::warn!(path = %path.display(), %error, "segment file stays");
                }
            }
        });
    }
}
