//! Tests of the group Decider: a rig that plays the shell, and one file per theme.
//!
//! The rig appends what a step records (through the bytes, as a log would), applies it, and
//! keeps the replies by token. It asserts on the way that each call is answered at most
//! once, that every invariant holds after every step, and that a replay of the log gives
//! the same durable state.

mod join;
mod model;
mod offsets;
mod records;
mod sessions;
mod statics;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use millstream_wire::{ErrorCode, Uuid};

use super::*;
use crate::now::Now;

pub(super) fn text(value: &str) -> Text {
    Text::from(value)
}

pub(super) struct Rig {
    pub(super) groups: Groups,
    pub(super) now: Now,
    pub(super) log: Vec<Record>,
    asked: u64,
    answered: BTreeMap<Token, Reply>,
    /// Asked and not answered yet.
    pub(super) open: BTreeSet<Token>,
    /// The log refuses everything, as a full disk would.
    pub(super) refusing: bool,
}

pub(super) fn rules() -> Rules {
    Rules {
        session_timeout_ms_min: 6_000,
        session_timeout_ms_max: 1_800_000,
        members_max: 100,
        initial_delay_ms: 3_000,
        offset_metadata_max: 4_096,
        offset_retention_ms: 7 * 24 * 3_600_000,
        cleanup_interval_ms: 600_000,
    }
}

impl Rig {
    pub(super) fn new() -> Rig {
        Rig::with(rules())
    }

    pub(super) fn with(rules: Rules) -> Rig {
        let mut groups = Groups::new(rules);
        let now = Now { wall_ms: 1_700_000_000_000, mono_ns: 5_000_000_000 };
        groups.loaded(now);
        let (log, answered, open) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        Rig { groups, now, log, asked: 0, answered, open, refusing: false }
    }

    /// A rig whose groups share out at once.
    pub(super) fn hasty() -> Rig {
        Rig::with(Rules { initial_delay_ms: 0, ..rules() })
    }

    pub(super) fn ask(&mut self, call: Call) -> Token {
        self.asked += 1;
        let token = Token(self.asked);
        self.open.insert(token);
        let mut entropy = [0; 16];
        entropy[..8].copy_from_slice(&self.asked.to_be_bytes());
        let step = self.groups.handle(call, token, self.now, entropy);
        self.settle(step);
        token
    }

    /// Asks what is answered at once.
    pub(super) fn get(&mut self, call: Call) -> Reply {
        let token = self.ask(call);
        self.take(token).expect("this call is answered at once")
    }

    pub(super) fn code(&mut self, call: Call) -> ErrorCode {
        self.get(call).code()
    }

    pub(super) fn take(&mut self, token: Token) -> Option<Reply> {
        self.answered.remove(&token)
    }

    pub(super) fn joined(&mut self, token: Token) -> Joined {
        match self.take(token) {
            Some(Reply::Joined(joined)) => joined,
            other => panic!("the join of {token:?} has {other:?}"),
        }
    }

    pub(super) fn synced(&mut self, token: Token) -> Synced {
        match self.take(token) {
            Some(Reply::Synced(synced)) => synced,
            other => panic!("the sync of {token:?} has {other:?}"),
        }
    }

    fn settle(&mut self, step: Step) {
        let replies = if step.records.is_empty() {
            step.replies
        } else if self.refusing {
            self.groups.refused(step, ErrorCode::CoordinatorNotAvailable, self.now)
        } else {
            for record in &step.records {
                self.log.push(through_bytes(record));
            }
            self.groups.written(step, self.now)
        };
        for (token, reply) in replies {
            assert!(self.open.remove(&token), "{token:?} is answered, but did not ask or wait");
            self.answered.insert(token, reply);
        }
        self.groups.check();
    }

    /// Lets time pass, stopping at each deadline on the way.
    pub(super) fn pass(&mut self, millis: u64) {
        let end_ms = self.now.mono_ms() + millis;
        while let Some(at_ms) = self.groups.next_deadline().filter(|at_ms| *at_ms <= end_ms) {
            self.move_to(at_ms.max(self.now.mono_ms()));
            while let Some(step) = self.groups.tick(self.now) {
                self.settle(step);
            }
        }
        self.move_to(end_ms);
    }

    fn move_to(&mut self, mono_ms: u64) {
        self.now.wall_ms += i64::try_from(mono_ms - self.now.mono_ms()).expect("small");
        self.now.mono_ns = mono_ms * 1_000_000;
    }

    /// The broker restarts: everything is rebuilt from the log.
    pub(super) fn restart(&mut self) {
        let mut groups = Groups::new(self.groups.rules.clone());
        for record in &self.log {
            groups.apply(record);
        }
        groups.loaded(self.now);
        self.open.clear();
        self.groups = groups;
        self.groups.check();
    }

    pub(super) fn state(&mut self, group: &str) -> State {
        match self.get(Call::Describe(text(group))) {
            Reply::Described(description) => description.state,
            _ => State::Dead,
        }
    }

    /// A new dynamic member that has been told its id and has joined; parked.
    pub(super) fn enter(&mut self, group: &str) -> (Text, Token) {
        let told = self.get(Call::Join(join(group, "")));
        let Reply::Joined(told) = told else { panic!("{told:?}") };
        assert_eq!(told.code, ErrorCode::MemberIdRequired);
        let token = self.ask(Call::Join(join(group, &told.member)));
        (told.member, token)
    }

    /// A stable group of `count` members, who hold assignments "0", "1", …; the first leads.
    pub(super) fn stable(&mut self, group: &str, count: usize) -> Vec<Text> {
        let entered: Vec<_> = (0..count).map(|_| self.enter(group)).collect();
        let (members, mut tokens): (Vec<Text>, Vec<Token>) = entered.into_iter().unzip();
        if self.groups.rules.initial_delay_ms == 0 && count > 1 {
            // The first did not wait for the others, who now wait for it.
            tokens.push(self.ask(Call::Join(join(group, &members[0]))));
        }
        self.pass(self.groups.rules.initial_delay_ms * 3);
        let generation = tokens.into_iter().map(|token| self.joined(token).generation).max();
        let generation = generation.expect("at least one member");
        self.share(group, &members, generation);
        members
    }

    /// All members sync, the first as the leader.
    pub(super) fn share(&mut self, group: &str, members: &[Text], generation: i32) {
        let leader = self.groups.groups[group].leader.clone().expect("a group with members");
        let share = |(i, member): (usize, &Text)| (member.clone(), Bytes::from(i.to_string()));
        let shares: Vec<_> = members.iter().enumerate().map(share).collect();
        let mut tokens = Vec::new();
        for member in members {
            let assignments = if *member == leader { shares.clone() } else { Vec::new() };
            let from = me(group, member, generation);
            tokens.push(self.ask(Call::Sync(sync(from, assignments))));
        }
        for (i, token) in tokens.into_iter().enumerate() {
            assert_eq!(self.synced(token).assignment, Bytes::from(i.to_string()));
        }
        assert_eq!(self.state(group), State::Stable);
    }
}

fn through_bytes(record: &Record) -> Record {
    let (key, value) = record.encode().expect("a record that can be written");
    let read = Record::decode(&key, value.as_deref()).expect("what we wrote");
    assert_eq!(read, *record);
    read
}

pub(super) fn join(group: &str, member: &str) -> Join {
    Join {
        group: text(group),
        member: text(member),
        instance: None,
        client_id: text("client"),
        client_host: text("/127.0.0.1"),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 20_000,
        protocol_type: text("consumer"),
        protocols: vec![protocol("range"), protocol("roundrobin")],
        features: JoinFeatures { member_id_required: true, skip_assignment: true },
    }
}

pub(super) fn protocol(name: &str) -> Protocol {
    // A subscription in version 0 to one topic, "t".
    let metadata = b"\x00\x00\x00\x00\x00\x01\x00\x01t\xff\xff\xff\xff";
    Protocol { name: text(name), metadata: Bytes::from_static(metadata) }
}

pub(super) fn me(group: &str, member: &str, generation: i32) -> Identity {
    Identity { group: text(group), member: text(member), instance: None, generation }
}

pub(super) fn sync(from: Identity, assignments: Vec<(Text, Bytes)>) -> Sync {
    Sync { from, protocol_type: Some(text("consumer")), protocol: Some(text("range")), assignments }
}

pub(super) fn commit(from: Identity, topic: &str, offset: i64) -> Commit {
    let metadata = text("");
    let partition = CommitPartition { index: 0, offset, leader_epoch: 3, metadata };
    Commit {
        from,
        retention_ms: None,
        knows_group_not_found: true,
        topics: vec![CommitTopic {
            topic: text(topic),
            topic_id: Uuid([7; 16]),
            gone: false,
            partitions: vec![partition],
        }],
    }
}

pub(super) fn leave(group: &str, members: &[(&str, Option<&str>)]) -> Leave {
    let leaver = |(member, instance): &(&str, Option<&str>)| Leaver {
        member: text(member),
        instance: instance.map(text),
    };
    Leave { group: text(group), members: members.iter().map(leaver).collect() }
}

pub(super) fn left(reply: Reply) -> Vec<ErrorCode> {
    match reply {
        Reply::Left(left) => left.into_iter().map(|(_, code)| code).collect(),
        other => panic!("{other:?}"),
    }
}

/// The offset of partition 0 of `topic`; `None` when there is none.
pub(super) fn fetched(rig: &mut Rig, group: &str, topic: &str) -> Option<i64> {
    let wanted = FetchTopic { topic: text(topic), topic_id: Uuid::ZERO, partitions: vec![0] };
    let fetch = Fetch { group: text(group), topics: Some(vec![wanted]) };
    match rig.get(Call::Fetch(fetch)) {
        Reply::Fetched(topics) => Some(topics[0].partitions[0].offset).filter(|o| *o >= 0),
        other => panic!("{other:?}"),
    }
}
