//! The loop of one shard: run what is ready, look around, spin a little, sleep.
//!
//! Spinning saves the 15 to 25 µs that waking a core costs, and burns the core meanwhile. The
//! adaptive rule is that of a halt-polling hypervisor: spin as long as waits have lately been
//! short, stop spinning while they are long. Nobody spins while a write is under way: a kernel
//! thread finishes it, often on this very core, and would wait for the spinner's time slice.

use std::rc::Rc;

use crate::config::{Event, Poll};
use crate::core::Core;
use crate::driver::Wait;
use crate::limits::DRAIN_NS_MAX;
use crate::sync::Event as Flag;

/// What a wake from sleep costs: a wait this much longer than the spin would still have been
/// answered by spinning.
const WAKE_COST_NS: u64 = 25_000;
/// Looks at the queues between two looks at the clock while spinning.
const SPIN_LOOKS: u32 = 16;

/// How long to spin before the next sleep.
pub(crate) struct Spin {
    max_ns: u64,
    now_ns: u64,
}

impl Spin {
    pub(crate) fn new(poll: Poll) -> Spin {
        let max_ns = match poll {
            Poll::Park => 0,
            Poll::Adaptive { spin_us } => u64::from(spin_us) * 1000,
            Poll::Busy => u64::MAX,
        };
        Spin { max_ns, now_ns: max_ns }
    }

    fn on_hit(&mut self) {
        self.now_ns = self.max_ns;
    }

    /// After a sleep of `slept_ns`: a short one says that spinning would have paid.
    fn on_sleep(&mut self, slept_ns: u64) {
        if slept_ns <= self.max_ns.saturating_add(WAKE_COST_NS) {
            self.now_ns = self.max_ns;
        } else if self.now_ns < u64::MAX {
            self.now_ns /= 2;
            if self.now_ns < self.max_ns / 8 {
                self.now_ns = 0;
            }
        }
    }
}

/// Runs the shard until `main_done`.
pub(crate) fn run(core: &Rc<Core>, poll: Poll, main_done: &Flag) {
    let mut spin = Spin::new(poll);
    loop {
        core.stats().turns.add(1);
        core.gather();
        core.run_tasks();
        if main_done.is_set() {
            return;
        }
        if core.executor.has_ready() {
            core.turn_driver(Wait::No);
        } else {
            idle(core, &mut spin);
        }
    }
}

fn idle(core: &Rc<Core>, spin: &mut Spin) {
    if spin.now_ns > 0 && core.driver().may_spin() {
        if core.turn_driver(Wait::No) > 0 {
            return;
        }
        if spin_for_news(core, spin) {
            core.turn_driver(Wait::No);
            return;
        }
    }
    sleep(core, spin);
}

/// True if something came up (or a timer is due) before the time to spin was over.
fn spin_for_news(core: &Rc<Core>, spin: &mut Spin) -> bool {
    let stats = core.stats();
    stats.spins.add(1);
    let start = core.driver().now_ns();
    let end = start.saturating_add(spin.now_ns);
    let timer = core.next_timer_ns().unwrap_or(u64::MAX);
    loop {
        for _ in 0..SPIN_LOOKS {
            if core.has_news() {
                stats.spins_hit.add(1);
                stats.spun_ns.add(core.driver().now_ns().saturating_sub(start));
                spin.on_hit();
                return true;
            }
            std::hint::spin_loop();
        }
        let now = core.driver().now_ns();
        if now >= timer || now >= end {
            stats.spun_ns.add(now.saturating_sub(start));
            return now >= timer;
        }
    }
}

fn sleep(core: &Rc<Core>, spin: &mut Spin) {
    let bell = core.remote.bell.clone();
    bell.flag().announce();
    if core.has_news() {
        bell.flag().awake();
        core.turn_driver(Wait::No);
        return;
    }
    let before = core.driver().now_ns();
    let deadline = core.next_timer_ns();
    core.stats().parks.add(1);
    core.turn_driver(Wait::Until(deadline));
    bell.flag().awake();
    let slept = core.driver().now_ns().saturating_sub(before);
    core.stats().parked_ns.add(slept);
    spin.on_sleep(slept);
}

/// Ends a shard in order: tasks are dropped, then what they left in flight is cancelled and
/// awaited, so that no buffer is freed under the kernel.
pub(crate) fn wind_down(core: &Rc<Core>) {
    core.executor.drop_all();
    core.drop_mailbox();
    let start = core.driver().now_ns();
    core.cancel_all();
    // Once in any case: what was queued last, a kick to a peer perhaps, must still go out.
    core.turn_driver(Wait::No);
    while core.ops_in_flight() > 0 {
        let now = core.driver().now_ns();
        if now.saturating_sub(start) > DRAIN_NS_MAX {
            let operations = core.ops_in_flight();
            core.report(&Event::DrainGaveUp { shard: core.id(), operations });
            core.drop_owners();
            break;
        }
        core.turn_driver(Wait::Until(Some(now + 10_000_000)));
        core.executor.drop_all();
    }
    core.remote.close();
}
