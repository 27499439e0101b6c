//! Request and answer over the mailbox mesh: ids, waiting callers, order.
//!
//! One dispatcher task per shard receives; appends start inside it, so that they happen in
//! the order of their sending, and everything else is spawned. A full ring makes the
//! message wait here, at its source, behind those sent before it. A call that only looks or
//! waits ends with its caller: the target is told, and answers so that the id is free again.
//! Invariant: every call is answered exactly once; its id is not used again before.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use millstream_shards::sync::oneshot;
use millstream_shards::{Class, Endpoint, Shard, ShardId};
use slab::Slab;

use super::calls::{self, Call, CallFault, Reply};
use super::{Node, unless};
use crate::api::append;

/// What travels in a ring.
pub enum Envelope {
    Call {
        id: u32,
        call: Call,
    },
    Reply {
        id: u32,
        reply: Reply,
    },
    /// Nobody waits for this call's answer any more.
    Abandon {
        id: u32,
    },
}

/// This shard's side of the mesh.
#[derive(Clone)]
pub struct Peers(Rc<Inner>);

struct Inner {
    shard: Shard,
    endpoint: Endpoint<Envelope>,
    waiting: RefCell<Slab<oneshot::Sender<Reply>>>,
    outboxes: Vec<RefCell<Outbox>>,
    /// Calls under way here that end with their callers; dropping the sender ends one.
    endable: RefCell<HashMap<(ShardId, u32), oneshot::Sender<()>>>,
}

/// Tells the target when its caller is gone before the answer.
struct Interest<'a> {
    peers: &'a Peers,
    to: ShardId,
    id: u32,
    answer: oneshot::Receiver<Reply>,
    is_waiting: bool,
}

impl Drop for Interest<'_> {
    fn drop(&mut self) {
        // The id of one that is answered may be another call's by now.
        if self.is_waiting && self.answer.try_recv().is_none() {
            self.peers.post(self.to, Envelope::Abandon { id: self.id });
        }
    }
}

#[derive(Default)]
struct Outbox {
    queue: VecDeque<Envelope>,
    draining: bool,
}

impl Peers {
    pub fn new(shard: Shard, endpoint: Endpoint<Envelope>) -> Peers {
        let outboxes = (0..shard.count()).map(|_| RefCell::default()).collect();
        Peers(Rc::new(Inner {
            shard,
            endpoint,
            waiting: RefCell::default(),
            outboxes,
            endable: RefCell::default(),
        }))
    }

    pub async fn call(&self, to: ShardId, call: Call) -> Result<Reply, CallFault> {
        let (sender, answer) = oneshot::channel();
        let id = self.0.waiting.borrow_mut().insert(sender);
        let id = u32::try_from(id).map_err(|_| CallFault::Stopping)?;
        let is_endable = call.ends_with_its_caller();
        self.post(to, Envelope::Call { id, call });
        let mut interest = Interest { peers: self, to, id, answer, is_waiting: is_endable };
        let reply = (&mut interest.answer).await;
        interest.is_waiting = false;
        reply.map_err(|_| CallFault::Stopping)
    }

    /// Calls that this shard has sent and that are not answered yet.
    pub fn unanswered(&self) -> usize {
        self.0.waiting.borrow().len()
    }

    fn post(&self, to: ShardId, envelope: Envelope) {
        let mut outbox = self.0.outboxes[usize::from(to.0)].borrow_mut();
        if outbox.draining {
            outbox.queue.push_back(envelope);
            return;
        }
        let Err(envelope) = self.0.endpoint.try_send(to, envelope) else { return };
        outbox.queue.push_back(envelope);
        outbox.draining = true;
        drop(outbox);
        let peers = self.clone();
        self.0.shard.spawn(Class::Latency, "mailbox-drain", async move { peers.drain(to).await });
    }

    async fn drain(&self, to: ShardId) {
        loop {
            let next = {
                let mut outbox = self.0.outboxes[usize::from(to.0)].borrow_mut();
                match outbox.queue.pop_front() {
                    Some(next) => next,
                    None => {
                        outbox.draining = false;
                        return;
                    }
                }
            };
            self.0.endpoint.send(to, next).await;
        }
    }

    /// Receives for as long as the shard lives. One task per shard runs this.
    pub async fn dispatch(self, node: Node) {
        loop {
            let (from, envelope) = self.0.endpoint.recv().await;
            match envelope {
                Envelope::Reply { id, reply } => self.complete(id, reply),
                Envelope::Call { id, call } => self.start(&node, from, id, call),
                Envelope::Abandon { id } => drop(self.0.endable.borrow_mut().remove(&(from, id))),
            }
        }
    }

    fn complete(&self, id: u32, reply: Reply) {
        let waiting = self.0.waiting.borrow_mut().try_remove(id as usize);
        if let Some(sender) = waiting {
            // A caller that went away (its connection closed) needs no answer.
            let _ = sender.send(reply);
        }
    }

    fn start(&self, node: &Node, from: ShardId, id: u32, call: Call) {
        let peers = self.clone();
        let node = node.clone();
        match call {
            Call::Append(call) => {
                let begun = append::begin(&node, call);
                self.0.shard.spawn(Class::Latency, "call-append", async move {
                    let reply = Reply::Append(begun.finish().await);
                    peers.post(from, Envelope::Reply { id, reply });
                });
            }
            call if call.ends_with_its_caller() => {
                let (end, ended) = oneshot::channel();
                self.0.endable.borrow_mut().insert((from, id), end);
                self.0.shard.spawn(Class::Latency, "call", async move {
                    let served = unless(ended, calls::serve(node, call)).await;
                    drop(peers.0.endable.borrow_mut().remove(&(from, id)));
                    peers.post(from, Envelope::Reply { id, reply: served.unwrap_or(Reply::Done) });
                });
            }
            call => {
                self.0.shard.spawn(Class::Latency, "call", async move {
                    let reply = calls::serve(node, call).await;
                    peers.post(from, Envelope::Reply { id, reply });
                });
            }
        }
    }
}
