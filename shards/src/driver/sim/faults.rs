//! What can go wrong in the simulated world, as values: how often, how badly, and how it went.
//!
//! The world asks these tables; nothing here has state but the counts. Everything is off by
//! default. A device keeps its promises under `torn`, `eio_per_mille`, `stall_per_mille` and
//! `capacity_bytes`: what it said was durable is. Under `lost_per_million`,
//! `misdirected_per_million` and `rot_per_million` it lies, and each lie is noted (`Lie`).

use std::path::PathBuf;
use std::time::Duration;

/// What the disk does to those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiskFaults {
    /// A crash tears unsynced writes at every 512 bytes instead of every 4096.
    pub torn: bool,
    /// Reads, writes and flushes that end with `EIO`, of a thousand. A failed write may be there
    /// in part; a failed flush may have dropped what it was to flush, and the next one succeeds.
    pub eio_per_mille: u16,
    /// File operations that take up to `stall_max` longer, of a thousand.
    pub stall_per_mille: u16,
    pub stall_max: Duration,
    /// `ENOSPC` above this. What is allocated (or was ever written) needs no space when written.
    pub capacity_bytes: Option<u64>,
    /// Writes that are reported done and never happened, of a million.
    pub lost_per_million: u32,
    /// Writes that land in another place, in the same or another file, of a million.
    pub misdirected_per_million: u32,
    /// Reads before which one bit of what they read flips for good, of a million.
    pub rot_per_million: u32,
}

/// What the network does to those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NetFaults {
    /// Receives, sends and connects take up to this longer, mostly much less.
    pub delay_max: Duration,
    /// Sends and receives that find the connection reset, at any byte, of a million.
    pub cut_per_million: u32,
    /// Sends and receives after which the connection carries nothing any more and nobody is
    /// told, of a million. After `heal` a send on it finds it reset; a receive waits on.
    pub half_open_per_million: u32,
    /// Sends and receives move few bytes at a time, and new connections hold few.
    pub fragment: bool,
    /// New connections whose connecting side reads slowly, of a thousand: few bytes at a time,
    /// up to `slow_max` apart. For one that never reads, let the program not receive.
    pub slow_readers_per_mille: u16,
    pub slow_max: Duration,
}

/// How often each fault has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultCounts {
    pub io_errors: u64,
    /// Sectors or blocks of unsynced writes that a crash took away.
    pub sectors_lost: u64,
    pub no_space: u64,
    pub stalls: u64,
    pub lost: u64,
    pub misdirected: u64,
    pub rotted: u64,
    pub cuts: u64,
    pub half_opens: u64,
    /// Connections made whose connecting side reads slowly.
    pub slow_readers: u64,
}

/// How the device has lied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LieKind {
    /// The write was reported done and did not happen.
    Lost,
    /// The bytes that should be here went elsewhere.
    MisdirectedFrom,
    /// Bytes that belong elsewhere were written here.
    MisdirectedTo,
    /// One bit flipped.
    Rotted,
}

/// Where the device has lied, so that a checker knows what may be missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lie {
    pub kind: LieKind,
    /// The file's name when it happened; `None` if it had none any more.
    pub path: Option<PathBuf>,
    /// Byte range in the file.
    pub offset: u64,
    pub len: u64,
}
