//! One file operation fails, for every one that a workload makes.
//!
//! Nothing that failed is acknowledged; nothing that was acknowledged is lost: not when the
//! process is restarted, and not when the power goes after the error.

use std::time::Duration;

use millstream_shards::Endpoint;
use millstream_shards::driver::sim::{Ended, Sim};

use super::crash_states::{
    Promises, RETAINS, ROLLS, TRIMS, Workload, make_data, recover_and_serve, work,
};
use super::*;

/// What happens between the error and the next start.
#[derive(Debug, Clone, Copy)]
enum Then {
    Restart,
    PowerCut,
}

/// Works with the `nth` operation failing (none if there are fewer), starts again, and checks.
/// Returns how many operations there were.
fn fail_nth(workload: Workload, (nth, errno): (Option<u64>, i32), then: Then) -> u64 {
    let promises: Promises = Rc::default();
    let told = promises.clone();
    let mut sim = Sim::new(7);
    sim.run(1, Duration::from_secs(60), |shard: Shard, _: Endpoint<()>| async move {
        make_data(&shard).await;
    });
    let first = sim.io_count();
    nth.into_iter().for_each(|nth| sim.fail_io(first + nth, errno));
    sim.run(1, Duration::from_secs(60), move |shard: Shard, _: Endpoint<()>| {
        let told = told.clone();
        async move { drop(work(shard, workload, told).await) }
    });
    let count = sim.io_count() - first;
    sim.heal();
    if let Then::PowerCut = then {
        sim.crash();
    }
    let promises = promises.borrow().clone();
    let ended = sim.run(1, Duration::from_secs(600), move |shard: Shard, _: Endpoint<()>| {
        let promises = promises.clone();
        async move {
            let what = format!("operation {nth:?} fails with {errno}, then {then:?}");
            recover_and_serve(shard, workload, (promises, Duration::MAX), &what).await;
        }
    });
    assert_eq!(ended, Ended::Finished, "operation {nth:?} fails with {errno}, then {then:?}");
    count
}

fn fail_each(workload: Workload) {
    const EIO: i32 = 5;
    const ENOSPC: i32 = 28;
    let count = fail_nth(workload, (None, 0), Then::Restart);
    assert!(count > 100, "{count} operations");
    for nth in 0..count {
        fail_nth(workload, (Some(nth), EIO), Then::PowerCut);
        let (errno, then) =
            if nth % 2 == 0 { (EIO, Then::Restart) } else { (ENOSPC, Then::PowerCut) };
        fail_nth(workload, (Some(nth), errno), then);
    }
}

#[test]
fn nothing_acknowledged_is_lost_whichever_operation_fails_while_segments_roll() {
    fail_each(ROLLS);
}

#[test]
fn nothing_acknowledged_is_lost_whichever_operation_fails_while_records_are_deleted() {
    fail_each(TRIMS);
}

#[test]
fn nothing_acknowledged_is_lost_whichever_operation_fails_while_retention_runs() {
    fail_each(RETAINS);
}
