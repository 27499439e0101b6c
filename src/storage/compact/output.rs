//! The file that a run writes its batches to: `<base>.log.cleaned`, direct I/O, no name of its own
//! in the log until `swap` gives it one.

use std::path::{Path, PathBuf};

use millstream_engine::ids::Offset;
use millstream_engine::limits::BLOCK_BYTES;
use millstream_engine::log::Segment;
use millstream_shards::{AlignedBuf, File, Open, Shard, Sync};

use crate::memory;
use crate::storage::fault::StorageFault;
use crate::storage::limits::CLEAN_WRITE_BYTES;

/// What a segment is called while it is written.
pub const CLEANED_SUFFIX: &str = ".log.cleaned";

pub(super) fn cleaned_path(dir: &Path, base: Offset) -> PathBuf {
    dir.join(format!("{}{CLEANED_SUFFIX}", Segment::file_stem(base)))
}

/// See the module.
pub(super) struct Output {
    shard: Shard,
    pub path: PathBuf,
    file: File,
    buf: Option<AlignedBuf>,
    filled: usize,
    written: u64,
}

impl Output {
    /// An empty file, in place of one that an earlier run has left.
    pub async fn create(shard: &Shard, path: PathBuf) -> Result<Output, StorageFault> {
        let how = Open {
            read: true,
            write: true,
            create: true,
            truncate: true,
            direct: true,
            ..Open::default()
        };
        let file = shard.open(&path, how).await;
        let file = file.map_err(|error| StorageFault::io("create", &path, error))?;
        Ok(Output { shard: shard.clone(), path, file, buf: None, filled: 0, written: 0 })
    }

    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), StorageFault> {
        while !bytes.is_empty() {
            let mut buf = self.buffer().await?;
            let count = bytes.len().min(CLEAN_WRITE_BYTES as usize - self.filled);
            buf[self.filled..self.filled + count].copy_from_slice(&bytes[..count]);
            self.filled += count;
            bytes = &bytes[count..];
            self.buf = Some(buf);
            if self.filled == CLEAN_WRITE_BYTES as usize {
                self.write_out().await?;
            }
        }
        Ok(())
    }

    async fn buffer(&mut self) -> Result<AlignedBuf, StorageFault> {
        if let Some(buf) = self.buf.take() {
            return Ok(buf);
        }
        let taken = memory::block(&self.shard, CLEAN_WRITE_BYTES as usize).await;
        taken.map_err(|error| StorageFault::io("find memory for", &self.path, error))
    }

    /// What is in the buffer, padded to whole blocks.
    async fn write_out(&mut self) -> Result<(), StorageFault> {
        let Some(mut buf) = self.buf.take() else { return Ok(()) };
        let len = self.filled.next_multiple_of(BLOCK_BYTES as usize);
        buf[self.filled..len].fill(0);
        let wrote = self.file.write_at(buf.into_bytes(len), self.written, Sync::None).await;
        wrote.map_err(|error| StorageFault::io("write", &self.path, error))?;
        self.written += self.filled as u64;
        self.filled = 0;
        Ok(())
    }

    /// The complete file, cut to its bytes and on the device.
    pub async fn finish(mut self) -> Result<(File, u64), StorageFault> {
        self.write_out().await?;
        let cut = async {
            self.file.set_len(self.written).await?;
            self.file.sync_all().await
        };
        cut.await.map_err(|error| StorageFault::io("flush", &self.path, error))?;
        Ok((self.file, self.written))
    }
}
