//! How fast background work may go: bytes per second, or as fast as it can while yielding.

use std::cell::Cell;

use millstream_shards::Shard;

const SECOND_NS: u128 = 1_000_000_000;
const MILLISECOND_NS: u64 = 1_000_000;

/// An allowance that is used up and comes back with time; what was not used is not saved.
pub(crate) struct Pace {
    shard: Shard,
    bytes_per_second: Option<u64>,
    free_at_ns: Cell<u64>,
}

impl Pace {
    pub fn new(shard: &Shard, bytes_per_second: Option<u64>) -> Pace {
        Pace { shard: shard.clone(), bytes_per_second, free_at_ns: Cell::new(0) }
    }

    /// Lets others run, and waits until what was taken before has been paid for.
    pub async fn take(&self, bytes: u64) {
        let Some(rate) = self.bytes_per_second else { return self.shard.yield_now().await };
        let now_ns = self.shard.now_ns();
        let begin_ns = self.free_at_ns.get().max(now_ns);
        let cost_ns = u128::from(bytes) * SECOND_NS / u128::from(rate.max(1));
        let cost_ns = u64::try_from(cost_ns).unwrap_or(u64::MAX);
        self.free_at_ns.set(begin_ns.saturating_add(cost_ns));
        match begin_ns - now_ns < MILLISECOND_NS {
            true => self.shard.yield_now().await,
            false => self.shard.sleep_until(begin_ns).await,
        }
    }
}
