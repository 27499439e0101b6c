//! Batches of idempotent producers that were refused a moment ago.
//!
//! A partition that knows nothing of a producer believes whatever sequence it comes with: the
//! topic was made again under it, or its state has expired. One case is told from those: the
//! batch before was refused here with an error that the client tries again on, and this one,
//! already on its way, overtakes it. Believed, it would make the retried one look old, and
//! refused for ever. So what was refused is remembered for as long as a retry may take: later
//! sequences wait (OUT_OF_ORDER_SEQUENCE_NUMBER, which clients retry in order) until the refused
//! one is here. One memory per shard, for all its partitions, those that are not open too.
//! Bounded; what leaves early costs no more than Kafka, which remembers nothing.

use std::collections::BTreeMap;

use millstream_wire::Uuid;

use super::producers::Sequenced;
use crate::ids::{ProducerEpoch, ProducerId};
use crate::limits::{REFUSAL_REMEMBERED_MS, REFUSALS_MAX};
use crate::now::Now;

/// A topic's id and a partition's index.
pub type Place = (Uuid, i32);

#[derive(Clone, Copy, Debug)]
struct Refused {
    epoch: ProducerEpoch,
    /// The earliest of them.
    sequence: i32,
    until_ms: u64,
}

/// What was refused lately, by partition and producer.
#[derive(Clone, Debug, Default)]
pub struct Refusals {
    refused: BTreeMap<(Place, ProducerId), Refused>,
}

impl Refusals {
    /// `batch` was refused at `place`, where nothing is known of its producer. It may come from a
    /// damaged header: then it names nobody, or somebody who waits a little.
    pub fn note(&mut self, place: Place, batch: &Sequenced, now: Now) {
        let (key, now_ms) = ((place, batch.id), now.mono_ms());
        let earlier = self.refused.get(&key).is_some_and(|known| known.holds(batch, now_ms));
        if earlier {
            return;
        }
        if self.refused.len() >= REFUSALS_MAX && !self.refused.contains_key(&key) {
            self.make_room(now_ms);
        }
        let until_ms = now_ms.saturating_add(REFUSAL_REMEMBERED_MS);
        let (epoch, sequence) = (batch.epoch, batch.first_sequence);
        self.refused.insert(key, Refused { epoch, sequence, until_ms });
    }

    /// The earlier sequence that has to come before `batch`.
    #[must_use]
    pub fn earlier(&self, place: Place, batch: &Sequenced, now: Now) -> Option<i32> {
        let known = self.refused.get(&(place, batch.id))?;
        known.holds(batch, now.mono_ms()).then_some(known.sequence)
    }

    /// The partition has taken a batch of this producer in: it knows it from now on.
    pub fn forget(&mut self, place: Place, id: ProducerId) {
        self.refused.remove(&(place, id));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.refused.is_empty()
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        assert!(self.refused.len() <= REFUSALS_MAX);
    }

    /// What is over leaves; when nothing is, what would be over first.
    fn make_room(&mut self, now_ms: u64) {
        self.refused.retain(|_, refused| refused.until_ms > now_ms);
        if self.refused.len() >= REFUSALS_MAX {
            let oldest = self.refused.iter().min_by_key(|(_, refused)| refused.until_ms);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                self.refused.remove(&key);
            }
        }
    }
}

impl Refused {
    /// It is remembered still, and `batch` comes after it.
    fn holds(&self, batch: &Sequenced, now_ms: u64) -> bool {
        self.epoch == batch.epoch
            && now_ms < self.until_ms
            && is_after(batch.first_sequence, self.sequence)
    }
}

/// Sequences wrap from `i32::MAX` to 0: the nearer way round counts.
fn is_after(sequence: i32, other: i32) -> bool {
    let ahead = sequence.wrapping_sub(other) & i32::MAX;
    ahead != 0 && ahead < 1 << 30
}
