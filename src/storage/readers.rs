//! The open files of segments, for reading.
//!
//! A segment's file is opened twice at most: for direct reads, of one reader who looks through
//! much (replays, compaction, a second look at what seems damaged), and for reads through the page
//! cache, which all readers share. Both are closed when the segment leaves, when the partition
//! goes cold, or when the shard has too many open. Lives on the partition's shard.

use std::io;
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_shards::{AlignedBuf, File, Shard, SharedFile};

use super::fault::ReadRefusal;
use super::files;
use super::partition::Inner;

/// Where the bytes of a segment come from.
pub(super) enum Source {
    Direct(File),
    Shared(SharedFile),
}

impl Source {
    pub async fn read_at(
        &self,
        shard: &Shard,
        buf: AlignedBuf,
        len: usize,
        offset: u64,
    ) -> (io::Result<usize>, AlignedBuf) {
        match self {
            Source::Direct(file) => file.read_at(buf, len, offset).await,
            Source::Shared(file) => file.read_at(shard, buf, len, offset).await,
        }
    }
}

impl Inner {
    /// Whoever asks for the segment's files next opens them afresh.
    pub fn forget_readers(&self, base: Offset) {
        self.readers.borrow_mut().remove(&base);
        self.shared_readers.borrow_mut().remove(&base);
    }

    pub fn forget_all_readers(&self) {
        self.readers.borrow_mut().clear();
        self.shared_readers.borrow_mut().clear();
    }

    /// The segment's file as all readers share it; `None` when it is gone.
    pub(super) async fn source(
        self: &Rc<Self>,
        base: Offset,
    ) -> Result<Option<Source>, ReadRefusal> {
        if let Some(file) = self.shared_readers.borrow().get(&base) {
            return Ok(Some(Source::Shared(file.clone())));
        }
        let incoming = self.cleaning.incoming.borrow().clone();
        if let Some((_, file)) = incoming.filter(|(segment, _)| *segment == base) {
            return Ok(Some(Source::Direct(file)));
        }
        let asked = self.cleaning.generation.get();
        let opened = self.shared.shard.open_shared(&self.segment_path(base)).await;
        let file = self.opened(base, opened)?;
        if let Some(file) = &file
            && self.may_keep(base, asked)
        {
            self.shared_readers.borrow_mut().insert(base, file.clone());
            self.shared.reader_opened(self, base);
        }
        Ok(file.map(Source::Shared))
    }

    /// The segment's file for direct reads; `None` when it is gone.
    pub async fn reader(self: &Rc<Self>, base: Offset) -> Result<Option<File>, ReadRefusal> {
        if let Some(writer) = self.writers.borrow().get(&base) {
            return Ok(Some(writer.file.clone()));
        }
        let incoming = self.cleaning.incoming.borrow().clone();
        if let Some((_, file)) = incoming.filter(|(segment, _)| *segment == base) {
            return Ok(Some(file));
        }
        if let Some(file) = self.readers.borrow().get(&base) {
            return Ok(Some(file.clone()));
        }
        let asked = self.cleaning.generation.get();
        let path = self.segment_path(base);
        let opened = files::open_segment(&self.shared.shard, &path, false).await;
        let file = self.opened(base, opened)?;
        if let Some(file) = &file
            && self.may_keep(base, asked)
        {
            self.readers.borrow_mut().insert(base, file.clone());
            self.shared.reader_opened(self, base);
        }
        Ok(file)
    }

    /// A file that is not there is a fault only while the log has the segment.
    fn opened<F>(&self, base: Offset, opened: io::Result<F>) -> Result<Option<F>, ReadRefusal> {
        let is_gone = |error: &io::Error| {
            error.kind() == io::ErrorKind::NotFound && self.log.borrow().segment(base).is_none()
        };
        match opened {
            Ok(file) => Ok(Some(file)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(ReadRefusal::Io(Rc::new(error))),
        }
    }

    /// Whether a file opened since `asked` is surely the segment's.
    fn may_keep(&self, base: Offset, asked: u64) -> bool {
        self.cleaning.generation.get() == asked && self.log.borrow().segment(base).is_some()
    }
}
