//! What can be asked of the group coordinator, and what it answers: plain owned values.
//!
//! The broker's handlers make a [`Call`] from a request of any version and a response from
//! the [`Reply`]; nothing here knows a version number. Values are `Send`, since a call
//! travels to the shard that owns the group. Replies of parked joins and syncs are matched
//! to their askers by [`Token`].

use bytes::Bytes;
use millstream_wire::{ErrorCode, Uuid};

use super::Text;

/// Names the asker of one call; chosen by the shell, returned with the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// One request to the coordinator of one group.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    Join(Join),
    Sync(Sync),
    Heartbeat(Identity),
    Leave(Leave),
    Commit(Commit),
    Fetch(Fetch),
    DeleteOffsets(DeleteOffsets),
    Describe(Text),
    Delete(Text),
    /// All groups of this coordinator.
    List,
}

impl Call {
    /// The group that is meant; `None` for [`Call::List`].
    #[must_use]
    pub fn group(&self) -> Option<&Text> {
        match self {
            Call::Join(join) => Some(&join.group),
            Call::Sync(sync) => Some(&sync.from.group),
            Call::Heartbeat(from) => Some(&from.group),
            Call::Leave(leave) => Some(&leave.group),
            Call::Commit(commit) => Some(&commit.from.group),
            Call::Fetch(fetch) => Some(&fetch.group),
            Call::DeleteOffsets(delete) => Some(&delete.group),
            Call::Describe(group) | Call::Delete(group) => Some(group),
            Call::List => None,
        }
    }
}

/// A way to share out partitions that a member supports, with its own data for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    pub name: Text,
    pub metadata: Bytes,
}

/// JoinGroup.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub group: Text,
    /// Empty for a member that has no id yet.
    pub member: Text,
    pub instance: Option<Text>,
    pub client_id: Text,
    pub client_host: Text,
    pub session_timeout_ms: i32,
    pub rebalance_timeout_ms: i32,
    pub protocol_type: Text,
    /// In the order of the member's preference.
    pub protocols: Vec<Protocol>,
    pub features: JoinFeatures,
}

/// What the joining client understands, by the version of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinFeatures {
    /// Version 4 and later: a new dynamic member is first told its id (KIP-394).
    pub member_id_required: bool,
    /// Version 9 and later: a leader may be told not to assign again (KIP-814).
    pub skip_assignment: bool,
}

/// Who speaks: a member of a generation, possibly a static one (KIP-345).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub group: Text,
    pub member: Text,
    pub instance: Option<Text>,
    pub generation: i32,
}

/// SyncGroup.
#[derive(Clone, Debug, PartialEq)]
pub struct Sync {
    pub from: Identity,
    pub protocol_type: Option<Text>,
    pub protocol: Option<Text>,
    /// From the leader: who gets what.
    pub assignments: Vec<(Text, Bytes)>,
}

/// LeaveGroup, of one or several members.
#[derive(Clone, Debug, PartialEq)]
pub struct Leave {
    pub group: Text,
    pub members: Vec<Leaver>,
}

/// One member of a [`Leave`]; an empty `member` with an instance is an operator's removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaver {
    pub member: Text,
    pub instance: Option<Text>,
}

/// OffsetCommit; who sent it knew the topics.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Generation -1 and no member: a consumer outside of group management.
    pub from: Identity,
    /// Versions 2–4 may ask for a retention of their own.
    pub retention_ms: Option<i64>,
    /// Version 9 and later may learn that a group does not exist.
    pub knows_group_not_found: bool,
    pub topics: Vec<CommitTopic>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CommitTopic {
    pub topic: Text,
    pub topic_id: Uuid,
    /// Deleted before the commit got to its coordinator: refused, as nobody would remove it.
    pub gone: bool,
    pub partitions: Vec<CommitPartition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitPartition {
    pub index: i32,
    pub offset: i64,
    /// -1 when the client does not know it.
    pub leader_epoch: i32,
    pub metadata: Text,
}

/// OffsetFetch of one group; `topics: None` asks for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    pub group: Text,
    pub topics: Option<Vec<FetchTopic>>,
}

/// A `topic_id` of zero matches every offset of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchTopic {
    pub topic: Text,
    pub topic_id: Uuid,
    pub partitions: Vec<i32>,
}

/// OffsetDelete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteOffsets {
    pub group: Text,
    pub topics: Vec<(Text, Vec<i32>)>,
}

/// The answer to the call of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Joined(Joined),
    Synced(Synced),
    /// A heartbeat, or a deleted group.
    Done,
    Left(Vec<(Leaver, ErrorCode)>),
    Committed(Vec<TopicCodes>),
    Fetched(Vec<FetchedTopic>),
    OffsetsDeleted(Vec<TopicCodes>),
    Described(Description),
    Listed(Vec<Listing>),
    /// The whole call is refused.
    Refused(ErrorCode),
}

impl Reply {
    /// What the asker sees as the whole call's error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Reply::Refused(code) => *code,
            Reply::Joined(joined) => joined.code,
            _ => ErrorCode::None,
        }
    }
}

/// The answer to JoinGroup; on an error only `code` and `member` count.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    pub code: ErrorCode,
    pub member: Text,
    pub generation: i32,
    pub protocol_type: Option<Text>,
    pub protocol: Option<Text>,
    pub leader: Text,
    pub skip_assignment: bool,
    /// All members, for the leader; empty for others.
    pub members: Vec<JoinedMember>,
}

impl Joined {
    /// A refusal that names the member as the asker knows it, or as it must call itself.
    #[must_use]
    pub fn refused(code: ErrorCode, member: &Text) -> Reply {
        Reply::Joined(Joined {
            code,
            member: member.clone(),
            generation: -1,
            protocol_type: None,
            protocol: None,
            leader: Text::from(""),
            skip_assignment: false,
            members: Vec::new(),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedMember {
    pub member: Text,
    pub instance: Option<Text>,
    pub metadata: Bytes,
}

/// The answer to SyncGroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    pub protocol_type: Option<Text>,
    pub protocol: Option<Text>,
    pub assignment: Bytes,
}

/// One code for each partition of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicCodes {
    pub topic: Text,
    pub topic_id: Uuid,
    pub partitions: Vec<(i32, ErrorCode)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedTopic {
    pub topic: Text,
    /// As asked; of all offsets the one committed with, zero where that is not recorded.
    pub topic_id: Uuid,
    pub partitions: Vec<FetchedPartition>,
}

/// `offset` is -1 where nothing is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedPartition {
    pub index: i32,
    pub offset: i64,
    pub leader_epoch: i32,
    pub metadata: Text,
}

/// The states of a group as clients see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    /// Not in the table: removed, or never there.
    Dead,
}

impl State {
    /// Kafka's spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Empty => "Empty",
            State::PreparingRebalance => "PreparingRebalance",
            State::CompletingRebalance => "CompletingRebalance",
            State::Stable => "Stable",
            State::Dead => "Dead",
        }
    }
}

/// One group in DescribeGroups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub group: Text,
    pub state: State,
    pub protocol_type: Text,
    pub protocol: Text,
    pub members: Vec<DescribedMember>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedMember {
    pub member: Text,
    pub instance: Option<Text>,
    pub client_id: Text,
    pub client_host: Text,
    pub metadata: Bytes,
    pub assignment: Bytes,
}

/// One group in ListGroups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    pub group: Text,
    pub protocol_type: Text,
    pub state: State,
}
