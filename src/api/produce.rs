//! Produce (key 0): append records, answer when they are as safe as `acks` asks.
//!
//! Everything up to the appends happens in the first poll, without waiting: the connection
//! polls each request once in arrival order, so requests pipeline and order holds. Records
//! are never copied here: slices of the frame go to the owner shards, one message each.

use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::meta::Topic;
use millstream_engine::refusal::{RecordRefusal, Refusal};
use millstream_shards::ShardId;
use millstream_wire::messages::produce::{request, response};
use millstream_wire::messages::{ProduceRequest, ProduceResponse};
use millstream_wire::{ErrorCode, Uuid};

use super::append::{self, Acks, AppendCall, AppendItem, AppendReply};
use super::{Answer, Context};
use crate::shard::{Call, Parcel, Parcels, Reply, Slots, join_all};
use crate::storage::Appended;

/// The shortest time that a client may give.
const WAIT_MS_MIN: u64 = 100;

type Outcome = Result<Appended, Refusal>;

/// A topic of the request with the slots of its partitions in `Batch::outcomes`.
struct TopicSlots {
    name: String,
    topic_id: Uuid,
    partitions: Vec<i32>,
}

/// One request taken apart: what goes where, and what is refused already.
struct Batch {
    acks: Acks,
    /// When it is answered in any case, in ns of the shard's clock.
    until_ns: u64,
    topics: Vec<TopicSlots>,
    outcomes: Vec<Option<Outcome>>,
    parcels: Parcels<AppendItem>,
}

/// Serves versions 3–13. Errors are per partition; a bad `acks` refuses every partition.
pub async fn handle(ctx: Context, body: Bytes) -> Answer {
    let mut batch = match take_apart(&ctx, &body) {
        Ok(batch) => batch,
        Err(close) => return close,
    };
    drop(body);
    let (acks, until_ns) = (batch.acks, batch.until_ns);
    let parcels = std::mem::take(&mut batch.parcels);
    let mut local = None;
    let mut remote = Vec::new();
    for Parcel { owner, items, slots } in parcels {
        let call = AppendCall { items, acks, produce_version: ctx.version, until_ns };
        if owner == ctx.node.shard().id() {
            local = Some((append::begin(&ctx.node, call), slots));
        } else {
            remote.push(call_remote(ctx.clone(), owner, call, slots));
        }
    }
    // Remote calls leave on their first poll, before the local wait.
    let mut remote = std::pin::pin!(join_all(remote));
    let early = std::future::poll_fn(|cx| {
        std::task::Poll::Ready(match remote.as_mut().poll(cx) {
            std::task::Poll::Ready(done) => Some(done),
            std::task::Poll::Pending => None,
        })
    })
    .await;
    if let Some((begun, slots)) = local {
        slots.put(begun.finish().await.outcomes, &mut batch.outcomes);
    }
    let replies = match early {
        Some(done) => done,
        None => remote.await,
    };
    for (reply, slots) in replies {
        slots.put(reply.outcomes, &mut batch.outcomes);
    }
    answer(&ctx, &batch)
}

async fn call_remote(
    ctx: Context,
    owner: ShardId,
    call: AppendCall,
    slots: Slots,
) -> (AppendReply, Slots) {
    let count = call.items.len();
    let reply = match ctx.node.call(owner, Call::Append(call)).await {
        Ok(Reply::Append(reply)) => reply,
        _ => {
            let gone = || Err(Refusal::new(ErrorCode::NotLeaderOrFollower));
            AppendReply { outcomes: (0..count).map(|_| gone()).collect() }
        }
    };
    (reply, slots)
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<Batch, Answer> {
    let request: ProduceRequest<'_> = ctx.decode(body)?;
    let acks = Acks::from_wire(request.acks);
    let mut batch = Batch {
        acks: acks.unwrap_or(Acks::Leader),
        until_ns: ctx.node.now().mono_ns.saturating_add(wait_ns(request.timeout_ms)),
        topics: Vec::with_capacity(request.topic_data.len().min(body.len() / 8)),
        outcomes: Vec::new(),
        parcels: Parcels::default(),
    };
    let refusal = if acks.is_none() {
        Some(Refusal::new(ErrorCode::InvalidRequiredAcks))
    } else if request.transactional_id.is_some() {
        let why = "transactions are not supported by this broker yet";
        Some(Refusal::because(ErrorCode::TransactionalIdAuthorizationFailed, why))
    } else {
        None
    };
    let image = ctx.node.image();
    for data in request.topic_data.iter() {
        let topic = if ctx.version >= 13 {
            image.topic_by_id(data.topic_id)
        } else {
            image.topic(&data.name)
        };
        batch.take_topic(ctx, body, &data, topic, refusal.as_ref());
    }
    Ok(batch)
}

impl Batch {
    fn take_topic(
        &mut self,
        ctx: &Context,
        body: &Bytes,
        data: &request::TopicData<'_>,
        topic: Option<&Arc<Topic>>,
        refusal: Option<&Refusal>,
    ) {
        let mut partitions = Vec::with_capacity(data.partition_data.len().min(body.len() / 8));
        for partition in data.partition_data.iter() {
            partitions.push(partition.index);
            let slot = self.outcomes.len();
            self.outcomes.push(None);
            let routed = match refusal {
                Some(refusal) => Err(refusal.clone()),
                None => route(ctx, topic, &partition).map(|topic| topic.id),
            };
            match routed {
                Ok(topic_id) => {
                    let records = partition.records.as_ref().map_or(&[][..], |r| r.as_bytes());
                    let records = body.slice_ref(records);
                    let item = AppendItem { topic_id, index: partition.index, records };
                    self.parcels.add(ctx.node.owner_of(topic_id, partition.index), slot, item);
                }
                Err(refusal) => self.outcomes[slot] = Some(Err(refusal)),
            }
        }
        let name = data.name.to_string();
        self.topics.push(TopicSlots { name, topic_id: data.topic_id, partitions });
    }
}

/// How long the answer may take. A healthy disk answers within the least of it, so a client
/// that gives no time at all is served as by Kafka, whose leader alone always is in time.
fn wait_ns(timeout_ms: i32) -> u64 {
    u64::try_from(timeout_ms).unwrap_or(0).max(WAIT_MS_MIN) * 1_000_000
}

/// Whether these records may go to this partition at all.
fn route<'t>(
    ctx: &Context,
    topic: Option<&'t Arc<Topic>>,
    partition: &request::PartitionData<'_>,
) -> Result<&'t Arc<Topic>, Refusal> {
    let Some(topic) = topic else {
        let by_id = ctx.version >= 13;
        let unknown = ErrorCode::UnknownTopicOrPartition;
        return Err(Refusal::new(if by_id { ErrorCode::UnknownTopicId } else { unknown }));
    };
    let exists = usize::try_from(partition.index).is_ok_and(|at| at < topic.partitions.len());
    if !exists {
        return Err(Refusal::new(ErrorCode::UnknownTopicOrPartition));
    }
    if topic.internal && ctx.client_id.as_deref() != Some("__admin_client") {
        let why = format!("{} is written by the broker only", topic.name);
        return Err(Refusal::because(ErrorCode::InvalidTopicException, why));
    }
    if partition.records.is_none() {
        return Err(Refusal::because(ErrorCode::InvalidRecord, "records are missing"));
    }
    Ok(topic)
}

fn answer(ctx: &Context, batch: &Batch) -> Answer {
    if batch.acks == Acks::None {
        return answer_unacknowledged(batch);
    }
    let mut outcomes = batch.outcomes.iter();
    let responses: Vec<response::Responses<'_>> = batch
        .topics
        .iter()
        .map(|topic| response::Responses {
            name: topic.name.as_str().into(),
            topic_id: topic.topic_id,
            partition_responses: topic
                .partitions
                .iter()
                .zip(outcomes.by_ref())
                .map(|(index, outcome)| partition_response(*index, outcome.as_ref()))
                .collect::<Vec<_>>()
                .into(),
        })
        .collect();
    ctx.respond(&ProduceResponse { responses: responses.into(), ..Default::default() })
}

/// With `acks=0` there is no answer to carry an error; closing the connection tells the
/// client to look at its metadata again, as Kafka does.
fn answer_unacknowledged(batch: &Batch) -> Answer {
    let refused = batch.outcomes.iter().flatten().find_map(|outcome| outcome.as_ref().err());
    match refused {
        Some(refusal) => Answer::close(format!("acks=0 produce: {}", refusal.code().name())),
        None => Answer::none(),
    }
}

fn partition_response(index: i32, outcome: Option<&Outcome>) -> response::PartitionResponses<'_> {
    let base = response::PartitionResponses { index, base_offset: -1, ..Default::default() };
    match outcome {
        Some(Ok(appended)) => response::PartitionResponses {
            base_offset: appended.base_offset.0,
            log_append_time_ms: appended.append_time_ms,
            log_start_offset: appended.log_start.0,
            ..base
        },
        Some(Err(refusal)) => response::PartitionResponses {
            error_code: refusal.code().code(),
            error_message: refusal.message().map(Into::into),
            record_errors: refusal.records().iter().map(record_error).collect(),
            ..base
        },
        None => response::PartitionResponses {
            error_code: ErrorCode::UnknownServerError.code(),
            ..base
        },
    }
}

fn record_error(record: &RecordRefusal) -> response::RecordErrors<'_> {
    response::RecordErrors {
        batch_index: i32::try_from(record.index).unwrap_or(i32::MAX),
        batch_index_error_message: Some(record.message.as_str().into()),
    }
}
