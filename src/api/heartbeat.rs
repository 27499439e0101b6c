//! Heartbeat (key 12): a member is alive, and learns of a rebalance.

use bytes::Bytes;
use millstream_engine::group::Call;
use millstream_wire::messages::{HeartbeatRequest, HeartbeatResponse};

use super::groups::identity;
use super::{Answer, Context};
use crate::coordinator;

/// Serves versions 0–4.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: HeartbeatRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let from = identity(
        &request.group_id,
        &request.member_id,
        request.group_instance_id.as_ref(),
        request.generation_id,
    );
    let reply = coordinator::ask_one(&ctx.node, Call::Heartbeat(from)).await;
    let error_code = reply.code().code();
    ctx.respond(&HeartbeatResponse { error_code, ..Default::default() })
}
