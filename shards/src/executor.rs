//! Runs the tasks of one shard: two classes, each with a budget per turn.
//!
//! The latency class runs first, up to a number of tasks and a time; the background class then
//! gets a share that is small while latency tasks wait. A task that holds the core too long is
//! counted and reported.
//! Invariant: no borrow is held while a future is polled or dropped.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use slab::Slab;

use crate::config::Class;
use crate::limits::{
    TURN_BACKGROUND_NS_BUSY, TURN_BACKGROUND_NS_IDLE, TURN_LATENCY_NS_MAX, TURN_TASKS_MAX,
};
use crate::stats::ShardStats;
use crate::task::{Header, ReadyQueues, Remote, Task};

type TaskFuture = Pin<Box<dyn Future<Output = ()>>>;

struct Slot {
    /// Absent while it is polled.
    future: Option<TaskFuture>,
    header: Arc<Header>,
    waker: Waker,
}

pub(crate) struct Executor {
    tasks: RefCell<Slab<Slot>>,
    ready: Rc<ReadyQueues>,
    remote: Arc<Remote>,
    stats: Arc<ShardStats>,
}

/// What one turn needs from outside.
pub(crate) trait TurnContext {
    fn clock_ns(&self) -> u64;
    /// A task has held the core for `held_ns`.
    fn on_poll(&self, task: &Header, held_ns: u64);
}

impl Executor {
    pub(crate) fn new(remote: Arc<Remote>, stats: Arc<ShardStats>) -> Executor {
        let ready = ReadyQueues::of(&remote);
        Executor { tasks: RefCell::new(Slab::new()), ready, remote, stats }
    }

    pub(crate) fn ready(&self) -> &Rc<ReadyQueues> {
        &self.ready
    }

    pub(crate) fn spawn(&self, class: Class, name: &'static str, future: TaskFuture) -> Task {
        let mut tasks = self.tasks.borrow_mut();
        let entry = tasks.vacant_entry();
        let header = Arc::new(Header::new(entry.key(), class, name, self.remote.clone()));
        let waker = Waker::from(header.clone());
        entry.insert(Slot { future: Some(future), header: header.clone(), waker });
        drop(tasks);
        self.stats.tasks_spawned.add(1);
        self.ready.push(header.clone());
        Task::new(header)
    }

    /// Moves tasks woken from other threads into the local queues.
    pub(crate) fn take_remote_wakes(&self) {
        while let Some(task) = self.remote.pop_wake() {
            self.ready.push(task);
        }
    }

    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.borrow().len()
    }

    /// Runs what is ready, within the budgets. Returns whether anything ran.
    pub(crate) fn run(&self, cx: &impl TurnContext) -> bool {
        if self.ready.is_empty() {
            return false;
        }
        let start = cx.clock_ns();
        let now = self.run_class(Class::Latency, start, TURN_LATENCY_NS_MAX, cx);
        let budget = if self.ready.len(Class::Latency) > 0 {
            TURN_BACKGROUND_NS_BUSY
        } else {
            TURN_BACKGROUND_NS_IDLE
        };
        self.run_class(Class::Background, now, budget, cx);
        true
    }

    /// Runs tasks of one class that were ready when it began; at least one, if any.
    fn run_class(&self, class: Class, start: u64, budget_ns: u64, cx: &impl TurnContext) -> u64 {
        let mut now = start;
        let count = self.ready.len(class).min(TURN_TASKS_MAX);
        for _ in 0..count {
            let Some(task) = self.ready.pop(class) else { break };
            self.poll_task(&task);
            let before = now;
            now = cx.clock_ns();
            cx.on_poll(&task, now.saturating_sub(before));
            if now.saturating_sub(start) >= budget_ns {
                break;
            }
            // A background task must not make new latency work wait for its fellows.
            if class == Class::Background && self.ready.len(Class::Latency) > 0 {
                break;
            }
        }
        now
    }

    fn poll_task(&self, header: &Arc<Header>) {
        header.begin_poll();
        let taken = {
            let mut tasks = self.tasks.borrow_mut();
            let slot = tasks.get_mut(header.slot).filter(|s| Arc::ptr_eq(&s.header, header));
            slot.and_then(|slot| Some((slot.future.take()?, slot.waker.clone())))
        };
        let Some((mut future, waker)) = taken else { return };
        if header.is_cancelled() {
            self.remove(header);
            drop(future);
            return;
        }
        self.stats.tasks_run.add(1);
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(()) => self.remove(header),
            Poll::Pending => {
                if let Some(slot) = self.tasks.borrow_mut().get_mut(header.slot) {
                    slot.future = Some(future);
                }
            }
        }
    }

    fn remove(&self, header: &Header) {
        header.finish();
        self.stats.tasks_finished.add(1);
        let slot = self.tasks.borrow_mut().try_remove(header.slot);
        drop(slot);
    }

    /// Drops every task, also those that dropping others spawns.
    pub(crate) fn drop_all(&self) {
        while !self.tasks.borrow().is_empty() {
            let dropped: Vec<Slot> = self.tasks.borrow_mut().drain().collect();
            dropped.iter().for_each(|slot| slot.header.finish());
            drop(dropped);
        }
        while self.ready.pop(Class::Latency).is_some() {}
        while self.ready.pop(Class::Background).is_some() {}
    }
}
