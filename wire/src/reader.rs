//! The cursor over received bytes: every primitive of the protocol, borrowed where it can be.
//!
//! Not a parser of messages (those are generated and call this). A read either yields a value that
//! lies wholly inside the bytes or a [`DecodeError`] with the position; nothing here panics and
//! nothing allocates. `flexible` selects the compact encodings of the newer versions.

use std::borrow::Cow;
use std::fmt;

use crate::limits::STRING_BYTES_MAX;
use crate::{Array, Element, Form, Records, Str, Uuid};

/// Why bytes were refused, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    /// Offset of the refused read from the start of the reader's bytes.
    pub at: u32,
    pub fault: Fault,
}

/// The reason of a [`DecodeError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Fewer bytes are left than the value takes.
    Short {
        wanted: u32,
        left: u32,
    },
    /// A length or count below -1.
    NegativeLength {
        length: i32,
    },
    /// Null where this version has no null.
    Null,
    /// An array announces more elements than bytes are left.
    CountBeyondBytes {
        count: u32,
        left: u32,
    },
    /// A string over the protocol's 32767 bytes.
    StringTooLong {
        length: u32,
    },
    NotUtf8,
    /// A variable-length integer that does not fit its type.
    VarintOverflow,
    /// A tagged field whose payload is longer than its type.
    TagSize {
        tag: u32,
    },
    /// The message does not exist in this version.
    Version {
        version: i16,
    },
    /// A record type that this log does not have.
    RecordType {
        record_type: i32,
    },
    /// Bytes are left after the last field.
    Trailing {
        left: u32,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Short { wanted, left } => write!(f, "{wanted} bytes wanted, {left} left")?,
            Fault::NegativeLength { length } => write!(f, "negative length {length}")?,
            Fault::Null => write!(f, "null in a field that has no null")?,
            Fault::CountBeyondBytes { count, left } => {
                write!(f, "array of {count} elements in {left} bytes")?;
            }
            Fault::StringTooLong { length } => write!(f, "string of {length} bytes")?,
            Fault::NotUtf8 => write!(f, "string is not UTF-8")?,
            Fault::VarintOverflow => write!(f, "variable-length integer overflows")?,
            Fault::TagSize { tag } => write!(f, "size of tagged field {tag} is wrong")?,
            Fault::Version { version } => write!(f, "no such version: {version}")?,
            Fault::RecordType { record_type } => write!(f, "no such record type: {record_type}")?,
            Fault::Trailing { left } => write!(f, "{left} bytes after the last field")?,
        }
        write!(f, " (at byte {})", self.at)
    }
}

impl std::error::Error for DecodeError {}

/// A cursor over borrowed bytes. Clone it to look ahead.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    total: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes, total: bytes.len() }
    }

    /// Bytes not yet read.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Offset of the next read.
    #[inline]
    pub fn position(&self) -> usize {
        self.total - self.rest.len()
    }

    /// Everything not yet read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Refuses bytes after the last field.
    pub fn finish(&self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(self.error(Fault::Trailing { left: narrow(left) })),
        }
    }

    /// An error at the current position.
    #[cold]
    pub fn error(&self, fault: Fault) -> DecodeError {
        DecodeError { at: narrow(self.position()), fault }
    }

    #[inline]
    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(*head)
            }
            None => Err(self.short(N)),
        }
    }

    /// The next `n` bytes.
    #[inline]
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        match self.rest.split_at_checked(n) {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(head)
            }
            None => Err(self.short(n)),
        }
    }

    #[cold]
    fn short(&self, wanted: usize) -> DecodeError {
        self.error(Fault::Short { wanted: narrow(wanted), left: narrow(self.rest.len()) })
    }
}

/// Fixed-width and variable-length numbers.
impl<'a> Reader<'a> {
    #[inline]
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        Ok(self.i8()? != 0)
    }

    #[inline]
    pub fn i8(&mut self) -> Result<i8, DecodeError> {
        self.fixed().map(i8::from_be_bytes)
    }

    #[inline]
    pub fn i16(&mut self) -> Result<i16, DecodeError> {
        self.fixed().map(i16::from_be_bytes)
    }

    #[inline]
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        self.fixed().map(u16::from_be_bytes)
    }

    #[inline]
    pub fn i32(&mut self) -> Result<i32, DecodeError> {
        self.fixed().map(i32::from_be_bytes)
    }

    #[inline]
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.fixed().map(u32::from_be_bytes)
    }

    #[inline]
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        self.fixed().map(i64::from_be_bytes)
    }

    #[inline]
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        self.fixed().map(f64::from_be_bytes)
    }

    #[inline]
    pub fn uuid(&mut self) -> Result<Uuid, DecodeError> {
        self.fixed().map(Uuid)
    }

    /// Seven bits a byte, low bits first.
    #[inline]
    pub fn uvarint(&mut self) -> Result<u32, DecodeError> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(u32::from(byte))
            }
            _ => self.uvarint_long(),
        }
    }

    fn uvarint_long(&mut self) -> Result<u32, DecodeError> {
        let value = self.varint_bits(32)?;
        u32::try_from(value).map_err(|_| self.error(Fault::VarintOverflow))
    }

    /// Zigzag over [`Reader::uvarint`]'s form, as in records.
    #[inline]
    pub fn varint(&mut self) -> Result<i32, DecodeError> {
        let raw = self.uvarint()?;
        Ok((raw >> 1) as i32 ^ -((raw & 1) as i32))
    }

    /// The 64-bit sibling of [`Reader::varint`].
    #[inline]
    pub fn varlong(&mut self) -> Result<i64, DecodeError> {
        let raw = self.varint_bits(64)?;
        Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    fn varint_bits(&mut self, width: u32) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        let mut shift = 0;
        loop {
            let [byte] = self.fixed()?;
            let bits = u64::from(byte & 0x7f);
            if shift >= width || (bits << shift) >> shift != bits {
                return Err(self.error(Fault::VarintOverflow));
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
        }
    }
}

/// Values with a length in front.
impl<'a> Reader<'a> {
    pub fn string(&mut self, flexible: bool) -> Result<Str<'a>, DecodeError> {
        let text = self.string_or_null(flexible)?;
        text.ok_or_else(|| self.error(Fault::Null))
    }

    pub fn string_or_null(&mut self, flexible: bool) -> Result<Option<Str<'a>>, DecodeError> {
        let length = if flexible { self.compact_length()? } else { self.length_i16()? };
        let Some(length) = length else { return Ok(None) };
        if length > STRING_BYTES_MAX {
            return Err(self.error(Fault::StringTooLong { length: narrow(length) }));
        }
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(Cow::Borrowed(text))),
            Err(_) => Err(self.error(Fault::NotUtf8)),
        }
    }

    pub fn bytes(&mut self, flexible: bool) -> Result<Cow<'a, [u8]>, DecodeError> {
        let bytes = self.bytes_or_null(flexible)?;
        bytes.ok_or_else(|| self.error(Fault::Null))
    }

    pub fn bytes_or_null(&mut self, flexible: bool) -> Result<Option<Cow<'a, [u8]>>, DecodeError> {
        match self.length(flexible)? {
            Some(length) => Ok(Some(Cow::Borrowed(self.take(length)?))),
            None => Ok(None),
        }
    }

    pub fn records(&mut self, flexible: bool) -> Result<Records<'a>, DecodeError> {
        self.bytes(flexible).map(Records::Bytes)
    }

    pub fn records_or_null(&mut self, flexible: bool) -> Result<Option<Records<'a>>, DecodeError> {
        Ok(self.bytes_or_null(flexible)?.map(Records::Bytes))
    }

    /// Validates every element and keeps their bytes: no allocation, whatever the count says.
    pub fn array<T: Element<'a>>(&mut self, form: Form) -> Result<Array<'a, T>, DecodeError> {
        let array = self.array_or_null(form)?;
        array.ok_or_else(|| self.error(Fault::Null))
    }

    pub fn array_or_null<T: Element<'a>>(
        &mut self,
        form: Form,
    ) -> Result<Option<Array<'a, T>>, DecodeError> {
        let Some(count) = self.length(form.flexible)? else { return Ok(None) };
        if count > self.rest.len() {
            let (count, left) = (narrow(count), narrow(self.rest.len()));
            return Err(self.error(Fault::CountBeyondBytes { count, left }));
        }
        let whole = self.rest;
        T::validate(self, count, form)?;
        let bytes = &whole[..whole.len() - self.rest.len()];
        Ok(Some(Array::view(bytes, narrow(count), form)))
    }

    /// The byte before a nullable struct: negative is null.
    pub fn is_present(&mut self) -> Result<bool, DecodeError> {
        Ok(self.i8()? >= 0)
    }

    /// A length or count: `i32`, or compact in flexible versions.
    #[inline]
    fn length(&mut self, flexible: bool) -> Result<Option<usize>, DecodeError> {
        if flexible {
            return self.compact_length();
        }
        match self.i32()? {
            -1 => Ok(None),
            length => self.checked(length),
        }
    }

    #[inline]
    fn length_i16(&mut self) -> Result<Option<usize>, DecodeError> {
        match self.i16()? {
            -1 => Ok(None),
            length => self.checked(i32::from(length)),
        }
    }

    #[inline]
    fn checked(&self, length: i32) -> Result<Option<usize>, DecodeError> {
        match usize::try_from(length) {
            Ok(length) => Ok(Some(length)),
            Err(_) => Err(self.error(Fault::NegativeLength { length })),
        }
    }

    #[inline]
    fn compact_length(&mut self) -> Result<Option<usize>, DecodeError> {
        Ok(self.uvarint()?.checked_sub(1).map(|length| length as usize))
    }
}

/// Tagged fields: `count`, then per field `tag`, `size`, payload.
impl<'a> Reader<'a> {
    /// How many tagged fields follow. Not a bound for memory: read them one by one.
    #[inline]
    pub fn tag_count(&mut self) -> Result<u32, DecodeError> {
        self.uvarint()
    }

    /// The next tagged field's number and a reader over exactly its payload.
    pub fn tag(&mut self) -> Result<(u32, Reader<'a>), DecodeError> {
        let tag = self.uvarint()?;
        let size = self.uvarint()?;
        let at = self.position();
        let payload = self.take(size as usize)?;
        // Positions in errors stay relative to the whole message.
        Ok((tag, Reader { rest: payload, total: at + payload.len() }))
    }

    /// Refuses a payload that is longer than the field's type.
    pub fn finish_tag(&self, tag: u32) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error(Fault::TagSize { tag })) }
    }

    /// Skips all tagged fields of a struct that knows none.
    #[inline]
    pub fn skip_tags(&mut self) -> Result<(), DecodeError> {
        for _ in 0..self.tag_count()? {
            self.tag()?;
        }
        Ok(())
    }
}

/// Positions and lengths in errors: saturating, since a frame is below 2 GiB anyway.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
