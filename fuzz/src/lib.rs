//! What several targets need: checksums made right again, so that the fuzzer gets past them, and
//! messages that are read and written again.

use millstream_wire::batch::{HEADER_BYTES, crc32c};
use millstream_wire::{Message, Reader, Writer};

/// Bytes of a batch before what its length counts.
const LENGTH_ENDS_AT: usize = 12;
/// Where a batch's checksum begins to cover.
const COVERED_FROM: usize = 21;

/// Makes the checksums of all batches right that stand in `bytes` one behind the other, as far
/// as their lengths lead.
pub fn reseal_batches(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(len) = batch_len(&bytes[at..]) {
        let crc = crc32c(&bytes[at + COVERED_FROM..at + len]);
        bytes[at + COVERED_FROM - 4..at + COVERED_FROM].copy_from_slice(&crc.to_be_bytes());
        at += len;
    }
}

/// The whole length of the batch at the start of `bytes`, if it is all there.
fn batch_len(bytes: &[u8]) -> Option<usize> {
    let claimed = i32::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
    let len = usize::try_from(claimed).ok()? + LENGTH_ENDS_AT;
    (len >= HEADER_BYTES && len <= bytes.len()).then_some(len)
}

/// A message as it is written again, where it can be read.
pub fn again<'a, M: Message<'a>>(bytes: &'a [u8], version: i16) -> Option<Vec<u8>> {
    let message = M::decode(&mut Reader::new(bytes), version).ok()?;
    let mut w = Writer::new();
    message.encode(&mut w, version);
    Some(w.into_bytes().to_vec())
}
