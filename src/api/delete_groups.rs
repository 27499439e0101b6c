//! DeleteGroups (key 42): remove empty groups with their offsets.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_engine::group::{Call, Text};
use millstream_wire::messages::delete_groups::response::Results;
use millstream_wire::messages::{DeleteGroupsRequest, DeleteGroupsResponse};

use super::groups::Named;
use super::{Answer, Context};
use crate::coordinator;

/// Serves versions 0–2. A group that is named twice is deleted and answered once.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DeleteGroupsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    if let Err(close) = Named::default().add(request.groups_names.len()) {
        return close;
    }
    let mut seen = BTreeSet::new();
    let names = request.groups_names.iter().map(|group| Text::from(&*group));
    let names: Vec<Text> = names.filter(|group| seen.insert(group.clone())).collect();
    let calls = names.iter().cloned().map(Call::Delete).collect();
    let replies = coordinator::ask(&ctx.node, calls).await;
    let results = names.iter().zip(&replies).map(|(name, reply)| Results {
        group_id: (&**name).into(),
        error_code: reply.code().code(),
    });
    ctx.respond(&DeleteGroupsResponse { results: results.collect(), ..Default::default() })
}
