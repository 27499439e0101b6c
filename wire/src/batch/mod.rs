//! Record batch v2 (magic 2): Kafka's unit of storage, transfer and compression.
//!
//! `BatchView` reads the fixed 61-byte header of one complete batch and hands out its
//! records; `split_batches` walks a concatenation of batches; the setters patch the fields
//! that a broker assigns, in place; `BatchBuilder` makes batches. A view says nothing about
//! the CRC until `crc_valid` is asked. Nothing here allocates except decompression and the
//! builder, nothing panics on any bytes, and no length is believed before the bytes that it
//! announces are there. Layout: `docs`' record batch page and KIP-98. Called by the engine
//! (validation, recovery, fetch) on shard threads and by clients.

mod builder;
mod checksum;
mod record;
#[cfg(test)]
mod tests;
mod thin;

use std::borrow::Cow;
use std::fmt;

use crate::compress::{self, Codec, CompressFault};

pub use builder::BatchBuilder;
pub use checksum::crc32c;
pub use record::{Headers, Record, RecordHeader, Records, WalkSummary, walk};
pub use thin::{Thinner, emptied, is_placeholder, placeholder};

/// Bytes of the fixed header; the records begin here.
pub const HEADER_BYTES: usize = 61;
/// `base_offset` and `batch_length`: what `batch_length` itself does not count.
pub const LENGTH_PREFIX_BYTES: usize = 12;
/// The smallest `batch_length` that a reader takes for a batch of any magic (Kafka's
/// `LegacyRecord.RECORD_OVERHEAD_V0`).
const LEGACY_LENGTH_MIN: i32 = 14;
/// Up to and with the magic byte.
const MAGIC_PREFIX_BYTES: usize = 17;
const CRC_AT: usize = 17;
/// The CRC covers everything from here to the end.
const CRC_FROM: usize = 21;
const ATTRIBUTES_AT: usize = 21;
const MAX_TIMESTAMP_AT: usize = 35;

const CODEC_MASK: i16 = 0b111;
const LOG_APPEND_TIME_BIT: i16 = 1 << 3;
const TRANSACTIONAL_BIT: i16 = 1 << 4;
const CONTROL_BIT: i16 = 1 << 5;
const DELETE_HORIZON_BIT: i16 = 1 << 6;
const KNOWN_BITS: i16 = 0x7f;

/// What is wrong with bytes that should be a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchFault {
    /// The bytes end before the batch does; a reader of a fetch response drops such a tail.
    Incomplete { have: usize },
    /// `batch_length` is smaller than a batch's own header.
    Length { batch_length: i32 },
    /// A message set of Kafka before 0.11, complete or not (magic 0 or 1).
    Legacy { magic: i8 },
    /// No magic that Kafka ever wrote.
    Magic { magic: i8 },
    /// The stored CRC-32C is not that of the bytes.
    Crc { stored: u32, computed: u32 },
    /// Codec bits 5–7.
    Codec { id: u8 },
    /// The records' block does not decompress, or not within the cap.
    Compress(CompressFault),
    /// Record `index` does not parse, or its parts do not fill its length.
    Record { index: u32 },
    /// `record_count` is not the number of records present.
    Count { declared: i32 },
}

impl fmt::Display for BatchFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete { have } => write!(f, "batch cut short after {have} bytes"),
            Self::Length { batch_length } => {
                write!(f, "batch length {batch_length} is below a header's")
            }
            Self::Legacy { magic } => write!(f, "message format v{magic} is not supported"),
            Self::Magic { magic } => write!(f, "unknown magic {magic}"),
            Self::Crc { stored, computed } => {
                write!(f, "stored CRC {stored:08x}, computed {computed:08x}")
            }
            Self::Codec { id } => write!(f, "unknown compression codec {id}"),
            Self::Compress(fault) => fault.fmt(f),
            Self::Record { index } => write!(f, "record {index} is malformed"),
            Self::Count { declared } => write!(f, "batch does not hold {declared} records"),
        }
    }
}

impl std::error::Error for BatchFault {}

impl From<CompressFault> for BatchFault {
    fn from(fault: CompressFault) -> Self {
        BatchFault::Compress(fault)
    }
}

/// The attribute bits of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes(pub i16);

impl Attributes {
    /// The codec, or its unknown number (5–7).
    pub fn codec(self) -> Result<Codec, BatchFault> {
        let id = (self.0 & CODEC_MASK) as u8;
        Codec::from_id(id).ok_or(BatchFault::Codec { id })
    }

    #[must_use]
    pub fn is_log_append_time(self) -> bool {
        self.0 & LOG_APPEND_TIME_BIT != 0
    }

    #[must_use]
    pub fn is_transactional(self) -> bool {
        self.0 & TRANSACTIONAL_BIT != 0
    }

    #[must_use]
    pub fn is_control(self) -> bool {
        self.0 & CONTROL_BIT != 0
    }

    /// `base_timestamp` holds the delete horizon of a compacted batch (KIP-534).
    #[must_use]
    pub fn has_delete_horizon(self) -> bool {
        self.0 & DELETE_HORIZON_BIT != 0
    }

    /// Bits that no version of Kafka defines.
    #[must_use]
    pub fn has_unknown_bits(self) -> bool {
        self.0 & !KNOWN_BITS != 0
    }
}

/// The fixed fields of a batch, by value, in wire order. Numbers are as stored: −1 means
/// "none" for the producer's three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    pub base_offset: i64,
    pub batch_length: i32,
    pub leader_epoch: i32,
    pub magic: i8,
    pub crc: u32,
    pub attributes: Attributes,
    pub last_offset_delta: i32,
    pub base_timestamp: i64,
    pub max_timestamp: i64,
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub base_sequence: i32,
    pub record_count: i32,
}

impl BatchHeader {
    /// Reads the fields; no check at all.
    #[must_use]
    pub fn read(b: &[u8; HEADER_BYTES]) -> Self {
        BatchHeader {
            base_offset: i64::from_be_bytes(field(b, 0)),
            batch_length: i32::from_be_bytes(field(b, 8)),
            leader_epoch: i32::from_be_bytes(field(b, 12)),
            magic: b[16] as i8,
            crc: u32::from_be_bytes(field(b, CRC_AT)),
            attributes: Attributes(i16::from_be_bytes(field(b, ATTRIBUTES_AT))),
            last_offset_delta: i32::from_be_bytes(field(b, 23)),
            base_timestamp: i64::from_be_bytes(field(b, 27)),
            max_timestamp: i64::from_be_bytes(field(b, MAX_TIMESTAMP_AT)),
            producer_id: i64::from_be_bytes(field(b, 43)),
            producer_epoch: i16::from_be_bytes(field(b, 51)),
            base_sequence: i32::from_be_bytes(field(b, 53)),
            record_count: i32::from_be_bytes(field(b, 57)),
        }
    }

    /// Of a batch without records or producer; its length and checksum are still 0.
    pub(super) fn of_no_records(base_offset: i64, leader_epoch: i32) -> Self {
        BatchHeader {
            base_offset,
            batch_length: 0,
            leader_epoch,
            magic: 2,
            crc: 0,
            attributes: Attributes(0),
            last_offset_delta: 0,
            base_timestamp: -1,
            max_timestamp: -1,
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            record_count: 0,
        }
    }

    /// The fields in wire order, as they are.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut b = [0; HEADER_BYTES];
        b[0..8].copy_from_slice(&self.base_offset.to_be_bytes());
        b[8..12].copy_from_slice(&self.batch_length.to_be_bytes());
        b[12..16].copy_from_slice(&self.leader_epoch.to_be_bytes());
        b[16] = self.magic as u8;
        b[CRC_AT..CRC_FROM].copy_from_slice(&self.crc.to_be_bytes());
        b[ATTRIBUTES_AT..23].copy_from_slice(&self.attributes.0.to_be_bytes());
        b[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        b[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        b[MAX_TIMESTAMP_AT..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        b[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        b[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        b[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        b[57..61].copy_from_slice(&self.record_count.to_be_bytes());
        b
    }

    /// Bytes of the whole batch, header included; meaningful once the header was checked.
    #[must_use]
    pub fn total_len(&self) -> usize {
        (self.batch_length.max(0) as usize) + LENGTH_PREFIX_BYTES
    }

    /// When the batch's tombstones, or its marker, may go (KIP-534).
    #[must_use]
    pub fn delete_horizon_ms(&self) -> Option<i64> {
        self.attributes.has_delete_horizon().then_some(self.base_timestamp)
    }

    /// The offset after the batch's last; saturates.
    #[must_use]
    pub fn next_offset(&self) -> i64 {
        self.base_offset.saturating_add(i64::from(self.last_offset_delta)).saturating_add(1)
    }

    /// The magic and the length that a batch v2 must have, before its bytes are there.
    pub fn check_shape(&self) -> Result<(), BatchFault> {
        if self.batch_length < LEGACY_LENGTH_MIN {
            return Err(BatchFault::Length { batch_length: self.batch_length });
        }
        check_magic(self.magic)?;
        if self.total_len() < HEADER_BYTES {
            return Err(BatchFault::Length { batch_length: self.batch_length });
        }
        Ok(())
    }
}

fn check_magic(magic: i8) -> Result<(), BatchFault> {
    match magic {
        2 => Ok(()),
        0 | 1 => Err(BatchFault::Legacy { magic }),
        _ => Err(BatchFault::Magic { magic }),
    }
}

fn field<const N: usize>(header: &[u8; HEADER_BYTES], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&header[at..at + N]);
    out
}

/// One complete batch: its bytes are all there, its magic is 2 and its length is sane.
#[derive(Clone, Copy, Debug)]
pub struct BatchView<'a> {
    bytes: &'a [u8],
    header: BatchHeader,
}

impl<'a> BatchView<'a> {
    /// The batch at the start of `bytes`; what follows it is left alone. Checks in the
    /// order of Kafka's reader: length, magic, completeness, header size.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, BatchFault> {
        let incomplete = BatchFault::Incomplete { have: bytes.len() };
        let Some(prefix) = bytes.get(..LENGTH_PREFIX_BYTES) else { return Err(incomplete) };
        let batch_length = i32::from_be_bytes([prefix[8], prefix[9], prefix[10], prefix[11]]);
        if batch_length < LEGACY_LENGTH_MIN {
            return Err(BatchFault::Length { batch_length });
        }
        let Some(&magic) = bytes.get(MAGIC_PREFIX_BYTES - 1) else { return Err(incomplete) };
        check_magic(magic as i8)?;
        let total = batch_length as usize + LENGTH_PREFIX_BYTES;
        let Some(bytes) = bytes.get(..total) else { return Err(incomplete) };
        let Some(fixed) = bytes.first_chunk::<HEADER_BYTES>() else {
            return Err(BatchFault::Length { batch_length });
        };
        Ok(BatchView { bytes, header: BatchHeader::read(fixed) })
    }

    #[must_use]
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The whole batch.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    #[must_use]
    pub fn total_len(&self) -> usize {
        self.bytes.len()
    }

    #[must_use]
    pub fn attributes(&self) -> Attributes {
        self.header.attributes
    }

    #[must_use]
    pub fn base_offset(&self) -> i64 {
        self.header.base_offset
    }

    /// Base offset + last offset delta; saturates.
    #[must_use]
    pub fn last_offset(&self) -> i64 {
        self.header.base_offset.saturating_add(i64::from(self.header.last_offset_delta))
    }

    #[must_use]
    pub fn record_count(&self) -> i32 {
        self.header.record_count
    }

    #[must_use]
    pub fn max_timestamp(&self) -> i64 {
        self.header.max_timestamp
    }

    #[must_use]
    pub fn producer_id(&self) -> Option<i64> {
        (self.header.producer_id >= 0).then_some(self.header.producer_id)
    }

    /// CRC-32C over bytes 21 to the end.
    #[must_use]
    pub fn crc_computed(&self) -> u32 {
        crc32c(&self.bytes[CRC_FROM..])
    }

    #[must_use]
    pub fn crc_valid(&self) -> bool {
        self.crc_computed() == self.header.crc
    }

    /// The CRC as a result, with both values in the fault.
    pub fn check_crc(&self) -> Result<(), BatchFault> {
        let computed = self.crc_computed();
        if computed == self.header.crc {
            return Ok(());
        }
        Err(BatchFault::Crc { stored: self.header.crc, computed })
    }

    /// The bytes after the header: records, or one compressed block.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        &self.bytes[HEADER_BYTES..]
    }

    /// The records' bytes, decompressed where needed, at most `max_bytes` of them.
    pub fn decompressed(&self, max_bytes: usize) -> Result<Cow<'a, [u8]>, BatchFault> {
        match self.attributes().codec()? {
            Codec::None => Ok(Cow::Borrowed(self.payload())),
            codec => Ok(Cow::Owned(compress::decompress(codec, self.payload(), max_bytes)?)),
        }
    }

    /// Decompresses the records to the start of `out`; gives the bytes written. Of a batch that
    /// is not compressed they are copied.
    pub fn decompress_into(&self, out: &mut [u8]) -> Result<usize, BatchFault> {
        let codec = self.attributes().codec()?;
        Ok(compress::decompress_into(codec, self.payload(), out)?)
    }

    /// The records in `uncompressed`, which is what `decompressed` gave.
    #[must_use]
    pub fn records_in<'b>(&self, uncompressed: &'b [u8]) -> Records<'b> {
        Records::new(&self.header, uncompressed)
    }

    /// The records of an uncompressed batch; of a compressed one, its codec as a fault.
    pub fn records(&self) -> Result<Records<'a>, BatchFault> {
        match self.attributes().codec()? {
            Codec::None => Ok(self.records_in(self.payload())),
            codec => Err(BatchFault::Codec { id: codec.id() }),
        }
    }
}

/// The beginning of a batch that does not end within `room` bytes, which begin with it: a fetch's
/// records may end in a part of a batch, and clients drop it (Kafka protocol guide, "Fetch API").
/// Without its header, at least, a part says nothing: `room` is no less than `HEADER_BYTES`.
#[must_use]
pub fn unfinished(base_offset: i64, leader_epoch: i32, room: usize) -> [u8; HEADER_BYTES] {
    debug_assert!(room >= HEADER_BYTES);
    // Counted from behind the prefix: it reaches that much too far.
    let batch_length = i32::try_from(room).unwrap_or(i32::MAX - HEADER_BYTES as i32);
    let header =
        BatchHeader { batch_length, ..BatchHeader::of_no_records(base_offset, leader_epoch) };
    header.to_bytes()
}

/// Walks concatenated batches. The first fault ends the walk; a tail that is cut short is
/// the fault `Incomplete`, which readers of fetched data expect and drop.
#[must_use]
pub fn split_batches(bytes: &[u8]) -> SplitBatches<'_> {
    SplitBatches { rest: bytes }
}

/// See [`split_batches`].
#[derive(Clone, Debug)]
pub struct SplitBatches<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for SplitBatches<'a> {
    type Item = Result<BatchView<'a>, BatchFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let parsed = BatchView::parse(self.rest);
        self.rest = match &parsed {
            Ok(view) => &self.rest[view.total_len()..],
            Err(_) => &[],
        };
        Some(parsed)
    }
}

/// Sets the base offset, which lies outside the CRC.
pub fn set_base_offset(header: &mut [u8; HEADER_BYTES], base_offset: i64) {
    header[0..8].copy_from_slice(&base_offset.to_be_bytes());
}

/// Sets the partition leader epoch, which lies outside the CRC.
pub fn set_leader_epoch(header: &mut [u8; HEADER_BYTES], epoch: i32) {
    header[12..16].copy_from_slice(&epoch.to_be_bytes());
}

/// The header of a batch whose records are packed anew: as `before`, with this codec, and
/// length and CRC of this payload.
#[must_use]
pub fn repacked_header(
    before: &BatchHeader,
    codec: Codec,
    payload: &[u8],
) -> ([u8; HEADER_BYTES], BatchHeader) {
    let total = (HEADER_BYTES - LENGTH_PREFIX_BYTES).saturating_add(payload.len());
    let mut header = *before;
    header.batch_length = i32::try_from(total).unwrap_or(i32::MAX);
    header.attributes = Attributes(before.attributes.0 & !CODEC_MASK | i16::from(codec.id()));
    let mut bytes = header.to_bytes();
    let covered = crc32c(&bytes[CRC_FROM..]);
    header.crc = checksum::shift(covered, payload.len()) ^ crc32c(payload);
    bytes[CRC_AT..CRC_AT + 4].copy_from_slice(&header.crc.to_be_bytes());
    (bytes, header)
}

/// Which clock a batch's `max_timestamp` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    Create,
    LogAppend,
}

/// Sets `max_timestamp` and the timestamp type, and brings the CRC up to date without
/// reading the records: CRC-32C is linear, so the change of the 40 covered header bytes is
/// shifted over the payload's length and added. A batch whose CRC was wrong stays wrong.
pub fn set_max_timestamp(header: &mut [u8; HEADER_BYTES], max_timestamp: i64, kind: TimestampType) {
    let before = BatchHeader::read(header);
    let covered_before = crc32c(&header[CRC_FROM..]);
    let bits = match kind {
        TimestampType::Create => before.attributes.0 & !LOG_APPEND_TIME_BIT,
        TimestampType::LogAppend => before.attributes.0 | LOG_APPEND_TIME_BIT,
    };
    header[ATTRIBUTES_AT..ATTRIBUTES_AT + 2].copy_from_slice(&bits.to_be_bytes());
    header[MAX_TIMESTAMP_AT..MAX_TIMESTAMP_AT + 8].copy_from_slice(&max_timestamp.to_be_bytes());
    let covered_after = crc32c(&header[CRC_FROM..]);
    let payload_bytes = before.total_len().saturating_sub(HEADER_BYTES);
    let crc = checksum::shift(covered_before ^ covered_after, payload_bytes) ^ before.crc;
    header[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_be_bytes());
}
