//! Memory is short: many warm partitions share what there is.

use super::rig::{Rig, batch};
use super::*;

#[test]
fn many_warm_partitions_share_a_small_pool_and_all_take_records() {
    Rig::run("pressure", |rig| async move {
        let mut logs = Vec::new();
        for index in 0..600 {
            logs.push(rig.open("t", index, &[]).await);
        }
        let value = "v".repeat(60_000);
        for _ in 0..12 {
            for log in &logs {
                let mut appended = log.append(&batch(&[&value]), rig.client(), rig.now());
                while matches!(appended, Err(AppendRefusal::NoMemory)) {
                    rig.shard.sleep(std::time::Duration::from_millis(1)).await;
                    appended = log.append(&batch(&[&value]), rig.client(), rig.now());
                }
                appended.expect("taken in");
            }
        }
        for log in &logs {
            log.durable(Offset(12)).await.expect("durable");
        }
        let held = rig.shard.pool().stats().held;
        assert!(held <= 256 << 20, "{held} bytes held");
    });
}
