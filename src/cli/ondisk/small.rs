//! Small files: read as a whole, and where they are damaged, which part of them is.
//!
//! The broker's decoders answer "no" to anything wrong, since it only rebuilds; here the
//! reason is wanted: too short, another magic, a cut end, the checksum, or its content.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use millstream_wire::batch::crc32c;

use crate::storage::limits::SIDECAR_BYTES_MAX;
use crate::storage::sidecar::FRAME_BYTES;

/// Reads a small file; at most what a sidecar may have, plus one byte to see that it is more.
///
/// # Errors
/// The file cannot be read, or is no small file.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(SIDECAR_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIDECAR_BYTES_MAX {
        return Err(io::Error::other(format!("larger than {SIDECAR_BYTES_MAX} bytes")));
    }
    Ok(bytes)
}

/// Where and why a framed archive is not what was written; `None` when the frame is sound.
#[must_use]
pub fn frame_fault(magic: &[u8; 8], bytes: &[u8]) -> Option<(u64, String)> {
    let Some((head, rest)) = bytes.split_first_chunk::<FRAME_BYTES>() else {
        let have = bytes.len();
        return Some((have as u64, format!("{have} bytes; the head alone has {FRAME_BYTES}")));
    };
    if head[..7] != magic[..7] {
        return Some((0, "another magic".to_owned()));
    }
    if head[7] != magic[7] {
        let (found, known) = (char::from(head[7]), char::from(magic[7]));
        return Some((7, format!("format {found:?}; this program reads {known:?}")));
    }
    let mut length = [0; 8];
    length.copy_from_slice(&head[16..24]);
    let length = u64::from_le_bytes(length);
    let archive = usize::try_from(length).ok().and_then(|length| rest.get(..length));
    let Some(archive) = archive else {
        return Some((16, format!("announces {length} bytes and has {}", rest.len())));
    };
    let stored = u32::from_le_bytes([head[8], head[9], head[10], head[11]]);
    let computed = crc32c(archive);
    if stored != computed {
        return Some((8, format!("stored CRC {stored:08x}, computed {computed:08x}")));
    }
    if archive.len() != rest.len() {
        let at = FRAME_BYTES + archive.len();
        return Some((at as u64, format!("{} bytes too many", rest.len() - archive.len())));
    }
    None
}
