//! A segment file that is being written: reserved space, no bytes of its own.
//!
//! Space is reserved ahead of the log's end in the background, in steps that double. Small
//! commits, to which a write into reserved space is dear, go to the journal.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::rc::Rc;

use millstream_engine::limits::BLOCK_BYTES;
use millstream_shards::sync::Notify;
use millstream_shards::{Class, File, Shard};

use super::files;
use super::limits::{ALLOCATE_BYTES_MAX, ALLOCATE_BYTES_MIN};

/// One file and what is known of its space.
pub(crate) struct SegmentFile {
    pub file: File,
    /// Reserved up to here; also the file's length.
    allocated: Cell<u64>,
    allocating: Cell<bool>,
    changed: Notify,
}

impl SegmentFile {
    /// Opens the file, or makes it: a new one is in its directory durably on return.
    pub async fn open(shard: &Shard, path: &Path) -> io::Result<SegmentFile> {
        let file = match files::open_segment(shard, path, false).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                files::create_segment(shard, path).await?
            }
            opened => opened?,
        };
        // A cut file may end inside a block; the reservation begins with that block.
        let allocated = file.len().await? / BLOCK_BYTES * BLOCK_BYTES;
        Ok(SegmentFile {
            file,
            allocated: Cell::new(allocated),
            allocating: Cell::new(false),
            changed: Notify::new(),
        })
    }

    /// Reserves `[0, upto)`.
    pub async fn prepare(&self, upto: u64) -> io::Result<()> {
        loop {
            let changed = self.changed.notified();
            if self.allocated.get() >= upto {
                return Ok(());
            } else if self.allocating.get() {
                changed.await;
            } else {
                self.allocate(upto - self.allocated.get()).await?;
            }
        }
    }

    async fn allocate(&self, at_least: u64) -> io::Result<()> {
        self.allocating.set(true);
        let from = self.allocated.get();
        let step = from.clamp(ALLOCATE_BYTES_MIN, ALLOCATE_BYTES_MAX).max(at_least);
        let reserved = self.file.allocate(from, step).await;
        self.allocating.set(false);
        if reserved.is_ok() {
            self.allocated.set(from + step);
        }
        self.changed.notify_waiters();
        reserved
    }

    /// With the log now ending at `end` of this file: reserves more before it is needed.
    pub fn look_ahead(self: &Rc<Self>, shard: &Shard, end: u64) {
        let left = self.allocated.get().saturating_sub(end);
        let step = self.allocated.get().clamp(ALLOCATE_BYTES_MIN, ALLOCATE_BYTES_MAX);
        if left < step / 2 && !self.allocating.replace(true) {
            let this = self.clone();
            // Failure shows when a commit asks for the space; it reports it.
            shard.spawn(Class::Background, "segment-reserve", async move {
                let _ = this.allocate(0).await;
            });
        }
    }

    /// Space is being reserved.
    pub fn is_busy(&self) -> bool {
        self.allocating.get()
    }

    /// Waits until nothing but commits touches the file.
    pub async fn quiesce(&self) {
        loop {
            let changed = self.changed.notified();
            if !self.is_busy() {
                return;
            }
            changed.await;
        }
    }

    /// Waits until nothing but commits touches the file, then cuts it to `bytes`.
    pub async fn cut(&self, bytes: u64) -> io::Result<()> {
        self.quiesce().await;
        self.file.set_len(bytes).await?;
        self.allocated.set(bytes / BLOCK_BYTES * BLOCK_BYTES);
        Ok(())
    }
}
