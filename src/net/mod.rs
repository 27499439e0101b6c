//! The network shell: listeners, connections, frames in, answers out.
//!
//! Every shard listens on the same port; a connection lives on the shard that accepted it
//! and never moves. This file holds who we are and what we allow; `connection` is one
//! client's life, `frames` cuts its bytes into requests, `pipeline` keeps answers in order.

mod connection;
mod frames;
mod listener;
mod pipeline;

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use millstream_engine::config::BrokerConfig;
use millstream_engine::fetch::SessionCache;
use millstream_engine::ids::BrokerId;
use millstream_shards::Shard;
use millstream_shards::sync::{Permit, Semaphore};

pub use listener::{bind, listen};

/// Requests of one connection that may be under way at once.
pub const IN_FLIGHT_MAX: usize = 256;
/// A frame that makes no progress for this long ends its connection.
pub const FRAME_STALL_MS: u64 = 30_000;

/// Where a shard is to accept connections.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    pub address: SocketAddr,
}

/// One connection, as handlers see it.
#[derive(Debug)]
pub struct ConnInfo {
    pub peer: SocketAddr,
    /// The address that the client dialled.
    pub local: SocketAddr,
    pub id: u64,
    /// When bytes last moved, on the shard's clock, in ns.
    pub(crate) active_ns: Cell<u64>,
    /// Whether part of a frame has arrived and the rest has not.
    pub(crate) mid_frame: Cell<bool>,
}

/// This broker's id and the address that clients are told.
#[derive(Clone, Debug)]
pub struct Identity {
    pub node_id: BrokerId,
    pub rack: Option<String>,
    advertised: Option<(String, u16)>,
}

impl Identity {
    #[must_use]
    pub fn from_config(config: &BrokerConfig) -> Identity {
        let advertised = config.advertised_listeners.as_deref().and_then(host_port);
        let rack = config.broker_rack.clone();
        Identity { node_id: BrokerId(config.node_id), rack, advertised }
    }

    /// Id, host and port for this client: what `advertised.listeners` says, else the
    /// address that the client dialled.
    #[must_use]
    pub fn advertised(&self, conn: &ConnInfo) -> (BrokerId, String, u16) {
        match &self.advertised {
            Some((host, port)) => (self.node_id, host.clone(), *port),
            None => (self.node_id, plain(conn.local.ip()).to_string(), conn.local.port()),
        }
    }
}

/// An IPv4 address that came in through an IPv6 socket is shown as IPv4.
fn plain(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

/// Host and port of the first `NAME://host:port` of a listeners value.
fn host_port(listeners: &str) -> Option<(String, u16)> {
    let first = listeners.split(',').next()?.trim();
    let address = first.split_once("://").map_or(first, |(_, address)| address);
    let (host, port) = address.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host.to_owned(), port.parse().ok()?))
}

/// The address to bind, from `listeners`.
///
/// # Errors
/// A sentence that says which value is wrong and what would be right.
pub fn listen_address(config: &BrokerConfig) -> Result<SocketAddr, String> {
    let value = config.listeners.as_str();
    let wrong = || {
        format!("listeners={value} is not an address; write for example PLAINTEXT://127.0.0.1:9092")
    };
    let (host, port) = host_port(value).ok_or_else(wrong)?;
    let host = if host.is_empty() { "0.0.0.0".to_owned() } else { host };
    let mut addresses = (host.as_str(), port).to_socket_addrs().map_err(|_| wrong())?;
    addresses.next().ok_or_else(wrong)
}

/// The fetch sessions of one shard: its share of the broker's slots, ids of its own.
#[must_use]
pub fn session_cache(config: &BrokerConfig, shard: &Shard) -> SessionCache {
    let slots = usize::try_from(config.max_incremental_fetch_session_cache_slots).unwrap_or(0);
    let count = i32::try_from(shard.count()).unwrap_or(1);
    let first = i32::from(shard.id().0) + 1;
    SessionCache::new(slots.div_ceil(shard.count()), first, count)
}

/// Bytes that large requests of one shard may hold between their first byte and the end
/// of their answer. Small requests live in the receive buffers and need no permit.
pub struct Budget {
    bytes: Semaphore,
    total: usize,
}

impl Budget {
    /// A quarter of `millstream.memory`, shared out among the shards, and always enough
    /// for one frame of the largest size.
    #[must_use]
    pub fn from_config(config: &BrokerConfig, shards: usize) -> Budget {
        let share = usize::try_from(config.millstream_memory / 4).unwrap_or(usize::MAX) / shards;
        let frame = usize::try_from(config.socket_request_max_bytes).unwrap_or(0);
        let total = share.max(2 * frame);
        Budget { bytes: Semaphore::new(total), total }
    }

    /// Waits until `bytes` may be held.
    pub async fn acquire(&self, bytes: usize) -> Permit {
        self.bytes.acquire(bytes.min(self.total)).await
    }
}

#[cfg(test)]
mod tests {
    use super::host_port;

    #[test]
    fn listeners_are_read_in_all_their_forms() {
        let cases = [
            ("PLAINTEXT://127.0.0.1:9092", Some(("127.0.0.1", 9092))),
            ("PLAINTEXT://:9092", Some(("", 9092))),
            ("localhost:19092", Some(("localhost", 19092))),
            ("PLAINTEXT://[::1]:9092,X://b:1", Some(("::1", 9092))),
            ("PLAINTEXT://host", None),
            ("PLAINTEXT://host:notaport", None),
        ];
        for (value, expected) in cases {
            let expected = expected.map(|(host, port)| (host.to_owned(), port));
            assert_eq!(host_port(value), expected, "{value}");
        }
    }
}
