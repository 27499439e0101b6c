//! DescribeLogDirs (key 35): what lies in the data directory, and how much room is left.
//!
//! There is one directory. Topics and partitions that do not exist are left out, as in
//! Kafka. Sizes are what the owners say at this moment.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use millstream_engine::meta::Image;
use millstream_engine::refusal::Refusal;
use millstream_wire::ErrorCode;
use millstream_wire::messages::describe_log_dirs::response::{Partitions, Results, Topics};
use millstream_wire::messages::{DescribeLogDirsRequest, DescribeLogDirsResponse};

use super::partition_calls::{self, PartitionAt, SizeQuestion, locate};
use super::{Answer, Context};

/// Serves versions 1–5.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeLogDirsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let wanted = wanted(&ctx.node.image(), &request);
    let questions = wanted.iter().map(|(_, at)| Ok(SizeQuestion { at: *at })).collect();
    let sizes = partition_calls::ask(&ctx.node, questions).await;
    let mut topics: BTreeMap<String, Vec<Partitions>> = BTreeMap::new();
    for ((topic, at), size) in wanted.into_iter().zip(sizes) {
        let Ok(size) = size else { continue };
        topics.entry(topic).or_default().push(Partitions {
            partition_index: at.index,
            partition_size: i64::try_from(size).unwrap_or(i64::MAX),
            ..Default::default()
        });
    }
    let directory = ctx.node.config().log_dir.clone();
    let directory = std::path::absolute(&directory).unwrap_or(directory);
    let path = directory.clone();
    let room = ctx.node.shard().blocking(move || room(&path)).await;
    let (error, (total_bytes, usable_bytes)) = match room {
        Some(Ok(room)) => (ErrorCode::None, room),
        _ => (ErrorCode::KafkaStorageError, (-1, -1)),
    };
    let rows = topics
        .into_iter()
        .map(|(name, partitions)| Topics { name: name.into(), partitions: partitions.into() });
    let result = Results {
        error_code: error.code(),
        log_dir: directory.to_string_lossy().into_owned().into(),
        topics: rows.collect(),
        total_bytes,
        usable_bytes,
        ..Default::default()
    };
    ctx.respond(&DescribeLogDirsResponse { results: vec![result].into(), ..Default::default() })
}

fn wanted(image: &Image, request: &DescribeLogDirsRequest<'_>) -> Vec<(String, PartitionAt)> {
    let Some(topics) = &request.topics else {
        let topics = image.topics().flat_map(|topic| {
            topic.indexed().map(|(index, _)| {
                let at = PartitionAt { topic_id: topic.id, index: index.0 };
                (topic.name.to_string(), at)
            })
        });
        return topics.collect();
    };
    let mut wanted = BTreeMap::new();
    for topic in topics {
        for index in &topic.partitions {
            let at: Result<PartitionAt, Refusal> = locate(image, &topic.topic, index);
            if let Ok(at) = at {
                wanted.insert((topic.topic.to_string(), index), at);
            }
        }
    }
    wanted.into_iter().map(|((topic, _), at)| (topic, at)).collect()
}

/// Bytes of the directory's file system: all of them, and those that may still be written.
fn room(directory: &Path) -> rustix::io::Result<(i64, i64)> {
    let stat = rustix::fs::statvfs(directory)?;
    let bytes = |blocks: u64| i64::try_from(blocks.saturating_mul(stat.f_frsize));
    Ok((bytes(stat.f_blocks).unwrap_or(i64::MAX), bytes(stat.f_bavail).unwrap_or(i64::MAX)))
}
