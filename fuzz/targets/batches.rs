//! A run of record batches: split, checked, decompressed within a bound, walked to the last header.
//!
//! `scripts/fuzz SECONDS batches`.
//! Checksums are not required to match, or the fuzzer would never get past them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use millstream_wire::batch::split_batches;

/// Bounds what a small hostile block may unpack to.
const UNCOMPRESSED_BYTES_MAX: usize = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    for batch in split_batches(bytes) {
        let Ok(batch) = batch else { break };
        let _ = batch.crc_valid();
        let Ok(plain) = batch.decompressed(UNCOMPRESSED_BYTES_MAX) else { continue };
        for record in batch.records_in(&plain) {
            let Ok(record) = record else { break };
            assert_eq!(record.headers.iter().count(), record.headers.len());
        }
    }
});
