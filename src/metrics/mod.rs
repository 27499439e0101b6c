//! What a broker counts, and the admin port that shows it.
//!
//! Each shard owns one `ShardMetrics` and is the only one that writes to it, so counting is
//! a plain load and store without a locked instruction; readers on the control thread see
//! values that are a moment old. Nothing here allocates after start, except the list of
//! client programs, which is bounded and touched once per connection.

mod control;
pub(crate) mod expose;
pub mod gauges;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam::utils::CachePadded;
use millstream_wire::ApiKey;

use crate::memory::Account;

pub use control::{ControlThread, start};

/// Slots for API keys; keys beyond are counted in the last one.
const API_SLOTS: usize = 128;
/// Upper bounds of the latency buckets, in microseconds; one more bucket has no bound.
const LATENCY_BOUNDS_US: [u64; 14] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 1_000_000,
    5_000_000,
];
/// Different client programs that are told apart; further ones count as `other`.
const CLIENTS_MAX: usize = 64;
const CLIENT_NAME_BYTES_MAX: usize = 64;

/// A number that only its shard changes and anybody reads.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds `n`. Owner shard only: two writers would lose counts.
    pub fn add(&self, n: u64) {
        self.0.store(self.get().wrapping_add(n), Ordering::Relaxed);
    }

    /// Takes `n` away, not below zero, for counters that are gauges. Owner shard only.
    pub fn sub(&self, n: u64) {
        self.0.store(self.get().saturating_sub(n), Ordering::Relaxed);
    }

    /// Replaces the value, for gauges. Owner shard only.
    pub fn set(&self, n: u64) {
        self.0.store(n, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Requests whose times are worth telling apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestClass {
    Produce,
    Fetch,
    Group,
    Other,
}

impl RequestClass {
    const ALL: [RequestClass; 4] =
        [RequestClass::Produce, RequestClass::Fetch, RequestClass::Group, RequestClass::Other];

    /// The class of an API.
    #[must_use]
    pub fn of(api: ApiKey) -> RequestClass {
        match api {
            ApiKey::Produce => RequestClass::Produce,
            ApiKey::Fetch => RequestClass::Fetch,
            ApiKey::JoinGroup
            | ApiKey::SyncGroup
            | ApiKey::Heartbeat
            | ApiKey::LeaveGroup
            | ApiKey::OffsetCommit
            | ApiKey::OffsetFetch
            | ApiKey::FindCoordinator => RequestClass::Group,
            _ => RequestClass::Other,
        }
    }

    fn name(self) -> &'static str {
        match self {
            RequestClass::Produce => "produce",
            RequestClass::Fetch => "fetch",
            RequestClass::Group => "group",
            RequestClass::Other => "other",
        }
    }
}

/// Times in buckets, from a request's arrival to its answer's last byte handed over.
#[derive(Debug, Default)]
struct Latency {
    buckets: [Counter; LATENCY_BOUNDS_US.len() + 1],
    sum_us: Counter,
}

impl Latency {
    fn observe(&self, us: u64) {
        let slot = LATENCY_BOUNDS_US.partition_point(|bound| *bound < us);
        self.buckets[slot].add(1);
        self.sum_us.add(us);
    }
}

/// What one shard counts.
#[derive(Debug)]
pub struct ShardMetrics {
    requests: [Counter; API_SLOTS],
    latency: [Latency; RequestClass::ALL.len()],
    /// Records appended by producers.
    pub messages_in: Counter,
    /// Record bytes that producers sent and that were appended.
    pub bytes_in: Counter,
    /// Record bytes that were sent to consumers.
    pub bytes_out: Counter,
    /// Bytes received on sockets, all requests.
    pub socket_bytes_in: Counter,
    /// Bytes sent on sockets, all answers.
    pub socket_bytes_out: Counter,
    /// Partitions of produce requests that were refused or failed.
    pub produce_failures: Counter,
    /// Partitions of fetch requests that were refused or failed.
    pub fetch_failures: Counter,
    /// Connections open now.
    pub connections: Counter,
    pub connections_accepted: Counter,
    /// Connections closed at accept, for want of room.
    pub connections_refused: Counter,
    /// Connections closed because of what they sent.
    pub connections_faulted: Counter,
    /// Partitions that this shard owns.
    pub partitions: Counter,
    /// Partitions of this shard that could not be opened.
    pub partitions_offline: Counter,
    /// Partitions of this shard that take no records since a write failed.
    pub partitions_failed: Counter,
    /// Partitions that were opened again after that.
    pub partitions_reopened: Counter,
    /// Damaged ranges of open partitions, which readers skip.
    pub quarantined_ranges: Counter,
    /// Commits of this shard's journal.
    pub journal_commits: Counter,
    /// Partitions' parts in those commits.
    pub journal_entries: Counter,
    /// Bytes written to the journal, padding included.
    pub journal_bytes: Counter,
    /// Journal files whose bytes are all in segment files again.
    pub journal_files_settled: Counter,
    /// 1 while small appends go to the journal.
    pub journal_usable: Counter,
    pub journal_files_free: Counter,
    pub journal_files_active: Counter,
    pub journal_files_settling: Counter,
    pub journal_files_held: Counter,
    pub journal_oldest_s: Counter,
    /// Compaction runs that have ended, well or not.
    pub cleaner_runs: Counter,
    pub cleaner_bytes_read: Counter,
    pub cleaner_bytes_written: Counter,
    /// Unix seconds of the end of the last run; 0 before the first.
    pub cleaner_last_run_s: Counter,
    /// The dirtiest log's dirty share at the last look, in millionths.
    pub cleaner_dirty_ppm_max: Counter,
    /// Compacted partitions that are left alone after a fault.
    pub uncleanable_partitions: Counter,
    /// Bytes of `millstream.memory` that are in use: blocks of the pool, and charges.
    pub memory_held_bytes: Counter,
    /// Bytes of the buffer pool that are kept for the next use.
    pub memory_idle_bytes: Counter,
    /// What the classes of memory hold of it, in the order of `Account::ALL`.
    pub memory_accounts: [Counter; Account::ALL.len()],
    /// Messages sent to other shards.
    pub mailbox_sent: Counter,
    /// Operations that the ring has completed.
    pub operations: Counter,
    /// Times that a task held the shard's core past the report limit.
    pub stalls: Counter,
    /// Tasks that have not ended.
    pub tasks: Counter,
    /// Calls to other shards that are not answered.
    pub calls: Counter,
}

impl Default for ShardMetrics {
    fn default() -> Self {
        ShardMetrics {
            requests: std::array::from_fn(|_| Counter::default()),
            latency: Default::default(),
            messages_in: Counter::default(),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            socket_bytes_in: Counter::default(),
            socket_bytes_out: Counter::default(),
            produce_failures: Counter::default(),
            fetch_failures: Counter::default(),
            connections: Counter::default(),
            connections_accepted: Counter::default(),
            connections_refused: Counter::default(),
            connections_faulted: Counter::default(),
            partitions: Counter::default(),
            partitions_offline: Counter::default(),
            partitions_failed: Counter::default(),
            partitions_reopened: Counter::default(),
            quarantined_ranges: Counter::default(),
            journal_commits: Counter::default(),
            journal_entries: Counter::default(),
            journal_bytes: Counter::default(),
            journal_files_settled: Counter::default(),
            journal_usable: Counter::default(),
            journal_files_free: Counter::default(),
            journal_files_active: Counter::default(),
            journal_files_settling: Counter::default(),
            journal_files_held: Counter::default(),
            journal_oldest_s: Counter::default(),
            cleaner_runs: Counter::default(),
            cleaner_bytes_read: Counter::default(),
            cleaner_bytes_written: Counter::default(),
            cleaner_last_run_s: Counter::default(),
            cleaner_dirty_ppm_max: Counter::default(),
            uncleanable_partitions: Counter::default(),
            memory_held_bytes: Counter::default(),
            memory_idle_bytes: Counter::default(),
            memory_accounts: Default::default(),
            mailbox_sent: Counter::default(),
            operations: Counter::default(),
            stalls: Counter::default(),
            tasks: Counter::default(),
            calls: Counter::default(),
        }
    }
}

impl ShardMetrics {
    /// Counts one answered request and its time.
    pub fn request(&self, api: ApiKey, took: Duration) {
        self.requests[slot_of(api)].add(1);
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.latency[RequestClass::of(api) as usize].observe(us);
    }

    fn requests_of(&self, api: ApiKey) -> u64 {
        self.requests[slot_of(api)].get()
    }
}

fn slot_of(api: ApiKey) -> usize {
    usize::try_from(api as i16).unwrap_or(0).min(API_SLOTS - 1)
}

/// A client program, as it names itself in ApiVersions (KIP-511).
type ClientName = (String, String);

/// What all shards count, shared with the control thread.
#[derive(Debug)]
pub struct Metrics {
    shards: Box<[CachePadded<ShardMetrics>]>,
    clients: Mutex<BTreeMap<ClientName, u64>>,
}

impl Metrics {
    #[must_use]
    pub fn new(shards: usize) -> Metrics {
        let shards = (0..shards).map(|_| CachePadded::new(ShardMetrics::default())).collect();
        Metrics { shards, clients: Mutex::new(BTreeMap::new()) }
    }

    /// The counters of the shard with this index, below the number given to `new`.
    #[must_use]
    pub fn shard(&self, index: u16) -> &ShardMetrics {
        &self.shards[usize::from(index)]
    }

    /// Counts a connection of a client program that has named itself.
    pub fn client_seen(&self, name: &str, version: &str) {
        let Ok(mut clients) = self.clients.lock() else { return };
        let key = (shortened(name), shortened(version));
        let known = clients.contains_key(&key) || clients.len() < CLIENTS_MAX;
        let key = if known { key } else { ("other".to_owned(), String::new()) };
        *clients.entry(key).or_default() += 1;
    }

    fn total(&self, of: impl Fn(&ShardMetrics) -> u64) -> u64 {
        self.shards.iter().map(|shard| of(shard)).sum()
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic()).take(CLIENT_NAME_BYTES_MAX).collect()
}
