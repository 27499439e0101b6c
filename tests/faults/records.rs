//! Values that say what they are, so that nothing wrong can pass for right.
//!
//! A value carries where it belongs (topic, partition), who sent it as the how-manieth, and a
//! checksum of all its bytes. Layout, big-endian: u32 CRC-32C of the rest, u16 topic,
//! u16 partition, u32 producer, u32 sequence, filling.

use crc32c::crc32c;

/// The smallest value.
pub const STAMP_BYTES: usize = 16;

/// What a value says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    pub topic: u16,
    pub partition: u16,
    pub producer: u32,
    pub sequence: u32,
}

impl Stamp {
    /// A value of this many bytes, `STAMP_BYTES` at least.
    pub fn value(&self, bytes: usize) -> Vec<u8> {
        let mut value = vec![0; 4];
        value.extend_from_slice(&self.topic.to_be_bytes());
        value.extend_from_slice(&self.partition.to_be_bytes());
        value.extend_from_slice(&self.producer.to_be_bytes());
        value.extend_from_slice(&self.sequence.to_be_bytes());
        let mut filling = self.sequence ^ self.producer.rotate_left(16) ^ 0x5bd1_e995;
        while value.len() < bytes {
            filling = filling.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            value.extend_from_slice(&filling.to_be_bytes());
        }
        value.truncate(bytes.max(STAMP_BYTES));
        let checksum = crc32c(&value[4..]);
        value[..4].copy_from_slice(&checksum.to_be_bytes());
        value
    }

    /// Reads a value back; `None` when it is not, byte for byte, one that was sent.
    pub fn of(value: &[u8]) -> Option<Stamp> {
        let (stored, rest) = value.split_first_chunk::<4>()?;
        if rest.len() < STAMP_BYTES - 4 || u32::from_be_bytes(*stored) != crc32c(rest) {
            return None;
        }
        let u16_at = |at: usize| u16::from_be_bytes([rest[at], rest[at + 1]]);
        let u32_at =
            |at: usize| u32::from_be_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        Some(Stamp {
            topic: u16_at(0),
            partition: u16_at(2),
            producer: u32_at(4),
            sequence: u32_at(8),
        })
    }
}
