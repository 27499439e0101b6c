//! A few threads for calls that have no ring operation: listing directories, hashing, and what
//! an old kernel lacks.
//!
//! The queue is bounded; the driver keeps what does not fit and offers it again. Threads start
//! one by one as work comes and end with the pool.

use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam::channel::{Receiver, Sender, TrySendError, bounded};

use crate::limits::{BLOCKING_JOBS_MAX, BLOCKING_THREADS_MAX};

pub(crate) type Work = Box<dyn FnOnce() + Send>;

pub(crate) struct BlockingPool {
    sender: Sender<Work>,
    receiver: Receiver<Work>,
    threads: AtomicUsize,
}

impl BlockingPool {
    pub(crate) fn new() -> BlockingPool {
        let (sender, receiver) = bounded(BLOCKING_JOBS_MAX);
        BlockingPool { sender, receiver, threads: AtomicUsize::new(0) }
    }

    /// Queues the work, or gives it back if the queue is full.
    pub(crate) fn offer(&self, work: Work) -> Result<(), Work> {
        match self.sender.try_send(work) {
            Ok(()) => {
                if !self.sender.is_empty() {
                    self.add_thread();
                }
                Ok(())
            }
            Err(TrySendError::Full(work) | TrySendError::Disconnected(work)) => Err(work),
        }
    }

    fn add_thread(&self) {
        let more = |n: usize| (n < BLOCKING_THREADS_MAX).then_some(n + 1);
        let Ok(before) = self.threads.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
        else {
            return;
        };
        let receiver = self.receiver.clone();
        let run = move || receiver.into_iter().for_each(run_one);
        let spawned = std::thread::Builder::new().name(format!("blocking-{before}")).spawn(run);
        if spawned.is_err() {
            self.threads.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// A panicking job must not take the thread with it; whoever waits sees its result missing.
fn run_one(work: Work) {
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
}
