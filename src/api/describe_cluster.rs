//! DescribeCluster (key 60): the brokers, for admin clients.
//!
//! This listener is a broker's: who wants the controllers' endpoints (KIP-919) is told so
//! with MISMATCHED_ENDPOINT_TYPE. There is one broker and it is never fenced.

use bytes::Bytes;
use millstream_wire::ErrorCode;
use millstream_wire::messages::describe_cluster::response::Brokers;
use millstream_wire::messages::{DescribeClusterRequest, DescribeClusterResponse};

use super::{Answer, Context, authorized};

const BROKERS: i8 = 1;
const CONTROLLERS: i8 = 2;

/// Serves versions 0–2.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeClusterRequest = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    match request.endpoint_type {
        BROKERS => {}
        CONTROLLERS => {
            let why = "The request was sent to an endpoint of type BROKER, but we wanted an \
                       endpoint of type CONTROLLER";
            return refuse(ctx, ErrorCode::MismatchedEndpointType, why);
        }
        _ => {
            let why = "Unsupported endpoint type";
            return refuse(ctx, ErrorCode::UnsupportedEndpointType, why);
        }
    }
    let (broker_id, host, port) = ctx.advertised();
    let broker = Brokers {
        broker_id: broker_id.0,
        host: host.into(),
        port: i32::from(port),
        rack: ctx.node.identity().rack.clone().map(Into::into),
        is_fenced: false,
    };
    let asked = request.include_cluster_authorized_operations;
    let image = ctx.node.image();
    ctx.respond(&DescribeClusterResponse {
        cluster_id: image.cluster_id.as_str().into(),
        controller_id: broker_id.0,
        brokers: vec![broker].into(),
        cluster_authorized_operations: authorized::cluster(asked),
        ..Default::default()
    })
}

fn refuse(ctx: &Context, error: ErrorCode, why: &str) -> Answer {
    ctx.respond(&DescribeClusterResponse {
        error_code: error.code(),
        error_message: Some(why.into()),
        ..Default::default()
    })
}
