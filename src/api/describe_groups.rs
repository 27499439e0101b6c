//! DescribeGroups (key 15): state, protocol and members of groups.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_engine::group::{Call, DescribedMember, Description, Reply, State, Text};
use millstream_wire::ErrorCode;
use millstream_wire::messages::describe_groups::response::{Groups, Members};
use millstream_wire::messages::{DescribeGroupsRequest, DescribeGroupsResponse};

use super::groups::Named;
use super::{Answer, Context, authorized};
use crate::coordinator;

/// Serves versions 0–6. Each group is described once, however often it is named.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeGroupsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    if let Err(close) = Named::default().add(request.groups.len()) {
        return close;
    }
    let mut seen = BTreeSet::new();
    let names = request.groups.iter().map(|group| Text::from(&*group));
    let names: Vec<Text> = names.filter(|group| seen.insert(group.clone())).collect();
    let calls = names.iter().cloned().map(Call::Describe).collect();
    let replies = coordinator::ask(&ctx.node, calls).await;
    let groups = names.iter().zip(&replies).map(|(name, reply)| {
        let mut group = match reply {
            Reply::Described(description) => described(description),
            other => refused(ctx.version, name, other.code()),
        };
        let asked = request.include_authorized_operations;
        if group.error_code == ErrorCode::None.code() {
            group.authorized_operations = authorized::group(asked);
        }
        group
    });
    ctx.respond(&DescribeGroupsResponse { groups: groups.collect(), ..Default::default() })
}

fn described(description: &Description) -> Groups<'_> {
    Groups {
        group_id: (&*description.group).into(),
        group_state: description.state.name().into(),
        protocol_type: (&*description.protocol_type).into(),
        protocol_data: (&*description.protocol).into(),
        members: description.members.iter().map(member).collect(),
        ..Default::default()
    }
}

fn member(member: &DescribedMember) -> Members<'_> {
    Members {
        member_id: (&*member.member).into(),
        group_instance_id: member.instance.as_deref().map(Into::into),
        client_id: (&*member.client_id).into(),
        client_host: (&*member.client_host).into(),
        member_metadata: member.metadata.as_ref().into(),
        member_assignment: member.assignment.as_ref().into(),
    }
}

/// A group that is not there is dead; from version 6 on that is an error, too.
fn refused(version: i16, name: &str, code: ErrorCode) -> Groups<'_> {
    let group = Groups { group_id: name.into(), ..Default::default() };
    match (code, version) {
        (ErrorCode::GroupIdNotFound, ..=5) => {
            Groups { group_state: State::Dead.name().into(), ..group }
        }
        (ErrorCode::GroupIdNotFound, _) => Groups {
            error_code: code.code(),
            error_message: Some(format!("Group {name} not found.").into()),
            group_state: State::Dead.name().into(),
            ..group
        },
        _ => Groups { error_code: code.code(), ..group },
    }
}
