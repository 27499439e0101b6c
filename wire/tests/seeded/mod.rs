//! Repeatable randomness for tests: xorshift from a seed that is the input itself.

// Each test binary uses its part of this.
#![allow(dead_code)]

/// Values that break counters, lengths and lookups when they stand where one is expected.
const HOSTILE: [u32; 8] =
    [0, 1, 0x7f, 0xff, i16::MAX as u32, i32::MAX as u32, i32::MIN as u32, u32::MAX];

pub struct Seeded(u64);

impl Seeded {
    /// Seeded by bytes: the same input gives the same sequence.
    pub fn of(bytes: &[u8]) -> Self {
        let seed = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Seeded(seed | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// The bytes with one thing changed: a bit, a byte, a number of four or two bytes, a length
    /// in compact form, or with a piece removed or doubled.
    pub fn mutation(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        if out.is_empty() {
            return vec![self.next() as u8];
        }
        let at = self.below(out.len());
        let hostile = HOSTILE[self.below(HOSTILE.len())].to_be_bytes();
        match self.below(7) {
            0 => out[at] ^= 1 << self.below(8),
            1 => out[at] = self.next() as u8,
            2 => overwrite(&mut out, at, &hostile),
            3 => overwrite(&mut out, at, &hostile[2..]),
            4 => overwrite(&mut out, at, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
            5 => {
                out.remove(at);
            }
            _ => {
                let end = at + self.below(out.len() - at);
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
        }
        out
    }
}

fn overwrite(out: &mut [u8], at: usize, with: &[u8]) {
    let end = out.len().min(at + with.len());
    out[at..end].copy_from_slice(&with[..end - at]);
}
