//! The open files of segments, for reading.
//!
//! A segment's file is opened twice at most: for direct reads, of one reader who looks through
//! much (replays, compaction, a second look at what seems damaged), and for reads through the page
//! cache, which all readers share. Of the latter it is known what was checked: that may be sent as
//! it lies in the cache. Before anything more of a file comes into the cache, what has left it is
//! forgotten; so whatever is there has been checked since it came. Both are closed when the segment
//! leaves, when the partition goes cold, or when the shard has too many open. Lives on the
//! partition's shard.

use std::io;
use std::ops::Range;
use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_engine::log::Sound;
use millstream_shards::{AlignedBuf, Class, File, Shard, SharedFile};

use super::fault::ReadRefusal;
use super::files;
use super::limits::CACHE_UNIT_BYTES;
use super::partition::Inner;

/// Where the bytes of a segment come from.
pub(super) enum Source {
    Direct(File),
    Shared(SharedFile),
}

/// A file that readers share.
pub(crate) struct SharedReader {
    file: SharedFile,
    sound: Sound,
    /// Up to where it was read ahead of those who read on.
    ahead: u64,
}

impl SharedReader {
    /// What is about to come into the cache with `range` must be checked anew, where it was away.
    fn forget_what_left(&mut self, shard: &Shard, range: &Range<u64>) {
        let from = range.start / CACHE_UNIT_BYTES * CACHE_UNIT_BYTES;
        let units = from..range.end.next_multiple_of(CACHE_UNIT_BYTES);
        let mut has_left = false;
        for part in self.sound.within(&units) {
            let gone = part.start + self.file.resident(shard, part.clone())..part.end;
            has_left |= !gone.is_empty();
            self.sound.forget(&gone);
        }
        if has_left {
            // Nor is it sent by those who were told that it is sound.
            self.file.renew();
        }
    }
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

    /// The segment's file as all readers share it, for a read that ends at `upto`; `None` when it
    /// is gone. What is still written to does not go through the cache.
    pub(super) async fn source(
        self: &Rc<Self>,
        base: Offset,
        upto: u64,
    ) -> Result<Option<Source>, ReadRefusal> {
        if self.is_growing(base, upto) {
            return Ok(self.reader(base).await?.map(Source::Direct));
        }
        if let Some(reader) = self.shared_readers.borrow().get(&base) {
            return Ok(Some(Source::Shared(reader.file.clone())));
        }
        let incoming = self.cleaning.incoming.borrow().clone();
        if let Some((_, file)) = incoming.filter(|(segment, _)| *segment == base) {
            return Ok(Some(Source::Direct(file)));
        }
        let asked = self.cleaning.generation.get();
        let opened = self.shared.shard.open_shared(&self.segment_path(base)).await;
        let file = self.opened((base, asked), opened)?;
        if let Some(file) = &file
            && self.may_keep(base, asked)
        {
            let reader = SharedReader { file: file.clone(), sound: Sound::default(), ahead: 0 };
            self.shared_readers.borrow_mut().insert(base, reader);
            self.shared.reader_opened(self, base);
        }
        Ok(file.map(Source::Shared))
    }

    /// The segment's file, if what is at `position` was checked and is in the cache; and up to
    /// where it was checked. What of that has left the cache since, whoever sends it finds missing.
    pub(super) fn sound_file(&self, base: Offset, position: u64) -> Option<(SharedFile, u64)> {
        let readers = self.shared_readers.borrow();
        let reader = readers.get(&base)?;
        let upto = reader.sound.reach(position)?;
        let is_there = reader.file.resident(&self.shared.shard, position..position + 1) == 1;
        is_there.then(|| (reader.file.clone(), upto))
    }

    /// A range of the segment's file is about to be read through the cache.
    pub(super) fn before_shared_read(&self, base: Offset, range: &Range<u64>) {
        if let Some(reader) = self.shared_readers.borrow_mut().get_mut(&base) {
            reader.forget_what_left(&self.shared.shard, range);
        }
    }

    /// A range was read through the cache by way of `file`, and every batch of it is sound.
    pub(super) fn note_sound(&self, base: Offset, range: Range<u64>) {
        if let Some(reader) = self.shared_readers.borrow_mut().get_mut(&base) {
            reader.sound.note(range);
        }
    }

    /// Brings what follows `position` into the cache, for one who reads on up to `upto`.
    pub(super) fn read_ahead(self: &Rc<Self>, base: Offset, (position, upto): (u64, u64)) {
        let end = upto.min(position + CACHE_UNIT_BYTES);
        let mut readers = self.shared_readers.borrow_mut();
        let Some(reader) = readers.get_mut(&base) else { return };
        let from = position.max(reader.ahead.min(end));
        if from >= end
            || self.is_growing(base, end)
            || reader.file.resident(&self.shared.shard, from..end) == end - from
        {
            return;
        }
        reader.forget_what_left(&self.shared.shard, &(from..end));
        reader.ahead = end.next_multiple_of(CACHE_UNIT_BYTES);
        let (file, shard) = (reader.file.clone(), self.shared.shard.clone());
        self.shared.shard.spawn(Class::Latency, "read-ahead", async move {
            file.load(&shard, from..end).await;
        });
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
        let file = self.opened((base, asked), opened)?;
        if let Some(file) = &file
            && self.may_keep(base, asked)
        {
            self.readers.borrow_mut().insert(base, file.clone());
            self.shared.reader_opened(self, base);
        }
        Ok(file)
    }

    /// Whether the cache's unit at `upto` reaches past what the segment's file has.
    pub(super) fn is_growing(&self, base: Offset, upto: u64) -> bool {
        let placed = self.log.borrow().placed();
        base == placed.segment && upto.next_multiple_of(CACHE_UNIT_BYTES) > placed.position
    }

    /// A file that is not there is a fault only while the log has the segment, and that was not
    /// cleaned since it was `asked` for: then it had no name for a moment.
    fn opened<F>(
        &self,
        (base, asked): (Offset, u64),
        opened: io::Result<F>,
    ) -> Result<Option<F>, ReadRefusal> {
        let is_cleaned = self.cleaning.generation.get() != asked;
        let is_gone = |error: &io::Error| {
            error.kind() == io::ErrorKind::NotFound
                && (is_cleaned || self.log.borrow().segment(base).is_none())
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
