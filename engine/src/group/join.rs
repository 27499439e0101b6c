//! JoinGroup: who may join, under which id, and whether that means a rebalance.
//!
//! Dynamic members without an id are told one first (KIP-394); static members (KIP-345)
//! take over the place of the member with their instance id, without a rebalance when the
//! group is stable and keeps its protocol (KIP-814 tells a leader not to assign again).

use std::fmt::Write as _;

use bytes::Bytes;
use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Join, Joined, Reply, State, Token};
use super::classic::Phase;
use super::member::Member;
use super::record::Record;
use super::timers::{Reminder, Timer};
use super::turn::Turn;
use crate::limits;

/// A member that has not completed its first join is given this long: it does not know
/// its id, so it cannot heartbeat, and a lost connection is not noticed while its request
/// is parked.
const FIRST_JOIN_MS: u64 = 5 * 60 * 1000;

impl Turn<'_> {
    pub(super) fn join(&mut self, join: &Join, token: Token, entropy: [u8; 16]) {
        if !self.has_room_for(&join.member) {
            self.expel(&join.member, ErrorCode::GroupMaxSizeReached);
            self.complete_join_if_all_joined();
            return self.refuse_join(token, ErrorCode::GroupMaxSizeReached, &Text::from(""));
        }
        if !self.group.supports(&join.protocol_type, &join.protocols) {
            return self.refuse_join(token, ErrorCode::InconsistentGroupProtocol, &join.member);
        }
        if join.member.is_empty() {
            self.join_new(join, token, entropy);
        } else if self.group.pending.contains_key(&join.member) && join.instance.is_none() {
            self.drop_pending(&join.member);
            self.add(join, join.member.clone(), token);
        } else {
            match self.group.admit(&join.member, join.instance.as_ref()) {
                Ok(()) => self.join_again(join, token),
                Err(code) => self.refuse_join(token, code, &join.member),
            }
        }
    }

    /// Members are counted as they will be after the rebalance: while one is prepared only
    /// those that have joined.
    fn has_room_for(&self, member: &str) -> bool {
        let max = self.rules.members_max.min(limits::GROUP_MEMBERS_MAX);
        let known = self.group.members.get(member);
        if known.is_none()
            && !self.group.pending.contains_key(member)
            && self.group.pending.len() >= limits::GROUP_MEMBERS_MAX
        {
            return false;
        }
        match self.group.state() {
            State::Empty | State::Dead => true,
            State::PreparingRebalance => {
                known.is_some_and(|m| m.join.is_some()) || self.group.joined() < max
            }
            State::CompletingRebalance | State::Stable => {
                known.is_some() || self.group.members.len() < max
            }
        }
    }

    fn join_new(&mut self, join: &Join, token: Token, entropy: [u8; 16]) {
        let id = member_id(join, entropy);
        let owner = join.instance.as_ref().and_then(|i| self.group.statics.get(i)).cloned();
        match owner {
            Some(owner) => self.replace_static(join, &owner, &id, token),
            None if join.instance.is_none() && join.features.member_id_required => {
                let mut timer = Timer::default();
                let session_ms = u64::try_from(join.session_timeout_ms).unwrap_or(0);
                let what = Reminder::Session(self.group.id.clone(), id.clone());
                self.timers.set(&mut timer, self.after(session_ms), &what);
                self.group.pending.insert(id.clone(), timer);
                self.refuse_join(token, ErrorCode::MemberIdRequired, &id);
            }
            None => self.add(join, id, token),
        }
    }

    fn add(&mut self, join: &Join, id: Text, token: Token) {
        if self.group.members.is_empty() {
            self.group.protocol_type = Some(join.protocol_type.clone());
        }
        if let Phase::Preparing(preparing) = &mut self.group.phase
            && let Some(initial) = &mut preparing.initial
        {
            initial.grew = true;
        }
        let mut member = Member {
            id: id.clone(),
            instance: join.instance.clone(),
            client_id: join.client_id.clone(),
            client_host: join.client_host.clone(),
            session_timeout_ms: join.session_timeout_ms,
            rebalance_timeout_ms: join.rebalance_timeout_ms,
            protocols: join.protocols.clone(),
            assignment: Bytes::new(),
            fresh: true,
            join: None,
            sync: None,
            session: Timer::default(),
        };
        let what = Reminder::Session(self.group.id.clone(), id.clone());
        self.timers.set(&mut member.session, self.after(FIRST_JOIN_MS), &what);
        self.group.insert(member);
        self.rebalance_with(&id, token);
    }

    /// A member of the group joins again: with news it starts a rebalance, without it is
    /// told where the group stands, since an earlier answer may have been lost.
    fn join_again(&mut self, join: &Join, token: Token) {
        let member = self.group.members.get(&join.member);
        let same = member.is_some_and(|member| member.protocols == join.protocols);
        let leads = self.group.is_leader(&join.member);
        match self.group.state() {
            State::CompletingRebalance if same => {
                let reply = self.joined(&join.member, Roster::OfLeader);
                self.reply(token, reply);
            }
            // A leader that joins a stable group wants a rebalance, whatever its reason.
            State::Stable if same && !leads => {
                let reply = self.joined(&join.member, Roster::Hidden);
                self.reply(token, reply);
            }
            State::PreparingRebalance | State::CompletingRebalance | State::Stable => {
                self.update(join, &join.member);
                self.rebalance_with(&join.member, token);
            }
            State::Empty | State::Dead => {
                self.refuse_join(token, ErrorCode::UnknownMemberId, &Text::from(""));
            }
        }
    }

    fn update(&mut self, join: &Join, id: &str) {
        self.group.set_protocols(id, join.protocols.clone());
        if let Some(member) = self.group.members.get_mut(id) {
            member.session_timeout_ms = join.session_timeout_ms;
            member.rebalance_timeout_ms = join.rebalance_timeout_ms;
        }
    }

    /// Starts a rebalance, or completes the one under way, with the join of `id` parked.
    fn rebalance_with(&mut self, id: &Text, token: Token) {
        self.begin_rebalance();
        if let Some(older) = self.group.park_join(id, token) {
            // The client gave up on that request and sent this one.
            self.refuse_join(older, ErrorCode::RebalanceInProgress, id);
        }
        self.complete_join_if_all_joined();
    }

    /// A static member came back without its id: it takes the place of the old one, which
    /// is fenced from now on.
    fn replace_static(&mut self, join: &Join, old: &Text, new: &Text, token: Token) {
        let was_leader = self.group.leader.clone();
        let Some(mut member) = self.group.remove(old) else { return };
        let what = Reminder::Session(self.group.id.clone(), old.clone());
        self.timers.forget(member.session, &what);
        if let Some(parked) = member.join.take() {
            self.refuse_join(parked, ErrorCode::FencedInstanceId, old);
        }
        if let Some(parked) = member.sync.take() {
            self.refuse(parked, ErrorCode::FencedInstanceId);
        }
        member.id = new.clone();
        member.session = Timer::default();
        self.group.insert(member);
        if was_leader.as_ref() == Some(old) {
            self.group.leader = Some(new.clone());
        }
        self.update(join, new);
        self.hear(new);
        let stable = self.group.state() == State::Stable;
        if stable && self.group.select_protocol() == self.group.protocol {
            self.confirm_static(join, was_leader, new, token);
        } else {
            self.rebalance_with(new, token);
        }
    }

    /// The group stays as it is; the log learns the new member id.
    fn confirm_static(&mut self, join: &Join, was_leader: Option<Text>, id: &Text, token: Token) {
        let value = self.group.snapshot();
        let group = self.group.id.clone();
        self.step.records.push(Record::Group { group, value: Some(value) });
        let mut reply = self.joined(id, Roster::OfLeader);
        if let Reply::Joined(joined) = &mut reply {
            if join.features.skip_assignment {
                joined.skip_assignment = self.group.is_leader(id);
            } else {
                // Named as the leader, an older client would assign again: name the old id.
                joined.leader = was_leader.unwrap_or_else(|| Text::from(""));
                joined.members.clear();
            }
        }
        self.reply(token, reply);
    }

    /// The current generation as `id` is told of it.
    pub(super) fn joined(&self, id: &Text, roster: Roster) -> Reply {
        let group = &*self.group;
        let protocol = group.protocol.as_deref();
        let members = match roster {
            Roster::OfLeader if group.is_leader(id) => {
                group.members.values().map(|member| member.as_joined(protocol)).collect()
            }
            Roster::OfLeader | Roster::Hidden => Vec::new(),
        };
        Reply::Joined(Joined {
            code: ErrorCode::None,
            member: id.clone(),
            generation: group.generation,
            protocol_type: group.protocol_type.clone(),
            protocol: group.protocol.clone(),
            leader: group.leader.clone().unwrap_or_else(|| Text::from("")),
            skip_assignment: false,
            members,
        })
    }

    pub(super) fn refuse_join(&mut self, token: Token, code: ErrorCode, member: &Text) {
        self.reply(token, Joined::refused(code, member));
    }
}

/// Whether a member that leads is told of all members.
#[derive(Clone, Copy)]
pub(super) enum Roster {
    OfLeader,
    Hidden,
}

/// `<instance id or client id>-<random UUID>`, as Kafka makes them.
fn member_id(join: &Join, entropy: [u8; 16]) -> Text {
    let stem = join.instance.as_ref().unwrap_or(&join.client_id);
    let mut end = stem.len().min(limits::INSTANCE_ID_BYTES_MAX);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    let mut uuid = entropy;
    uuid[6] = uuid[6] & 0x0f | 0x40;
    uuid[8] = uuid[8] & 0x3f | 0x80;
    let mut id = String::with_capacity(end + 37);
    id.push_str(&stem[..end]);
    for (at, byte) in uuid.iter().enumerate() {
        if matches!(at, 0 | 4 | 6 | 8 | 10) {
            id.push('-');
        }
        let _ = write!(id, "{byte:02x}");
    }
    Text::from(id)
}
