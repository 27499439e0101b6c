//! The readers of our own files, as `fuzz/` calls them. Only there when built with `--cfg fuzzing`.

use std::sync::Arc;

use millstream_engine::log::{Log, Recovered};

use crate::controller::format;
use crate::storage::sidecar;

pub use crate::storage::sidecar::{
    CHECKPOINT_MAGIC, FRAME_BYTES, INDEX_MAGIC, encode_checkpoint, encode_index,
};

/// Reads a metadata log; true when it makes an image.
#[must_use]
pub fn metadata_log(file: &[u8]) -> bool {
    format::scan(file).is_ok()
}

/// Reads a checkpoint and makes a log of it; true when it is believed.
#[must_use]
pub fn checkpoint(file: &[u8]) -> bool {
    let Some(found) = sidecar::decode_checkpoint(file) else { return false };
    found.producers.check();
    let recovered = Recovered {
        log_start: found.log_start,
        segments: found.segments,
        epochs: found.epochs,
        producers: found.producers,
        ..Recovered::default()
    };
    Log::new(Arc::default(), recovered).check();
    true
}

/// Reads an index sidecar; true when it is believed.
#[must_use]
pub fn index(file: &[u8]) -> bool {
    sidecar::decode_index(file).is_some()
}
