//! "Fail the n-th I/O, for every n": a short workload, run once for each file operation that
//! it does, with that one failing; then the calm, with a restart or without, and everything is
//! judged.

use std::rc::Rc;

use crate::harness::{self, Outcome};
use crate::plan::Plan;

/// What is reported by a device that fails.
const EIO: i32 = 5;
/// What is reported by one that is full.
const ENOSPC: i32 = 28;

/// The outcomes that are wrong, each with its number, and how many there were.
pub fn run(seed: u64, first: u64, step: u64, print: bool) -> (u64, Vec<(u64, Outcome)>) {
    let mut plan = Plan::short(seed);
    plan.poisons = true;
    let count = harness::run_plan(Rc::new(plan.clone()), false).tally.storm_ios;
    let (mut ran, mut wrong) = (0, Vec::new());
    for nth in (first..count).step_by(step.max(1) as usize) {
        plan.fail_io = Some((nth, if nth % 4 == 3 { ENOSPC } else { EIO }));
        plan.restarts = nth % 8 < 4;
        let outcome = harness::run_plan(Rc::new(plan.clone()), print);
        ran += 1;
        if outcome.violation.is_some() {
            wrong.push((nth, outcome));
        }
    }
    (ran, wrong)
}
