//! Runs a program in the simulation: all shards on this thread, time moving from event to event.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::{SimDriver, World};
use crate::config::ShardId;
use crate::core::{Core, Parts};
use crate::launch::spawn_main;
use crate::mailbox::{Bell, Endpoint, Mesh};
use crate::pool::Pool;
use crate::shard::Shard;
use crate::stats::ShardStats;
use crate::sync::Event;
use crate::task::{Remote, enter};

/// Pool ceiling of a simulation.
const MEMORY_BYTES: u64 = 256 << 20;

/// How a simulated run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every `main` returned.
    Finished,
    /// The time given was over; the shards stopped in mid-air.
    OutOfTime,
    /// Nothing was left to happen although some `main` still waits: a lost wake-up.
    Stuck,
}

/// A simulated world. Its disk lasts from run to run.
pub struct Sim {
    world: Rc<RefCell<World>>,
}

struct Seat {
    core: Rc<Core>,
    main_done: Event,
    over: bool,
}

impl Sim {
    pub fn new(seed: u64) -> Sim {
        Sim { world: Rc::new(RefCell::new(World::new(seed))) }
    }

    /// Runs `main` on each of `shards` shards, for at most `limit` of virtual time. Shards that
    /// end on their own wind down in order; those stopped by the
    /// limit do not: their process is killed.
    ///
    /// # Panics
    /// If `shards` is 0 or a task panics.
    pub fn run<M, F, Fut>(&mut self, shards: usize, limit: Duration, main: F) -> Ended
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        assert!(shards > 0, "a simulation of no shards");
        let mut seats = self.seat(shards, main);
        let limit_ns = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let end_ns = self.world.borrow().now_ns().saturating_add(limit_ns);
        let ended = loop {
            self.run_ready(&mut seats);
            if seats.iter().all(|seat| seat.over) {
                break Ended::Finished;
            }
            let timers = seats.iter().filter(|seat| !seat.over);
            let timer = timers.filter_map(|seat| seat.core.next_timer_ns()).min();
            let due = self.world.borrow().next_due_ns();
            let Some(next) = timer.into_iter().chain(due).min() else { break Ended::Stuck };
            if next > end_ns {
                break Ended::OutOfTime;
            }
            self.world.borrow_mut().advance_to(next);
        };
        for seat in seats.iter().filter(|seat| !seat.over) {
            let _entered = enter(seat.core.executor.ready().clone());
            seat.core.executor.drop_all();
            seat.core.drop_mailbox();
            seat.core.drop_owners();
            seat.core.remote.close();
        }
        if ended != Ended::Finished {
            self.world.borrow_mut().kill();
        }
        ended
    }

    /// The power fails. What was synced stays; the next `run` finds it.
    pub fn crash(&mut self) {
        self.world.borrow_mut().crash();
    }

    /// A hash over every completion so far: time, place and result.
    pub fn trace(&self) -> u64 {
        self.world.borrow().trace()
    }

    /// Virtual time since the beginning.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.world.borrow().now_ns())
    }

    /// Files and sockets that are open, to find leaks.
    pub fn open_handles(&self) -> usize {
        self.world.borrow().open_handles()
    }

    fn seat<M, F, Fut>(&mut self, shards: usize, main: F) -> Vec<Seat>
    where
        M: 'static,
        F: Fn(Shard, Endpoint<M>) -> Fut,
        Fut: Future<Output = ()> + 'static,
    {
        let pool = Pool::new(MEMORY_BYTES);
        let bells: Vec<Arc<Bell>> = (0..shards).map(|_| Arc::new(Bell::silent())).collect();
        let mut seats = Vec::with_capacity(shards);
        for (index, mesh) in Mesh::build(shards).into_iter().enumerate() {
            let bell = bells[index].clone();
            let driver = SimDriver { world: self.world.clone(), shard: index, bell: bell.clone() };
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
            seats.push(Seat { core, main_done, over: false });
        }
        seats
    }

    /// Lets every shard run until none has anything to do at this point of time, in an order
    /// drawn anew each round.
    fn run_ready(&self, seats: &mut [Seat]) {
        loop {
            let first = self.world.borrow_mut().draw(seats.len() as u64) as usize;
            let mut worked = false;
            for step in 0..seats.len() {
                let at = (first + step) % seats.len();
                worked |= self.turn_of(&mut seats[at]);
            }
            if !worked {
                return;
            }
        }
    }

    fn turn_of(&self, seat: &mut Seat) -> bool {
        if seat.over {
            return false;
        }
        let _entered = enter(seat.core.executor.ready().clone());
        let arrived = seat.core.turn_driver(crate::driver::Wait::No) > 0;
        seat.core.gather();
        let ran = seat.core.run_tasks();
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
            seat.core.turn_driver(crate::driver::Wait::No);
            let due = self.world.borrow().next_due_ns();
            if let Some(due) = due {
                self.world.borrow_mut().advance_to(due);
            }
        }
        seat.core.remote.close();
    }
}
