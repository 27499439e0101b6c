//! Request and answer over the mailbox mesh: ids, waiting callers, order.
//!
//! One dispatcher task per shard receives; appends start inside it, so that they happen in
//! the order of their sending, and everything else is spawned. A full ring makes the
//! message wait here, at its source, behind those sent before it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use millstream_shards::sync::oneshot;
use millstream_shards::{Class, Endpoint, Shard, ShardId};
use slab::Slab;

use super::Node;
use super::calls::{self, Call, CallFault, Reply};
use crate::api::append;

/// What travels in a ring.
pub enum Envelope {
    Call { id: u32, call: Call },
    Reply { id: u32, reply: Reply },
}

/// This shard's side of the mesh.
#[derive(Clone)]
pub struct Peers(Rc<Inner>);

struct Inner {
    shard: Shard,
    endpoint: Endpoint<Envelope>,
    waiting: RefCell<Slab<oneshot::Sender<Reply>>>,
    outboxes: Vec<RefCell<Outbox>>,
}

#[derive(Default)]
struct Outbox {
    queue: VecDeque<Envelope>,
    draining: bool,
}

impl Peers {
    pub fn new(shard: Shard, endpoint: Endpoint<Envelope>) -> Peers {
        let outboxes = (0..shard.count()).map(|_| RefCell::default()).collect();
        Peers(Rc::new(Inner { shard, endpoint, waiting: RefCell::default(), outboxes }))
    }

    pub async fn call(&self, to: ShardId, call: Call) -> Result<Reply, CallFault> {
        let (sender, receiver) = oneshot::channel();
        let id = self.0.waiting.borrow_mut().insert(sender);
        let id = u32::try_from(id).map_err(|_| CallFault::Stopping)?;
        self.post(to, Envelope::Call { id, call });
        receiver.await.map_err(|_| CallFault::Stopping)
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
            call => {
                self.0.shard.spawn(Class::Latency, "call", async move {
                    let reply = calls::serve(node, call).await;
                    peers.post(from, Envelope::Reply { id, reply });
                });
            }
        }
    }
}
