//! A few seeds of every mode, small enough for a build without optimisation. `.ci/run` has the
//! thousands.

use std::rc::Rc;

use millstream_sim::crash_states;
use millstream_sim::harness::{self, Outcome};
use millstream_sim::plan::{Mode, Plan};

fn sound(outcome: &Outcome) {
    let seed = outcome.seed;
    let violation = &outcome.violation;
    assert!(violation.is_none(), "replay with --seed {seed} --trace: {violation:?}");
}

#[test]
fn a_device_that_keeps_its_promises_loses_nothing() {
    for seed in 0..4 {
        sound(&harness::run(seed, Mode::KeepPromise, false));
    }
}

/// What the pool cannot give now is refused or waits, and comes when it can.
#[test]
fn a_broker_of_16_mib_keeps_its_promises_with_batches_larger_than_a_block() {
    for seed in 0..3 {
        let mut plan = Plan::from_seed(seed, Mode::KeepPromise);
        plan.broker.insert("millstream.memory".to_owned(), (16 << 20).to_string());
        for topic in &mut plan.topics {
            topic.shape.value_bytes_max = 30_000;
        }
        sound(&harness::run_plan(Rc::new(plan), false));
    }
}

#[test]
fn a_lying_device_makes_the_broker_serve_nothing_wrong() {
    for seed in 0..2 {
        sound(&harness::run(seed, Mode::Lying, false));
    }
}

#[test]
fn one_seed_gives_one_hash_and_another_seed_another() {
    let hash = |seed| harness::run(seed, Mode::KeepPromise, false).hash;
    assert_eq!(hash(3), hash(3));
    assert_ne!(hash(3), hash(5));
}

#[test]
fn crash_states_of_a_short_workload_are_all_recovered_from() {
    let report = crash_states::run(1, 20, None, false);
    assert!(report.states >= 20, "{report:?}");
    assert!(report.violations.is_empty(), "{report:?}");
}
