//! All groups of one coordinator partition: the entry point of the group Decider.
//!
//! The shell passes each call, and each tick of its clock, and gets a [`Step`]: replies,
//! and records that must be appended first. If the append is accepted it calls `written`,
//! which applies the records as a replay after a restart would; if it is refused, `refused`.
//! Append and `written` happen in one go, so no other call sees the state between them; the
//! replies leave when everything appended so far is durable.
//!
//! Invariant: a step with records changes what the records cover only in `written`.

use std::collections::BTreeMap;
use std::ops::Bound;

use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Call, Join, Joined, Reply, State, Token};
use super::classic::Group;
use super::record::Record;
use super::timers::{Reminder, Timers};
use super::turn::Turn;
use crate::limits;
use crate::now::Now;

/// The configuration that groups obey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub session_timeout_ms_min: i32,
    pub session_timeout_ms_max: i32,
    /// `group.max.size`; the engine's own limit holds beside it.
    pub members_max: usize,
    pub initial_delay_ms: u64,
    /// Of the text that is stored with an offset.
    pub offset_metadata_max: usize,
    pub offset_retention_ms: i64,
    pub cleanup_interval_ms: u64,
}

/// What one call or one due timer leads to.
#[derive(Debug, Default)]
pub struct Step {
    /// To be sent when the records, and all before them, are durable.
    pub replies: Vec<(Token, Reply)>,
    /// To be appended together, before `written`.
    pub records: Vec<Record>,
    /// The leader's assignment is among the records: its group and generation.
    pub(super) assigned: Option<(Text, i32)>,
}

/// The groups whose ids hash to one partition of `__consumer_offsets`.
#[derive(Debug)]
pub struct Groups {
    pub(super) rules: Rules,
    pub(super) groups: BTreeMap<Text, Group>,
    pub(super) timers: Timers,
    /// Where an unfinished cleanup goes on.
    cleanup_from: Option<Text>,
}

impl Groups {
    #[must_use]
    pub fn new(rules: Rules) -> Groups {
        Groups { rules, groups: BTreeMap::new(), timers: Timers::default(), cleanup_from: None }
    }

    /// Decides one call. `entropy` makes the id of a new member.
    pub fn handle(&mut self, call: Call, token: Token, now: Now, entropy: [u8; 16]) -> Step {
        let mut step = Step::default();
        match call {
            Call::Join(join) => self.join(&join, token, now, entropy, &mut step),
            Call::Describe(group) => step.reply(token, self.describe(&group)),
            Call::List => step.reply(token, self.list()),
            Call::Fetch(fetch) => step.reply(token, self.fetch(&fetch)),
            Call::Commit(commit) => self.commit(&commit, token, now, &mut step),
            Call::Delete(group) => self.delete(&group, token, &mut step),
            Call::DeleteOffsets(delete) => self.delete_offsets(&delete, token, &mut step),
            Call::Sync(_) | Call::Heartbeat(_) | Call::Leave(_)
                if call.group().is_none_or(|group| group.is_empty()) =>
            {
                step.refuse(token, ErrorCode::InvalidGroupId);
            }
            Call::Sync(sync) => match self.turn(&sync.from.group, now, &mut step) {
                Some(mut turn) => turn.sync(&sync, token),
                None => step.refuse(token, ErrorCode::UnknownMemberId),
            },
            Call::Heartbeat(from) => match self.turn(&from.group, now, &mut step) {
                Some(mut turn) => turn.heartbeat(&from, token),
                None => step.refuse(token, ErrorCode::UnknownMemberId),
            },
            Call::Leave(leave) => match self.turn(&leave.group, now, &mut step) {
                Some(mut turn) => turn.leave(&leave, token),
                None => step.reply(token, super::leave::group_unknown(&leave)),
            },
        }
        step
    }

    /// Acts on one due timer. The shell calls it until it gives `None`.
    pub fn tick(&mut self, now: Now) -> Option<Step> {
        let now_ms = now.mono_ms();
        while let Some((at_ms, reminder)) = self.timers.pop(now_ms) {
            let mut step = Step::default();
            match &reminder {
                Reminder::Cleanup => self.cleanup(now, &mut step),
                Reminder::JoinPhase(group)
                | Reminder::SyncPhase(group)
                | Reminder::Session(group, _) => {
                    if let Some(mut turn) = self.turn(group, now, &mut step) {
                        turn.on_reminder(at_ms, &reminder);
                    }
                    self.drop_blank(group);
                }
            }
            if !step.is_empty() {
                return Some(step);
            }
        }
        None
    }

    /// When `tick` has something to do next, in monotonic milliseconds.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.timers.next()
    }

    /// The log has accepted the records of `step`: applies them and gives the replies.
    pub fn written(&mut self, step: Step, now: Now) -> Vec<(Token, Reply)> {
        let Step { replies, records, assigned } = step;
        for record in &records {
            self.apply(record);
        }
        let mut after = Step { replies, ..Step::default() };
        if let Some((group, generation)) = assigned
            && let Some(mut turn) = self.turn(&group, now, &mut after)
        {
            turn.hand_out_assignments(generation);
        }
        after.replies
    }

    /// The log has refused the records of `step`, which changes nothing: gives the refusals.
    pub fn refused(&mut self, step: Step, code: ErrorCode, now: Now) -> Vec<(Token, Reply)> {
        let refusal = |(token, reply): (Token, Reply)| match reply {
            Reply::Joined(joined) => (token, Joined::refused(code, &joined.member)),
            _ => (token, Reply::Refused(code)),
        };
        let replies = step.replies.into_iter().map(refusal).collect();
        let mut after = Step { replies, ..Step::default() };
        if let Some((group, generation)) = step.assigned
            && let Some(mut turn) = self.turn(&group, now, &mut after)
        {
            turn.withdraw_assignments(generation, code);
        }
        assert!(after.records.is_empty(), "a refusal needs no record");
        after.replies
    }

    /// Applies one record, live or from the log.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Group { group, value: Some(value) } => {
                self.entry(group, value.since_ms).restore(value);
            }
            Record::Group { group, value: None } => {
                self.groups.remove(group);
            }
            Record::Offset { group, topic, partition, value: Some(value) } => {
                let offsets = &mut self.entry(group, value.commit_ms).offsets;
                offsets.entry(topic.clone()).or_default().insert(*partition, value.clone());
            }
            Record::Offset { group, topic, partition, value: None } => {
                let Some(known) = self.groups.get_mut(group) else { return };
                if let Some(partitions) = known.offsets.get_mut(topic) {
                    partitions.remove(partition);
                    if partitions.is_empty() {
                        known.offsets.remove(topic);
                    }
                }
            }
            Record::Other => {}
        }
    }

    /// The log has been replayed: members have their whole session to be heard again.
    pub fn loaded(&mut self, now: Now) {
        let ids: Vec<Text> = self.groups.keys().cloned().collect();
        for id in ids {
            let mut step = Step::default();
            if let Some(mut turn) = self.turn(&id, now, &mut step) {
                turn.hear_all();
            }
        }
        let first_ms = now.mono_ms().saturating_add(self.rules.cleanup_interval_ms);
        self.timers.remind(first_ms, Reminder::Cleanup);
    }

    /// How many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The invariants of every group.
    pub fn check(&self) {
        for (id, group) in &self.groups {
            assert_eq!(*id, group.id);
            group.check();
        }
    }

    fn join(&mut self, join: &Join, token: Token, now: Now, entropy: [u8; 16], step: &mut Step) {
        if let Err(code) = self.admit_join(join) {
            return step.reply(token, Joined::refused(code, &join.member));
        }
        self.entry(&join.group, now.wall_ms);
        if let Some(mut turn) = self.turn(&join.group, now, step) {
            turn.join(join, token, entropy);
        }
        self.drop_blank(&join.group);
    }

    /// Forgets a group that holds nothing, such as one whose only join was refused.
    fn drop_blank(&mut self, id: &str) {
        if self.groups.get(id).is_some_and(Group::is_blank) {
            self.groups.remove(id);
        }
    }

    fn admit_join(&self, join: &Join) -> Result<(), ErrorCode> {
        if join.group.is_empty() || join.group.len() > limits::GROUP_TEXT_BYTES_MAX {
            return Err(ErrorCode::InvalidGroupId);
        }
        let sessions = self.rules.session_timeout_ms_min..=self.rules.session_timeout_ms_max;
        if !sessions.contains(&join.session_timeout_ms) {
            return Err(ErrorCode::InvalidSessionTimeout);
        }
        let bytes: usize = join.protocols.iter().map(|p| p.name.len() + p.metadata.len()).sum();
        let instance = join.instance.as_ref().map_or(0, |instance| instance.len());
        if join.protocols.len() > limits::MEMBER_PROTOCOLS_MAX
            || bytes > limits::MEMBER_METADATA_BYTES_MAX
            || instance > limits::INSTANCE_ID_BYTES_MAX
        {
            return Err(ErrorCode::InvalidRequest);
        }
        match (self.groups.contains_key(&join.group), join.member.is_empty()) {
            (true, _) => Ok(()),
            (false, false) => Err(ErrorCode::UnknownMemberId),
            (false, true) => self.admit_group(),
        }
    }

    /// There is room for one more group.
    pub(super) fn admit_group(&self) -> Result<(), ErrorCode> {
        if self.groups.len() < limits::COORDINATOR_GROUPS_MAX {
            Ok(())
        } else {
            Err(ErrorCode::CoordinatorNotAvailable)
        }
    }

    fn entry(&mut self, id: &Text, wall_ms: i64) -> &mut Group {
        self.groups.entry(id.clone()).or_insert_with(|| Group::new(id.clone(), wall_ms))
    }

    pub(super) fn turn<'a>(
        &'a mut self,
        id: &str,
        now: Now,
        step: &'a mut Step,
    ) -> Option<Turn<'a>> {
        let group = self.groups.get_mut(id)?;
        Some(Turn { group, timers: &mut self.timers, rules: &self.rules, now, step })
    }

    /// Expires offsets, then removes groups that hold nothing any more: as much as fits one
    /// append, the rest right after it.
    fn cleanup(&mut self, now: Now, step: &mut Step) {
        let from = match self.cleanup_from.take() {
            Some(id) => Bound::Included(id),
            None => Bound::Unbounded,
        };
        let mut blank = Vec::new();
        for (id, group) in self.groups.range((from, Bound::Unbounded)) {
            if step.records.len() >= limits::CLEANUP_RECORDS_MAX {
                self.cleanup_from = Some(id.clone());
                break;
            }
            if group.is_blank() {
                blank.push(id.clone());
                continue;
            }
            let left = super::offsets::expire(group, &self.rules, now, &mut step.records);
            let idle = group.state() == State::Empty && group.pending.is_empty();
            if left == 0 && idle {
                step.records.push(Record::Group { group: id.clone(), value: None });
            }
        }
        for id in blank {
            self.groups.remove(&id);
        }
        let pause_ms = match self.cleanup_from {
            Some(_) => 0,
            None => self.rules.cleanup_interval_ms,
        };
        self.timers.remind(now.mono_ms().saturating_add(pause_ms), Reminder::Cleanup);
    }
}

impl Step {
    pub(super) fn reply(&mut self, token: Token, reply: Reply) {
        self.replies.push((token, reply));
    }

    pub(super) fn refuse(&mut self, token: Token, code: ErrorCode) {
        self.reply(token, Reply::Refused(code));
    }

    fn is_empty(&self) -> bool {
        self.replies.is_empty() && self.records.is_empty()
    }
}
