//! The process goes at any moment: SIGKILL under load, and SIGSTOP for longer than clients wait.
//!
//! `FAULTS_KILLS` kills (6 unless told; the campaign has 200). One kill in five comes while the
//! broker is still starting, one start in four has another number of shards.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::load::{Load, Pace, create_topics};
use crate::process::{Broker, Directory, PATIENCE, Setup};
use crate::runner::{Outcome, Random, knob};
use crate::wire::Wire;

const SHARDS_MAX: u64 = 3;
/// Longer than a client's request timeout in `load`.
const STOPPED: Duration = Duration::from_secs(6);

/// Kill −9 at random moments: nothing acknowledged is lost at either level, nothing is there
/// twice with idempotence, order is kept, offsets are dense.
pub fn kill_nine_under_load() -> Outcome {
    let kills = knob("FAULTS_KILLS", 6);
    let directory = Directory::on_disk();
    let mut random = Random::for_purpose("kills");
    let mut broker = Broker::start(Setup::new(directory.path().join("data")));
    create_topics(broker.address());
    let load = Load::start(broker.address(), Pace::default());
    let mut early = 0;
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        // Not before something of this life is acknowledged, then at any moment.
        load.wait_for_more(1);
        thread::sleep(Duration::from_millis(random.below(1_000)));
        broker.kill();
        assert_calm(&broker);
        if random.one_in(4) {
            broker.setup.shards = 1 + random.below(SHARDS_MAX);
        }
        if random.one_in(5) {
            let _not_awaited = broker.spawn();
            thread::sleep(Duration::from_millis(random.below(200)));
            broker.kill();
            early += 1;
        }
        let began = Instant::now();
        broker.restart();
        slowest = slowest.max(began.elapsed());
    }
    let proven = load.finish(broker.address());
    broker.kill();
    assert_calm(&broker);
    Outcome::Passed(format!(
        "{kills} kills under load and {early} during a start, {proven}; slowest start \
         {slowest:.1?}"
    ))
}

/// A kill is no damage: recovery finds a torn tail at most, and raises no alarm.
fn assert_calm(broker: &Broker) {
    let said = broker.said();
    let alarms: Vec<_> = said.lines().filter(|line| line.contains(" ERROR ")).collect();
    assert!(alarms.is_empty(), "after a kill:\n{}", alarms.join("\n"));
}

/// A broker that stands still for longer than its clients wait: they time out, try again, and
/// in the end everything is there once.
pub fn stopped_and_continued_under_load() -> Outcome {
    let stops = knob("FAULTS_STOPS", 1);
    let directory = Directory::on_disk();
    let broker = Broker::start(Setup::new(directory.path().join("data")));
    create_topics(broker.address());
    let load = Load::start(broker.address(), Pace::default());
    for _ in 0..stops {
        load.wait_for_more(1_000);
        broker.freeze();
        // The kernel still accepts connections; nobody answers.
        let asked = Wire::connect(broker.address(), Duration::from_secs(1))
            .and_then(|mut wire| wire.topics());
        assert!(asked.is_err(), "it answers while it is stopped");
        // The second before this had time for what was on its way; now nothing arrives.
        let before = load.acknowledged();
        thread::sleep(STOPPED);
        let during = load.acknowledged() - before;
        broker.signal(Signal::CONT);
        assert_eq!(during, 0, "records were acknowledged by a stopped process");
        let mut wire = Wire::connect(broker.address(), PATIENCE).expect("it listens again");
        wire.topics().expect("it answers again");
    }
    load.wait_for_more(1_000);
    let proven = load.finish(broker.address());
    Outcome::Passed(format!("{stops} stops of {STOPPED:?}, {proven}"))
}
