//! Records inside a batch: varints, the record iterator and the fast structural walk.
//!
//! `Records` yields borrowed records from uncompressed bytes and ends with a fault when the
//! declared count and the bytes disagree. `walk` checks the same things without building
//! anything: it is the produce path's proof that a batch which passed its CRC will also be
//! readable by consumers. Both are bounded by the bytes given and never panic.

use super::{BatchFault, BatchHeader};

/// A zig-zag varint takes at most 5 bytes as i32 and 10 as i64.
const VARINT_BYTES_MAX: usize = 5;
const VARLONG_BYTES_MAX: usize = 10;

/// One record, borrowed from the batch's uncompressed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub offset: i64,
    pub offset_delta: i32,
    /// Milliseconds; the batch's append time when the batch says so.
    pub timestamp: i64,
    pub timestamp_delta: i64,
    pub attributes: i8,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: Headers<'a>,
}

/// A record's headers: checked when the record was read, so iteration cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headers<'a> {
    count: u32,
    bytes: &'a [u8],
}

impl<'a> Headers<'a> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.count as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The headers as they are stored, without their count.
    pub(super) fn raw(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn iter(&self) -> impl Iterator<Item = RecordHeader<'a>> + use<'a> {
        let mut cursor = Cursor { rest: self.bytes };
        (0..self.count).map_while(move |_| cursor.header())
    }
}

/// One header of a record; the key is UTF-8 by Kafka's rule but not checked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHeader<'a> {
    pub key: &'a [u8],
    pub value: Option<&'a [u8]>,
}

/// Iterates over the records of one batch; ends after the first fault.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    cursor: Cursor<'a>,
    declared: i32,
    read: i32,
    base_offset: i64,
    base_timestamp: i64,
    append_time: Option<i64>,
    done: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(header: &BatchHeader, uncompressed: &'a [u8]) -> Self {
        let append_time = header.attributes.is_log_append_time().then_some(header.max_timestamp);
        Records {
            cursor: Cursor { rest: uncompressed },
            declared: header.record_count,
            read: 0,
            base_offset: header.base_offset,
            base_timestamp: header.base_timestamp,
            append_time,
            done: false,
        }
    }

    fn step(&mut self) -> Option<Result<Record<'a>, BatchFault>> {
        if self.read >= self.declared {
            let exact = self.cursor.rest.is_empty() && self.declared >= 0;
            return (!exact).then_some(Err(BatchFault::Count { declared: self.declared }));
        }
        if self.cursor.rest.is_empty() {
            return Some(Err(BatchFault::Count { declared: self.declared }));
        }
        let index = self.read as u32;
        let Some(raw) = self.cursor.record() else {
            return Some(Err(BatchFault::Record { index }));
        };
        self.read += 1;
        let timestamp = self
            .append_time
            .unwrap_or_else(|| self.base_timestamp.saturating_add(raw.timestamp_delta));
        Some(Ok(Record {
            offset: self.base_offset.saturating_add(i64::from(raw.offset_delta)),
            offset_delta: raw.offset_delta,
            timestamp,
            timestamp_delta: raw.timestamp_delta,
            attributes: raw.attributes,
            key: raw.key,
            value: raw.value,
            headers: raw.headers,
        }))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, BatchFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.step();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}

/// What a walk over all records of a batch found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkSummary {
    /// Smallest and largest `timestamp_delta`; both 0 for no records.
    pub timestamp_delta_min: i64,
    pub timestamp_delta_max: i64,
    /// Every record's offset delta equals its index.
    pub deltas_dense: bool,
    /// Some record has no key.
    pub has_keyless: bool,
}

/// Checks that `uncompressed` is exactly `declared` well-formed records, skipping over
/// keys and values without looking at them.
pub fn walk(declared: i32, uncompressed: &[u8]) -> Result<WalkSummary, BatchFault> {
    let count = u32::try_from(declared).map_err(|_| BatchFault::Count { declared })?;
    let mut summary = WalkSummary {
        timestamp_delta_min: 0,
        timestamp_delta_max: 0,
        deltas_dense: true,
        has_keyless: false,
    };
    let mut cursor = Cursor { rest: uncompressed };
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for index in 0..count {
        if cursor.rest.is_empty() {
            return Err(BatchFault::Count { declared });
        }
        let shape = cursor.skip_record().ok_or(BatchFault::Record { index })?;
        least = least.min(shape.timestamp_delta);
        most = most.max(shape.timestamp_delta);
        summary.deltas_dense &= i64::from(shape.offset_delta) == i64::from(index);
        summary.has_keyless |= !shape.has_key;
    }
    if !cursor.rest.is_empty() {
        return Err(BatchFault::Count { declared });
    }
    if count > 0 {
        (summary.timestamp_delta_min, summary.timestamp_delta_max) = (least, most);
    }
    Ok(summary)
}

struct RawRecord<'a> {
    attributes: i8,
    timestamp_delta: i64,
    offset_delta: i32,
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    headers: Headers<'a>,
}

struct Shape {
    timestamp_delta: i64,
    offset_delta: i32,
    has_key: bool,
}

/// A bounds-checked reader of varint-framed parts; `None` means the bytes do not parse.
#[derive(Clone, Debug)]
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn record(&mut self) -> Option<RawRecord<'a>> {
        let length = usize::try_from(self.varint()?).ok()?;
        let mut body = Cursor { rest: self.take(length)? };
        let attributes = *body.take(1)?.first()? as i8;
        let timestamp_delta = body.varlong()?;
        let offset_delta = body.varint()?;
        let key = body.nullable()?;
        let value = body.nullable()?;
        let count = u32::try_from(body.varint()?).ok()?;
        let bytes = body.rest;
        for _ in 0..count {
            body.header()?;
        }
        if !body.rest.is_empty() {
            return None;
        }
        let headers = Headers { count, bytes };
        Some(RawRecord { attributes, timestamp_delta, offset_delta, key, value, headers })
    }

    #[inline(always)]
    fn skip_record(&mut self) -> Option<Shape> {
        let length = usize::try_from(self.varint()?).ok()?;
        let mut body = Cursor { rest: self.take(length)? };
        body.take(1)?;
        let timestamp_delta = body.varlong()?;
        let offset_delta = body.varint()?;
        let has_key = body.skip_nullable()?;
        body.skip_nullable()?;
        let headers = body.varint()?;
        if headers != 0 {
            for _ in 0..u32::try_from(headers).ok()? {
                body.header()?;
            }
        }
        body.rest.is_empty().then_some(Shape { timestamp_delta, offset_delta, has_key })
    }

    fn header(&mut self) -> Option<RecordHeader<'a>> {
        let key = self.nullable()??;
        let value = self.nullable()?;
        Some(RecordHeader { key, value })
    }

    fn nullable(&mut self) -> Option<Option<&'a [u8]>> {
        match self.varint()? {
            -1 => Some(None),
            length => Some(Some(self.take(usize::try_from(length).ok()?)?)),
        }
    }

    /// Whether there was a value (−1 is null).
    #[inline(always)]
    fn skip_nullable(&mut self) -> Option<bool> {
        match self.varint()? {
            -1 => Some(false),
            length => self.take(usize::try_from(length).ok()?).map(|_| true),
        }
    }

    #[inline(always)]
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline(always)]
    fn varint(&mut self) -> Option<i32> {
        let raw = match self.short_form() {
            Some(raw) => raw,
            None => u32::try_from(self.long_form(VARINT_BYTES_MAX)?).ok()?,
        };
        Some((raw >> 1) as i32 ^ -((raw & 1) as i32))
    }

    #[inline(always)]
    fn varlong(&mut self) -> Option<i64> {
        let raw = match self.short_form() {
            Some(raw) => u64::from(raw),
            None => self.long_form(VARLONG_BYTES_MAX)?,
        };
        Some((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    /// One and two bytes are nearly all varints of real records.
    #[inline(always)]
    fn short_form(&mut self) -> Option<u32> {
        match *self.rest {
            [first, ref rest @ ..] if first < 0x80 => {
                self.rest = rest;
                Some(u32::from(first))
            }
            [first, second, ref rest @ ..] if second < 0x80 => {
                self.rest = rest;
                Some(u32::from(first & 0x7f) | u32::from(second) << 7)
            }
            _ => None,
        }
    }

    /// The unsigned value of a varint of at most `bytes_max` bytes.
    #[cold]
    fn long_form(&mut self, bytes_max: usize) -> Option<u64> {
        let mut value = 0u64;
        for (index, &byte) in self.rest.iter().take(bytes_max).enumerate() {
            let group = u64::from(byte & 0x7f);
            let shift = 7 * index as u32;
            if shift == 63 && group > 1 {
                return None;
            }
            value |= group << shift;
            if byte < 0x80 {
                self.rest = &self.rest[index + 1..];
                return Some(value);
            }
        }
        None
    }
}

/// Appends a zig-zag varint; the same bytes for i32 and i64 values in i32's range.
pub(super) fn put_varint(out: &mut Vec<u8>, value: i64) {
    let mut raw = ((value << 1) ^ (value >> 63)) as u64;
    while raw >= 0x80 {
        out.push(raw as u8 | 0x80);
        raw >>= 7;
    }
    out.push(raw as u8);
}

/// Bytes that `put_varint` appends.
pub(super) fn varint_len(value: i64) -> usize {
    let raw = ((value << 1) ^ (value >> 63)) as u64;
    (64 - (raw | 1).leading_zeros() as usize).div_ceil(7)
}
