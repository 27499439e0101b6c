//! Metadata (key 3): where this cluster and its topics are.
//!
//! Answers from this shard's image. A topic that does not exist is created when the client
//! and `auto.create.topics.enable` both say so, and is then answered as it is: every shard
//! serves it by then, so clients need no second try. Faults are per topic.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_engine::ids::PartitionIndex;
use millstream_engine::meta::names::{CONSUMER_OFFSETS, check_topic_name};
use millstream_engine::meta::{Image, NewTopic, Partition, Replicas, Topic};
use millstream_wire::messages::metadata::response::{Brokers, Partitions, Topics};
use millstream_wire::messages::{MetadataRequest, MetadataResponse};
use millstream_wire::{Array, ErrorCode, Uuid};

use super::{Answer, Context, authorized};
use crate::controller::{self, Run};

/// The first version in which a topic may be asked for by its id.
const BY_ID_SINCE: i16 = 12;

/// The topics that a request names.
enum Asked {
    All,
    Names(Vec<String>),
    Ids(Vec<Uuid>),
    /// Ids, or no name, in a version that has no such request.
    Malformed(Vec<(Option<String>, Uuid)>),
}

/// Serves versions 0–13. A null list is all topics, an empty one none; in version 0 the
/// empty list is all.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: MetadataRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let operations = authorized::topic(request.include_topic_authorized_operations);
    let with = |row| Topics { topic_authorized_operations: operations, ..row };
    let show = |topic: &Topic| with(existing(topic));
    let topics: Vec<Topics<'static>> = match asked(&request, ctx.version) {
        Asked::All => ctx.node.image().topics().map(|topic| show(topic)).collect(),
        Asked::Names(names) => {
            let create =
                request.allow_auto_topic_creation && ctx.node.config().auto_create_topics_enable;
            let errors = if create { auto_create(ctx, &names).await } else { Vec::new() };
            let image = ctx.node.image();
            let row = |name: String| match image.topic(&name) {
                Some(topic) => show(topic),
                None => with(absent(name, &errors)),
            };
            names.into_iter().map(row).collect()
        }
        Asked::Ids(ids) => {
            let image = ctx.node.image();
            let row = |id| match image.topic_by_id(id) {
                Some(topic) => show(topic),
                None => failed(ErrorCode::UnknownTopicId, None, id),
            };
            ids.into_iter().map(row).collect()
        }
        Asked::Malformed(topics) => {
            let row = |(name, id)| failed(ErrorCode::InvalidRequest, name, id);
            topics.into_iter().map(row).collect()
        }
    };
    respond(ctx, topics, request.include_cluster_authorized_operations)
}

fn respond(ctx: &Context, topics: Vec<Topics<'static>>, cluster_operations: bool) -> Answer {
    let (node_id, host, port) = ctx.advertised();
    let rack = ctx.node.identity().rack.clone().map(Into::into);
    let broker = Brokers { node_id: node_id.0, host: host.into(), port: i32::from(port), rack };
    let image = ctx.node.image();
    ctx.respond(&MetadataResponse {
        brokers: vec![broker].into(),
        cluster_id: Some(image.cluster_id.as_str().into()),
        controller_id: node_id.0,
        topics: topics.into(),
        cluster_authorized_operations: authorized::cluster(cluster_operations),
        ..Default::default()
    })
}

fn asked(request: &MetadataRequest<'_>, version: i16) -> Asked {
    let Some(topics) = &request.topics else { return Asked::All };
    if version == 0 && topics.is_empty() {
        return Asked::All;
    }
    let by_id = |id: Uuid, name: Option<&str>| id != Uuid::ZERO || name.is_none();
    if !topics.iter().any(|topic| by_id(topic.topic_id, topic.name.as_deref())) {
        return Asked::Names(distinct(topics.iter().filter_map(|t| Some(t.name?.into_owned()))));
    }
    if version < BY_ID_SINCE {
        let named = topics.iter().map(|t| (t.name.map(|n| n.into_owned()), t.topic_id));
        return Asked::Malformed(named.collect());
    }
    Asked::Ids(distinct(topics.iter().map(|topic| topic.topic_id)))
}

fn distinct<T: Ord + Clone>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.filter(|item| seen.insert(item.clone())).collect()
}

/// Creates those of the topics that do not exist; gives the codes of those that could not
/// be. What a client may not name is not tried.
async fn auto_create(ctx: &Context, names: &[String]) -> Vec<(String, ErrorCode)> {
    let image = ctx.node.image();
    let missing = |name: &&String| image.topic(name).is_none() && check_topic_name(name).is_ok();
    let mut topics = Vec::new();
    let mut errors = Vec::new();
    for name in names.iter().filter(missing) {
        if name == CONSUMER_OFFSETS {
            if let Err(refusal) = controller::internal_topic(&ctx.node, name).await {
                errors.push((name.clone(), refusal.code()));
            }
        } else {
            topics.push(NewTopic { name: name.clone(), ..NewTopic::default() });
        }
    }
    if topics.is_empty() {
        return errors;
    }
    let wanted: Vec<String> = topics.iter().map(|topic| topic.name.clone()).collect();
    match controller::create_topics(&ctx.node, topics, Run::Real).await {
        Ok(outcomes) => errors.extend(
            outcomes.into_iter().filter_map(|(name, outcome)| Some((name, outcome.err()?.code()))),
        ),
        Err(refusal) => {
            errors.extend(wanted.into_iter().map(|name| (name, refusal.code())));
        }
    }
    errors
}

fn absent(name: String, errors: &[(String, ErrorCode)]) -> Topics<'static> {
    let tried = errors.iter().find(|(failed, _)| *failed == name).map(|(_, code)| *code);
    let code = match check_topic_name(&name) {
        Err(refusal) => refusal.code(),
        Ok(()) => tried.unwrap_or(ErrorCode::UnknownTopicOrPartition),
    };
    failed(code, Some(name), Uuid::ZERO)
}

fn failed(error: ErrorCode, name: Option<String>, topic_id: Uuid) -> Topics<'static> {
    let name = name.map(Into::into);
    Topics { error_code: error.code(), name, topic_id, ..Default::default() }
}

fn existing(topic: &Topic) -> Topics<'static> {
    let partitions = topic.indexed().map(|(index, partition)| describe(index, partition));
    Topics {
        name: Some(topic.name.to_string().into()),
        topic_id: topic.id,
        is_internal: topic.internal,
        partitions: partitions.collect(),
        ..Default::default()
    }
}

fn describe(index: PartitionIndex, partition: &Partition) -> Partitions<'static> {
    Partitions {
        partition_index: index.0,
        leader_id: partition.leader.0,
        leader_epoch: partition.leader_epoch.0,
        replica_nodes: broker_ids(&partition.replicas),
        isr_nodes: broker_ids(&partition.isr),
        ..Default::default()
    }
}

/// Broker ids as the wire lists them.
pub fn broker_ids(brokers: &Replicas) -> Array<'static, i32> {
    brokers.iter().map(|id| id.0).collect()
}

/// The error of a topic that an image does not have, in APIs that ask by name.
#[must_use]
pub fn missing_topic(image: &Image, name: &str) -> ErrorCode {
    debug_assert!(image.topic(name).is_none());
    match check_topic_name(name) {
        Ok(()) => ErrorCode::UnknownTopicOrPartition,
        Err(refusal) => refusal.code(),
    }
}
