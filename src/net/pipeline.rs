//! The answers of one connection, in the order of its requests.
//!
//! The reader puts requests in, the writer takes answers out; both live on one shard.
//! Invariants: answers leave in request order; at most `IN_FLIGHT_MAX` requests are inside;
//! after `close` nothing more goes in; a request's memory is paid for until its answer has left.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};

use millstream_shards::sync::Notify;

use crate::api::Answer;
use crate::api::table::Serving;

use super::IN_FLIGHT_MAX;
use super::frames::Permit;

/// A request inside the pipeline.
pub struct Slot {
    state: State,
    permit: Permit,
}

enum State {
    Ready(Answer),
    Pending(Serving),
}

impl Slot {
    pub fn ready(answer: Answer, mut permit: Permit) -> Slot {
        permit.served();
        Slot { state: State::Ready(answer), permit }
    }

    pub fn pending(serving: Serving, permit: Permit) -> Slot {
        Slot { state: State::Pending(serving), permit }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        let answer = match &mut self.state {
            State::Ready(answer) => std::mem::replace(answer, Answer::Nothing),
            State::Pending(serving) => std::task::ready!(serving.as_mut().poll(cx)),
        };
        self.permit.served();
        Poll::Ready(answer)
    }
}

#[derive(Default)]
pub struct Pipeline {
    slots: RefCell<VecDeque<Slot>>,
    inside: Cell<usize>,
    closed: Cell<bool>,
    filled: Notify,
    drained: Notify,
}

impl Pipeline {
    pub fn push(&self, slot: Slot) {
        if self.closed.get() {
            return;
        }
        self.slots.borrow_mut().push_back(slot);
        self.inside.set(self.inside.get() + 1);
        self.filled.notify_waiters();
    }

    /// Waits until one more request may go in.
    pub async fn space(&self) {
        while self.inside.get() >= IN_FLIGHT_MAX && !self.closed.get() {
            self.drained.notified().await;
        }
    }

    /// Waits until every answer has been sent.
    pub async fn idle(&self) {
        while self.inside.get() > 0 && !self.closed.get() {
            self.drained.notified().await;
        }
    }

    /// No more requests: the writer ends when it has sent what is inside.
    pub fn close(&self) {
        self.closed.set(true);
        self.filled.notify_waiters();
        self.drained.notify_waiters();
    }

    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// The next answer in order, and what pays for it until it has left; `None` when the
    /// pipeline is closed and empty.
    pub async fn next(&self) -> Option<(Answer, Permit)> {
        loop {
            let front = self.slots.borrow_mut().pop_front();
            match front {
                Some(mut slot) => {
                    let answer = poll_fn(|cx| slot.poll(cx)).await;
                    return Some((answer, slot.permit));
                }
                None if self.closed.get() => return None,
                None => self.filled.notified().await,
            }
        }
    }

    /// A further answer, if it is there already.
    pub fn next_if_ready(&self, cx: &mut Context<'_>) -> Option<(Answer, Permit)> {
        let mut front = self.slots.borrow_mut().pop_front()?;
        match front.poll(cx) {
            Poll::Ready(answer) => Some((answer, front.permit)),
            Poll::Pending => {
                self.slots.borrow_mut().push_front(front);
                None
            }
        }
    }

    /// `count` answers have left.
    pub fn sent(&self, count: usize) {
        self.inside.set(self.inside.get().saturating_sub(count));
        self.drained.notify_waiters();
    }
}
