//! LeaveGroup (key 13): members go, or an operator removes static ones.

use bytes::Bytes;
use millstream_engine::group::{Call, Leave, Leaver, Reply, Text};
use millstream_wire::ErrorCode;
use millstream_wire::messages::leave_group::response::Members;
use millstream_wire::messages::{LeaveGroupRequest, LeaveGroupResponse};

use super::groups::{Named, optional};
use super::{Answer, Context};
use crate::coordinator;

/// Serves versions 0–5. Up to 2 there is one member, whose error is the response's.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let leave = match take_apart(ctx, body) {
        Ok(leave) => leave,
        Err(close) => return close,
    };
    let left = match coordinator::ask_one(&ctx.node, Call::Leave(leave)).await {
        Reply::Left(left) => left,
        Reply::Refused(code) => return refuse(ctx, code),
        _ => return refuse(ctx, ErrorCode::UnknownServerError),
    };
    if ctx.version < 3 {
        return refuse(ctx, left.first().map_or(ErrorCode::None, |(_, code)| *code));
    }
    let members = left.iter().map(|(leaver, code)| Members {
        member_id: (&*leaver.member).into(),
        group_instance_id: leaver.instance.as_deref().map(Into::into),
        error_code: code.code(),
    });
    ctx.respond(&LeaveGroupResponse { members: members.collect(), ..Default::default() })
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<Leave, Answer> {
    let request: LeaveGroupRequest<'_> = ctx.decode(body)?;
    Named::default().add(request.members.len())?;
    let members = match ctx.version {
        ..=2 => vec![Leaver { member: Text::from(&*request.member_id), instance: None }],
        _ => {
            let leaver =
                |member: millstream_wire::messages::leave_group::request::Members<'_>| Leaver {
                    member: Text::from(&*member.member_id),
                    instance: optional(member.group_instance_id.as_ref()),
                };
            request.members.iter().map(leaver).collect()
        }
    };
    Ok(Leave { group: Text::from(&*request.group_id), members })
}

/// The response with nothing but the one code.
fn refuse(ctx: &Context, code: ErrorCode) -> Answer {
    ctx.respond(&LeaveGroupResponse { error_code: code.code(), ..Default::default() })
}
