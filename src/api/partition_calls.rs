//! What a partition can be asked besides appends and reads, on the shard that owns it.
//!
//! A handler makes one question per partition; `ask` sends them to their owners, one message
//! each, all at once, and puts the answers back in order. `serve` runs on the owner. Refusals
//! are per partition; a partition that the owner has not open is NOT_LEADER_OR_FOLLOWER.

use millstream_engine::ids::{LeaderEpoch, Offset, PartitionIndex};
use millstream_engine::log::ProducerSnapshot;
use millstream_engine::meta::{Image, Topic};
use millstream_engine::refusal::Refusal;
use millstream_wire::{ErrorCode, Uuid};

use super::list_offsets::{self, FoundOffset, OffsetQuery};
use crate::shard::{Call, Node, Parcels, Reply, join_all};
use crate::storage::PartitionLog;

/// The wire's way to name no leader epoch.
const NO_EPOCH: i32 = -1;

/// One partition of the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionAt {
    pub topic_id: Uuid,
    pub index: i32,
}

/// ListOffsets: where a time, or an end of the log, is.
#[derive(Clone, Copy, Debug)]
pub struct OffsetQuestion {
    pub at: PartitionAt,
    pub epoch: Option<i32>,
    pub query: OffsetQuery,
}

/// DeleteRecords: let go of everything before an offset; -1 is the high watermark.
#[derive(Clone, Copy, Debug)]
pub struct DeleteQuestion {
    pub at: PartitionAt,
    pub offset: i64,
}

/// OffsetForLeaderEpoch: where the batches of an epoch end.
#[derive(Clone, Copy, Debug)]
pub struct EpochQuestion {
    pub at: PartitionAt,
    pub current: Option<i32>,
    pub epoch: i32,
}

/// DescribeProducers: who writes here.
#[derive(Clone, Copy, Debug)]
pub struct ProducersQuestion {
    pub at: PartitionAt,
}

/// DescribeLogDirs: how large is it.
#[derive(Clone, Copy, Debug)]
pub struct SizeQuestion {
    pub at: PartitionAt,
}

/// Questions of one request to one owner shard.
#[derive(Debug)]
pub enum PartitionCall {
    Offsets(Vec<OffsetQuestion>),
    Delete(Vec<DeleteQuestion>),
    Epochs(Vec<EpochQuestion>),
    Producers(Vec<ProducersQuestion>),
    Sizes(Vec<SizeQuestion>),
}

/// One answer per question, in the same order.
#[derive(Debug)]
pub enum PartitionReply {
    Offsets(Answers<FoundOffset>),
    Delete(Answers<Offset>),
    Epochs(Answers<Option<(LeaderEpoch, Offset)>>),
    Producers(Answers<Vec<ProducerSnapshot>>),
    Sizes(Answers<u64>),
}

pub type Answers<T> = Vec<Result<T, Refusal>>;

/// A question that can travel to its partition's owner.
pub trait Question: Copy {
    type Answer;

    fn at(&self) -> PartitionAt;
    fn call(questions: Vec<Self>) -> PartitionCall;
    /// `None`: the reply is to another kind of question.
    fn answers(reply: PartitionReply) -> Option<Answers<Self::Answer>>;
}

macro_rules! question {
    ($question:ident, $variant:ident, $answer:ty) => {
        impl Question for $question {
            type Answer = $answer;

            fn at(&self) -> PartitionAt {
                self.at
            }

            fn call(questions: Vec<Self>) -> PartitionCall {
                PartitionCall::$variant(questions)
            }

            fn answers(reply: PartitionReply) -> Option<Answers<$answer>> {
                match reply {
                    PartitionReply::$variant(answers) => Some(answers),
                    _ => None,
                }
            }
        }
    };
}

question!(OffsetQuestion, Offsets, FoundOffset);
question!(DeleteQuestion, Delete, Offset);
question!(EpochQuestion, Epochs, Option<(LeaderEpoch, Offset)>);
question!(ProducersQuestion, Producers, Vec<ProducerSnapshot>);
question!(SizeQuestion, Sizes, u64);

/// The partition that a request names.
///
/// # Errors
/// UNKNOWN_TOPIC_OR_PARTITION.
pub fn locate(image: &Image, topic: &str, index: i32) -> Result<PartitionAt, Refusal> {
    let unknown = || Refusal::new(ErrorCode::UnknownTopicOrPartition);
    locate_in(image.topic(topic).ok_or_else(unknown)?, index)
}

/// The partition `index` of a topic.
///
/// # Errors
/// UNKNOWN_TOPIC_OR_PARTITION.
pub fn locate_in(topic: &Topic, index: i32) -> Result<PartitionAt, Refusal> {
    match topic.partition(PartitionIndex(index)) {
        Some(_) => Ok(PartitionAt { topic_id: topic.id, index }),
        None => Err(Refusal::new(ErrorCode::UnknownTopicOrPartition)),
    }
}

/// Asks all owners at once. What was refused before it could be asked stays in its place.
pub async fn ask<Q: Question>(
    node: &Node,
    questions: Vec<Result<Q, Refusal>>,
) -> Answers<Q::Answer> {
    let mut answers: Vec<Option<Result<Q::Answer, Refusal>>> = Vec::new();
    let mut parcels = Parcels::default();
    for (slot, question) in questions.into_iter().enumerate() {
        match question {
            Ok(question) => {
                answers.push(None);
                let at = question.at();
                let owner = node.owner_of(at.topic_id, at.index);
                parcels.add(owner, slot, question);
            }
            Err(refusal) => answers.push(Some(Err(refusal))),
        }
    }
    let calls = parcels.into_iter().map(|parcel| async move {
        let call = Call::Partition(Q::call(parcel.items));
        (node.call(parcel.owner, call).await, parcel.slots)
    });
    for (reply, slots) in join_all(calls.collect()).await {
        let Ok(Reply::Partition(reply)) = reply else { continue };
        let Some(found) = Q::answers(reply) else { continue };
        slots.put(found, &mut answers);
    }
    let stopped = || Err(Refusal::new(ErrorCode::NotLeaderOrFollower));
    answers.into_iter().map(|answer| answer.unwrap_or_else(stopped)).collect()
}

/// Answers questions about this shard's partitions, one after the other.
pub async fn serve(node: Node, call: PartitionCall) -> PartitionReply {
    match call {
        PartitionCall::Offsets(questions) => {
            let mut answers = Vec::with_capacity(questions.len());
            for question in questions {
                answers.push(list_offsets::serve(&node, &question).await);
            }
            PartitionReply::Offsets(answers)
        }
        PartitionCall::Delete(questions) => {
            let mut answers = Vec::with_capacity(questions.len());
            for question in questions {
                answers.push(delete(&node, &question).await);
            }
            PartitionReply::Delete(answers)
        }
        PartitionCall::Epochs(questions) => {
            PartitionReply::Epochs(questions.iter().map(|q| epoch_end(&node, q)).collect())
        }
        PartitionCall::Producers(questions) => {
            let producers = |q: &ProducersQuestion| Ok(open(&node, q.at)?.producers());
            PartitionReply::Producers(questions.iter().map(producers).collect())
        }
        PartitionCall::Sizes(questions) => {
            let size = |q: &SizeQuestion| Ok(open(&node, q.at)?.size_bytes());
            PartitionReply::Sizes(questions.iter().map(size).collect())
        }
    }
}

/// A partition that this shard has open.
///
/// # Errors
/// NOT_LEADER_OR_FOLLOWER; KAFKA_STORAGE_ERROR when it could not be opened.
pub fn open(node: &Node, at: PartitionAt) -> Result<PartitionLog, Refusal> {
    let absent = || node.absence(at.topic_id, at.index);
    node.partition(at.topic_id, at.index).ok_or_else(absent)
}

/// A leader epoch of a request; -1 is none.
#[must_use]
pub fn known_epoch(epoch: i32) -> Option<i32> {
    Some(epoch).filter(|epoch| *epoch != NO_EPOCH)
}

/// KIP-320: who knows an older epoch is fenced, who knows a newer one must wait.
///
/// # Errors
/// FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.
pub fn check_epoch(log: &PartitionLog, known: Option<i32>) -> Result<(), Refusal> {
    let current = log.leader_epoch().0;
    match known {
        Some(epoch) if epoch < current => Err(Refusal::new(ErrorCode::FencedLeaderEpoch)),
        Some(epoch) if epoch > current => Err(Refusal::new(ErrorCode::UnknownLeaderEpoch)),
        _ => Ok(()),
    }
}

fn epoch_end(
    node: &Node,
    question: &EpochQuestion,
) -> Result<Option<(LeaderEpoch, Offset)>, Refusal> {
    let log = open(node, question.at)?;
    check_epoch(&log, question.current)?;
    let epoch = LeaderEpoch(question.epoch);
    if question.epoch == NO_EPOCH {
        return Ok(None);
    }
    Ok(log.end_offset_for_epoch(epoch))
}

async fn delete(node: &Node, question: &DeleteQuestion) -> Result<Offset, Refusal> {
    let log = open(node, question.at)?;
    if !log.config().cleanup_policy.delete {
        let why = "Records of a topic without cleanup.policy=delete are not deleted by offset.";
        return Err(Refusal::because(ErrorCode::PolicyViolation, why));
    }
    let marks = log.marks();
    let upto = match question.offset {
        -1 => marks.high_watermark,
        offset if offset < 0 || offset > marks.high_watermark.0 => {
            return Err(Refusal::new(ErrorCode::OffsetOutOfRange));
        }
        offset => Offset(offset),
    };
    Ok(log.delete_records(Some(upto)).await?)
}
