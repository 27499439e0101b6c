//! One seed, from beginning to end: the world, the broker's process, the clients' process, the
//! mishaps, and what is required when they are over.
//!
//! Two phases, as the plan says: a storm, in which only safety is judged; then everything is
//! healed and the broker must come up, every client must get something done, readers must catch
//! up, and a scan must find all that was promised. Runs on one thread; nothing here looks at
//! the host's clock.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use millstream::controller::starts::Closed;
use millstream::metrics::Metrics;
use millstream::net;
use millstream::shard::Envelope;
use millstream::shard::boot::{self, Boot, Started};
use millstream::storage::{Withheld, active_in_checkpoint};
use millstream_engine::config::BrokerConfig;
use millstream_shards::driver::sim::{Death, FaultCounts, ProcessId, Recording, Sim};
use millstream_shards::{Endpoint, Shard};

use crate::books::{Phase, Shared, Violation};
use crate::client;
use crate::fact::{End, Fact};
use crate::panics;
use crate::plan::{DATA_DIR, Mishap, Mode, Plan};
use crate::rng::mix;
use crate::said;
use crate::sound;
use crate::untold;

/// Virtual time in which every phase of the calm must be over.
const CALM: Duration = Duration::from_secs(60);
/// Under a lying device nobody must get anywhere; they may try for this long.
const CALM_LYING: Duration = Duration::from_secs(3);
/// Virtual time in which the broker must come up when nothing is wrong, or stop.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pause before a start after one that failed.
const AGAIN: Duration = Duration::from_millis(20);
/// How far the harness lets the world run before it looks at the books.
const SLICE: Duration = Duration::from_millis(2);

/// What became of a seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    /// Over everything that happened; the same seed and program give the same.
    pub hash: u64,
    pub violation: Option<Violation>,
    /// One line per fact.
    pub history: Vec<String>,
    pub tally: Tally,
}

/// What a run did, for the report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub facts: u64,
    pub acked: u64,
    pub starts: u64,
    pub power_cuts: u64,
    pub kills: u64,
    pub virtual_ms: u64,
    /// How often somebody had to wait for the broker's memory.
    pub memory_waits: u64,
    /// File operations of the storm.
    pub storm_ios: u64,
    pub faults: FaultCounts,
}

/// Runs one seed.
pub fn run(seed: u64, mode: Mode, print: bool) -> Outcome {
    let plan = Rc::new(Plan::from_seed(seed, mode));
    if print {
        println!("{plan:#?}");
    }
    run_plan(plan, print)
}

pub fn run_plan(plan: Rc<Plan>, print: bool) -> Outcome {
    let mut harness = Harness::new(plan, print);
    said::listen(print);
    said::forget();
    panics::hush();
    let lived = catch_unwind(AssertUnwindSafe(|| harness.live()));
    let message = panics::take();
    let panicked = lived.is_err();
    if panicked {
        harness.violate("panic", message.unwrap_or_default());
    }
    let outcome = harness.outcome();
    if panicked {
        // What a panic left half done must not be touched again.
        std::mem::forget(harness);
    }
    outcome
}

/// Starts a broker's process; the receiver hears how that went.
pub fn start_broker(sim: &mut Sim, plan: &Plan, shards: usize) -> (Starting, ProcessId) {
    let resolved = BrokerConfig::resolve(&plan.broker);
    let mut config = resolved.expect("the plan's settings are sound").config;
    config.memory_bytes = plan.memory_bytes.unwrap_or(config.memory_bytes);
    start_process(sim, config, shards)
}

/// As `start_broker`, with settings that are no plan's.
pub fn start_process(sim: &mut Sim, config: BrokerConfig, shards: usize) -> (Starting, ProcessId) {
    let memory_bytes = config.memory_bytes;
    let (started, starting) = mpsc::channel();
    let boot = Boot {
        listen: net::listen_addresses(&config).expect("an address, no name"),
        room: net::Room::default(),
        config: Arc::new(config),
        data_dir: PathBuf::from(DATA_DIR),
        metrics: Arc::new(Metrics::new(shards)),
        ready: Arc::new(AtomicBool::new(false)),
        unsettled: Arc::default(),
        withheld: Withheld::default(),
        closed: Closed::default(),
        started,
    };
    let main =
        move |shard: Shard, endpoint: Endpoint<Envelope>| boot::run(boot.clone(), shard, endpoint);
    (starting, sim.start_within(memory_bytes, shards, main))
}

/// Where a start says how it went.
pub type Starting = mpsc::Receiver<Result<Started, String>>;

/// A run without faults, and all that was done to the disk.
pub struct Recorded {
    pub recording: Recording,
    pub facts: Vec<(u64, Fact)>,
    pub violation: Option<Violation>,
}

/// Records the storm of a plan.
pub fn record(plan: Rc<Plan>) -> Recorded {
    let mut harness = Harness::new(plan, false);
    harness.make_data_dir();
    harness.sim.record();
    harness.start_clients();
    harness.storm();
    let recording = harness.sim.recording();
    let books = &harness.books;
    let (facts, violation) =
        books.with(|books| (books.history().to_vec(), books.violation.clone()));
    Recorded { recording, facts, violation }
}

/// The active segment of each checkpoint, by its path: base offset and bytes.
type Checkpoints = BTreeMap<PathBuf, (i64, u64)>;

struct Harness {
    plan: Rc<Plan>,
    sim: Sim,
    books: Shared,
    broker: Option<Broker>,
    clients: Option<ProcessId>,
    /// When the broker is to be started again.
    start_at: Option<Duration>,
    mishaps: VecDeque<(Duration, Mishap)>,
    /// Lies of the device that are noted.
    lies_told: usize,
    /// When the broker's process began.
    checkpoints_before: Checkpoints,
    tally: Tally,
}

/// The broker's process.
struct Broker {
    process: ProcessId,
    started: Starting,
    since: Duration,
    ready: bool,
    /// Asked to stop; when it is to be started again after that.
    stopping: Option<Duration>,
}

impl Harness {
    fn new(plan: Rc<Plan>, print: bool) -> Harness {
        Harness {
            sim: Sim::new(mix(plan.seed, 0xD15C)),
            books: Shared::new(plan.clone(), print),
            broker: None,
            clients: None,
            start_at: Some(Duration::ZERO),
            mishaps: plan.mishaps.iter().cloned().collect(),
            lies_told: 0,
            checkpoints_before: Checkpoints::new(),
            tally: Tally::default(),
            plan,
        }
    }

    fn live(&mut self) {
        self.make_data_dir();
        if let Some((nth, errno)) = self.plan.fail_io {
            self.sim.fail_io(nth + self.sim.io_count(), errno);
        }
        let before = self.sim.io_count();
        self.start_clients();
        self.storm();
        self.tally.storm_ios = self.sim.io_count() - before;
        self.calm();
        if self.plan.encore && !self.over() {
            self.encore();
        }
    }

    fn start_clients(&mut self) {
        let books = self.books.clone();
        let main = move |shard: Shard, _: Endpoint<()>| client::run(shard, books.clone());
        self.clients = Some(self.sim.start(1, main));
    }

    /// The directory is the operator's, and was there before.
    fn make_data_dir(&mut self) {
        self.sim.run(1, PATIENCE, |shard: Shard, _: Endpoint<()>| async move {
            let _ = shard.make_dir(&PathBuf::from(DATA_DIR)).await;
            let _ = shard.sync_dir(&PathBuf::from("")).await;
        });
    }

    fn storm(&mut self) {
        let end = self.sim.now() + self.plan.storm;
        let begin = self.sim.now();
        while let Some((at, mishap)) = self.mishaps.pop_front() {
            self.run_until(begin + at);
            if self.over() {
                return;
            }
            self.do_mishap(mishap);
        }
        self.run_until(end);
    }

    fn do_mishap(&mut self, mishap: Mishap) {
        match mishap {
            Mishap::PowerCut { down } => self.end(End::PowerCut, down),
            Mishap::Kill { down } => self.end(End::Killed, down),
            Mishap::Stop { down } => {
                if let Some(broker) = &mut self.broker
                    && broker.stopping.is_none()
                {
                    self.sim.ask_to_stop(broker.process);
                    broker.stopping = Some(down);
                    broker.since = self.sim.now();
                    self.note(Fact::Note("the broker is asked to stop".to_owned()));
                }
            }
            Mishap::Disk(faults) => {
                self.sim.set_disk_faults(faults);
                self.note(Fact::Fault(format!("{faults:?}")));
            }
            Mishap::Net(faults) => {
                self.sim.set_net_faults(faults);
                self.note(Fact::Fault(format!("{faults:?}")));
            }
            Mishap::Wall { ms } => {
                self.sim.jump_wall(ms);
                self.note(Fact::Fault(format!("the wall clock moves by {ms} ms")));
            }
        }
    }

    /// Ends the broker's process, or cuts the power while it is down.
    fn end(&mut self, how: End, down: Duration) {
        let death = if how == End::PowerCut { Death::PowerCut } else { Death::Killed };
        self.note_untold();
        match self.broker.take() {
            Some(broker) => self.end_broker(&broker, death),
            None if how == End::PowerCut => self.sim.crash(),
            None => return,
        }
        match how {
            End::PowerCut => self.tally.power_cuts += 1,
            _ => self.tally.kills += 1,
        }
        self.note(Fact::Ended(how));
        self.start_at = Some(self.sim.now() + down);
    }

    /// When a process is ready, and before it ends: what the next one cannot know of what a lying
    /// device did. Until it is ready it knows what the checkpoints before it say.
    fn note_untold(&mut self) {
        let lies = self.sim.lies();
        let since = std::mem::replace(&mut self.lies_told, lies.len());
        for lie in &lies[since..] {
            self.note(Fact::Note(format!("the device had lied: {lie:?}")));
        }
        let is_ready = self.broker.as_ref().is_some_and(|broker| broker.ready);
        let now = if is_ready { self.checkpoints() } else { self.checkpoints_before.clone() };
        let untold = self.books.with(|books| {
            untold::at_end(&lies[since..], &books.topics, |segment, offset| {
                let known = now.get(&segment.with_file_name("checkpoint"));
                known.is_some_and(|(base, bytes)| {
                    segment.file_stem().is_some_and(|stem| stem == format!("{base:020}").as_str())
                        && offset < *bytes
                })
            })
        });
        self.books.with(|books| books.untold.extend(untold));
    }

    /// The active segments of all checkpoints, with their bytes; of a lying device's world only.
    fn checkpoints(&self) -> Checkpoints {
        if self.plan.mode != Mode::Lying {
            return Checkpoints::new();
        }
        let files = self.sim.files().into_iter().map(|(path, _)| path);
        let all = files.filter(|path| path.file_name().is_some_and(|name| name == "checkpoint"));
        let known = |path: PathBuf| {
            let active = active_in_checkpoint(&self.sim.read_file(&path)?)?;
            Some((path, active))
        };
        all.filter_map(known).collect()
    }

    fn end_broker(&mut self, broker: &Broker, death: Death) {
        self.tally.memory_waits += self.memory_waits(broker);
        self.sim.end(broker.process, death);
    }

    fn memory_waits(&self, broker: &Broker) -> u64 {
        self.sim.pool_stats(broker.process).map_or(0, |stats| stats.waits)
    }

    fn start(&mut self) {
        let at = (self.tally.starts as usize).min(self.plan.shards.len() - 1);
        let shards = self.plan.shards[at];
        self.tally.starts += 1;
        self.start_at = None;
        self.note(Fact::Started { shards });
        self.checkpoints_before = self.checkpoints();
        let (started, process) = start_broker(&mut self.sim, &self.plan, shards);
        let since = self.sim.now();
        self.broker = Some(Broker { process, started, since, ready: false, stopping: None });
    }

    /// Lets the world run; starts the broker when it is due, notices when it ends.
    fn run_until(&mut self, until: Duration) {
        while self.sim.now() < until && !self.over() {
            let slice = until.min(self.sim.now() + SLICE);
            let slice = self.start_at.map_or(slice, |at| slice.min(at.max(self.sim.now())));
            while self.sim.step(slice) {}
            self.attend();
        }
    }

    fn attend(&mut self) {
        let now = self.sim.now();
        if self.start_at.is_some_and(|at| at <= now) && self.broker.is_none() {
            self.start();
        }
        let Some(broker) = &mut self.broker else { return };
        let gone = self.sim.is_over(broker.process);
        match broker.started.try_recv() {
            Ok(Ok(_)) => {
                let after_us = (now - broker.since).as_micros() as u64;
                self.note_untold();
                self.broker.as_mut().expect("it is here").ready = true;
                self.note(Fact::Ready { after_us });
            }
            Ok(Err(reason)) => return self.on_refusal(&reason),
            Err(_) if gone && broker.stopping.is_none() => {
                return self.on_refusal("it ended by itself");
            }
            Err(_) => {}
        }
        let Some(broker) = &self.broker else { return };
        if let Some(down) = broker.stopping {
            if gone {
                self.note_untold();
                if let Some(broker) = self.broker.take() {
                    self.end_broker(&broker, Death::Killed);
                }
                self.start_at = Some(now + down);
                self.note(Fact::Ended(End::Stopped));
            } else if now > broker.since + PATIENCE {
                self.violate("stop", "the broker does not stop".to_owned());
            }
        }
    }

    /// The broker cannot start. Its operator tries again; when nothing is wrong, it must not be.
    fn on_refusal(&mut self, reason: &str) {
        self.note(Fact::Note(format!("the broker refuses: {reason}")));
        let healed = self.books.phase() >= Phase::Calm;
        let keeps = self.plan.mode == Mode::KeepPromise;
        if keeps && (healed || !self.plan.poisons && !self.plan.fills()) {
            self.violate("start", reason.to_owned());
        }
        self.note_untold();
        if let Some(broker) = self.broker.take() {
            self.end_broker(&broker, Death::Killed);
        }
        self.note(Fact::Ended(End::Refused));
        self.start_at = Some(self.sim.now() + AGAIN);
    }

    fn calm(&mut self) {
        if self.over() {
            return;
        }
        self.sim.heal();
        self.note(Fact::Healed);
        // The device lies no more.
        let lies = self.sim.lies();
        self.books.with(|books| books.sound = sound::places(&lies, &books.topics));
        if self.plan.poisons && self.plan.restarts {
            self.end(End::Killed, Duration::ZERO);
        }
        for (phase, next) in
            [(Phase::Calm, Phase::Drain), (Phase::Drain, Phase::Scan), (Phase::Scan, Phase::Done)]
        {
            self.books.with(|books| books.phase = phase);
            self.note(Fact::Note(format!("{phase:?}")));
            self.wait_for(phase);
            if self.over() {
                return;
            }
            self.books.with(|books| books.phase = next);
        }
    }

    /// Until every client that this phase is about has done what it wants.
    fn wait_for(&mut self, phase: Phase) {
        let lying = self.plan.mode == Mode::Lying;
        let end = self.sim.now() + if lying && phase < Phase::Scan { CALM_LYING } else { CALM };
        while self.sim.now() < end && !self.over() {
            if self.laggards(phase).is_empty() {
                return;
            }
            self.run_until(self.sim.now() + SLICE);
        }
        if !lying && !self.over() {
            let up = self.broker.as_ref().is_some_and(|broker| broker.ready);
            let what = format!("{:?} (broker up: {up})", self.laggards(phase));
            self.violate("progress", what);
        }
    }

    fn laggards(&self, phase: Phase) -> Vec<(String, String)> {
        let about = |name: &str| match phase {
            Phase::Calm => name.starts_with("producer") || name == "admin",
            Phase::Drain => name.starts_with("consumer") || name.starts_with("member"),
            _ => name == "scanner" || name == "encore",
        };
        self.books.with(|books| {
            let late = books.clients.iter().filter(|c| about(&c.name) && c.done < phase);
            late.map(|client| (client.name.clone(), client.state.clone())).collect()
        })
    }

    /// One more power cut when nothing is under way, and the scan again.
    fn encore(&mut self) {
        self.note(Fact::Note("encore".to_owned()));
        if let Some(clients) = self.clients.take() {
            self.sim.end(clients, Death::Killed);
        }
        self.end(End::PowerCut, Duration::ZERO);
        let books = self.books.clone();
        let main = move |shard: Shard, _: Endpoint<()>| client::scan_again(shard, books.clone());
        self.clients = Some(self.sim.start(1, main));
        self.run_until(self.sim.now() + SLICE);
        self.wait_for(Phase::Scan);
    }

    fn over(&self) -> bool {
        self.books.with(|books| books.violation.is_some())
    }

    fn note(&self, fact: Fact) {
        self.books.note(self.sim.now().as_micros() as u64, fact);
    }

    fn violate(&self, check: &'static str, what: String) {
        self.books.violate(self.sim.now().as_micros() as u64, check, what);
    }

    fn outcome(&mut self) -> Outcome {
        let mut tally = self.tally;
        tally.memory_waits += self.broker.as_ref().map_or(0, |broker| self.memory_waits(broker));
        tally.virtual_ms = self.sim.now().as_millis() as u64;
        tally.faults = self.sim.fault_counts();
        let (trace, books) = (self.sim.trace(), &self.books);
        books.with(|books| {
            tally.facts = books.history().len() as u64;
            let acked = books.history().iter().map(|(_, fact)| match fact {
                Fact::Acked { count, .. } => u64::from(*count),
                _ => 0,
            });
            tally.acked = acked.sum();
            let wanted = books.violation.is_some();
            let line = |(us, fact): &(u64, Fact)| format!("{:>12.6} {fact}", *us as f64 / 1e6);
            Outcome {
                seed: self.plan.seed,
                hash: mix(trace, books.hash()),
                violation: books.violation.clone(),
                history: if wanted { books.history().iter().map(line).collect() } else { vec![] },
                tally,
            }
        })
    }
}
