//! The metadata controller's shell: one command at a time, durable before it is seen.
//!
//! For each command: `engine::meta` decides on the newest image, the records are appended to
//! the metadata log, applied, published to all shards, and then the reply leaves. Lives on
//! `Node::controller_shard` only; other shards call it by mailbox through the verbs below.
//! Invariants: the image that shards see has only durable records behind it; a command runs
//! to its end although its caller went away.

pub(crate) mod format;
pub(crate) mod identity;
mod load;
pub(crate) mod log;
mod marks;
pub mod opened;
pub mod starts;

#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use millstream_engine::ids::PartitionIndex;
use millstream_engine::meta::{
    AlterResource, ByName, CreatedTopic, Decision, DeletedTopic, Image, MetaRecord, MorePartitions,
    NewTopic, ProducerIdBlock, TopicRef,
};
use millstream_engine::refusal::Refusal;
use millstream_shards::Class;
use millstream_shards::sync::{Semaphore, oneshot};
use millstream_wire::{ErrorCode, Uuid};

use crate::shard::{Call, Node, Reply};
use crate::storage::StorageFault;
use log::{LocalLog, LogFault, MetaLog};

pub use load::{LoadFault, load, peek};

/// A command to the controller.
#[derive(Debug)]
pub enum ControllerCall {
    CreateTopics {
        topics: Vec<NewTopic>,
        run: Run,
    },
    /// Make sure that one of Kafka's own topics exists.
    InternalTopic {
        name: String,
    },
    DeleteTopics {
        topics: Vec<TopicRef>,
    },
    CreatePartitions {
        topics: Vec<MorePartitions>,
        run: Run,
    },
    AlterConfigs {
        resources: Vec<AlterResource>,
        run: Run,
    },
    /// A block of producer ids for one shard.
    ProducerIds,
    /// Logs of these partitions, by topic and index, failed in service and are opened again.
    NextEpochs {
        partitions: Vec<(Uuid, PartitionIndex)>,
    },
}

impl ControllerCall {
    /// Whether it makes partitions, which need files of their own.
    fn wants_space(&self) -> bool {
        matches!(
            self,
            ControllerCall::CreateTopics { .. }
                | ControllerCall::InternalTopic { .. }
                | ControllerCall::CreatePartitions { .. }
        )
    }
}

/// Whether a command is to change anything (`validate_only`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    Real,
    Dry,
}

impl Run {
    #[must_use]
    pub fn from_validate_only(validate_only: bool) -> Run {
        if validate_only { Run::Dry } else { Run::Real }
    }
}

/// The answer to the call of the same name.
#[derive(Debug)]
pub enum ControllerReply {
    CreateTopics(ByName<CreatedTopic>),
    InternalTopic(Uuid),
    DeleteTopics(Vec<DeletedTopic>),
    CreatePartitions(ByName<()>),
    AlterConfigs(Vec<Result<(), Refusal>>),
    ProducerIds(ProducerIdBlock),
    NextEpochs,
    /// Nothing of the command has happened.
    Refused(Refusal),
}

/// This shard's part of the controller: everything on one shard, nothing on the others.
pub struct Controller {
    leader: Option<Rc<Leader<LocalLog>>>,
    /// Producer ids that this shard may hand out.
    producer_ids: RefCell<ProducerIdBlock>,
    producer_ids_turn: Semaphore,
}

struct Leader<L> {
    log: L,
    image: RefCell<Arc<Image>>,
    /// Held by the command that is under way.
    turn: Semaphore,
    /// The note that all partitions were there names a version that was not committed.
    is_carried: Cell<bool>,
}

impl Controller {
    /// The controller of a shard that does not lead.
    #[must_use]
    pub fn absent() -> Controller {
        Controller {
            leader: None,
            producer_ids: RefCell::default(),
            producer_ids_turn: Semaphore::new(1),
        }
    }

    fn leading(log: LocalLog, image: Arc<Image>) -> Controller {
        let (image, turn, is_carried) = (RefCell::new(image), Semaphore::new(1), Cell::new(false));
        let leader = Leader { log, image, turn, is_carried };
        Controller { leader: Some(Rc::new(leader)), ..Controller::absent() }
    }
}

/// Runs one command. Commands wait for each other in the order in which they came; how many
/// may wait is bounded by the connections' requests in flight.
pub async fn serve(node: Node, call: ControllerCall) -> ControllerReply {
    let Some(leader) = node.controller().leader.clone() else {
        return ControllerReply::Refused(Refusal::new(ErrorCode::NotController));
    };
    let (done, reply) = oneshot::channel();
    let shard = node.shard().clone();
    // In a task of its own: between append and publish nobody may drop it.
    let command = async move {
        let _turn = leader.turn.acquire(1).await;
        let reply = leader.run(&node, call).await;
        // A caller that went away needs no answer.
        let _ = done.send(reply);
    };
    shard.spawn(Class::Latency, "controller-command", command);
    reply.await.unwrap_or_else(|_| ControllerReply::Refused(unavailable()))
}

impl<L: MetaLog> Leader<L> {
    async fn run(&self, node: &Node, call: ControllerCall) -> ControllerReply {
        if let Err(fault) = self.take_back(node).await {
            tracing::error!(%fault, "a metadata command is refused");
            return ControllerReply::Refused(unavailable());
        }
        let image = self.image.borrow().clone();
        // That of the newest image: publish has brought both to this shard.
        let broker = node.config();
        let fresh = || identity::random_uuid(|| node.shard().random_u64());
        if call.wants_space() && node.storage().reserve().is_short() {
            let why = "The device is full; nothing is created until there is space.";
            return ControllerReply::Refused(Refusal::because(ErrorCode::KafkaStorageError, why));
        }
        let committed = match call {
            ControllerCall::CreateTopics { topics, run } => {
                let ids: Vec<Uuid> = topics.iter().map(|_| fresh()).collect();
                let decision = image.decide_create_topics(&topics, &ids, &broker);
                self.finish(node, decision, run).await.map(ControllerReply::CreateTopics)
            }
            ControllerCall::InternalTopic { name } => {
                match image.decide_internal_topic(&name, fresh(), &broker) {
                    Ok(decision) => {
                        let id = self.finish(node, decision, Run::Real).await;
                        id.map(ControllerReply::InternalTopic)
                    }
                    Err(refusal) => Err(refusal),
                }
            }
            ControllerCall::DeleteTopics { topics } => {
                let decision = image.decide_delete_topics(&topics, &broker);
                self.finish(node, decision, Run::Real).await.map(ControllerReply::DeleteTopics)
            }
            ControllerCall::CreatePartitions { topics, run } => {
                let decision = image.decide_create_partitions(&topics, &broker);
                self.finish(node, decision, run).await.map(ControllerReply::CreatePartitions)
            }
            ControllerCall::AlterConfigs { resources, run } => {
                let decision = image.decide_alter_configs(&resources, &broker);
                self.finish(node, decision, run).await.map(ControllerReply::AlterConfigs)
            }
            ControllerCall::ProducerIds => match image.decide_producer_ids(broker.node_id) {
                Ok(decision) => {
                    let block = self.finish(node, decision, Run::Real).await;
                    block.map(ControllerReply::ProducerIds)
                }
                Err(refusal) => Err(refusal),
            },
            ControllerCall::NextEpochs { partitions } => {
                let decision = image.decide_next_epochs(&partitions);
                let dir = node.storage().dir();
                opened::carry_on(node.shard(), dir, &image, &decision.records).await;
                let done = self.finish(node, decision, Run::Real).await;
                self.is_carried.set(done.is_err());
                done.map(|()| ControllerReply::NextEpochs)
            }
        };
        committed.unwrap_or_else(ControllerReply::Refused)
    }

    /// Append, apply, publish; then the reply may leave.
    async fn finish<R>(&self, node: &Node, decision: Decision<R>, run: Run) -> Result<R, Refusal> {
        let Decision { records, reply } = decision;
        if run == Run::Dry || records.is_empty() {
            return Ok(reply);
        }
        let image = self.commit(&records).await.map_err(|fault| {
            tracing::error!(%fault, "a metadata command is refused");
            unavailable()
        })?;
        node.publish(image.clone()).await;
        if self.log.wants_snapshot()
            && let Err(fault) = self.log.snapshot(&image).await
        {
            tracing::warn!(%fault, "the metadata log stays long");
        }
        Ok(reply)
    }

    /// Before other records make the version that a note has promised for some that failed.
    async fn take_back(&self, node: &Node) -> Result<(), StorageFault> {
        if self.is_carried.get() {
            let image = self.image.borrow().clone();
            opened::take_back(node.shard(), node.storage().dir(), &image).await?;
            self.is_carried.set(false);
        }
        Ok(())
    }

    /// Makes the records durable and applies them; gives the image that has them. A log whose end
    /// is unknown since a write failed is first made anew, of what was durable.
    async fn commit(&self, records: &[MetaRecord]) -> Result<Arc<Image>, LogFault> {
        let current = self.image.borrow().clone();
        if self.log.has_failed() {
            self.log.snapshot(&current).await?;
            tracing::info!(version = current.version, "the metadata log is written anew");
        }
        self.log.append(current.version, records).await?;
        let mut image = Image::clone(&current);
        records.iter().for_each(|record| image.apply(record));
        let image = Arc::new(image);
        *self.image.borrow_mut() = image.clone();
        Ok(image)
    }
}

fn unavailable() -> Refusal {
    Refusal::because(
        ErrorCode::KafkaStorageError,
        "The metadata log cannot be written; nothing was changed.",
    )
}

async fn call(node: &Node, call: ControllerCall) -> ControllerReply {
    match node.call(Node::controller_shard(), Call::Controller(call)).await {
        Ok(Reply::Controller(reply)) => reply,
        _ => ControllerReply::Refused(Refusal::new(ErrorCode::NotController)),
    }
}

/// Creates topics; when this returns, every shard serves those that were created.
///
/// # Errors
/// The command as a whole was refused.
pub async fn create_topics(
    node: &Node,
    topics: Vec<NewTopic>,
    run: Run,
) -> Result<ByName<CreatedTopic>, Refusal> {
    match call(node, ControllerCall::CreateTopics { topics, run }).await {
        ControllerReply::CreateTopics(outcomes) => Ok(outcomes),
        other => Err(other.refusal()),
    }
}

/// Makes sure that an internal topic exists, and gives its id.
///
/// # Errors
/// It does not exist and cannot be made.
pub async fn internal_topic(node: &Node, name: &str) -> Result<Uuid, Refusal> {
    if let Some(topic) = node.image().topic(name) {
        return Ok(topic.id);
    }
    match call(node, ControllerCall::InternalTopic { name: name.to_owned() }).await {
        ControllerReply::InternalTopic(id) => Ok(id),
        other => Err(other.refusal()),
    }
}

/// Deletes topics; when this returns, no shard serves them any more.
///
/// # Errors
/// The command as a whole was refused.
pub async fn delete_topics(
    node: &Node,
    topics: Vec<TopicRef>,
) -> Result<Vec<DeletedTopic>, Refusal> {
    match call(node, ControllerCall::DeleteTopics { topics }).await {
        ControllerReply::DeleteTopics(outcomes) => Ok(outcomes),
        other => Err(other.refusal()),
    }
}

/// Adds partitions to topics.
///
/// # Errors
/// The command as a whole was refused.
pub async fn create_partitions(
    node: &Node,
    topics: Vec<MorePartitions>,
    run: Run,
) -> Result<ByName<()>, Refusal> {
    match call(node, ControllerCall::CreatePartitions { topics, run }).await {
        ControllerReply::CreatePartitions(outcomes) => Ok(outcomes),
        other => Err(other.refusal()),
    }
}

/// Changes configs; the outcomes stand in the order of the resources.
///
/// # Errors
/// The command as a whole was refused.
pub async fn alter_configs(
    node: &Node,
    resources: Vec<AlterResource>,
    run: Run,
) -> Result<Vec<Result<(), Refusal>>, Refusal> {
    match call(node, ControllerCall::AlterConfigs { resources, run }).await {
        ControllerReply::AlterConfigs(outcomes) => Ok(outcomes),
        other => Err(other.refusal()),
    }
}

/// Sees to it that these partitions, by topic and index, go on in later leader epochs; when this
/// returns every shard has the metadata that says so.
///
/// # Errors
/// None of them does.
pub async fn next_epochs(
    node: &Node,
    partitions: Vec<(Uuid, PartitionIndex)>,
) -> Result<(), Refusal> {
    match call(node, ControllerCall::NextEpochs { partitions }).await {
        ControllerReply::NextEpochs => Ok(()),
        other => Err(other.refusal()),
    }
}

/// The next producer id of this shard's block; takes a new block when that is used up.
///
/// # Errors
/// There is no block to be had.
pub async fn next_producer_id(node: &Node) -> Result<i64, Refusal> {
    let controller = node.controller();
    let _turn = controller.producer_ids_turn.acquire(1).await;
    if let Some(id) = controller.producer_ids.borrow_mut().take() {
        return Ok(id.0);
    }
    match call(node, ControllerCall::ProducerIds).await {
        ControllerReply::ProducerIds(mut block) => {
            let id = block.take().map(|id| id.0);
            *controller.producer_ids.borrow_mut() = block;
            id.ok_or_else(|| Refusal::new(ErrorCode::UnknownServerError))
        }
        other => Err(other.refusal()),
    }
}

impl ControllerReply {
    /// Why the command was refused; an answer to another call counts as none.
    fn refusal(self) -> Refusal {
        match self {
            ControllerReply::Refused(refusal) => refusal,
            _ => Refusal::new(ErrorCode::UnknownServerError),
        }
    }
}
