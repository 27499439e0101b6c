//! The broker's APIs: one file per API, the handler table, and what a handler is given.
//!
//! `table` is the version table: an API version is advertised exactly when its row has a
//! handler. Handlers decode their body, ask the shards that own what it names, and answer.
//! Nothing here keeps state; that lives in the `Node`.

mod alter_configs;
mod api_versions;
pub mod append;
mod authorized;
pub mod body;
mod create_partitions;
mod create_topics;
mod delete_groups;
mod delete_records;
mod delete_topics;
mod describe_cluster;
mod describe_configs;
mod describe_groups;
mod describe_log_dirs;
mod describe_producers;
mod describe_topic_partitions;
pub mod fetch;
mod find_coordinator;
mod groups;
mod heartbeat;
mod init_producer_id;
mod join_group;
mod leave_group;
mod list_config_resources;
mod list_groups;
mod list_offsets;
mod metadata;
mod offset_commit;
mod offset_delete;
mod offset_fetch;
mod offset_for_leader_epoch;
pub mod partition_calls;
pub mod produce;
pub mod read;
mod sync_group;
pub mod table;

pub use api_versions::unsupported as unsupported_api_versions;

use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::ids::BrokerId;
use millstream_wire::{ApiKey, Message};

use crate::net::ConnInfo;
use crate::shard::Node;
use body::Body;

/// One request on its way: who asked, in which version, on which shard.
#[derive(Clone)]
pub struct Context {
    pub node: Node,
    pub conn: Rc<ConnInfo>,
    pub api: ApiKey,
    pub version: i16,
    pub correlation_id: i32,
    pub client_id: Option<Arc<str>>,
}

/// What a handler gives back to its connection.
#[derive(Debug)]
pub enum Answer {
    /// The response frame, length prefix included, in the order in which it is sent.
    Send(Body),
    /// Nothing is sent (`acks=0`).
    Nothing,
    /// The request cannot be answered: the connection ends, and the log says why.
    Close(String),
}

impl Answer {
    #[must_use]
    pub fn none() -> Answer {
        Answer::Nothing
    }

    #[must_use]
    pub fn close(reason: impl Into<String>) -> Answer {
        Answer::Close(reason.into())
    }
}

impl Context {
    /// Encodes `message` in the request's version, behind its response header.
    #[must_use]
    pub fn respond<'a>(&self, message: &impl Message<'a>) -> Answer {
        let encoded = millstream_wire::frame::encode_response(
            self.correlation_id,
            self.api,
            self.version,
            message,
        );
        Answer::Send(encoded.splice([]).into())
    }

    /// The node id, host and port that this client should use for this broker: from
    /// `advertised.listeners` when set, else the address that the client dialled.
    #[must_use]
    pub fn advertised(&self) -> (BrokerId, String, u16) {
        self.node.identity().advertised(&self.conn)
    }

    /// Decodes the body, or names the fault for the log.
    ///
    /// # Errors
    /// The answer that closes the connection.
    pub fn decode<'a, M: Message<'a>>(&self, body: &'a Bytes) -> Result<M, Answer> {
        let mut reader = millstream_wire::Reader::new(body);
        M::decode(&mut reader, self.version)
            .map_err(|fault| Answer::close(format!("{} body: {fault}", self.api.name())))
    }
}
