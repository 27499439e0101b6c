//! JoinGroup (key 11): become a member of a group, or take part in its rebalance.
//!
//! Parked by the coordinator until the join phase ends; the frame is let go of before.

use std::net::IpAddr;

use bytes::Bytes;
use millstream_engine::group::{Call, Join, JoinFeatures, Joined, Protocol, Reply, Text};
use millstream_wire::ErrorCode;
use millstream_wire::messages::join_group::response::Members;
use millstream_wire::messages::{JoinGroupRequest, JoinGroupResponse};

use super::groups::optional;
use super::{Answer, Context};
use crate::coordinator;

/// Serves versions 0–9.
pub async fn handle(ctx: Context, body: Bytes) -> Answer {
    let join = match take_apart(&ctx, &body) {
        Ok(join) => join,
        Err(close) => return close,
    };
    drop(body);
    let joined = match coordinator::ask_one(&ctx.node, Call::Join(join)).await {
        Reply::Joined(joined) => joined,
        Reply::Refused(code) => return refuse(&ctx, code),
        _ => return refuse(&ctx, ErrorCode::UnknownServerError),
    };
    answer(&ctx, &joined)
}

fn take_apart(ctx: &Context, body: &Bytes) -> Result<Join, Answer> {
    let request: JoinGroupRequest<'_> = ctx.decode(body)?;
    let protocols = request.protocols.iter().map(|protocol| Protocol {
        name: Text::from(&*protocol.name),
        // Copied: the group keeps it longer than the frame may live.
        metadata: Bytes::copy_from_slice(&protocol.metadata),
    });
    let rebalance_timeout_ms = match ctx.version {
        0 => request.session_timeout_ms,
        _ => request.rebalance_timeout_ms,
    };
    Ok(Join {
        group: Text::from(&*request.group_id),
        member: Text::from(&*request.member_id),
        instance: optional(request.group_instance_id.as_ref()),
        client_id: ctx.client_id.clone().unwrap_or_else(|| Text::from("")),
        client_host: Text::from(host_of(ctx.conn.peer.ip())),
        session_timeout_ms: request.session_timeout_ms,
        rebalance_timeout_ms,
        protocol_type: Text::from(&*request.protocol_type),
        protocols: protocols.collect(),
        features: JoinFeatures {
            member_id_required: ctx.version >= 4,
            skip_assignment: ctx.version >= 9,
        },
    })
}

/// As Java prints an address without a name.
fn host_of(ip: IpAddr) -> String {
    format!("/{}", ip.to_canonical())
}

fn refuse(ctx: &Context, code: ErrorCode) -> Answer {
    let protocol_name = None;
    let error_code = code.code();
    ctx.respond(&JoinGroupResponse { error_code, protocol_name, ..Default::default() })
}

fn answer(ctx: &Context, joined: &Joined) -> Answer {
    let members = joined.members.iter().map(|member| Members {
        member_id: (&*member.member).into(),
        group_instance_id: member.instance.as_deref().map(Into::into),
        metadata: member.metadata.as_ref().into(),
    });
    ctx.respond(&JoinGroupResponse {
        error_code: joined.code.code(),
        generation_id: joined.generation,
        protocol_type: joined.protocol_type.as_deref().map(Into::into),
        protocol_name: joined.protocol.as_deref().map(Into::into),
        leader: (&*joined.leader).into(),
        skip_assignment: joined.skip_assignment,
        member_id: (&*joined.member).into(),
        members: members.collect(),
        ..Default::default()
    })
}
