//! DescribeTopicPartitions (key 75, KIP-966): topics in pages of partitions.
//!
//! Topics come in the order of their names, so that a page can begin where the one before
//! ended: the cursor names the first topic and partition of this page. Faults of a topic are
//! its own; a cursor that does not fit refuses the whole request, on each topic it names.

use std::collections::BTreeSet;

use bytes::Bytes;
use millstream_engine::meta::{Image, Topic};
use millstream_wire::ErrorCode;
use millstream_wire::messages::describe_topic_partitions::request::Cursor;
use millstream_wire::messages::describe_topic_partitions::response::{
    NextCursor, Partitions, Topics,
};
use millstream_wire::messages::{DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse};

use super::metadata::{broker_ids, missing_topic};
use super::{Answer, Context, authorized};

/// Partitions of one page, whatever the client allows (Kafka's
/// `max.request.partition.size.limit`).
const PAGE_PARTITIONS_MAX: i32 = 2000;

/// Serves version 0. Without topics it lists all of them.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: DescribeTopicPartitionsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let names: BTreeSet<String> = request.topics.iter().map(|t| t.name.into_owned()).collect();
    let image = ctx.node.image();
    let limit = request.response_partition_limit.clamp(1, PAGE_PARTITIONS_MAX);
    let mut page = Page { left: limit as usize, topics: Vec::new(), next: None };
    let cursor = request.cursor.as_ref();
    if cursor.is_some_and(|cursor| !fits(cursor, &names)) {
        page.topics.extend(names.into_iter().map(|name| failed(name, ErrorCode::InvalidRequest)));
    } else if names.is_empty() {
        let start = cursor.map_or("", |cursor| cursor.topic_name.as_ref());
        for topic in image.topics_from(start) {
            if !page.add(topic, first_partition(cursor, &topic.name)) {
                break;
            }
        }
    } else {
        page.add_named(&image, names, cursor);
    }
    ctx.respond(&DescribeTopicPartitionsResponse {
        topics: page.topics.into(),
        next_cursor: page.next,
        ..Default::default()
    })
}

/// A cursor points to a partition of a topic that is asked for.
fn fits(cursor: &Cursor<'_>, names: &BTreeSet<String>) -> bool {
    let known = names.is_empty() || names.contains(cursor.topic_name.as_ref());
    known && cursor.partition_index >= 0
}

fn first_partition(cursor: Option<&Cursor<'_>>, topic: &str) -> usize {
    let here = cursor.filter(|cursor| cursor.topic_name == topic);
    here.and_then(|cursor| usize::try_from(cursor.partition_index).ok()).unwrap_or(0)
}

/// One response under way.
struct Page {
    /// Partitions that still fit.
    left: usize,
    topics: Vec<Topics<'static>>,
    next: Option<NextCursor<'static>>,
}

impl Page {
    fn add_named(&mut self, image: &Image, names: BTreeSet<String>, cursor: Option<&Cursor<'_>>) {
        let start = cursor.map_or("", |cursor| cursor.topic_name.as_ref()).to_owned();
        for name in names.into_iter().filter(|name| *name >= start) {
            match image.topic(&name) {
                Some(topic) => {
                    if !self.add(topic, first_partition(cursor, &name)) {
                        return;
                    }
                }
                None => {
                    let error = missing_topic(image, &name);
                    self.topics.push(failed(name, error));
                }
            }
        }
    }

    /// Adds a topic's partitions from `first` on; false when the page is full before its
    /// last one.
    fn add(&mut self, topic: &Topic, first: usize) -> bool {
        if self.left == 0 {
            self.next = Some(next(topic, first));
            return false;
        }
        let rows: Vec<_> = topic.indexed().skip(first).take(self.left).collect();
        let end = first + rows.len();
        self.left -= rows.len();
        let partitions = rows.into_iter().map(|(index, partition)| Partitions {
            partition_index: index.0,
            leader_id: partition.leader.0,
            leader_epoch: partition.leader_epoch.0,
            replica_nodes: broker_ids(&partition.replicas),
            isr_nodes: broker_ids(&partition.isr),
            eligible_leader_replicas: Some(Default::default()),
            last_known_elr: Some(Default::default()),
            ..Default::default()
        });
        self.topics.push(Topics {
            name: Some(topic.name.to_string().into()),
            topic_id: topic.id,
            is_internal: topic.internal,
            partitions: partitions.collect(),
            topic_authorized_operations: authorized::topic(true),
            ..Default::default()
        });
        let whole = end >= topic.partitions.len();
        if !whole {
            self.next = Some(next(topic, end));
        }
        whole
    }
}

fn next(topic: &Topic, partition: usize) -> NextCursor<'static> {
    NextCursor {
        topic_name: topic.name.to_string().into(),
        partition_index: i32::try_from(partition).unwrap_or(i32::MAX),
    }
}

fn failed(name: String, error: ErrorCode) -> Topics<'static> {
    Topics {
        error_code: error.code(),
        name: Some(name.into()),
        topic_authorized_operations: authorized::topic(true),
        ..Default::default()
    }
}
