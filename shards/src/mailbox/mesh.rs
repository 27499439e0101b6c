//! The mesh: one bounded single-producer ring from every shard to every shard, one many-producer
//! queue from all other threads to each shard.
//!
//! Full means `Err` or wait at the sender; nothing is dropped while the receiver lives. Messages
//! of one sender arrive in order. A shard's rings are polled by its loop every turn.
//! Invariant: `Endpoint` is `!Send`; producer ends are used by their own shard only.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};

use crossbeam::queue::ArrayQueue;
use crossbeam::utils::CachePadded;
use rtrb::{Consumer, Producer, PushError, RingBuffer};

use super::atomics::{AtomicBool, Ordering, fence};
use super::bell::Bell;
use crate::config::ShardId;
use crate::core::Core;
use crate::limits::{INJECTOR_SLOTS, MAILBOX_SLOTS};

/// Set by a sender that waits for room in one ring; cleared by the receiver that makes it.
type RoomWanted = Arc<CachePadded<AtomicBool>>;

struct Outbox<M> {
    ring: Producer<M>,
    wanted: RoomWanted,
}

struct Inbox<M> {
    ring: Consumer<M>,
    wanted: RoomWanted,
}

/// One shard's ends of the mesh, not yet tied to its runtime.
pub(crate) struct Mesh<M> {
    outboxes: Vec<Outbox<M>>,
    inboxes: Vec<Inbox<M>>,
    external: Arc<ArrayQueue<M>>,
}

impl<M> Mesh<M> {
    /// All ends for `count` shards, in order of shard.
    pub(crate) fn build(count: usize) -> Vec<Mesh<M>> {
        let empty = |_| Mesh {
            outboxes: Vec::with_capacity(count),
            inboxes: Vec::with_capacity(count),
            external: Arc::new(ArrayQueue::new(INJECTOR_SLOTS)),
        };
        let mut meshes: Vec<Mesh<M>> = (0..count).map(empty).collect();
        for from in 0..count {
            for to in 0..count {
                let (producer, consumer) = RingBuffer::new(MAILBOX_SLOTS);
                let wanted = RoomWanted::default();
                meshes[from].outboxes.push(Outbox { ring: producer, wanted: wanted.clone() });
                meshes[to].inboxes.push(Inbox { ring: consumer, wanted });
            }
        }
        meshes
    }

    pub(crate) fn external(&self) -> Arc<ArrayQueue<M>> {
        self.external.clone()
    }
}

/// Looked at by the loop every turn.
pub(crate) trait MailboxPoll {
    /// Whether a message waits. Cheap: no syscall, no lock.
    fn has_message(&self) -> bool;
    /// Wakes the receiving task if there is a message, and sending tasks if there is room.
    fn wake_tasks(&self);
}

/// A shard's mailbox: clones are the same mailbox, for tasks of this shard.
pub struct Endpoint<M>(Rc<Inner<M>>);

impl<M> Clone for Endpoint<M> {
    fn clone(&self) -> Endpoint<M> {
        Endpoint(self.0.clone())
    }
}

struct Inner<M> {
    core: Rc<Core>,
    bells: Vec<Arc<Bell>>,
    outboxes: RefCell<Vec<Outbox<M>>>,
    inboxes: RefCell<Vec<Inbox<M>>>,
    external: Arc<ArrayQueue<M>>,
    /// Where the next look begins, so that no sender is preferred.
    next: Cell<usize>,
    receiver: RefCell<Option<Waker>>,
    senders: RefCell<Vec<(ShardId, Waker)>>,
}

impl<M: 'static> Endpoint<M> {
    pub(crate) fn new(core: Rc<Core>, mesh: Mesh<M>, bells: Vec<Arc<Bell>>) -> Endpoint<M> {
        let endpoint = Endpoint(Rc::new(Inner {
            core: core.clone(),
            bells,
            outboxes: RefCell::new(mesh.outboxes),
            inboxes: RefCell::new(mesh.inboxes),
            external: mesh.external,
            next: Cell::new(0),
            receiver: RefCell::new(None),
            senders: RefCell::new(Vec::new()),
        }));
        core.set_mailbox(endpoint.0.clone());
        endpoint
    }

    /// Sends at once, or gives the message back if that ring is full.
    ///
    /// # Panics
    /// If there is no such shard.
    pub fn try_send(&self, to: ShardId, message: M) -> Result<(), M> {
        let pushed = self.0.outboxes.borrow_mut()[to.index()].ring.push(message);
        match pushed {
            Ok(()) => {
                self.0.core.stats().mailbox_sent.add(1);
                self.0.ring_bell(to);
                Ok(())
            }
            Err(PushError::Full(message)) => Err(message),
        }
    }

    /// Sends, waiting for room. A future dropped before it completes has sent nothing.
    pub async fn send(&self, to: ShardId, message: M) {
        let mut held = Some(message);
        poll_fn(|cx| {
            let Some(message) = held.take() else { return Poll::Ready(()) };
            let Err(message) = self.try_send(to, message) else { return Poll::Ready(()) };
            self.0.outboxes.borrow()[to.index()].wanted.store(true, Ordering::Relaxed);
            fence(Ordering::SeqCst);
            // The receiver may have made room before it could see the wish.
            let Err(message) = self.try_send(to, message) else { return Poll::Ready(()) };
            held = Some(message);
            self.0.senders.borrow_mut().push((to, cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// A message that waits, if one does.
    pub fn try_recv(&self) -> Option<(ShardId, M)> {
        let (from, message) = self.0.pop()?;
        self.0.core.stats().mailbox_received.add(1);
        Some((from, message))
    }

    /// The next message and the shard that sent it; `ShardId::EXTERNAL` for an `Injector`. One
    /// task receives at a time: a second one takes the first one's place.
    pub async fn recv(&self) -> (ShardId, M) {
        poll_fn(|cx| {
            if let Some(received) = self.try_recv() {
                return Poll::Ready(received);
            }
            let old = self.0.receiver.replace(Some(cx.waker().clone()));
            drop(old);
            Poll::Pending
        })
        .await
    }
}

impl<M> Inner<M> {
    fn ring_bell(&self, to: ShardId) {
        let bell = &self.bells[to.index()];
        if to != self.core.id() && bell.flag().must_kick() {
            self.core.kick(bell);
        }
    }

    fn pop(&self) -> Option<(ShardId, M)> {
        let mut inboxes = self.inboxes.borrow_mut();
        let count = inboxes.len();
        let first = self.next.get();
        for step in 0..=count {
            let at = (first + step) % (count + 1);
            if at == count {
                if let Some(message) = self.external.pop() {
                    self.next.set(0);
                    return Some((ShardId::EXTERNAL, message));
                }
                continue;
            }
            let inbox = &mut inboxes[at];
            if let Ok(message) = inbox.ring.pop() {
                fence(Ordering::SeqCst);
                let wanted = inbox.wanted.load(Ordering::Relaxed)
                    && inbox.wanted.swap(false, Ordering::AcqRel);
                self.next.set(at + 1);
                drop(inboxes);
                let from = ShardId(at as u16);
                if wanted {
                    self.ring_bell(from);
                }
                return Some((from, message));
            }
        }
        None
    }

    fn has_room(&self, to: ShardId) -> bool {
        self.outboxes.borrow()[to.index()].ring.slots() > 0
    }
}

impl<M> MailboxPoll for Inner<M> {
    fn has_message(&self) -> bool {
        let waits = |inbox: &Inbox<M>| !inbox.ring.is_empty();
        !self.external.is_empty() || self.inboxes.borrow().iter().any(waits) || {
            let senders = self.senders.borrow();
            senders.iter().any(|(to, _)| self.has_room(*to))
        }
    }

    fn wake_tasks(&self) {
        if self.receiver.borrow().is_none() && self.senders.borrow().is_empty() {
            return;
        }
        if !self.has_message() {
            return;
        }
        let receiver = self.receiver.take();
        if let Some(waker) = receiver {
            waker.wake();
        }
        let senders = self.senders.take();
        let (ready, waiting) = senders.into_iter().partition(|(to, _)| self.has_room(*to));
        self.senders.borrow_mut().extend::<Vec<_>>(waiting);
        let ready: Vec<(ShardId, Waker)> = ready;
        ready.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

/// Sends to one shard from any thread.
pub struct Injector<M> {
    queue: Arc<ArrayQueue<M>>,
    bell: Arc<Bell>,
}

impl<M> Clone for Injector<M> {
    fn clone(&self) -> Injector<M> {
        Injector { queue: self.queue.clone(), bell: self.bell.clone() }
    }
}

impl<M> Injector<M> {
    pub(crate) fn new(queue: Arc<ArrayQueue<M>>, bell: Arc<Bell>) -> Injector<M> {
        Injector { queue, bell }
    }

    /// Gives the message back if the queue is full.
    pub fn send(&self, message: M) -> Result<(), M> {
        self.queue.push(message)?;
        self.bell.wake();
        Ok(())
    }
}
