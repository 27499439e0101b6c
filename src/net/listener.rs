//! Accepting: per shard one listener on each shared port, limits, and the idle sweep.
//!
//! The first bind resolves a port; the other shards join it with SO_REUSEPORT. A connection
//! over the limit, which all shards and listeners share, is closed at once. Each connection is
//! a task of its own on the shard that accepted it.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::{Rc, Weak};
use std::time::Duration;

use millstream_shards::{Class, ListenOptions, Listener, Stream};

use super::connection::{self, Client};
use super::{ConnInfo, FRAME_STALL_MS, Place, Serving};
use crate::shard::Node;

const BACKLOG: u32 = 1024;
const SWEEP: Duration = Duration::from_secs(1);
/// As `FRAME_STALL_MS`, while there is no room for what arrives.
const SHORT_STALL_MS: u64 = 1_000;
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const PORT_WAIT: Duration = Duration::from_secs(1);
const PORT_RETRY: Duration = Duration::from_millis(5);

type Open = Rc<RefCell<Vec<Weak<Client>>>>;

/// Opens the first socket of a listener and says which address it got.
///
/// # Errors
/// A sentence that says why the port cannot be had.
pub async fn bind(node: &Node, index: usize, address: SocketAddr) -> Result<SocketAddr, String> {
    if address.port() != 0 {
        probe(node, address).await.map_err(|fault| cannot_listen(address, &fault))?;
    }
    let options = ListenOptions { reuse_port: true, backlog: BACKLOG };
    let listener = node.shard().listen(address, options).await;
    let listener = listener.map_err(|fault| cannot_listen(address, &fault))?;
    let bound = listener.local_addr();
    start(node, index, listener);
    Ok(bound)
}

/// A bind without SO_REUSEPORT: two brokers must not share a port by accident. The kernel
/// ends the rings of a killed process, and with them its listeners, some ms after the
/// process itself; a restart waits for that.
async fn probe(node: &Node, address: SocketAddr) -> std::io::Result<()> {
    let until_ns = node.shard().now_ns() + PORT_WAIT.as_nanos() as u64;
    loop {
        match node.shard().probe(address) {
            Err(fault)
                if fault.kind() == std::io::ErrorKind::AddrInUse
                    && node.shard().now_ns() < until_ns =>
            {
                node.shard().sleep(PORT_RETRY).await;
            }
            outcome => return outcome,
        }
    }
}

fn cannot_listen(address: SocketAddr, fault: &std::io::Error) -> String {
    let hint = if fault.kind() == std::io::ErrorKind::AddrInUse {
        "; stop what uses the port, or choose another with --set listeners=PLAINTEXT://HOST:PORT"
    } else {
        ""
    };
    format!("cannot listen on {address}: {fault}{hint}")
}

/// Joins the ports that `bind` has resolved.
pub async fn listen(node: &Node, serving: Serving) {
    let options = ListenOptions { reuse_port: true, backlog: BACKLOG };
    for (index, address) in serving.addresses.iter().enumerate() {
        match node.shard().listen(*address, options).await {
            Ok(listener) => start(node, index, listener),
            Err(fault) => {
                let shard = node.shard().id().0;
                let what = "this shard accepts no connections there; the others do";
                tracing::warn!(shard, %address, %fault, what);
            }
        }
    }
}

fn start(node: &Node, index: usize, listener: Listener) {
    let open = Open::default();
    let shard = node.shard();
    shard.spawn(Class::Latency, "accept", accept(node.clone(), index, listener, open.clone()));
    shard.spawn(Class::Background, "idle-sweep", sweep(node.clone(), open));
}

async fn accept(node: Node, index: usize, mut listener: Listener, open: Open) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let limit = node.config().max_connections;
                let Some(place) = node.room().take(u64::from(limit)) else {
                    node.counters().connections_refused.add(1);
                    tracing::warn!(%peer, limit, "connection refused: max.connections reached");
                    continue;
                };
                let Some(charge) = node.budget().connection(&node) else {
                    node.counters().connections_refused.add(1);
                    let of = "millstream.memory";
                    tracing::warn!(%peer, of, "connection refused: no memory for one more");
                    continue;
                };
                let client = admit(&node, index, (stream, peer), place);
                open.borrow_mut().push(Rc::downgrade(&client));
                let (serving, of) = (connection::serve(node.clone(), client), node.clone());
                node.shard().spawn(Class::Latency, "connection", async move {
                    serving.await;
                    of.budget().connection_left(charge);
                });
            }
            Err(fault) => {
                tracing::warn!(%fault, "accept failed; raise the limit of open files (ulimit -n)");
                node.shard().sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn admit(
    node: &Node,
    listener: usize,
    (stream, peer): (Stream, SocketAddr),
    place: Place,
) -> Rc<Client> {
    thread_local! {
        static NEXT: Cell<u64> = const { Cell::new(1) };
    }
    let serial = NEXT.with(|next| next.replace(next.get() + 1));
    let info = Rc::new(ConnInfo {
        peer,
        local: stream.local_addr(),
        listener,
        id: (u64::from(node.shard().id().0) << 48) | serial,
        active_ns: Cell::new(node.shard().now_ns()),
        mid_frame: Cell::new(false),
        is_full: Cell::new(false),
        under_way: Rc::default(),
    });
    Rc::new(Client { stream, info, _place: place })
}

/// Whether it holds memory of the share of requests with answers that it does not take.
fn hoards(client: &Client) -> bool {
    client.info.is_full.get() && client.info.under_way.get() > 1
}

/// Ends connections that are idle too long, or that stopped in the middle of a frame.
async fn sweep(node: Node, open: Open) {
    loop {
        node.shard().sleep(SWEEP).await;
        node.budget().note_sessions(&node);
        let now = node.shard().now_ns();
        // While others wait for the memory, half a frame is kept for a moment only.
        let stall_ms = if node.budget().was_short() { SHORT_STALL_MS } else { FRAME_STALL_MS };
        let requests_short = node.budget().requests_were_short();
        let idle_ms = node.config().connections_max_idle_ms.unwrap_or(u64::MAX);
        open.borrow_mut().retain(|client| {
            let Some(client) = client.upgrade() else { return false };
            let quiet_ms = now.saturating_sub(client.info.active_ns.get()) / 1_000_000;
            let stalled = client.info.mid_frame.get() && quiet_ms > stall_ms;
            let hoards = requests_short && quiet_ms > SHORT_STALL_MS && hoards(&client);
            if stalled || hoards || quiet_ms > idle_ms {
                let why = match (stalled, hoards) {
                    (true, _) => "stopped in the middle of a frame",
                    (_, true) => "takes no answers, and others wait for their memory",
                    _ => "idle",
                };
                tracing::info!(peer = %client.info.peer, quiet_ms, why, "connection closed");
                client.stream.shutdown();
            }
            true
        });
        node.budget().settle_left();
    }
}
