//! The world the shards of a simulation share: time, disk, network, and what is under way.
//!
//! An operation is due after a time drawn from the seed, and takes effect then. One that cannot
//! go on (nothing to receive) waits for its socket to change and is then due again. What an
//! operation does to files is in `io`, to sockets in `net`.
//! Invariant: a flight is in `due` (with a future time) or waits for a socket, never neither.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::io;
use std::ops::Range;
use std::sync::Arc;

use crossbeam::queue::SegQueue;

use super::cache::PageCache;
use super::disk::{Disk, OpenNode};
use super::faults::{DiskFaults, FaultCounts, Lie, NetFaults};
use super::io::Plan;
use super::net::{Net, RECV_MAX, Step};
use super::volume::Volume;
use super::{Death, os_error};
use crate::Parts;
use crate::driver::{Chunk, Completion, Handle, Op, Outcome, Readiness, Token};
use crate::random::Random;

/// Unix time at which every simulation begins: 1 January 2026.
const WALL_START_MS: i64 = 1_767_225_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FlightId {
    shard: usize,
    slot: u32,
    generation: u32,
}

/// An operation under way.
pub(super) struct Flight {
    pub(super) op: Op,
    /// Order of submission.
    seq: u64,
    waits_for: Option<Handle>,
    /// It shall end rather than wait.
    cancelled: bool,
    pub(super) plan: Plan,
}

/// What one shard has under way, and what it has not taken yet.
#[derive(Default)]
struct Seat {
    /// By slot, with its generation: slots are few and used again.
    flights: Vec<Option<(u32, Flight)>>,
    flying: usize,
    done: VecDeque<Completion>,
}

pub(super) struct World {
    now_ns: u64,
    /// By how much the wall clock was set forward, or back.
    wall_moved_ms: i64,
    pub(super) random: Random,
    pub(super) disk: Disk,
    pub(super) cache: PageCache,
    /// Shared files whose last holder is gone, not closed yet.
    pub(super) unshared: Arc<SegQueue<Handle>>,
    net: Net,
    pub(super) files: BTreeMap<i32, OpenNode>,
    pub(super) next_file: i32,
    /// The shard that has a file or socket open.
    owners: BTreeMap<Handle, usize>,
    seats: Vec<Seat>,
    due: BinaryHeap<Reverse<(u64, u64, FlightId)>>,
    waiting: BTreeMap<Handle, Vec<FlightId>>,
    next_seq: u64,
    trace: u64,
    pub(super) disk_faults: DiskFaults,
    pub(super) counts: FaultCounts,
    pub(super) lies: Vec<Lie>,
    pub(super) io_count: u64,
    /// Errors of operations by their number, and from a number on.
    pub(super) failing: BTreeMap<u64, i32>,
    pub(super) failing_from: Option<(u64, i32)>,
    pub(super) cut_at: Option<u64>,
    pub(super) cut: bool,
}

impl World {
    pub(super) fn new(seed: u64, volume: Volume) -> World {
        World {
            now_ns: 0,
            wall_moved_ms: 0,
            random: Random::from_seed(seed),
            disk: Disk::of(volume),
            cache: PageCache::default(),
            unshared: Arc::default(),
            net: Net::default(),
            files: BTreeMap::new(),
            next_file: 3,
            owners: BTreeMap::new(),
            seats: Vec::new(),
            due: BinaryHeap::new(),
            waiting: BTreeMap::new(),
            next_seq: 0,
            trace: 0xCBF2_9CE4_8422_2325,
            disk_faults: DiskFaults::default(),
            counts: FaultCounts::default(),
            lies: Vec::new(),
            io_count: 0,
            failing: BTreeMap::new(),
            failing_from: None,
            cut_at: None,
            cut: false,
        }
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

    pub(super) fn forget_owner(&mut self, handle: Handle) {
        self.owners.remove(&handle);
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
        self.random.below(bound)
    }

    /// True `times` of `among`. Draws nothing where it never happens.
    pub(super) fn strikes(&mut self, times: u32, among: u64) -> bool {
        times > 0 && self.draw(among) < u64::from(times)
    }

    pub(super) fn submit(&mut self, shard: usize, token: Token, op: Op) {
        self.close_unshared();
        let id = FlightId { shard, slot: token.slot, generation: token.generation };
        let delay = self.latency_ns(&op);
        let plan = self.plan(&op);
        self.next_seq += 1;
        self.put(id, Flight { op, seq: self.next_seq, waits_for: None, cancelled: false, plan });
        self.schedule(id, delay);
    }

    /// A waiting operation ends at once; one that is under way ends when it would have to wait.
    pub(super) fn cancel(&mut self, shard: usize, token: Token) {
        let id = FlightId { shard, slot: token.slot, generation: token.generation };
        let Some(flight) = self.flight(id) else { return };
        flight.cancelled = true;
        let Some(handle) = flight.waits_for else { return };
        if let Some(waiting) = self.waiting.get_mut(&handle) {
            waiting.retain(|other| *other != id);
        }
        let Some(flight) = self.take(id) else { return };
        self.finish(id, flight.op, Err(os_error(libc::ECANCELED)));
    }

    pub(super) fn take_done(&mut self, shard: usize, out: &mut Vec<Completion>) {
        if let Some(seat) = self.seats.get_mut(shard) {
            out.extend(seat.done.drain(..));
        }
    }

    pub(super) fn has_done(&self, shard: usize) -> bool {
        self.seats.get(shard).is_some_and(|seat| !seat.done.is_empty())
    }

    pub(super) fn in_flight(&self, shard: usize) -> usize {
        self.seats.get(shard).map_or(0, |seat| seat.flying + seat.done.len())
    }

    /// When the next operation is due.
    pub(super) fn next_due_ns(&self) -> Option<u64> {
        self.due.peek().map(|Reverse((at, _, _))| *at)
    }

    /// Moves time on, and lets everything that is due by then take effect.
    pub(super) fn advance_to(&mut self, now_ns: u64) {
        self.close_unshared();
        self.now_ns = self.now_ns.max(now_ns);
        self.disk.clock_ns = self.now_ns;
        while let Some(Reverse((at, _, _))) = self.due.peek()
            && *at <= self.now_ns
            && !self.cut
        {
            let Some(Reverse((_, _, id))) = self.due.pop() else { return };
            if let Some(flight) = self.take(id) {
                self.perform(id, flight);
            }
        }
    }

    /// The power fails: everything under way is gone, and so is what was not synced.
    pub(super) fn crash(&mut self) {
        self.end_all(Death::PowerCut);
        self.crash_disk();
    }

    /// What this shard has under way and open is gone; its peers hear of it unless the power
    /// failed.
    pub(super) fn end_seat(&mut self, shard: usize, death: Death) {
        self.strand(shard, death);
        self.waiting.values_mut().for_each(|waiting| waiting.retain(|id| id.shard != shard));
        let owned = self.owners.iter().filter(|(_, owner)| **owner == shard);
        let owned: Vec<Handle> = owned.map(|(handle, _)| *handle).collect();
        for handle in owned {
            self.owners.remove(&handle);
            if !Net::is_socket(handle) {
                self.close_file(handle);
                continue;
            }
            match death {
                Death::Killed => self.net.close(handle),
                Death::PowerCut => self.net.vanish(handle),
            }
        }
        self.wake_touched();
    }

    /// What was not synced survives in part or not at all.
    pub(super) fn crash_disk(&mut self) {
        let lost = self.disk.crash(self.disk_faults.torn, &mut self.random);
        self.counts.sectors_lost += lost;
        self.cache = PageCache::default();
    }

    /// Every process ends: everything under way and everything open is gone.
    pub(super) fn end_all(&mut self, death: Death) {
        (0..self.seats.len()).for_each(|shard| self.strand(shard, death));
        self.owners.clear();
        self.due.clear();
        self.waiting.clear();
        self.files.clear();
        self.disk.close_all();
        self.net.forget_all();
        self.cut = false;
    }

    /// Files and sockets that are open.
    pub(super) fn open_handles(&mut self) -> usize {
        self.close_unshared();
        self.files.len() + self.net.open_count()
    }

    pub(super) fn set_net_faults(&mut self, faults: NetFaults) {
        self.net.faults = faults;
    }

    pub(super) fn heal(&mut self) {
        self.disk_faults = DiskFaults::default();
        self.failing.clear();
        self.failing_from = None;
        self.cut_at = None;
        self.net.heal();
        self.wake_touched();
    }

    /// Begins to record, with what is under way.
    pub(super) fn record(&mut self) {
        self.disk.record();
        let mut flights: Vec<&mut Flight> = self
            .seats
            .iter_mut()
            .flat_map(|seat| &mut seat.flights)
            .flatten()
            .map(|(_, f)| f)
            .collect();
        flights.sort_unstable_by_key(|flight| flight.seq);
        for flight in flights {
            if let Op::Write { file, parts, offset, .. } = &flight.op
                && let Some(open) = self.files.get(&file.0)
            {
                flight.plan.unit =
                    self.disk.on_submitted(open.id, *offset, (parts, flight.plan.chunks));
            }
        }
    }

    /// Adds words to the trace.
    pub(super) fn mix(&mut self, words: [u64; 4]) {
        for word in words {
            self.trace = (self.trace ^ word).wrapping_mul(0x0100_0000_01B3).rotate_left(29);
        }
    }

    pub(super) fn fault_counts(&self) -> FaultCounts {
        let Net { cuts, half_opens, slow_readers, .. } = self.net;
        FaultCounts { cuts, half_opens, slow_readers, ..self.counts }
    }

    /// What the operations of a shard do that ends while they are under way.
    fn strand(&mut self, shard: usize, death: Death) {
        let Some(seat) = self.seats.get_mut(shard) else { return };
        seat.done.clear();
        seat.flying = 0;
        let mut flights: Vec<Flight> = seat.flights.drain(..).flatten().map(|(_, f)| f).collect();
        flights.sort_unstable_by_key(|flight| flight.seq);
        flights.into_iter().for_each(|flight| self.strand_io(flight, death));
    }

    fn latency_ns(&mut self, op: &Op) -> u64 {
        let (least, spread) = match op {
            Op::Recv { .. }
            | Op::RecvInto { .. }
            | Op::Send { .. }
            | Op::SendSome { .. }
            | Op::SendFile { .. }
            | Op::Await { .. }
            | Op::Accept { .. } => (2_000, 20_000),
            Op::Close { .. } | Op::Shutdown { .. } => (1_000, 2_000),
            Op::Connect { .. } => (20_000, 50_000),
            Op::Read { .. } | Op::Load { .. } => (50_000, 200_000),
            Op::Write { .. } | Op::SyncData { .. } | Op::SyncAll { .. } => (80_000, 300_000),
            _ => (10_000, 200_000),
        };
        let more = match op {
            Op::Recv { socket, .. } | Op::RecvInto { socket, .. } => {
                let slow = self.net.slow_ns(*socket, &mut self.random);
                slow + self.net.delay_ns(&mut self.random)
            }
            Op::Send { .. }
            | Op::SendSome { .. }
            | Op::SendFile { .. }
            | Op::Await { .. }
            | Op::Connect { .. } => self.net.delay_ns(&mut self.random),
            op => self.stall_ns(op),
        };
        least + more + self.draw(spread)
    }

    fn schedule(&mut self, id: FlightId, delay_ns: u64) {
        self.next_seq += 1;
        self.due.push(Reverse((self.now_ns + delay_ns, self.next_seq, id)));
    }

    fn perform(&mut self, id: FlightId, mut flight: Flight) {
        if self.cuts_before(&flight.op) {
            self.put(id, flight);
            return;
        }
        let waits_for = match &flight.op {
            Op::Accept { listener } => Some(*listener),
            Op::Recv { socket, .. }
            | Op::RecvInto { socket, .. }
            | Op::Send { socket, .. }
            | Op::SendFile { socket, .. }
            | Op::Await { socket, .. } => Some(*socket),
            _ => None,
        };
        match (self.step(&mut flight), waits_for) {
            (Step::Done(result), Some(listener))
                if result.is_ok() && matches!(flight.op, Op::Accept { .. }) =>
            {
                self.accepted((id, flight), listener, result);
            }
            (Step::Done(result), _) => self.finish(id, flight.op, result),
            (Step::Wait, Some(handle)) => self.wait(id, flight, handle),
            (Step::Wait, None) => self.finish(id, flight.op, Err(os_error(libc::EINVAL))),
        }
        self.wake_touched();
    }

    fn wait(&mut self, id: FlightId, mut flight: Flight, handle: Handle) {
        if flight.cancelled {
            self.finish(id, flight.op, Err(os_error(libc::ECANCELED)));
            return;
        }
        flight.waits_for = Some(handle);
        self.put(id, flight);
        self.waiting.entry(handle).or_default().push(id);
    }

    /// Lets those try again that wait for a socket whose state has changed.
    fn wake_touched(&mut self) {
        for handle in self.net.take_touched() {
            for woken in self.waiting.remove(&handle).unwrap_or_default() {
                let mut receives = false;
                if let Some(flight) = self.flight(woken) {
                    flight.waits_for = None;
                    receives = matches!(flight.op, Op::Recv { .. } | Op::RecvInto { .. });
                }
                let slow = match receives {
                    true => self.net.slow_ns(handle, &mut self.random),
                    false => 0,
                };
                let delay = slow + 1_000 + self.net.delay_ns(&mut self.random) + self.draw(10_000);
                self.schedule(woken, delay);
            }
        }
    }

    /// A multishot accept goes on, except that now and then it ends, as real ones do.
    fn accepted(
        &mut self,
        (id, flight): (FlightId, Flight),
        listener: Handle,
        result: io::Result<Outcome>,
    ) {
        if self.draw(8) == 0 {
            self.finish(id, flight.op, result);
            return;
        }
        self.complete(id, None, result);
        self.wait(id, flight, listener);
        self.net.touch(listener);
    }

    fn finish(&mut self, id: FlightId, op: Op, result: io::Result<Outcome>) {
        self.complete(id, Some(op), result);
    }

    /// Hands a result over; the operation's last one if it comes with the operation.
    fn complete(&mut self, id: FlightId, op: Option<Op>, result: io::Result<Outcome>) {
        let value = match &result {
            Ok(Outcome::Count(n)) => u64::from(*n),
            Ok(Outcome::Handle(handle)) => handle.0 as u64,
            Ok(Outcome::Data(chunk)) => chunk.len() as u64,
            Ok(Outcome::Len(len)) => *len,
            Ok(Outcome::Entries(entries)) => entries.len() as u64,
            Ok(Outcome::NotResident) => u64::MAX / 2,
            Err(error) => u64::MAX - error.raw_os_error().unwrap_or(0) as u64,
        };
        self.mix([self.now_ns, id.shard as u64, u64::from(id.slot), value]);
        if let Ok(Outcome::Handle(handle)) = &result {
            self.own(*handle, id.shard);
        }
        let token = Token { slot: id.slot, generation: id.generation };
        let completion = Completion { token, result, more: op.is_none(), op };
        self.seat(id.shard).done.push_back(completion);
    }

    fn step(&mut self, flight: &mut Flight) -> Step<Outcome> {
        let random = &mut self.random;
        match &mut flight.op {
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
            Op::Send { socket, parts } => self.send(*socket, parts),
            Op::SendSome { socket, parts, .. } => match self.send(*socket, parts) {
                Step::Wait => Step::Done(Err(os_error(libc::EAGAIN))),
                sent => sent,
            },
            Op::SendFile { file, epoch, .. } if file.epoch() != *epoch => {
                Step::Done(Ok(Outcome::NotResident))
            }
            Op::SendFile { socket, file, offset, len, .. } => {
                let (socket, range) = (*socket, *offset..offset.saturating_add(*len));
                let file = file.handle();
                self.send_file(socket, file, &range)
            }
            Op::Await { socket, readiness } => {
                let step = match readiness {
                    Readiness::Writable => self.net.writable(*socket),
                    Readiness::PeerClosed => self.net.peer_closed(*socket),
                };
                map(step, |()| Outcome::Count(0))
            }
            Op::Shutdown { socket } => {
                Step::Done(self.net.shutdown(*socket).map(|()| Outcome::Count(0)))
            }
            Op::Close { handle } => {
                self.owners.remove(handle);
                if Net::is_socket(*handle) {
                    self.net.close(*handle);
                } else {
                    self.close_file(*handle);
                }
                Step::Done(Ok(Outcome::Count(0)))
            }
            Op::Call(job) => {
                let call = std::mem::replace(&mut job.0, Box::new(|| ()));
                call();
                Step::Done(Ok(Outcome::Count(0)))
            }
            _ => Step::Done(self.file_step(flight)),
        }
    }

    fn send(&mut self, socket: Handle, parts: &Parts) -> Step<Outcome> {
        let step = self.net.send(socket, parts, &mut self.random);
        if let Step::Done(Ok((n, hash))) = step {
            self.mix([socket.0 as u64, n as u64, u64::from(hash), 0]);
        }
        map(step, |(n, _)| Outcome::Count(n as u32))
    }

    fn send_file(&mut self, socket: Handle, file: Handle, range: &Range<u64>) -> Step<Outcome> {
        let bytes = match self.cached(file, range) {
            Ok(bytes) if bytes.is_empty() => return Step::Done(Ok(Outcome::NotResident)),
            Ok(bytes) => bytes,
            Err(error) => return Step::Done(Err(error)),
        };
        let parts = Parts::from_iter([bytes]);
        let step = self.net.send(socket, &parts, &mut self.random);
        if let Step::Done(Ok((n, hash))) = step {
            self.mix([socket.0 as u64, n as u64, u64::from(hash), 1]);
        }
        map(step, |(n, _)| Outcome::Count(n as u32))
    }

    fn seat(&mut self, shard: usize) -> &mut Seat {
        if self.seats.len() <= shard {
            self.seats.resize_with(shard + 1, Seat::default);
        }
        &mut self.seats[shard]
    }

    fn put(&mut self, id: FlightId, flight: Flight) {
        let seat = self.seat(id.shard);
        let slot = id.slot as usize;
        if seat.flights.len() <= slot {
            seat.flights.resize_with(slot + 1, || None);
        }
        seat.flights[slot] = Some((id.generation, flight));
        seat.flying += 1;
    }

    fn take(&mut self, id: FlightId) -> Option<Flight> {
        let seat = self.seats.get_mut(id.shard)?;
        let flight = seat.flights.get_mut(id.slot as usize)?;
        let (_, flight) = flight.take_if(|(generation, _)| *generation == id.generation)?;
        seat.flying -= 1;
        Some(flight)
    }

    fn flight(&mut self, id: FlightId) -> Option<&mut Flight> {
        let flight = self.seats.get_mut(id.shard)?.flights.get_mut(id.slot as usize)?.as_mut()?;
        (flight.0 == id.generation).then_some(&mut flight.1)
    }
}

fn map<T>(step: Step<T>, with: impl FnOnce(T) -> Outcome) -> Step<Outcome> {
    match step {
        Step::Done(result) => Step::Done(result.map(with)),
        Step::Wait => Step::Wait,
    }
}
