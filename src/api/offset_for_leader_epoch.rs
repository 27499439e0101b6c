//! OffsetForLeaderEpoch (key 23): where a leader epoch ends (KIP-101, KIP-320).
//!
//! Consumers ask it to find out whether the log was cut behind their back. An epoch that the
//! log does not know answers -1 and -1, which is no error.

use bytes::Bytes;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::refusal::Refusal;
use millstream_wire::messages::offset_for_leader_epoch::response::{Partitions, Topics};
use millstream_wire::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};

use super::partition_calls::{self, EpochQuestion, known_epoch, locate};
use super::{Answer, Context};

/// Serves versions 2–4. All faults are per partition.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: OffsetForLeaderEpochRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let image = ctx.node.image();
    let mut questions = Vec::new();
    for topic in &request.topics {
        questions.extend(topic.partitions.iter().map(|p| {
            Ok(EpochQuestion {
                at: locate(&image, &topic.topic, p.partition)?,
                current: known_epoch(p.current_leader_epoch),
                epoch: p.leader_epoch,
            })
        }));
    }
    let mut answers = partition_calls::ask(&ctx.node, questions).await.into_iter();
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().zip(&mut answers);
        let partitions = partitions.map(|(p, answer)| partition(p.partition, answer));
        Topics { partitions: partitions.collect(), topic: topic.topic }
    });
    ctx.respond(&OffsetForLeaderEpochResponse { topics: topics.collect(), ..Default::default() })
}

fn partition(index: i32, answer: Result<Option<(LeaderEpoch, Offset)>, Refusal>) -> Partitions {
    let unknown = Partitions { partition: index, ..Default::default() };
    match answer {
        Ok(Some((epoch, end))) => {
            Partitions { leader_epoch: epoch.0, end_offset: end.0, ..unknown }
        }
        Ok(None) => unknown,
        Err(refusal) => Partitions { error_code: refusal.code().code(), ..unknown },
    }
}
