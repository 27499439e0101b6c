//! DeleteTopics (key 20): by name, and from version 6 on also by id.
//!
//! When the answer leaves, no shard serves the topic any more; its files are removed in the
//! background. Clients older than version 3 know no TOPIC_DELETION_DISABLED.

use bytes::Bytes;
use millstream_engine::meta::{DeletedTopic, TopicRef};
use millstream_wire::messages::delete_topics::response::Responses;
use millstream_wire::messages::{DeleteTopicsRequest, DeleteTopicsResponse};
use millstream_wire::{ErrorCode, Uuid};

use super::{Answer, Context};
use crate::controller;

const BY_ID_SINCE: i16 = 6;
const DISABLED_SINCE: i16 = 3;

/// Serves versions 1–6. All faults are per topic.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DeleteTopicsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let topics: Vec<TopicRef> = if ctx.version >= BY_ID_SINCE {
        let topic = |name: Option<String>, id| TopicRef {
            name,
            id: Some(id).filter(|id| *id != Uuid::ZERO),
        };
        let named = request.topics.iter().map(|t| (t.name.map(|n| n.into_owned()), t.topic_id));
        named.map(|(name, id)| topic(name, id)).collect()
    } else {
        let names = request.topic_names.iter().map(|name| name.into_owned());
        names.map(|name| TopicRef { name: Some(name), id: None }).collect()
    };
    let outcomes = match controller::delete_topics(&ctx.node, topics.clone()).await {
        Ok(outcomes) => outcomes,
        Err(refusal) => topics
            .into_iter()
            .map(|topic| DeletedTopic { topic, outcome: Err(refusal.clone()) })
            .collect(),
    };
    let rows = outcomes.into_iter().map(|deleted| row(deleted, ctx.version));
    ctx.respond(&DeleteTopicsResponse { responses: rows.collect(), ..Default::default() })
}

fn row(deleted: DeletedTopic, version: i16) -> Responses<'static> {
    let (error, message) = match &deleted.outcome {
        Ok(()) => (ErrorCode::None, None),
        Err(refusal) => (refusal.code(), refusal.message()),
    };
    let error = match error {
        ErrorCode::TopicDeletionDisabled if version < DISABLED_SINCE => ErrorCode::InvalidRequest,
        error => error,
    };
    Responses {
        name: deleted.topic.name.map(Into::into),
        topic_id: deleted.topic.id.unwrap_or(Uuid::ZERO),
        error_code: error.code(),
        error_message: message.map(|text| text.to_owned().into()),
    }
}
