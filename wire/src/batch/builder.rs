//! Makes record batches: what producers, coordinators and tests write.
//!
//! Records are appended in order and serialised at once; `build` compresses the block,
//! fills the header and seals it with the CRC. Not for the broker's produce path, which
//! stores what clients sent. Panics on nothing; a batch past i32 sizes is the caller's
//! wrong and saturates into a length that no reader accepts.

use bytes::{BufMut, Bytes, BytesMut};

use super::checksum::crc32c;
use super::record::{put_varint, varint_len};
use super::{
    CONTROL_BIT, CRC_AT, CRC_FROM, HEADER_BYTES, LENGTH_PREFIX_BYTES, LOG_APPEND_TIME_BIT,
    TRANSACTIONAL_BIT,
};
use crate::compress::{self, Codec, CompressFault};

/// Collects records and builds one batch. Offsets are dense from `base_offset` unless
/// `append_at` leaves gaps.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    codec: Codec,
    attributes: i16,
    base_offset: i64,
    leader_epoch: i32,
    producer_id: i64,
    producer_epoch: i16,
    base_sequence: i32,
    base_timestamp: Option<i64>,
    max_timestamp: i64,
    append_time: Option<i64>,
    last_offset_delta: i32,
    count: i32,
    records: Vec<u8>,
}

impl Default for BatchBuilder {
    fn default() -> Self {
        BatchBuilder::new(Codec::None)
    }
}

impl BatchBuilder {
    #[must_use]
    pub fn new(codec: Codec) -> Self {
        BatchBuilder {
            codec,
            attributes: i16::from(codec.id()),
            base_offset: 0,
            leader_epoch: -1,
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            base_timestamp: None,
            max_timestamp: -1,
            append_time: None,
            last_offset_delta: -1,
            count: 0,
            records: Vec::new(),
        }
    }

    #[must_use]
    pub fn base_offset(mut self, offset: i64) -> Self {
        self.base_offset = offset;
        self
    }

    #[must_use]
    pub fn leader_epoch(mut self, epoch: i32) -> Self {
        self.leader_epoch = epoch;
        self
    }

    /// The idempotent producer and the sequence of the first record.
    #[must_use]
    pub fn producer(mut self, id: i64, epoch: i16, base_sequence: i32) -> Self {
        self.producer_id = id;
        self.producer_epoch = epoch;
        self.base_sequence = base_sequence;
        self
    }

    #[must_use]
    pub fn transactional(mut self) -> Self {
        self.attributes |= TRANSACTIONAL_BIT;
        self
    }

    #[must_use]
    pub fn control(mut self) -> Self {
        self.attributes |= CONTROL_BIT;
        self
    }

    /// All records read with this time, whatever their own (`LogAppendTime`).
    #[must_use]
    pub fn log_append_time(mut self, append_time_ms: i64) -> Self {
        self.attributes |= LOG_APPEND_TIME_BIT;
        self.append_time = Some(append_time_ms);
        self
    }

    /// Appends a record at the next offset.
    pub fn append(
        &mut self,
        timestamp: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[(&str, Option<&[u8]>)],
    ) -> &mut Self {
        let delta = self.last_offset_delta.saturating_add(1);
        self.append_at(delta, timestamp, (key, value), headers)
    }

    /// Appends a record at `offset_delta`, which must be past the last one's.
    pub fn append_at(
        &mut self,
        offset_delta: i32,
        timestamp: i64,
        (key, value): (Option<&[u8]>, Option<&[u8]>),
        headers: &[(&str, Option<&[u8]>)],
    ) -> &mut Self {
        let base_timestamp = *self.base_timestamp.get_or_insert(timestamp);
        let timestamp_delta = timestamp.wrapping_sub(base_timestamp);
        let mut body_len = 1
            + varint_len(timestamp_delta)
            + varint_len(i64::from(offset_delta))
            + nullable_len(key)
            + nullable_len(value)
            + varint_len(headers.len() as i64);
        for (name, value) in headers {
            body_len += nullable_len(Some(name.as_bytes())) + nullable_len(*value);
        }
        let out = &mut self.records;
        out.reserve(body_len + varint_len(body_len as i64));
        put_varint(out, body_len as i64);
        out.push(0);
        put_varint(out, timestamp_delta);
        put_varint(out, i64::from(offset_delta));
        put_nullable(out, key);
        put_nullable(out, value);
        put_varint(out, headers.len() as i64);
        for (name, value) in headers {
            put_nullable(out, Some(name.as_bytes()));
            put_nullable(out, *value);
        }
        self.max_timestamp = self.max_timestamp.max(timestamp);
        self.last_offset_delta = offset_delta;
        self.count = self.count.saturating_add(1);
        self
    }

    /// Lets the batch end at a later offset than its last record's: compaction keeps the
    /// end of the batch that it thinned out.
    pub fn extend_to(&mut self, last_offset_delta: i32) -> &mut Self {
        self.last_offset_delta = self.last_offset_delta.max(last_offset_delta);
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    #[must_use]
    pub fn count(&self) -> i32 {
        self.count
    }

    /// Uncompressed bytes so far, header included: what a producer compares with its limit.
    #[must_use]
    pub fn uncompressed_len(&self) -> usize {
        HEADER_BYTES + self.records.len()
    }

    /// The finished batch; the fault is the compressor's.
    pub fn build(&self) -> Result<Bytes, CompressFault> {
        if self.codec == Codec::None {
            return Ok(self.seal(&self.records));
        }
        Ok(self.seal(&compress::compress(self.codec, &self.records)?))
    }

    fn seal(&self, block: &[u8]) -> Bytes {
        let total = HEADER_BYTES + block.len();
        let length = i32::try_from(total - LENGTH_PREFIX_BYTES).unwrap_or(i32::MAX);
        let mut out = BytesMut::with_capacity(total);
        out.put_i64(self.base_offset);
        out.put_i32(length);
        out.put_i32(self.leader_epoch);
        out.put_i8(2);
        out.put_u32(0);
        out.put_i16(self.attributes);
        out.put_i32(self.last_offset_delta);
        out.put_i64(self.base_timestamp.unwrap_or(-1));
        out.put_i64(self.append_time.unwrap_or(self.max_timestamp));
        out.put_i64(self.producer_id);
        out.put_i16(self.producer_epoch);
        out.put_i32(self.base_sequence);
        out.put_i32(self.count);
        out.put_slice(block);
        let crc = crc32c(&out[CRC_FROM..]);
        out[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_be_bytes());
        out.freeze()
    }
}

fn nullable_len(value: Option<&[u8]>) -> usize {
    match value {
        None => varint_len(-1),
        Some(bytes) => varint_len(bytes.len() as i64) + bytes.len(),
    }
}

fn put_nullable(out: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        None => put_varint(out, -1),
        Some(bytes) => {
            put_varint(out, bytes.len() as i64);
            out.extend_from_slice(bytes);
        }
    }
}
