//! The clients: a process of their own in the simulated world, speaking Kafka's protocol.
//!
//! Every client is a task. It works as long as the phase wants it, survives whatever happens to
//! the broker, and notes what it did and saw in the books. It decides nothing about right and
//! wrong but one thing: an answer that no broker may give is a violation.

mod admin;
mod batch;
mod consumer;
mod deaf;
mod link;
mod member;
mod producer;
mod records;
mod scan;

use std::time::Duration;

use millstream_shards::{Class, Shard};
use millstream_wire::ErrorCode;

use crate::books::{Phase, Shared};
use crate::fact::Fact;
use crate::rng::Rng;

/// Longest that a client waits for an answer, beyond what it asked the broker to wait.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often a client that has nothing to do looks at the phase.
const LOOK: Duration = Duration::from_millis(3);
/// Longest pause of a client that has only to finish.
const CALM_PAUSE_US: u64 = 3_000;

/// What every client has.
#[derive(Clone)]
struct Ctx {
    shard: Shard,
    books: Shared,
    rng: Rng,
    /// Its number in the books.
    me: usize,
}

impl Ctx {
    fn new(shard: &Shard, books: &Shared, rng: &mut Rng, name: String) -> Ctx {
        let me = books.enrol(name);
        Ctx { shard: shard.clone(), books: books.clone(), rng: rng.fork(me as u64), me }
    }

    fn now_us(&self) -> u64 {
        self.shard.now_ns() / 1_000
    }

    fn note(&self, fact: Fact) -> u64 {
        self.books.note(self.now_us(), fact)
    }

    fn violate(&self, check: &'static str, what: String) {
        self.books.violate(self.now_us(), check, what);
    }

    fn state(&self, state: impl FnOnce() -> String) {
        self.books.set_state(self.me, state);
    }

    /// An error code that this request must not get.
    fn unexpected(&self, doing: &str, code: ErrorCode) {
        if !self.books.with(|books| books.plan.mode == crate::plan::Mode::Lying) {
            self.violate("answers", format!("{doing}: {code:?}"));
        }
    }

    /// Up to so many microseconds; less once it is calm, when there is only something to finish.
    async fn pause(&mut self, us_max: u64) {
        let calm = self.books.phase() >= Phase::Calm;
        let us = self.rng.below(if calm { us_max.min(CALM_PAUSE_US) } else { us_max });
        self.shard.sleep(Duration::from_micros(us)).await;
    }

    async fn wait_for(&self, phase: Phase) {
        while self.books.phase() < phase {
            self.shard.sleep(LOOK).await;
        }
    }
}

/// A code that Kafka does not have is as bad as an unknown error.
fn code_of(code: i16) -> ErrorCode {
    ErrorCode::from_code(code).unwrap_or(ErrorCode::UnknownServerError)
}

/// Whether the same request may do better a little later.
fn passes(code: ErrorCode) -> bool {
    use ErrorCode as E;
    matches!(
        code,
        E::NotLeaderOrFollower
            | E::LeaderNotAvailable
            | E::KafkaStorageError
            | E::RequestTimedOut
            | E::NotEnoughReplicas
            | E::NotEnoughReplicasAfterAppend
            | E::CoordinatorNotAvailable
            | E::CoordinatorLoadInProgress
            | E::NotCoordinator
            | E::ThrottlingQuotaExceeded
            | E::BrokerNotAvailable
            | E::NotController
            | E::NetworkException
    )
}

/// The main of the clients' process: all clients, until the scan is done.
pub async fn run(shard: Shard, books: Shared) {
    let plan = books.with(|books| books.plan.clone());
    let mut rng = Rng::new(plan.seed).fork(0xC11E);
    let ctx = |rng: &mut Rng, name: String| Ctx::new(&shard, &books, rng, name);
    let spawn = |name: &'static str, client| shard.spawn(Class::Latency, name, client);
    spawn("admin", Box::pin(admin::run(ctx(&mut rng, "admin".to_owned()))) as Boxed);
    for (number, wanted) in plan.producers.iter().enumerate() {
        let ctx = ctx(&mut rng, format!("producer {number}"));
        spawn("producer", Box::pin(producer::run(ctx, number as u16, wanted.clone())));
    }
    for (number, wanted) in plan.consumers.iter().enumerate() {
        let ctx = ctx(&mut rng, format!("consumer {number}"));
        spawn("consumer", Box::pin(consumer::run(ctx, number as u16, wanted.clone())));
    }
    for (group, wanted) in plan.groups.iter().enumerate() {
        for number in 0..wanted.members {
            let ctx = ctx(&mut rng, format!("member {number} of group {group}"));
            spawn("member", Box::pin(member::run(ctx, group as u16, wanted.clone())));
        }
    }
    for number in 0..plan.deaf {
        let ctx = ctx(&mut rng, format!("deaf {number}"));
        spawn("deaf", Box::pin(deaf::run(ctx)));
    }
    let scanner = ctx(&mut rng, "scanner".to_owned());
    scanner.wait_for(Phase::Scan).await;
    scan::run(scanner).await;
}

type Boxed = std::pin::Pin<Box<dyn Future<Output = ()>>>;

/// The main of a process that only scans: the encore after one more crash.
pub async fn scan_again(shard: Shard, books: Shared) {
    let mut rng = Rng::new(books.with(|books| books.plan.seed));
    scan::run(Ctx::new(&shard, &books, &mut rng, "encore".to_owned())).await;
}

/// The main of a process that scans, writes to every partition, and scans again.
pub async fn scan_and_serve(shard: Shard, books: Shared) {
    let mut rng = Rng::new(books.with(|books| books.plan.seed));
    let ctx = |rng: &mut Rng, name: &str| Ctx::new(&shard, &books, rng, name.to_owned());
    let first = ctx(&mut rng, "admin");
    let me = first.me;
    scan::run(first).await;
    books.done(me, Phase::Calm);
    let wanted = books.with(|books| books.plan.producers[0].clone());
    producer::run(ctx(&mut rng, "producer"), u16::MAX, wanted).await;
    scan::run(ctx(&mut rng, "encore")).await;
}
