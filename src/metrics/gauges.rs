//! Gauges: what the runtime and the buffer pool know, copied into the shard's own counters.
//!
//! One background task per shard, see `docs/tasks.md`, copies them once a second, so that the
//! control thread reads counters only and never asks a shard. What is shown is at most that old.

use std::time::Duration;

use millstream_shards::Class;

use crate::memory::Account;
use crate::shard::Node;

const INTERVAL: Duration = Duration::from_secs(1);

/// Starts the task; it lives as long as the shard.
pub fn start(node: &Node) {
    let node = node.clone();
    let shard = node.shard().clone();
    shard.spawn(Class::Background, "gauges", async move {
        loop {
            refresh(&node);
            node.shard().sleep(INTERVAL).await;
        }
    });
}

fn refresh(node: &Node) {
    let counters = node.counters();
    let stats = node.shard().stats();
    counters.operations.set(stats.ops_completed.get());
    counters.mailbox_sent.set(stats.mailbox_sent.get());
    counters.stalls.set(stats.stalls.get());
    counters.tasks.set(node.shard().tasks() as u64);
    counters.calls.set(node.peers().unanswered() as u64);
    counters.partitions.set(node.partition_count() as u64);
    counters.partitions_offline.set(node.offline_count() as u64);
    counters.partitions_failed.set(node.storage().failed().len() as u64);
    counters.partitions_reopened.set(node.reopened_count());
    let cleaner = node.storage().cleaner();
    counters.cleaner_runs.set(cleaner.runs);
    counters.cleaner_bytes_read.set(cleaner.bytes_read);
    counters.cleaner_bytes_written.set(cleaner.bytes_written);
    counters.cleaner_last_run_s.set(cleaner.last_run_ms.max(0).unsigned_abs() / 1_000);
    counters.cleaner_dirty_ppm_max.set(cleaner.dirty_ppm_max.into());
    counters.uncleanable_partitions.set(cleaner.uncleanable);
    counters.quarantined_ranges.set(node.storage().quarantined_ranges());
    let journal = node.storage().journal();
    counters.journal_commits.set(journal.commits);
    counters.journal_entries.set(journal.entries);
    counters.journal_bytes.set(journal.bytes);
    counters.journal_files_settled.set(journal.files_settled);
    counters.journal_usable.set(u64::from(journal.is_usable));
    counters.journal_files_free.set(journal.free);
    counters.journal_files_active.set(journal.active);
    counters.journal_files_settling.set(journal.settling);
    counters.journal_files_held.set(journal.held);
    counters.journal_oldest_s.set(journal.oldest_ms / 1_000);
    if node.shard().id() == Node::controller_shard() {
        // One pool serves all shards: one of them reports it.
        let pool = node.shard().pool().stats();
        counters.memory_held_bytes.set(pool.held.saturating_sub(pool.idle));
        counters.memory_idle_bytes.set(pool.idle);
        for (account, counter) in Account::ALL.into_iter().zip(&counters.memory_accounts) {
            counter.set(node.shard().pool().account(account.id()).used);
        }
    }
}
