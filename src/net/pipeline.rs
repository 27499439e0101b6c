//! The answers of one connection, in the order of its requests.
//!
//! The reader puts requests in, the writer takes answers out; both live on one shard.
//! Invariants: answers leave in request order; at most `IN_FLIGHT_MAX` requests are inside;
//! after `close` nothing more goes in.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};

use millstream_shards::sync::Notify;

use crate::api::Answer;
use crate::api::table::Serving;

use super::IN_FLIGHT_MAX;

/// A request inside the pipeline.
pub enum Slot {
    Ready(Answer),
    Pending(Serving),
}

impl Slot {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answer> {
        match self {
            Slot::Ready(answer) => Poll::Ready(std::mem::replace(answer, Answer::Nothing)),
            Slot::Pending(serving) => serving.as_mut().poll(cx),
        }
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

    /// The next answer in order; `None` when the pipeline is closed and empty.
    pub async fn next(&self) -> Option<Answer> {
        loop {
            let front = self.slots.borrow_mut().pop_front();
            match front {
                Some(mut slot) => return Some(poll_fn(|cx| slot.poll(cx)).await),
                None if self.closed.get() => return None,
                None => self.filled.notified().await,
            }
        }
    }

    /// A further answer, if it is there already.
    pub fn next_if_ready(&self, cx: &mut Context<'_>) -> Option<Answer> {
        let mut front = self.slots.borrow_mut().pop_front()?;
        match front.poll(cx) {
            Poll::Ready(answer) => Some(answer),
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
