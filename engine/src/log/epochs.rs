//! The leader-epoch cache (KIP-101): where each epoch's records begin.
//!
//! Epochs and start offsets both grow. Derived from batch headers; rebuilt by a scan when
//! the checkpoint is not believed.

use crate::ids::{LeaderEpoch, Offset};

/// One epoch and its first offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochStart {
    pub epoch: LeaderEpoch,
    pub start: Offset,
}

/// Entries with strictly growing epochs and growing starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochCache {
    entries: Vec<EpochStart>,
}

impl EpochCache {
    /// From a checkpoint; `None` when the entries are not in order.
    #[must_use]
    pub fn from_entries(entries: Vec<EpochStart>) -> Option<Self> {
        let ordered = entries
            .windows(2)
            .all(|pair| pair[0].epoch < pair[1].epoch && pair[0].start <= pair[1].start);
        ordered.then_some(EpochCache { entries })
    }

    #[must_use]
    pub fn entries(&self) -> &[EpochStart] {
        &self.entries
    }

    #[must_use]
    pub fn latest(&self) -> Option<LeaderEpoch> {
        self.entries.last().map(|entry| entry.epoch)
    }

    /// Notes that a batch of `epoch` starts at `offset`.
    pub fn note(&mut self, epoch: LeaderEpoch, offset: Offset) {
        if self.latest().is_none_or(|latest| latest < epoch) {
            self.entries.push(EpochStart { epoch, start: offset });
        }
    }

    /// The epoch that wrote `offset`.
    #[must_use]
    pub fn epoch_of(&self, offset: Offset) -> Option<LeaderEpoch> {
        let after = self.entries.partition_point(|entry| entry.start <= offset);
        Some(self.entries[after.checked_sub(1)?].epoch)
    }

    /// The largest known epoch that is not above `epoch`, and where it ends: what
    /// OffsetForLeaderEpoch answers. `None` when all known epochs are above.
    #[must_use]
    pub fn end_of(&self, epoch: LeaderEpoch, log_end: Offset) -> Option<(LeaderEpoch, Offset)> {
        let after = self.entries.partition_point(|entry| entry.epoch <= epoch);
        let found = self.entries[after.checked_sub(1)?];
        Some((found.epoch, self.entries.get(after).map_or(log_end, |next| next.start)))
    }

    /// Forgets epochs that end at or before `log_start`.
    pub fn trim_front(&mut self, log_start: Offset) {
        let first_kept = self.entries.partition_point(|entry| entry.start <= log_start);
        if let Some(covering) = first_kept.checked_sub(1) {
            self.entries.drain(..covering);
            self.entries[0].start = self.entries[0].start.max(log_start);
        }
    }

    /// Forgets epochs that begin at or past `end`.
    pub fn truncate(&mut self, end: Offset) {
        self.entries.retain(|entry| entry.start < end);
    }
}
