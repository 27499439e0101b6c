//! FindCoordinator (key 10): which broker coordinates a group.
//!
//! With one broker that is always this one, at the address that the client knows; the first
//! request makes `__consumer_offsets`, and is answered when the coordinators are there.

use bytes::Bytes;
use millstream_engine::refusal::Refusal;
use millstream_wire::messages::find_coordinator::response::Coordinators;
use millstream_wire::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use millstream_wire::{ErrorCode, Str, Uuid};

use super::groups::Named;
use super::{Answer, Context};
use crate::coordinator;

const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;
const SHARE: i8 = 2;

/// Serves versions 0–6. From 4 on several keys, each with an error of its own.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: FindCoordinatorRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let keys: Vec<Str<'_>> = match ctx.version {
        ..=3 => vec![request.key],
        _ => {
            if let Err(close) = Named::default().add(request.coordinator_keys.len()) {
                return close;
            }
            request.coordinator_keys.iter().collect()
        }
    };
    let groups = match request.key_type {
        GROUP => coordinator::ensure_offsets_topic(&ctx.node).await.map_err(not_yet),
        _ => Ok(()),
    };
    let outcome = |key: &str| match request.key_type {
        GROUP => groups.clone(),
        kind => Err(refusal_of(kind, key)),
    };
    let (node_id, host, port) = ctx.advertised();
    let entries = keys.into_iter().map(|key| match outcome(&key) {
        Ok(()) => Coordinators {
            key,
            node_id: node_id.0,
            host: host.as_str().into(),
            port: i32::from(port),
            error_code: ErrorCode::None.code(),
            // What Kafka says here, in either form.
            error_message: Some(if ctx.version < 4 { "NONE" } else { "" }.into()),
        },
        Err(refusal) => Coordinators {
            key,
            node_id: -1,
            host: "".into(),
            port: -1,
            error_code: refusal.code().code(),
            error_message: refusal.message().map(|message| message.to_owned().into()),
        },
    });
    ctx.respond(&in_version(ctx.version, entries.collect()))
}

/// Up to version 3 the only entry's fields are the response's own.
fn in_version(version: i16, mut entries: Vec<Coordinators<'_>>) -> FindCoordinatorResponse<'_> {
    if version >= 4 {
        return FindCoordinatorResponse { coordinators: entries.into(), ..Default::default() };
    }
    let entry = entries.pop().unwrap_or_default();
    FindCoordinatorResponse {
        error_code: entry.error_code,
        error_message: entry.error_message,
        node_id: entry.node_id,
        host: entry.host,
        port: entry.port,
        ..Default::default()
    }
}

/// Clients ask again after this code, whatever kept the topic from being made.
fn not_yet(cause: Refusal) -> Refusal {
    let message = cause.message().unwrap_or(cause.code().name());
    Refusal::because(ErrorCode::CoordinatorNotAvailable, message)
}

/// Why there is no coordinator of this kind.
fn refusal_of(kind: i8, key: &str) -> Refusal {
    match kind {
        // Final, so that a transactional producer fails at once instead of asking for ever.
        TRANSACTION => Refusal::because(
            ErrorCode::TransactionalIdAuthorizationFailed,
            "transactions are not supported by this broker yet",
        ),
        SHARE if is_share_key(key) => Refusal::because(
            ErrorCode::CoordinatorNotAvailable,
            "share groups are not supported by this broker yet",
        ),
        SHARE => Refusal::because(
            ErrorCode::InvalidRequest,
            "a share coordinator's key is <group>:<topic id>:<partition>",
        ),
        _ => Refusal::because(
            ErrorCode::InvalidRequest,
            format!("coordinator key type {kind} is not known"),
        ),
    }
}

fn is_share_key(key: &str) -> bool {
    let mut parts = key.rsplitn(3, ':');
    let (partition, topic, group) = (parts.next(), parts.next(), parts.next());
    partition.is_some_and(|text| text.parse::<i32>().is_ok_and(|index| index >= 0))
        && topic.is_some_and(|text| text.parse::<Uuid>().is_ok())
        && group.is_some_and(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_share_key;

    #[test]
    fn a_share_key_names_group_topic_and_partition() {
        assert!(is_share_key("g:AAAAAAAAAAAAAAAAAAAAAQ:0"));
        assert!(is_share_key("a:b:AAAAAAAAAAAAAAAAAAAAAQ:12"));
        for bad in ["g", ":AAAAAAAAAAAAAAAAAAAAAQ:0", "g:x:0", "g:AAAAAAAAAAAAAAAAAAAAAQ:-1"] {
            assert!(!is_share_key(bad), "{bad}");
        }
    }
}
