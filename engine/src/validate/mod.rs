//! Admission of record batches: below this line only `ValidBatches` exist.
//!
//! `admit` holds what Kafka's `ProduceRequest.validateRecords`, `UnifiedLog` and
//! `LogValidator` ask of produced records. Pure; called by the storage shell for each
//! append, on the owner shard, before a byte is copied. Order: one batch, base offset, size,
//! CRC, header rules, then a walk over every record. The walk is kept on the hot path: it
//! costs 10 ns a record (0.1 CPU-s/GB at 100 B, 0.01 at 1 KiB, beside 0.02 for the CRC), and
//! without it a batch with a right CRC and a wrong inside would stop every consumer.
//! Compressed blocks are decompressed for it, into memory that the shell gives: `Wants` says
//! how much, and what does not fit is asked for again, up to a cap. Where the topic's
//! `compression.type` differs from the batch's codec, `admit` packs it anew, in the same
//! memory's other half.

mod fault;
mod records;
mod repack;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use millstream_wire::batch::{
    self, BatchFault as Unreadable, BatchHeader, BatchView, HEADER_BYTES, TimestampType as Stamp,
    WalkSummary, set_base_offset, set_leader_epoch, set_max_timestamp, split_batches,
};
use millstream_wire::compress::Codec;
use smallvec::SmallVec;

use crate::config::{TimestampType, TopicConfig};
use crate::ids::{LeaderEpoch, Offset};
use crate::now::Now;

pub use fault::BatchFault;
pub use records::{RecordFault, RecordFaults, RecordWhy};
pub use repack::{Memory, Repacked, Wants};

const NO_TIMESTAMP: i64 = -1;

/// Who made the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A Produce request of this version: nothing is believed.
    Client { produce_version: i16 },
    /// One of our own coordinators: several batches and control records are fine.
    Coordinator,
}

/// What a batch is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub origin: Origin,
    pub config: &'a TopicConfig,
    pub now: Now,
}

/// One admitted batch: where it lies and what the log needs of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidBatch {
    /// As sent; base offset and epoch are the log's to set.
    pub header: BatchHeader,
    pub start: usize,
    pub len: usize,
    /// Offsets that the batch takes, at least 1.
    pub offsets: i64,
    /// The value and kind that the stored header shows.
    pub max_timestamp: i64,
    pub stamp: Stamp,
}

impl ValidBatch {
    /// The stored header differs from the sent one in more than offset and epoch.
    #[must_use]
    pub fn needs_restamp(&self) -> bool {
        let log_append = self.stamp == Stamp::LogAppend;
        self.max_timestamp != self.header.max_timestamp
            || log_append != self.header.attributes.is_log_append_time()
    }

    /// The header as it is stored at `offset`; `sent` begins with the batch.
    #[must_use]
    pub fn stored_header(
        &self,
        sent: &[u8],
        offset: Offset,
        epoch: LeaderEpoch,
    ) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        header.copy_from_slice(&sent[..HEADER_BYTES]);
        set_base_offset(&mut header, offset.0);
        set_leader_epoch(&mut header, epoch.0);
        if self.needs_restamp() {
            set_max_timestamp(&mut header, self.max_timestamp, self.stamp);
        }
        header
    }

    /// The CRC as it is stored: offset and epoch are outside of it.
    #[must_use]
    pub fn stored_crc(&self, sent: &[u8]) -> u32 {
        match self.needs_restamp() {
            true => {
                let stored = self.stored_header(sent, Offset::ZERO, LeaderEpoch::default());
                BatchHeader::read(&stored).crc
            }
            false => self.header.crc,
        }
    }

    /// Producer id, epoch and first sequence of an idempotent batch.
    #[must_use]
    pub fn producer(&self) -> Option<(i64, i16, i32)> {
        let h = &self.header;
        (h.producer_id >= 0).then_some((h.producer_id, h.producer_epoch, h.base_sequence))
    }
}

/// Admitted bytes and the batches in them, in order, without gaps between them.
#[derive(Clone, Debug)]
pub struct ValidBatches {
    bytes: Bytes,
    batches: SmallVec<[ValidBatch; 1]>,
}

impl ValidBatches {
    #[must_use]
    pub fn batches(&self) -> &[ValidBatch] {
        &self.batches
    }

    /// All batches, exactly.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Offsets that all batches take together.
    #[must_use]
    pub fn offsets(&self) -> i64 {
        self.batches.iter().map(|batch| batch.offsets).sum()
    }
}

/// Admitted records, and how they are stored.
#[derive(Clone, Debug)]
pub enum Admitted {
    AsSent(ValidBatches),
    /// In the packed memory, in another codec.
    Repacked(Repacked),
}

/// Why records were not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAdmitted {
    Fault(BatchFault),
    /// The memory does not suffice; nothing is known to be wrong yet.
    Memory(Wants),
}

impl From<BatchFault> for NotAdmitted {
    fn from(fault: BatchFault) -> Self {
        NotAdmitted::Fault(fault)
    }
}

impl From<Unreadable> for NotAdmitted {
    fn from(fault: Unreadable) -> Self {
        NotAdmitted::Fault(fault.into())
    }
}

/// Checks `records` against `rules`; the fault names the first rule that is broken. `memory`
/// is what [`Wants::first`] says, or what an earlier try has asked for.
pub fn admit(
    records: &Bytes,
    rules: &Rules<'_>,
    memory: Memory<'_>,
) -> Result<Admitted, NotAdmitted> {
    match rules.origin {
        Origin::Client { produce_version } => {
            let view = only_batch(records)?;
            check_codec(&view, produce_version)?;
            admit_client(records, &view, rules, memory)
        }
        Origin::Coordinator => Ok(Admitted::AsSent(admit_coordinator(records, rules)?)),
    }
}

/// As [`admit`], with memory of its own as it is wanted: for tests.
#[cfg(test)]
pub(crate) fn admitted(records: &Bytes, rules: &Rules<'_>) -> Result<ValidBatches, BatchFault> {
    let mut wants = Wants::first(records, rules);
    loop {
        let (mut plain, mut packed) = (vec![0; wants.plain], vec![0; wants.packed]);
        match admit(records, rules, Memory { plain: &mut plain, packed: &mut packed }) {
            Ok(Admitted::AsSent(batches)) => return Ok(batches),
            Ok(Admitted::Repacked(repacked)) => {
                packed.truncate(repacked.len());
                return Ok(repacked.with(packed.into()));
            }
            Err(NotAdmitted::Fault(fault)) => return Err(fault),
            Err(NotAdmitted::Memory(more)) => {
                assert!(more.plain > wants.plain || more.packed > wants.packed, "it makes way");
                wants = more;
            }
        }
    }
}

/// zstd came with Produce v7 (KIP-110); older clients could not read it back.
fn check_codec(view: &BatchView<'_>, produce_version: i16) -> Result<(), BatchFault> {
    if produce_version < 7 && view.attributes().codec() == Ok(Codec::Zstd) {
        return Err(BatchFault::ZstdTooOld);
    }
    Ok(())
}

/// Exactly one complete batch. A cut tail after it is dropped, as Kafka does.
fn only_batch(records: &[u8]) -> Result<BatchView<'_>, BatchFault> {
    let mut batches = split_batches(records);
    let first = batches.next().ok_or(BatchFault::NoBatch)??;
    match batches.next() {
        None | Some(Err(Unreadable::Incomplete { .. })) => Ok(first),
        Some(Ok(_)) => Err(BatchFault::ManyBatches),
        Some(Err(fault)) => Err(fault.into()),
    }
}

fn admit_client(
    records: &Bytes,
    view: &BatchView<'_>,
    rules: &Rules<'_>,
    memory: Memory<'_>,
) -> Result<Admitted, NotAdmitted> {
    if view.base_offset() != 0 {
        return Err(BatchFault::BaseOffset { base_offset: view.base_offset() }.into());
    }
    check_size(view.total_len(), rules)?;
    view.check_crc()?;
    check_header(view.header())?;
    let plain = repack::plain(view, rules, memory.plain)?;
    let batch = check_records(view, plain, rules)?;
    match repack::target(view, rules) {
        None => {
            let bytes = records.slice(..view.total_len());
            let batches = SmallVec::from_buf([batch]);
            Ok(Admitted::AsSent(ValidBatches { bytes, batches }))
        }
        Some(packing) => {
            repack::repack(&batch, plain, packing, (rules, memory.packed)).map(Admitted::Repacked)
        }
    }
}

/// The rules that need the records.
fn check_records(
    view: &BatchView<'_>,
    plain: &[u8],
    rules: &Rules<'_>,
) -> Result<ValidBatch, BatchFault> {
    let h = view.header();
    let summary = batch::walk(h.record_count, plain)?;
    if !summary.deltas_dense {
        let (records, last_offset_delta) = (h.record_count, h.last_offset_delta);
        return Err(BatchFault::OffsetRange { records, last_offset_delta });
    }
    let keyless = rules.config.cleanup_policy.compact && summary.has_keyless;
    let stamp = stamp_for(view, &summary, rules).filter(|_| !keyless);
    let Some((max_timestamp, stamp)) = stamp else {
        return Err(BatchFault::Records(RecordFaults::find(view, plain, rules)));
    };
    Ok(ValidBatch {
        header: *h,
        start: 0,
        len: view.total_len(),
        offsets: i64::from(h.record_count),
        max_timestamp,
        stamp,
    })
}

fn check_size(bytes: usize, rules: &Rules<'_>) -> Result<(), BatchFault> {
    let bytes = bytes as u64;
    let bytes_max = u64::from(rules.config.max_message_bytes);
    if bytes > bytes_max {
        return Err(BatchFault::TooLarge { bytes, bytes_max });
    }
    Ok(())
}

/// The rules on a client's header that need no records.
fn check_header(h: &BatchHeader) -> Result<(), BatchFault> {
    let span = i64::from(h.last_offset_delta) + 1;
    if h.record_count <= 0 || span != i64::from(h.record_count) {
        let (records, last_offset_delta) = (h.record_count, h.last_offset_delta);
        return Err(BatchFault::OffsetRange { records, last_offset_delta });
    }
    if h.attributes.is_control() {
        return Err(BatchFault::Control);
    }
    if h.attributes.has_unknown_bits() || h.attributes.has_delete_horizon() {
        return Err(BatchFault::Attributes { bits: h.attributes.0 });
    }
    if h.producer_id >= 0 && (h.base_sequence < 0 || h.producer_epoch < 0) {
        return Err(BatchFault::Sequence { epoch: h.producer_epoch, sequence: h.base_sequence });
    }
    if h.attributes.is_transactional() {
        return Err(BatchFault::Transactional);
    }
    h.attributes.codec()?;
    Ok(())
}

/// The timestamp that the stored header shows, if the records' are in the topic's range. A
/// wrong `max_timestamp` of the producer's is corrected rather than refused, as Kafka does.
fn stamp_for(
    view: &BatchView<'_>,
    summary: &WalkSummary,
    rules: &Rules<'_>,
) -> Option<(i64, Stamp)> {
    if rules.config.message_timestamp_type == TimestampType::LogAppendTime {
        return Some((rules.now.wall_ms, Stamp::LogAppend));
    }
    let base = view.header().base_timestamp;
    let earliest = base.saturating_add(summary.timestamp_delta_min);
    let latest = base.saturating_add(summary.timestamp_delta_max);
    (is_timely(earliest, rules) && is_timely(latest, rules)).then_some((latest, Stamp::Create))
}

fn is_timely(timestamp: i64, rules: &Rules<'_>) -> bool {
    let now = rules.now.wall_ms;
    let within = |distance: i64, limit: Option<u64>| {
        limit.is_none_or(|limit| u64::try_from(distance).unwrap_or(0) <= limit)
    };
    timestamp == NO_TIMESTAMP
        || within(now.saturating_sub(timestamp), rules.config.message_timestamp_before_max_ms)
            && within(timestamp.saturating_sub(now), rules.config.message_timestamp_after_max_ms)
}

/// Our own records: their shape is checked, their content was made by us.
fn admit_coordinator(records: &Bytes, rules: &Rules<'_>) -> Result<ValidBatches, BatchFault> {
    let mut batches = SmallVec::new();
    let mut start = 0;
    for view in split_batches(records) {
        let view = view?;
        check_size(view.total_len(), rules)?;
        let h = view.header();
        if h.last_offset_delta < 0 {
            let (records, last_offset_delta) = (h.record_count, h.last_offset_delta);
            return Err(BatchFault::OffsetRange { records, last_offset_delta });
        }
        let log_append = rules.config.message_timestamp_type == TimestampType::LogAppendTime;
        let (max_timestamp, stamp) = match log_append {
            true => (rules.now.wall_ms, Stamp::LogAppend),
            false => (h.max_timestamp, Stamp::Create),
        };
        let (len, offsets) = (view.total_len(), i64::from(h.last_offset_delta) + 1);
        batches.push(ValidBatch { header: *h, start, len, offsets, max_timestamp, stamp });
        start += len;
    }
    if batches.is_empty() {
        return Err(BatchFault::NoBatch);
    }
    Ok(ValidBatches { bytes: records.clone(), batches })
}
