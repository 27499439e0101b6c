//! The idempotence window (KIP-98): what each producer wrote last to this partition.
//!
//! A repeated batch is answered with its first offset, one that does not follow is refused,
//! an older epoch is fenced. Stricter than Kafka in one place: the first batch of an unknown
//! producer must have sequence 0, because Kafka's leniency loses the retried sequence 0 for
//! ever; a producer whose state has merely expired is still believed. Ordered maps, so that
//! the same input gives the same snapshot.

use std::collections::{BTreeMap, VecDeque};

use smallvec::SmallVec;

use crate::ids::{Offset, ProducerEpoch, ProducerId};
use crate::limits::{PRODUCER_WINDOW_BATCHES, PRODUCERS_EXPIRED_MAX, PRODUCERS_PER_PARTITION_MAX};

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
    /// Ids whose state expired lately, oldest first.
    expired: VecDeque<ProducerId>,
}

impl Producers {
    /// Judges a batch without changing anything.
    pub fn admit(&self, batch: &Sequenced) -> Result<Admission, SequenceFault> {
        let sequence = batch.first_sequence;
        let Some(state) = self.states.get(&batch.id) else {
            return match sequence == 0 || self.expired.contains(&batch.id) {
                true => Ok(Admission::Fresh),
                false => Err(SequenceFault::OutOfOrder { expected: 0, sequence }),
            };
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
        self.expired.retain(|id| *id != batch.id);
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
            self.forget(id);
        }
    }

    fn forget(&mut self, id: ProducerId) {
        self.states.remove(&id);
        if self.expired.len() == PRODUCERS_EXPIRED_MAX {
            self.expired.pop_front();
        }
        self.expired.push_back(id);
    }

    /// Drops producers that have been silent for `expiration_ms`.
    pub fn expire(&mut self, now_ms: i64, expiration_ms: u64) {
        let silent = |state: &ProducerState| {
            now_ms.saturating_sub(state.seen_ms) > i64::try_from(expiration_ms).unwrap_or(i64::MAX)
        };
        let gone: Vec<ProducerId> =
            self.states.iter().filter(|(_, state)| silent(state)).map(|(id, _)| *id).collect();
        for id in gone {
            self.forget(id);
        }
    }

    /// Forgets what was written at or past `end`.
    pub fn truncate(&mut self, end: Offset) {
        self.states.retain(|_, state| {
            state.window.retain(|batch| batch.end <= end);
            !state.window.is_empty()
        });
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

    /// Ids that `admit` still believes although their state is gone.
    pub fn expired(&self) -> impl Iterator<Item = ProducerId> + '_ {
        self.expired.iter().copied()
    }

    /// The inverse of `snapshot` and `expired`.
    #[must_use]
    pub fn restore(snapshots: Vec<ProducerSnapshot>, expired: Vec<ProducerId>) -> Self {
        let states = snapshots.into_iter().map(|shot| (shot.id, shot.state)).collect();
        Producers { states, expired: expired.into() }
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.states.len() <= PRODUCERS_PER_PARTITION_MAX);
        assert!(self.expired.len() <= PRODUCERS_EXPIRED_MAX);
        for state in self.states.values() {
            assert!(state.window.len() <= PRODUCER_WINDOW_BATCHES);
            assert!(state.window.windows(2).all(|pair| pair[0].end <= pair[1].base));
        }
    }
}

fn next_sequence(last: i32) -> i32 {
    last.checked_add(1).unwrap_or(0)
}
