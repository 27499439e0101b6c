//! CreateTopics (key 19): new topics, decided by the controller.
//!
//! When the answer leaves, every shard serves the new partitions; there is nothing for the
//! request's timeout to bound. From version 5 on the answer shows the topic's settings.

use bytes::Bytes;
use millstream_engine::config::{BrokerConfig, describe_topic};
use millstream_engine::ids::BrokerId;
use millstream_engine::meta::{Assignment, CreatedTopic, NewTopic};
use millstream_engine::refusal::Refusal;
use millstream_wire::messages::create_topics::{request, response};
use millstream_wire::messages::{CreateTopicsRequest, CreateTopicsResponse};

use super::{Answer, Context};
use crate::controller::{self, Run};

/// Serves versions 2–7. All faults are per topic.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: CreateTopicsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let topics: Vec<NewTopic> = request.topics.iter().map(new_topic).collect();
    let run = Run::from_validate_only(request.validate_only);
    let outcomes = match controller::create_topics(&ctx.node, topics, run).await {
        Ok(outcomes) => outcomes,
        Err(refusal) => {
            let names = request.topics.iter().map(|topic| topic.name.into_owned());
            names.map(|name| (name, Err(refusal.clone()))).collect()
        }
    };
    let config = ctx.node.config();
    let rows = outcomes.into_iter().map(|(name, outcome)| row(name, outcome, &config));
    ctx.respond(&CreateTopicsResponse { topics: rows.collect(), ..Default::default() })
}

fn new_topic(topic: request::Topics<'_>) -> NewTopic {
    let assignment = |assignment: request::Assignments<'_>| Assignment {
        index: assignment.partition_index,
        brokers: assignment.broker_ids.iter().map(BrokerId).collect(),
    };
    let config = |config: request::Configs<'_>| {
        (config.name.into_owned(), config.value.map(|value| value.into_owned()))
    };
    NewTopic {
        partitions: Some(topic.num_partitions).filter(|count| *count != -1),
        replication_factor: Some(topic.replication_factor).filter(|factor| *factor != -1),
        assignments: topic.assignments.iter().map(assignment).collect(),
        configs: topic.configs.iter().map(config).collect(),
        name: topic.name.into_owned(),
    }
}

fn row(
    name: String,
    outcome: Result<CreatedTopic, Refusal>,
    config: &BrokerConfig,
) -> response::Topics<'static> {
    let name = name.into();
    match outcome {
        Ok(created) => response::Topics {
            name,
            topic_id: created.id,
            num_partitions: created.partitions,
            replication_factor: created.replication_factor,
            configs: Some(configs(&created, config)),
            ..Default::default()
        },
        Err(refusal) => response::Topics {
            name,
            error_code: refusal.code().code(),
            error_message: refusal.message().map(|text| text.to_owned().into()),
            ..Default::default()
        },
    }
}

fn configs(
    created: &CreatedTopic,
    config: &BrokerConfig,
) -> millstream_wire::Array<'static, response::Configs<'static>> {
    let rows = describe_topic(&created.configs, config).into_iter();
    let entry = |described: millstream_engine::config::Described| response::Configs {
        name: described.row.name.into(),
        value: described.value.map(Into::into),
        read_only: described.read_only,
        config_source: described.source.code(),
        is_sensitive: false,
    };
    rows.map(entry).collect()
}
