//! SyncGroup: the leader hands in the assignment, everyone takes its own.
//!
//! The assignment is recorded before anyone sees it: `Groups::written` calls
//! `hand_out_assignments` after the record is applied, `Groups::refused` takes the sync
//! phase back to a new rebalance.

use std::collections::BTreeMap;

use bytes::Bytes;
use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Reply, State, Sync, Synced, Token};
use super::classic::Phase;
use super::record::Record;
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn sync(&mut self, sync: &Sync, token: Token) {
        if let Err(code) = self.admit_sync(sync) {
            return self.refuse(token, code);
        }
        let id = &sync.from.member;
        match self.group.state() {
            State::Empty | State::Dead => self.refuse(token, ErrorCode::UnknownMemberId),
            State::PreparingRebalance => self.refuse(token, ErrorCode::RebalanceInProgress),
            State::Stable => {
                self.note_synced(id);
                self.hear(id);
                let reply = self.assignment_of(id);
                self.reply(token, reply);
            }
            State::CompletingRebalance => {
                self.note_synced(id);
                self.park_sync(id, token);
                if self.group.is_leader(id) {
                    self.record_assignments(&sync.assignments);
                }
            }
        }
    }

    fn admit_sync(&self, sync: &Sync) -> Result<(), ErrorCode> {
        self.group.admit_current(&sync.from)?;
        let differ = |theirs: &Option<Text>, ours: &Option<Text>| match (theirs, ours) {
            (Some(theirs), Some(ours)) => theirs != ours,
            _ => false,
        };
        if differ(&sync.protocol_type, &self.group.protocol_type)
            || differ(&sync.protocol, &self.group.protocol)
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    fn park_sync(&mut self, id: &str, token: Token) {
        let Some(member) = self.group.members.get_mut(id) else { return };
        if let Some(older) = member.sync.replace(token) {
            // The client gave up on that request and sent this one.
            self.refuse(older, ErrorCode::RebalanceInProgress);
        }
    }

    fn note_synced(&mut self, id: &str) {
        if let Phase::Completing(syncing) | Phase::Stable(syncing) = &mut self.group.phase {
            syncing.missing.remove(id);
            if syncing.missing.is_empty() {
                syncing.timer.clear();
            }
        }
    }

    fn record_assignments(&mut self, assignments: &[(Text, Bytes)]) {
        let given: BTreeMap<&Text, &Bytes> = assignments.iter().map(|(id, a)| (id, a)).collect();
        let mut value = self.group.snapshot();
        for member in &mut value.members {
            member.assignment = given.get(&member.id).copied().cloned().unwrap_or_default();
        }
        value.since_ms = self.now.wall_ms;
        let group = self.group.id.clone();
        self.step.assigned = Some((group.clone(), self.group.generation));
        self.step.records.push(Record::Group { group, value: Some(value) });
    }

    /// The record of the assignment is applied and the group stable: who waits gets its own.
    pub(super) fn hand_out_assignments(&mut self, generation: i32) {
        assert_eq!(self.group.generation, generation, "nothing comes between record and reply");
        let ids: Vec<Text> = self.group.members.keys().cloned().collect();
        for id in &ids {
            let token = self.group.members.get_mut(id).and_then(|member| member.sync.take());
            if let Some(token) = token {
                let reply = self.assignment_of(id);
                self.reply(token, reply);
                self.hear(id);
            }
        }
    }

    /// The record of the assignment was refused: who waits is told, and joins again.
    pub(super) fn withdraw_assignments(&mut self, generation: i32, code: ErrorCode) {
        assert_eq!(self.group.generation, generation, "nothing comes between record and reply");
        self.fail_syncs(code);
        self.begin_rebalance();
    }

    /// Answers all parked syncs with `code`; nobody has an assignment any more.
    pub(super) fn fail_syncs(&mut self, code: ErrorCode) {
        let mut parked = Vec::new();
        for member in self.group.members.values_mut() {
            member.assignment = Bytes::new();
            parked.extend(member.sync.take().map(|token| (member.id.clone(), token)));
        }
        for (id, token) in parked {
            self.refuse(token, code);
            self.hear(&id);
        }
    }

    /// Members that took no assignment in time are out, and the others rebalance.
    pub(super) fn on_sync_phase_end(&mut self) {
        let missing = match &mut self.group.phase {
            Phase::Completing(syncing) | Phase::Stable(syncing) => {
                std::mem::take(&mut syncing.missing)
            }
            Phase::Empty | Phase::Preparing(_) => return,
        };
        if missing.is_empty() {
            return;
        }
        for id in &missing {
            self.expel(id, ErrorCode::UnknownMemberId);
        }
        self.rebalance();
    }

    fn assignment_of(&self, id: &str) -> Reply {
        let member = self.group.members.get(id);
        Reply::Synced(Synced {
            protocol_type: self.group.protocol_type.clone(),
            protocol: self.group.protocol.clone(),
            assignment: member.map(|member| member.assignment.clone()).unwrap_or_default(),
        })
    }
}
