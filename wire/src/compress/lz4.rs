//! The LZ4 frame format: strict about its end, lean about memory.
//!
//! The frame is parsed here and only blocks are decoded by the library, because its frame
//! reader takes a frame without end mark for a complete one and allocates the announced
//! block size. Takes all block sizes, linked blocks, checksums (verified), content size and
//! concatenated frames; refuses dictionaries. Frame format: lz4_Frame_format.md, 1.6.

use std::io::{self, Write};

use lz4_flex::block;
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use twox_hash::XxHash32;

use super::bounded::Bounded;
use super::{Codec, CompressFault, lz4_high};

const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// 0x184D2A50–0x184D2A5F, little-endian: frames that a reader skips.
const SKIPPABLE_TAIL: [u8; 3] = [0x2a, 0x4d, 0x18];
const RAW_BLOCK_BIT: u32 = 1 << 31;
/// How far back a linked block may refer.
const WINDOW_BYTES: usize = 64 * 1024;
/// One byte of a block emits at most 255 bytes.
const EXPANSION_MAX: usize = 255;
const MALFORMED: CompressFault = CompressFault::Malformed { codec: Codec::Lz4 };

/// Kafka's default level: the fast compressor. All others take the one that searches.
pub(super) const LEVEL: i32 = 9;

pub(super) fn compress(plain: &[u8], level: Option<i32>, out: &mut Bounded<'_>) -> io::Result<()> {
    if let Some(level) = level.filter(|level| *level != LEVEL) {
        return lz4_high::compress(plain, level, out);
    }
    let info = FrameInfo::new().block_size(BlockSize::Max64KB).block_mode(BlockMode::Independent);
    let mut encoder = FrameEncoder::with_frame_info(info, out);
    encoder.write_all(plain)?;
    encoder.finish().map(drop).map_err(io::Error::other)
}

pub(super) fn decompress(input: &[u8], out: &mut [u8]) -> Result<usize, CompressFault> {
    let mut out = Content { out, at: 0 };
    let mut rest = input;
    if rest.is_empty() {
        return Err(MALFORMED);
    }
    while !rest.is_empty() {
        if rest.get(1..4) == Some(&SKIPPABLE_TAIL[..]) && rest[0] & 0xf0 == 0x50 {
            let (_, after) = rest.split_at(4);
            let (length, after) = split_u32(after)?;
            rest = after.get(length as usize..).ok_or(MALFORMED)?;
            continue;
        }
        let (frame, after) = FrameHeader::parse(rest)?;
        rest = frame.decode(after, &mut out)?;
    }
    Ok(out.at)
}

/// What has come out: the first `at` bytes of `out`.
struct Content<'o> {
    out: &'o mut [u8],
    at: usize,
}

impl Content<'_> {
    fn room(&self) -> usize {
        self.out.len() - self.at
    }

    fn too_large(&self) -> CompressFault {
        CompressFault::TooLarge { codec: Codec::Lz4, max_bytes: self.out.len() }
    }
}

struct FrameHeader {
    linked: bool,
    block_checksums: bool,
    content_checksum: bool,
    content_bytes: Option<u64>,
    block_bytes_max: usize,
}

impl FrameHeader {
    fn parse(input: &[u8]) -> Result<(Self, &[u8]), CompressFault> {
        let body = input.strip_prefix(&MAGIC).ok_or(MALFORMED)?;
        let (&[flags, descriptor], mut rest) = body.split_first_chunk::<2>().ok_or(MALFORMED)?;
        // Version 01, no reserved bit, no dictionary.
        if flags & 0b1100_0011 != 0b0100_0000 || descriptor & 0b1000_1111 != 0 {
            return Err(MALFORMED);
        }
        let block_bytes_max = match descriptor >> 4 {
            size @ 4..=7 => 1usize << (8 + 2 * size),
            _ => return Err(MALFORMED),
        };
        let mut content_bytes = None;
        let mut covered = 2;
        if flags & 0b1000 != 0 {
            let (size, after) = rest.split_first_chunk::<8>().ok_or(MALFORMED)?;
            content_bytes = Some(u64::from_le_bytes(*size));
            rest = after;
            covered += 8;
        }
        let (&checksum, rest) = rest.split_first().ok_or(MALFORMED)?;
        if (XxHash32::oneshot(0, &body[..covered]) >> 8) as u8 != checksum {
            return Err(MALFORMED);
        }
        let frame = FrameHeader {
            linked: flags & 0b10_0000 == 0,
            block_checksums: flags & 0b1_0000 != 0,
            content_checksum: flags & 0b100 != 0,
            content_bytes,
            block_bytes_max,
        };
        Ok((frame, rest))
    }

    /// Appends the frame's content to `out`; gives what follows the frame.
    fn decode<'a>(
        &self,
        mut rest: &'a [u8],
        out: &mut Content<'_>,
    ) -> Result<&'a [u8], CompressFault> {
        let start = out.at;
        loop {
            let (word, after) = split_u32(rest)?;
            rest = after;
            if word == 0 {
                break;
            }
            let length = (word & !RAW_BLOCK_BIT) as usize;
            let (block, after) = rest.split_at_checked(length).ok_or(MALFORMED)?;
            rest = after;
            if self.block_checksums {
                let (checksum, after) = split_u32(rest)?;
                rest = after;
                if XxHash32::oneshot(0, block) != checksum {
                    return Err(MALFORMED);
                }
            }
            if word & RAW_BLOCK_BIT != 0 {
                self.copy_block(block, out)?;
            } else {
                self.decode_block(block, out, start)?;
            }
        }
        self.check_content(rest, &out.out[start..out.at])
    }

    fn copy_block(&self, block: &[u8], out: &mut Content<'_>) -> Result<(), CompressFault> {
        if block.len() > self.block_bytes_max {
            return Err(MALFORMED);
        }
        if block.len() > out.room() {
            return Err(out.too_large());
        }
        out.out[out.at..out.at + block.len()].copy_from_slice(block);
        out.at += block.len();
        Ok(())
    }

    /// `start` is where the frame's content began: blocks may be linked within it.
    fn decode_block(
        &self,
        block: &[u8],
        out: &mut Content<'_>,
        start: usize,
    ) -> Result<(), CompressFault> {
        let most = self.block_bytes_max.min(block.len().saturating_mul(EXPANSION_MAX));
        let (room, at) = (out.room(), out.at);
        let (done, fresh) = out.out.split_at_mut(at);
        let fresh = &mut fresh[..most.min(room)];
        let decoded = if self.linked {
            let window = &done[start.max(at.saturating_sub(WINDOW_BYTES))..];
            block::decompress_into_with_dict(block, fresh, window)
        } else {
            block::decompress_into(block, fresh)
        };
        match decoded {
            Ok(written) => {
                out.at += written;
                Ok(())
            }
            Err(block::DecompressError::OutputTooSmall { .. }) if room < most => {
                Err(out.too_large())
            }
            Err(_) => Err(MALFORMED),
        }
    }

    fn check_content<'a>(
        &self,
        mut rest: &'a [u8],
        content: &[u8],
    ) -> Result<&'a [u8], CompressFault> {
        if self.content_checksum {
            let (checksum, after) = split_u32(rest)?;
            rest = after;
            if XxHash32::oneshot(0, content) != checksum {
                return Err(MALFORMED);
            }
        }
        match self.content_bytes {
            Some(announced) if announced != content.len() as u64 => Err(MALFORMED),
            _ => Ok(rest),
        }
    }
}

fn split_u32(bytes: &[u8]) -> Result<(u32, &[u8]), CompressFault> {
    let (word, rest) = bytes.split_first_chunk::<4>().ok_or(MALFORMED)?;
    Ok((u32::from_le_bytes(*word), rest))
}
