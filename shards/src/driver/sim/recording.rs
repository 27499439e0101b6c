//! A recorded workload, and every disk that a crash could have left of it.

use std::time::Duration;

use super::DiskImage;

/// What a workload did to the disk, from `record` on.
#[derive(Debug, Clone, Default)]
pub struct Recording {}

/// Names one crash state of a recording: the same recording, budget and seed give the same
/// states under the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrashStateId {
    /// Position in the enumeration.
    pub index: usize,
    /// The crash may have left this disk from this virtual time on ...
    pub from: Duration,
    /// ... and before this one: whatever was promised before it must be on this disk.
    /// `Duration::MAX` if nothing ever ruled it out.
    pub until: Duration,
}

impl Recording {
    /// Every disk that a crash at any moment of the recording could have left: each prefix of
    /// the operations, times each subset of what was not flushed by then, sector by sector.
    /// All of them where they are at most `budget`; else a sample of about `budget`.
    pub fn crash_states(
        &self,
        _budget: usize,
        _seed: u64,
    ) -> impl Iterator<Item = (CrashStateId, DiskImage)> {
        std::iter::empty()
    }
}
