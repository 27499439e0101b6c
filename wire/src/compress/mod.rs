//! The four codecs of a record batch, in the framings that Kafka's clients use.
//!
//! `decompress` is capped: the output never passes `max_bytes`, and memory follows the bytes
//! that are really there (input length times what the codec can expand at most, or output
//! produced so far), never a size that the peer announced. Takes every legal frame, not only
//! the ones Kafka writes. `compress` writes frames that Kafka's readers take. Pure; called on
//! shard threads by validation and by clients. No input panics.

mod lz4;
mod snappy;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fmt;
use std::io::{Read, Write};

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

/// Compresses `plain` into one block of `codec`, at the codec's default level.
pub fn compress(codec: Codec, plain: &[u8]) -> Result<Vec<u8>, CompressFault> {
    let failed = |_| CompressFault::Encoder { codec };
    match codec {
        Codec::None => Ok(plain.to_vec()),
        Codec::Gzip => {
            let out = Vec::with_capacity(plain.len() / 2);
            let header = GzBuilder::new().operating_system(255);
            let mut encoder = header.write(out, Compression::default());
            encoder.write_all(plain).map_err(failed)?;
            encoder.finish().map_err(failed)
        }
        Codec::Snappy => snappy::compress(plain),
        Codec::Lz4 => lz4::compress(plain),
        Codec::Zstd => zstd::stream::encode_all(plain, 0).map_err(failed),
    }
}

/// Decompresses one block, giving at most `max_bytes`.
pub fn decompress(codec: Codec, block: &[u8], max_bytes: usize) -> Result<Vec<u8>, CompressFault> {
    match codec {
        Codec::None if block.len() > max_bytes => Err(CompressFault::TooLarge { codec, max_bytes }),
        Codec::None => Ok(block.to_vec()),
        Codec::Gzip => gunzip(block, max_bytes),
        Codec::Snappy => snappy::decompress(block, max_bytes),
        Codec::Lz4 => lz4::decompress(block, max_bytes),
        Codec::Zstd => unzstd(block, max_bytes),
    }
}

/// Room to begin with: enough for common ratios, still proportional to the input.
fn first_guess(block: &[u8], max_bytes: usize) -> usize {
    block.len().saturating_mul(4).clamp(4096, max_bytes.max(4096))
}

fn gunzip(block: &[u8], max_bytes: usize) -> Result<Vec<u8>, CompressFault> {
    let codec = Codec::Gzip;
    let mut out = Vec::with_capacity(first_guess(block, max_bytes));
    let past_the_cap = max_bytes as u64 + 1;
    let mut capped = MultiGzDecoder::new(block).take(past_the_cap);
    capped.read_to_end(&mut out).map_err(|_| CompressFault::Malformed { codec })?;
    if out.len() > max_bytes {
        return Err(CompressFault::TooLarge { codec, max_bytes });
    }
    Ok(out)
}

/// zstd frames may announce a window of 128 MiB, which a streaming decoder would allocate.
/// Decoding into one buffer needs no window, so the buffer is grown until the frame fits.
fn unzstd(block: &[u8], max_bytes: usize) -> Result<Vec<u8>, CompressFault> {
    thread_local! {
        static CONTEXT: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
            const { RefCell::new(None) };
    }
    let codec = Codec::Zstd;
    let malformed = CompressFault::Malformed { codec };
    let mut room = first_guess(block, max_bytes);
    CONTEXT.with_borrow_mut(|slot| {
        if slot.is_none() {
            let made = zstd::bulk::Decompressor::new();
            *slot = Some(made.map_err(|_| CompressFault::Encoder { codec })?);
        }
        let context = slot.as_mut().ok_or(malformed)?;
        loop {
            let mut out = Vec::with_capacity(room);
            match context.decompress_to_buffer(block, &mut out) {
                Ok(_) if out.len() > max_bytes => break,
                Ok(_) => return Ok(out),
                Err(error) if !is_too_small(&error) => return Err(malformed),
                Err(_) if room >= max_bytes => break,
                Err(_) => room = room.saturating_mul(4).min(max_bytes),
            }
        }
        Err(CompressFault::TooLarge { codec, max_bytes })
    })
}

/// The zstd crate gives its library's error only by name.
fn is_too_small(error: &std::io::Error) -> bool {
    error.to_string().contains("too small")
}
