//! Positions in logs and positions of groups: ListOffsets, OffsetFetch, OffsetCommit.
//!
//! Partitions are asked at their leaders, one request a broker. Offsets come back by
//! partition, in order. Timestamps are milliseconds since 1970.

use std::collections::BTreeMap;

use millstream_wire::ApiKey;
use millstream_wire::messages::{
    ListOffsetsRequest, ListOffsetsResponse, OffsetCommitRequest, OffsetCommitResponse,
    OffsetFetchRequest, OffsetFetchResponse, list_offsets, offset_commit, offset_fetch,
};

use super::cluster::{Client, Topic};
use super::fault::Fault;

/// A place in a partition's log that a broker finds by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Beginning,
    End,
    /// The first record at or after this time; the end if there is none.
    Time(i64),
}

impl Place {
    fn timestamp(self) -> i64 {
        match self {
            Place::Beginning => -2,
            Place::End => -1,
            Place::Time(ms) => ms.max(0),
        }
    }
}

/// A partition of a topic.
pub type TopicPartition = (String, i32);

/// The offset of `place` in each of these partitions of a topic.
///
/// # Errors
/// A partition without a leader, or a refusal that does not pass.
pub fn find(
    client: &mut Client,
    topic: &Topic,
    partitions: &[i32],
    place: Place,
) -> Result<BTreeMap<i32, i64>, Fault> {
    let mut by_leader: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for partition in topic.partitions.iter().filter(|one| partitions.contains(&one.index)) {
        by_leader.entry(partition.leader).or_default().push(partition.index);
    }
    let mut found = BTreeMap::new();
    for (leader, indexes) in by_leader {
        found.extend(
            client.retry(|client| at_leader(client, leader, (&topic.name, &indexes, place)))?,
        );
    }
    if let Place::Time(_) = place {
        let late: Vec<i32> =
            found.iter().filter(|(_, offset)| **offset < 0).map(|(index, _)| *index).collect();
        if !late.is_empty() {
            found.extend(find(client, topic, &late, Place::End)?);
        }
    }
    match partitions.iter().find(|index| !found.contains_key(*index)) {
        None => Ok(found),
        Some(index) => Err(Fault::Impossible(format!(
            "no broker gave an offset for partition {index} of topic '{}'",
            topic.name
        ))),
    }
}

fn at_leader(
    client: &mut Client,
    leader: i32,
    (topic, indexes, place): (&str, &[i32], Place),
) -> Result<Vec<(i32, i64)>, Fault> {
    use list_offsets::request;
    let partitions: Vec<_> = indexes
        .iter()
        .map(|index| request::Partitions {
            partition_index: *index,
            timestamp: place.timestamp(),
            ..request::Partitions::default()
        })
        .collect();
    let asked = request::Topics { name: topic.into(), partitions: partitions.into() };
    let request = ListOffsetsRequest {
        replica_id: -1,
        topics: vec![asked].into(),
        ..ListOffsetsRequest::default()
    };
    let answer = client.at(leader)?.call(ApiKey::ListOffsets, &request)?;
    let response: ListOffsetsResponse<'_> = answer.decode()?;
    let mut found = Vec::new();
    for one in response.topics.iter().flat_map(|topic| topic.partitions.to_vec()) {
        let what = || format!("offsets of partition {} of '{topic}'", one.partition_index);
        Fault::check(one.error_code, what)?;
        found.push((one.partition_index, one.offset));
    }
    Ok(found)
}

/// All offsets that a group has committed.
///
/// # Errors
/// No coordinator, or a refusal that does not pass.
pub fn committed(client: &mut Client, group: &str) -> Result<BTreeMap<TopicPartition, i64>, Fault> {
    let asked = offset_fetch::request::Groups {
        group_id: group.into(),
        topics: None,
        ..offset_fetch::request::Groups::default()
    };
    let request =
        OffsetFetchRequest { groups: vec![asked].into(), ..OffsetFetchRequest::default() };
    let node = client.coordinator(group)?;
    client.retry(|client| {
        let answer = client.at(node)?.call(ApiKey::OffsetFetch, &request)?;
        let response: OffsetFetchResponse<'_> = answer.decode()?;
        let mut found = BTreeMap::new();
        for one in response.groups.iter() {
            Fault::check(one.error_code, || format!("offsets of group '{group}'"))?;
            for topic in one.topics.iter() {
                for partition in topic.partitions.iter() {
                    Fault::check(partition.error_code, || {
                        format!("group '{group}' on '{}'", topic.name)
                    })?;
                    let at = (topic.name.to_string(), partition.partition_index);
                    found.insert(at, partition.committed_offset);
                }
            }
        }
        found.retain(|_, offset| *offset >= 0);
        Ok(found)
    })
}

/// Who commits: a member of the current generation, or an outsider while nobody is in.
#[derive(Clone, Copy, Debug)]
pub struct Committer<'a> {
    pub group: &'a str,
    pub member: &'a str,
    pub generation: i32,
}

impl<'a> Committer<'a> {
    /// Somebody who is no member, as tools are.
    pub fn outsider(group: &'a str) -> Committer<'a> {
        Committer { group, member: "", generation: -1 }
    }
}

/// Commits offsets for a group.
///
/// # Errors
/// The group has other members, or another generation, or a refusal that does not pass.
pub fn commit(
    client: &mut Client,
    committer: Committer<'_>,
    offsets: &BTreeMap<TopicPartition, i64>,
) -> Result<(), Fault> {
    use offset_commit::request;
    let mut by_topic: BTreeMap<&str, Vec<request::Partitions<'_>>> = BTreeMap::new();
    for ((topic, partition), offset) in offsets {
        by_topic.entry(topic).or_default().push(request::Partitions {
            partition_index: *partition,
            committed_offset: *offset,
            committed_metadata: Some("".into()),
            ..request::Partitions::default()
        });
    }
    let topics: Vec<_> = by_topic
        .into_iter()
        .map(|(name, partitions)| request::Topics {
            name: name.into(),
            partitions: partitions.into(),
            ..request::Topics::default()
        })
        .collect();
    let request = OffsetCommitRequest {
        group_id: committer.group.into(),
        generation_id_or_member_epoch: committer.generation,
        member_id: committer.member.into(),
        topics: topics.into(),
        ..OffsetCommitRequest::default()
    };
    let node = client.coordinator(committer.group)?;
    client.retry(|client| {
        let answer = client.at(node)?.call(ApiKey::OffsetCommit, &request)?;
        let response: OffsetCommitResponse<'_> = answer.decode()?;
        for topic in response.topics.iter() {
            for partition in topic.partitions.iter() {
                Fault::check(partition.error_code, || {
                    let index = partition.partition_index;
                    format!("commit of '{}' partition {index}", topic.name)
                })?;
            }
        }
        Ok(())
    })
}
