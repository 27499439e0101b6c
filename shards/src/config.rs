//! What a user of the runtime chooses, and the small words everybody shares.
//!
//! Values only: no thread, no file, no syscall. `launch` checks a `Config` before anything starts.

use std::fmt;
use std::sync::Arc;

use crate::limits;

/// Number of a shard: 0 up to the number of shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ShardId(pub u16);

impl ShardId {
    /// Stands for a sender that is no shard: a thread with an `Injector`.
    pub const EXTERNAL: ShardId = ShardId(u16::MAX);

    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Who goes first. Latency tasks run before background tasks; background tasks keep a bounded
/// share of every turn, so that they are slow under load but never starved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Latency,
    Background,
}

/// What a shard does when it has nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// Sleep at once: least CPU, every wake costs 15 to 25 µs.
    Park,
    /// Spin up to `spin_us` before sleeping, and only while spinning has lately paid.
    Adaptive { spin_us: u32 },
    /// Never sleep: one whole core per shard, least latency.
    Busy,
}

/// Something an operator may want to read in a log. Handed to `Config::on_event`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A task held its core longer than `Config::stall_report_ms`.
    Stall { shard: ShardId, task: &'static str, held_us: u64 },
    /// A shard gave up waiting for cancelled operations; their buffers are leaked, not reused.
    DrainGaveUp { shard: ShardId, operations: usize },
}

/// Receives `Event`s on the thread of the shard they belong to. Must not block.
pub type EventHook = Arc<dyn Fn(&Event) + Send + Sync>;

/// How to start the runtime.
#[derive(Clone)]
pub struct Config {
    /// Data shards, one OS thread each.
    pub shards: usize,
    /// Bind each shard to a core, as far as there are cores.
    pub pin: bool,
    pub poll: Poll,
    /// Submission queue entries of each ring.
    pub ring_entries: u32,
    /// Provided receive buffers of 16 KiB of each shard; touched only when used.
    pub recv_buffers: u16,
    /// Ceiling of the buffer pool, all shards together.
    pub memory_bytes: u64,
    /// A task that holds its core longer is counted and reported.
    pub stall_report_ms: u64,
    pub on_event: Option<EventHook>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            shards: 1,
            pin: false,
            poll: Poll::Adaptive { spin_us: 50 },
            ring_entries: 1024,
            recv_buffers: limits::RECV_BUFFERS_MAX,
            memory_bytes: 1024 * limits::MIB as u64,
            stall_report_ms: 5,
            on_event: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("shards", &self.shards)
            .field("pin", &self.pin)
            .field("poll", &self.poll)
            .field("ring_entries", &self.ring_entries)
            .field("recv_buffers", &self.recv_buffers)
            .field("memory_bytes", &self.memory_bytes)
            .field("stall_report_ms", &self.stall_report_ms)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// The first thing wrong with this configuration, as a sentence.
    pub fn check(&self) -> Result<(), String> {
        if self.shards == 0 || self.shards > limits::SHARDS_MAX {
            return Err(format!("shards must be 1 to {}, not {}", limits::SHARDS_MAX, self.shards));
        }
        let ring = limits::RING_ENTRIES_MIN..=limits::RING_ENTRIES_MAX;
        if !ring.contains(&self.ring_entries) {
            return Err(format!("ring_entries must be in {ring:?}, not {}", self.ring_entries));
        }
        let buffers = 1..=limits::RECV_BUFFERS_MAX;
        if !buffers.contains(&self.recv_buffers) || !self.recv_buffers.is_power_of_two() {
            return Err(format!(
                "recv_buffers must be a power of two in {buffers:?}, not {}",
                self.recv_buffers
            ));
        }
        Ok(())
    }
}
