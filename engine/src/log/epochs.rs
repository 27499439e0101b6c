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

    /// Notes that `epoch` starts at `offset`, with a batch or without. Epochs that would have
    /// begun there or later wrote nothing that is left: they go.
    pub fn note(&mut self, epoch: LeaderEpoch, offset: Offset) {
        if self.latest().is_none_or(|latest| latest < epoch) {
            self.truncate(offset);
            self.entries.push(EpochStart { epoch, start: offset });
        }
    }

    /// The epoch that wrote `offset`.
    #[must_use]
    pub fn epoch_of(&self, offset: Offset) -> Option<LeaderEpoch> {
        let after = self.entries.partition_point(|entry| entry.start <= offset);
        Some(self.entries[after.checked_sub(1)?].epoch)
    }

    /// What OffsetForLeaderEpoch answers about `epoch`, where `current` is the leader's epoch
    /// and `log_end` its end (KIP-101, KIP-320): the largest known epoch that is not above
    /// the asked one, and where it ends. An epoch older than all known ones ended where the
    /// first of those began. `None` for an epoch that has not begun yet.
    #[must_use]
    pub fn end_of(
        &self,
        epoch: LeaderEpoch,
        (current, log_end): (LeaderEpoch, Offset),
    ) -> Option<(LeaderEpoch, Offset)> {
        if epoch >= current {
            return (epoch == current).then_some((epoch, log_end));
        }
        let after = self.entries.partition_point(|entry| entry.epoch <= epoch);
        let end = self.entries.get(after).map_or(log_end, |next| next.start);
        let found = after.checked_sub(1).map_or(epoch, |at| self.entries[at].epoch);
        Some((found, end))
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
