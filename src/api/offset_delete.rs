//! OffsetDelete (key 47): an operator removes committed offsets.
//!
//! Topics and partitions that do not exist are refused here, the others by the group's
//! coordinator when its consumers read them.

use bytes::Bytes;
use millstream_engine::group::{Call, DeleteOffsets, Reply};
use millstream_wire::ErrorCode;
use millstream_wire::messages::offset_delete::response;
use millstream_wire::messages::{OffsetDeleteRequest, OffsetDeleteResponse};

use super::groups::Named;
use super::{Answer, Context};
use crate::coordinator;

/// One topic of the request; `None` waits for the coordinator's code.
type Row = (String, Vec<(i32, Option<ErrorCode>)>);

/// Serves version 0.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let (delete, mut rows) = match take_apart(ctx, body) {
        Ok(parts) => parts,
        Err(close) => return close,
    };
    if !delete.topics.is_empty() || rows.is_empty() {
        match coordinator::ask_one(&ctx.node, Call::DeleteOffsets(delete)).await {
            Reply::OffsetsDeleted(topics) => {
                let codes = topics.iter().flat_map(|topic| &topic.partitions);
                let mut codes = codes.map(|(_, code)| *code);
                let open = rows.iter_mut().flat_map(|(_, partitions)| partitions);
                for (_, code) in open.filter(|(_, code)| code.is_none()) {
                    *code = codes.next();
                }
            }
            other => {
                let error_code = other.code().code();
                return ctx.respond(&OffsetDeleteResponse { error_code, ..Default::default() });
            }
        }
    }
    let topics = rows.iter().map(|(name, partitions)| response::Topics {
        name: name.as_str().into(),
        partitions: partitions.iter().map(as_answered).collect(),
    });
    ctx.respond(&OffsetDeleteResponse { topics: topics.collect(), ..Default::default() })
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<(DeleteOffsets, Vec<Row>), Answer> {
    let request: OffsetDeleteRequest<'_> = ctx.decode(body)?;
    let mut named = Named::default();
    named.add(request.topics.len())?;
    let image = ctx.node.image();
    let group = millstream_engine::group::Text::from(&*request.group_id);
    let mut delete = DeleteOffsets { group, topics: Vec::new() };
    let mut rows = Vec::with_capacity(request.topics.len());
    for asked in request.topics.iter() {
        named.add(asked.partitions.len())?;
        let topic = image.topic(&asked.name);
        let count = topic.map_or(0, |topic| topic.partitions.len());
        let exists = |index: i32| usize::try_from(index).is_ok_and(|at| at < count);
        let indexes: Vec<i32> = asked.partitions.iter().map(|p| p.partition_index).collect();
        let code = |index: i32| match exists(index) {
            true => (index, None),
            false => (index, Some(ErrorCode::UnknownTopicOrPartition)),
        };
        rows.push((asked.name.to_string(), indexes.iter().map(|index| code(*index)).collect()));
        let known: Vec<i32> = indexes.into_iter().filter(|index| exists(*index)).collect();
        if let Some(topic) = topic.filter(|_| !known.is_empty()) {
            delete.topics.push((topic.name.clone(), known));
        }
    }
    Ok((delete, rows))
}

fn as_answered((index, code): &(i32, Option<ErrorCode>)) -> response::Partitions {
    let code = code.unwrap_or(ErrorCode::UnknownServerError);
    response::Partitions { partition_index: *index, error_code: code.code() }
}
