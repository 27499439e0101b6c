//! Reading a writer's journals back: which commits count, and whether any is missing.
//!
//! Files are walked in the order of their generations. A commit that cannot be read is a hole;
//! the walk looks on behind it, as far as commits can be in flight together. Commits carry the
//! sequence up to which everything was durable: a hole below any such mark was acknowledged
//! once, so it is damage; a hole above all of them is the writes that a crash cut short.

use std::collections::BTreeMap;

use super::format::{Commit, CommitFault, EntryHeader, parse_commit};
use crate::ids::{LeaderEpoch, Offset};
use crate::limits::{BLOCK_BYTES, JOURNAL_COMMIT_BYTES_MAX, JOURNAL_DEPTH_MAX};
use crate::log::Behind;

/// How far behind a hole commits are looked for: what can be in flight, and one more.
const LOOK_BEHIND_BYTES: u64 = JOURNAL_COMMIT_BYTES_MAX as u64 * (JOURNAL_DEPTH_MAX as u64 + 1);

/// A sequence's upper bits name the process that wrote it, the lower ones count its commits.
const ERA_SHIFT: u32 = 40;

/// Which of a writer's processes wrote the commit of this sequence.
#[must_use]
pub fn era_of(sequence: u64) -> u64 {
    sequence >> ERA_SHIFT
}

/// What a new process's sequences go on from, after `newest` of those before it.
#[must_use]
pub fn next_era(newest: u64) -> u64 {
    (era_of(newest) + 1) << ERA_SHIFT
}

/// The state of a walk over the files of one writer.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    void_upto: u64,
    /// Of this file, once a commit was found.
    generation: Option<u64>,
    /// Of the last file that had commits.
    before: Option<u64>,
    /// Bytes passed since the last commit of this file.
    passed: u64,
    /// The sequence that comes next; `None` before the first commit.
    next: Option<u64>,
    /// Sequences that were not found, `[first, end)`.
    holes: Vec<(u64, u64)>,
    /// The highest sequence that some commit of each era calls durable.
    proved: BTreeMap<u64, u64>,
}

/// What stands at the walk's position, and how to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkStep<'a> {
    /// A commit that counts; go on behind its padding.
    Commit(Commit<'a>),
    /// At least so many bytes are needed here.
    Need(usize),
    /// Nothing that counts; go on so many bytes further.
    Skip(u64),
    /// The rest of this file holds nothing.
    End,
}

impl Walk {
    /// Begins a file whose header says `void_upto`.
    pub fn begin_file(&mut self, void_upto: u64) {
        self.void_upto = void_upto;
        self.before = self.generation.take().or(self.before);
        self.passed = 0;
    }

    /// Looks at `window`, the bytes from the walk's position on (to the file's end, or at least
    /// as many as the last step asked for).
    pub fn step<'a>(&mut self, window: &'a [u8], is_last: bool) -> WalkStep<'a> {
        match parse_commit(window) {
            Err(CommitFault::Short(bytes)) if !is_last => WalkStep::Need(bytes),
            Err(_) if is_last && window.len() as u64 <= BLOCK_BYTES => WalkStep::End,
            Err(_) => self.pass(BLOCK_BYTES),
            Ok(commit) => self.judge(commit),
        }
    }

    fn pass(&mut self, bytes: u64) -> WalkStep<'static> {
        self.passed += bytes;
        if self.passed > LOOK_BEHIND_BYTES { WalkStep::End } else { WalkStep::Skip(bytes) }
    }

    fn judge<'a>(&mut self, commit: Commit<'a>) -> WalkStep<'a> {
        let header = commit.header;
        let older_use = self.generation.is_some_and(|generation| header.generation < generation);
        let repeated = self.next.is_some_and(|next| header.sequence < next);
        if header.generation <= self.void_upto || older_use || repeated {
            return self.pass(header.padded_bytes());
        }
        if let Some(first) = self.first_missing(&commit) {
            self.holes.push((first, header.sequence));
        }
        self.generation = Some(header.generation);
        self.passed = 0;
        // A process knows of its own commits only.
        let proved = self.proved.entry(era_of(header.sequence)).or_default();
        *proved = (*proved).max(header.durable);
        self.next = Some(header.sequence + 1);
        WalkStep::Commit(commit)
    }

    /// The first sequence that should have been found before `commit`. Files between this and
    /// the last one may have been settled and used again: their commits are not missing.
    fn first_missing(&self, commit: &Commit<'_>) -> Option<u64> {
        let sequence = commit.header.sequence;
        let is_first = sequence == next_era(sequence) - (1 << ERA_SHIFT) + 1;
        if is_first || self.next.is_some_and(|next| era_of(next) != era_of(sequence)) {
            return None;
        }
        let follows = match (self.generation, self.before) {
            (Some(_), _) => true,
            (None, Some(before)) => before + 1 == commit.header.generation,
            (None, None) => false,
        };
        match self.next.filter(|_| follows) {
            Some(next) => (next < sequence).then_some(next),
            // A file's first commit stands at its beginning.
            None => (self.passed > 0).then_some(sequence.saturating_sub(1)),
        }
    }

    /// Holes found so far, whatever they mean.
    #[must_use]
    pub fn hole_count(&self) -> usize {
        self.holes.len()
    }

    /// Commits that were acknowledged and cannot be read any more.
    #[must_use]
    pub fn lost_commits(&self) -> u64 {
        let lost = |&(first, end): &(u64, u64)| end.min(self.proved(first) + 1) - first;
        self.holes.iter().filter(|hole| self.is_lost(hole)).map(lost).sum()
    }

    /// Whether a commit of the same process before the one of `sequence` was acknowledged and
    /// cannot be read any more: then offsets that are missing before its entries were promised.
    /// To be asked when all files are walked.
    #[must_use]
    pub fn missing_before(&self, sequence: u64) -> Behind {
        let before = |hole: &(u64, u64)| hole.0 < sequence && era_of(hole.0) == era_of(sequence);
        match self.holes.iter().any(|hole| before(hole) && self.is_lost(hole)) {
            true => Behind::Promised,
            false => Behind::Unpromised,
        }
    }

    fn is_lost(&self, hole: &(u64, u64)) -> bool {
        hole.0 <= self.proved(hole.0)
    }

    /// The highest sequence that the process of `sequence` is known to have had durable.
    fn proved(&self, sequence: u64) -> u64 {
        self.proved.get(&era_of(sequence)).copied().unwrap_or_default()
    }
}

/// How an entry meets the end of its partition's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The log has all of it.
    Behind,
    /// It continues the log, at its first offset or inside it.
    Continues,
    /// Offsets between the log's end and the entry are missing, which were promised: they are
    /// damage, and the log goes on behind them.
    Skips,
    /// Offsets between the log's end and the entry are missing, and nothing says that anybody was
    /// promised them: a write that a crash cut short.
    Gap,
    /// Of an older leader epoch than what the log ends with: what it continued is gone, and its
    /// offsets were used again.
    Stale,
}

/// Compares an entry, whose first batch is of `epoch`, with the log that recovery found in the
/// segment files: its end, and the epoch of its last batch. `missing` is what is known of commits
/// before the entry's that cannot be read.
#[must_use]
pub fn join(
    (entry, epoch): (&EntryHeader, LeaderEpoch),
    (log_end, latest): (Offset, Option<LeaderEpoch>),
    missing: Behind,
) -> Join {
    if entry.end <= log_end {
        Join::Behind
    } else if latest.is_some_and(|latest| epoch < latest) {
        Join::Stale
    } else if entry.base <= log_end {
        Join::Continues
    } else {
        match missing {
            Behind::Promised => Join::Skips,
            Behind::Unpromised => Join::Gap,
        }
    }
}
