//! How much a recovery has to scan stays within its budget.

use millstream_engine::now::Now;

use super::*;
use crate::storage::limits::{COLD_AFTER_MS, UNCHECKED_BYTES_MAX};
use crate::storage::tests::lifecycle::large;

#[test]
fn partitions_with_the_most_to_scan_are_checkpointed_when_the_sum_is_large() {
    Rig::run("budget", |mut rig| async move {
        let mut logs = Vec::new();
        for index in 0..4 {
            let log = rig.open("t", index, &[]).await;
            rig.fill(&log, &large(5 + 5 * index as usize)).await;
            logs.push(log);
        }
        let shared = rig.storage.0.clone();
        let sum: u64 = logs.iter().map(PartitionLog::size_bytes).sum();
        assert_eq!(shared.unchecked_bytes(), sum);
        // As if there were many more of them.
        logs[0].0.add_unchecked(UNCHECKED_BYTES_MAX / 4);
        logs[3].0.add_unchecked(UNCHECKED_BYTES_MAX / 4 * 3);
        assert!(shared.unchecked_bytes() <= UNCHECKED_BYTES_MAX / 2);
        assert_eq!(logs[3].0.unchecked.get(), 0, "the one with the most");
        assert_ne!(logs[2].0.unchecked.get(), 0, "and no more than it takes");
        while !rig.dir.join("t-3/checkpoint").exists() {
            rig.shard.sleep(std::time::Duration::from_millis(1)).await;
        }
        for log in &logs[..3] {
            let dir = rig.dir.join(format!("t-{}", log.index()));
            assert!(!dir.join("checkpoint").exists());
        }
        rig.restart().await;
        let scanned = rig.storage.0.clone();
        rig.open("t", 3, &[]).await;
        assert_eq!(scanned.unchecked_bytes(), 0, "nothing to scan");
        rig.open("t", 2, &[]).await;
        assert_eq!(
            scanned.unchecked_bytes(),
            logs[2].size_bytes(),
            "it counts until it is checkpointed"
        );
    });
}

#[test]
fn a_partition_that_goes_quiet_with_much_to_scan_is_checkpointed() {
    Rig::run("quiet", |rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &large(20)).await;
        let later = rig.now().wall_ms + COLD_AFTER_MS as i64 + 1;
        rig.storage.0.look_at_warm(Now { wall_ms: later, ..rig.now() }).await;
        while !rig.dir.join("t-0/checkpoint").exists() {
            rig.shard.sleep(std::time::Duration::from_millis(1)).await;
        }
        assert_eq!(rig.storage.0.unchecked_bytes(), 0);
    });
}
