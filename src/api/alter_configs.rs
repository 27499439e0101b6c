//! AlterConfigs (key 33) and IncrementalAlterConfigs (key 44): other settings for topics and
//! this broker.
//!
//! The older one replaces everything that was set, the newer one (KIP-339) changes key by
//! key. Both are one command to the controller; faults are per resource. Topics, brokers, groups
//! and client metrics subscriptions have settings; other types are refused with INVALID_REQUEST.

use bytes::Bytes;
use millstream_engine::config::AlterOp;
use millstream_engine::meta::{AlterKey, AlterResource, ConfigChange, ResourceType};
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::alter_configs::response::Responses as WholeRow;
use millstream_wire::messages::incremental_alter_configs::request::Configs;
use millstream_wire::messages::incremental_alter_configs::response::Responses as EachRow;
use millstream_wire::messages::{
    AlterConfigsRequest, AlterConfigsResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse,
};

use super::{Answer, Context};
use crate::controller::{self, Run};
use crate::shard::Node;

/// IncrementalAlterConfigs, versions 0–1.
pub async fn handle_incremental(ctx: &Context, body: &Bytes) -> Answer {
    let request: IncrementalAlterConfigsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let resources = request.resources.iter().map(|r| {
        let keys: Result<Vec<_>, _> = r.configs.iter().map(alter_key).collect();
        resource(r.resource_type, &r.resource_name, keys.map(ConfigChange::Each))
    });
    let run = Run::from_validate_only(request.validate_only);
    let outcomes = alter(&ctx.node, resources.collect(), run).await;
    let rows = request.resources.iter().zip(outcomes).map(|(r, outcome)| {
        let (error_code, error_message) = fault(&outcome);
        let error_message = error_message.map(Into::into);
        let (resource_type, resource_name) = (r.resource_type, r.resource_name);
        EachRow { error_code, error_message, resource_type, resource_name }
    });
    ctx.respond(&IncrementalAlterConfigsResponse {
        responses: rows.collect(),
        ..Default::default()
    })
}

/// AlterConfigs, versions 0–2.
pub async fn handle_whole(ctx: &Context, body: &Bytes) -> Answer {
    let request: AlterConfigsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let resources = request.resources.iter().map(|r| {
        let entries = r
            .configs
            .iter()
            .map(|config| (config.name.into_owned(), config.value.map(|value| value.into_owned())));
        resource(r.resource_type, &r.resource_name, Ok(ConfigChange::Whole(entries.collect())))
    });
    let run = Run::from_validate_only(request.validate_only);
    let outcomes = alter(&ctx.node, resources.collect(), run).await;
    let rows = request.resources.iter().zip(outcomes).map(|(r, outcome)| {
        let (error_code, error_message) = fault(&outcome);
        let error_message = error_message.map(Into::into);
        let (resource_type, resource_name) = (r.resource_type, r.resource_name);
        WholeRow { error_code, error_message, resource_type, resource_name }
    });
    ctx.respond(&AlterConfigsResponse { responses: rows.collect(), ..Default::default() })
}

fn resource(
    resource_type: i8,
    name: &str,
    change: Result<ConfigChange, Refusal>,
) -> Result<AlterResource, Refusal> {
    let unknown = || {
        let why = format!("Unsupported resource type: {resource_type}");
        Refusal::because(ErrorCode::InvalidRequest, why)
    };
    let resource = ResourceType::from_code(resource_type).ok_or_else(unknown)?;
    Ok(AlterResource { resource, name: name.to_owned(), change: change? })
}

fn alter_key(config: Configs<'_>) -> Result<AlterKey, Refusal> {
    let unknown = || {
        let why = format!("Unknown config operation {}", config.config_operation);
        Refusal::because(ErrorCode::InvalidRequest, why)
    };
    let op = AlterOp::from_code(config.config_operation).ok_or_else(unknown)?;
    let value = config.value.map(|value| value.into_owned());
    Ok(AlterKey { key: config.name.into_owned(), op, value })
}

/// Sends what is sound to the controller; what was refused before keeps its place.
async fn alter(
    node: &Node,
    resources: Vec<Result<AlterResource, Refusal>>,
    run: Run,
) -> Vec<Result<(), Refusal>> {
    let sound: Vec<_> = resources.iter().filter_map(|r| r.as_ref().ok().cloned()).collect();
    let asked = sound.len();
    let outcomes = match controller::alter_configs(node, sound, run).await {
        Ok(outcomes) => outcomes,
        Err(refusal) => vec![Err(refusal); asked],
    };
    let mut outcomes = outcomes.into_iter();
    let lost = || Err(Refusal::new(ErrorCode::UnknownServerError));
    let outcome = |resource: Result<AlterResource, Refusal>| match resource {
        Ok(_) => outcomes.next().unwrap_or_else(lost),
        Err(refusal) => Err(refusal),
    };
    resources.into_iter().map(outcome).collect()
}

fn fault(outcome: &Result<(), Refusal>) -> (i16, Option<String>) {
    match outcome {
        Ok(()) => (ErrorCode::None.code(), None),
        Err(refusal) => (refusal.code().code(), refusal.message().map(str::to_owned)),
    }
}
