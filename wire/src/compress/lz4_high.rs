//! LZ4 with a search: smaller than the fast encoder's output, at the price of time.
//!
//! Every position is entered into a chain of positions with the same four bytes, and the
//! longest match among the first few of a chain is taken, unless the next position has a longer
//! one. The level says how many are looked at. Blocks are 64 KiB and independent, so that every
//! offset fits its 16 bits and the memory is fixed: 192 KiB. Block format: lz4_Block_format.md.

use std::io::{self, Write};

use super::bounded::Bounded;

/// Frame magic; version 1, independent blocks, no checksums; 64 KiB blocks; header checksum.
const FRAME_HEAD: [u8; 7] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
const FRAME_END: [u8; 4] = [0; 4];
const RAW_BLOCK_BIT: u32 = 1 << 31;
const BLOCK_BYTES: usize = 64 * 1024;
const MATCH_BYTES_MIN: usize = 4;
/// The last match begins at least this far before a block's end, and the last five bytes are
/// literals: decoders rely on it.
const MATCH_LIMIT: usize = 12;
const LITERALS_LAST: usize = 5;
/// A match of this length ends its search, which bounds the work on repetitive input.
const MATCH_BYTES_GOOD: usize = 256;
const HASH_BITS: u32 = 15;
const NOWHERE: u32 = u32::MAX;
/// A sequence's 4-bit lengths go on in further bytes from here.
const NIBBLE_MAX: usize = 15;
/// At the highest level a search looks at this many positions.
const TRIES_MAX: u32 = 1 << 14;

/// Writes a frame. `level` is Kafka's: 1 to 17.
pub(super) fn compress(plain: &[u8], level: i32, out: &mut Bounded<'_>) -> io::Result<()> {
    out.write_all(&FRAME_HEAD)?;
    let tries = 1u32.checked_shl(level.clamp(1, 31) as u32).unwrap_or(TRIES_MAX).min(TRIES_MAX);
    let mut block = Vec::with_capacity(BLOCK_BYTES + BLOCK_BYTES / 255 + 16);
    for chunk in plain.chunks(BLOCK_BYTES) {
        block.clear();
        Search::new(chunk, tries).encode(&mut block);
        let (bytes, flag) = match block.len() < chunk.len() {
            true => (&block[..], 0),
            false => (chunk, RAW_BLOCK_BIT),
        };
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        out.write_all(&(length | flag).to_le_bytes())?;
        out.write_all(bytes)?;
    }
    out.write_all(&FRAME_END)
}

/// A repetition of what lies `offset` bytes before.
#[derive(Clone, Copy)]
struct Match {
    offset: usize,
    bytes: usize,
}

struct Search<'a> {
    plain: &'a [u8],
    tries: u32,
    /// The newest position of each hash.
    heads: Vec<u32>,
    /// For each position the one before it in its chain.
    chain: Vec<u32>,
    /// Positions below are in the chains.
    entered: usize,
}

impl<'a> Search<'a> {
    fn new(plain: &'a [u8], tries: u32) -> Self {
        let heads = vec![NOWHERE; 1 << HASH_BITS];
        Search { plain, tries, heads, chain: vec![NOWHERE; plain.len()], entered: 0 }
    }

    fn encode(mut self, out: &mut Vec<u8>) {
        let last_start = self.plain.len().saturating_sub(MATCH_LIMIT);
        let (mut at, mut written) = (0, 0);
        while at < last_start {
            let Some(mut found) = self.longest(at) else {
                at += 1;
                continue;
            };
            // A longer match one further on is worth one more literal.
            while at + 1 < last_start {
                match self.longest(at + 1) {
                    Some(next) if next.bytes > found.bytes => (at, found) = (at + 1, next),
                    _ => break,
                }
            }
            put_sequence(out, &self.plain[written..at], Some(found));
            at += found.bytes;
            written = at;
        }
        put_sequence(out, &self.plain[written..], None);
    }

    fn longest(&mut self, at: usize) -> Option<Match> {
        self.enter_up_to(at);
        let end = self.plain.len() - LITERALS_LAST;
        let mut best: Option<Match> = None;
        let mut candidate = self.heads[self.hash(at)];
        for _ in 0..self.tries {
            if candidate == NOWHERE {
                break;
            }
            let from = candidate as usize;
            let bytes = self.same(from, at, end);
            if bytes >= MATCH_BYTES_MIN && best.is_none_or(|best| bytes > best.bytes) {
                best = Some(Match { offset: at - from, bytes });
            }
            if bytes >= MATCH_BYTES_GOOD {
                break;
            }
            candidate = self.chain[from];
        }
        best
    }

    /// How many bytes from `from` on repeat at `at`, up to `end`.
    fn same(&self, from: usize, at: usize, end: usize) -> usize {
        let (old, new) = (&self.plain[from..], &self.plain[at..end]);
        old.iter().zip(new).take_while(|(a, b)| a == b).count()
    }

    /// Enters every position below `upto`, which has four bytes behind it.
    fn enter_up_to(&mut self, upto: usize) {
        for at in self.entered..upto {
            let hash = self.hash(at);
            self.chain[at] = std::mem::replace(&mut self.heads[hash], at as u32);
        }
        self.entered = self.entered.max(upto);
    }

    fn hash(&self, at: usize) -> usize {
        let word = self.plain[at..].first_chunk::<4>().map_or(0, |word| u32::from_le_bytes(*word));
        (word.wrapping_mul(2_654_435_761) >> (32 - HASH_BITS)) as usize
    }
}

/// Literals, and the match behind them; the last sequence has none.
fn put_sequence(out: &mut Vec<u8>, literals: &[u8], found: Option<Match>) {
    let repeated = found.map_or(0, |found| found.bytes - MATCH_BYTES_MIN);
    let token = literals.len().min(NIBBLE_MAX) << 4 | repeated.min(NIBBLE_MAX);
    out.push(token as u8);
    put_length(out, literals.len());
    out.extend_from_slice(literals);
    if let Some(found) = found {
        out.extend_from_slice(&(found.offset as u16).to_le_bytes());
        put_length(out, repeated);
    }
}

/// What of a length does not fit its nibble.
fn put_length(out: &mut Vec<u8>, length: usize) {
    let Some(mut rest) = length.checked_sub(NIBBLE_MAX) else { return };
    while rest >= 255 {
        out.push(255);
        rest -= 255;
    }
    out.push(rest as u8);
}
