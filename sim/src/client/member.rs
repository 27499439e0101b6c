//! A member of a classic consumer group: join, sync, heartbeats, fetch, commit; restless ones
//! leave or die and come again.
//!
//! It reads on from what the group has committed, and commits what it has read. The leader
//! gives each partition of the topics that never die to one member.
//! Invariant: it commits only positions at or above the one it began with.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_wire::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, HeartbeatRequest, HeartbeatResponse,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, LeaveGroupResponse,
    OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest, OffsetFetchResponse,
    SyncGroupRequest, SyncGroupResponse, join_group, leave_group, offset_commit, offset_fetch,
    sync_group,
};
use millstream_wire::{ApiKey, ErrorCode, Uuid};

use super::consumer::Fetcher;
use super::link::{Link, Lost};
use super::{Ctx, code_of, passes, scan};
use crate::books::Phase;
use crate::fact::{Fact, Seat};
use crate::plan::{ConsumerPlan, GroupPlan, Kind};
use crate::record::Place;

const REBALANCE_MS: i32 = 300;
/// A join is answered when every member has joined or timed out.
const JOIN_PATIENCE: Duration = Duration::from_secs(3);
const PLACE_BYTES: usize = 8;
/// Between heartbeats of a member that waits for the others; below any session's timeout.
const DONE_PAUSE: Duration = Duration::from_millis(40);

pub async fn run(ctx: Ctx, group: u16, plan: GroupPlan) {
    let reading = ConsumerPlan {
        wait_ms: 10,
        bytes_max: 1 << 20,
        partition_bytes_max: 20_000,
        sessions: false,
        committed: false,
        pause_us_max: 10_000,
    };
    let fetcher = Fetcher::new(1_000 + ctx.me as u16, &reading);
    let name = format!("group-{group}");
    let id = String::new();
    let mut member = Member { ctx, group, name, plan, fetcher, reading, id, generation: -1 };
    while member.ctx.books.phase() < Phase::Scan {
        if member.live().await.is_err() {
            member.ctx.pause(5_000).await;
        }
    }
}

/// Why a generation is over, but the connection is not.
enum Over {
    Rejoin,
    Lost,
}

impl From<Lost> for Over {
    fn from(_: Lost) -> Over {
        Over::Lost
    }
}

struct Member {
    ctx: Ctx,
    group: u16,
    name: String,
    plan: GroupPlan,
    fetcher: Fetcher,
    reading: ConsumerPlan,
    id: String,
    generation: i32,
}

impl Member {
    /// One connection.
    async fn live(&mut self) -> Result<(), Lost> {
        let mut link = Link::open(&mut self.ctx).await?;
        self.find_coordinator(&mut link).await?;
        loop {
            let places = match self.join(&mut link).await {
                Ok(places) => places,
                Err(Over::Rejoin) => {
                    self.ctx.pause(5_000).await;
                    continue;
                }
                Err(Over::Lost) => return Err(Lost),
            };
            match self.work(&mut link, &places).await {
                Err(Over::Rejoin) => {}
                Ok(()) | Err(Over::Lost) => return Err(Lost),
            }
        }
    }

    /// Makes the broker make its topic of groups; there is one broker to find.
    async fn find_coordinator(&mut self, link: &mut Link) -> Result<(), Lost> {
        let request = FindCoordinatorRequest {
            coordinator_keys: vec![self.name.as_str().into()].into(),
            ..FindCoordinatorRequest::default()
        };
        let answer = link.call(ApiKey::FindCoordinator, 4, &request).await?;
        let response: FindCoordinatorResponse<'_> = answer.decode()?;
        let code = response.coordinators.iter().next().map_or(0, |one| one.error_code);
        self.check(code_of(code), "find the coordinator").map_err(|_| Lost)
    }

    /// Reads and commits until the generation is over, or the member has had enough.
    async fn work(&mut self, link: &mut Link, places: &[Place]) -> Result<(), Over> {
        let starts = self.positions(link, places).await?;
        self.fetcher = Fetcher::new(1_000 + self.ctx.me as u16, &self.reading);
        self.fetcher.on_connection(&mut self.ctx);
        self.fetcher.follow(places, |place| starts.get(&place).copied().unwrap_or(0));
        let mut committed = starts;
        while self.ctx.books.phase() < Phase::Scan {
            if !places.is_empty() {
                self.fetcher.fetch(&mut self.ctx, link).await?;
                self.commit(link, &mut committed).await?;
            }
            self.heartbeat(link).await?;
            let behind = self.fetcher.behind(&self.ctx);
            self.ctx.state(|| format!("{} places, behind in {behind:?}", places.len()));
            if self.ctx.books.phase() == Phase::Drain && behind.is_empty() {
                self.ctx.books.done(self.ctx.me, Phase::Drain);
                self.ctx.shard.sleep(DONE_PAUSE).await;
            }
            let storm = self.ctx.books.phase() == Phase::Storm;
            if storm && self.plan.restless && self.ctx.rng.one_in(30) {
                if self.ctx.rng.one_in(2) {
                    self.leave(link).await?;
                }
                // Or it is dead to the group, which finds out by itself.
                self.id.clear();
                self.ctx.pause(500_000).await;
                return Ok(());
            }
            self.ctx.pause(10_000).await;
        }
        Ok(())
    }

    async fn join(&mut self, link: &mut Link) -> Result<Vec<Place>, Over> {
        let protocol =
            join_group::request::Protocols { name: "each".into(), metadata: b"sim"[..].into() };
        let request = JoinGroupRequest {
            group_id: self.name.clone().into(),
            session_timeout_ms: self.plan.session_ms,
            rebalance_timeout_ms: REBALANCE_MS,
            member_id: self.id.clone().into(),
            protocol_type: "consumer".into(),
            protocols: vec![protocol].into(),
            ..JoinGroupRequest::default()
        };
        link.send(ApiKey::JoinGroup, 7, &request).await?;
        let answer = link.receive(JOIN_PATIENCE).await?;
        let response: JoinGroupResponse<'_> = answer.decode()?;
        let code = code_of(response.error_code);
        if code == ErrorCode::MemberIdRequired {
            self.id = response.member_id.into_owned();
            return Err(Over::Rejoin);
        }
        self.check(code, "join")?;
        self.id = response.member_id.to_string();
        self.generation = response.generation_id;
        let leads = response.leader == response.member_id;
        let members = response.members.iter().map(|member| member.member_id.into_owned());
        let members: Vec<String> = if leads { members.collect() } else { Vec::new() };
        self.sync(link, &members).await
    }

    async fn sync(&mut self, link: &mut Link, members: &[String]) -> Result<Vec<Place>, Over> {
        let mut shares: Vec<Vec<u8>> = vec![Vec::new(); members.len()];
        let lasting = |kind| kind != Kind::Doomed;
        for (at, place) in self.ctx.books.places(lasting).into_iter().enumerate() {
            if let Some(share) = shares.get_mut(at % members.len().max(1)) {
                share.extend_from_slice(&place.topic.to_be_bytes());
                share.extend_from_slice(&place.index.to_be_bytes());
            }
        }
        let assignments = members.iter().zip(shares).map(|(member, share)| {
            let member_id = member.clone().into();
            sync_group::request::Assignments { member_id, assignment: share.into() }
        });
        let request = SyncGroupRequest {
            group_id: self.name.clone().into(),
            generation_id: self.generation,
            member_id: self.id.clone().into(),
            protocol_type: Some("consumer".into()),
            protocol_name: Some("each".into()),
            assignments: assignments.collect::<Vec<_>>().into(),
            ..SyncGroupRequest::default()
        };
        link.send(ApiKey::SyncGroup, 5, &request).await?;
        let answer = link.receive(JOIN_PATIENCE).await?;
        let response: SyncGroupResponse<'_> = answer.decode()?;
        self.check(code_of(response.error_code), "sync")?;
        let word =
            |bytes: &[u8]| bytes.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        let place =
            |bytes: &[u8]| Place { topic: word(&bytes[..4]), index: word(&bytes[4..]) as i32 };
        Ok(response.assignment.chunks_exact(PLACE_BYTES).map(place).collect())
    }

    async fn heartbeat(&mut self, link: &mut Link) -> Result<(), Over> {
        let request = HeartbeatRequest {
            group_id: self.name.clone().into(),
            generation_id: self.generation,
            member_id: self.id.clone().into(),
            ..HeartbeatRequest::default()
        };
        let answer = link.call(ApiKey::Heartbeat, 4, &request).await?;
        let response: HeartbeatResponse = answer.decode()?;
        self.check(code_of(response.error_code), "heartbeat")
    }

    async fn leave(&mut self, link: &mut Link) -> Result<(), Over> {
        let member = leave_group::request::Members {
            member_id: self.id.clone().into(),
            ..leave_group::request::Members::default()
        };
        let request = LeaveGroupRequest {
            group_id: self.name.clone().into(),
            members: vec![member].into(),
            ..LeaveGroupRequest::default()
        };
        let answer = link.call(ApiKey::LeaveGroup, 5, &request).await?;
        let response: LeaveGroupResponse<'_> = answer.decode()?;
        self.check(code_of(response.error_code), "leave")
    }

    /// Where the group is; where it has not been, the start of the log.
    async fn positions(
        &mut self,
        link: &mut Link,
        places: &[Place],
    ) -> Result<BTreeMap<Place, i64>, Over> {
        let topics = self.by_topic(places).into_iter().map(|(topic_id, indexes)| {
            let indexes: Vec<i32> = indexes.iter().map(|place| place.index).collect();
            let partition_indexes = indexes.into();
            offset_fetch::request::GroupsTopics { topic_id, partition_indexes, name: "".into() }
        });
        let group = offset_fetch::request::Groups {
            group_id: self.name.clone().into(),
            topics: Some(topics.collect::<Vec<_>>().into()),
            member_epoch: -1,
            ..offset_fetch::request::Groups::default()
        };
        let request =
            OffsetFetchRequest { groups: vec![group].into(), ..OffsetFetchRequest::default() };
        let since = self.ctx.books.facts();
        let answer = link.call(ApiKey::OffsetFetch, 10, &request).await?;
        let response: OffsetFetchResponse<'_> = answer.decode()?;
        let Some(group) = response.groups.iter().next() else { return Err(Over::Lost) };
        self.check(code_of(group.error_code), "positions")?;
        let mut found = BTreeMap::new();
        for topic in group.topics.iter() {
            let Some(number) = self.ctx.books.number_of(topic.topic_id) else { continue };
            for partition in topic.partitions.iter() {
                self.check(code_of(partition.error_code), "a position")?;
                let place = Place { topic: number, index: partition.partition_index };
                found.insert(place, partition.committed_offset);
            }
        }
        let mut starts = BTreeMap::new();
        for place in places {
            let Some(offset) = found.get(place).copied() else {
                self.ctx.violate("answers", format!("no position of {place}"));
                return Err(Over::Lost);
            };
            let seat = Seat { group: self.group, place: *place };
            self.ctx.note(Fact::Position { seat, since, offset });
            let start = match offset {
                -1 => scan::offset_of(&mut self.ctx, link, *place, scan::EARLIEST).await?,
                offset => Ok(offset),
            };
            starts.insert(*place, start.map_err(|_| Over::Lost)?);
        }
        Ok(starts)
    }

    /// Commits what has been read since the last time.
    async fn commit(
        &mut self,
        link: &mut Link,
        committed: &mut BTreeMap<Place, i64>,
    ) -> Result<(), Over> {
        let fresh = |(place, position): (&Place, &i64)| {
            let before = committed.get(place).copied().unwrap_or(-1);
            (*position > before).then_some((*place, *position))
        };
        let fresh: BTreeMap<Place, i64> =
            self.fetcher.positions().iter().filter_map(fresh).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let places: Vec<Place> = fresh.keys().copied().collect();
        let topics = self.by_topic(&places).into_iter().map(|(topic_id, places)| {
            let partition = |place: &Place| offset_commit::request::Partitions {
                partition_index: place.index,
                committed_offset: fresh.get(place).copied().unwrap_or(0),
                ..offset_commit::request::Partitions::default()
            };
            let partitions = places.iter().map(partition).collect::<Vec<_>>().into();
            offset_commit::request::Topics { topic_id, partitions, name: "".into() }
        });
        let request = OffsetCommitRequest {
            group_id: self.name.clone().into(),
            generation_id_or_member_epoch: self.generation,
            member_id: self.id.clone().into(),
            topics: topics.collect::<Vec<_>>().into(),
            ..OffsetCommitRequest::default()
        };
        let mut commits = BTreeMap::new();
        for (place, offset) in &fresh {
            let seat = Seat { group: self.group, place: *place };
            let commit = self.ctx.books.next_commit();
            self.ctx.note(Fact::Committing { seat, commit, offset: *offset });
            commits.insert(*place, commit);
        }
        let answer = link.call(ApiKey::OffsetCommit, 10, &request).await?;
        let response: OffsetCommitResponse<'_> = answer.decode()?;
        for topic in response.topics.iter() {
            let Some(number) = self.ctx.books.number_of(topic.topic_id) else { continue };
            for partition in topic.partitions.iter() {
                let place = Place { topic: number, index: partition.partition_index };
                self.check(code_of(partition.error_code), "commit")?;
                let (Some(commit), Some(offset)) = (commits.get(&place), fresh.get(&place)) else {
                    self.ctx.violate("answers", format!("{place} was not to be committed"));
                    return Err(Over::Lost);
                };
                let seat = Seat { group: self.group, place };
                self.ctx.note(Fact::Committed { seat, commit: *commit });
                committed.insert(place, *offset);
            }
        }
        Ok(())
    }

    fn by_topic(&self, places: &[Place]) -> BTreeMap<Uuid, Vec<Place>> {
        let mut topics: BTreeMap<Uuid, Vec<Place>> = BTreeMap::new();
        for place in places {
            topics.entry(self.ctx.books.id_of(place.topic)).or_default().push(*place);
        }
        topics
    }

    fn check(&mut self, code: ErrorCode, doing: &str) -> Result<(), Over> {
        use ErrorCode as E;
        match code {
            E::None => Ok(()),
            E::UnknownMemberId | E::FencedInstanceId => {
                self.id.clear();
                Err(Over::Rejoin)
            }
            E::RebalanceInProgress | E::IllegalGeneration => Err(Over::Rejoin),
            code if passes(code) => Err(Over::Lost),
            code => {
                self.ctx.unexpected(&format!("{doing} in {}", self.name), code);
                Err(Over::Lost)
            }
        }
    }
}
