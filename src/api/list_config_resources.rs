//! ListConfigResources (key 74, KIP-1142): which resources have settings.
//!
//! Version 0 knew client metrics subscriptions only. From version 1 on the client names resource
//! types, or none for all. Of groups and subscriptions those are listed that have settings.

use bytes::Bytes;
use millstream_engine::meta::ResourceType;
use millstream_wire::ErrorCode;
use millstream_wire::messages::list_config_resources::response::ConfigResources;
use millstream_wire::messages::{ListConfigResourcesRequest, ListConfigResourcesResponse};

use super::{Answer, Context};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;
const ALL: [i8; 5] = [TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP];

/// Serves versions 0–1.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: ListConfigResourcesRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let wanted: Vec<i8> = match ctx.version {
        0 => vec![CLIENT_METRICS],
        _ if request.resource_types.is_empty() => ALL.to_vec(),
        _ => request.resource_types.to_vec(),
    };
    if wanted.iter().any(|wanted| !ALL.contains(wanted)) {
        let error_code = ErrorCode::UnsupportedVersion.code();
        return ctx.respond(&ListConfigResourcesResponse { error_code, ..Default::default() });
    }
    let image = ctx.node.image();
    let row = |resource_type: i8, name: &str| ConfigResources {
        resource_name: name.to_owned().into(),
        resource_type,
    };
    let mut rows = Vec::new();
    if wanted.contains(&TOPIC) {
        rows.extend(image.topics().map(|topic| row(TOPIC, &topic.name)));
    }
    for (code, resource) in
        [(CLIENT_METRICS, ResourceType::ClientMetrics), (GROUP, ResourceType::Group)]
    {
        if wanted.contains(&code) {
            rows.extend(image.resources(resource).map(|name| row(code, name)));
        }
    }
    let node = ctx.node.identity().node_id.to_string();
    let own = [BROKER, BROKER_LOGGER].into_iter().filter(|own| wanted.contains(own));
    rows.extend(own.map(|own| row(own, &node)));
    ctx.respond(&ListConfigResourcesResponse {
        config_resources: rows.into(),
        ..Default::default()
    })
}
