//! SyncGroup (key 14): the leader's assignment in, each member's own out.
//!
//! Followers are parked by the coordinator until the leader's assignment is durable.

use bytes::Bytes;
use millstream_engine::group::{Call, Reply, Sync, Text};
use millstream_wire::ErrorCode;
use millstream_wire::messages::{SyncGroupRequest, SyncGroupResponse};

use super::groups::{identity, optional};
use super::{Answer, Context};
use crate::coordinator;

/// Serves versions 0–5. From 5 on the protocol's type and name must be there.
pub async fn handle(ctx: Context, body: Bytes) -> Answer {
    let sync = match take_apart(&ctx, &body) {
        Ok(sync) => sync,
        Err(close) => return close,
    };
    drop(body);
    if ctx.version >= 5 && (sync.protocol_type.is_none() || sync.protocol.is_none()) {
        return refuse(&ctx, ErrorCode::InconsistentGroupProtocol);
    }
    let synced = match coordinator::ask_one(&ctx.node, Call::Sync(sync)).await {
        Reply::Synced(synced) => synced,
        Reply::Refused(code) => return refuse(&ctx, code),
        _ => return refuse(&ctx, ErrorCode::UnknownServerError),
    };
    ctx.respond(&SyncGroupResponse {
        protocol_type: synced.protocol_type.as_deref().map(Into::into),
        protocol_name: synced.protocol.as_deref().map(Into::into),
        assignment: synced.assignment.as_ref().into(),
        ..Default::default()
    })
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<Sync, Answer> {
    let request: SyncGroupRequest<'_> = ctx.decode(body)?;
    super::groups::Named::default().add(request.assignments.len())?;
    let assignments = request.assignments.iter().map(|given| {
        // Copied: the group keeps it longer than the frame may live.
        (Text::from(&*given.member_id), Bytes::copy_from_slice(&given.assignment))
    });
    Ok(Sync {
        from: identity(
            &request.group_id,
            &request.member_id,
            request.group_instance_id.as_ref(),
            request.generation_id,
        ),
        protocol_type: optional(request.protocol_type.as_ref()),
        protocol: optional(request.protocol_name.as_ref()),
        assignments: assignments.collect(),
    })
}

fn refuse(ctx: &Context, code: ErrorCode) -> Answer {
    ctx.respond(&SyncGroupResponse { error_code: code.code(), ..Default::default() })
}
