//! DeleteRecords (key 21): move the start of partitions forward, for good.
//!
//! Offset -1 means everything that all readers may see. Kafka's own topics are refused:
//! their records are state. Answers with the new start of each partition.

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::meta::names;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::delete_records::response::{Partitions, Topics};
use millstream_wire::messages::{DeleteRecordsRequest, DeleteRecordsResponse};

use super::partition_calls::{self, DeleteQuestion, locate};
use super::{Answer, Context};

/// Serves versions 0–2. All faults are per partition.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DeleteRecordsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let image = ctx.node.image();
    let question = |topic: &str, index, offset| {
        let at = locate(&image, topic, index)?;
        if names::is_internal(topic) {
            return Err(Refusal::new(ErrorCode::InvalidTopicException));
        }
        Ok(DeleteQuestion { at, offset })
    };
    let mut questions = Vec::new();
    for topic in &request.topics {
        let partitions = topic.partitions.iter();
        questions.extend(partitions.map(|p| question(&topic.name, p.partition_index, p.offset)));
    }
    let mut answers = partition_calls::ask(&ctx.node, questions).await.into_iter();
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().zip(&mut answers);
        let partitions = partitions.map(|(p, answer)| partition(p.partition_index, answer));
        Topics { partitions: partitions.collect(), name: topic.name }
    });
    ctx.respond(&DeleteRecordsResponse { topics: topics.collect(), ..Default::default() })
}

fn partition(partition_index: i32, answer: Result<Offset, Refusal>) -> Partitions {
    let (low_watermark, error) = match answer {
        Ok(start) => (start.0, ErrorCode::None),
        Err(refusal) => (-1, refusal.code()),
    };
    Partitions { partition_index, low_watermark, error_code: error.code() }
}
