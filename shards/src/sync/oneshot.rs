//! One value from one task to another of the same shard.
//!
//! The receiver is a future; it completes with `Closed` if the sender is dropped unused.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

enum State<T> {
    Empty(Option<Waker>),
    Full(T),
    /// The sender is gone without a value, or the value has been taken.
    SenderGone,
    ReceiverGone,
}

/// The sender was dropped without sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender was dropped without sending")
    }
}

impl std::error::Error for Closed {}

pub struct Sender<T>(Rc<RefCell<State<T>>>);

pub struct Receiver<T>(Rc<RefCell<State<T>>>);

pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let state = Rc::new(RefCell::new(State::Empty(None)));
    (Sender(state.clone()), Receiver(state))
}

impl<T> Sender<T> {
    /// Gives the value back if nobody can receive it any more.
    pub fn send(self, value: T) -> Result<(), T> {
        let waker = {
            let mut state = self.0.borrow_mut();
            match &mut *state {
                State::Empty(waker) => {
                    let waker = waker.take();
                    *state = State::Full(value);
                    waker
                }
                State::Full(_) | State::SenderGone | State::ReceiverGone => return Err(value),
            }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }

    pub fn is_closed(&self) -> bool {
        matches!(*self.0.borrow(), State::ReceiverGone)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let waker = {
            let mut state = self.0.borrow_mut();
            match &mut *state {
                State::Empty(waker) => {
                    let waker = waker.take();
                    *state = State::SenderGone;
                    waker
                }
                State::Full(_) | State::SenderGone | State::ReceiverGone => None,
            }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Receiver<T> {
    /// The value, if it is there already.
    pub fn try_recv(&mut self) -> Option<T> {
        let mut state = self.0.borrow_mut();
        match std::mem::replace(&mut *state, State::SenderGone) {
            State::Full(value) => Some(value),
            other => {
                *state = other;
                None
            }
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(value) = self.try_recv() {
            return Poll::Ready(Ok(value));
        }
        let old = {
            let mut state = self.0.borrow_mut();
            match &mut *state {
                State::Empty(waker) => waker.replace(cx.waker().clone()),
                State::Full(_) | State::SenderGone | State::ReceiverGone => {
                    return Poll::Ready(Err(Closed));
                }
            }
        };
        drop(old);
        Poll::Pending
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let old = std::mem::replace(&mut *self.0.borrow_mut(), State::ReceiverGone);
        drop(old);
    }
}
