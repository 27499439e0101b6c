//! Partitions come back without a restart: those that could not be opened, and those whose log
//! failed while it served.
//!
//! One task per shard, see `docs/tasks.md`. As soon as the device of a log that failed takes
//! writes again, its partition gets its next leader epoch from the controller, as after an end
//! that was not clean (ADR 9). With that, and not before, the log is given up, and opened in that
//! epoch: for as long as the device or the controller's log takes no write, readers have it. The
//! first try is made at once; each that follows for the same partition waits twice as long. What
//! is offline for another reason, a full device for one, is tried every few seconds. So are
//! coordinators whose groups could not be loaded although their log is sound.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use millstream_engine::ids::PartitionIndex;
use millstream_shards::Class;
use millstream_wire::Uuid;

use super::{Node, partitions, run_bounded};
use crate::controller;
use crate::coordinator;
use crate::storage::{PartitionLog, StorageFault};

/// Pause before offline partitions are tried again.
const OFFLINE_RETRY_MS: u64 = 3_000;
/// Pause after the first try of a partition; it doubles with each.
const RETRY_MS_MIN: u64 = 100;
const RETRY_MS_MAX: u64 = 30_000;
/// A partition that was not tried for so long begins with the shortest pause again.
const FORGET_MS: u64 = 120_000;
/// Logs that one shard tries at a time.
const TRIES_AT_ONCE: usize = 32;
/// Partitions that one command to the controller names.
const NAMED_MAX: usize = 1_000;

type Key = (Uuid, i32);

/// Starts the task; it lives as long as the shard.
pub fn start(node: &Node) {
    let node = node.clone();
    let shard = node.shard().clone();
    shard.spawn(Class::Background, "reopen", async move {
        let mut retries = Retries::default();
        let mut offline_due_ms = node.now().mono_ms() + OFFLINE_RETRY_MS;
        loop {
            let due_ms = retries.next_due(&node.storage().failed(), offline_due_ms);
            let pause_ms = due_ms.saturating_sub(node.now().mono_ms());
            let failure = node.storage().failure();
            node.shard().timeout(Duration::from_millis(pause_ms), failure).await;
            let gave_up = give_up(&node, &mut retries).await;
            let is_due = offline_due_ms <= node.now().mono_ms();
            if is_due {
                offline_due_ms = node.now().mono_ms() + OFFLINE_RETRY_MS;
                load_groups(&node, &mut retries);
            }
            if (is_due || gave_up) && node.partitions_map().offline_len() > 0 {
                begin_epochs(&node).await;
                partitions::apply(&node, node.image()).await;
            }
        }
    });
}

/// Gives up the failed logs whose turn it is and whose devices are well; whether there were any.
async fn give_up(node: &Node, retries: &mut Retries) -> bool {
    let now_ms = node.now().mono_ms();
    retries.forget(now_ms);
    let mut failed = node.storage().failed();
    failed.retain(|log| retries.due_ms(key(log)) <= now_ms);
    if failed.is_empty() {
        return false;
    }
    let tries = failed.iter().map(|log| (log, retries.tried(key(log), now_ms)));
    let tries: Vec<(&PartitionLog, u64)> = tries.collect();
    let well = RefCell::new(Vec::new());
    let jobs = tries.into_iter().map(async |(log, pause_ms)| {
        match node.storage().try_writing(log).await {
            Ok(()) => well.borrow_mut().push((log, log.leader_epoch())),
            Err(StorageFault::Closed) => {}
            Err(fault) if pause_ms == RETRY_MS_MIN => {
                let (topic, index) = (log.topic(), log.index());
                tracing::warn!(topic, index, %fault, "the log stays as it is, for readers");
            }
            // It was said.
            Err(_) => {}
        }
    });
    run_bounded(TRIES_AT_ONCE, jobs).await;
    let well = well.into_inner();
    let mut gave_up = false;
    for some in well.chunks(NAMED_MAX) {
        if next_epochs(node, some.iter().map(|(log, _)| key(log))).await {
            for (log, last) in some {
                partitions::give_up(node, log, *last).await;
            }
            gave_up = true;
        }
    }
    gave_up
}

/// Loads groups again whose log is sound and could not be read through.
fn load_groups(node: &Node, retries: &mut Retries) {
    let now_ms = node.now().mono_ms();
    for log in coordinator::gave_up(node) {
        if retries.due_ms(key(&log)) <= now_ms {
            retries.tried(key(&log), now_ms);
            coordinator::load_again(node, log);
        }
    }
}

/// Has the controller raise the leader epochs of what was given up and has none that is later.
async fn begin_epochs(node: &Node) {
    let outdated = node.partitions_map().outdated(&node.image());
    for some in outdated.chunks(NAMED_MAX) {
        next_epochs(node, some.iter().copied()).await;
    }
}

/// Whether the controller has raised the leader epochs of these, and all shards know it.
async fn next_epochs(node: &Node, partitions: impl ExactSizeIterator<Item = Key>) -> bool {
    let count = partitions.len();
    let named = partitions.map(|(id, index)| (id, PartitionIndex(index))).collect();
    match controller::next_epochs(node, named).await {
        Ok(()) => true,
        Err(refusal) => {
            let code = refusal.code();
            tracing::warn!(count, ?code, "no new leader epoch: partitions stay as they are");
            false
        }
    }
}

fn key(log: &PartitionLog) -> Key {
    (log.topic_id(), log.index())
}

/// When partitions are tried again.
#[derive(Debug, Default)]
struct Retries(BTreeMap<Key, Retry>);

#[derive(Debug)]
struct Retry {
    pause_ms: u64,
    due_ms: u64,
}

impl Retries {
    fn due_ms(&self, key: Key) -> u64 {
        self.0.get(&key).map_or(0, |retry| retry.due_ms)
    }

    /// When the first of `failed` is due, or `otherwise` if that is earlier.
    fn next_due(&self, failed: &[PartitionLog], otherwise: u64) -> u64 {
        failed.iter().map(|log| self.due_ms(key(log))).fold(otherwise, u64::min)
    }

    /// Notes a try; gives the pause until the next one.
    fn tried(&mut self, key: Key, now_ms: u64) -> u64 {
        let last = self.0.get(&key).map_or(RETRY_MS_MIN / 2, |retry| retry.pause_ms);
        let pause_ms = (last * 2).min(RETRY_MS_MAX);
        self.0.insert(key, Retry { pause_ms, due_ms: now_ms + pause_ms });
        pause_ms
    }

    fn forget(&mut self, now_ms: u64) {
        self.0.retain(|_, retry| now_ms < retry.due_ms + FORGET_MS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_their_bound_and_begin_anew_after_a_long_rest() {
        let (mut retries, key) = (Retries::default(), (Uuid([1; 16]), 0));
        assert_eq!(retries.due_ms(key), 0, "the first try is made at once");
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let now_ms = retries.due_ms(key);
            retries.tried(key, now_ms);
            pauses.push(retries.due_ms(key) - now_ms);
        }
        assert_eq!(pauses[..4], [100, 200, 400, 800]);
        assert_eq!(pauses[10..], [30_000, 30_000]);
        let due_ms = retries.due_ms(key);
        retries.forget(due_ms + FORGET_MS - 1);
        assert_eq!(retries.due_ms(key), due_ms);
        retries.forget(due_ms + FORGET_MS);
        assert_eq!(retries.due_ms(key), 0);
    }
}
