//! `Semaphore`: a number of permits, handed out in the order in which they were asked for.
//!
//! Fair: nobody overtakes the first waiter, so a large request is not starved by small ones.
//! Invariant: permits out + permits granted to waiters not yet polled + free = the total.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Clones share the same permits.
#[derive(Clone)]
pub struct Semaphore(Rc<RefCell<Inner>>);

struct Inner {
    free: usize,
    next_ticket: u64,
    queue: VecDeque<Waiter>,
}

struct Waiter {
    ticket: u64,
    wanted: usize,
    granted: bool,
    waker: Waker,
}

impl Semaphore {
    pub fn new(permits: usize) -> Semaphore {
        Semaphore(Rc::new(RefCell::new(Inner {
            free: permits,
            next_ticket: 0,
            queue: VecDeque::new(),
        })))
    }

    /// Waits for `n` permits, given back when the `Permit` is dropped. More than the total
    /// waits for ever: bound it at the caller.
    pub fn acquire(&self, n: usize) -> Acquire {
        Acquire { semaphore: self.clone(), wanted: n, ticket: None }
    }

    /// `n` permits if they are free and nobody waits for his.
    pub fn try_acquire(&self, n: usize) -> Option<Permit> {
        let mut inner = self.0.borrow_mut();
        // Those who have theirs and were not polled yet stand in front of all others.
        let somebody_waits = inner.queue.back().is_some_and(|waiter| !waiter.granted);
        if somebody_waits || inner.free < n {
            return None;
        }
        inner.free -= n;
        Some(Permit { semaphore: self.clone(), n })
    }

    pub fn free(&self) -> usize {
        self.0.borrow().free
    }

    /// Adds permits to the total.
    pub fn add(&self, n: usize) {
        let woken = {
            let mut inner = self.0.borrow_mut();
            inner.free += n;
            inner.grant()
        };
        woken.into_iter().for_each(Waker::wake);
    }
}

impl Inner {
    /// Gives free permits to the first waiters. Granted waiters stay queued until polled, at
    /// the front.
    fn grant(&mut self) -> Vec<Waker> {
        let mut woken = Vec::new();
        for waiter in self.queue.iter_mut().filter(|waiter| !waiter.granted) {
            if self.free < waiter.wanted {
                break;
            }
            self.free -= waiter.wanted;
            waiter.granted = true;
            woken.push(waiter.waker.clone());
        }
        woken
    }

    fn position(&self, ticket: u64) -> Option<usize> {
        self.queue.iter().position(|waiter| waiter.ticket == ticket)
    }
}

pub struct Acquire {
    semaphore: Semaphore,
    wanted: usize,
    ticket: Option<u64>,
}

impl Future for Acquire {
    type Output = Permit;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let Some(ticket) = self.ticket else {
            if let Some(permit) = self.semaphore.try_acquire(self.wanted) {
                return Poll::Ready(permit);
            }
            let ticket = {
                let mut inner = self.semaphore.0.borrow_mut();
                let ticket = inner.next_ticket;
                inner.next_ticket += 1;
                let (wanted, waker) = (self.wanted, cx.waker().clone());
                inner.queue.push_back(Waiter { ticket, wanted, granted: false, waker });
                ticket
            };
            self.ticket = Some(ticket);
            return Poll::Pending;
        };
        let old = {
            let mut inner = self.semaphore.0.borrow_mut();
            let at = inner.position(ticket).expect("a waiter stays queued until it is served");
            if inner.queue[at].granted {
                inner.queue.remove(at)
            } else {
                inner.queue[at].waker.clone_from(cx.waker());
                return Poll::Pending;
            }
        };
        drop(old);
        self.ticket = None;
        Poll::Ready(Permit { semaphore: self.semaphore.clone(), n: self.wanted })
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let (gone, woken) = {
            let mut inner = self.semaphore.0.borrow_mut();
            let Some(at) = inner.position(ticket) else { return };
            let gone = inner.queue.remove(at);
            if gone.as_ref().is_some_and(|waiter| waiter.granted) {
                inner.free += self.wanted;
            }
            // The one behind may have waited for this one only.
            (gone, inner.grant())
        };
        drop(gone);
        woken.into_iter().for_each(Waker::wake);
    }
}

/// Permits that are out; dropping gives them back.
pub struct Permit {
    semaphore: Semaphore,
    n: usize,
}

impl Permit {
    pub fn count(&self) -> usize {
        self.n
    }

    /// Gives the permits up for good: the total shrinks.
    pub fn forget(mut self) {
        self.n = 0;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.n > 0 {
            self.semaphore.add(self.n);
        }
    }
}
