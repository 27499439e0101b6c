//! Field types that are more than a primitive: strings, and record data that may be spliced in.

use std::borrow::Cow;

/// Text of a message: borrowed from the frame when decoded, anything when built.
pub type Str<'a> = Cow<'a, str>;

/// The record batches of a Produce request or a Fetch response, unparsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Records<'a> {
    Bytes(Cow<'a, [u8]>),
    /// This many bytes that the sender places there itself: encoding writes the length and notes
    /// the gap in the [`crate::Writer`]. Decoding never yields it.
    Gap(u32),
}

impl Records<'_> {
    /// The bytes at hand; none for a gap.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Records::Bytes(bytes) => bytes,
            Records::Gap(_) => &[],
        }
    }

    /// Bytes on the wire, a gap's included.
    pub fn len(&self) -> usize {
        match self {
            Records::Bytes(bytes) => bytes.len(),
            Records::Gap(bytes) => *bytes as usize,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Records<'_> {
    fn default() -> Self {
        Records::Bytes(Cow::Borrowed(&[]))
    }
}

impl<'a> From<&'a [u8]> for Records<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Records::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Records<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Records::Bytes(Cow::Owned(bytes))
    }
}
