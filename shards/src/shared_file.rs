//! `SharedFile`: a read-only file that every shard may use, through the page cache.
//!
//! Segment files have one writer, which writes past the cache; their readers are on whatever
//! shard accepted them, and share what one of them has read. The file is closed with its last
//! clone, operations under way included, on whatever thread that goes.
//!
//! A direct write drops the pages that it covers, before and after, so whoever looks a page up
//! after the write has completed finds the new bytes. What a page holds that lies in a socket
//! stays as it was. What was read into the cache may be dropped at any time and be read again
//! from the device, by whoever reads it or its neighbours next: that bytes were once found good
//! is not a promise about the device since.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use crate::driver::{Op, Open, Shared};
use crate::fs::{c_path, handle_of, read_filled};
use crate::limits::LOAD_FROM_BYTES;
use crate::pool::AlignedBuf;
use crate::shard::Shard;

/// A clone is one of the same epoch: see `renew`.
#[derive(Clone)]
pub struct SharedFile {
    shared: Arc<Shared>,
    epoch: u64,
}

/// What became of a range that was to be sent from the page cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// So many bytes are on their way, at least one.
    Bytes(u64),
    /// The range's first page is not in memory, or past the file's end: read it first. Or the
    /// file is of a past epoch. Nothing was sent.
    NotResident,
}

impl Shard {
    /// Opens a file for reading through the page cache, by any shard.
    pub async fn open_shared(&self, path: &Path) -> io::Result<SharedFile> {
        let path = c_path(path)?;
        let how = Open { read: true, ..Open::default() };
        let handle = handle_of(self.0.start(Op::Open { path, how }).await)?;
        let shared = self.0.driver().share(handle);
        Ok(SharedFile { epoch: shared.epoch(), shared })
    }
}

impl SharedFile {
    /// Reads `len` bytes at `offset` to the start of `buf`, and into the page cache; fewer only
    /// at the end of the file. A read of `LOAD_FROM_BYTES` or more loads what it misses.
    ///
    /// # Panics
    /// If `buf` is smaller.
    pub async fn read_at(
        &self,
        shard: &Shard,
        buf: AlignedBuf,
        len: usize,
        offset: u64,
    ) -> (io::Result<usize>, AlignedBuf) {
        if len >= LOAD_FROM_BYTES {
            self.load(shard, offset..offset + len as u64).await;
        }
        let start = |read| shard.0.start_on(Rc::new(self.clone()), read);
        read_filled(self.shared.handle(), buf, len, offset, 1, start).await
    }

    /// Brings the range into the page cache in units of `LOAD_BYTES`: the cheap way for those who
    /// will read on. Best effort: what is missing after, a read finds, or why.
    pub async fn load(&self, shard: &Shard, range: Range<u64>) {
        let mut at = range.start;
        loop {
            at += self.resident(shard, at..range.end);
            if at >= range.end {
                return;
            }
            let permit = shard.0.loads.acquire(1).await;
            // Somebody else may have loaded it meanwhile.
            if self.resident(shard, at..at + 1) == 1 {
                continue;
            }
            // The operation has the permit, should nobody await it any more.
            let (owner, load) =
                (Rc::new(permit), Op::Load { file: self.shared.clone(), offset: at });
            if shard.0.start_on(owner, load).await.result.is_err() {
                return;
            }
            // The file ends here, or nothing can be kept.
            if self.resident(shard, at..at + 1) == 0 {
                return;
            }
        }
    }

    /// How many bytes from the range's start on are in memory: read and sent without waiting, if
    /// that happens soon. Costs a system call and 30 ns a page, and does not wait.
    pub fn resident(&self, shard: &Shard, range: Range<u64>) -> u64 {
        shard.0.driver().resident(&self.shared, range)
    }

    /// What was known of the file's pages is not known any more: nothing is sent by those who
    /// have it from before, on whatever shard, not even by sends that wait for room.
    pub fn renew(&mut self) {
        self.epoch = self.shared.begin_epoch();
    }

    /// Whether nobody has renewed it since.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.epoch == self.shared.epoch()
    }

    pub(crate) fn as_of(&self) -> (Arc<Shared>, u64) {
        (self.shared.clone(), self.epoch)
    }
}

impl fmt::Debug for SharedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.fmt(f)
    }
}
