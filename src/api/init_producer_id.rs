//! InitProducerId (key 22): a fresh id for an idempotent producer.
//!
//! Ids come from a block that this shard holds, so most calls wait for nothing. A producer
//! without a transactional id always gets a new id with epoch 0, also when it shows an old
//! one: KIP-360 lets it bump its epoch by itself. Transactions are not served yet, and a
//! transactional id is refused with UNSUPPORTED_VERSION: fatal for every client, at once,
//! where a retriable coordinator error would look like a broker that hangs.

use bytes::Bytes;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::{InitProducerIdRequest, InitProducerIdResponse};

use super::{Answer, Context};
use crate::controller;

const NONE: i64 = -1;

/// Serves versions 0–5.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: InitProducerIdRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let id = match check(&request) {
        Ok(()) => controller::next_producer_id(&ctx.node).await,
        Err(code) => Err(Refusal::new(code)),
    };
    let response = match id {
        Ok(producer_id) => InitProducerIdResponse { producer_id, ..Default::default() },
        Err(refusal) => InitProducerIdResponse {
            error_code: refusal.code().code(),
            producer_epoch: -1,
            ..Default::default()
        },
    };
    ctx.respond(&response)
}

fn check(request: &InitProducerIdRequest<'_>) -> Result<(), ErrorCode> {
    let half_an_id = (request.producer_id == NONE) != (i64::from(request.producer_epoch) == NONE);
    match request.transactional_id.as_deref() {
        Some("") => Err(ErrorCode::InvalidRequest),
        _ if half_an_id => Err(ErrorCode::InvalidRequest),
        Some(_) => Err(ErrorCode::UnsupportedVersion),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_producer_without_transactions_gets_an_id() {
        let request = |name: Option<&'static str>, producer_id, producer_epoch| {
            let transactional_id = name.map(Into::into);
            InitProducerIdRequest {
                transactional_id,
                producer_id,
                producer_epoch,
                ..Default::default()
            }
        };
        assert_eq!(check(&request(None, -1, -1)), Ok(()));
        assert_eq!(check(&request(None, 7, 0)), Ok(()));
        assert_eq!(check(&request(None, 7, -1)), Err(ErrorCode::InvalidRequest));
        assert_eq!(check(&request(None, -1, 0)), Err(ErrorCode::InvalidRequest));
        assert_eq!(check(&request(Some(""), -1, -1)), Err(ErrorCode::InvalidRequest));
        assert_eq!(check(&request(Some("t"), -1, -1)), Err(ErrorCode::UnsupportedVersion));
    }
}
