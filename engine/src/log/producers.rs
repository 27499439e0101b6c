//! The idempotence window (KIP-98): what each producer wrote last to this partition.
//!
//! A repeated batch is answered with its first offset, one that does not follow is refused,
//! an older epoch is fenced. A producer that nothing is known of is believed whatever sequence
//! it comes with, as by Kafka: the topic was made again under it, or its state has expired (but
//! see `refusals`). What is known of a producer outlives its records: retention, DeleteRecords
//! and compaction take nothing of it, only silence does. Ordered maps, so that the same input
//! gives the same snapshot.

use std::collections::BTreeMap;

use millstream_wire::batch::{BatchHeader, HEADER_BYTES};
use smallvec::SmallVec;

use crate::ids::{Offset, ProducerEpoch, ProducerId};
use crate::limits::{PRODUCER_WINDOW_BATCHES, PRODUCERS_PER_PARTITION_MAX};

/// One remembered batch of a producer; sequences may have wrapped in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducedBatch {
    pub first_sequence: i32,
    pub last_sequence: i32,
    pub base: Offset,
    pub end: Offset,
    /// Record time (append time where the topic says so), for the duplicate's answer.
    pub timestamp_ms: i64,
}

/// A producer's state, as DescribeProducers and checkpoints show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerState {
    pub epoch: ProducerEpoch,
    /// Oldest first, at most `PRODUCER_WINDOW_BATCHES`.
    pub window: SmallVec<[ProducedBatch; 1]>,
    /// Broker time of its last batch.
    pub seen_ms: i64,
}

impl ProducerState {
    /// Whether the window can be one: batches of offsets and sequences, in their order.
    fn holds_together(&self) -> bool {
        let is_batch = |batch: &ProducedBatch| {
            batch.base < batch.end && batch.first_sequence >= 0 && batch.last_sequence >= 0
        };
        self.window.len() <= PRODUCER_WINDOW_BATCHES
            && self.window.iter().all(is_batch)
            && self.window.windows(2).all(|pair| pair[0].end <= pair[1].base)
    }
}

/// One producer with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerSnapshot {
    pub id: ProducerId,
    pub state: ProducerState,
}

/// The producer's part of a batch header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequenced {
    pub id: ProducerId,
    pub epoch: ProducerEpoch,
    pub first_sequence: i32,
    /// Records in the batch, at least 1.
    pub records: i32,
}

impl Sequenced {
    /// What the header of the first batch in `records` says; nothing is checked.
    #[must_use]
    pub fn claimed_by(records: &[u8]) -> Option<Sequenced> {
        let header = BatchHeader::read(records.first_chunk::<HEADER_BYTES>()?);
        let has_sequence = header.producer_id >= 0 && header.base_sequence >= 0;
        (header.magic == 2 && has_sequence).then_some(Sequenced {
            id: ProducerId(header.producer_id),
            epoch: ProducerEpoch(header.producer_epoch),
            first_sequence: header.base_sequence,
            records: header.last_offset_delta.max(0).saturating_add(1),
        })
    }

    /// Sequences wrap from `i32::MAX` to 0.
    #[must_use]
    pub fn last_sequence(&self) -> i32 {
        let sum = i64::from(self.first_sequence) + i64::from(self.records) - 1;
        (sum % (i64::from(i32::MAX) + 1)) as i32
    }
}

/// What the window says of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Fresh,
    /// Nothing is known of its producer.
    Unknown,
    Duplicate(ProducedBatch),
}

/// Why the window refuses a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SequenceFault {
    /// A newer epoch of this producer has written here.
    Fenced { epoch: ProducerEpoch, current: ProducerEpoch },
    /// Not the sequence after the last one.
    OutOfOrder { expected: i32, sequence: i32 },
}

/// All producers of one partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producers {
    states: BTreeMap<ProducerId, ProducerState>,
}

impl Producers {
    /// Judges a batch without changing anything.
    pub fn admit(&self, batch: &Sequenced) -> Result<Admission, SequenceFault> {
        let sequence = batch.first_sequence;
        let Some(state) = self.states.get(&batch.id) else {
            return Ok(Admission::Unknown);
        };
        if batch.epoch < state.epoch {
            return Err(SequenceFault::Fenced { epoch: batch.epoch, current: state.epoch });
        }
        if batch.epoch > state.epoch {
            return match sequence {
                0 => Ok(Admission::Fresh),
                _ => Err(SequenceFault::OutOfOrder { expected: 0, sequence }),
            };
        }
        let same = |seen: &&ProducedBatch| {
            seen.first_sequence == sequence && seen.last_sequence == batch.last_sequence()
        };
        if let Some(seen) = state.window.iter().find(same) {
            return Ok(Admission::Duplicate(*seen));
        }
        let expected = state.window.last().map_or(0, |last| next_sequence(last.last_sequence));
        match sequence == expected {
            true => Ok(Admission::Fresh),
            false => Err(SequenceFault::OutOfOrder { expected, sequence }),
        }
    }

    /// Remembers a batch that was admitted, or that a scan found in the log.
    pub fn note(&mut self, batch: &Sequenced, placed: ProducedBatch, seen_ms: i64) {
        let state = self.states.entry(batch.id).or_insert_with(|| ProducerState {
            epoch: batch.epoch,
            window: SmallVec::new(),
            seen_ms,
        });
        if state.epoch != batch.epoch {
            state.epoch = batch.epoch;
            state.window.clear();
        }
        if state.window.len() == PRODUCER_WINDOW_BATCHES {
            state.window.remove(0);
        }
        state.window.push(placed);
        state.seen_ms = seen_ms;
        if self.states.len() > PRODUCERS_PER_PARTITION_MAX {
            self.evict_stalest();
        }
    }

    fn evict_stalest(&mut self) {
        let stalest = self.states.iter().min_by_key(|(_, state)| state.seen_ms);
        if let Some(id) = stalest.map(|(id, _)| *id) {
            self.states.remove(&id);
        }
    }

    /// Drops producers that have been silent for `expiration_ms`.
    pub fn expire(&mut self, now_ms: i64, expiration_ms: u64) {
        let silent = |state: &ProducerState| {
            now_ms.saturating_sub(state.seen_ms) > i64::try_from(expiration_ms).unwrap_or(i64::MAX)
        };
        self.states.retain(|_, state| !silent(state));
    }

    /// Forgets what was written at or past `end`.
    pub fn truncate(&mut self, end: Offset) {
        self.states.retain(|_, state| {
            state.window.retain(|batch| batch.end <= end);
            !state.window.is_empty()
        });
    }

    /// Of each producer that has written at or past `from`, its first batch there.
    pub fn first_from(&self, from: Offset) -> impl Iterator<Item = Sequenced> + '_ {
        self.states.iter().filter_map(move |(id, state)| {
            let batch = state.window.iter().find(|batch| batch.base >= from)?;
            let ahead = batch.last_sequence.wrapping_sub(batch.first_sequence) & i32::MAX;
            Some(Sequenced {
                id: *id,
                epoch: state.epoch,
                first_sequence: batch.first_sequence,
                records: ahead.saturating_add(1),
            })
        })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// All producers, by id.
    #[must_use]
    pub fn snapshot(&self) -> Vec<ProducerSnapshot> {
        let with_id = |(id, state): (&ProducerId, &ProducerState)| ProducerSnapshot {
            id: *id,
            state: state.clone(),
        };
        self.states.iter().map(with_id).collect()
    }

    /// The inverse of `snapshot`; `None` when what it is given contradicts itself.
    #[must_use]
    pub fn restore(snapshots: Vec<ProducerSnapshot>) -> Option<Self> {
        let sound = |shot: &ProducerSnapshot| shot.state.holds_together();
        let few = snapshots.len() <= PRODUCERS_PER_PARTITION_MAX;
        (few && snapshots.iter().all(sound)).then(|| Producers {
            states: snapshots.into_iter().map(|shot| (shot.id, shot.state)).collect(),
        })
    }

    /// Whether anything is known of a producer.
    #[must_use]
    pub fn knows(&self, id: ProducerId) -> bool {
        self.states.contains_key(&id)
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.states.len() <= PRODUCERS_PER_PARTITION_MAX);
        assert!(self.states.values().all(ProducerState::holds_together));
    }
}

fn next_sequence(last: i32) -> i32 {
    last.checked_add(1).unwrap_or(0)
}
