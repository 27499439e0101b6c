//! Bounds of the encodings, and what they mean for each other.
//!
//! They are properties of Kafka's formats, not settings: the broker's settings (frame size, batch
//! size) live in the engine and must stay below these.

/// Longest string that any version can carry: the classic length prefix is an `i16`.
pub const STRING_BYTES_MAX: usize = i16::MAX as usize;

/// Longest byte field, array or frame: the classic prefixes are an `i32`.
pub const FIELD_BYTES_MAX: usize = i32::MAX as usize;

/// Longest encoding of a 32-bit variable-length integer.
pub const VARINT_BYTES_MAX: usize = 5;

/// Longest encoding of a 64-bit variable-length integer.
pub const VARLONG_BYTES_MAX: usize = 10;

const _: () = assert!(STRING_BYTES_MAX < FIELD_BYTES_MAX, "a string fits a field");
