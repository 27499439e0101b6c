//! `Shard`: the handle through which tasks use their shard. Clones are cheap and `!Send`.
//!
//! Time, randomness, tasks and the pool are here; files are in `fs`, sockets in `net`.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::config::{Class, ShardId};
use crate::core::Core;
use crate::driver::{Job, Op};
use crate::pool::Pool;
use crate::stats::ShardStats;
use crate::task::Task;
use crate::timers::TimerKey;

#[derive(Clone)]
pub struct Shard(pub(crate) Rc<Core>);

impl Shard {
    pub fn id(&self) -> ShardId {
        self.0.id()
    }

    /// Shards of this runtime.
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Monotonic nanoseconds, read once per turn of the loop.
    pub fn now_ns(&self) -> u64 {
        self.0.now_ns()
    }

    /// Monotonic nanoseconds, read now: for measuring within one turn.
    pub fn precise_ns(&self) -> u64 {
        self.0.driver().now_ns()
    }

    /// Unix milliseconds, read once per turn of the loop.
    pub fn wall_ms(&self) -> i64 {
        self.0.wall_ms()
    }

    /// Seeded by the operating system, or by the simulation. Not for secrets.
    pub fn random_u64(&self) -> u64 {
        self.0.random_u64()
    }

    pub fn pool(&self) -> &Pool {
        self.0.pool()
    }

    pub fn stats(&self) -> &Arc<ShardStats> {
        self.0.stats()
    }

    /// Tasks that have not ended.
    pub fn tasks(&self) -> usize {
        self.0.executor.len()
    }

    /// Operations under way, those that nobody awaits any more included.
    pub fn operations(&self) -> usize {
        self.0.ops_in_flight()
    }

    /// Runs `future` as a task of this shard. Dropping the `Task` detaches it.
    pub fn spawn<F>(&self, class: Class, name: &'static str, future: F) -> Task
    where
        F: Future<Output = ()> + 'static,
    {
        self.0.executor.spawn(class, name, Box::pin(future))
    }

    /// In a build with debug assertions, has `check` look at invariants at the end of every turn
    /// of this shard, when no task is in the midst of anything, until it returns false. It may
    /// neither wait nor change anything. Elsewhere it is never called.
    pub fn check_each_turn(&self, check: impl FnMut() -> bool + 'static) {
        self.0.check_each_turn(Box::new(check));
    }

    /// Whether the runtime has been asked to stop.
    pub fn stopping(&self) -> bool {
        self.0.stopping()
    }

    pub async fn stop_requested(&self) {
        self.0.stop_requested().await;
    }

    pub async fn sleep(&self, time: Duration) {
        let ns = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.sleep_until(self.precise_ns().saturating_add(ns)).await;
    }

    /// Sleeps until `now_ns` has reached `ns`.
    pub async fn sleep_until(&self, ns: u64) {
        Sleep { core: self.0.clone(), deadline_ns: ns, key: None }.await;
    }

    /// The future's output, or `None` (the future being dropped) if `time` passes first.
    pub async fn timeout<F: Future>(&self, time: Duration, future: F) -> Option<F::Output> {
        first(future, self.sleep(time)).await
    }

    /// The future's output, or `None` (the future being dropped) if `now_ns` reaches `ns` first.
    /// A future that is ready at once counts, although its time is over.
    pub async fn timeout_at<F: Future>(&self, ns: u64, future: F) -> Option<F::Output> {
        first(future, self.sleep_until(ns)).await
    }

    /// Lets every other ready task of the class run first.
    pub async fn yield_now(&self) {
        let mut yielded = false;
        poll_fn(|cx| {
            if yielded {
                return Poll::Ready(());
            }
            yielded = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Runs `call` on a thread that may block, and waits for its result. `None` if it panicked.
    /// Dropping the future does not stop a call that has begun.
    pub async fn blocking<T, F>(&self, call: F) -> Option<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let slot = result.clone();
        let job = Job(Box::new(move || {
            let value = call();
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        }));
        let completion = self.0.start(Op::Call(job)).await;
        completion.result.ok()?;
        result.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

async fn first<F: Future>(future: F, expiry: impl Future<Output = ()>) -> Option<F::Output> {
    let (mut future, mut expired) = (pin!(future), pin!(expiry));
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        expired.as_mut().poll(cx).map(|()| None)
    })
    .await
}

struct Sleep {
    core: Rc<Core>,
    deadline_ns: u64,
    key: Option<TimerKey>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.core.now_ns() >= self.deadline_ns {
            return Poll::Ready(());
        }
        let core = self.core.clone();
        let mut timers = core.timers.borrow_mut();
        let kept = self.key.is_some_and(|key| timers.rewake(key, cx.waker()));
        if !kept {
            self.key = Some(timers.set(self.deadline_ns, cx.waker().clone()));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let waker = self.core.timers.borrow_mut().cancel(key);
            drop(waker);
        }
    }
}
