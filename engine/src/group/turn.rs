//! One transition of one group: the group, the timers, the time, and what comes out.
//!
//! `join`, `sync`, `leave` and `rebalance` are its verbs, one file each, all private to the
//! module. A turn never waits and never fails half-way: what it cannot do it refuses before
//! it changes anything.

use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Reply, Token};
use super::classic::{Group, Phase};
use super::groups::{Rules, Step};
use super::timers::{Fired, Reminder, Timers};
use crate::now::Now;

pub(super) struct Turn<'a> {
    pub(super) group: &'a mut Group,
    pub(super) timers: &'a mut Timers,
    pub(super) rules: &'a Rules,
    pub(super) now: Now,
    pub(super) step: &'a mut Step,
}

impl Turn<'_> {
    /// A reminder of this group fired.
    pub(super) fn on_reminder(&mut self, at_ms: u64, reminder: &Reminder) {
        let now_ms = self.now.mono_ms();
        let timer = match (reminder, &mut self.group.phase) {
            (Reminder::JoinPhase(_), Phase::Preparing(preparing)) => &mut preparing.timer,
            (Reminder::SyncPhase(_), Phase::Completing(syncing) | Phase::Stable(syncing)) => {
                &mut syncing.timer
            }
            (Reminder::Session(_, id), _) => {
                let session = self.group.members.get_mut(id).map(|member| &mut member.session);
                match session.or(self.group.pending.get_mut(id)) {
                    Some(timer) => timer,
                    None => return,
                }
            }
            _ => return,
        };
        if self.timers.fired(timer, at_ms, now_ms, reminder) == Fired::Stale {
            return;
        }
        match reminder {
            Reminder::JoinPhase(_) => self.on_join_phase_end(),
            Reminder::SyncPhase(_) => self.on_sync_phase_end(),
            Reminder::Session(_, id) => self.on_session_end(id),
            Reminder::Cleanup => {}
        }
    }

    pub(super) fn reply(&mut self, token: Token, reply: Reply) {
        self.step.reply(token, reply);
    }

    pub(super) fn refuse(&mut self, token: Token, code: ErrorCode) {
        self.step.refuse(token, code);
    }

    /// `millis` from now, on the monotonic clock.
    pub(super) fn after(&self, millis: u64) -> u64 {
        self.now.mono_ms().saturating_add(millis)
    }

    /// The member has been heard: its session starts anew.
    pub(super) fn hear(&mut self, id: &Text) {
        let Some(member) = self.group.members.get_mut(id) else { return };
        let session_ms = u64::try_from(member.session_timeout_ms).unwrap_or(0);
        let deadline_ms = self.now.mono_ms().saturating_add(session_ms);
        let what = Reminder::Session(self.group.id.clone(), id.clone());
        self.timers.set(&mut member.session, deadline_ms, &what);
    }

    pub(super) fn hear_all(&mut self) {
        let ids: Vec<Text> = self.group.members.keys().cloned().collect();
        for id in &ids {
            self.hear(id);
        }
    }

    /// Goes to another phase; the timer of the old one is taken back.
    pub(super) fn enter(&mut self, phase: Phase) {
        let id = self.group.id.clone();
        match std::mem::replace(&mut self.group.phase, phase) {
            Phase::Empty => {}
            Phase::Preparing(old) => self.timers.forget(old.timer, &Reminder::JoinPhase(id)),
            Phase::Completing(old) | Phase::Stable(old) => {
                self.timers.forget(old.timer, &Reminder::SyncPhase(id));
            }
        }
        self.group.since_ms = self.now.wall_ms;
    }

    /// Takes a member out of the group, with its timer; its parked requests are answered
    /// with `code`.
    pub(super) fn expel(&mut self, id: &str, code: ErrorCode) {
        let Some(member) = self.group.remove(id) else { return };
        let what = Reminder::Session(self.group.id.clone(), member.id.clone());
        self.timers.forget(member.session, &what);
        if let Some(token) = member.join {
            self.reply(token, super::call::Joined::refused(code, &member.id));
        }
        if let Some(token) = member.sync {
            self.refuse(token, code);
        }
    }

    /// Forgets an id that was handed out.
    pub(super) fn drop_pending(&mut self, id: &Text) {
        if let Some(timer) = self.group.pending.remove(id) {
            self.timers.forget(timer, &Reminder::Session(self.group.id.clone(), id.clone()));
        }
    }
}
