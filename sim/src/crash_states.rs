//! Every disk that a power cut could have left of a short workload: start on it, scan, serve.
//!
//! One run without faults is recorded, with what the clients were promised and when. Each crash
//! state is a disk and the span of time in which a cut could have left it: whatever was
//! promised before the span's end must be on it. The broker starts there, the scan judges, a
//! producer writes to every partition, and the scan judges again.

use std::rc::Rc;
use std::time::Duration;

use millstream_shards::driver::sim::{CrashStateId, Death, DiskImage, Sim};
use millstream_shards::{Endpoint, Shard};

use crate::books::{Life, Phase, Shared, Topic, Violation};
use crate::client;
use crate::fact::{End, Fact};
use crate::harness::{self, Recorded};
use crate::panics;
use crate::plan::Plan;
use crate::rng::mix;

/// Virtual time in which a state must be started on, scanned and written to.
const PATIENCE: Duration = Duration::from_secs(60);
const SLICE: Duration = Duration::from_millis(1);

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Crash states tried.
    pub states: u64,
    /// Those that there are.
    pub of: u64,
    pub violations: Vec<(usize, Violation)>,
}

/// Records the workload of `seed` and tries about `budget` of its crash states, or only the
/// one numbered `only`.
pub fn run(seed: u64, budget: usize, only: Option<usize>, print: bool) -> Report {
    let plan = Rc::new(Plan::short(seed));
    let recorded = harness::record(plan.clone());
    let mut report = Report { of: recorded.recording.crash_state_count(), ..Report::default() };
    if let Some(violation) = &recorded.violation {
        report.violations.push((usize::MAX, violation.clone()));
        return report;
    }
    for (id, disk) in recorded.recording.crash_states(budget, seed) {
        if only.is_some_and(|only| only != id.index) {
            continue;
        }
        report.states += 1;
        if let Some(violation) = try_state(&plan, &recorded, id, disk, print) {
            report.violations.push((id.index, violation));
        }
    }
    report
}

fn try_state(
    plan: &Rc<Plan>,
    recorded: &Recorded,
    id: CrashStateId,
    disk: DiskImage,
    print: bool,
) -> Option<Violation> {
    let books = Shared::new(plan.clone(), print);
    recall(&books, plan, recorded, id.until);
    books.note(0, Fact::Ended(End::PowerCut));
    books.with(|books| books.phase = Phase::Calm);
    let mut sim = Sim::with_disk(mix(plan.seed, id.index as u64), disk);
    panics::hush();
    let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        live(&mut sim, &books, plan, id.index);
    }));
    let message = panics::take();
    if lived.is_err() {
        books.violate(0, "panic", message.unwrap_or_default());
        std::mem::forget(sim);
    }
    books.with(|books| books.violation.clone())
}

fn live(sim: &mut Sim, books: &Shared, plan: &Plan, index: usize) {
    let (started, process) = harness::start_broker(sim, plan, 1 + index % 3);
    let shared = books.clone();
    let main = move |shard: Shard, _: Endpoint<()>| client::scan_and_serve(shard, shared.clone());
    let clients = sim.start(1, main);
    let violated = || books.with(|books| books.violation.is_some());
    while sim.now() < PATIENCE && !violated() && !sim.is_over(clients) {
        while sim.step(sim.now() + SLICE) && !sim.is_over(clients) {}
        if let Ok(Err(reason)) = started.try_recv() {
            books.violate(0, "start", reason);
        }
    }
    if !violated() && !sim.is_over(clients) {
        let state = books.with(|books| format!("{:?}", books.clients));
        books.violate(0, "progress", state);
    }
    sim.end(process, Death::Killed);
    sim.end(clients, Death::Killed);
}

/// Enters into the books what was known when the power went.
fn recall(books: &Shared, plan: &Plan, recorded: &Recorded, until: Duration) {
    let until_us = until.as_micros();
    let known = recorded.facts.iter().take_while(|(us, _)| u128::from(*us) < until_us);
    for (us, fact) in known {
        books.with(|books| match fact {
            Fact::Creating { name, kind, partitions, .. } => {
                let shape = plan.topics.iter().find(|topic| topic.name == *name);
                let shape = shape.map(|topic| topic.shape).expect("topics are planned");
                let (name, kind, partitions) = (name.clone(), *kind, *partitions);
                let (id, life) = (None, Life::Creating);
                books.topics.push(Topic { name, kind, partitions, shape, id, life });
            }
            Fact::Created { topic, id } => {
                let topic = &mut books.topics[*topic as usize];
                (topic.id, topic.life) = (Some(*id), Life::Alive);
            }
            Fact::Deleting { topic } => books.topics[*topic as usize].life = Life::Deleting,
            Fact::Deleted { topic } => books.topics[*topic as usize].life = Life::Deleted,
            _ => {}
        });
        books.note(*us, fact.clone());
    }
}
