//! Decompressing a batch to look into it, and packing it anew where the topic asks for a codec.
//!
//! All memory is the caller's: `Wants` says how much a batch is likely to need, `Memory` is what
//! there is. Records are not touched when a batch is packed anew; of its header only the
//! codec, the length and the CRC change, so offsets, timestamps, producer and sequence stay.
//! Invariant: nothing is written past `plain_bytes_max` and the topic's `max.message.bytes`.

use bytes::Bytes;
use millstream_wire::batch::{BatchFault as Unreadable, BatchView, HEADER_BYTES, repacked_header};
use millstream_wire::compress::{
    Codec, CompressFault, Packing, compress_into, encoder_bytes_max, packed_bytes_max,
};
use smallvec::SmallVec;

use super::{BatchFault, NotAdmitted, Origin, Rules, ValidBatch, ValidBatches};
use crate::limits::{DECOMPRESS_FIRST_BYTES_MIN, decompressed_bytes_max};

/// Memory that a look into a batch needs, in bytes; 0 where it needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// For the decompressed records.
    pub plain: usize,
    /// For the batch in its new codec.
    pub packed: usize,
    /// What the encoder takes besides; by itself, from the heap.
    pub encoder: usize,
}

/// Memory for one batch; each part is as large as `Wants` says, or larger.
pub struct Memory<'m> {
    pub plain: &'m mut [u8],
    pub packed: &'m mut [u8],
}

impl Memory<'_> {
    /// For batches that are neither compressed nor to be.
    #[must_use]
    pub fn none() -> Self {
        Memory { plain: &mut [], packed: &mut [] }
    }
}

impl Wants {
    /// What is likely to suffice for these records; `NotAdmitted::Memory` says what more.
    /// Of records that are no batch it says nothing: `admit` does.
    #[must_use]
    pub fn first(records: &[u8], rules: &Rules<'_>) -> Wants {
        let none = Wants { plain: 0, packed: 0, encoder: 0 };
        if rules.origin == Origin::Coordinator {
            return none;
        }
        let Ok(view) = BatchView::parse(records) else { return none };
        let payload = view.payload().len();
        match view.attributes().codec() {
            Err(_) => none,
            Ok(Codec::None) => Wants { plain: 0, ..Wants::with(&view, payload, rules) },
            Ok(_) => {
                let first = payload.saturating_mul(4).max(DECOMPRESS_FIRST_BYTES_MIN);
                Wants::with(&view, first.min(plain_bytes_max(&view, rules)), rules)
            }
        }
    }

    fn with(view: &BatchView<'_>, plain: usize, rules: &Rules<'_>) -> Wants {
        let (packed, encoder) = match target(view, rules) {
            None => (0, 0),
            Some(packing) => {
                let packed = (HEADER_BYTES + packed_bytes_max(plain)).min(stored_bytes_max(rules));
                (packed, encoder_bytes_max(packing, plain))
            }
        };
        Wants { plain, packed, encoder }
    }

    /// Both forms of the batch together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.plain + self.packed
    }
}

fn stored_bytes_max(rules: &Rules<'_>) -> usize {
    usize::try_from(rules.config.max_message_bytes).unwrap_or(usize::MAX)
}

/// The cap on the records of a batch.
fn plain_bytes_max(view: &BatchView<'_>, rules: &Rules<'_>) -> usize {
    let cap = decompressed_bytes_max(view.total_len());
    match target(view, rules) {
        // They are stored as they come out.
        Some(Packing { codec: Codec::None, .. }) => {
            cap.min(stored_bytes_max(rules).saturating_sub(HEADER_BYTES))
        }
        _ => cap,
    }
}

/// How the batch is to be packed anew, if it is. The codec decides, not the level, as in Kafka.
pub(super) fn target(view: &BatchView<'_>, rules: &Rules<'_>) -> Option<Packing> {
    rules.config.compression.filter(|packing| view.attributes().codec() != Ok(packing.codec))
}

/// The records of the batch, decompressed into `memory` where they are compressed.
pub(super) fn plain<'p>(
    view: &BatchView<'p>,
    rules: &Rules<'_>,
    memory: &'p mut [u8],
) -> Result<&'p [u8], NotAdmitted> {
    if view.attributes().codec()? == Codec::None {
        return Ok(view.payload());
    }
    let cap = plain_bytes_max(view, rules);
    let room = memory.len().min(cap);
    match view.decompress_into(&mut memory[..room]) {
        Ok(written) => Ok(&memory[..written]),
        Err(Unreadable::Compress(CompressFault::TooLarge { .. })) if room < cap => {
            let more = room.saturating_mul(4).clamp(DECOMPRESS_FIRST_BYTES_MIN.min(cap), cap);
            Err(NotAdmitted::Memory(Wants::with(view, more, rules)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// A batch in its new codec: the first `len` bytes of the packed memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repacked {
    batch: ValidBatch,
}

impl Repacked {
    /// Bytes of the whole batch.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batch.len
    }

    /// Never: a batch has a header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The batch, with `bytes` being what was written to the packed memory.
    ///
    /// # Panics
    /// If `bytes` has another length.
    #[must_use]
    pub fn with(self, bytes: Bytes) -> ValidBatches {
        assert_eq!(bytes.len(), self.batch.len, "the packed memory holds this batch");
        ValidBatches { bytes, batches: SmallVec::from_buf([self.batch]) }
    }
}

/// Packs `plain`, the records of `batch`, into the packed memory.
pub(super) fn repack(
    batch: &ValidBatch,
    plain: &[u8],
    packing: Packing,
    (rules, packed): (&Rules<'_>, &mut [u8]),
) -> Result<Repacked, NotAdmitted> {
    let stored_max = stored_bytes_max(rules);
    let room = packed.len().min(stored_max);
    let wanted = (HEADER_BYTES + packed_bytes_max(plain.len())).min(stored_max);
    let too_little = || {
        if room >= wanted {
            let bytes_max = u64::from(rules.config.max_message_bytes);
            return NotAdmitted::Fault(BatchFault::TooLargeRepacked { bytes_max });
        }
        let is_plain = batch.header.attributes.codec() == Ok(Codec::None);
        let encoder = encoder_bytes_max(packing, plain.len());
        let plain = if is_plain { 0 } else { plain.len() };
        NotAdmitted::Memory(Wants { plain, packed: wanted, encoder })
    };
    let Some((header, payload)) = packed[..room].split_first_chunk_mut::<HEADER_BYTES>() else {
        return Err(too_little());
    };
    let written = match compress_into(packing, plain, payload) {
        Ok(written) => written,
        Err(CompressFault::TooLarge { .. }) => return Err(too_little()),
        Err(fault) => return Err(Unreadable::from(fault).into()),
    };
    let (bytes, stored) = repacked_header(&batch.header, packing.codec, &payload[..written]);
    *header = bytes;
    let len = HEADER_BYTES + written;
    Ok(Repacked { batch: ValidBatch { header: stored, len, ..*batch } })
}
