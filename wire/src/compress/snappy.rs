//! Snappy in the framing of snappy-java ("xerial"), and bare snappy blocks.
//!
//! The Java client writes a 16-byte header and chunks of at most 32 KiB uncompressed;
//! librdkafka writes one bare block; both must be read. A block's announced length is
//! believed only as far as snappy can expand the bytes that are there.

use std::io::{self, Write};

use super::bounded::Bounded;
use super::{Codec, CompressFault};

const MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
/// Magic, version and compatible version.
const HEADER_BYTES: usize = 16;
const CHUNK_BYTES: usize = 32 * 1024;
/// A 3-byte copy element emits at most 64 bytes; 22 is past what any input can reach.
const EXPANSION_MAX: usize = 22;

pub(super) fn compress(plain: &[u8], out: &mut Bounded<'_>) -> io::Result<()> {
    out.write_all(&MAGIC)?;
    out.write_all(&1i32.to_be_bytes())?;
    out.write_all(&1i32.to_be_bytes())?;
    let mut encoder = snap::raw::Encoder::new();
    let mut packed = vec![0; snap::raw::max_compress_len(CHUNK_BYTES.min(plain.len()))];
    for chunk in plain.chunks(CHUNK_BYTES) {
        let written = encoder.compress(chunk, &mut packed).map_err(io::Error::other)?;
        let length = i32::try_from(written).map_err(io::Error::other)?;
        out.write_all(&length.to_be_bytes())?;
        out.write_all(&packed[..written])?;
    }
    Ok(())
}

pub(super) fn decompress(block: &[u8], out: &mut [u8]) -> Result<usize, CompressFault> {
    if !block.starts_with(&MAGIC) {
        return expand(block, out, 0);
    }
    let mut at = 0;
    let mut rest = block.get(HEADER_BYTES..).ok_or(MALFORMED)?;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(MALFORMED)?;
        let length = usize::try_from(i32::from_be_bytes(*length)).map_err(|_| MALFORMED)?;
        let (chunk, after) = after.split_at_checked(length).ok_or(MALFORMED)?;
        at = expand(chunk, out, at)?;
        rest = after;
    }
    Ok(at)
}

const MALFORMED: CompressFault = CompressFault::Malformed { codec: Codec::Snappy };

/// Expands one block to `out[at..]`; gives where it ends.
fn expand(block: &[u8], out: &mut [u8], at: usize) -> Result<usize, CompressFault> {
    let announced = snap::raw::decompress_len(block).map_err(|_| MALFORMED)?;
    if announced > block.len().saturating_mul(EXPANSION_MAX) {
        return Err(MALFORMED);
    }
    let past_the_cap = CompressFault::TooLarge { codec: Codec::Snappy, max_bytes: out.len() };
    let room = out.get_mut(at..at + announced).ok_or(past_the_cap)?;
    let written = snap::raw::Decoder::new().decompress(block, room).map_err(|_| MALFORMED)?;
    Ok(at + written)
}
