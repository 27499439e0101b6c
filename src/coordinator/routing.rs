//! From a group to its coordinator: which partition, which shard, and back.
//!
//! Calls of one request are sent once per owner shard and their answers put back in order.
//! Called by the group handlers on any shard.

use millstream_engine::group::{Call, Reply};
use millstream_engine::refusal::Refusal;
use millstream_shards::ShardId;
use millstream_wire::ErrorCode;

use super::{GroupCall, GroupReply, OFFSETS_TOPIC};
use crate::controller::{ControllerCall, ControllerReply};
use crate::shard::{self, Node, Parcel, Parcels, join_all};

/// Takes each call to the coordinator of its group; the answers are in the calls' order.
pub async fn ask(node: &Node, calls: Vec<Call>) -> Vec<Reply> {
    let image = node.image();
    let Some(topic) = image.topic(OFFSETS_TOPIC) else {
        // Nobody has looked for a coordinator yet; who does so makes the topic.
        return calls.iter().map(|_| Reply::Refused(ErrorCode::NotCoordinator)).collect();
    };
    let mut answers: Vec<Option<Reply>> = calls.iter().map(|_| None).collect();
    let mut parcels = Parcels::default();
    for (slot, call) in calls.into_iter().enumerate() {
        let group = call.group().map_or("", |group| group);
        let index = partition_of(group, topic.partitions.len());
        parcels.add(node.owner_of(topic.id, index), slot, (index, call));
    }
    let image = &image;
    let send = |parcel: Parcel<(i32, Call)>| async move {
        let ask = GroupCall::Ask { version: image.version, calls: parcel.items };
        (deliver(node, parcel.owner, ask).await, parcel.slots)
    };
    for (replies, slots) in join_all(parcels.into_iter().map(send).collect()).await {
        slots.put(replies, &mut answers);
    }
    let missing = || Reply::Refused(ErrorCode::CoordinatorNotAvailable);
    answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
}

/// As [`ask`], for a single call.
pub async fn ask_one(node: &Node, call: Call) -> Reply {
    let answer = ask(node, vec![call]).await.pop();
    answer.unwrap_or(Reply::Refused(ErrorCode::CoordinatorNotAvailable))
}

/// The groups of all coordinators: one answer for each.
pub async fn list(node: &Node) -> Vec<Reply> {
    let shards = 0..u16::try_from(node.shard().count()).unwrap_or(u16::MAX);
    let list = |shard| deliver(node, ShardId(shard), GroupCall::List);
    join_all(shards.map(list).collect()).await.into_iter().flatten().collect()
}

async fn deliver(node: &Node, owner: ShardId, call: GroupCall) -> Vec<Reply> {
    match node.call(owner, shard::Call::Group(call)).await {
        Ok(shard::Reply::Group(GroupReply(replies))) => replies,
        // The shard is winding down; who misses its answer is told so.
        _ => Vec::new(),
    }
}

/// Sees to it that [`OFFSETS_TOPIC`] exists: the first one to look for a coordinator makes it.
///
/// # Errors
/// Why it cannot be made.
pub async fn ensure_offsets_topic(node: &Node) -> Result<(), Refusal> {
    if node.image().topic(OFFSETS_TOPIC).is_some() {
        return Ok(());
    }
    let call = ControllerCall::InternalTopic { name: OFFSETS_TOPIC.to_owned() };
    let to = Node::controller_shard();
    match node.call(to, shard::Call::Controller(call)).await {
        Ok(shard::Reply::Controller(ControllerReply::InternalTopic(_))) => Ok(()),
        Ok(shard::Reply::Controller(ControllerReply::Refused(refusal))) => Err(refusal),
        _ => Err(Refusal::new(ErrorCode::CoordinatorNotAvailable)),
    }
}

/// Kafka's choice: Java's hash of the group's id, made positive.
fn partition_of(group: &str, partitions: usize) -> i32 {
    let hash = group
        .encode_utf16()
        .fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)));
    let count = i32::try_from(partitions).unwrap_or(i32::MAX).max(1);
    hash.checked_abs().unwrap_or(0) % count
}

#[cfg(test)]
mod tests {
    use super::partition_of;

    #[test]
    fn groups_are_where_kafka_puts_them() {
        let rows = [("simple10", 0), ("st", 0), ("", 0), ("gnp", 1), ("simple2", 1)];
        let more = [("simpleret", 1), ("gnt", 2), ("life", 2), ("simple6", 2), ("simple9", 2)];
        for (group, partition) in rows.into_iter().chain(more) {
            assert_eq!(partition_of(group, 3), partition, "{group}");
        }
        // Java's hash of this text is the smallest int, whose absolute value overflows.
        assert_eq!(partition_of("polygenelubricants", 50), 0);
    }
}
