//! What one shard owns: its partitions, its coordinators, its view of the metadata.
//!
//! A `Node` is a cheap handle on that state; it never leaves its shard (`!Send`). Work for
//! a partition that another shard owns travels as a [`Call`] and comes back as a [`Reply`];
//! nothing else crosses cores. Created once per shard by `boot`, used by every handler.
//!
//! Invariant: a partition is open on exactly one shard, the one that `placement` names.

pub mod boot;
pub mod calls;
mod parcels;
mod partitions;
mod peers;
pub use peers::Envelope;
pub mod placement;
mod reopen;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use millstream_engine::config::BrokerConfig;
use millstream_engine::meta::Image;
use millstream_engine::now::Now;
use millstream_engine::refusal::Refusal;
use millstream_shards::{Shard, ShardId};
use millstream_wire::{ErrorCode, Uuid};

use crate::controller::Controller;
use crate::coordinator::Coordinator;
use crate::metrics::{Metrics, ShardMetrics};
use crate::net::{Answers, Budget, Identity, Room};
use crate::storage::{PartitionLog, Storage};

pub use calls::{Call, CallFault, Reply};
pub use parcels::{Parcel, Parcels, Slots};

/// Handle on everything that a handler may reach on its own shard.
#[derive(Clone)]
pub struct Node(Rc<Inner>);

struct Inner {
    shard: Shard,
    peers: peers::Peers,
    storage: Storage,
    partitions: partitions::Partitions,
    image: RefCell<Arc<Image>>,
    config: RefCell<Arc<BrokerConfig>>,
    identity: Identity,
    room: Room,
    metrics: Arc<Metrics>,
    budget: Budget,
    answers: Answers,
    coordinator: Coordinator,
    controller: Controller,
    sessions: RefCell<millstream_engine::fetch::SessionCache>,
}

impl Node {
    #[must_use]
    pub fn shard(&self) -> &Shard {
        &self.0.shard
    }

    #[must_use]
    pub fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// In builds with debug assertions, has `check` look at this shard at the end of every turn,
    /// which it is told the number of, while the shard's state is there.
    pub fn check_each_turn(&self, check: impl Fn(&Node, usize) + 'static) {
        let inner = Rc::downgrade(&self.0);
        let mut turn = 0usize;
        self.shard().check_each_turn(move || {
            let Some(inner) = inner.upgrade() else { return false };
            check(&Node(inner), turn);
            turn = turn.wrapping_add(1);
            true
        });
    }

    /// The newest metadata that this shard has applied.
    #[must_use]
    pub fn image(&self) -> Arc<Image> {
        self.0.image.borrow().clone()
    }

    /// This broker's settings, dynamic ones included, as of the newest metadata.
    #[must_use]
    pub fn config(&self) -> Arc<BrokerConfig> {
        self.0.config.borrow().clone()
    }

    /// Who this broker is, and the address it tells clients.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }

    /// This shard's own counters; nobody else writes them.
    #[must_use]
    pub fn counters(&self) -> &ShardMetrics {
        self.0.metrics.shard(self.0.shard.id().0)
    }

    /// This shard's group coordinators.
    #[must_use]
    pub fn coordinator(&self) -> &Coordinator {
        &self.0.coordinator
    }

    /// The metadata controller; it acts on [`Node::controller_shard`] only.
    #[must_use]
    pub fn controller(&self) -> &Controller {
        &self.0.controller
    }

    /// Memory that requests may hold before their answers have left.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// Memory that promised records may hold until they have left.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// The fetch sessions (KIP-227) of this shard's connections.
    pub(crate) fn sessions(&self) -> &RefCell<millstream_engine::fetch::SessionCache> {
        &self.0.sessions
    }

    /// Both clocks, as of this turn of the shard's loop.
    #[must_use]
    pub fn now(&self) -> Now {
        Now { wall_ms: self.0.shard.wall_ms(), mono_ns: self.0.shard.now_ns() }
    }

    /// The shard that runs the metadata controller.
    #[must_use]
    pub fn controller_shard() -> ShardId {
        ShardId(0)
    }

    /// The shard that owns a partition, whether or not the partition exists.
    #[must_use]
    pub fn owner_of(&self, topic_id: Uuid, index: i32) -> ShardId {
        placement::owner(topic_id, index, self.0.shard.count())
    }

    /// A partition that this shard owns and has open.
    #[must_use]
    pub fn partition(&self, topic_id: Uuid, index: i32) -> Option<PartitionLog> {
        self.0.partitions.get(topic_id, index)
    }

    /// Why there is no such partition open here: it is offline, or is not ours.
    #[must_use]
    pub fn absence(&self, topic_id: Uuid, index: i32) -> Refusal {
        match self.0.partitions.is_offline(topic_id, index) {
            true => Refusal::because(ErrorCode::KafkaStorageError, "the partition is offline"),
            false => Refusal::new(ErrorCode::NotLeaderOrFollower),
        }
    }

    /// How many partitions of this shard could not be opened.
    #[must_use]
    pub fn offline_count(&self) -> usize {
        self.0.partitions.offline_len()
    }

    /// How many partitions of this shard were opened again after a failed write.
    #[must_use]
    pub fn reopened_count(&self) -> u64 {
        self.0.partitions.reopened()
    }

    /// All partitions open on this shard, in no particular order.
    #[must_use]
    pub fn partitions(&self) -> Vec<(Uuid, i32, PartitionLog)> {
        self.0.partitions.all()
    }

    /// How many partitions are open on this shard.
    #[must_use]
    pub fn partition_count(&self) -> usize {
        self.0.partitions.len()
    }

    /// Runs `call` on shard `to` and waits for its answer. A call to this shard itself
    /// crosses no ring. Calls from one shard to another start in the order they were made.
    ///
    /// # Errors
    /// `CallFault::Stopping` when the other shard has stopped.
    pub async fn call(&self, to: ShardId, call: Call) -> Result<Reply, CallFault> {
        if to == self.0.shard.id() {
            return Ok(calls::serve(self.clone(), call).await);
        }
        self.0.peers.call(to, call).await
    }

    /// Makes `image` the metadata of every shard. When this returns each shard has opened
    /// the partitions that it newly owns and closed those that are gone. Controller only.
    pub async fn publish(&self, image: Arc<Image>) {
        let waits: Vec<_> = (0..self.0.shard.count())
            .map(|index| {
                let to = ShardId(u16::try_from(index).unwrap_or(u16::MAX));
                self.call(to, Call::Publish(image.clone()))
            })
            .collect();
        for answer in join_all(waits).await {
            if let Err(fault) = answer {
                tracing::warn!(?fault, "a shard did not take the new metadata");
            }
        }
    }

    pub(crate) fn partitions_map(&self) -> &partitions::Partitions {
        &self.0.partitions
    }

    /// Shows handlers a newer image. What reads a setting from elsewhere than [`Node::config`] or
    /// a topic's settings is told of it here.
    pub(crate) fn set_metadata(&self, image: Arc<Image>, config: Arc<BrokerConfig>) {
        self.0.storage.set_producer_expiration_ms(config.producer_id_expiration_ms);
        *self.0.image.borrow_mut() = image;
        *self.0.config.borrow_mut() = config;
    }

    /// Room for connections, shared by all shards.
    #[must_use]
    pub fn room(&self) -> &Room {
        &self.0.room
    }

    pub(crate) fn peers(&self) -> &peers::Peers {
        &self.0.peers
    }
}

/// The output of `work`; `None`, `work` being dropped, if `end` completes before it.
pub async fn unless<W: Future>(end: impl Future, work: W) -> Option<W::Output> {
    let (mut end, mut work) = (std::pin::pin!(end), std::pin::pin!(work));
    std::future::poll_fn(|cx| {
        if let std::task::Poll::Ready(output) = work.as_mut().poll(cx) {
            return std::task::Poll::Ready(Some(output));
        }
        end.as_mut().poll(cx).map(|_| None)
    })
    .await
}

/// Runs all `jobs`, at most `at_once` of them at a time, in their order.
pub async fn run_bounded(at_once: usize, jobs: impl Iterator<Item = impl Future<Output = ()>>) {
    let jobs = RefCell::new(jobs);
    let worker = async || {
        loop {
            let next = jobs.borrow_mut().next();
            match next {
                Some(job) => job.await,
                None => return,
            }
        }
    };
    join_all((0..at_once).map(|_| worker()).collect()).await;
}

/// Polls all futures until each is done; the outputs keep the futures' order.
pub async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut slots: Vec<_> = futures.into_iter().map(|f| (Some(Box::pin(f)), None)).collect();
    std::future::poll_fn(move |cx| {
        let mut pending = false;
        for (future, output) in &mut slots {
            let Some(running) = future else { continue };
            match running.as_mut().poll(cx) {
                std::task::Poll::Ready(value) => {
                    *output = Some(value);
                    *future = None;
                }
                std::task::Poll::Pending => pending = true,
            }
        }
        if pending {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(slots.iter_mut().filter_map(|(_, output)| output.take()).collect())
    })
    .await
}
