//! Deadlines of futures, on the simulated driver.

use std::future::pending;
use std::time::Duration;

use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::{Endpoint, Shard};

#[test]
fn what_is_ready_counts_after_its_time_and_what_is_not_ends_at_it() {
    let body = |shard: Shard, _: Endpoint<()>| async move {
        let until_ns = shard.precise_ns() + 1_000_000;
        assert_eq!(shard.timeout_at(until_ns, async { 7 }).await, Some(7));
        assert_eq!(shard.timeout_at(until_ns, pending::<()>()).await, None);
        assert!(shard.precise_ns() >= until_ns);
        // As one deadline of several things, one after the other.
        assert_eq!(shard.timeout_at(until_ns, pending::<()>()).await, None);
        assert_eq!(shard.timeout_at(until_ns, async { 8 }).await, Some(8));
        let soon = Duration::from_millis(1);
        assert_eq!(shard.timeout(soon, pending::<()>()).await, None);
    };
    assert_eq!(Sim::new(1).run(1, Duration::from_secs(10), body), Ended::Finished);
}
