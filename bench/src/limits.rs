//! Bounds of the harness, in one place. They protect the client's memory from a broken broker and
//! keep one slow step from hanging a whole comparison. Options of a run are in `load`; what stands
//! here is nobody's to tune.

use std::time::Duration;

/// Largest response frame that is accepted.
pub const FRAME_BYTES_MAX: usize = 256 << 20;
/// Scratch for one read of a connection.
pub const READ_BYTES: usize = 256 << 10;
/// Largest single discard of fetched bytes.
pub const DISCARD_BYTES: usize = 4 << 20;
/// Slices handed to one writev.
pub const WRITE_SLICES_MAX: usize = 64;
/// Bytes of one fetch response that may precede the first record byte.
pub const FETCH_HEAD_BYTES_MAX: usize = 64 << 10;
/// Longest wait for answers after the last request of a run.
pub const DRAIN_MAX: Duration = Duration::from_secs(30);
/// Longest wait for one administrative answer.
pub const ADMIN_WAIT_MAX: Duration = Duration::from_secs(30);
/// Longest wait for a broker to listen, and to stop.
pub const BROKER_START_MAX: Duration = Duration::from_secs(60);
pub const BROKER_STOP_MAX: Duration = Duration::from_secs(60);
/// Highest latency that the histograms can hold, in nanoseconds.
pub const LATENCY_NS_MAX: u64 = 120_000_000_000;

const _: () = assert!(READ_BYTES < FRAME_BYTES_MAX, "a read must fit a frame");
const _: () =
    assert!(DRAIN_MAX.as_nanos() < LATENCY_NS_MAX as u128, "a late answer must fit the histogram");
