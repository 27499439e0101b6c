//! Planning of appends: idempotence, offsets, roll. Decide first, then apply what cannot fail.

use millstream_wire::batch::TimestampType as Stamp;

use super::Log;
use super::producers::{Admission, ProducedBatch, SequenceFault, Sequenced};
use super::recent::Mark;
use super::refusals::{Place, Refusals};
use super::segment::{PlacedBatch, Segment};
use crate::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use crate::limits::SEGMENT_BYTES_MAX;
use crate::now::Now;
use crate::validate::{ValidBatch, ValidBatches};

/// Kafka counts 8 bytes for an entry of its offset index; so does `segment.index.bytes`.
const INDEX_ENTRY_BYTES: u64 = 8;

/// Where admitted batches go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendPlan {
    pub base: Offset,
    /// Next offset after the batches.
    pub end: Offset,
    pub epoch: LeaderEpoch,
    /// A new segment begins with these batches.
    pub roll: bool,
    /// Segment (its base offset) and position of the first byte.
    pub segment: Offset,
    pub position: u64,
    pub bytes: u64,
    /// The broker's time, where the topic stamps it.
    pub append_time_ms: Option<i64>,
}

/// What becomes of an append that is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendVerdict {
    Append(AppendPlan),
    /// Already here: answer with the first copy's offsets.
    Duplicate(ProducedBatch),
}

/// Why the log takes no such batch now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendFault {
    Sequence(SequenceFault),
    /// An earlier write failed; nothing is appended until the log is opened again.
    Poisoned,
    /// Offsets end at i64's end.
    OffsetsExhausted,
}

/// The producer's part of a header, where there is one.
pub(super) fn sequenced(batch: &ValidBatch) -> Option<Sequenced> {
    let (id, epoch, first_sequence) = batch.producer()?;
    // Control batches carry a producer and no sequence.
    (first_sequence >= 0).then_some(Sequenced {
        id: ProducerId(id),
        epoch: ProducerEpoch(epoch),
        first_sequence,
        records: i32::try_from(batch.offsets).unwrap_or(i32::MAX),
    })
}

impl Log {
    /// Decides about `batches` without changing anything. `refused` is what the shard refused
    /// lately, `place` this partition's name in it.
    pub fn plan_append(
        &self,
        batches: &ValidBatches,
        (refused, place): (&Refusals, Place),
        now: Now,
    ) -> Result<AppendVerdict, AppendFault> {
        if self.poisoned {
            return Err(AppendFault::Poisoned);
        }
        for batch in batches.batches().iter().filter_map(sequenced) {
            match self.producers.admit(&batch).map_err(AppendFault::Sequence)? {
                Admission::Fresh => {}
                Admission::Unknown => {
                    if let Some(expected) = refused.earlier(place, &batch, now) {
                        let sequence = batch.first_sequence;
                        let fault = SequenceFault::OutOfOrder { expected, sequence };
                        return Err(AppendFault::Sequence(fault));
                    }
                }
                Admission::Duplicate(seen) => return Ok(AppendVerdict::Duplicate(seen)),
            }
        }
        let base = self.log_end();
        let offsets = batches.offsets();
        if base.0.checked_add(offsets).is_none() {
            return Err(AppendFault::OffsetsExhausted);
        }
        let end = base.plus(offsets);
        let bytes = batches.bytes().len() as u64;
        let roll = self.must_roll(bytes, end, now);
        let active = self.active();
        let (segment, position) = if roll { (base, 0) } else { (active.base, active.bytes) };
        let stamped = batches.batches().iter().any(|batch| batch.stamp == Stamp::LogAppend);
        Ok(AppendVerdict::Append(AppendPlan {
            base,
            end,
            epoch: self.epoch,
            roll,
            segment,
            position,
            bytes,
            append_time_ms: stamped.then_some(now.wall_ms),
        }))
    }

    fn must_roll(&self, bytes: u64, end: Offset, now: Now) -> bool {
        let active = self.active();
        let Some((first_ms, _)) = active.appended_ms else { return false };
        let size_max = self.config.segment_bytes.min(SEGMENT_BYTES_MAX);
        let entries = active.index.as_ref().map_or(0, |index| index.counted() as u64);
        let waited_ms = u64::try_from(now.wall_ms.saturating_sub(first_ms)).unwrap_or(0);
        active.bytes + bytes > size_max
            || waited_ms > self.roll_after_ms()
            || (entries + 1) * INDEX_ENTRY_BYTES > u64::from(self.config.segment_index_bytes)
            || end.since(active.base) > i64::from(i32::MAX)
    }

    /// How old the active segment may become: `segment.ms` less its jitter, or what makes its
    /// records ready for compaction in time.
    fn roll_after_ms(&self) -> u64 {
        let config = &self.config;
        let jitter_max = config.segment_jitter_ms.min(config.segment_ms);
        let drawn = mixed(self.jitter_seed ^ self.active().base.0.unsigned_abs());
        let age_ms = config.segment_ms - drawn.checked_rem(jitter_max).unwrap_or(0);
        match config.max_compaction_lag_ms.filter(|_| config.cleanup_policy.compact) {
            Some(lag_ms) => age_ms.min(lag_ms),
            None => age_ms,
        }
    }

    /// The active segment has records and has reached its age; the next append would roll it.
    #[must_use]
    pub fn roll_is_due(&self, now: Now) -> bool {
        let Some((first_ms, _)) = self.active().appended_ms else { return false };
        let waited_ms = u64::try_from(now.wall_ms.saturating_sub(first_ms)).unwrap_or(0);
        !self.poisoned && waited_ms > self.roll_after_ms()
    }

    /// Different logs draw different jitter; the caller's random number, once.
    pub fn set_jitter_seed(&mut self, seed: u64) {
        self.jitter_seed = seed;
    }

    /// Takes the batches in, as planned on this very state.
    pub fn apply_append(&mut self, batches: &ValidBatches, plan: &AppendPlan, now: Now) {
        assert_eq!(plan.base, self.log_end(), "a plan is applied to the state it was made on");
        if plan.roll {
            self.segments.push_back(Segment::empty(plan.base));
        }
        let mut start = Mark { offset: plan.base, position: plan.position };
        for batch in batches.batches() {
            let end = Mark {
                offset: start.offset.plus(batch.offsets),
                position: start.position + batch.len as u64,
            };
            let crc = batch.stored_crc(&batches.bytes()[batch.start..]);
            self.place((batch, crc), (start, end), plan, now);
            start = end;
        }
        self.epochs.note(plan.epoch, plan.base);
    }

    fn place(
        &mut self,
        (batch, crc): (&ValidBatch, u32),
        (start, end): (Mark, Mark),
        plan: &AppendPlan,
        now: Now,
    ) {
        let placed = PlacedBatch {
            base: start.offset,
            end: end.offset,
            bytes: batch.len as u64,
            max_timestamp: batch.max_timestamp,
            epoch: plan.epoch,
            crc,
        };
        let interval = self.config.index_interval_bytes;
        let active = self.segments.back_mut().expect("a log has an active segment");
        active.push(&placed, interval, now.wall_ms);
        self.recent.push(plan.segment, start, end);
        if let Some(sequenced) = sequenced(batch) {
            let produced = ProducedBatch {
                first_sequence: sequenced.first_sequence,
                last_sequence: sequenced.last_sequence(),
                base: start.offset,
                end: end.offset,
                timestamp_ms: batch.max_timestamp,
            };
            self.producers.note(&sequenced, produced, now.wall_ms);
        }
    }
}

/// Spreads the bits of a seed (the finisher of splitmix64).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
