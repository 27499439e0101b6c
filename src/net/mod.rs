//! The network shell: listeners, connections, frames in, answers out.
//!
//! Every shard listens on the same port; a connection lives on the shard that accepted it
//! and never moves. This file holds who we are and what we allow; `connection` is one
//! client's life, `frames` cuts its bytes into requests, `pipeline` keeps answers in order.

mod answer;
mod budget;
mod connection;
mod frames;
mod listener;
mod pending;
mod pipeline;

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use millstream_engine::config::{BrokerConfig, HostPort};
use millstream_engine::fetch::{SessionCache, SessionLimits};
use millstream_engine::ids::BrokerId;
use millstream_shards::Shard;

use crate::memory::Account;

pub use answer::Answers;
pub use budget::Budget;
pub use listener::{bind, listen};

/// Requests of one connection that may be under way at once.
pub const IN_FLIGHT_MAX: usize = 256;
/// A frame that makes no progress for this long ends its connection.
pub const FRAME_STALL_MS: u64 = 30_000;

/// Vectored writes gather at most this many parts.
const SEND_PARTS_MAX: usize = 512;
/// Promised records that an answer takes at a time.
const PIECE_BYTES: usize = 1024 * 1024;
/// How long an answer keeps what its client does not take.
const HOLD_MS: u64 = 100;
/// An answer that gets no memory for its records for this long ends its connection.
const PIECE_STALL_MS: u64 = 30_000;

/// Where a shard is to accept connections, in the order of `listeners`.
#[derive(Clone, Debug)]
pub struct Serving {
    pub addresses: Arc<[SocketAddr]>,
}

/// How many connections all shards hold together, for `max.connections`.
#[derive(Clone, Debug, Default)]
pub struct Room(Arc<AtomicU64>);

/// Room for one connection, until it is dropped.
#[derive(Debug)]
pub struct Place(Room);

impl Room {
    /// Room for one more, unless there are `places` already.
    #[must_use]
    pub fn take(&self, places: u64) -> Option<Place> {
        let more = |taken: u64| (taken < places).then_some(taken + 1);
        let taken = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        taken.ok().map(|_| Place(self.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// One connection, as handlers see it.
#[derive(Debug)]
pub struct ConnInfo {
    pub peer: SocketAddr,
    /// The address that the client dialled.
    pub local: SocketAddr,
    /// The listener that it came in by: its place in `listeners`.
    pub listener: usize,
    pub id: u64,
    /// When bytes last moved, on the shard's clock, in ns.
    pub(crate) active_ns: Cell<u64>,
    /// Whether part of a frame has arrived and the rest has not.
    pub(crate) mid_frame: Cell<bool>,
    /// Whether an answer waits for room in the socket.
    pub(crate) is_full: Cell<bool>,
    /// Requests whose answers have not left.
    pub(crate) under_way: Rc<Cell<usize>>,
}

/// This broker's id and the addresses that clients are told.
#[derive(Clone, Debug)]
pub struct Identity {
    pub node_id: BrokerId,
    pub rack: Option<String>,
    /// By listener; none: the address that the client dialled.
    advertised: Vec<Option<HostPort>>,
}

impl Identity {
    #[must_use]
    pub fn from_config(config: &BrokerConfig) -> Identity {
        let advertised = |name: &str| {
            let mut all = config.advertised_listeners.iter();
            all.find(|advertised| advertised.name == name).map(|advertised| advertised.at.clone())
        };
        Identity {
            node_id: config.node_id,
            rack: config.broker_rack.clone(),
            advertised: config.listeners.iter().map(|open| advertised(&open.name)).collect(),
        }
    }

    /// Id, host and port for this client: what `advertised.listeners` says of the listener that
    /// it came in by, else the address that it dialled.
    #[must_use]
    pub fn advertised(&self, conn: &ConnInfo) -> (BrokerId, String, u16) {
        match self.advertised.get(conn.listener).and_then(Option::as_ref) {
            Some(at) => (self.node_id, at.host.clone(), at.port),
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

/// The addresses to bind, in the order of `listeners`. To look up a host name blocks: this is for
/// the thread that starts the shards, not for them.
///
/// # Errors
/// A sentence that says which value is wrong.
pub fn listen_addresses(config: &BrokerConfig) -> Result<Vec<SocketAddr>, String> {
    config.listeners.iter().map(|listener| resolved(&listener.at)).collect()
}

fn resolved(at: &HostPort) -> Result<SocketAddr, String> {
    let host = if at.host.is_empty() { "0.0.0.0" } else { at.host.as_str() };
    let unknown = |fault| format!("listeners={at}: the host name does not resolve: {fault}");
    let mut addresses = (host, at.port).to_socket_addrs().map_err(unknown)?;
    addresses.next().ok_or_else(|| format!("listeners={at}: the host name has no address"))
}

/// The fetch sessions of one shard: its share of the broker's slots and memory, ids of its own.
#[must_use]
pub fn session_cache(config: &BrokerConfig, shard: &Shard) -> SessionCache {
    let slots = usize::try_from(config.max_incremental_fetch_session_cache_slots).unwrap_or(0);
    let count = i32::try_from(shard.count()).unwrap_or(1);
    let first = i32::from(shard.id().0) + 1;
    let bytes_max = Account::FetchSessions.share(config.memory_bytes) / shard.count() as u64;
    let slots_max = slots.div_ceil(shard.count());
    SessionCache::new(SessionLimits { slots_max, bytes_max }, first, count)
}
