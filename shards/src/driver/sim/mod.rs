//! The simulated driver: in-memory files and sockets, virtual time, one seed.
//!
//! Small on purpose: it proves that the executor, files and sockets above the seam are the same
//! code on either driver. All shards run on one thread; the seed decides how long operations
//! take, in which order they complete, and where reads, writes and sends end short. The same
//! seed and program give the same trace, bit for bit.
//! A crash loses what was not synced: unsynced writes survive by the toss of a coin, block by
//! block, and names not synced with their directory are undone.

mod broken;
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
use std::rc::Rc;
use std::sync::Arc;

pub use controls::{Controls, DiskImage};
pub use faults::{DiskFaults, FaultCounts, Lie, LieKind, NetFaults};
pub use recording::{CrashStateId, Recording};
pub use run::{Death, Ended, ProcessId, Sim};
use world::World;

use super::{Completion, Driver, Handle, ListenOptions, Op, Token, Wait};
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
