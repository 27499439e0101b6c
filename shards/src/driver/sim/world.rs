//! The world the shards of a simulation share: time, disk, network, and what is under way.
//!
//! An operation is due after a time drawn from the seed, and takes effect then. One that cannot
//! go on (nothing to receive) waits for its socket to change and is then due again.
//! Invariant: a flight is in `due` (with a future time) or in `waiting`, never in neither.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::io;

use super::disk::{Disk, OpenFile};
use super::net::{Net, RECV_MAX, Step};
use super::{Death, os_error};
use crate::driver::{Chunk, Completion, Handle, Op, Outcome, Token};
use crate::limits::BLOCK_ALIGN;
use crate::random::Random;

/// Unix time at which every simulation begins: 1 January 2026.
const WALL_START_MS: i64 = 1_767_225_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FlightId {
    shard: usize,
    slot: u32,
    generation: u32,
}

#[derive(Default)]
pub(super) struct World {
    now_ns: u64,
    /// By how much the wall clock was set forward, or back.
    wall_moved_ms: i64,
    random: Option<Random>,
    disk: Disk,
    net: Net,
    files: BTreeMap<i32, OpenFile>,
    next_file: i32,
    /// The shard that has a file or socket open.
    owners: BTreeMap<Handle, usize>,
    flights: BTreeMap<FlightId, Op>,
    due: BinaryHeap<Reverse<(u64, u64, FlightId)>>,
    waiting: BTreeMap<Handle, Vec<FlightId>>,
    done: BTreeMap<usize, VecDeque<Completion>>,
    next_seq: u64,
    trace: u64,
}

impl World {
    pub(super) fn new(seed: u64) -> World {
        let random = Some(Random::from_seed(seed));
        World { random, next_file: 3, trace: 0xCBF2_9CE4_8422_2325, ..World::default() }
    }

    pub(super) fn net(&self) -> &Net {
        &self.net
    }

    pub(super) fn net_mut(&mut self) -> &mut Net {
        &mut self.net
    }

    /// From now on the handle is closed when that shard's process ends.
    pub(super) fn own(&mut self, handle: Handle, shard: usize) {
        self.owners.insert(handle, shard);
    }

    pub(super) fn now_ns(&self) -> u64 {
        self.now_ns
    }

    pub(super) fn wall_ms(&self) -> i64 {
        WALL_START_MS + self.wall_moved_ms + (self.now_ns / 1_000_000) as i64
    }

    pub(super) fn move_wall(&mut self, by_ms: i64) {
        self.wall_moved_ms += by_ms;
    }

    pub(super) fn shard_seed(&mut self) -> u64 {
        self.draw(u64::MAX)
    }

    pub(super) fn trace(&self) -> u64 {
        self.trace
    }

    /// A number below `bound`.
    pub(super) fn draw(&mut self, bound: u64) -> u64 {
        self.random.as_mut().expect("set by `new`").below(bound)
    }

    pub(super) fn submit(&mut self, shard: usize, token: Token, op: Op) {
        let id = FlightId { shard, slot: token.slot, generation: token.generation };
        let delay = self.latency_ns(&op);
        self.flights.insert(id, op);
        self.schedule(id, delay);
    }

    /// A waiting operation ends at once; one that is under way is past cancelling.
    pub(super) fn cancel(&mut self, shard: usize, token: Token) {
        let id = FlightId { shard, slot: token.slot, generation: token.generation };
        let mut waited = false;
        for waiting in self.waiting.values_mut() {
            let before = waiting.len();
            waiting.retain(|other| *other != id);
            waited |= waiting.len() < before;
        }
        if waited {
            self.finish(id, Err(os_error(libc::ECANCELED)));
        }
    }

    pub(super) fn take_done(&mut self, shard: usize, out: &mut Vec<Completion>) {
        out.extend(self.done.entry(shard).or_default().drain(..));
    }

    pub(super) fn has_done(&self, shard: usize) -> bool {
        self.done.get(&shard).is_some_and(|done| !done.is_empty())
    }

    pub(super) fn in_flight(&self, shard: usize) -> usize {
        let flying = self.flights.keys().filter(|id| id.shard == shard).count();
        flying + self.done.get(&shard).map_or(0, VecDeque::len)
    }

    /// When the next operation is due.
    pub(super) fn next_due_ns(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((at, _, _))| *at)
    }

    /// Moves time on, and lets everything that is due by then take effect.
    pub(super) fn advance_to(&mut self, now_ns: u64) {
        self.now_ns = self.now_ns.max(now_ns);
        while let Some(Reverse((at, _, _))) = self.due.peek()
            && *at <= self.now_ns
        {
            let Some(Reverse((_, _, id))) = self.due.pop() else { return };
            if let Some(op) = self.flights.remove(&id) {
                self.perform(id, op);
            }
        }
    }

    /// The power fails: everything under way is gone, and so is what was not synced.
    pub(super) fn crash(&mut self) {
        self.kill();
        self.crash_disk();
    }

    /// What this shard has under way and open is gone; its peers hear of it unless the power
    /// failed.
    pub(super) fn end_seat(&mut self, shard: usize, death: Death) {
        self.flights.retain(|id, _| id.shard != shard);
        self.waiting.values_mut().for_each(|waiting| waiting.retain(|id| id.shard != shard));
        self.done.remove(&shard);
        let owned = self.owners.iter().filter(|(_, owner)| **owner == shard);
        let owned: Vec<Handle> = owned.map(|(handle, _)| *handle).collect();
        for handle in owned {
            self.owners.remove(&handle);
            self.files.remove(&handle.0);
            match death {
                Death::Killed => self.net.close(handle),
                Death::PowerCut => self.net.vanish(handle),
            }
        }
        self.wake_touched();
    }

    /// What was not synced survives in part or not at all.
    pub(super) fn crash_disk(&mut self) {
        self.disk.crash(self.random.as_mut().expect("set by `new`"));
    }

    /// Every process is killed: everything under way and everything open is gone.
    pub(super) fn kill(&mut self) {
        self.owners.clear();
        self.flights.clear();
        self.due.clear();
        self.waiting.clear();
        self.done.clear();
        self.files.clear();
        self.net = Net::default();
    }

    /// Files and sockets that are open.
    pub(super) fn open_handles(&self) -> usize {
        self.files.len() + self.net.open_count()
    }

    fn latency_ns(&mut self, op: &Op) -> u64 {
        let (least, spread) = match op {
            Op::Recv { .. } | Op::RecvInto { .. } | Op::Send { .. } | Op::Accept { .. } => {
                (2_000, 20_000)
            }
            Op::Close { .. } | Op::Shutdown { .. } => (1_000, 2_000),
            Op::Connect { .. } => (20_000, 50_000),
            Op::Read { .. } => (50_000, 200_000),
            Op::Write { .. } | Op::SyncData { .. } | Op::SyncAll { .. } => (80_000, 300_000),
            _ => (10_000, 200_000),
        };
        least + self.draw(spread)
    }

    fn schedule(&mut self, id: FlightId, delay_ns: u64) {
        self.next_seq += 1;
        self.due.push(Reverse((self.now_ns + delay_ns, self.next_seq, id)));
    }

    fn perform(&mut self, id: FlightId, mut op: Op) {
        let step = self.step(&mut op);
        let accepts = matches!(op, Op::Accept { .. });
        let waits_for = match &op {
            Op::Accept { listener } => Some(*listener),
            Op::Recv { socket, .. } | Op::RecvInto { socket, .. } | Op::Send { socket, .. } => {
                Some(*socket)
            }
            _ => None,
        };
        self.flights.insert(id, op);
        match (step, waits_for) {
            (Step::Done(result), Some(listener)) if accepts && result.is_ok() => {
                self.accepted(id, listener, result);
            }
            (Step::Done(result), _) => self.finish(id, result),
            (Step::Wait, Some(handle)) => self.waiting.entry(handle).or_default().push(id),
            (Step::Wait, None) => self.finish(id, Err(os_error(libc::EINVAL))),
        }
        self.wake_touched();
    }

    /// Lets those try again that wait for a socket whose state has changed.
    fn wake_touched(&mut self) {
        for handle in self.net.take_touched() {
            for woken in self.waiting.remove(&handle).unwrap_or_default() {
                let delay = 1_000 + self.draw(10_000);
                self.schedule(woken, delay);
            }
        }
    }

    /// A multishot accept goes on, except that now and then it ends, as real ones do.
    fn accepted(&mut self, id: FlightId, listener: Handle, result: io::Result<Outcome>) {
        if self.draw(8) == 0 {
            self.finish(id, result);
            return;
        }
        self.note(id, &result);
        if let Ok(Outcome::Handle(handle)) = &result {
            self.own(*handle, id.shard);
        }
        let token = Token { slot: id.slot, generation: id.generation };
        let completion = Completion { token, result, op: None, more: true };
        self.done.entry(id.shard).or_default().push_back(completion);
        self.waiting.entry(listener).or_default().push(id);
        let delay = 1_000 + self.draw(10_000);
        let woken = self.waiting.remove(&listener).unwrap_or_default();
        woken.into_iter().for_each(|id| self.schedule(id, delay));
    }

    fn finish(&mut self, id: FlightId, result: io::Result<Outcome>) {
        let Some(op) = self.flights.remove(&id) else { return };
        self.note(id, &result);
        if let Ok(Outcome::Handle(handle)) = &result {
            self.own(*handle, id.shard);
        }
        let token = Token { slot: id.slot, generation: id.generation };
        let completion = Completion { token, result, op: Some(op), more: false };
        self.done.entry(id.shard).or_default().push_back(completion);
    }

    /// Adds a completion to the trace.
    fn note(&mut self, id: FlightId, result: &io::Result<Outcome>) {
        let value = match result {
            Ok(Outcome::Count(n)) => u64::from(*n),
            Ok(Outcome::Handle(handle)) => handle.0 as u64,
            Ok(Outcome::Data(chunk)) => chunk.len() as u64,
            Ok(Outcome::Len(len)) => *len,
            Ok(Outcome::Entries(entries)) => entries.len() as u64,
            Err(error) => u64::MAX - error.raw_os_error().unwrap_or(0) as u64,
        };
        for word in [self.now_ns, id.shard as u64, u64::from(id.slot), value] {
            self.trace = (self.trace ^ word).wrapping_mul(0x0100_0000_01B3).rotate_left(29);
        }
    }

    fn step(&mut self, op: &mut Op) -> Step<Outcome> {
        let random = self.random.as_mut().expect("set by `new`");
        match op {
            Op::Accept { listener } => map(self.net.accept(*listener), Outcome::Handle),
            Op::Connect { socket, peer } => {
                Step::Done(self.net.connect(*socket, *peer, random).map(|()| Outcome::Count(0)))
            }
            Op::Recv { socket, .. } => {
                let step = self.net.recv(*socket, RECV_MAX, random);
                map(step, |(bytes, more)| Outcome::Data(Chunk::owned(bytes, more)))
            }
            Op::RecvInto { socket, buf, from, upto, .. } => {
                let room = &mut buf[*from as usize..*upto as usize];
                let step = self.net.recv(*socket, room.len(), random);
                map(step, |(bytes, _)| {
                    room[..bytes.len()].copy_from_slice(&bytes);
                    Outcome::Count(bytes.len() as u32)
                })
            }
            Op::Send { socket, parts } => {
                map(self.net.send(*socket, parts, random), |n| Outcome::Count(n as u32))
            }
            Op::Shutdown { socket } => {
                Step::Done(self.net.shutdown(*socket).map(|()| Outcome::Count(0)))
            }
            Op::Close { handle } => {
                self.owners.remove(handle);
                if Net::is_socket(*handle) {
                    self.net.close(*handle);
                } else {
                    self.files.remove(&handle.0);
                }
                Step::Done(Ok(Outcome::Count(0)))
            }
            Op::Call(job) => {
                let call = std::mem::replace(&mut job.0, Box::new(|| ()));
                call();
                Step::Done(Ok(Outcome::Count(0)))
            }
            op => Step::Done(self.file_step(op)),
        }
    }

    fn file_step(&mut self, op: &mut Op) -> io::Result<Outcome> {
        let none = |()| Outcome::Count(0);
        match op {
            Op::Read { file, buf, from, upto, offset } => {
                let id = self.file(*file)?;
                let read = self.disk.read(id, &mut buf[*from as usize..*upto as usize], *offset);
                Ok(Outcome::Count(read as u32))
            }
            Op::Write { file, parts, offset, sync } => {
                let id = self.file(*file)?;
                let mut bytes = parts.concat();
                // Now and then a write ends short, on a block's end.
                if bytes.len() > BLOCK_ALIGN && self.draw(8) == 0 {
                    let blocks = (bytes.len() / BLOCK_ALIGN) as u64;
                    bytes.truncate(BLOCK_ALIGN * (1 + self.draw(blocks) as usize));
                }
                let written = bytes.len() as u32;
                self.disk.write(id, bytes, *offset, *sync);
                Ok(Outcome::Count(written))
            }
            Op::SyncData { file } | Op::SyncAll { file } => {
                let file = self.files.get(&file.0).ok_or_else(|| os_error(libc::EBADF))?;
                self.disk.sync(&file.clone());
                Ok(Outcome::Count(0))
            }
            Op::Allocate { file, offset, len } => {
                let id = self.file(*file)?;
                let end = (*offset + *len).max(self.disk.len(id));
                self.disk.set_len(id, end);
                Ok(Outcome::Count(0))
            }
            Op::SetLen { file, len } => {
                let id = self.file(*file)?;
                self.disk.set_len(id, *len);
                Ok(Outcome::Count(0))
            }
            Op::FileLen { file } => {
                let id = self.file(*file)?;
                Ok(Outcome::Len(self.disk.len(id)))
            }
            Op::PathLen { path } => self.disk.path_len(path.as_bytes()).map(Outcome::Len),
            Op::Open { path, how } => {
                let file = self.disk.open(path.as_bytes(), *how)?;
                let handle = Handle(self.next_file);
                self.next_file += 1;
                self.files.insert(handle.0, file);
                Ok(Outcome::Handle(handle))
            }
            Op::Rename { from, to } => self.disk.rename(from.as_bytes(), to.as_bytes()).map(none),
            Op::Unlink { path } => self.disk.unlink(path.as_bytes()).map(none),
            Op::RemoveDir { path } => self.disk.remove_dir(path.as_bytes()).map(none),
            Op::MakeDir { path } => self.disk.make_dir(path.as_bytes()).map(none),
            Op::ReadDir { path } => self.disk.read_dir(path.as_bytes()).map(Outcome::Entries),
            _ => Err(os_error(libc::EINVAL)),
        }
    }

    fn file(&self, handle: Handle) -> io::Result<u64> {
        match self.files.get(&handle.0) {
            Some(OpenFile::File(id)) => Ok(*id),
            Some(OpenFile::Dir(_)) => Err(os_error(libc::EISDIR)),
            None => Err(os_error(libc::EBADF)),
        }
    }
}

fn map<T>(step: Step<T>, with: impl FnOnce(T) -> Outcome) -> Step<Outcome> {
    match step {
        Step::Done(result) => Step::Done(result.map(with)),
        Step::Wait => Step::Wait,
    }
}
