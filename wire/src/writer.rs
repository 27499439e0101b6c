//! The growing buffer that messages are encoded into, every primitive of the protocol.
//!
//! Encodes straight into one buffer; tagged fields, whose size stands before their payload,
//! are shifted by the few bytes that the size takes. Record data may be left out as a [`Gap`],
//! for a sender that gathers. Invariant: `gaps` are in ascending order of position.

use bytes::Bytes;

use crate::limits::{FIELD_BYTES_MAX, STRING_BYTES_MAX};
use crate::{Array, Element, Form, Records, Uuid};

/// Bytes that the sender puts between the written ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Offset in the written bytes (gaps not counted) before which the gap's bytes belong.
    pub at: usize,
    pub len: u32,
}

#[derive(Debug, Default)]
pub struct Writer {
    buf: Vec<u8>,
    gaps: Vec<Gap>,
}

impl Writer {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with_capacity(bytes: usize) -> Self {
        Writer { buf: Vec::with_capacity(bytes), gaps: Vec::new() }
    }

    /// Bytes written so far, gaps not counted.
    pub fn len(&self) -> usize {
        self.buf.len()
    }

    pub fn is_empty(&self) -> bool {
        self.buf.is_empty()
    }

    /// Bytes on the wire so far, gaps counted.
    pub fn wire_len(&self) -> usize {
        self.buf.len() + self.gaps.iter().map(|gap| gap.len as usize).sum::<usize>()
    }

    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.buf
    }

    pub fn into_bytes(self) -> Bytes {
        Bytes::from(self.buf)
    }

    /// The written bytes and the gaps between them.
    pub fn into_parts(self) -> (Bytes, Vec<Gap>) {
        (Bytes::from(self.buf), self.gaps)
    }

    /// Bytes as they are, without a length.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buf.extend_from_slice(bytes);
    }

    /// Overwrites four written bytes, for a length that is known last.
    pub fn patch_i32(&mut self, at: usize, value: i32) {
        self.buf[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
}

/// Fixed-width and variable-length numbers.
impl Writer {
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.buf.push(u8::from(value));
    }

    #[inline]
    pub fn i8(&mut self, value: i8) {
        self.buf.push(value as u8);
    }

    #[inline]
    pub fn i16(&mut self, value: i16) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn u16(&mut self, value: u16) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn i32(&mut self, value: i32) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn u32(&mut self, value: u32) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn i64(&mut self, value: i64) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn f64(&mut self, value: f64) {
        self.raw(&value.to_be_bytes());
    }

    #[inline]
    pub fn uuid(&mut self, value: Uuid) {
        self.raw(&value.0);
    }

    /// Seven bits a byte, low bits first.
    #[inline]
    pub fn uvarint(&mut self, value: u32) {
        self.uvarlong(u64::from(value));
    }

    /// Zigzag over [`Writer::uvarint`]'s form, as in records.
    #[inline]
    pub fn varint(&mut self, value: i32) {
        self.uvarint(((value << 1) ^ (value >> 31)) as u32);
    }

    /// The 64-bit sibling of [`Writer::varint`].
    #[inline]
    pub fn varlong(&mut self, value: i64) {
        self.uvarlong(((value << 1) ^ (value >> 63)) as u64);
    }

    #[inline]
    fn uvarlong(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.buf.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.buf.push(value as u8);
    }
}

/// Values with a length in front.
impl Writer {
    /// Text over the protocol's 32767 bytes is cut at a character boundary.
    pub fn string(&mut self, text: &str, flexible: bool) {
        let text = cut(text);
        if flexible {
            self.compact_length(text.len());
        } else {
            self.i16(text.len() as i16);
        }
        self.raw(text.as_bytes());
    }

    pub fn string_or_null(&mut self, text: Option<&str>, flexible: bool) {
        match text {
            Some(text) => self.string(text, flexible),
            None if flexible => self.uvarint(0),
            None => self.i16(-1),
        }
    }

    pub fn bytes(&mut self, bytes: &[u8], flexible: bool) {
        self.length(bytes.len(), flexible);
        self.raw(bytes);
    }

    pub fn bytes_or_null(&mut self, bytes: Option<&[u8]>, flexible: bool) {
        match bytes {
            Some(bytes) => self.bytes(bytes, flexible),
            None => self.null(flexible),
        }
    }

    pub fn records(&mut self, records: &Records<'_>, flexible: bool) {
        match records {
            Records::Bytes(bytes) => self.bytes(bytes, flexible),
            Records::Gap(len) => {
                self.length(*len as usize, flexible);
                self.gaps.push(Gap { at: self.buf.len(), len: *len });
            }
        }
    }

    pub fn records_or_null(&mut self, records: Option<&Records<'_>>, flexible: bool) {
        match records {
            Some(records) => self.records(records, flexible),
            None => self.null(flexible),
        }
    }

    pub fn array<'a, T: Element<'a>>(&mut self, array: &Array<'a, T>, form: Form) {
        self.length(array.len(), form.flexible);
        array.each(|element| element.write(self, form));
    }

    pub fn array_or_null<'a, T: Element<'a>>(&mut self, array: Option<&Array<'a, T>>, form: Form) {
        match array {
            Some(array) => self.array(array, form),
            None => self.null(form.flexible),
        }
    }

    /// The byte before a nullable struct.
    pub fn present(&mut self, present: bool) {
        self.i8(if present { 1 } else { -1 });
    }

    fn null(&mut self, flexible: bool) {
        if flexible { self.uvarint(0) } else { self.i32(-1) }
    }

    #[inline]
    fn length(&mut self, length: usize, flexible: bool) {
        assert!(length < FIELD_BYTES_MAX, "a field of 2 GiB cannot be encoded");
        if flexible { self.compact_length(length) } else { self.i32(length as i32) }
    }

    #[inline]
    fn compact_length(&mut self, length: usize) {
        self.uvarint(length as u32 + 1);
    }
}

/// Tagged fields.
impl Writer {
    /// How many tagged fields follow, in ascending order of tag.
    #[inline]
    pub fn tag_count(&mut self, count: u32) {
        self.uvarint(count);
    }

    /// One tagged field: `payload` writes the value, its size is put in front afterwards.
    pub fn tag(&mut self, tag: u32, payload: impl FnOnce(&mut Writer)) {
        self.uvarint(tag);
        let (start, gaps) = (self.buf.len(), self.gaps.len());
        payload(self);
        let end = self.buf.len();
        let spliced: usize = self.gaps[gaps..].iter().map(|gap| gap.len as usize).sum();
        let size = end - start + spliced;
        assert!(size < FIELD_BYTES_MAX, "a tagged field of 2 GiB cannot be encoded");
        self.uvarint(size as u32);
        let prefix = self.buf.len() - end;
        self.buf[start..].rotate_right(prefix);
        for gap in &mut self.gaps[gaps..] {
            gap.at += prefix;
        }
    }
}

fn cut(text: &str) -> &str {
    if text.len() <= STRING_BYTES_MAX {
        return text;
    }
    let mut end = STRING_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
