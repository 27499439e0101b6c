//! Files beside the log that are believed when their checksum is right: index sidecars and
//! checkpoints. Whatever the archive holds, it is refused or it is a state that holds together.
//!
//! `scripts/fuzz SECONDS sidecars`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use millstream::fuzzing::{CHECKPOINT_MAGIC, INDEX_MAGIC, checkpoint, index};
use millstream_wire::batch::crc32c;

fuzz_target!(|bytes: &[u8]| {
    let Some((&drawn, archive)) = bytes.split_first() else { return };
    let magic = if drawn & 1 == 1 { INDEX_MAGIC } else { CHECKPOINT_MAGIC };
    let mut file = magic.to_vec();
    file.extend_from_slice(&crc32c(archive).to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&(archive.len() as u64).to_le_bytes());
    file.extend_from_slice(archive);
    let _ = if drawn & 1 == 1 { index(&file) } else { checkpoint(&file) };
});
