//! Group coordinators: the shell around `engine::group`.
//!
//! One coordinator per partition of `__consumer_offsets`, on the shard that owns the
//! partition: it replays the partition (`load`), then decides calls (`seat`). `routing`
//! finds the coordinator of a group and takes calls there; handlers use nothing else. One
//! task per shard drives all deadlines, see `docs/tasks.md`.
//!
//! Invariant: no reply leaves before everything that was appended until it was decided is
//! durable, so nobody sees a state that a crash could take back.

mod load;
mod routing;
mod seat;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;
use millstream_engine::group::{Call as GroupQuestion, Reply as GroupAnswer, Rules};
use millstream_engine::meta::{Image, Topic};
use millstream_engine::now::Now;
use millstream_shards::sync::Notify;
use millstream_shards::{Class, Shard};
use millstream_wire::ErrorCode;

use crate::shard::Node;
use crate::storage::PartitionLog;
use seat::{Pending, Seat};

pub use routing::{ask, ask_one, ensure_offsets_topic, list};

/// Where groups and their offsets are recorded.
pub const OFFSETS_TOPIC: &str = "__consumer_offsets";

/// How often a group or an offset that has expired is looked for.
const CLEANUP_INTERVAL_MS: u64 = 600_000;
/// The longest pause of the task that drives deadlines; it also makes up for sweeps that the log
/// has refused.
const TICK_MS_MAX: u64 = 1_000;

/// What one shard asks the coordinators of another. Waits as long as a join does.
pub enum GroupCall {
    /// Calls to groups, each with its partition of [`OFFSETS_TOPIC`].
    Ask {
        /// Of the image by which the calls were made.
        version: u64,
        calls: Vec<(i32, GroupQuestion)>,
    },
    /// The groups of every coordinator on the target.
    List,
}

/// One answer for each call, in order; for [`GroupCall::List`] one for each coordinator.
pub struct GroupReply(pub Vec<GroupAnswer>);

/// The coordinators of one shard.
pub struct Coordinator {
    rules: Rules,
    seats: Rc<RefCell<BTreeMap<i32, Rc<Seat>>>>,
    /// Rung when a deadline comes up that is earlier than the one waited for.
    bell: Notify,
    armed_ms: Cell<u64>,
}

impl Coordinator {
    #[must_use]
    pub fn new(_shard: &Shard, config: &BrokerConfig) -> Coordinator {
        let int = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let rules = Rules {
            session_timeout_ms_min: int(config.group_min_session_timeout_ms),
            session_timeout_ms_max: int(config.group_max_session_timeout_ms),
            members_max: usize::try_from(config.group_max_size).unwrap_or(usize::MAX),
            initial_delay_ms: u64::from(config.group_initial_rebalance_delay_ms),
            offset_metadata_max: usize::try_from(config.offset_metadata_max_bytes)
                .unwrap_or(usize::MAX),
            offset_retention_ms: i64::from(config.offsets_retention_minutes) * 60_000,
            cleanup_interval_ms: CLEANUP_INTERVAL_MS,
        };
        Coordinator {
            rules,
            seats: Rc::default(),
            bell: Notify::new(),
            armed_ms: Cell::new(u64::MAX),
        }
    }

    fn seat(&self, index: i32) -> Option<Rc<Seat>> {
        self.seats.borrow().get(&index).cloned()
    }

    /// Decides a call at `seat`; nothing here waits.
    fn begin(&self, seat: &Rc<Seat>, call: GroupQuestion, now: Now) -> Pending {
        let pending = seat.begin(call, now);
        self.note_deadline(seat.next_deadline());
        pending
    }

    fn all_seats(&self) -> Vec<Rc<Seat>> {
        self.seats.borrow().values().cloned().collect()
    }

    /// Wakes the tick task when it would oversleep this deadline.
    fn note_deadline(&self, deadline_ms: Option<u64>) {
        if deadline_ms.is_some_and(|at_ms| at_ms < self.armed_ms.get()) {
            self.bell.notify_waiters();
        }
    }

    /// What builds with assertions look at after each turn: one seat's groups.
    fn one_each_turn(&self) -> impl FnMut() -> bool + 'static {
        let seats = Rc::downgrade(&self.seats);
        let mut turn = 0usize;
        move || {
            let Some(seats) = seats.upgrade() else { return false };
            let seats = seats.borrow();
            let next = turn.checked_rem(seats.len()).and_then(|at| seats.values().nth(at));
            next.into_iter().for_each(|seat| seat.check());
            turn = turn.wrapping_add(1);
            true
        }
    }

    /// Acts on everything that is due; gives the next deadline.
    fn tick(&self, node: &Node) -> Option<u64> {
        let seats = self.all_seats();
        for seat in &seats {
            seat.tick(node.now());
            seat.sweep(&node.image(), node.now());
        }
        seats.iter().filter_map(|seat| seat.next_deadline()).min()
    }
}

/// Starts the shard's tick task.
pub fn start(node: &Node) {
    let node = node.clone();
    let shard = node.shard().clone();
    shard.check_each_turn(node.coordinator().one_each_turn());
    shard.spawn(Class::Latency, "group-ticks", async move {
        let (shard, coordinator) = (node.shard(), node.coordinator());
        while !shard.stopping() {
            let rung = coordinator.bell.notified();
            let next_ms = coordinator.tick(&node).unwrap_or(u64::MAX);
            coordinator.armed_ms.set(next_ms);
            let pause_ms = next_ms.saturating_sub(node.now().mono_ms()).clamp(1, TICK_MS_MAX);
            shard.timeout(Duration::from_millis(pause_ms), rung).await;
        }
    });
}

/// A partition of [`OFFSETS_TOPIC`] is open on this shard: its groups are loaded, then served.
pub fn partition_opened(node: &Node, index: i32, log: PartitionLog) {
    let coordinator = node.coordinator();
    let seat = Rc::new(Seat::new(node.shard(), index, log));
    coordinator.seats.borrow_mut().insert(index, seat.clone());
    load::begin(node, &seat, coordinator.rules.clone());
}

/// The partition is about to go: who waits for its groups is told to look elsewhere.
pub fn partition_closed(node: &Node, index: i32) {
    let seat = node.coordinator().seats.borrow_mut().remove(&index);
    if let Some(seat) = seat {
        seat.close();
    }
}

/// The logs of coordinators that gave up although their log takes records: what kept them from
/// loading may be over. One whose log failed comes back with it.
pub fn gave_up(node: &Node) -> Vec<PartitionLog> {
    let mut seats = node.coordinator().all_seats();
    seats.retain(|seat| seat.is_broken() && !seat.log().has_failed());
    seats.iter().map(|seat| seat.log().clone()).collect()
}

/// Loads the groups of such a log once more.
pub fn load_again(node: &Node, log: PartitionLog) {
    tracing::info!(partition = log.index(), "groups are loaded again");
    partition_closed(node, log.index());
    partition_opened(node, log.index(), log);
}

/// The shard has metadata without these topics: their offsets go from its groups before
/// anybody sees that metadata at work. Seats that are still loading do it when they have loaded.
pub fn topics_gone(node: &Node, gone: &[Arc<Topic>]) {
    let (image, now) = (node.image(), node.now());
    for seat in node.coordinator().all_seats() {
        seat.owe_sweep(gone);
        seat.sweep(&image, now);
    }
}

/// Marks what `call` commits for topics that `image` no longer has. One by which the call was
/// made later than by `image` may have topics that are still to come here.
fn mark_gone(call: &mut GroupQuestion, version: u64, image: &Image) {
    if let GroupQuestion::Commit(commit) = call
        && version <= image.version
    {
        for topic in &mut commit.topics {
            topic.gone = image.topic_by_id(topic.topic_id).is_none();
        }
    }
}

/// Decides calls for groups of this shard. All of them are decided, in order, before the
/// first wait.
pub async fn serve(node: Node, call: GroupCall) -> GroupReply {
    let coordinator = node.coordinator();
    let pending: Vec<Pending> = match call {
        GroupCall::Ask { version, calls } => {
            let image = node.image();
            let begin = |(index, mut call)| match coordinator.seat(index) {
                Some(seat) => {
                    mark_gone(&mut call, version, &image);
                    coordinator.begin(&seat, call, node.now())
                }
                None => Pending::refused(ErrorCode::NotCoordinator),
            };
            calls.into_iter().map(begin).collect()
        }
        GroupCall::List => {
            let list = |seat| coordinator.begin(&seat, GroupQuestion::List, node.now());
            coordinator.all_seats().into_iter().map(list).collect()
        }
    };
    let mut answers = Vec::with_capacity(pending.len());
    for pending in pending {
        answers.push(pending.answer().await);
    }
    GroupReply(answers)
}
