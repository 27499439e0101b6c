//! A few seeds of every mode, small enough for a build without optimisation. `.ci/run` has the
//! thousands.

use millstream_sim::crash_states;
use millstream_sim::harness::{self, Outcome};
use millstream_sim::plan::Mode;

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
