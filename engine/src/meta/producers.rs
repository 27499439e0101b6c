//! Deciding on producer ids: blocks of a thousand, each handed out once.
//!
//! A block is durable before its first id leaves, so an id is never given twice; a crash
//! loses the rest of a block, and there are enough.

use millstream_wire::ErrorCode;

use super::Decision;
use super::image::Image;
use super::record::MetaRecord;
use crate::ids::{BrokerId, ProducerId};
use crate::limits::PRODUCER_ID_BLOCK;
use crate::refusal::Refusal;

/// Ids that one holder may hand out: `[next, end)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProducerIdBlock {
    pub next: ProducerId,
    pub end: ProducerId,
}

impl ProducerIdBlock {
    /// Takes the next id; `None` when the block is used up.
    pub fn take(&mut self) -> Option<ProducerId> {
        let id = self.next;
        if id.0 >= self.end.0 {
            return None;
        }
        self.next = ProducerId(id.0 + 1);
        Some(id)
    }
}

impl Image {
    /// Gives the next block to `broker`.
    ///
    /// # Errors
    /// All producer ids have been given.
    pub fn decide_producer_ids(
        &self,
        broker: BrokerId,
    ) -> Result<Decision<ProducerIdBlock>, Refusal> {
        let next = self.next_producer_id();
        let end = next.0.checked_add(PRODUCER_ID_BLOCK).map(ProducerId).ok_or_else(|| {
            Refusal::because(ErrorCode::UnknownServerError, "All producer ids have been given.")
        })?;
        let records = vec![MetaRecord::ProducerIds { broker, next: end }];
        Ok(Decision { records, reply: ProducerIdBlock { next, end } })
    }
}
