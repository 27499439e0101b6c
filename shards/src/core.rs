//! `Core`: everything one shard owns, and the verbs its handles are made of.
//!
//! Lives on the shard's thread in an `Rc`; `Shard`, `File`, `Stream` and the rest hold it. The
//! loop that drives it is in `turn`.
//! Invariant: no `RefCell` borrow is held while foreign code runs (a poll, a drop, a wake).

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use crate::config::{Event, EventHook, ShardId};
use crate::driver::{Completion, Driver, Handle, Op, Outcome, Token, Wait};
use crate::executor::{Executor, TurnContext};
use crate::limits::LOADS_MAX;
use crate::mailbox::{Bell, MailboxPoll};
use crate::ops::{Abandoned, Delivered, Kind, OpTable, Owner, Polled};
use crate::pool::Pool;
use crate::random::Random;
use crate::stats::ShardStats;
use crate::sync::{Notify, Semaphore};
use crate::task::{Header, Remote};
use crate::timers::Timers;

pub(crate) struct Core {
    id: ShardId,
    count: usize,
    pub(crate) executor: Executor,
    pub(crate) remote: Arc<Remote>,
    pub(crate) timers: RefCell<Timers>,
    driver: RefCell<Box<dyn Driver>>,
    ops: RefCell<OpTable>,
    completions: RefCell<Vec<Completion>>,
    mailbox: RefCell<Option<Rc<dyn MailboxPoll>>>,
    pool: Pool,
    random: RefCell<Random>,
    stats: Arc<ShardStats>,
    now_ns: Cell<u64>,
    wall_ms: Cell<i64>,
    stop_seen: Cell<bool>,
    stop_notify: Notify,
    pub(crate) recv_returned: Notify,
    pub(crate) loads: Semaphore,
    stall_ns: u64,
    on_event: Option<EventHook>,
    checks: RefCell<Vec<Check>>,
}

/// Looks at invariants; false when there is nothing left to look at.
type Check = Box<dyn FnMut() -> bool>;

/// What a core is made of.
pub(crate) struct Parts {
    pub(crate) id: ShardId,
    pub(crate) count: usize,
    pub(crate) driver: Box<dyn Driver>,
    pub(crate) pool: Pool,
    pub(crate) stats: Arc<ShardStats>,
    pub(crate) remote: Arc<Remote>,
    pub(crate) stall_report_ms: u64,
    pub(crate) on_event: Option<EventHook>,
}

impl Core {
    pub(crate) fn new(parts: Parts) -> Rc<Core> {
        let mut driver = parts.driver;
        let random = driver.seed().map_or_else(Random::from_os, Random::from_seed);
        let (now_ns, wall_ms) = (driver.now_ns(), driver.wall_ms());
        Rc::new(Core {
            id: parts.id,
            count: parts.count,
            executor: Executor::new(parts.remote.clone(), parts.stats.clone()),
            remote: parts.remote,
            timers: RefCell::default(),
            driver: RefCell::new(driver),
            ops: RefCell::default(),
            completions: RefCell::default(),
            mailbox: RefCell::new(None),
            pool: parts.pool,
            random: RefCell::new(random),
            stats: parts.stats,
            now_ns: Cell::new(now_ns),
            wall_ms: Cell::new(wall_ms),
            stop_seen: Cell::new(false),
            stop_notify: Notify::new(),
            recv_returned: Notify::new(),
            loads: Semaphore::new(LOADS_MAX),
            stall_ns: parts.stall_report_ms.saturating_mul(1_000_000),
            on_event: parts.on_event,
            checks: RefCell::default(),
        })
    }

    pub(crate) fn id(&self) -> ShardId {
        self.id
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(crate) fn stats(&self) -> &Arc<ShardStats> {
        &self.stats
    }

    pub(crate) fn now_ns(&self) -> u64 {
        self.now_ns.get()
    }

    pub(crate) fn wall_ms(&self) -> i64 {
        self.wall_ms.get()
    }

    pub(crate) fn random_u64(&self) -> u64 {
        self.random.borrow_mut().next_u64()
    }

    pub(crate) fn driver(&self) -> std::cell::RefMut<'_, Box<dyn Driver>> {
        self.driver.borrow_mut()
    }

    pub(crate) fn kick(&self, bell: &Arc<Bell>) {
        self.stats.kicks_sent.add(1);
        self.driver.borrow_mut().kick(bell);
    }

    pub(crate) fn set_mailbox(&self, mailbox: Rc<dyn MailboxPoll>) {
        *self.mailbox.borrow_mut() = Some(mailbox);
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stop_seen.get() || self.remote.stop.load(Ordering::Relaxed)
    }

    pub(crate) async fn stop_requested(&self) {
        while !self.stopping() {
            self.stop_notify.notified().await;
        }
    }

    pub(crate) fn report(&self, event: &Event) {
        if let Some(hook) = &self.on_event {
            hook(event);
        }
    }

    /// Starts an operation that completes once and concerns no open file or socket.
    pub(crate) fn start(self: &Rc<Self>, op: Op) -> OpFuture {
        OpFuture { core: self.clone(), token: Some(self.submit(op, Kind::One, None)) }
    }

    /// Starts an operation on what `owner` keeps open, until the operation is over.
    pub(crate) fn start_on(self: &Rc<Self>, owner: Owner, op: Op) -> OpFuture {
        OpFuture { core: self.clone(), token: Some(self.submit(op, Kind::One, Some(owner))) }
    }

    /// As `start_on`, for an operation that completes many times.
    pub(crate) fn start_many(self: &Rc<Self>, owner: Owner, op: Op) -> OpStream {
        OpStream { core: self.clone(), token: Some(self.submit(op, Kind::Many, Some(owner))) }
    }

    /// Starts an operation nobody waits for.
    pub(crate) fn start_detached(&self, owner: Option<Owner>, op: Op) {
        self.submit(op, Kind::Detached, owner);
    }

    fn submit(&self, op: Op, kind: Kind, owner: Option<Owner>) -> Token {
        let token = self.ops.borrow_mut().insert(kind, owner);
        self.stats.ops_submitted.add(1);
        self.driver.borrow_mut().submit(token, op);
        token
    }

    fn abandon(&self, token: Token) {
        let abandoned = self.ops.borrow_mut().abandon(token);
        let unwanted = match abandoned {
            Abandoned::InFlight(unwanted) => {
                self.driver.borrow_mut().cancel(token);
                unwanted
            }
            Abandoned::Over(unwanted) => unwanted,
        };
        unwanted.into_iter().for_each(|completion| self.discard(completion));
    }

    /// Disposes of what an operation brought that nobody waits for.
    fn discard(&self, completion: Completion) {
        if let Ok(Outcome::Handle(handle)) = completion.result {
            self.close(handle);
        }
    }

    pub(crate) fn close(&self, handle: Handle) {
        self.start_detached(None, Op::Close { handle });
    }

    /// Refreshes the clock, fires timers, takes wakes and messages. Returns nothing: what became
    /// ready is in the queues.
    pub(crate) fn gather(&self) {
        {
            let mut driver = self.driver.borrow_mut();
            self.now_ns.set(driver.now_ns());
            self.wall_ms.set(driver.wall_ms());
        }
        loop {
            let due = self.timers.borrow_mut().pop_due(self.now_ns.get());
            let Some(waker) = due else { break };
            waker.wake();
        }
        self.executor.take_remote_wakes();
        if !self.stop_seen.get() && self.remote.stop.load(Ordering::Acquire) {
            self.stop_seen.set(true);
            self.stop_notify.notify_waiters();
        }
        let mailbox = self.mailbox.borrow().clone();
        if let Some(mailbox) = mailbox {
            mailbox.wake_tasks();
        }
    }

    pub(crate) fn run_tasks(&self) -> bool {
        let ran = self.executor.run(self);
        if cfg!(debug_assertions) {
            self.check_turn();
        }
        ran
    }

    /// Has `check` called at the end of every turn for as long as it says so.
    pub(crate) fn check_each_turn(&self, check: Check) {
        self.checks.borrow_mut().push(check);
    }

    /// No task is in the midst of anything now: what always holds must hold here.
    fn check_turn(&self) {
        let mut checks = self.checks.take();
        checks.retain_mut(|check| check());
        checks.append(&mut self.checks.borrow_mut());
        self.checks.replace(checks);
    }

    /// One turn of the driver; hands completions to their waiters. Returns how many came.
    pub(crate) fn turn_driver(&self, wait: Wait) -> usize {
        let mut arrived = self.completions.take();
        self.driver.borrow_mut().turn(wait, &mut arrived);
        let count = arrived.len();
        self.stats.ops_completed.add(count as u64);
        for completion in arrived.drain(..) {
            let (delivered, owner) = self.ops.borrow_mut().deliver(completion);
            drop(owner);
            match delivered {
                Delivered::Wake(Some(waker)) => waker.wake(),
                Delivered::Wake(None) => {}
                Delivered::Orphan(completion) => self.discard(completion),
            }
        }
        self.completions.replace(arrived);
        count
    }

    /// Whether anything waits that did not when the queues were last gathered.
    pub(crate) fn has_news(&self) -> bool {
        self.driver.borrow_mut().is_ready()
            || self.remote.has_wake()
            || (!self.stop_seen.get() && self.remote.stop.load(Ordering::Acquire))
            || self.mailbox.borrow().as_ref().is_some_and(|mailbox| mailbox.has_message())
    }

    pub(crate) fn next_timer_ns(&self) -> Option<u64> {
        self.timers.borrow_mut().next_deadline_ns()
    }

    /// Asks every operation in flight to end.
    pub(crate) fn cancel_all(&self) {
        let tokens = self.ops.borrow().tokens();
        let mut driver = self.driver.borrow_mut();
        tokens.into_iter().for_each(|token| driver.cancel(token));
    }

    /// Lets go of what operations keep open that will never complete.
    pub(crate) fn drop_owners(&self) {
        let owners = self.ops.borrow_mut().take_owners();
        drop(owners);
    }

    pub(crate) fn ops_in_flight(&self) -> usize {
        self.driver.borrow().in_flight()
    }

    /// Forgets the mailbox, which holds the core in turn.
    pub(crate) fn drop_mailbox(&self) {
        let mailbox = self.mailbox.take();
        drop(mailbox);
    }
}

impl TurnContext for Core {
    fn clock_ns(&self) -> u64 {
        self.driver.borrow_mut().now_ns()
    }

    fn on_poll(&self, task: &Header, held_ns: u64) {
        if held_ns >= self.stall_ns {
            self.stats.stalls.add(1);
            let held_us = held_ns / 1000;
            self.report(&Event::Stall { shard: self.id, task: task.name, held_us });
        }
    }
}

/// Waits for an operation; dropping it orphans the operation and asks for its end.
pub(crate) struct OpFuture {
    core: Rc<Core>,
    token: Option<Token>,
}

impl Future for OpFuture {
    type Output = Completion;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Completion> {
        let token = self.token.expect("an operation completes once");
        let polled = self.core.ops.borrow_mut().poll(token, cx.waker());
        match polled {
            Polled::Ready(completion) => {
                self.token = None;
                Poll::Ready(completion)
            }
            Polled::Pending | Polled::Gone => Poll::Pending,
        }
    }
}

impl Drop for OpFuture {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.core.abandon(token);
        }
    }
}

/// Results of a multishot operation; dropping it ends the operation and disposes of the rest.
pub(crate) struct OpStream {
    core: Rc<Core>,
    token: Option<Token>,
}

impl OpStream {
    /// The next result, `None` after the last.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Completion>> {
        let Some(token) = self.token else { return Poll::Ready(None) };
        let polled = self.core.ops.borrow_mut().poll(token, cx.waker());
        match polled {
            Polled::Ready(completion) => {
                if !completion.more {
                    self.token = None;
                }
                Poll::Ready(Some(completion))
            }
            Polled::Pending => Poll::Pending,
            Polled::Gone => {
                self.token = None;
                Poll::Ready(None)
            }
        }
    }
}

impl Drop for OpStream {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.core.abandon(token);
        }
    }
}
