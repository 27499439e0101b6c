//! `Controls`: the hand that reaches into a simulated world, before, between and during runs.
//!
//! `Sim` has one (and derefs to it); a task of the simulated program may hold a clone, and so
//! play the villain at moments of its own choice. Not for the program under test.

use std::cell::RefCell;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use super::faults::{DiskFaults, FaultCounts, Lie, NetFaults};
use super::recording::Recording;
use super::volume::Volume;
use super::world::World;

/// What is on a simulated disk; cheap to clone, chunks are shared.
#[derive(Debug, Clone, Default)]
pub struct DiskImage(pub(super) Volume);

impl DiskImage {
    /// Every file with its length in bytes, sorted by path.
    pub fn files(&self) -> Vec<(PathBuf, u64)> {
        let files = self.0.files().into_iter();
        let len = |id| self.0.file(id).map_or(0, |content| content.len());
        files.map(|(path, id)| (OsString::from_vec(path).into(), len(id))).collect()
    }

    /// The bytes of a file; `None` if there is none.
    pub fn read_file(&self, path: &Path) -> Option<Vec<u8>> {
        let files = self.0.files();
        let at = files.binary_search_by_key(&path.as_os_str().as_bytes(), |(path, _)| path).ok()?;
        let content = self.0.file(files[at].1)?;
        let mut bytes = vec![0; content.len() as usize];
        content.read(0, &mut bytes);
        Some(bytes)
    }
}

/// A handle on a simulated world. Clones are the same world.
#[derive(Clone)]
pub struct Controls(pub(super) Rc<RefCell<World>>);

impl Controls {
    /// From now on the disk does this.
    pub fn set_disk_faults(&self, faults: DiskFaults) {
        self.0.borrow_mut().disk_faults = faults;
    }

    /// From now on the network does this.
    pub fn set_net_faults(&self, faults: NetFaults) {
        self.0.borrow_mut().set_net_faults(faults);
    }

    /// No faults from now on, planned ones included. What is broken stays broken: bytes that
    /// were lost, connections that were cut.
    pub fn heal(&self) {
        self.0.borrow_mut().heal();
    }

    /// How often each fault has happened so far.
    pub fn fault_counts(&self) -> FaultCounts {
        self.0.borrow().fault_counts()
    }

    /// Where the device has lied so far.
    pub fn lies(&self) -> Vec<Lie> {
        self.0.borrow().lies.clone()
    }

    /// File operations that have been performed in this world. Closing and sockets do not count.
    pub fn io_count(&self) -> u64 {
        self.0.borrow().io_count
    }

    /// Makes the file operation with the number `nth` (the first one of a world is 0) fail.
    /// Whether a failed write or flush did something all the same is drawn from the seed.
    pub fn fail_io(&self, nth: u64, errno: i32) {
        self.0.borrow_mut().failing.insert(nth, errno);
    }

    /// As `fail_io` for that operation and every one after it, until `heal`.
    pub fn fail_io_from(&self, nth: u64, errno: i32) {
        self.0.borrow_mut().failing_from = Some((nth, errno));
    }

    /// Ends the run, as the power would, just before the file operation with that number.
    pub fn cut_at_io(&self, nth: u64) {
        self.0.borrow_mut().cut_at = Some(nth);
    }

    /// Ends the run now, in mid-air: it returns `Ended::Cut`.
    pub fn cut(&self) {
        self.0.borrow_mut().cut = true;
    }

    /// Whether the run has been cut; for those that `step`, who then `end` the process.
    pub fn is_cut(&self) -> bool {
        self.0.borrow().cut
    }

    /// Moves the wall clock, forward or back. Monotonic time does not notice.
    pub fn jump_wall(&self, ms: i64) {
        self.0.borrow_mut().move_wall(ms);
    }

    /// Begins to record what is done to the disk; forgets an earlier recording.
    pub fn record(&self) {
        self.0.borrow_mut().record();
    }

    /// What has been recorded since `record`.
    pub fn recording(&self) -> Recording {
        self.0.borrow().disk.recording().cloned().unwrap_or_default()
    }

    /// The disk as a process would find it now; after `Sim::crash`, what the crash left.
    pub fn disk_image(&self) -> DiskImage {
        DiskImage(self.0.borrow().disk.now.clone())
    }

    /// Every file with its length in bytes, sorted by path.
    pub fn files(&self) -> Vec<(PathBuf, u64)> {
        self.disk_image().files()
    }

    /// The bytes of a file as a process would read them now.
    pub fn read_file(&self, path: &Path) -> Option<Vec<u8>> {
        self.disk_image().read_file(path)
    }

    /// Flips one bit of a file for good, as rot does.
    ///
    /// # Panics
    /// If there is no such file or it is too short.
    pub fn flip_bit(&self, path: &Path, bit: u64) {
        let mut world = self.0.borrow_mut();
        let node = world.node_at(path.as_os_str().as_bytes()).expect("the file to damage exists");
        assert!(world.disk.flip(node, bit), "bit {bit} is past the end of {}", path.display());
    }

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
        self.0.borrow_mut().open_handles()
    }
}
