//! Batches of idempotent producers that this shard refused a moment ago: the shell around
//! `engine::log::Refusals`. Lives on its shard; nothing here waits.

use millstream_engine::ids::ProducerId;
use millstream_engine::log::Sequenced;
use millstream_engine::now::Now;
use millstream_engine::validate::ValidBatches;
use millstream_wire::Uuid;

use super::partition::Inner;
use super::{Shared, Storage};

impl Storage {
    /// Records for a partition were refused before its log was asked: it is not open here, or
    /// may not take any now.
    pub fn note_refusal(&self, place: (Uuid, i32), records: &[u8], now: Now) {
        if let Some(batch) = Sequenced::claimed_by(records) {
            self.0.refusals.borrow_mut().note(place, &batch, now);
        }
    }
}

impl Inner {
    /// Records were refused. Whom the log knows is told by it what comes next; what a log that
    /// failed knows may be forgotten by its next opening.
    pub fn note_refusal(&self, records: &[u8], now: Now) {
        let log = self.log.borrow();
        let unknown = |batch: &Sequenced| log.is_poisoned() || !log.producers().knows(batch.id);
        if let Some(batch) = Sequenced::claimed_by(records).filter(unknown) {
            self.shared.refusals.borrow_mut().note(self.place(), &batch, now);
        }
    }

    /// A log that failed is given up: what its next opening will not have was refused.
    pub fn note_forgotten(&self, now: Now) {
        let log = self.log.borrow();
        for batch in log.unclaimed_batches() {
            self.shared.refusals.borrow_mut().note(self.place(), &batch, now);
        }
    }

    /// Where this partition's refusals are kept.
    pub fn place(&self) -> (Uuid, i32) {
        (self.name.topic_id, self.name.index)
    }
}

impl Shared {
    /// The log has taken `batches` in and knows their producers now.
    pub fn believe(&self, place: (Uuid, i32), batches: &ValidBatches) {
        let mut refusals = self.refusals.borrow_mut();
        if !refusals.is_empty() {
            let ids = batches.batches().iter().filter_map(|batch| batch.producer());
            ids.for_each(|(id, ..)| refusals.forget(place, ProducerId(id)));
        }
    }
}
