//! The frame of every timed run: whom it is aimed at, its measured window, its worker threads, and
//! the meter around them. Workers measure only what happens inside the window; the first worker
//! that fails ends the run for all.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::fault::Fault;
use crate::poller::Wait;
use crate::usage::{Meter, Usage};

/// The broker under load and how the client behaves towards it.
#[derive(Clone, Debug)]
pub struct Target {
    pub address: SocketAddr,
    pub pid: Option<u32>,
    pub congestion: Option<String>,
    pub wait: Wait,
}

/// The measured part of a run, half-open.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub begin: Instant,
    pub end: Instant,
}

impl Window {
    pub fn after(warmup_s: f64, duration_s: f64) -> Window {
        let begin = Instant::now() + Duration::from_secs_f64(warmup_s);
        Window { begin, end: begin + Duration::from_secs_f64(duration_s) }
    }

    pub fn seconds(&self) -> f64 {
        (self.end - self.begin).as_secs_f64()
    }

    pub fn contains(&self, at: Instant) -> bool {
        self.begin <= at && at < self.end
    }
}

/// Set when some worker failed; the others look at it once a turn.
#[derive(Default, Debug)]
pub struct Stop(AtomicBool);

impl Stop {
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Run `work` on one thread per item of `workers`, metering the window.
pub fn measure<W, T>(
    target: &Target,
    window: Window,
    workers: Vec<W>,
    work: impl Fn(W, &Stop) -> Result<T, Fault> + Sync,
) -> Result<(Vec<T>, Usage), Fault>
where
    W: Send,
    T: Send,
{
    let stop = Stop::default();
    let (stop, work) = (&stop, &work);
    thread::scope(|scope| {
        let threads: Vec<_> = workers
            .into_iter()
            .map(|worker| {
                scope.spawn(move || {
                    let outcome = work(worker, stop);
                    if outcome.is_err() {
                        stop.0.store(true, Ordering::Relaxed);
                    }
                    outcome
                })
            })
            .collect();
        sleep_until(window.begin, stop);
        let meter = Meter::start(target.pid);
        sleep_until(window.end, stop);
        let usage = meter.and_then(Meter::stop);
        let outcomes: Result<Vec<T>, Fault> = threads
            .into_iter()
            .map(|thread| thread.join().expect("a worker does not panic"))
            .collect();
        // A worker's fault says more than a meter's that no longer finds the broker.
        Ok((outcomes?, usage?))
    })
}

fn sleep_until(at: Instant, stop: &Stop) {
    while !stop.is_set() {
        let left = at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        thread::sleep(left.min(Duration::from_millis(50)));
    }
}
