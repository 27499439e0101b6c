//! DescribeProducers (key 61): the idempotent producers that partitions remember.
//!
//! There are no transactions yet, so no producer has a coordinator or an open one.

use bytes::Bytes;
use millstream_engine::log::ProducerSnapshot;
use millstream_engine::meta::names::check_topic_name;
use millstream_engine::refusal::Refusal;
use millstream_wire::messages::describe_producers::response::{
    ActiveProducers, Partitions, Topics,
};
use millstream_wire::messages::{DescribeProducersRequest, DescribeProducersResponse};

use super::partition_calls::{self, ProducersQuestion, locate};
use super::{Answer, Context};

/// Serves version 0. All faults are per partition.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeProducersRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let image = ctx.node.image();
    let question = |topic: &str, index| {
        check_topic_name(topic)?;
        Ok(ProducersQuestion { at: locate(&image, topic, index)? })
    };
    let mut questions = Vec::new();
    for topic in &request.topics {
        questions.extend(topic.partition_indexes.iter().map(|index| question(&topic.name, index)));
    }
    let mut answers = partition_calls::ask(&ctx.node, questions).await.into_iter();
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partition_indexes.iter().zip(&mut answers);
        let partitions = partitions.map(|(index, answer)| partition(index, answer));
        Topics { partitions: partitions.collect(), name: topic.name }
    });
    ctx.respond(&DescribeProducersResponse { topics: topics.collect(), ..Default::default() })
}

fn partition(
    partition_index: i32,
    answer: Result<Vec<ProducerSnapshot>, Refusal>,
) -> Partitions<'static> {
    let empty = Partitions { partition_index, ..Default::default() };
    match answer {
        Ok(producers) => {
            Partitions { active_producers: producers.iter().map(producer).collect(), ..empty }
        }
        Err(refusal) => Partitions {
            error_code: refusal.code().code(),
            error_message: refusal.message().map(|text| text.to_owned().into()),
            ..empty
        },
    }
}

fn producer(snapshot: &ProducerSnapshot) -> ActiveProducers {
    let last = snapshot.state.window.last();
    ActiveProducers {
        producer_id: snapshot.id.0,
        producer_epoch: i32::from(snapshot.state.epoch.0),
        last_sequence: last.map_or(-1, |batch| batch.last_sequence),
        last_timestamp: last.map_or(-1, |batch| batch.timestamp_ms),
        coordinator_epoch: -1,
        current_txn_start_offset: -1,
    }
}
