//! ListGroups (key 16): all groups of this broker, by state and type.

use bytes::Bytes;
use millstream_engine::group::{Listing, Reply};
use millstream_wire::messages::list_groups::response::Groups;
use millstream_wire::messages::{ListGroupsRequest, ListGroupsResponse};
use millstream_wire::{Array, ErrorCode, Str};

use super::{Answer, Context};
use crate::coordinator;

/// The one type of group that there is.
const CLASSIC: &str = "classic";

/// Serves versions 0–5. Filters by state from 4 on, by type from 5 on; case does not matter.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: ListGroupsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let mut listed: Vec<Listing> = Vec::new();
    let mut code = ErrorCode::None;
    if passes(&request.types_filter, CLASSIC) {
        for reply in coordinator::list(&ctx.node).await {
            match reply {
                Reply::Listed(groups) => listed.extend(groups),
                refused => code = refused.code(),
            }
        }
    }
    listed.retain(|group| passes(&request.states_filter, group.state.name()));
    let groups = listed.iter().map(|group| Groups {
        group_id: (&*group.group).into(),
        protocol_type: (&*group.protocol_type).into(),
        group_state: group.state.name().into(),
        group_type: CLASSIC.into(),
    });
    ctx.respond(&ListGroupsResponse {
        error_code: code.code(),
        groups: groups.collect(),
        ..Default::default()
    })
}

/// An empty filter lets everything pass.
fn passes(filter: &Array<'_, Str<'_>>, value: &str) -> bool {
    filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
}
