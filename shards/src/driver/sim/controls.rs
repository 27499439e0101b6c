//! `Controls`: the hand that reaches into a simulated world, before, between and during runs.
//!
//! `Sim` has one (and derefs to it); a task of the simulated program may hold a clone, and so
//! play the villain at moments of its own choice. Not for the program under test.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use super::faults::{DiskFaults, FaultCounts, Lie, NetFaults};
use super::recording::Recording;
use super::world::World;

/// What is on a simulated disk; cheap to clone, chunks are shared.
#[derive(Debug, Clone, Default)]
pub struct DiskImage {}

/// A handle on a simulated world. Clones are the same world.
#[derive(Clone)]
pub struct Controls(pub(super) Rc<RefCell<World>>);

impl Controls {
    /// From now on the disk does this.
    pub fn set_disk_faults(&self, _faults: DiskFaults) {}

    /// From now on the network does this.
    pub fn set_net_faults(&self, _faults: NetFaults) {}

    /// No faults from now on, planned ones included. What is broken stays broken: bytes that
    /// were lost, connections that were cut.
    pub fn heal(&self) {}

    /// How often each fault has happened so far.
    pub fn fault_counts(&self) -> FaultCounts {
        FaultCounts::default()
    }

    /// Where the device has lied so far.
    pub fn lies(&self) -> Vec<Lie> {
        Vec::new()
    }

    /// File operations that have been performed in this world. Closing and sockets do not count.
    pub fn io_count(&self) -> u64 {
        0
    }

    /// Makes the file operation with the number `nth` (the first one of a world is 0) fail.
    /// Whether a failed write or flush did something all the same is drawn from the seed.
    pub fn fail_io(&self, _nth: u64, _errno: i32) {}

    /// As `fail_io` for that operation and every one after it, until `heal`.
    pub fn fail_io_from(&self, _nth: u64, _errno: i32) {}

    /// Ends the run, as the power would, just before the file operation with that number.
    pub fn cut_at_io(&self, _nth: u64) {}

    /// Ends the run now, in mid-air: it returns `Ended::Cut`.
    pub fn cut(&self) {}

    /// Moves the wall clock, forward or back. Monotonic time does not notice.
    pub fn jump_wall(&self, ms: i64) {
        self.0.borrow_mut().move_wall(ms);
    }

    /// Begins to record what is done to the disk; forgets an earlier recording.
    pub fn record(&self) {}

    /// What has been recorded since `record`.
    pub fn recording(&self) -> Recording {
        Recording::default()
    }

    /// The disk as a process would find it now; after `Sim::crash`, what the crash left.
    pub fn disk_image(&self) -> DiskImage {
        DiskImage::default()
    }

    /// Every file with its length in bytes, sorted by path.
    pub fn files(&self) -> Vec<(PathBuf, u64)> {
        Vec::new()
    }

    /// The bytes of a file as a process would read them now.
    pub fn read_file(&self, _path: &Path) -> Option<Vec<u8>> {
        None
    }

    /// Flips one bit of a file for good, as rot does.
    ///
    /// # Panics
    /// If there is no such file or it is too short.
    pub fn flip_bit(&self, _path: &Path, _bit: u64) {}

    /// A hash over every completion so far (time, place, result) and every byte written or sent.
    pub fn trace(&self) -> u64 {
        self.0.borrow().trace()
    }

    /// Virtual time since the beginning.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.0.borrow().now_ns())
    }

    /// Files and sockets that are open, to find leaks.
    pub fn open_handles(&self) -> usize {
        self.0.borrow().open_handles()
    }
}
