//! What compaction writes: batches with fewer records, without records, and placeholders.
//!
//! A thinned batch keeps its base and last offset, producer, sequence, epoch, codec and flags,
//! so that offsets and sequences of what is left stay as they were; records keep their bytes
//! except for the timestamp delta, whose base may move (KIP-534 puts the delete horizon there).
//! Not for the produce path. Called by the engine's cleaner, on shard threads.

use super::checksum::crc32c;
use super::record::{put_varint, varint_len};
use super::{
    Attributes, BatchFault, BatchHeader, CODEC_MASK, CONTROL_BIT, CRC_AT, CRC_FROM,
    DELETE_HORIZON_BIT, HEADER_BYTES, LENGTH_PREFIX_BYTES, Record,
};
use crate::compress::{self, Codec};

/// Collects the records that a batch keeps.
#[derive(Clone, Debug)]
pub struct Thinner {
    header: BatchHeader,
    /// The first record's time, or the delete horizon.
    base_timestamp: Option<i64>,
    max_timestamp: i64,
    count: i32,
    records: Vec<u8>,
}

impl Thinner {
    /// `delete_horizon_ms`: when the batch's tombstones or its marker may go, if that is set.
    #[must_use]
    pub fn new(original: &BatchHeader, delete_horizon_ms: Option<i64>) -> Self {
        let mut header = *original;
        header.attributes.0 &= !DELETE_HORIZON_BIT;
        if delete_horizon_ms.is_some() {
            header.attributes.0 |= DELETE_HORIZON_BIT;
        }
        let max_timestamp = match original.attributes.is_log_append_time() {
            true => original.max_timestamp,
            false => -1,
        };
        let base_timestamp = delete_horizon_ms;
        Thinner { header, base_timestamp, max_timestamp, count: 0, records: Vec::new() }
    }

    /// Keeps a record of the original; in order.
    pub fn keep(&mut self, record: &Record<'_>) {
        let base = *self.base_timestamp.get_or_insert(record.timestamp);
        let timestamp_delta = record.timestamp.wrapping_sub(base);
        let headers = record.headers.raw();
        let head_len = 1 + varint_len(timestamp_delta) + varint_len(record.offset_delta.into());
        let counted = varint_len(record.headers.len() as i64) + headers.len();
        let body_len = head_len + nullable_len(record.key) + nullable_len(record.value) + counted;
        let out = &mut self.records;
        out.reserve(body_len + varint_len(body_len as i64));
        put_varint(out, body_len as i64);
        out.push(record.attributes as u8);
        put_varint(out, timestamp_delta);
        put_varint(out, i64::from(record.offset_delta));
        put_nullable(out, record.key);
        put_nullable(out, record.value);
        put_varint(out, record.headers.len() as i64);
        out.extend_from_slice(headers);
        if !self.header.attributes.is_log_append_time() {
            self.max_timestamp = self.max_timestamp.max(record.timestamp);
        }
        self.count = self.count.saturating_add(1);
    }

    /// Bytes of the records, uncompressed.
    #[must_use]
    pub fn plain_len(&self) -> usize {
        self.records.len()
    }

    /// The batch with what was kept, in the original's codec.
    ///
    /// # Errors
    /// The codec's, or a codec that does not exist.
    pub fn build(&self) -> Result<Vec<u8>, BatchFault> {
        let header = BatchHeader {
            base_timestamp: self.base_timestamp.unwrap_or(-1),
            max_timestamp: self.max_timestamp,
            record_count: self.count,
            ..self.header
        };
        match self.header.attributes.codec()? {
            Codec::None => Ok(seal(&header, &self.records)),
            codec => Ok(seal(&header, &compress::compress(codec, &self.records)?)),
        }
    }
}

/// The batch without its records: it still says what its producer wrote last.
#[must_use]
pub fn emptied(original: &BatchHeader) -> Vec<u8> {
    let bits = original.attributes.0 & !(CODEC_MASK | DELETE_HORIZON_BIT);
    let header = BatchHeader {
        attributes: Attributes(bits),
        base_timestamp: -1,
        record_count: 0,
        ..*original
    };
    seal(&header, &[])
}

/// A batch without records or producer that stands for the removed offsets `[base, last]`, so
/// that a compacted log has no hole between its batches.
#[must_use]
pub fn placeholder(base: i64, last: i64, leader_epoch: i32) -> Vec<u8> {
    let last_offset_delta = i32::try_from(last.saturating_sub(base)).unwrap_or(i32::MAX);
    let header =
        BatchHeader { last_offset_delta, ..BatchHeader::of_no_records(base, leader_epoch) };
    seal(&header, &[])
}

/// A batch that says nothing but that its offsets are gone.
#[must_use]
pub fn is_placeholder(header: &BatchHeader) -> bool {
    header.record_count == 0
        && header.producer_id < 0
        && header.attributes.0 & CONTROL_BIT == 0
        && header.total_len() == HEADER_BYTES
}

/// Header and block as one batch, with its length and CRC.
fn seal(header: &BatchHeader, block: &[u8]) -> Vec<u8> {
    let total = HEADER_BYTES + block.len();
    let length = i32::try_from(total - LENGTH_PREFIX_BYTES).unwrap_or(i32::MAX);
    let mut out = Vec::with_capacity(total);
    out.extend_from_slice(&header.base_offset.to_be_bytes());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&header.leader_epoch.to_be_bytes());
    out.push(2);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&header.attributes.0.to_be_bytes());
    out.extend_from_slice(&header.last_offset_delta.to_be_bytes());
    out.extend_from_slice(&header.base_timestamp.to_be_bytes());
    out.extend_from_slice(&header.max_timestamp.to_be_bytes());
    out.extend_from_slice(&header.producer_id.to_be_bytes());
    out.extend_from_slice(&header.producer_epoch.to_be_bytes());
    out.extend_from_slice(&header.base_sequence.to_be_bytes());
    out.extend_from_slice(&header.record_count.to_be_bytes());
    out.extend_from_slice(block);
    let crc = crc32c(&out[CRC_FROM..]);
    out[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_be_bytes());
    out
}

fn nullable_len(value: Option<&[u8]>) -> usize {
    value.map_or(1, |bytes| varint_len(bytes.len() as i64) + bytes.len())
}

fn put_nullable(out: &mut Vec<u8>, value: Option<&[u8]>) {
    put_varint(out, value.map_or(-1, |bytes| bytes.len() as i64));
    out.extend_from_slice(value.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::super::{BatchBuilder, BatchView};
    use super::*;

    fn original(codec: Codec) -> Vec<u8> {
        let mut builder = BatchBuilder::new(codec).base_offset(10).producer(7, 1, 5);
        builder.append(100, Some(b"a"), Some(b"1"), &[("h", Some(b"x"))]);
        builder.append(90, Some(b"b"), None, &[]);
        builder.append(120, Some(b"c"), Some(b"3"), &[("h", None), ("i", Some(b""))]);
        builder.build().expect("builds").to_vec()
    }

    #[test]
    fn what_is_kept_reads_as_before_and_the_rest_is_gone() {
        for codec in Codec::ALL {
            for horizon in [None, Some(1_000_000)] {
                let bytes = original(codec);
                let view = BatchView::parse(&bytes).expect("sound");
                let plain = view.decompressed(1 << 20).expect("opens").into_owned();
                let records: Vec<_> = view.records_in(&plain).map(|r| r.expect("sound")).collect();
                let mut thinner = Thinner::new(view.header(), horizon);
                records[1..].iter().for_each(|record| thinner.keep(record));
                let thin = thinner.build().expect("builds");
                let after = BatchView::parse(&thin).expect("sound");
                assert!(after.crc_valid());
                let (was, is) = (view.header(), after.header());
                assert_eq!((is.base_offset, is.next_offset()), (10, 13));
                assert_eq!((is.producer_id, is.producer_epoch, is.base_sequence), (7, 1, 5));
                assert_eq!((is.leader_epoch, is.max_timestamp), (was.leader_epoch, 120));
                assert_eq!(is.attributes.has_delete_horizon(), horizon.is_some());
                assert_eq!(is.base_timestamp, horizon.unwrap_or(90));
                assert_eq!(is.attributes.codec(), Ok(codec));
                let plain = after.decompressed(1 << 20).expect("opens");
                let kept: Vec<_> = after.records_in(&plain).map(|r| r.expect("sound")).collect();
                for (kept, record) in kept.iter().zip(&records[1..]) {
                    assert_eq!((kept.offset, kept.timestamp), (record.offset, record.timestamp));
                    assert_eq!((kept.key, kept.value), (record.key, record.value));
                    assert!(kept.headers.iter().eq(record.headers.iter()));
                }
                assert_eq!(kept.len(), 2);
            }
        }
    }

    #[test]
    fn a_batch_without_records_keeps_offsets_and_sequence() {
        let bytes = original(Codec::Zstd);
        let view = BatchView::parse(&bytes).expect("sound");
        let bytes = emptied(view.header());
        let after = BatchView::parse(&bytes).expect("sound");
        assert!(after.crc_valid() && after.records().expect("plain").next().is_none());
        let h = after.header();
        assert_eq!((h.base_offset, h.next_offset(), h.base_sequence), (10, 13, 5));
        assert!(!is_placeholder(h), "it has a producer");
    }

    #[test]
    fn a_placeholder_spans_what_is_gone() {
        let bytes = placeholder(5, 9, 3);
        let view = BatchView::parse(&bytes).expect("sound");
        assert!(view.crc_valid() && is_placeholder(view.header()));
        assert_eq!((view.base_offset(), view.last_offset(), view.total_len()), (5, 9, 61));
    }
}
