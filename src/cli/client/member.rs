//! One member of a classic consumer group: join, sync, heartbeat, leave.
//!
//! It speaks the `range` assignor, which every client knows, and computes the assignment
//! when the group makes it the leader. One thread: heartbeats are sent between fetches, so
//! the caller must come back within the session timeout. A new generation means that all
//! partitions were given up first.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use millstream_wire::messages::{
    HeartbeatRequest, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest,
    LeaveGroupResponse, SyncGroupRequest, SyncGroupResponse, join_group, leave_group, sync_group,
};
use millstream_wire::records::consumer_protocol::{
    AssignedPartitions, ConsumerProtocolAssignment, ConsumerProtocolSubscription,
};
use millstream_wire::{ApiKey, ErrorCode, Message as _, Reader, Writer};

use super::cluster::{Client, Missing, Pause};
use super::connection::ANSWER_TIMEOUT;
use super::fault::Fault;
use super::offsets::Committer;

const ASSIGNOR: &str = "range";
const PROTOCOL_TYPE: &str = "consumer";
const SESSION_MS: i32 = 30_000;
const REBALANCE_MS: i32 = 60_000;
const HEARTBEAT: Duration = Duration::from_secs(3);
/// Others of the group may take as long as their own rebalance timeout, minutes by default.
const JOIN_PATIENCE: Duration = Duration::from_secs(330);
const SUBSCRIPTION_VERSION: i16 = 0;

/// Whether the member still has its partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Current,
    /// The group is making a new generation: commit, and join again.
    Rejoin,
}

/// A member of a group, reading one topic.
#[derive(Debug)]
pub struct Member {
    group: String,
    topic: String,
    node: i32,
    id: String,
    generation: i32,
    last_beat: Instant,
}

impl Member {
    /// A member that has not joined yet.
    ///
    /// # Errors
    /// The group has no coordinator.
    pub fn new(client: &mut Client, group: &str, topic: &str) -> Result<Member, Fault> {
        Ok(Member {
            group: group.to_owned(),
            topic: topic.to_owned(),
            node: client.coordinator(group)?,
            id: String::new(),
            generation: -1,
            last_beat: Instant::now(),
        })
    }

    pub fn committer(&self) -> Committer<'_> {
        Committer { group: &self.group, member: &self.id, generation: self.generation }
    }

    /// Joins the group's next generation; gives the partitions that are this member's.
    ///
    /// # Errors
    /// The group refuses: another protocol, or an error that does not pass.
    pub fn join(&mut self, client: &mut Client) -> Result<Vec<i32>, Fault> {
        let mut pause = Pause::new();
        loop {
            let fault = match self.join_once(client) {
                Ok(partitions) => {
                    self.last_beat = Instant::now();
                    return Ok(partitions);
                }
                Err(fault) => fault,
            };
            match fault.code() {
                // Known by the id in the answer now (KIP-394), or overtaken by a newer round.
                Some(ErrorCode::MemberIdRequired | ErrorCode::RebalanceInProgress) => continue,
                Some(ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration) => self.id.clear(),
                _ if fault.is_retriable() => {
                    client.recover(&fault);
                    self.node = client.coordinator(&self.group)?;
                }
                _ => return Err(fault),
            }
            if !pause.wait() {
                return Err(fault);
            }
        }
    }

    fn join_once(&mut self, client: &mut Client) -> Result<Vec<i32>, Fault> {
        let subscription = ConsumerProtocolSubscription {
            topics: vec![self.topic.as_str().into()].into(),
            ..ConsumerProtocolSubscription::default()
        };
        let mut metadata = Writer::new();
        metadata.i16(SUBSCRIPTION_VERSION);
        subscription.encode(&mut metadata, SUBSCRIPTION_VERSION);
        let metadata = metadata.into_bytes();
        let protocol =
            join_group::request::Protocols { name: ASSIGNOR.into(), metadata: metadata[..].into() };
        let id = self.id.clone();
        let request = JoinGroupRequest {
            group_id: self.group.as_str().into(),
            session_timeout_ms: SESSION_MS,
            rebalance_timeout_ms: REBALANCE_MS,
            member_id: id.as_str().into(),
            protocol_type: PROTOCOL_TYPE.into(),
            protocols: vec![protocol].into(),
            ..JoinGroupRequest::default()
        };
        let connection = client.at(self.node)?;
        connection.set_patience(JOIN_PATIENCE)?;
        let answer = connection.call(ApiKey::JoinGroup, &request)?;
        connection.set_patience(ANSWER_TIMEOUT)?;
        let response: JoinGroupResponse<'_> = answer.decode()?;
        if !response.member_id.is_empty() {
            self.id = response.member_id.to_string();
        }
        Fault::check(response.error_code, || format!("joining group '{}'", self.group))?;
        self.generation = response.generation_id;
        let assignments = match response.leader == response.member_id {
            true => assign(client, &response)?,
            false => Vec::new(),
        };
        self.sync(client, assignments)
    }

    fn sync(
        &mut self,
        client: &mut Client,
        assignments: Vec<sync_group::request::Assignments<'_>>,
    ) -> Result<Vec<i32>, Fault> {
        let id = self.id.clone();
        let request = SyncGroupRequest {
            group_id: self.group.as_str().into(),
            generation_id: self.generation,
            member_id: id.as_str().into(),
            protocol_type: Some(PROTOCOL_TYPE.into()),
            protocol_name: Some(ASSIGNOR.into()),
            assignments: assignments.into(),
            ..SyncGroupRequest::default()
        };
        let connection = client.at(self.node)?;
        connection.set_patience(JOIN_PATIENCE)?;
        let answer = connection.call(ApiKey::SyncGroup, &request)?;
        connection.set_patience(ANSWER_TIMEOUT)?;
        let response: SyncGroupResponse<'_> = answer.decode()?;
        Fault::check(response.error_code, || format!("joining group '{}'", self.group))?;
        let mine = assigned(&response.assignment).into_iter();
        Ok(mine.filter(|(topic, _)| *topic == self.topic).map(|(_, index)| index).collect())
    }

    /// Sends a heartbeat when one is due.
    ///
    /// # Errors
    /// A refusal that neither passes nor means a new generation.
    pub fn beat(&mut self, client: &mut Client) -> Result<Standing, Fault> {
        if self.last_beat.elapsed() < HEARTBEAT {
            return Ok(Standing::Current);
        }
        self.last_beat = Instant::now();
        let request = HeartbeatRequest {
            group_id: self.group.as_str().into(),
            generation_id: self.generation,
            member_id: self.id.as_str().into(),
            ..HeartbeatRequest::default()
        };
        let answer = match client.at(self.node)?.call(ApiKey::Heartbeat, &request) {
            Ok(answer) => answer,
            Err(fault) if fault.is_retriable() => {
                client.recover(&fault);
                return Ok(Standing::Rejoin);
            }
            Err(fault) => return Err(fault),
        };
        let response: HeartbeatResponse = answer.decode()?;
        match Fault::check(response.error_code, || format!("group '{}'", self.group)) {
            Ok(()) => Ok(Standing::Current),
            Err(fault) if lost_its_place(&fault) => Ok(Standing::Rejoin),
            Err(fault) => Err(fault),
        }
    }

    /// Leaves the group, so that others get the partitions at once.
    ///
    /// # Errors
    /// The coordinator cannot be told; the session timeout will do it then.
    pub fn leave(self, client: &mut Client) -> Result<(), Fault> {
        let member = leave_group::request::Members {
            member_id: self.id.as_str().into(),
            ..leave_group::request::Members::default()
        };
        let request = LeaveGroupRequest {
            group_id: self.group.as_str().into(),
            members: vec![member].into(),
            ..LeaveGroupRequest::default()
        };
        let answer = client.at(self.node)?.call(ApiKey::LeaveGroup, &request)?;
        let response: LeaveGroupResponse<'_> = answer.decode()?;
        Fault::check(response.error_code, || format!("leaving group '{}'", self.group))
    }
}

/// Whether a refusal says that the member's generation is over.
pub fn lost_its_place(fault: &Fault) -> bool {
    matches!(
        fault.code(),
        Some(
            ErrorCode::RebalanceInProgress
                | ErrorCode::IllegalGeneration
                | ErrorCode::UnknownMemberId
                | ErrorCode::NotCoordinator
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::CoordinatorLoadInProgress
        )
    )
}

/// The leader's work: ranges of each topic's partitions for the members that want it.
fn assign(
    client: &mut Client,
    response: &JoinGroupResponse<'_>,
) -> Result<Vec<sync_group::request::Assignments<'static>>, Fault> {
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut given: BTreeMap<String, BTreeMap<String, Vec<i32>>> = BTreeMap::new();
    for member in response.members.iter() {
        given.insert(member.member_id.to_string(), BTreeMap::new());
        for topic in subscribed(&member.metadata) {
            wanted.entry(topic).or_default().push(member.member_id.to_string());
        }
    }
    for (topic, members) in &mut wanted {
        members.sort();
        let partitions: Vec<i32> = match client.topic(topic, Missing::Refuse) {
            Ok(found) => found.partitions.iter().map(|partition| partition.index).collect(),
            Err(fault) if fault.code() == Some(ErrorCode::UnknownTopicOrPartition) => Vec::new(),
            Err(fault) => return Err(fault),
        };
        for (member, range) in ranges(members, &partitions) {
            given.entry(member).or_default().insert(topic.clone(), range);
        }
    }
    let assignments = given.into_iter().map(|(member, topics)| sync_group::request::Assignments {
        member_id: member.into(),
        assignment: assignment_bytes(topics).into(),
    });
    Ok(assignments.collect())
}

/// Consecutive partitions for each member, the first ones getting one more when the numbers
/// do not divide: Kafka's range assignor.
fn ranges(members: &[String], partitions: &[i32]) -> Vec<(String, Vec<i32>)> {
    let count = members.len().max(1);
    let (each, extra) = (partitions.len() / count, partitions.len() % count);
    let mut rest = partitions;
    let mut shares = Vec::new();
    for (i, member) in members.iter().enumerate() {
        let (share, others) = rest.split_at(each + usize::from(i < extra));
        rest = others;
        shares.push((member.clone(), share.to_vec()));
    }
    shares
}

fn assignment_bytes(topics: BTreeMap<String, Vec<i32>>) -> Vec<u8> {
    let assigned: Vec<_> = topics
        .into_iter()
        .map(|(topic, partitions)| AssignedPartitions {
            topic: topic.into(),
            partitions: partitions.into(),
        })
        .collect();
    let assignment =
        ConsumerProtocolAssignment { assigned_partitions: assigned.into(), user_data: None };
    let mut out = Writer::new();
    out.i16(SUBSCRIPTION_VERSION);
    assignment.encode(&mut out, SUBSCRIPTION_VERSION);
    out.into_bytes().to_vec()
}

/// The topics of a member's subscription; none when it is another protocol's.
fn subscribed(bytes: &[u8]) -> Vec<String> {
    let mut reader = Reader::new(bytes);
    let Ok(version) = reader.i16() else { return Vec::new() };
    let decoded = ConsumerProtocolSubscription::decode(&mut reader, version.clamp(0, 3));
    decoded.map_or_else(
        |_| Vec::new(),
        |subscription| subscription.topics.iter().map(|topic| topic.into_owned()).collect(),
    )
}

/// The partitions of an assignment; none when it is another protocol's.
pub fn assigned(bytes: &[u8]) -> Vec<(String, i32)> {
    let mut reader = Reader::new(bytes);
    let Ok(version) = reader.i16() else { return Vec::new() };
    let decoded = ConsumerProtocolAssignment::decode(&mut reader, version.clamp(0, 3));
    let Ok(assignment) = decoded else { return Vec::new() };
    let mut partitions = Vec::new();
    for topic in assignment.assigned_partitions.iter() {
        partitions.extend(topic.partitions.iter().map(|index| (topic.topic.to_string(), index)));
    }
    partitions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_consecutive_and_the_first_members_get_the_rest() {
        let members: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let shares = |n: i32| -> Vec<Vec<i32>> {
            let all: Vec<i32> = (0..n).collect();
            ranges(&members, &all).into_iter().map(|(_, share)| share).collect()
        };
        assert_eq!(shares(7), [vec![0, 1, 2], vec![3, 4], vec![5, 6]]);
        assert_eq!(shares(2), [vec![0], vec![1], vec![]]);
        assert_eq!(shares(0), [vec![], vec![], Vec::<i32>::new()]);
        assert!(ranges(&[], &[1, 2]).is_empty());
    }

    #[test]
    fn an_assignment_survives_its_encoding() {
        let topics = BTreeMap::from([("t".to_owned(), vec![1, 2]), ("u".to_owned(), vec![0])]);
        let expected = [("t".to_owned(), 1), ("t".to_owned(), 2), ("u".to_owned(), 0)];
        assert_eq!(assigned(&assignment_bytes(topics)), expected);
    }

    #[test]
    fn foreign_bytes_are_no_assignment() {
        for bytes in [&b""[..], b"\0", b"\0\0\xff\xff\xff", b"\x7f\xff\x7f\xff\xff\xff"] {
            assert_eq!(assigned(bytes), []);
            assert_eq!(subscribed(bytes), Vec::<String>::new());
        }
    }
}
