//! A thread-per-core runtime on io_uring.
//!
//! One pinned OS thread per shard, each with its ring, its executor and its timers; shards talk
//! over bounded rings. Operations are plain values that a `Driver` completes, so that the same
//! program runs on io_uring and in a simulation with virtual time. Knows no noun of any protocol.
//!
//! Start reading at `launch`, `Shard` and `driver::Driver`; the loop is in `turn`.
//! Invariants: a buffer belongs to its operation until the operation completes; every queue is
//! bounded; a shard's state never leaves its thread.

mod config;
mod core;
pub mod driver;
mod executor;
mod failure;
mod fs;
mod heap;
mod launch;
pub mod limits;
mod mailbox;
mod net;
mod ops;
mod pool;
mod random;
mod shard;
mod shared_file;
mod stats;
pub mod sync;
mod task;
mod timers;
mod turn;

pub use config::{Class, Config, Event, EventHook, Poll, ShardId};
pub use driver::uring::UringDrivers;
pub use driver::{DirEntry, Follow, ListenOptions, Open, Sync};
pub use failure::{Failure, StartFault};
pub use fs::{File, Misaligned};
pub use heap::{collect_heap, return_heap_soon};
pub use launch::{Running, Stopper, launch};
pub use mailbox::{Endpoint, Injector};
pub use net::{Listener, Received, Stream};
pub use pool::{AccountId, AccountStats, AlignedBuf, AppendBuf, Backing, Charge, Pool, PoolStats};
pub use shard::Shard;
pub use shared_file::{Sent, SharedFile};
pub use stats::{Counter, ShardStats};
pub use task::Task;

/// Slices that are written or sent one behind the other.
pub type Parts = smallvec::SmallVec<[bytes::Bytes; 4]>;
