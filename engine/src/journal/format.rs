//! The bytes of a journal file: a header block, then commits, each on a 4 KiB boundary.
//!
//! All integers are big-endian. A commit is one device write: its header, then entries, each a
//! header and the record batches of one partition exactly as the segment has them, then
//! padding. One checksum covers all but itself and the magic, so a commit counts as a whole or
//! not at all. Pure functions; a parser trusts no length before it has checked it.

use millstream_wire::Uuid;
use millstream_wire::batch::crc32c;

use crate::ids::Offset;
use crate::limits::{BLOCK_BYTES, JOURNAL_COMMIT_BYTES_MAX};

/// The newest format that this program reads, and the one that it writes.
pub const VERSION: u32 = 1;
/// The header's block; commits begin behind it.
pub const FILE_HEADER_BYTES: u64 = BLOCK_BYTES;
pub const COMMIT_HEADER_BYTES: usize = 48;
pub const ENTRY_HEADER_BYTES: usize = 56;

/// The first bytes of a journal file.
pub const FILE_MAGIC: &[u8; 8] = b"MSJOURNL";
const COMMIT_MAGIC: u32 = u32::from_be_bytes(*b"MSJC");
/// Fields of the file's header; the checksum covers them from byte 12 on.
pub const FILE_FIELDS_BYTES: usize = 40;
/// Where a commit's checksummed bytes begin: behind the magic and the checksum.
const COVERED_FROM: usize = 8;
/// No commit's generation or sequence is above this: what counts on from one cannot overflow.
const COUNTER_MAX: u64 = u64::MAX >> 1;

/// What the first block of a journal file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// The shard that wrote it.
    pub writer: u16,
    /// Its place in that shard's ring.
    pub slot: u16,
    /// Length of the file, header included.
    pub file_bytes: u64,
    /// Commits of this generation and older ones are settled in segment files.
    pub void_upto: u64,
}

/// Why a file is no journal that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// Too short, or another kind of file.
    NotAJournal,
    NewerVersion(u32),
    /// The checksum does not fit.
    Damaged,
}

impl FileHeader {
    /// Writes the header to the start of `block`.
    ///
    /// # Panics
    /// If `block` is shorter than the header's fields.
    pub fn encode(&self, block: &mut [u8]) {
        block[..8].copy_from_slice(FILE_MAGIC);
        block[12..16].copy_from_slice(&VERSION.to_be_bytes());
        block[16..18].copy_from_slice(&self.writer.to_be_bytes());
        block[18..20].copy_from_slice(&self.slot.to_be_bytes());
        block[20..24].fill(0);
        block[24..32].copy_from_slice(&self.file_bytes.to_be_bytes());
        block[32..40].copy_from_slice(&self.void_upto.to_be_bytes());
        let crc = crc32c(&block[12..FILE_FIELDS_BYTES]);
        block[8..12].copy_from_slice(&crc.to_be_bytes());
    }

    /// Reads the header at the start of `block`.
    pub fn decode(block: &[u8]) -> Result<FileHeader, FileFault> {
        let fields = block.get(..FILE_FIELDS_BYTES).ok_or(FileFault::NotAJournal)?;
        if &fields[..8] != FILE_MAGIC {
            return Err(FileFault::NotAJournal);
        }
        if u32_at(fields, 8) != crc32c(&fields[12..]) {
            return Err(FileFault::Damaged);
        }
        match u32_at(fields, 12) {
            VERSION => {}
            version => return Err(FileFault::NewerVersion(version)),
        }
        Ok(FileHeader {
            writer: u16_at(fields, 16),
            slot: u16_at(fields, 18),
            file_bytes: u64_at(fields, 24),
            void_upto: u64_at(fields, 32),
        })
    }
}

/// What a commit says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitHeader {
    /// Which use of the file this is; grows with every use of any file of the writer.
    pub generation: u64,
    /// Consecutive over all commits of one process's writer.
    pub sequence: u64,
    /// Every commit up to this sequence was durable when this one was composed: proof, for
    /// recovery, that a missing one is damage.
    pub durable: u64,
    /// Header and entries, without padding.
    pub bytes: u32,
    pub entries: u32,
    pub writer: u16,
    pub slot: u16,
}

/// Batches of one partition in a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHeader {
    pub topic_id: Uuid,
    pub partition: i32,
    /// Bytes of batches that follow the header.
    pub bytes: u32,
    /// Base offset of the segment that they belong to.
    pub segment: Offset,
    /// Where in that segment's file.
    pub position: u64,
    pub base: Offset,
    pub end: Offset,
}

/// A commit that passed its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit<'a> {
    pub header: CommitHeader,
    entries: &'a [u8],
}

/// One partition's part of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub header: EntryHeader,
    pub batches: &'a [u8],
}

/// Why no commit can be read at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// Other bytes: zeros, an older use's middle, anything.
    NoCommit,
    /// A commit's head; more bytes are needed to judge it: so many in all.
    Short(usize),
    /// A commit whose checksum or lengths are wrong.
    Damaged,
}

impl CommitHeader {
    /// Bytes that the commit takes in the file.
    #[must_use]
    pub fn padded_bytes(&self) -> u64 {
        u64::from(self.bytes).next_multiple_of(BLOCK_BYTES)
    }
}

impl EntryHeader {
    /// Writes the header to the start of `out`.
    ///
    /// # Panics
    /// If `out` is shorter than `ENTRY_HEADER_BYTES`.
    pub fn encode(&self, out: &mut [u8]) {
        out[..16].copy_from_slice(&self.topic_id.0);
        out[16..20].copy_from_slice(&self.partition.to_be_bytes());
        out[20..24].copy_from_slice(&self.bytes.to_be_bytes());
        out[24..32].copy_from_slice(&self.segment.0.to_be_bytes());
        out[32..40].copy_from_slice(&self.position.to_be_bytes());
        out[40..48].copy_from_slice(&self.base.0.to_be_bytes());
        out[48..56].copy_from_slice(&self.end.0.to_be_bytes());
    }

    fn decode(fields: &[u8; ENTRY_HEADER_BYTES]) -> EntryHeader {
        let mut topic_id = [0; 16];
        topic_id.copy_from_slice(&fields[..16]);
        EntryHeader {
            topic_id: Uuid(topic_id),
            partition: u32_at(fields, 16).cast_signed(),
            bytes: u32_at(fields, 20),
            segment: Offset(u64_at(fields, 24).cast_signed()),
            position: u64_at(fields, 32),
            base: Offset(u64_at(fields, 40).cast_signed()),
            end: Offset(u64_at(fields, 48).cast_signed()),
        }
    }
}

/// Completes a commit whose entries stand in `commit[COMMIT_HEADER_BYTES..header.bytes]`.
///
/// # Panics
/// If `commit` is shorter than `header.bytes`.
pub fn seal_commit(commit: &mut [u8], header: &CommitHeader) {
    let bytes = header.bytes as usize;
    commit[..4].copy_from_slice(&COMMIT_MAGIC.to_be_bytes());
    commit[8..12].copy_from_slice(&VERSION.to_be_bytes());
    commit[12..16].copy_from_slice(&header.bytes.to_be_bytes());
    commit[16..24].copy_from_slice(&header.generation.to_be_bytes());
    commit[24..32].copy_from_slice(&header.sequence.to_be_bytes());
    commit[32..40].copy_from_slice(&header.durable.to_be_bytes());
    commit[40..44].copy_from_slice(&header.entries.to_be_bytes());
    commit[44..46].copy_from_slice(&header.writer.to_be_bytes());
    commit[46..48].copy_from_slice(&header.slot.to_be_bytes());
    let crc = crc32c(&commit[COVERED_FROM..bytes]);
    commit[4..8].copy_from_slice(&crc.to_be_bytes());
}

/// The commit at the start of `bytes`.
pub fn parse_commit(bytes: &[u8]) -> Result<Commit<'_>, CommitFault> {
    if bytes.len() < COMMIT_HEADER_BYTES {
        return Err(CommitFault::Short(COMMIT_HEADER_BYTES));
    }
    if u32_at(bytes, 0) != COMMIT_MAGIC {
        return Err(CommitFault::NoCommit);
    }
    let header = CommitHeader {
        generation: u64_at(bytes, 16),
        sequence: u64_at(bytes, 24),
        durable: u64_at(bytes, 32),
        bytes: u32_at(bytes, 12),
        entries: u32_at(bytes, 40),
        writer: u16_at(bytes, 44),
        slot: u16_at(bytes, 46),
    };
    let len = header.bytes as usize;
    if !(COMMIT_HEADER_BYTES..=JOURNAL_COMMIT_BYTES_MAX as usize).contains(&len) {
        return Err(CommitFault::Damaged);
    }
    let Some(whole) = bytes.get(..len) else { return Err(CommitFault::Short(len)) };
    if u32_at(whole, 8) != VERSION || u32_at(whole, 4) != crc32c(&whole[COVERED_FROM..]) {
        return Err(CommitFault::Damaged);
    }
    if header.generation.max(header.sequence).max(header.durable) > COUNTER_MAX {
        return Err(CommitFault::Damaged);
    }
    let commit = Commit { header, entries: &whole[COMMIT_HEADER_BYTES..] };
    let covered: usize = commit.entries().map(|e| ENTRY_HEADER_BYTES + e.batches.len()).sum();
    let all = commit.entries().count() == header.entries as usize;
    let exact = all && covered == commit.entries.len();
    if exact { Ok(commit) } else { Err(CommitFault::Damaged) }
}

impl<'a> Commit<'a> {
    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut rest = self.entries;
        std::iter::from_fn(move || {
            let (fields, behind) = rest.split_first_chunk::<ENTRY_HEADER_BYTES>()?;
            let header = EntryHeader::decode(fields);
            let (batches, next) = behind.split_at_checked(header.bytes as usize)?;
            rest = next;
            Some(Entry { header, batches })
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut field = [0; 4];
    field.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(field)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut field = [0; 8];
    field.copy_from_slice(&bytes[at..at + 8]);
    u64::from_be_bytes(field)
}
