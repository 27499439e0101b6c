//! The rebalance itself: from a stable or empty group through the join phase to the next
//! generation. All changes of phase but the last (`sync`) stand here.
//!
//! ```text
//! Empty ─────┐ initial delay                    leader's SyncGroup
//! Completing ┼──────────► Preparing ─► Completing ───────────────► Stable
//! Stable ────┘                └──────► Empty (nobody joined)
//! ```

use millstream_wire::ErrorCode;

use super::Text;
use super::classic::{Initial, Phase, Preparing, Syncing};
use super::join::Roster;
use super::record::Record;
use super::timers::{Reminder, Timer};
use super::turn::Turn;

impl Turn<'_> {
    /// Enters the join phase, unless the group is in it. Completes nothing: the caller
    /// may have a join to park first.
    pub(super) fn begin_rebalance(&mut self) {
        let timeout_ms = self.group.rebalance_timeout_ms();
        let (wait_ms, initial) = match self.group.phase {
            Phase::Preparing(_) => return,
            Phase::Empty => {
                let delay_ms = self.rules.initial_delay_ms;
                let remaining_ms = timeout_ms.saturating_sub(delay_ms);
                (delay_ms, Some(Initial { delay_ms, remaining_ms, grew: false }))
            }
            Phase::Completing(_) => {
                self.fail_syncs(ErrorCode::RebalanceInProgress);
                (timeout_ms, None)
            }
            Phase::Stable(_) => (timeout_ms, None),
        };
        self.enter(Phase::Preparing(Preparing { timer: Timer::default(), initial }));
        self.set_join_timer(wait_ms);
    }

    /// The members changed: start a rebalance, or see whether that completes one.
    pub(super) fn rebalance(&mut self) {
        if !matches!(self.group.phase, Phase::Empty) {
            self.begin_rebalance();
            self.complete_join_if_all_joined();
        }
    }

    /// Ends the join phase early, when there is nobody left to wait for. The initial delay
    /// is waited for in any case: others may come.
    pub(super) fn complete_join_if_all_joined(&mut self) {
        let Phase::Preparing(preparing) = &self.group.phase else { return };
        let delayed = preparing.initial.as_ref().is_some_and(|initial| initial.delay_ms > 0);
        if !delayed && self.group.all_joined() {
            self.complete_join();
        }
    }

    pub(super) fn on_join_phase_end(&mut self) {
        let Phase::Preparing(preparing) = &mut self.group.phase else { return };
        let delay = preparing.initial.as_mut().filter(|i| i.grew && i.remaining_ms > 0);
        let Some(initial) = delay else { return self.complete_join() };
        let next_ms = self.rules.initial_delay_ms.min(initial.remaining_ms);
        initial.remaining_ms = initial.remaining_ms.saturating_sub(initial.delay_ms);
        initial.delay_ms = next_ms;
        initial.grew = false;
        self.set_join_timer(next_ms);
    }

    /// Members that have not joined are out, static ones excepted, and the next generation
    /// begins with the others.
    fn complete_join(&mut self) {
        let late = self.group.members.values();
        let late = late.filter(|member| member.join.is_none() && member.instance.is_none());
        let late: Vec<Text> = late.map(|member| member.id.clone()).collect();
        for id in &late {
            self.expel(id, ErrorCode::UnknownMemberId);
        }
        if !self.group.members.is_empty() && !self.group.elect_joined_leader() {
            // Only static members are left, and none has come back yet: their sessions
            // decide. Until then the phase goes on.
            return self.set_join_timer(self.group.rebalance_timeout_ms().max(1));
        }
        // Past the last generation comes the first again.
        self.group.generation = self.group.generation.checked_add(1).unwrap_or(1);
        if self.group.members.is_empty() {
            self.become_empty();
        } else {
            self.begin_generation();
        }
    }

    fn become_empty(&mut self) {
        self.enter(Phase::Empty);
        self.group.protocol = None;
        self.group.note_subscriptions();
        let record =
            Record::Group { group: self.group.id.clone(), value: Some(self.group.snapshot()) };
        self.step.records.push(record);
    }

    fn begin_generation(&mut self) {
        self.group.protocol = self.group.select_protocol();
        self.group.note_subscriptions();
        let ids: Vec<Text> = self.group.members.keys().cloned().collect();
        let mut syncing = Syncing { missing: ids.iter().cloned().collect(), ..Syncing::default() };
        let deadline_ms = self.after(self.group.rebalance_timeout_ms());
        let what = Reminder::SyncPhase(self.group.id.clone());
        self.timers.set(&mut syncing.timer, deadline_ms, &what);
        self.enter(Phase::Completing(syncing));
        for id in &ids {
            self.hear(id);
            if let Some(member) = self.group.members.get_mut(id) {
                member.fresh = false;
            }
            if let Some(token) = self.group.take_join(id) {
                let reply = self.joined(id, Roster::OfLeader);
                self.reply(token, reply);
            }
        }
    }

    fn set_join_timer(&mut self, wait_ms: u64) {
        let deadline_ms = self.after(wait_ms);
        let what = Reminder::JoinPhase(self.group.id.clone());
        if let Phase::Preparing(preparing) = &mut self.group.phase {
            self.timers.set(&mut preparing.timer, deadline_ms, &what);
        }
    }
}
