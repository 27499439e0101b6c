//! The classic group protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup) and the offsets
//! that groups commit, as a Decider.
//!
//! [`Groups`] holds the groups of one partition of `__consumer_offsets`. It gets owned
//! [`Call`]s and the time, and gives [`Step`]s: replies, and records for the log that are
//! appended before they are applied and before the replies leave. A restart replays the
//! records through the same `apply`. Parked requests are [`Token`]s, timers a deadline that
//! the shell asks for. Start reading at `groups`, then `rebalance`.

mod admin;
mod call;
mod classic;
mod groups;
mod join;
mod leave;
mod member;
mod offsets;
mod rebalance;
mod record;
mod subscription;
mod sync;
mod timers;
mod turn;

#[cfg(test)]
mod tests;

pub use call::{
    Call, Commit, CommitPartition, CommitTopic, DeleteOffsets, DescribedMember, Description, Fetch,
    FetchTopic, FetchedPartition, FetchedTopic, Identity, Join, JoinFeatures, Joined, JoinedMember,
    Leave, Leaver, Listing, Protocol, Reply, State, Sync, Synced, Token, TopicCodes,
};
pub use groups::{Groups, Rules, Step};
pub use offsets::Sweep;
pub use record::{CommittedOffset, GroupValue, MemberValue, Record, RecordFault, RecordKind};

/// Text that is shared, not copied: ids, names, metadata.
pub type Text = std::sync::Arc<str>;
