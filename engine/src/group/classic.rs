//! One group: its members, its phase, its offsets, and the counts over them.
//!
//! Mutations here keep the counts right and decide nothing; what happens when is decided by
//! the `Turn` (`join`, `sync`, `leave`, `rebalance`, `offsets`). `restore` and `snapshot`
//! convert to and from the record that survives a restart. A Dead group is one that is not
//! in the table.

use std::collections::{BTreeMap, BTreeSet};

use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Identity, Protocol, State, Token};
use super::member::Member;
use super::record::{CommittedOffset, GroupValue, MemberValue};
use super::subscription;
use super::timers::Timer;

/// Where a group is in its life, with what matters only there.
#[derive(Debug)]
pub(super) enum Phase {
    Empty,
    /// Members are asked to join again.
    Preparing(Preparing),
    /// The leader has been told who is there; everyone waits for its assignment.
    Completing(Syncing),
    /// Everyone may fetch its assignment.
    Stable(Syncing),
}

#[derive(Debug, Default)]
pub(super) struct Preparing {
    /// The end of the join phase.
    pub(super) timer: Timer,
    /// Of a group that was empty: the delay in which more members may come.
    pub(super) initial: Option<Initial>,
}

/// `group.initial.rebalance.delay.ms` at work: each newcomer extends the delay once, as long
/// as the rebalance timeout allows.
#[derive(Debug)]
pub(super) struct Initial {
    pub(super) delay_ms: u64,
    pub(super) remaining_ms: u64,
    pub(super) grew: bool,
}

/// Members that have not sent SyncGroup in this generation, and when they must have.
#[derive(Debug, Default)]
pub(super) struct Syncing {
    pub(super) missing: BTreeSet<Text>,
    pub(super) timer: Timer,
}

#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: Text,
    pub(super) phase: Phase,
    /// Wall time of the last change of phase; decides when offsets expire.
    pub(super) since_ms: i64,
    pub(super) generation: i32,
    pub(super) protocol_type: Option<Text>,
    pub(super) protocol: Option<Text>,
    pub(super) leader: Option<Text>,
    pub(super) members: BTreeMap<Text, Member>,
    /// Instance id → member id.
    pub(super) statics: BTreeMap<Text, Text>,
    /// Ids handed out with MEMBER_ID_REQUIRED that have not joined yet.
    pub(super) pending: BTreeMap<Text, Timer>,
    /// Protocol name → how many members support it.
    support: BTreeMap<Text, usize>,
    /// Members with a parked join.
    joined: usize,
    /// Topics that a group of consumers reads; `None` when that cannot be known.
    pub(super) subscribed: Option<BTreeSet<Text>>,
    pub(super) offsets: BTreeMap<Text, BTreeMap<i32, CommittedOffset>>,
    /// A GroupMetadata record of this group is in the log.
    pub(super) recorded: bool,
}

impl Group {
    pub(super) fn new(id: Text, wall_ms: i64) -> Group {
        Group {
            id,
            phase: Phase::Empty,
            since_ms: wall_ms,
            generation: 0,
            protocol_type: None,
            protocol: None,
            leader: None,
            members: BTreeMap::new(),
            statics: BTreeMap::new(),
            pending: BTreeMap::new(),
            support: BTreeMap::new(),
            joined: 0,
            subscribed: None,
            offsets: BTreeMap::new(),
            recorded: false,
        }
    }

    pub(super) fn state(&self) -> State {
        match self.phase {
            Phase::Empty => State::Empty,
            Phase::Preparing(_) => State::PreparingRebalance,
            Phase::Completing(_) => State::CompletingRebalance,
            Phase::Stable(_) => State::Stable,
        }
    }

    /// Nothing would be lost if this group were not in the table.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.phase, Phase::Empty)
            && !self.recorded
            && self.pending.is_empty()
            && self.offsets.is_empty()
    }

    pub(super) fn is_leader(&self, member: &str) -> bool {
        self.leader.as_deref() == Some(member)
    }

    /// Its members are consumers, whose subscriptions the broker can read.
    pub(super) fn is_of_consumers(&self) -> bool {
        self.protocol_type.as_deref() == Some(subscription::PROTOCOL_TYPE)
    }

    pub(super) fn insert(&mut self, member: Member) {
        for protocol in &member.protocols {
            *self.support.entry(protocol.name.clone()).or_default() += 1;
        }
        self.joined += usize::from(member.join.is_some());
        if let Some(instance) = &member.instance {
            self.statics.insert(instance.clone(), member.id.clone());
        }
        self.leader.get_or_insert_with(|| member.id.clone());
        self.pending.remove(&member.id);
        self.members.insert(member.id.clone(), member);
    }

    /// Takes a member out; the leader's place goes to another one.
    pub(super) fn remove(&mut self, id: &str) -> Option<Member> {
        let member = self.members.remove(id)?;
        self.withdraw_support(&member.protocols);
        self.joined -= usize::from(member.join.is_some());
        if let Some(instance) = &member.instance
            && self.statics.get(instance).is_some_and(|owner| **owner == *id)
        {
            self.statics.remove(instance);
        }
        if self.is_leader(id) {
            self.leader = self.members.keys().next().cloned();
        }
        if let Phase::Completing(syncing) | Phase::Stable(syncing) = &mut self.phase {
            syncing.missing.remove(id);
        }
        Some(member)
    }

    pub(super) fn set_protocols(&mut self, id: &str, protocols: Vec<Protocol>) {
        let Some(member) = self.members.get_mut(id) else { return };
        for protocol in &protocols {
            *self.support.entry(protocol.name.clone()).or_default() += 1;
        }
        let old = std::mem::replace(&mut member.protocols, protocols);
        self.withdraw_support(&old);
    }

    fn withdraw_support(&mut self, protocols: &[Protocol]) {
        for protocol in protocols {
            if let Some(count) = self.support.get_mut(&protocol.name) {
                *count -= 1;
                if *count == 0 {
                    self.support.remove(&protocol.name);
                }
            }
        }
    }

    /// Parks a join; gives back an older one that it takes the place of.
    pub(super) fn park_join(&mut self, id: &str, token: Token) -> Option<Token> {
        let member = self.members.get_mut(id)?;
        let older = member.join.replace(token);
        self.joined += usize::from(older.is_none());
        older
    }

    pub(super) fn take_join(&mut self, id: &str) -> Option<Token> {
        let token = self.members.get_mut(id)?.join.take()?;
        self.joined -= 1;
        Some(token)
    }

    /// How many members have a parked join.
    pub(super) fn joined(&self) -> usize {
        self.joined
    }

    pub(super) fn all_joined(&self) -> bool {
        self.joined == self.members.len() && self.pending.is_empty()
    }

    /// The group can work with a member of this type and these protocols.
    pub(super) fn supports(&self, protocol_type: &str, protocols: &[Protocol]) -> bool {
        if matches!(self.phase, Phase::Empty) {
            return !protocol_type.is_empty() && !protocols.is_empty();
        }
        self.protocol_type.as_deref() == Some(protocol_type)
            && protocols.iter().any(|protocol| self.all_support(&protocol.name))
    }

    fn all_support(&self, protocol: &str) -> bool {
        self.support.get(protocol).copied().unwrap_or(0) == self.members.len()
    }

    /// The longest rebalance timeout of any member.
    pub(super) fn rebalance_timeout_ms(&self) -> u64 {
        let longest = self.members.values().map(|member| member.rebalance_timeout_ms).max();
        u64::try_from(longest.unwrap_or(0)).unwrap_or(0)
    }

    /// Each member votes for the first of its protocols that all support; the most votes
    /// win, and of equals the one that the first member in order prefers.
    pub(super) fn select_protocol(&self) -> Option<Text> {
        let mut votes: Vec<(&Text, usize)> = Vec::new();
        for member in self.members.values() {
            let choice = member.protocols.iter().find(|p| self.all_support(&p.name))?;
            match votes.iter_mut().find(|(name, _)| **name == choice.name) {
                Some((_, count)) => *count += 1,
                None => votes.push((&choice.name, 1)),
            }
        }
        let most = votes.iter().map(|(_, count)| *count).max()?;
        votes.iter().find(|(_, count)| *count == most).map(|(name, _)| (*name).clone())
    }

    /// Keeps the leader if it has joined, else takes the first member that has.
    /// False when no member has joined.
    pub(super) fn elect_joined_leader(&mut self) -> bool {
        let has_joined = |member: &Member| member.join.is_some();
        let leader = self.leader.as_ref().and_then(|id| self.members.get(id));
        if leader.is_some_and(has_joined) {
            return true;
        }
        let Some(next) = self.members.values().find(|member| has_joined(member)) else {
            return false;
        };
        self.leader = Some(next.id.clone());
        true
    }

    /// Whether `from` is a member, and the current owner of its instance id.
    pub(super) fn admit(&self, member: &str, instance: Option<&Text>) -> Result<(), ErrorCode> {
        if let Some(instance) = instance {
            match self.statics.get(instance) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(owner) if **owner != *member => return Err(ErrorCode::FencedInstanceId),
                Some(_) => {}
            }
        }
        if self.members.contains_key(member) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// As [`Group::admit`], and of this generation.
    pub(super) fn admit_current(&self, from: &Identity) -> Result<(), ErrorCode> {
        self.admit(&from.member, from.instance.as_ref())?;
        if from.generation == self.generation { Ok(()) } else { Err(ErrorCode::IllegalGeneration) }
    }

    /// Reads the members' subscriptions anew; called when a generation begins.
    pub(super) fn note_subscriptions(&mut self) {
        self.subscribed = match (self.is_of_consumers(), self.members.is_empty()) {
            (false, _) => None,
            (true, true) => Some(BTreeSet::new()),
            (true, false) => {
                let metadata = |m: &Member| m.metadata(self.protocol.as_deref());
                subscription::topics(self.members.values().map(metadata))
            }
        };
    }

    /// A topic whose offsets must not be deleted under a running group. Unreadable
    /// subscriptions count as subscribed to everything.
    pub(super) fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.subscribed {
            Some(topics) => topics.contains(topic),
            None => self.is_of_consumers(),
        }
    }

    /// What the log keeps of this group, with the assignments it has.
    pub(super) fn snapshot(&self) -> GroupValue {
        let member_value = |member: &Member| MemberValue {
            id: member.id.clone(),
            instance: member.instance.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            rebalance_timeout_ms: member.rebalance_timeout_ms,
            session_timeout_ms: member.session_timeout_ms,
            subscription: member.metadata(self.protocol.as_deref()),
            assignment: member.assignment.clone(),
        };
        GroupValue {
            protocol_type: self.protocol_type.clone().unwrap_or_else(|| Text::from("")),
            generation: self.generation,
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            since_ms: self.since_ms,
            members: self.members.values().map(member_value).collect(),
        }
    }

    /// Becomes what the record says. Members that are there already keep their protocols,
    /// timers and parked requests; the rest is made from the record.
    pub(super) fn restore(&mut self, value: &GroupValue) {
        self.recorded = true;
        self.generation = value.generation;
        self.since_ms = value.since_ms;
        self.protocol_type = Some(value.protocol_type.clone()).filter(|name| !name.is_empty());
        self.protocol = value.protocol.clone();
        let gone: Vec<Text> = {
            let kept: BTreeSet<&Text> = value.members.iter().map(|m| &m.id).collect();
            self.members.keys().filter(|id| !kept.contains(id)).cloned().collect()
        };
        for id in gone {
            self.remove(&id);
        }
        for recorded in &value.members {
            // A log that gives an instance id to two members means the later one.
            let owner = recorded.instance.as_ref().and_then(|i| self.statics.get(i)).cloned();
            if let Some(owner) = owner.filter(|owner| *owner != recorded.id) {
                self.remove(&owner);
            }
            match self.members.get_mut(&recorded.id) {
                Some(member) => member.assignment = recorded.assignment.clone(),
                None => self.insert(recorded.to_member(value.protocol.as_ref())),
            }
        }
        let leader = value.leader.clone().filter(|id| self.members.contains_key(id));
        self.leader = leader.or_else(|| self.members.keys().next().cloned());
        self.phase = match std::mem::replace(&mut self.phase, Phase::Empty) {
            _ if self.members.is_empty() => Phase::Empty,
            Phase::Completing(syncing) | Phase::Stable(syncing) => Phase::Stable(syncing),
            Phase::Empty | Phase::Preparing(_) => Phase::Stable(Syncing::default()),
        };
        self.note_subscriptions();
    }

    /// The invariants, one a line.
    pub(super) fn check(&self) {
        let joined = self.members.values().filter(|m| m.join.is_some()).count();
        assert_eq!(self.joined, joined, "parked joins are counted");
        let statics = self.members.values().filter(|m| m.instance.is_some()).count();
        assert_eq!(self.statics.len(), statics, "each static member owns its instance id");
        for (instance, id) in &self.statics {
            let owner = self.members.get(id).and_then(|m| m.instance.as_ref());
            assert_eq!(owner, Some(instance), "an instance id belongs to one member");
        }
        let mut support: BTreeMap<Text, usize> = BTreeMap::new();
        for (id, member) in &self.members {
            assert_eq!(*id, member.id);
            assert!(!self.pending.contains_key(id), "a member is not pending");
            for protocol in &member.protocols {
                *support.entry(protocol.name.clone()).or_default() += 1;
            }
            member.session.check();
        }
        assert_eq!(self.support, support, "supported protocols are counted");
        let led = self.leader.as_ref().is_none_or(|id| self.members.contains_key(id));
        assert!(led, "the leader is a member");
        assert_eq!(self.leader.is_none(), self.members.is_empty(), "members have a leader");
        self.check_phase();
    }

    fn check_phase(&self) {
        let preparing = matches!(self.phase, Phase::Preparing(_));
        let completing = matches!(self.phase, Phase::Completing(_));
        assert!(preparing || self.joined == 0, "joins are parked only while preparing");
        let synced = self.members.values().any(|m| m.sync.is_some());
        assert!(completing || !synced, "syncs are parked only while completing");
        match &self.phase {
            Phase::Empty => assert!(self.members.is_empty(), "an empty group has no members"),
            Phase::Preparing(preparing) => {
                preparing.timer.check();
                assert!(preparing.timer.deadline_ms().is_some(), "the join phase ends");
            }
            Phase::Completing(syncing) | Phase::Stable(syncing) => {
                assert!(!self.members.is_empty(), "a generation has members");
                assert!(self.select_protocol().is_some(), "members share a protocol");
                assert!(syncing.missing.iter().all(|id| self.members.contains_key(id)));
                syncing.timer.check();
            }
        }
    }
}
