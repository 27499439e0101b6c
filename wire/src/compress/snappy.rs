//! Snappy in the framing of snappy-java ("xerial"), and bare snappy blocks.
//!
//! The Java client writes a 16-byte header and chunks of at most 32 KiB uncompressed;
//! librdkafka writes one bare block; both must be read. A block's announced length is
//! believed only as far as snappy can expand the bytes that are there.

use super::{Codec, CompressFault};

const MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
/// Magic, version and compatible version.
const HEADER_BYTES: usize = 16;
const CHUNK_BYTES: usize = 32 * 1024;
/// A 3-byte copy element emits at most 64 bytes; 22 is past what any input can reach.
const EXPANSION_MAX: usize = 22;

pub(super) fn compress(plain: &[u8]) -> Result<Vec<u8>, CompressFault> {
    let mut out = Vec::with_capacity(HEADER_BYTES + plain.len() / 2);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&1i32.to_be_bytes());
    out.extend_from_slice(&1i32.to_be_bytes());
    let mut encoder = snap::raw::Encoder::new();
    for chunk in plain.chunks(CHUNK_BYTES) {
        let length_at = out.len();
        let room = snap::raw::max_compress_len(chunk.len());
        out.resize(length_at + 4 + room, 0);
        let failed = CompressFault::Encoder { codec: Codec::Snappy };
        let written = encoder.compress(chunk, &mut out[length_at + 4..]).map_err(|_| failed)?;
        let length = i32::try_from(written).map_err(|_| failed)?;
        out[length_at..length_at + 4].copy_from_slice(&length.to_be_bytes());
        out.truncate(length_at + 4 + written);
    }
    Ok(out)
}

pub(super) fn decompress(block: &[u8], max_bytes: usize) -> Result<Vec<u8>, CompressFault> {
    let mut out = Vec::new();
    if !block.starts_with(&MAGIC) {
        append_block(&mut out, block, max_bytes)?;
        return Ok(out);
    }
    let mut rest = block.get(HEADER_BYTES..).ok_or(MALFORMED)?;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(MALFORMED)?;
        let length = usize::try_from(i32::from_be_bytes(*length)).map_err(|_| MALFORMED)?;
        let (chunk, after) = after.split_at_checked(length).ok_or(MALFORMED)?;
        append_block(&mut out, chunk, max_bytes)?;
        rest = after;
    }
    Ok(out)
}

const MALFORMED: CompressFault = CompressFault::Malformed { codec: Codec::Snappy };

fn append_block(out: &mut Vec<u8>, block: &[u8], max_bytes: usize) -> Result<(), CompressFault> {
    let announced = snap::raw::decompress_len(block).map_err(|_| MALFORMED)?;
    if announced > block.len().saturating_mul(EXPANSION_MAX) {
        return Err(MALFORMED);
    }
    if announced > max_bytes.saturating_sub(out.len()) {
        return Err(CompressFault::TooLarge { codec: Codec::Snappy, max_bytes });
    }
    let start = out.len();
    out.resize(start + announced, 0);
    let mut decoder = snap::raw::Decoder::new();
    let written = decoder.decompress(block, &mut out[start..]).map_err(|_| MALFORMED)?;
    out.truncate(start + written);
    Ok(())
}
