//! ListOffsets (key 2): the ends of partitions, and the first offset at or after a time.
//!
//! Negative timestamps are questions of their own, each known from a version on: -1 latest,
//! -2 earliest, -3 record with the largest timestamp (7), -4 earliest local (8), -5 latest
//! tiered (9), -6 earliest pending upload (11). Nothing is tiered here, so -4 is -2, and -5
//! and -6 find nothing. A reader never hears of an offset that it could not fetch yet.

use std::collections::BTreeMap;

use bytes::Bytes;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::meta::Image;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::list_offsets::request;
use millstream_wire::messages::list_offsets::response::{Partitions, Topics};
use millstream_wire::messages::{ListOffsetsRequest, ListOffsetsResponse};

use super::partition_calls::{self, OffsetQuestion, known_epoch, locate};
use super::{Answer, Context};
use crate::shard::Node;

const READ_COMMITTED: i8 = 1;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetQuery {
    pub sought: Sought,
    /// Bound the answer by the last stable offset instead of the high watermark.
    pub committed_only: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    Latest,
    Earliest,
    LargestTimestamp,
    /// Only tiered storage could have it.
    Tiered,
    AtOrAfter {
        timestamp_ms: i64,
    },
}

/// Where it is; no offset when there is no such record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundOffset {
    pub offset: Option<Offset>,
    pub timestamp_ms: Option<i64>,
    pub epoch: Option<LeaderEpoch>,
}

/// Serves versions 1–11. All faults are per partition; a partition that a request names
/// twice is refused with INVALID_REQUEST.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: ListOffsetsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let topics: Vec<request::Topics<'_>> = request.topics.to_vec();
    let mut named = occurrences(&topics);
    let image = ctx.node.image();
    let committed_only = request.isolation_level == READ_COMMITTED;
    let mut rows: Vec<(&str, Vec<i32>)> = Vec::with_capacity(topics.len());
    let mut questions = Vec::new();
    for topic in &topics {
        let mut indexes = Vec::new();
        for partition in &topic.partitions {
            let index = partition.partition_index;
            // One row for a partition that is named twice: an error.
            let Some(times) = named.remove(&(topic.name.as_ref(), index)) else { continue };
            indexes.push(index);
            questions.push(match times {
                1 => question(&image, &topic.name, &partition, ctx.version, committed_only),
                _ => Err(Refusal::new(ErrorCode::InvalidRequest)),
            });
        }
        rows.push((&topic.name, indexes));
    }
    let mut answers = partition_calls::ask(&ctx.node, questions).await.into_iter();
    let topics = rows.into_iter().map(|(name, indexes)| {
        let partitions = indexes.into_iter().zip(&mut answers);
        let partitions = partitions.map(|(index, answer)| partition(index, answer)).collect();
        Topics { name: name.into(), partitions }
    });
    ctx.respond(&ListOffsetsResponse { topics: topics.collect(), ..Default::default() })
}

fn occurrences<'a>(topics: &'a [request::Topics<'_>]) -> BTreeMap<(&'a str, i32), u32> {
    let mut counts = BTreeMap::new();
    for topic in topics {
        for partition in &topic.partitions {
            *counts.entry((topic.name.as_ref(), partition.partition_index)).or_insert(0) += 1;
        }
    }
    counts
}

fn question(
    image: &Image,
    topic: &str,
    partition: &request::Partitions,
    version: i16,
    committed_only: bool,
) -> Result<OffsetQuestion, Refusal> {
    let sought = sought(partition.timestamp, version)?;
    Ok(OffsetQuestion {
        at: locate(image, topic, partition.partition_index)?,
        epoch: known_epoch(partition.current_leader_epoch),
        query: OffsetQuery { sought, committed_only },
    })
}

fn sought(timestamp: i64, version: i16) -> Result<Sought, Refusal> {
    match (timestamp, version) {
        (0.., _) => Ok(Sought::AtOrAfter { timestamp_ms: timestamp }),
        (-1, _) => Ok(Sought::Latest),
        (-2, _) | (-4, 8..) => Ok(Sought::Earliest),
        (-3, 7..) => Ok(Sought::LargestTimestamp),
        (-5, 9..) | (-6, 11..) => Ok(Sought::Tiered),
        _ => Err(Refusal::new(ErrorCode::UnsupportedVersion)),
    }
}

fn partition(index: i32, answer: Result<FoundOffset, Refusal>) -> Partitions {
    let empty = Partitions { partition_index: index, ..Default::default() };
    match answer {
        Ok(found) => Partitions {
            timestamp: found.timestamp_ms.unwrap_or(-1),
            offset: found.offset.map_or(-1, |offset| offset.0),
            leader_epoch: found.epoch.map_or(-1, |epoch| epoch.0),
            ..empty
        },
        Err(refusal) => Partitions { error_code: refusal.code().code(), ..empty },
    }
}

/// Answers one question on the partition's owner.
///
/// # Errors
/// The partition is not here, or its log cannot be read.
pub async fn serve(node: &Node, question: &OffsetQuestion) -> Result<FoundOffset, Refusal> {
    let log = partition_calls::open(node, question.at)?;
    partition_calls::check_epoch(&log, question.epoch)?;
    let marks = log.marks();
    let end = match question.query.committed_only {
        true => marks.last_stable,
        false => marks.high_watermark,
    };
    let end_of_log = |offset| FoundOffset {
        offset: Some(offset),
        timestamp_ms: None,
        epoch: Some(log.leader_epoch()),
    };
    let found = match question.query.sought {
        Sought::Latest => return Ok(end_of_log(end)),
        Sought::Earliest => {
            let epoch = log.epoch_of(marks.log_start);
            return Ok(FoundOffset { epoch, ..end_of_log(marks.log_start) });
        }
        Sought::Tiered => return Ok(FoundOffset::default()),
        Sought::LargestTimestamp => log.max_timestamp().await?,
        Sought::AtOrAfter { timestamp_ms } => log.offset_for_timestamp(timestamp_ms).await?,
    };
    let visible = found.filter(|found| found.offset < end);
    Ok(visible.map_or_else(FoundOffset::default, |found| FoundOffset {
        offset: Some(found.offset),
        timestamp_ms: Some(found.timestamp_ms),
        epoch: Some(found.leader_epoch),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_special_timestamp_is_known_from_its_version_on() {
        for (timestamp, since) in [(-1, 1), (-2, 1), (-3, 7), (-4, 8), (-5, 9), (-6, 11)] {
            for version in 1..=11 {
                assert_eq!(sought(timestamp, version).is_ok(), version >= since, "{timestamp}");
            }
        }
        for timestamp in [-7, i64::MIN] {
            assert!(sought(timestamp, 11).is_err());
        }
        assert_eq!(sought(0, 1), Ok(Sought::AtOrAfter { timestamp_ms: 0 }));
    }
}
