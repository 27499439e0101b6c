//! The journal of a shard, without a byte of I/O: its format, its ring of files, its replay.
//!
//! Small appends of all partitions become durable together: `Ring` says where the next commit
//! goes and which commits are proved written and durable, in order; `format` has the bytes;
//! `Walk` reads them back after a crash and tells a write that was cut short from damage to
//! what was promised. Called by `storage::journal`, which does the writing, and by the tools.

mod format;
mod ring;
#[cfg(test)]
mod tests;
mod walk;

pub use format::{
    COMMIT_HEADER_BYTES, Commit, CommitFault, CommitHeader, ENTRY_HEADER_BYTES, Entry, EntryHeader,
    FILE_FIELDS_BYTES, FILE_HEADER_BYTES, FILE_MAGIC, FileFault, FileHeader, VERSION, parse_commit,
    seal_commit,
};
pub use ring::{FlushPlan, Ring, SlotCounts, Spot};
pub use walk::{Join, Walk, WalkStep, era_of, join, next_era};
