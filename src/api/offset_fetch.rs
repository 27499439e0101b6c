//! OffsetFetch (key 9): the offsets that groups have committed.
//!
//! Up to version 7 one group, from 8 on several, from 10 on topics by id. `require_stable`
//! is honoured by nature: there are no transactions whose offsets could be pending.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_engine::group::{Call, Fetch, FetchTopic, FetchedTopic, Reply, Text};
use millstream_engine::meta::Image;
use millstream_wire::messages::offset_fetch::{request, response};
use millstream_wire::messages::{OffsetFetchRequest, OffsetFetchResponse};
use millstream_wire::{Array, ErrorCode, Uuid};

use super::groups::Named;
use super::{Answer, Context};
use crate::coordinator;

/// What was asked of one group.
struct Asked {
    group: Text,
    /// `None`: all there are.
    topics: Option<Vec<FetchTopic>>,
    /// Partitions of topic ids that nobody knows.
    unknown: Vec<(Uuid, Vec<i32>)>,
    /// A group may be asked for all of its offsets once in a request.
    twice: bool,
}

/// What is answered for one group.
struct Found {
    group: Text,
    code: ErrorCode,
    topics: Vec<FetchedTopic>,
    unknown: Vec<(Uuid, Vec<i32>)>,
}

/// Serves versions 1–10.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let image = ctx.node.image();
    let asked = match take_apart(ctx, body, &image) {
        Ok(asked) => asked,
        Err(close) => return close,
    };
    let calls = asked.iter().filter(|asked| !asked.twice).map(|asked| {
        Call::Fetch(Fetch { group: asked.group.clone(), topics: asked.topics.clone() })
    });
    let mut replies = coordinator::ask(&ctx.node, calls.collect()).await.into_iter();
    let mut found: Vec<Found> = Vec::with_capacity(asked.len());
    for asked in asked {
        let reply = match asked.twice {
            true => Reply::Refused(ErrorCode::InvalidRequest),
            false => replies.next().unwrap_or(Reply::Refused(ErrorCode::UnknownServerError)),
        };
        found.push(settle(ctx.version, asked, reply, &ctx.node.image()));
    }
    match ctx.version {
        ..=7 => ctx.respond(&single(ctx.version, &found)),
        _ => ctx.respond(&OffsetFetchResponse {
            groups: found.iter().map(as_group).collect(),
            ..Default::default()
        }),
    }
}

fn take_apart(ctx: &Context, body: &Bytes, image: &Image) -> Result<Vec<Asked>, Answer> {
    let request: OffsetFetchRequest<'_> = ctx.decode(body)?;
    let mut named = Named::default();
    if ctx.version < 8 {
        let topics = request
            .topics
            .as_ref()
            .map(|topics| topics.iter().map(by_name).collect::<Array<'_, _>>());
        return Ok(vec![one_group(ctx, image, &request.group_id, topics, &mut named)?]);
    }
    named.add(request.groups.len())?;
    let mut whole = BTreeSet::new();
    let mut asked = Vec::with_capacity(request.groups.len());
    for group in request.groups.iter() {
        let mut one = one_group(ctx, image, &group.group_id, group.topics, &mut named)?;
        one.twice = one.topics.is_none() && !whole.insert(one.group.clone());
        asked.push(one);
    }
    Ok(asked)
}

/// A topic as the later versions name it.
fn by_name(topic: request::Topics<'_>) -> request::GroupsTopics<'_> {
    let (name, partition_indexes) = (topic.name, topic.partition_indexes);
    request::GroupsTopics { name, topic_id: Uuid::ZERO, partition_indexes }
}

fn one_group(
    ctx: &Context,
    image: &Image,
    group: &str,
    topics: Option<Array<'_, request::GroupsTopics<'_>>>,
    named: &mut Named,
) -> Result<Asked, Answer> {
    let group = Text::from(group);
    let mut asked = Asked { group, topics: None, unknown: Vec::new(), twice: false };
    let Some(topics) = topics else { return Ok(asked) };
    named.add(topics.len())?;
    let mut known = Vec::with_capacity(topics.len());
    for topic in topics.iter() {
        named.add(topic.partition_indexes.len())?;
        let partitions = topic.partition_indexes.iter().collect();
        if ctx.version < 10 {
            let topic_id = image.topic(&topic.name).map_or(Uuid::ZERO, |topic| topic.id);
            known.push(FetchTopic { topic: Text::from(&*topic.name), topic_id, partitions });
        } else if let Some(topic) = image.topic_by_id(topic.topic_id) {
            known.push(FetchTopic { topic: topic.name.clone(), topic_id: topic.id, partitions });
        } else {
            asked.unknown.push((topic.topic_id, partitions));
        }
    }
    asked.topics = Some(known);
    Ok(asked)
}

fn settle(version: i16, asked: Asked, reply: Reply, image: &Image) -> Found {
    let mut found = Found {
        group: asked.group,
        code: reply.code(),
        topics: Vec::new(),
        unknown: asked.unknown,
    };
    match reply {
        Reply::Fetched(topics) if asked.topics.is_none() => found.topics = current(topics, image),
        Reply::Fetched(topics) => found.topics = topics,
        // Version 1 has errors with partitions only.
        _ if version == 1 => {
            let unanswered = |topic: FetchTopic| FetchedTopic {
                topic: topic.topic,
                topic_id: topic.topic_id,
                partitions: topic.partitions.into_iter().map(nothing_at).collect(),
            };
            found.topics = asked.topics.unwrap_or_default().into_iter().map(unanswered).collect();
        }
        _ => {}
    }
    found
}

/// All offsets of a group, by name and by the id that the topic of that name has now. Offsets of
/// topics that are gone, and of earlier ones of the same name, are left out.
fn current(all: Vec<FetchedTopic>, image: &Image) -> Vec<FetchedTopic> {
    let mut topics: Vec<FetchedTopic> = Vec::with_capacity(all.len());
    for mut topic in all {
        let Some(id) = image.topic(&topic.topic).map(|known| known.id) else { continue };
        if topic.topic_id != id && !topic.topic_id.is_zero() {
            continue;
        }
        topic.topic_id = id;
        match topics.last_mut() {
            // Some of its offsets were committed with its id, others without.
            Some(last) if last.topic == topic.topic => {
                last.partitions.append(&mut topic.partitions)
            }
            _ => topics.push(topic),
        }
    }
    topics
}

fn nothing_at(index: i32) -> millstream_engine::group::FetchedPartition {
    let metadata = Text::from("");
    millstream_engine::group::FetchedPartition { index, offset: -1, leader_epoch: -1, metadata }
}

fn single(version: i16, found: &[Found]) -> OffsetFetchResponse<'_> {
    let Some(found) = found.first() else { return OffsetFetchResponse::default() };
    let code = if version == 1 { found.code } else { ErrorCode::None };
    let topics = found.topics.iter().map(|topic| response::Topics {
        name: (&*topic.topic).into(),
        partitions: topic
            .partitions
            .iter()
            .map(|partition| response::Partitions {
                partition_index: partition.index,
                committed_offset: partition.offset,
                committed_leader_epoch: partition.leader_epoch,
                metadata: Some((&*partition.metadata).into()),
                error_code: code.code(),
            })
            .collect(),
    });
    OffsetFetchResponse {
        topics: topics.collect(),
        error_code: found.code.code(),
        ..Default::default()
    }
}

fn as_group(found: &Found) -> response::Groups<'_> {
    let known = found.topics.iter().map(|topic| response::GroupsTopics {
        name: (&*topic.topic).into(),
        topic_id: topic.topic_id,
        partitions: topic
            .partitions
            .iter()
            .map(|partition| response::GroupsTopicsPartitions {
                partition_index: partition.index,
                committed_offset: partition.offset,
                committed_leader_epoch: partition.leader_epoch,
                metadata: Some((&*partition.metadata).into()),
                error_code: ErrorCode::None.code(),
            })
            .collect(),
    });
    let unknown = found.unknown.iter().map(|(topic_id, partitions)| response::GroupsTopics {
        name: "".into(),
        topic_id: *topic_id,
        partitions: partitions
            .iter()
            .map(|index| response::GroupsTopicsPartitions {
                partition_index: *index,
                committed_offset: -1,
                committed_leader_epoch: -1,
                metadata: Some("".into()),
                error_code: ErrorCode::UnknownTopicId.code(),
            })
            .collect(),
    });
    let unknown = unknown.take(if found.code == ErrorCode::None { usize::MAX } else { 0 });
    response::Groups {
        group_id: (&*found.group).into(),
        topics: known.chain(unknown).collect(),
        error_code: found.code.code(),
    }
}
