//! Heartbeat, LeaveGroup and the end of a session: staying and going.
//!
//! A member that goes, on its own or for silence, starts a rebalance of a running
//! generation, or lets the join phase complete without it.

use millstream_wire::ErrorCode;

use super::Text;
use super::call::{Identity, Leave, Leaver, Reply, State, Token};
use super::turn::Turn;

impl Turn<'_> {
    pub(super) fn heartbeat(&mut self, from: &Identity, token: Token) {
        if let Err(code) = self.group.admit_current(from) {
            return self.refuse(token, code);
        }
        match self.group.state() {
            State::Empty | State::Dead => self.refuse(token, ErrorCode::UnknownMemberId),
            State::PreparingRebalance => {
                self.hear(&from.member);
                self.refuse(token, ErrorCode::RebalanceInProgress);
            }
            State::CompletingRebalance | State::Stable => {
                self.hear(&from.member);
                self.reply(token, Reply::Done);
            }
        }
    }

    pub(super) fn leave(&mut self, leave: &Leave, token: Token) {
        let before = self.group.members.len();
        let outcomes: Vec<(Leaver, ErrorCode)> =
            leave.members.iter().map(|leaver| (leaver.clone(), self.let_go(leaver))).collect();
        self.reply(token, Reply::Left(outcomes));
        if self.group.members.len() < before {
            self.rebalance();
        } else {
            self.complete_join_if_all_joined();
        }
    }

    fn let_go(&mut self, leaver: &Leaver) -> ErrorCode {
        if self.group.pending.contains_key(&leaver.member) {
            self.drop_pending(&leaver.member);
            return ErrorCode::None;
        }
        let id = match (&leaver.instance, leaver.member.is_empty()) {
            // An operator removes a static member by its instance id alone.
            (Some(instance), true) => self.group.statics.get(instance).cloned(),
            (None, true) => None,
            (instance, false) => match self.group.admit(&leaver.member, instance.as_ref()) {
                Ok(()) => Some(leaver.member.clone()),
                Err(code) => return code,
            },
        };
        let Some(id) = id else { return ErrorCode::UnknownMemberId };
        self.expel(&id, ErrorCode::UnknownMemberId);
        ErrorCode::None
    }

    pub(super) fn on_session_end(&mut self, id: &Text) {
        if self.group.pending.contains_key(id) {
            self.drop_pending(id);
            return self.complete_join_if_all_joined();
        }
        if self.group.members.get(id).is_some_and(|member| member.must_be_heard()) {
            self.expel(id, ErrorCode::UnknownMemberId);
            self.rebalance();
        }
    }
}

/// LeaveGroup to a group that is not there.
pub(super) fn group_unknown(leave: &Leave) -> Reply {
    let unknown = |leaver: &Leaver| (leaver.clone(), ErrorCode::UnknownMemberId);
    Reply::Left(leave.members.iter().map(unknown).collect())
}
