//! `Notify`: wakes whoever waits now.
//!
//! `notified()` counts from its creation: a notification between creating the future and its
//! first poll is not lost. A notification with nobody waiting is forgotten.
//! Invariant: every waiter in `waiters` belongs to a live `Notified` of an older epoch.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use slab::Slab;

/// Clones share the same waiters.
#[derive(Clone, Default)]
pub struct Notify(Rc<Inner>);

#[derive(Default)]
struct Inner {
    epoch: Cell<u64>,
    waiters: RefCell<Slab<Waker>>,
}

impl Notify {
    pub fn new() -> Notify {
        Notify::default()
    }

    /// Wakes every future that `notified()` has given out so far.
    pub fn notify_waiters(&self) {
        self.0.epoch.set(self.0.epoch.get() + 1);
        if self.0.waiters.borrow().is_empty() {
            return;
        }
        let woken = std::mem::take(&mut *self.0.waiters.borrow_mut());
        woken.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// Completes at the next `notify_waiters` after this call.
    pub fn notified(&self) -> Notified {
        Notified { inner: self.0.clone(), epoch: self.0.epoch.get(), slot: None }
    }

    /// Futures that wait, for tests and metrics.
    pub fn waiting(&self) -> usize {
        self.0.waiters.borrow().len()
    }
}

pub struct Notified {
    inner: Rc<Inner>,
    epoch: u64,
    slot: Option<usize>,
}

impl Future for Notified {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.inner.epoch.get() != self.epoch {
            self.slot = None;
            return Poll::Ready(());
        }
        match self.slot {
            Some(slot) => {
                let mut waiters = self.inner.waiters.borrow_mut();
                if !waiters[slot].will_wake(cx.waker()) {
                    let old = std::mem::replace(&mut waiters[slot], cx.waker().clone());
                    drop(waiters);
                    drop(old);
                }
            }
            None => {
                let slot = self.inner.waiters.borrow_mut().insert(cx.waker().clone());
                self.slot = Some(slot);
            }
        }
        Poll::Pending
    }
}

impl Drop for Notified {
    fn drop(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        if self.inner.epoch.get() != self.epoch {
            return;
        }
        let waker = self.inner.waiters.borrow_mut().try_remove(slot);
        drop(waker);
    }
}
