//! Tasks and their wakers: the part of the executor that other threads may touch.
//!
//! A task's future stays on its shard; its `Header` is shared with wakers anywhere. A wake on
//! the task's own shard pushes into the local queue; one from elsewhere pushes into the shard's
//! lock-free queue and rings its bell. `scheduled` makes sure a task is queued at most once.
//! Invariant: `scheduled` is cleared before the poll, so a wake during the poll queues again.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::task::Wake;

use crossbeam::queue::SegQueue;

use crate::config::Class;
use crate::mailbox::Bell;

/// What other threads may do to a shard: wake its tasks, ask it to stop.
pub(crate) struct Remote {
    /// Distinguishes runtimes in one process, and shards on one thread.
    id: u64,
    pub(crate) bell: Arc<Bell>,
    wakes: SegQueue<Arc<Header>>,
    pub(crate) stop: AtomicBool,
    closed: AtomicBool,
}

impl Remote {
    pub(crate) fn new(bell: Arc<Bell>) -> Remote {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Remote {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            bell,
            wakes: SegQueue::new(),
            stop: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn request_stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.bell.wake();
    }

    /// No task will ever run again; later wakes are forgotten.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        while self.wakes.pop().is_some() {}
    }

    pub(crate) fn pop_wake(&self) -> Option<Arc<Header>> {
        self.wakes.pop()
    }

    pub(crate) fn has_wake(&self) -> bool {
        !self.wakes.is_empty()
    }
}

const RUNNABLE: u8 = 0;
const CANCELLED: u8 = 1;
const DONE: u8 = 2;

pub(crate) struct Header {
    pub(crate) slot: usize,
    pub(crate) class: Class,
    pub(crate) name: &'static str,
    scheduled: AtomicBool,
    state: AtomicU8,
    home: Arc<Remote>,
}

impl Header {
    pub(crate) fn new(slot: usize, class: Class, name: &'static str, home: Arc<Remote>) -> Header {
        let (scheduled, state) = (AtomicBool::new(true), AtomicU8::new(RUNNABLE));
        Header { slot, class, name, scheduled, state, home }
    }

    /// Executor, before a poll: from here on a wake queues the task again.
    pub(crate) fn begin_poll(&self) {
        self.scheduled.swap(false, Ordering::AcqRel);
    }

    pub(crate) fn finish(&self) {
        self.state.store(DONE, Ordering::Release);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.state.load(Ordering::Acquire) == DONE
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.state.load(Ordering::Acquire) == CANCELLED
    }

    pub(crate) fn cancel(self: &Arc<Self>) {
        let (from, to) = (RUNNABLE, CANCELLED);
        if self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.wake_by_ref();
        }
    }
}

impl Wake for Header {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_done() || self.scheduled.swap(true, Ordering::AcqRel) {
            return;
        }
        if !push_local(self) && !self.home.closed.load(Ordering::SeqCst) {
            self.home.wakes.push(self.clone());
            self.home.bell.wake();
        }
    }
}

/// The queues of tasks that are ready to run on one shard.
#[derive(Default)]
pub(crate) struct ReadyQueues {
    latency: RefCell<VecDeque<Arc<Header>>>,
    background: RefCell<VecDeque<Arc<Header>>>,
    home: Cell<u64>,
}

impl ReadyQueues {
    pub(crate) fn of(remote: &Remote) -> Rc<ReadyQueues> {
        let queues = ReadyQueues::default();
        queues.home.set(remote.id);
        Rc::new(queues)
    }

    pub(crate) fn push(&self, task: Arc<Header>) {
        self.queue(task.class).borrow_mut().push_back(task);
    }

    pub(crate) fn pop(&self, class: Class) -> Option<Arc<Header>> {
        self.queue(class).borrow_mut().pop_front()
    }

    pub(crate) fn len(&self, class: Class) -> usize {
        self.queue(class).borrow().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.latency.borrow().is_empty() && self.background.borrow().is_empty()
    }

    fn queue(&self, class: Class) -> &RefCell<VecDeque<Arc<Header>>> {
        match class {
            Class::Latency => &self.latency,
            Class::Background => &self.background,
        }
    }
}

thread_local! {
    /// Queues of the shard that runs on this thread just now.
    static CURRENT: RefCell<Option<Rc<ReadyQueues>>> = const { RefCell::new(None) };
}

/// Makes `queues` the current shard's until the guard is dropped.
pub(crate) fn enter(queues: Rc<ReadyQueues>) -> Entered {
    Entered { before: CURRENT.with(|current| current.replace(Some(queues))) }
}

pub(crate) struct Entered {
    before: Option<Rc<ReadyQueues>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let before = self.before.take();
        let _ = CURRENT.try_with(|current| current.replace(before));
    }
}

fn push_local(task: &Arc<Header>) -> bool {
    let push = |current: &RefCell<Option<Rc<ReadyQueues>>>| {
        let current = current.borrow();
        match current.as_ref().filter(|queues| queues.home.get() == task.home.id) {
            Some(queues) => {
                queues.push(task.clone());
                true
            }
            None => false,
        }
    };
    CURRENT.try_with(push).unwrap_or(false)
}

/// A spawned task. Dropping it detaches; the task goes on.
#[derive(Clone)]
pub struct Task(Arc<Header>);

impl Task {
    pub(crate) fn new(header: Arc<Header>) -> Task {
        Task(header)
    }

    /// Asks for the task's future to be dropped, at its next turn. Nothing if it has ended.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    pub fn is_finished(&self) -> bool {
        self.0.is_done()
    }

    pub fn name(&self) -> &'static str {
        self.0.name
    }
}
