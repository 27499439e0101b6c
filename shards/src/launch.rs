//! Starting the shards, stopping them in order, and hearing of a shard that died.
//!
//! `launch` returns when every shard has its driver, or the first reason why one has not. Each
//! shard then runs `main` as its first task; when that ends, the shard winds down.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use crate::config::{Class, Config, ShardId};
use crate::core::{Core, Parts};
use crate::driver::blocking::BlockingPool;
use crate::driver::{Driver, DriverFactory, Seat};
use crate::failure::{Failure, StartFault};
use crate::mailbox::{Bell, Endpoint, Injector, Mesh};
use crate::pool::Pool;
use crate::shard::Shard;
use crate::stats::ShardStats;
use crate::sync::Event;
use crate::task::{Remote, enter};
use crate::turn;

/// The running shards, held by the thread that started them.
pub struct Running<M> {
    threads: Vec<JoinHandle<Result<(), Failure>>>,
    remotes: Vec<Arc<Remote>>,
    injectors: Vec<Injector<M>>,
    stats: Vec<Arc<ShardStats>>,
    pool: Pool,
    notes: Vec<String>,
}

/// Asks all shards to stop; for signal handlers and control threads.
#[derive(Clone)]
pub struct Stopper(Vec<Arc<Remote>>);

impl Stopper {
    pub fn stop(&self) {
        self.0.iter().for_each(|remote| remote.request_stop());
    }
}

impl<M> Running<M> {
    /// Asks all shards to stop. Each `main` sees it by `Shard::stop_requested`.
    pub fn stop(&self) {
        self.stopper().stop();
    }

    pub fn stopper(&self) -> Stopper {
        Stopper(self.remotes.clone())
    }

    /// Waits until all shards have ended; the first that panicked is reported.
    pub fn join(self) -> Result<(), Failure> {
        let mut outcome = Ok(());
        for (index, thread) in self.threads.into_iter().enumerate() {
            let ended = thread.join().unwrap_or_else(|panic| {
                Err(Failure { shard: ShardId(index as u16), message: message_of(&*panic) })
            });
            outcome = outcome.and(ended);
        }
        outcome
    }

    /// Whether every shard has ended.
    pub fn is_finished(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Sends messages to a shard from any thread.
    ///
    /// # Panics
    /// If there is no such shard.
    pub fn injector(&self, to: ShardId) -> Injector<M> {
        self.injectors[to.index()].clone()
    }

    /// Counters of each shard, in order.
    pub fn stats(&self) -> &[Arc<ShardStats>] {
        &self.stats
    }

    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// What of the wished set-up was not to be had, one sentence each, for the operator.
    pub fn startup_notes(&self) -> &[String] {
        &self.notes
    }
}

/// What a shard's thread tells the launcher once it has its driver.
struct Ready {
    bell: Arc<Bell>,
    notes: Vec<String>,
}

/// What the launcher tells the thread when all shards are ready; nothing if one failed.
struct Start<M> {
    remote: Arc<Remote>,
    everyone: Stopper,
    mesh: Mesh<M>,
    bells: Vec<Arc<Bell>>,
}

/// What a shard's thread is born with.
struct Birth<D> {
    seat: Seat,
    cfg: Config,
    pool: Pool,
    drivers: D,
    core: Option<core_affinity::CoreId>,
}

/// Starts the shards: pinned OS threads, each with its driver, executor and mailbox, and `main`
/// as its first task.
pub fn launch<M, D, F, Fut>(cfg: Config, drivers: D, main: F) -> Result<Running<M>, StartFault>
where
    M: Send + 'static,
    D: DriverFactory,
    F: Fn(Shard, Endpoint<M>) -> Fut + Send + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    cfg.check().map_err(StartFault::Config)?;
    let pool = Pool::new(cfg.memory_bytes);
    let blocking = Arc::new(BlockingPool::new());
    let (cores, mut notes) = cores_for(&cfg);
    let mut threads = Vec::with_capacity(cfg.shards);
    let mut starts = Vec::with_capacity(cfg.shards);
    let mut readies = Vec::with_capacity(cfg.shards);
    let mut stats = Vec::with_capacity(cfg.shards);
    for index in 0..cfg.shards {
        let shard = ShardId(index as u16);
        let shard_stats = Arc::new(ShardStats::default());
        stats.push(shard_stats.clone());
        let seat = Seat {
            shard,
            count: cfg.shards,
            ring_entries: cfg.ring_entries,
            recv_buffers: cfg.recv_buffers,
            stats: shard_stats,
            blocking: blocking.clone(),
        };
        let core = cores.get(index).copied();
        let birth =
            Birth { seat, cfg: cfg.clone(), pool: pool.clone(), drivers: drivers.clone(), core };
        let (ready_tx, ready_rx) = mpsc::channel();
        let (start_tx, start_rx) = mpsc::channel();
        let main = main.clone();
        let thread = std::thread::Builder::new()
            .name(format!("shard-{index}"))
            .spawn(move || live(birth, &ready_tx, &start_rx, main))
            .map_err(|e| StartFault::of_file("starting a thread", e))?;
        threads.push(thread);
        readies.push(ready_rx);
        starts.push(start_tx);
    }
    let mut bells = Vec::with_capacity(cfg.shards);
    for ready in readies {
        let died = || StartFault::Config("a shard's thread died while starting".to_owned());
        let ready: Ready = ready.recv().map_err(|_| died())??;
        bells.push(ready.bell);
        ready.notes.into_iter().for_each(|note| add_note(&mut notes, note));
    }
    let remotes: Vec<Arc<Remote>> =
        bells.iter().map(|bell| Arc::new(Remote::new(bell.clone()))).collect();
    let mut injectors = Vec::with_capacity(cfg.shards);
    for ((mesh, start), remote) in Mesh::build(cfg.shards).into_iter().zip(starts).zip(&remotes) {
        injectors.push(Injector::new(mesh.external(), remote.bell.clone()));
        let everyone = Stopper(remotes.clone());
        // A thread that is gone by now is reported by `join`.
        let _ = start.send(Start { remote: remote.clone(), everyone, mesh, bells: bells.clone() });
    }
    Ok(Running { threads, remotes, injectors, stats, pool, notes })
}

fn add_note(notes: &mut Vec<String>, note: String) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

fn cores_for(cfg: &Config) -> (Vec<core_affinity::CoreId>, Vec<String>) {
    if !cfg.pin {
        return (Vec::new(), Vec::new());
    }
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if cores.len() < cfg.shards {
        let note = format!("{} shards on {} cores: not pinned", cfg.shards, cores.len());
        return (Vec::new(), vec![note]);
    }
    (cores, Vec::new())
}

/// The life of a shard's thread.
fn live<M, D, F, Fut>(
    birth: Birth<D>,
    ready: &mpsc::Sender<Result<Ready, StartFault>>,
    start: &mpsc::Receiver<Start<M>>,
    main: F,
) -> Result<(), Failure>
where
    M: Send + 'static,
    D: DriverFactory,
    F: Fn(Shard, Endpoint<M>) -> Fut + Send + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    let mut notes = Vec::new();
    if let Some(core) = birth.core
        && !core_affinity::set_for_current(core)
    {
        notes.push(format!("shard {} could not be pinned to core {}", birth.seat.shard, core.id));
    }
    let driver = match birth.drivers.make(birth.seat.clone()) {
        Ok(driver) => driver,
        Err(fault) => {
            let _ = ready.send(Err(fault));
            return Ok(());
        }
    };
    notes.extend(driver.notes());
    let _ = ready.send(Ok(Ready { bell: driver.bell(), notes }));
    let Ok(start) = start.recv() else { return Ok(()) };
    serve(birth, driver, start, main)
}

fn serve<M, D, F, Fut>(
    birth: Birth<D>,
    driver: Box<dyn Driver>,
    start: Start<M>,
    main: F,
) -> Result<(), Failure>
where
    M: Send + 'static,
    F: Fn(Shard, Endpoint<M>) -> Fut,
    Fut: Future<Output = ()> + 'static,
{
    let Birth { seat, cfg, pool, .. } = birth;
    let core = Core::new(Parts {
        id: seat.shard,
        count: seat.count,
        driver,
        pool,
        stats: seat.stats,
        remote: start.remote,
        stall_report_ms: cfg.stall_report_ms,
        on_event: cfg.on_event,
    });
    let _entered = enter(core.executor.ready().clone());
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let endpoint = Endpoint::new(core.clone(), start.mesh, start.bells);
        let main_done = spawn_main(&core, main(Shard(core.clone()), endpoint));
        turn::run(&core, cfg.poll, &main_done);
    }));
    let ended = catch_unwind(AssertUnwindSafe(|| turn::wind_down(&core)));
    let outcome = lived.and(ended).map_err(|panic| {
        // One shard is wrong: the others must not go on without it.
        start.everyone.stop();
        Failure { shard: seat.shard, message: message_of(&*panic) }
    });
    drop(core);
    outcome
}

/// Spawns a shard's first task; the flag is set when it ends.
pub(crate) fn spawn_main(core: &Core, main: impl Future<Output = ()> + 'static) -> Event {
    let done = Event::new();
    let set = done.clone();
    let main = async move {
        main.await;
        set.set();
    };
    core.executor.spawn(Class::Latency, "main", Box::pin(main));
    done
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
