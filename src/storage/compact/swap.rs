//! One new segment takes the place of several, at any moment of which the power may fail.
//!
//! The steps, each durable before the next: (1) `<base>.log.cleaned` is complete and flushed;
//! (2) it is renamed to `<base>.<end>.swap`: from here on it is the log's, for the offsets that
//! its name says; (3) the old segments' files and sidecars lose their names; (4) it gets its
//! own, `<base>.log`. Before (2) a restart throws it away, after (2) a restart goes on at (3).
//! The log in memory changes between (2) and (3); until (4) readers get the open file, and who
//! holds an old file keeps reading it.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_engine::log::Segment;
use millstream_shards::{File, Shard};

use super::output::{CLEANED_SUFFIX, cleaned_path};
use super::run::RunFault;
use crate::storage::fault::StorageFault;
use crate::storage::partition::Inner;
use crate::storage::seal::DELETED_SUFFIX;
use crate::storage::{files, sidecar};

const SWAP_SUFFIX: &str = ".swap";

fn swap_path(dir: &Path, base: Offset, end: Offset) -> PathBuf {
    let (base, end) = (Segment::file_stem(base), Segment::file_stem(end));
    dir.join(format!("{base}.{end}{SWAP_SUFFIX}"))
}

/// The offsets that a swap file stands for.
fn swap_range(name: &str) -> Option<(Offset, Offset)> {
    let (base, end) = name.strip_suffix(SWAP_SUFFIX)?.split_once('.')?;
    let base = files::segment_base(&format!("{base}.log"))?;
    let end = files::segment_base(&format!("{end}.log"))?;
    (base < end).then_some((base, end))
}

impl Inner {
    /// Puts `cleaned`, complete and flushed under its first name, in the place of `group`.
    pub(super) async fn exchange(
        self: &Rc<Self>,
        group: &[Segment],
        cleaned: Segment,
        file: File,
    ) -> Result<(), RunFault> {
        let (base, end) = (cleaned.base, cleaned.end);
        if self.kept.get().sealed < end {
            // Of what a producer has written its last batch alone stays, but its retries may be
            // of older ones: a restart must find those in a checkpoint.
            self.checkpoint().await?;
        }
        let _names = self.cleaning.naming.acquire(1).await;
        let first = cleaned_path(&self.name.path, base);
        let is_open = |segment: &Segment| self.writers.borrow().contains_key(&segment.base);
        let may = self.may_clean() && !group.iter().any(is_open);
        if !may || !self.log.borrow().still_has(group) {
            let _ = self.shared.shard.unlink(&first).await;
            return Err(RunFault::Abandoned("the segments changed meanwhile"));
        }
        let swap = swap_path(&self.name.path, base, end);
        rename(&self.shared.shard, &first, &swap).await?;
        // From here on the next start completes the exchange: a log that went on without it would
        // be another one.
        let exchanged = self.complete_exchange(group, cleaned, (file, &swap)).await;
        if let Err(StorageFault::Io { error, .. }) = &exchanged {
            self.fail(std::io::Error::new(error.kind(), error.to_string()));
        }
        Ok(exchanged?)
    }

    async fn complete_exchange(
        self: &Rc<Self>,
        group: &[Segment],
        cleaned: Segment,
        (file, swap): (File, &Path),
    ) -> Result<(), StorageFault> {
        let (dir, shard, base) = (&self.name.path, &self.shared.shard, cleaned.base);
        sync(shard, dir).await?;
        let index = sidecar::encode_index(&cleaned);
        *self.cleaning.incoming.borrow_mut() = Some((base, file));
        self.log.borrow_mut().apply_cleaned(group, cleaned);
        self.cleaning.exchanged(group);
        let mut away = Vec::new();
        for segment in group {
            self.forget_readers(segment.base);
            away.extend(set_away(shard, dir, segment.base).await?);
        }
        sync(shard, dir).await?;
        rename(shard, swap, &files::segment_path(dir, base)).await?;
        sync(shard, dir).await?;
        self.cleaning.incoming.borrow_mut().take();
        self.dirty.set(true);
        self.remove_later(away);
        if let Some(bytes) = index {
            let path = files::index_path(dir, base);
            match files::replace(shard, &path, bytes).await {
                Ok(()) => self.log.borrow_mut().set_index(base, None),
                Err(fault) => tracing::warn!(%fault, "no index sidecar"),
            }
        }
        Ok(())
    }
}

/// What a crash left of exchanges: those that had begun are completed, others undone. Called
/// before anything else looks at the directory.
pub(crate) async fn finish_swaps(shard: &Shard, dir: &Path) -> Result<(), StorageFault> {
    let entries = shard.read_dir(dir).await.map_err(|e| StorageFault::io("list", dir, e))?;
    let names: Vec<&str> = entries.iter().filter_map(|entry| entry.name.to_str()).collect();
    for name in names.iter().filter(|name| name.ends_with(CLEANED_SUFFIX)) {
        let path = dir.join(name);
        shard.unlink(&path).await.map_err(|e| StorageFault::io("remove", path, e))?;
    }
    let swaps: Vec<_> = names.iter().filter_map(|name| Some((name, swap_range(name)?))).collect();
    if !swaps.is_empty() {
        // A killed process may have given the name and not flushed it: old segments would lose
        // theirs for a swap that a power cut takes back.
        sync(shard, dir).await?;
    }
    for (name, (base, end)) in swaps {
        tracing::info!(path = %dir.join(name).display(), "an exchange of segments is completed");
        let replaced = names.iter().filter_map(|name| files::segment_base(name));
        for old in replaced.filter(|old| base <= *old && *old < end) {
            set_away(shard, dir, old).await?;
        }
        sync(shard, dir).await?;
        rename(shard, &dir.join(name), &files::segment_path(dir, base)).await?;
        sync(shard, dir).await?;
    }
    Ok(())
}

/// Takes a segment's sidecar away and renames its file; gives the new name.
async fn set_away(
    shard: &Shard,
    dir: &Path,
    base: Offset,
) -> Result<Option<PathBuf>, StorageFault> {
    let gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let index = files::index_path(dir, base);
    match shard.unlink(&index).await {
        Err(error) if !gone(&error) => return Err(StorageFault::io("remove", index, error)),
        _ => {}
    }
    let path = files::segment_path(dir, base);
    let mut away = path.clone().into_os_string();
    away.push(DELETED_SUFFIX);
    let away = PathBuf::from(away);
    match shard.rename(&path, &away).await {
        Ok(()) => Ok(Some(away)),
        Err(error) if gone(&error) => Ok(None),
        Err(error) => Err(StorageFault::io("rename", path, error)),
    }
}

async fn rename(shard: &Shard, from: &Path, to: &Path) -> Result<(), StorageFault> {
    shard.rename(from, to).await.map_err(|error| StorageFault::io("rename", from, error))
}

async fn sync(shard: &Shard, dir: &Path) -> Result<(), StorageFault> {
    shard.sync_dir(dir).await.map_err(|error| StorageFault::io("flush", dir, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_files_name_says_what_it_stands_for() {
        let dir = Path::new("/d");
        let path = swap_path(dir, Offset(5), Offset(70));
        let name = path.file_name().and_then(|name| name.to_str()).expect("text");
        assert_eq!(swap_range(name), Some((Offset(5), Offset(70))));
        assert_eq!(files::segment_base(name), None, "it is no segment");
        for foreign in ["5.70.swap", "00000000000000000005.swap", "00000000000000000005.log"] {
            assert_eq!(swap_range(foreign), None, "{foreign}");
        }
    }
}
