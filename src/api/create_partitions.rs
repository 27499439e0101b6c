//! CreatePartitions (key 37): more partitions for topics that exist.
//!
//! When the answer leaves, every shard serves the new partitions. Counts are bounded by the
//! decider before anything is built from them, also for a dry run.

use bytes::Bytes;
use millstream_engine::ids::BrokerId;
use millstream_engine::meta::MorePartitions;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::create_partitions::{request, response::Results};
use millstream_wire::messages::{CreatePartitionsRequest, CreatePartitionsResponse};

use super::{Answer, Context};
use crate::controller::{self, Run};

/// Serves versions 0–3. All faults are per topic.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: CreatePartitionsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let topics: Vec<MorePartitions> = request.topics.iter().map(more).collect();
    let run = Run::from_validate_only(request.validate_only);
    let outcomes = match controller::create_partitions(&ctx.node, topics, run).await {
        Ok(outcomes) => outcomes,
        Err(refusal) => {
            let names = request.topics.iter().map(|topic| topic.name.into_owned());
            names.map(|name| (name, Err(refusal.clone()))).collect()
        }
    };
    let results = outcomes.into_iter().map(|(name, outcome)| row(name, &outcome));
    ctx.respond(&CreatePartitionsResponse { results: results.collect(), ..Default::default() })
}

fn more(topic: request::Topics<'_>) -> MorePartitions {
    let brokers =
        |assignment: request::Assignments<'_>| assignment.broker_ids.iter().map(BrokerId).collect();
    MorePartitions {
        count: topic.count,
        assignments: topic.assignments.map(|all| all.iter().map(brokers).collect()),
        topic: topic.name.into_owned(),
    }
}

fn row(name: String, outcome: &Result<(), Refusal>) -> Results<'static> {
    let refusal = outcome.as_ref().err();
    Results {
        name: name.into(),
        error_code: refusal.map_or(ErrorCode::None, Refusal::code).code(),
        error_message: refusal.and_then(Refusal::message).map(|text| text.to_owned().into()),
    }
}
