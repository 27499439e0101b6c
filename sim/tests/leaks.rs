//! After a seed nothing of it lives: no process that was killed, cut off or stopped, none that
//! was there at the end; no task, no buffer, no world. A sweep of many thousand seeds is one
//! process.

use std::rc::Rc;
use std::time::Duration;

use millstream_sim::crash_states;
use millstream_sim::harness;
use millstream_sim::plan::{Mishap, Mode, Plan};

/// What may differ between before and after: lines of the log that are said for the first time, a
/// thread's own buffers that grow.
const NOISE_BYTES: i64 = 4 * 1024;

/// Asserts that `run`, which has been done before, leaves nothing on the heap.
fn check(what: &str, mut run: impl FnMut()) {
    run();
    let left = allocation_counter::measure(run).bytes_current;
    println!("{what}: {left} bytes are left");
    assert!(left <= NOISE_BYTES, "{what}: {left} bytes are left");
}

/// A seed in which this happens and nothing else.
fn seed_with(seed: u64, mode: Mode, mishap: &[Mishap]) {
    let mut plan = Plan::from_seed(seed, mode);
    let moments = (1..).map(|n| plan.storm * n / 4);
    plan.mishaps = moments.zip(mishap.iter().cloned()).collect();
    let outcome = harness::run_plan(Rc::new(plan), false);
    assert!(outcome.violation.is_none(), "seed {seed}: {:?}", outcome.violation);
}

#[test]
fn nothing_of_a_seed_outlives_it_however_its_broker_ended() {
    let down = Duration::from_millis(2);
    let ends: [(&str, &[Mishap]); 5] = [
        ("no end", &[]),
        ("a power cut", &[Mishap::PowerCut { down }]),
        ("a kill", &[Mishap::Kill { down }]),
        ("a stop", &[Mishap::Stop { down }]),
        ("a kill in a stop", &[Mishap::Stop { down }, Mishap::Kill { down }]),
    ];
    for (end, mishaps) in ends {
        for seed in 0..3 {
            let run = || seed_with(seed, Mode::KeepPromise, mishaps);
            check(&format!("seed {seed} with {end}"), run);
        }
    }
}

#[test]
fn nothing_of_a_drawn_seed_outlives_it() {
    for mode in [Mode::KeepPromise, Mode::Lying] {
        for seed in 0..3 {
            check(&format!("{mode:?} {seed}"), || drop(harness::run(seed, mode, false)));
        }
    }
}

#[test]
fn nothing_of_a_crash_state_outlives_it() {
    check("crash states", || drop(crash_states::run(1, 4, None, false)));
}
