//! Fetch (key 1): sessions, long poll, answers of any length.
//!
//! Per request: resolve the session, read once from every owner shard, and unless that is
//! enough wait for any of the partitions to advance and read again, until `min_bytes` or
//! `max_wait_ms`. The response head is encoded with gaps where records belong; what belongs there
//! is promised to that length. A first part of it is given with the answer and leaves with the
//! head in one vectored write, the rest is taken as the socket has room: see `net::answer`.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::fetch::{Ask, FetchPlan, Outcome, Position, SessionHeader, TopicKey};
use millstream_engine::limits::FETCH_WAIT_MS_MAX;
use millstream_engine::meta::Image;
use millstream_engine::refusal::Refusal;
use millstream_shards::ShardId;
use millstream_shards::sync::Permit;
use millstream_wire::messages::fetch::response::{DivergingEpoch, Partitions, Responses};
use millstream_wire::messages::{FetchRequest, FetchResponse};
use millstream_wire::{ErrorCode, Records, Uuid};

use super::body::{self, Body};
use super::partition_calls::known_epoch;
use super::read::{self, ReadCall, ReadItem, ReadOutcome, WatchCall};
use super::{Answer, Context};
use crate::shard::{Call, Parcels, Reply, join_all};
use crate::storage::Marks;

/// A partition and the offset up to which the reader has seen it.
type Seen = (Uuid, i32, i64);

/// How much to wait for, and how much to give.
struct Wants {
    bytes_min: usize,
    bytes_max: usize,
    deadline_ns: u64,
}

/// Serves versions 4–18. Session faults answer at the top level, all else per partition.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let (plan, wants) = match take_in(ctx, body) {
        Ok(Ok(taken)) => taken,
        Ok(Err(refusal)) => return refuse(ctx, &refusal),
        Err(close) => return close,
    };
    let mut found = read_all(ctx, &plan.asks, wants.bytes_max).await;
    while !is_enough(&found.outcomes, &wants) && ctx.node.shard().now_ns() < wants.deadline_ns {
        // Nothing is held while the fetch waits for more.
        let seen: Vec<_> = found.outcomes.iter().map(|o| o.marks.high_watermark.0).collect();
        drop(found);
        wait_for_news(ctx, &plan.asks, &seen, wants.deadline_ns).await;
        found = read_all(ctx, &plan.asks, wants.bytes_max).await;
    }
    answer(ctx, &plan, found)
}

fn take_in(ctx: &Context, body: &Bytes) -> Result<Result<(FetchPlan, Wants), Refusal>, Answer> {
    let request: FetchRequest<'_> = ctx.decode(body)?;
    let mut names: HashMap<&str, TopicKey> = HashMap::new();
    let mut asks = Vec::new();
    let topics: Vec<_> = request.topics.iter().collect();
    for topic in &topics {
        let key = topic_key(ctx.version, &topic.topic, topic.topic_id, &mut names);
        asks.extend(topic.partitions.iter().map(|partition| Ask {
            topic: key.clone(),
            index: partition.partition,
            at: Position {
                offset: partition.fetch_offset,
                bytes_max: partition.partition_max_bytes,
                leader_epoch: known_epoch(partition.current_leader_epoch),
                last_fetched_epoch: known_epoch(partition.last_fetched_epoch),
            },
        }));
    }
    let mut forgotten = Vec::new();
    for topic in request.forgotten_topics_data.iter() {
        let key = match ctx.version {
            ..13 => TopicKey::Name(topic.topic.as_ref().into()),
            _ => TopicKey::Id(topic.topic_id),
        };
        forgotten.extend(topic.partitions.iter().map(|index| (key.clone(), index)));
    }
    let now = ctx.node.now();
    let wait = wait_of(request.max_wait_ms);
    let wants = Wants {
        bytes_min: usize::try_from(request.min_bytes).unwrap_or(0),
        bytes_max: usize::try_from(request.max_bytes)
            .unwrap_or(0)
            .min(usize::try_from(ctx.node.config().fetch_max_bytes).unwrap_or(usize::MAX)),
        deadline_ns: now.mono_ns.saturating_add(u64::try_from(wait.as_nanos()).unwrap_or(0)),
    };
    let header = SessionHeader { id: request.session_id, epoch: request.session_epoch };
    let plan = ctx.node.sessions().borrow_mut().open(header, asks, &forgotten, now);
    Ok(plan.map(|plan| (plan, wants)))
}

/// How long a fetch waits that asks for so many ms.
fn wait_of(max_wait_ms: i32) -> Duration {
    let asked = u64::try_from(max_wait_ms).unwrap_or(0);
    Duration::from_millis(asked.min(FETCH_WAIT_MS_MAX))
}

fn topic_key<'a>(
    version: i16,
    name: &'a str,
    id: Uuid,
    names: &mut HashMap<&'a str, TopicKey>,
) -> TopicKey {
    if version >= 13 {
        return TopicKey::Id(id);
    }
    names.entry(name).or_insert_with(|| TopicKey::Name(name.into())).clone()
}

fn refuse(ctx: &Context, refusal: &Refusal) -> Answer {
    let error_code = refusal.code().code();
    ctx.respond(&FetchResponse { error_code, ..Default::default() })
}

/// What was found for each ask, and the room that what was given at once takes up.
struct Found {
    outcomes: Vec<ReadOutcome>,
    topic_ids: Vec<Uuid>,
    room: Option<Permit>,
}

/// Reads all asks, each at its owner, all owners at once.
async fn read_all(ctx: &Context, asks: &[Ask], bytes_max: usize) -> Found {
    let image = ctx.node.image();
    let mut outcomes: Vec<Option<ReadOutcome>> = Vec::with_capacity(asks.len());
    let mut topic_ids = Vec::with_capacity(asks.len());
    let mut parcels = Parcels::default();
    for (slot, ask) in asks.iter().enumerate() {
        let resolved = resolve(&image, ask);
        topic_ids.push(resolved.unwrap_or(Uuid::ZERO));
        match resolved {
            Ok(topic_id) => {
                let owner = ctx.node.owner_of(topic_id, ask.index);
                let item = ReadItem {
                    topic_id,
                    index: ask.index,
                    offset: ask.at.offset,
                    bytes_max: usize::try_from(ask.at.bytes_max).unwrap_or(0),
                    leader_epoch: ask.at.leader_epoch,
                    last_fetched_epoch: ask.at.last_fetched_epoch,
                };
                outcomes.push(None);
                parcels.add(owner, slot, item);
            }
            Err(error) => outcomes.push(Some(absent(error))),
        }
    }
    // Without room nothing is given at once, and all of it when there is room.
    let room = ctx.node.answers().try_room();
    let parcels: Vec<_> = parcels.into_iter().collect();
    let ready_max = room.as_ref().map_or(0, Permit::count) / parcels.len().max(1);
    let reads = parcels.into_iter().map(|parcel| async move {
        let call = ReadCall { items: parcel.items, bytes_max, ready_max };
        (read_parcel(ctx, parcel.owner, call).await, parcel.slots)
    });
    for (found, slots) in join_all(reads.collect()).await {
        slots.put(found, &mut outcomes);
    }
    let gone = || absent(ErrorCode::NotLeaderOrFollower);
    let mut outcomes: Vec<_> = outcomes.into_iter().map(|o| o.unwrap_or_else(gone)).collect();
    trim(&mut outcomes, bytes_max);
    Found { outcomes, topic_ids, room }
}

async fn read_parcel(ctx: &Context, owner: ShardId, call: ReadCall) -> Vec<ReadOutcome> {
    if owner == ctx.node.shard().id() {
        return read::serve(&ctx.node, call).await.outcomes;
    }
    match ctx.node.call(owner, Call::Read(call)).await {
        Ok(Reply::Read(reply)) => reply.outcomes,
        _ => Vec::new(),
    }
}

fn absent(error: ErrorCode) -> ReadOutcome {
    ReadOutcome::refused(error, Marks::unknown())
}

fn resolve(image: &Image, ask: &Ask) -> Result<Uuid, ErrorCode> {
    let (topic, unknown) = match &ask.topic {
        TopicKey::Name(name) => (image.topic(name), ErrorCode::UnknownTopicOrPartition),
        TopicKey::Id(id) => (image.topic_by_id(*id), ErrorCode::UnknownTopicId),
    };
    let topic = topic.ok_or(unknown)?;
    let exists = usize::try_from(ask.index).is_ok_and(|at| at < topic.partitions.len());
    if exists { Ok(topic.id) } else { Err(ErrorCode::UnknownTopicOrPartition) }
}

/// Each owner kept within `bytes_max` by itself; together they may not have.
fn trim(outcomes: &mut [ReadOutcome], bytes_max: usize) {
    let mut total = 0;
    for outcome in outcomes {
        if total > 0 && total + outcome.bytes() > bytes_max {
            outcome.found = None;
        }
        total += outcome.bytes();
    }
}

fn is_enough(outcomes: &[ReadOutcome], wants: &Wants) -> bool {
    let bytes: usize = outcomes.iter().map(ReadOutcome::bytes).sum();
    outcomes.iter().any(is_news) || bytes >= wants.bytes_min || outcomes.is_empty()
}

/// Without records, and not to be waited with.
fn is_news(outcome: &ReadOutcome) -> bool {
    outcome.error != ErrorCode::None || outcome.diverging.is_some()
}

/// Waits at every owner at once until one of them has news, or the deadline. A topic that went
/// meanwhile is news.
async fn wait_for_news(ctx: &Context, asks: &[Ask], seen: &[i64], deadline_ns: u64) {
    let image = ctx.node.image();
    let mut parcels: Parcels<Seen> = Parcels::default();
    for (slot, (ask, seen)) in asks.iter().zip(seen).enumerate() {
        let Ok(topic_id) = resolve(&image, ask) else { return };
        let owner = ctx.node.owner_of(topic_id, ask.index);
        let seen_end = ask.at.offset.max(*seen);
        parcels.add(owner, slot, (topic_id, ask.index, seen_end));
    }
    let watches: Vec<_> = parcels
        .into_iter()
        .map(|parcel| {
            let (owner, call) = (parcel.owner, WatchCall { items: parcel.items, deadline_ns });
            Box::pin(async move {
                if owner == ctx.node.shard().id() {
                    read::watch(&ctx.node, call).await;
                } else {
                    let _ = ctx.node.call(owner, Call::Watch(call)).await;
                }
            })
        })
        .collect();
    first_of(watches).await;
}

/// Completes when any of the futures does, at once if there is none to wait for.
async fn first_of<F: Future<Output = ()> + Unpin>(mut futures: Vec<F>) {
    std::future::poll_fn(move |cx| {
        let ready = futures.iter_mut().any(|f| std::pin::Pin::new(f).poll(cx).is_ready());
        if ready || futures.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

/// Builds the response around the promised records.
fn answer(ctx: &Context, plan: &FetchPlan, found: Found) -> Answer {
    let Found { outcomes, topic_ids, room } = found;
    let shown = shown(ctx, plan, &outcomes);
    let mut records = Vec::new();
    let mut responses: Vec<(TopicKey, Vec<Partitions<'_>>)> = Vec::new();
    let answers = plan.asks.iter().zip(outcomes).zip(topic_ids);
    for (((ask, outcome), topic_id), shown) in answers.zip(shown) {
        if !shown {
            continue;
        }
        let partition = partition_response(ask.index, &outcome);
        match responses.last_mut() {
            Some((topic, partitions)) if *topic == ask.topic => partitions.push(partition),
            _ => responses.push((ask.topic.clone(), vec![partition])),
        }
        if let Some(found) = outcome.found {
            records.push(body::Records::new((topic_id, ask.index), found));
        }
    }
    let responses: Vec<Responses<'_>> = responses
        .into_iter()
        .map(|(topic, partitions)| {
            let (topic, topic_id) = match topic {
                TopicKey::Name(name) => (name.to_string(), Uuid::ZERO),
                TopicKey::Id(id) => (String::new(), id),
            };
            Responses { topic: topic.into(), topic_id, partitions: partitions.into() }
        })
        .collect();
    let message = FetchResponse {
        session_id: plan.session_id,
        responses: responses.into(),
        ..Default::default()
    };
    let (id, api, version) = (ctx.correlation_id, ctx.api, ctx.version);
    let head = millstream_wire::frame::encode_response(id, api, version, &message);
    Answer::Send(Body::around(head, records, room))
}

/// Which partitions belong in the response; the session learns what they were told.
fn shown(ctx: &Context, plan: &FetchPlan, outcomes: &[ReadOutcome]) -> Vec<bool> {
    if plan.session_id == 0 {
        return vec![true; outcomes.len()];
    }
    let told: Vec<Outcome> = outcomes
        .iter()
        .map(|outcome| Outcome {
            has_records: outcome.bytes() > 0,
            has_error: is_news(outcome),
            high_watermark: outcome.marks.high_watermark.0,
            log_start: outcome.marks.log_start.0,
        })
        .collect();
    let mut sessions = ctx.node.sessions().borrow_mut();
    let changed = sessions.answered(plan.session_id, &plan.asks, &told);
    if plan.incremental { changed } else { vec![true; outcomes.len()] }
}

fn partition_response(index: i32, outcome: &ReadOutcome) -> Partitions<'static> {
    let gap = u32::try_from(outcome.bytes()).unwrap_or(u32::MAX);
    Partitions {
        partition_index: index,
        error_code: outcome.error.code(),
        high_watermark: outcome.marks.high_watermark.0,
        last_stable_offset: outcome.marks.last_stable.0,
        log_start_offset: outcome.marks.log_start.0,
        diverging_epoch: outcome.diverging.map_or_else(DivergingEpoch::default, |(epoch, end)| {
            DivergingEpoch { epoch: epoch.0, end_offset: end.0 }
        }),
        aborted_transactions: None,
        records: Some(if gap == 0 { Records::default() } else { Records::Gap(gap) }),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use std::time::Duration;

    use super::{first_of, wait_of};

    #[test]
    fn no_fetch_waits_longer_than_five_minutes() {
        let waits = [(-1, 0), (0, 0), (500, 500), (300_000, 300_000), (300_001, 300_000)];
        for (asked, wait_ms) in waits.into_iter().chain([(i32::MAX, 300_000)]) {
            assert_eq!(wait_of(asked), Duration::from_millis(wait_ms), "{asked} asked");
        }
    }

    /// A fetch whose topic went between its read and its wait has nobody to wait for.
    #[test]
    fn waiting_for_nobody_ends_at_once() {
        let mut context = Context::from_waker(Waker::noop());
        let nobody: Vec<std::future::Ready<()>> = Vec::new();
        let mut waiting = std::pin::pin!(first_of(nobody));
        assert_eq!(waiting.as_mut().poll(&mut context), Poll::Ready(()));
        let never = vec![std::future::pending::<()>()];
        let mut waiting = std::pin::pin!(first_of(never));
        assert_eq!(waiting.as_mut().poll(&mut context), Poll::Pending);
    }
}
