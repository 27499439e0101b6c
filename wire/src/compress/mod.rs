//! The four codecs of a record batch, in the framings that Kafka's clients use.
//!
//! `decompress_into` and `compress_into` work within the memory that the caller gives and
//! refuse what does not fit; beyond it they use only the codec's own state. `decompress` and
//! `compress` are for those who have no memory at hand: the output is capped, and memory
//! follows the bytes that are really there, never a size that the peer announced. Takes every
//! legal frame, not only the ones Kafka writes; writes frames that Kafka's readers take. Pure;
//! called on shard threads and beside them by validation, and by clients. No input panics.

mod bounded;
mod lz4;
mod lz4_high;
mod snappy;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fmt;
use std::io::{Read, Write};

use bounded::Bounded;
use flate2::{Compression, GzBuilder, read::MultiGzDecoder};

/// Codec bits of a batch's attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Codec {
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

impl Codec {
    pub const ALL: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

    #[must_use]
    pub fn from_id(id: u8) -> Option<Self> {
        Codec::ALL.get(usize::from(id)).copied()
    }

    #[must_use]
    pub fn id(self) -> u8 {
        self as u8
    }

    /// As in `compression.type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Codec::None => "none",
            Codec::Gzip => "gzip",
            Codec::Snappy => "snappy",
            Codec::Lz4 => "lz4",
            Codec::Zstd => "zstd",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "uncompressed" => Some(Codec::None),
            name => Codec::ALL.into_iter().find(|codec| codec.name() == name),
        }
    }
}

/// Why a block could not be (de)compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressFault {
    /// The bytes are not what the codec writes, or end too soon.
    Malformed { codec: Codec },
    /// More than `max_bytes` would come out.
    TooLarge { codec: Codec, max_bytes: usize },
    /// The encoder refused; not reachable from well-sized input.
    Encoder { codec: Codec },
}

impl fmt::Display for CompressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { codec } => write!(f, "malformed {} block", codec.name()),
            Self::TooLarge { codec, max_bytes } => {
                write!(f, "{} block expands past {max_bytes} bytes", codec.name())
            }
            Self::Encoder { codec } => write!(f, "{} encoder failed", codec.name()),
        }
    }
}

impl std::error::Error for CompressFault {}

/// A codec, and how hard it is to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    pub codec: Codec,
    /// In the codec's own scale, see [`Packing::levels`]; `None` is its default. Codecs
    /// without levels take no notice.
    pub level: Option<i32>,
}

impl Packing {
    /// The codec at its default level.
    #[must_use]
    pub fn of(codec: Codec) -> Self {
        Packing { codec, level: None }
    }
}

/// Kafka's range of levels and its default, per codec: `None` for codecs without levels.
#[must_use]
pub fn levels(codec: Codec) -> Option<(std::ops::RangeInclusive<i32>, i32)> {
    match codec {
        Codec::None | Codec::Snappy => None,
        Codec::Gzip => Some((1..=9, GZIP_LEVEL)),
        Codec::Lz4 => Some((1..=17, lz4::LEVEL)),
        Codec::Zstd => Some((-131_072..=22, ZSTD_LEVEL)),
    }
}

/// zlib's word for its default, which is 6.
const GZIP_LEVEL: i32 = -1;
const ZSTD_LEVEL: i32 = 3;

/// Room that suffices for the compressed form of `plain_bytes` in any codec.
#[must_use]
pub fn packed_bytes_max(plain_bytes: usize) -> usize {
    // Snappy's bound is the widest: a sixth more per chunk.
    plain_bytes.saturating_add(plain_bytes / 6).saturating_add(4096)
}

/// What an encoder allocates for `plain_bytes` beside its caller's memory, in bytes, at most.
/// Decoders take no more than `ENCODER_BYTES_MIN`.
#[must_use]
pub fn encoder_bytes_max(packing: Packing, plain_bytes: usize) -> usize {
    match packing.codec {
        Codec::None => 0,
        Codec::Gzip | Codec::Snappy | Codec::Lz4 => ENCODER_BYTES_MIN,
        Codec::Zstd => zstd_bytes_max(packing.level.unwrap_or(ZSTD_LEVEL), plain_bytes),
    }
}

/// What gzip, Snappy and LZ4 allocate at most, whatever there is to compress.
pub const ENCODER_BYTES_MIN: usize = 512 * 1024;

/// Tables of positions, of four bytes each, follow the level and are not larger than twice what
/// there is to compress (zstd's `ZSTD_defaultCParameters` and `ZSTD_adjustCParams`).
fn zstd_bytes_max(level: i32, plain_bytes: usize) -> usize {
    const FIXED_BYTES: usize = 3 << 20;
    const TABLES_MAX: [(i32, (u32, u32)); 7] = [
        (3, (16, 17)),
        (8, (19, 20)),
        (12, (22, 23)),
        (19, (24, 23)),
        (20, (25, 23)),
        (21, (26, 24)),
        (22, (27, 25)),
    ];
    let last = TABLES_MAX[TABLES_MAX.len() - 1];
    let of_level = TABLES_MAX.into_iter().find(|(upto, _)| level <= *upto).unwrap_or(last);
    let most = plain_bytes.max(1024).next_power_of_two().saturating_mul(2);
    let entries = |log: u32| most.min(1 << log);
    let (chains, hashes) = of_level.1;
    // A row of hashes has tags besides, of two bytes at most.
    4 * entries(chains) + 6 * entries(hashes) + FIXED_BYTES
}

/// Compresses `plain` into one block of `codec`, at the codec's default level.
pub fn compress(codec: Codec, plain: &[u8]) -> Result<Vec<u8>, CompressFault> {
    let mut out = vec![0; packed_bytes_max(plain.len())];
    let written = compress_into(Packing::of(codec), plain, &mut out)?;
    out.truncate(written);
    Ok(out)
}

/// Compresses `plain` to the start of `out`; gives the bytes written. What does not fit is
/// [`CompressFault::TooLarge`].
pub fn compress_into(
    packing: Packing,
    plain: &[u8],
    out: &mut [u8],
) -> Result<usize, CompressFault> {
    let Packing { codec, level } = packing;
    let max_bytes = out.len();
    let mut out = Bounded::new(out);
    let written = match codec {
        Codec::None => out.write_all(plain),
        Codec::Gzip => gzip(plain, level, &mut out),
        Codec::Snappy => snappy::compress(plain, &mut out),
        Codec::Lz4 => lz4::compress(plain, level, &mut out),
        Codec::Zstd => return zstd_compress(plain, level.unwrap_or(ZSTD_LEVEL), out.whole()),
    };
    match written {
        Ok(()) => Ok(out.filled()),
        Err(_) if out.is_over() => Err(CompressFault::TooLarge { codec, max_bytes }),
        Err(_) => Err(CompressFault::Encoder { codec }),
    }
}

fn gzip(plain: &[u8], level: Option<i32>, out: &mut Bounded<'_>) -> std::io::Result<()> {
    let level = level.and_then(|level| u32::try_from(level).ok()).map(Compression::new);
    let header = GzBuilder::new().operating_system(255);
    let mut encoder = header.write(out, level.unwrap_or_default());
    encoder.write_all(plain)?;
    encoder.finish().map(drop)
}

fn zstd_compress(plain: &[u8], level: i32, out: &mut [u8]) -> Result<usize, CompressFault> {
    let codec = Codec::Zstd;
    let failed = |_| CompressFault::Encoder { codec };
    let max_bytes = out.len();
    let mut encoder = zstd::bulk::Compressor::new(level).map_err(failed)?;
    encoder.compress_to_buffer(plain, out).map_err(|error| match is_too_small(&error) {
        true => CompressFault::TooLarge { codec, max_bytes },
        false => CompressFault::Encoder { codec },
    })
}

/// Decompresses one block, giving at most `max_bytes`.
pub fn decompress(codec: Codec, block: &[u8], max_bytes: usize) -> Result<Vec<u8>, CompressFault> {
    let mut room = first_guess(block, max_bytes);
    loop {
        let mut out = vec![0; room];
        match decompress_into(codec, block, &mut out) {
            Ok(written) => {
                out.truncate(written);
                return Ok(out);
            }
            Err(CompressFault::TooLarge { .. }) if room < max_bytes => {
                room = room.saturating_mul(4).min(max_bytes);
            }
            Err(fault) => return Err(fault),
        }
    }
}

/// Decompresses one block to the start of `out`; gives the bytes written. What does not fit is
/// [`CompressFault::TooLarge`].
pub fn decompress_into(codec: Codec, block: &[u8], out: &mut [u8]) -> Result<usize, CompressFault> {
    match codec {
        Codec::None => {
            let max_bytes = out.len();
            let room = out.get_mut(..block.len());
            room.ok_or(CompressFault::TooLarge { codec, max_bytes })?.copy_from_slice(block);
            Ok(block.len())
        }
        Codec::Gzip => gunzip(block, out),
        Codec::Snappy => snappy::decompress(block, out),
        Codec::Lz4 => lz4::decompress(block, out),
        Codec::Zstd => unzstd(block, out),
    }
}

/// Room to begin with: enough for common ratios, still proportional to the input.
fn first_guess(block: &[u8], max_bytes: usize) -> usize {
    block.len().saturating_mul(4).max(4096).min(max_bytes)
}

fn gunzip(block: &[u8], out: &mut [u8]) -> Result<usize, CompressFault> {
    let codec = Codec::Gzip;
    let malformed = |_| CompressFault::Malformed { codec };
    let mut decoder = MultiGzDecoder::new(block);
    let mut at = 0;
    while at < out.len() {
        match decoder.read(&mut out[at..]).map_err(malformed)? {
            0 => return Ok(at),
            read => at += read,
        }
    }
    match decoder.read(&mut [0]).map_err(malformed)? {
        0 => Ok(at),
        _ => Err(CompressFault::TooLarge { codec, max_bytes: out.len() }),
    }
}

/// zstd frames may announce a window of 128 MiB, which a streaming decoder would allocate.
/// Decoding into one buffer needs no window.
fn unzstd(block: &[u8], out: &mut [u8]) -> Result<usize, CompressFault> {
    thread_local! {
        static CONTEXT: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
            const { RefCell::new(None) };
    }
    let codec = Codec::Zstd;
    let max_bytes = out.len();
    CONTEXT.with_borrow_mut(|slot| {
        if slot.is_none() {
            let made = zstd::bulk::Decompressor::new();
            *slot = Some(made.map_err(|_| CompressFault::Encoder { codec })?);
        }
        let context = slot.as_mut().ok_or(CompressFault::Encoder { codec })?;
        context.decompress_to_buffer(block, out).map_err(|error| match is_too_small(&error) {
            true => CompressFault::TooLarge { codec, max_bytes },
            false => CompressFault::Malformed { codec },
        })
    })
}

/// The zstd crate gives its library's error only by name.
fn is_too_small(error: &std::io::Error) -> bool {
    error.to_string().contains("too small")
}
