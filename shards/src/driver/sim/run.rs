//! Runs a program in the simulation: all shards on this thread, time moving from event to event.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::{Controls, DiskImage, SimDriver, World};
use crate::config::ShardId;
use crate::core::{Core, Parts};
use crate::launch::spawn_main;
use crate::mailbox::{Bell, Endpoint, Mesh};
use crate::pool::{Pool, PoolStats};
use crate::shard::Shard;
use crate::stats::ShardStats;
use crate::sync::Event;
use crate::task::{Remote, enter};

/// Pool ceiling of a process that says nothing of its own.
const MEMORY_BYTES: u64 = 256 << 20;

/// Turns of all shards at one point of time; a program that wants more never stops.
const ROUNDS_MAX: u32 = 100_000;

/// How a simulated run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every `main` returned.
    Finished,
    /// The time given was over; the shards stopped in mid-air.
    OutOfTime,
    /// Nothing was left to happen although some `main` still waits: a lost wake-up.
    Stuck,
    /// `Controls::cut` or `cut_at_io` ended it; the shards stopped in mid-air.
    Cut,
}

/// A simulated world. Its disk lasts from run to run, and from process to process. What can be
/// done to it is in `Controls`.
pub struct Sim {
    world: Rc<RefCell<World>>,
    controls: Controls,
    processes: BTreeMap<ProcessId, Vec<Seat>>,
    next_seat: usize,
}

impl Deref for Sim {
    type Target = Controls;

    fn deref(&self) -> &Controls {
        &self.controls
    }
}

/// A task holds its core, and the core its tasks: a process that nobody ended would stay for ever.
impl Drop for Sim {
    fn drop(&mut self) {
        // After a panic nobody knows what is half done.
        if std::thread::panicking() {
            return;
        }
        self.end_everything();
    }
}

/// Names a process of the world; no name is used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcessId(usize);

/// How a process ends that does not end on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// The process is killed: its peers are told by their kernel, what it wrote is written.
    Killed,
    /// Its machine loses power: its peers hear nothing, and what was not synced is lost.
    PowerCut,
}

struct Seat {
    core: Rc<Core>,
    /// The number by which the world knows this shard; unique among all processes.
    number: usize,
    main_done: Event,
    over: bool,
}

impl Sim {
    pub fn new(seed: u64) -> Sim {
        Sim::with_disk(seed, DiskImage::default())
    }

    /// As `new`, on a disk that is not empty: one that a crash left, say.
    pub fn with_disk(seed: u64, disk: DiskImage) -> Sim {
        let world = Rc::new(RefCell::new(World::new(seed, disk.0)));
        let controls = Controls(world.clone());
        Sim { world, controls, processes: BTreeMap::new(), next_seat: 0 }
    }

    /// For tasks of the simulated program that play the villain.
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    /// Runs `main` on each of `shards` shards, for at most `limit` of virtual time. Shards that
    /// end on their own wind down in order; those stopped by the
    /// limit do not: their process is killed, as is every other.
    ///
    /// # Panics
    /// If `shards` is 0 or a task panics.
    pub fn run<M, F, Fut>(&mut self, shards: usize, limit: Duration, main: F) -> Ended
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        let process = self.start(shards, main);
        let end_ns = self.world.borrow().now_ns().saturating_add(ns_of(limit));
        let ended = loop {
            self.run_ready();
            if self.is_cut() {
                break Ended::Cut;
            }
            if self.is_over(process) {
                break Ended::Finished;
            }
            let Some(next) = self.next_ns() else { break Ended::Stuck };
            if next > end_ns {
                break Ended::OutOfTime;
            }
            self.world.borrow_mut().advance_to(next);
        };
        if ended == Ended::Finished {
            self.processes.remove(&process);
        } else {
            self.end_everything();
        }
        ended
    }

    fn end_everything(&mut self) {
        let all: Vec<ProcessId> = self.processes.keys().copied().collect();
        all.into_iter().for_each(|process| self.end(process, Death::Killed));
        self.world.borrow_mut().end_all(Death::Killed);
    }

    /// Starts a process of `shards` shards beside those that there are. It has its own memory
    /// and mailboxes; time, disk and network are the world's. `step` lets it run.
    ///
    /// # Panics
    /// If `shards` is 0.
    pub fn start<M, F, Fut>(&mut self, shards: usize, main: F) -> ProcessId
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        self.start_within(MEMORY_BYTES, shards, main)
    }

    /// As `start`, with a pool whose ceiling is `memory_bytes`.
    ///
    /// # Panics
    /// If `shards` is 0.
    pub fn start_within<M, F, Fut>(
        &mut self,
        memory_bytes: u64,
        shards: usize,
        main: F,
    ) -> ProcessId
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        assert!(shards > 0, "a process of no shards");
        let process = ProcessId(self.next_seat);
        let seats = self.seat(&Pool::new(memory_bytes), shards, main);
        self.next_seat += shards;
        self.processes.insert(process, seats);
        process
    }

    /// Lets everything happen that can happen now, and then moves time on to the next event, at
    /// most to `until`. Returns whether time is still before `until` and the run is not cut.
    ///
    /// # Panics
    /// If a task panics.
    pub fn step(&mut self, until: Duration) -> bool {
        self.run_ready();
        let until_ns = ns_of(until);
        let next = self.next_ns().unwrap_or(u64::MAX).min(until_ns);
        self.world.borrow_mut().advance_to(next);
        next < until_ns && !self.is_cut()
    }

    /// Whether every `main` of the process has returned, or it was ended.
    pub fn is_over(&self, process: ProcessId) -> bool {
        self.processes.get(&process).is_none_or(|seats| seats.iter().all(|seat| seat.over))
    }

    /// What the memory of the process has been asked for, if it was not ended.
    pub fn pool_stats(&self, process: ProcessId) -> Option<PoolStats> {
        let seat = self.processes.get(&process)?.first()?;
        Some(seat.core.pool().stats())
    }

    /// Asks the process to stop, as `Stopper` does.
    pub fn ask_to_stop(&self, process: ProcessId) {
        let seats = self.processes.get(&process).into_iter().flatten();
        seats.for_each(|seat| seat.core.remote.request_stop());
    }

    /// Ends a process at this very point. Others go on. One that is over is only forgotten,
    /// though a power cut still is one for the disk.
    pub fn end(&mut self, process: ProcessId, death: Death) {
        let seats = self.processes.remove(&process).unwrap_or_default();
        for seat in &seats {
            // What is dropped now must not get a word out.
            self.world.borrow_mut().end_seat(seat.number, death);
        }
        for seat in seats.iter().filter(|seat| !seat.over) {
            let _entered = enter(seat.core.executor.ready().clone());
            seat.core.executor.drop_all();
            seat.core.drop_mailbox();
            seat.core.drop_owners();
            seat.core.remote.close();
        }
        for seat in &seats {
            self.world.borrow_mut().end_seat(seat.number, death);
        }
        if death == Death::PowerCut {
            self.world.borrow_mut().crash_disk();
        }
        self.world.borrow_mut().cut = false;
    }

    /// The power fails. What was synced stays; the next `run` finds it.
    pub fn crash(&mut self) {
        self.world.borrow_mut().crash();
    }

    fn seat<M, F, Fut>(&mut self, pool: &Pool, shards: usize, main: F) -> Vec<Seat>
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        let bells: Vec<Arc<Bell>> = (0..shards).map(|_| Arc::new(Bell::silent())).collect();
        let mut seats = Vec::with_capacity(shards);
        for (index, mesh) in Mesh::build(shards).into_iter().enumerate() {
            let bell = bells[index].clone();
            let number = self.next_seat + index;
            let driver = SimDriver { world: self.world.clone(), shard: number, bell: bell.clone() };
            let core = Core::new(Parts {
                id: ShardId(index as u16),
                count: shards,
                driver: Box::new(driver),
                pool: pool.clone(),
                stats: Arc::new(ShardStats::default()),
                remote: Arc::new(Remote::new(bell)),
                stall_report_ms: u64::MAX,
                on_event: None,
            });
            let _entered = enter(core.executor.ready().clone());
            let endpoint = Endpoint::new(core.clone(), mesh, bells.clone());
            let main_done = spawn_main(&core, main(Shard(core.clone()), endpoint));
            seats.push(Seat { core, number, main_done, over: false });
        }
        seats
    }

    /// When the next thing happens, if anything does.
    fn next_ns(&self) -> Option<u64> {
        let alive = self.processes.values().flatten().filter(|seat| !seat.over);
        let timer = alive.filter_map(|seat| seat.core.next_timer_ns()).min();
        timer.into_iter().chain(self.world.borrow().next_due_ns()).min()
    }

    /// Lets every shard run until none has anything to do at this point of time, in an order
    /// drawn anew each round.
    fn run_ready(&mut self) {
        let mut processes = std::mem::take(&mut self.processes);
        let mut seats: Vec<&mut Seat> = processes.values_mut().flatten().collect();
        let mut rounds = 0;
        while self.round_of(&mut seats) {
            rounds += 1;
            assert!(rounds < ROUNDS_MAX, "livelock: tasks run for ever while time stands still");
        }
        self.processes = processes;
    }

    /// One turn of every shard; whether any of them did anything.
    fn round_of(&self, seats: &mut [&mut Seat]) -> bool {
        let count = seats.len();
        let first = self.world.borrow_mut().draw(count.max(1) as u64) as usize;
        let mut worked = false;
        for step in 0..count {
            worked |= self.turn_of(seats[(first + step) % count]);
        }
        worked
    }

    fn turn_of(&self, seat: &mut Seat) -> bool {
        if seat.over {
            return false;
        }
        let _entered = enter(seat.core.executor.ready().clone());
        let arrived = seat.core.turn_driver(crate::driver::Wait::No) > 0;
        seat.core.gather();
        let ran = seat.core.run_tasks();
        if cfg!(debug_assertions) {
            // All shards are on this thread: nobody else uses the pool now.
            seat.core.pool().check_sums();
        }
        if seat.main_done.is_set() {
            self.wind_down(seat);
            return true;
        }
        arrived || ran
    }

    fn wind_down(&self, seat: &mut Seat) {
        seat.over = true;
        seat.core.executor.drop_all();
        seat.core.drop_mailbox();
        seat.core.cancel_all();
        while seat.core.ops_in_flight() > 0 {
            if self.is_cut() {
                seat.core.drop_owners();
                break;
            }
            seat.core.turn_driver(crate::driver::Wait::No);
            let due = self.world.borrow().next_due_ns();
            if let Some(due) = due {
                self.world.borrow_mut().advance_to(due);
            }
        }
        seat.core.remote.close();
    }
}

fn ns_of(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
