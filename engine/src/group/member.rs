//! One member of a group: who it is, what it supports, what it waits for.
//!
//! Used by `classic::Group` alone, which keeps the counts over its members right.

use bytes::Bytes;

use super::Text;
use super::call::{DescribedMember, JoinedMember, Protocol, Token};
use super::timers::Timer;

/// A member, dynamic or static (KIP-345).
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: Text,
    pub(super) instance: Option<Text>,
    pub(super) client_id: Text,
    pub(super) client_host: Text,
    pub(super) session_timeout_ms: i32,
    pub(super) rebalance_timeout_ms: i32,
    pub(super) protocols: Vec<Protocol>,
    pub(super) assignment: Bytes,
    /// It has not completed a join yet, so it does not know its id and cannot heartbeat.
    pub(super) fresh: bool,
    /// The parked JoinGroup.
    pub(super) join: Option<Token>,
    /// The parked SyncGroup.
    pub(super) sync: Option<Token>,
    pub(super) session: Timer,
}

impl Member {
    /// What the member said about `protocol`; empty when it said nothing.
    pub(super) fn metadata(&self, protocol: Option<&str>) -> Bytes {
        let found = protocol.and_then(|name| self.protocols.iter().find(|p| &*p.name == name));
        found.map(|p| p.metadata.clone()).unwrap_or_default()
    }

    /// A member that waits for a rebalance is alive without heartbeats; a fresh one is not,
    /// since its connection may be gone unnoticed.
    pub(super) fn must_be_heard(&self) -> bool {
        self.fresh || (self.join.is_none() && self.sync.is_none())
    }

    pub(super) fn as_joined(&self, protocol: Option<&str>) -> JoinedMember {
        JoinedMember {
            member: self.id.clone(),
            instance: self.instance.clone(),
            metadata: self.metadata(protocol),
        }
    }

    /// As DescribeGroups shows it; `protocol` is that of a stable group.
    pub(super) fn as_described(&self, protocol: Option<&str>) -> DescribedMember {
        DescribedMember {
            member: self.id.clone(),
            instance: self.instance.clone(),
            client_id: self.client_id.clone(),
            client_host: self.client_host.clone(),
            metadata: self.metadata(protocol),
            assignment: self.assignment.clone(),
        }
    }
}
