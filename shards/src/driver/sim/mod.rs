//! The simulated driver: in-memory files and sockets, virtual time, one seed.
//!
//! All shards of all processes run on one thread; the seed decides how long operations take, in
//! which order they complete, where reads, writes and sends end short, and what goes wrong. The
//! same seed and program give the same trace, bit for bit: it is a hash over every completion
//! and every byte that is written or sent.
//!
//! # Map
//!
//! | file | what it decides |
//! |---|---|
//! | `run` | `Sim`: processes, their shards, time moving from event to event |
//! | `controls` | `Controls`: what a test or a villain may do to a world (`Sim` derefs to it) |
//! | `world` | operations under way: when they are due, what waits for what, the trace |
//! | `io` | file operations: their numbers, their fate, what they do |
//! | `disk` | what a process sees, what is durable, and the changes between the two |
//! | `broken` | crashes, failed operations, lies |
//! | `cache` | the pages that shared files are read through |
//! | `volume`, `content` | a file system and a file as values, shared until changed |
//! | `recording` | every disk that a crash could have left of a recorded workload |
//! | `net` | connections, and how they break |
//! | `faults` | the tables of what can go wrong, how often it did, and where the device lied |
//!
//! # The fault model
//!
//! A write with `Sync::Data` is durable when it completes, with its file's length; while it is
//! under way any of its sectors may be. Other writes, lengths and reservations are durable after
//! a flush of the file that was submitted when they had completed; names after a flush of their
//! directory. What is not durable survives a crash or not, each on its own: writes sector by
//! sector (`torn`) or block by block, a rename whole or not at all. A failed write may be there
//! in part. A failed flush may have dropped what it was to flush; the next one succeeds. A
//! killed process's operations under way are done, done in part, or not. A lying device (lost,
//! misdirected, rotted) notes each lie in `Controls::lies`.
//! Files opened by `open_shared` are read through a page cache, which a killed process leaves
//! behind and a power cut does not: it may hold what is not durable yet, and hides what has rotted
//! on the device since. Other reads go to the disk.
//!
//! # Adding a fault
//!
//! 1. A field in `DiskFaults` or `NetFaults`, off by default, with its unit in its name; a count
//!    in `FaultCounts`.
//! 2. The moment: `World::fate` or `World::write` in `io` for files, `Net::strike` for sockets.
//!    Draw with `World::strikes`, which draws nothing while the fault is off, so that old seeds
//!    keep their traces.
//! 3. What it does to the disk: a verb in `broken`, pure, with `random` as an argument. If bytes
//!    become wrong, return a `Lie`.
//! 4. A test in `tests/` that sees it happen and, after `heal`, not happen; the fault joins
//!    `all_faults`, which proves that the seed alone decides.

mod broken;
mod cache;
mod content;
mod controls;
mod disk;
mod faults;
mod io;
mod net;
mod recording;
mod run;
mod volume;
mod world;

use std::cell::RefCell;
use std::net::SocketAddr;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

pub use controls::{Controls, DiskImage};
pub use faults::{DiskFaults, FaultCounts, Lie, LieKind, NetFaults};
pub use recording::{CrashStateId, Recording};
pub use run::{Death, Ended, ProcessId, Sim};
use world::World;

use super::{Completion, Driver, Handle, ListenOptions, Op, Shared, Token, Wait};
use crate::mailbox::Bell;

/// One shard's view of the shared world.
struct SimDriver {
    world: Rc<RefCell<World>>,
    shard: usize,
    bell: Arc<Bell>,
}

impl Driver for SimDriver {
    fn submit(&mut self, token: Token, op: Op) {
        self.world.borrow_mut().submit(self.shard, token, op);
    }

    fn cancel(&mut self, token: Token) {
        self.world.borrow_mut().cancel(self.shard, token);
    }

    fn turn(&mut self, _: Wait, out: &mut Vec<Completion>) {
        self.world.borrow_mut().take_done(self.shard, out);
    }

    fn is_ready(&mut self) -> bool {
        self.world.borrow().has_done(self.shard)
    }

    fn in_flight(&self) -> usize {
        self.world.borrow().in_flight(self.shard)
    }

    fn now_ns(&mut self) -> u64 {
        self.world.borrow().now_ns()
    }

    fn wall_ms(&mut self) -> i64 {
        self.world.borrow().wall_ms()
    }

    fn seed(&self) -> Option<u64> {
        Some(self.world.borrow_mut().shard_seed())
    }

    fn bell(&self) -> Arc<Bell> {
        self.bell.clone()
    }

    fn kick(&mut self, _: &Arc<Bell>) {}

    fn listen(
        &mut self,
        at: SocketAddr,
        how: ListenOptions,
    ) -> std::io::Result<(Handle, SocketAddr)> {
        let mut world = self.world.borrow_mut();
        let (handle, at) = world.net_mut().listen(at, how)?;
        world.own(handle, self.shard);
        Ok((handle, at))
    }

    fn share(&mut self, file: Handle) -> Arc<Shared> {
        Shared::new(file, None, self.world.borrow_mut().share(file))
    }

    fn resident(&mut self, file: &Shared, range: Range<u64>) -> u64 {
        self.world.borrow_mut().resident(file.handle(), &range)
    }

    fn probe(&mut self, at: SocketAddr) -> std::io::Result<()> {
        self.world.borrow().net().probe(at)
    }

    fn socket(&mut self, _: SocketAddr) -> std::io::Result<Handle> {
        let mut world = self.world.borrow_mut();
        let handle = world.net_mut().socket();
        world.own(handle, self.shard);
        Ok(handle)
    }

    fn addresses(&mut self, socket: Handle) -> std::io::Result<(SocketAddr, SocketAddr)> {
        self.world.borrow_mut().net_mut().addresses(socket)
    }

    fn may_spin(&self) -> bool {
        false
    }
}

fn os_error(code: i32) -> std::io::Error {
    std::io::Error::from_raw_os_error(code)
}

#[cfg(test)]
mod tests;
