//! The sleep protocol and the wake of a task, under every interleaving loom can find.
//!
//! The very source of the sleep flag is compiled here with loom's atomics. The task's
//! `scheduled` flag is modelled in the same few lines as in `src/task.rs`.

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

mod atomics {
    pub(crate) use loom::sync::atomic::{AtomicBool, Ordering, fence};
}

#[path = "../src/mailbox/flag.rs"]
mod flag;

use flag::SleepFlag;

/// A shard as its senders see it: a queue (a counter will do), the flag, and the kernel's
/// memory of kicks (an eventfd's counter).
struct Shard {
    queue: AtomicUsize,
    flag: SleepFlag,
    kicks: Mutex<usize>,
    kicked: Condvar,
}

impl Shard {
    fn new() -> Arc<Shard> {
        Arc::new(Shard {
            queue: AtomicUsize::new(0),
            flag: SleepFlag::new(),
            kicks: Mutex::new(0),
            kicked: Condvar::new(),
        })
    }

    fn send(&self) {
        self.queue.fetch_add(1, Ordering::Release);
        if self.flag.must_kick() {
            *self.kicks.lock().unwrap() += 1;
            self.kicked.notify_one();
        }
    }

    /// Receives until `wanted` have come; sleeping is waiting for a kick, and nothing else ends
    /// it: a lost wake-up is a deadlock, which loom reports.
    fn receive(&self, wanted: usize) {
        let mut got = 0;
        while got < wanted {
            got += self.queue.swap(0, Ordering::AcqRel);
            if got == wanted {
                return;
            }
            self.flag.announce();
            if self.queue.load(Ordering::Acquire) > 0 {
                self.flag.awake();
                continue;
            }
            let mut kicks = self.kicks.lock().unwrap();
            while *kicks == 0 {
                kicks = self.kicked.wait(kicks).unwrap();
            }
            *kicks = 0;
            drop(kicks);
            self.flag.awake();
        }
    }
}

#[test]
fn no_message_is_slept_through() {
    loom::model(|| {
        let shard = Shard::new();
        let sender = shard.clone();
        let sending = thread::spawn(move || sender.send());
        shard.receive(1);
        sending.join().unwrap();
    });
}

#[test]
fn two_senders_and_one_sleeper_lose_nothing() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let shard = Shard::new();
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let sender = shard.clone();
                thread::spawn(move || sender.send())
            })
            .collect();
        shard.receive(2);
        senders.into_iter().for_each(|sender| sender.join().unwrap());
    });
}

#[test]
fn a_sender_kicks_at_most_once_per_sleep() {
    loom::model(|| {
        let shard = Shard::new();
        shard.flag.announce();
        let other = shard.clone();
        let sending = thread::spawn(move || other.send());
        shard.send();
        sending.join().unwrap();
        assert_eq!(*shard.kicks.lock().unwrap(), 1);
    });
}

/// A task: `ready` is what its future waits for, `scheduled` keeps it queued at most once.
struct Task {
    ready: AtomicBool,
    scheduled: AtomicBool,
    queued: AtomicUsize,
}

impl Task {
    fn wake(&self) {
        if !self.scheduled.swap(true, Ordering::AcqRel) {
            self.queued.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The executor's side of one poll; true when the future is done.
    fn poll(&self) -> bool {
        self.scheduled.swap(false, Ordering::AcqRel);
        self.ready.load(Ordering::Acquire)
    }
}

fn task() -> Arc<Task> {
    Arc::new(Task {
        ready: AtomicBool::new(false),
        scheduled: AtomicBool::new(true),
        queued: AtomicUsize::new(1),
    })
}

#[test]
fn a_task_woken_from_another_core_while_it_is_polled_runs_again() {
    loom::model(|| {
        let task = task();
        let waker = task.clone();
        let waking = thread::spawn(move || {
            waker.ready.store(true, Ordering::Release);
            waker.wake();
        });
        loop {
            while task.queued.swap(0, Ordering::AcqRel) == 0 {
                thread::yield_now();
            }
            if task.poll() {
                break;
            }
        }
        waking.join().unwrap();
    });
}

#[test]
fn a_task_woken_twice_is_queued_once() {
    loom::model(|| {
        let task = task();
        task.queued.store(0, Ordering::Release);
        task.scheduled.swap(false, Ordering::AcqRel);
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let waker = task.clone();
                thread::spawn(move || waker.wake())
            })
            .collect();
        wakers.into_iter().for_each(|waker| waker.join().unwrap());
        assert_eq!(task.queued.load(Ordering::Acquire), 1);
    });
}
