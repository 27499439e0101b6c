//! OffsetCommit (key 8): where a group has read to.
//!
//! Topics and partitions that do not exist are refused here; the rest goes to the group's
//! coordinator, which answers when the offsets are durable. Answers keep the request's order.

use bytes::Bytes;
use millstream_engine::group::{Call, Commit, CommitPartition, CommitTopic, Reply, Text};
use millstream_engine::meta::Topic;
use millstream_wire::messages::offset_commit::{request, response};
use millstream_wire::messages::{OffsetCommitRequest, OffsetCommitResponse};
use millstream_wire::{ErrorCode, Uuid};

use super::groups::{Named, identity};
use super::{Answer, Context};
use crate::coordinator;

/// One topic of the request; `None` waits for the coordinator's code.
struct Row {
    name: String,
    topic_id: Uuid,
    partitions: Vec<(i32, Option<ErrorCode>)>,
}

/// Serves versions 2–10. From 10 on topics are named by id.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let (commit, mut rows) = match take_apart(ctx, body) {
        Ok(parts) => parts,
        Err(close) => return close,
    };
    if !commit.topics.is_empty() {
        let reply = coordinator::ask_one(&ctx.node, Call::Commit(commit)).await;
        settle(ctx.version, &mut rows, &reply);
    }
    let topics = rows.iter().map(|row| response::Topics {
        name: row.name.as_str().into(),
        topic_id: row.topic_id,
        partitions: row.partitions.iter().map(as_answered).collect(),
    });
    ctx.respond(&OffsetCommitResponse { topics: topics.collect(), ..Default::default() })
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<(Commit, Vec<Row>), Answer> {
    let request: OffsetCommitRequest<'_> = ctx.decode(body)?;
    let mut named = Named::default();
    named.add(request.topics.len())?;
    let mut commit = Commit {
        from: identity(
            &request.group_id,
            &request.member_id,
            request.group_instance_id.as_ref(),
            request.generation_id_or_member_epoch,
        ),
        retention_ms: Some(request.retention_time_ms).filter(|ms| *ms >= 0),
        knows_group_not_found: ctx.version >= 9,
        topics: Vec::new(),
    };
    let image = ctx.node.image();
    let mut rows = Vec::with_capacity(request.topics.len());
    for asked in request.topics.iter() {
        named.add(asked.partitions.len())?;
        let (topic, unknown) = match ctx.version {
            10.. => (image.topic_by_id(asked.topic_id), ErrorCode::UnknownTopicId),
            _ => (image.topic(&asked.name), ErrorCode::UnknownTopicOrPartition),
        };
        let Some(topic) = topic else {
            rows.push(Row::refused(&asked, unknown));
            continue;
        };
        let (row, known) = sort_out(&asked, topic);
        rows.push(row);
        if !known.partitions.is_empty() {
            commit.topics.push(known);
        }
    }
    Ok((commit, rows))
}

/// Partitions that exist go into the commit, the others have their code.
fn sort_out(asked: &request::Topics<'_>, topic: &Topic) -> (Row, CommitTopic) {
    let mut known = CommitTopic {
        topic: topic.name.clone(),
        topic_id: topic.id,
        gone: false,
        partitions: Vec::new(),
    };
    let mut codes = Vec::with_capacity(asked.partitions.len());
    for partition in asked.partitions.iter() {
        let index = partition.partition_index;
        if usize::try_from(index).is_ok_and(|at| at < topic.partitions.len()) {
            codes.push((index, None));
            known.partitions.push(CommitPartition {
                index,
                offset: partition.committed_offset,
                leader_epoch: partition.committed_leader_epoch,
                metadata: Text::from(partition.committed_metadata.as_deref().unwrap_or("")),
            });
        } else {
            codes.push((index, Some(ErrorCode::UnknownTopicOrPartition)));
        }
    }
    (Row { partitions: codes, ..Row::of(asked) }, known)
}

/// Fills in the coordinator's codes, which are in the order of the partitions sent.
fn settle(version: i16, rows: &mut [Row], reply: &Reply) {
    let each = match reply {
        Reply::Committed(topics) => topics.as_slice(),
        _ => &[],
    };
    let whole = match reply {
        Reply::Committed(_) => ErrorCode::UnknownServerError,
        other => other.code(),
    };
    let as_named = |code| match code {
        // The topic went on the way here; it was named by its id.
        ErrorCode::UnknownTopicOrPartition if version >= 10 => ErrorCode::UnknownTopicId,
        code => code,
    };
    let codes = each.iter().flat_map(|topic| &topic.partitions);
    let mut codes = codes.map(|(_, code)| as_named(*code));
    let open = rows.iter_mut().flat_map(|row| &mut row.partitions);
    for (_, code) in open.filter(|(_, code)| code.is_none()) {
        *code = Some(codes.next().unwrap_or(whole));
    }
}

fn as_answered((index, code): &(i32, Option<ErrorCode>)) -> response::Partitions {
    let code = code.unwrap_or(ErrorCode::UnknownServerError);
    response::Partitions { partition_index: *index, error_code: code.code() }
}

impl Row {
    fn of(asked: &request::Topics<'_>) -> Row {
        Row { name: asked.name.to_string(), topic_id: asked.topic_id, partitions: Vec::new() }
    }

    fn refused(asked: &request::Topics<'_>, code: ErrorCode) -> Row {
        let partitions = asked.partitions.iter().map(|p| (p.partition_index, Some(code)));
        Row { partitions: partitions.collect(), ..Row::of(asked) }
    }
}
