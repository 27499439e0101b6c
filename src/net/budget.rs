//! Memory of requests: what one shard's connections may hold of their shares.
//!
//! A large frame takes blocks of the pool, within the share of frames. Of small ones the first
//! of a connection is part of what the connection costs; further ones, and long ones, are paid
//! for from their arrival to their answer. Who gets nothing for long ends its connection; while
//! it waits, its socket is not read.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;
use millstream_shards::{Backing, Charge, Pool, Shard, collect_heap};

use super::FRAME_STALL_MS;
use crate::memory::{Account, Purse, Token};
use crate::shard::Node;

/// What every connection costs: its tasks, and the first bytes of its requests.
pub const CONNECTION_BYTES: u64 = 12 * 1024;
/// From so much on what connections have left in the heap is looked for, and counts.
const LEFT_BYTES: u64 = 1024 * 1024;
/// How many times what they have themselves connections hold of what others have left: a page of
/// the heap goes back when nothing of it is in use, and has some connections' things.
const LEFT_FACTOR: u64 = 3;
/// What a connection's first small request may bring without being paid for.
pub const FREE_BYTES: usize = 4 * 1024;
/// What a request under way costs besides its bytes.
const REQUEST_BYTES: usize = 4 * 1024;
/// How long bytes that have arrived wait for room, in the ring's buffer.
const ARRIVING_WAIT: Duration = Duration::from_secs(5);
const WAIT: Duration = Duration::from_millis(FRAME_STALL_MS);

pub struct Budget {
    /// The largest block that a frame may take.
    frame_bytes_max: u64,
    requests: Rc<Purse>,
    arriving: Rc<Purse>,
    sessions: RefCell<Option<Charge>>,
    /// What the connections that are there were charged.
    live: Cell<u64>,
    /// Of connections that have left: their memory is the next ones', or the heap still has it.
    left: RefCell<Option<Charge>>,
}

impl Budget {
    #[must_use]
    pub fn from_config(config: &BrokerConfig, shard: &Shard) -> Budget {
        let memory = config.memory_bytes;
        Budget {
            frame_bytes_max: Account::Frames.share(memory),
            requests: Purse::new(shard, Account::Requests, memory),
            arriving: Purse::new(shard, Account::Arriving, memory),
            sessions: RefCell::new(None),
            live: Cell::new(0),
            left: RefCell::new(None),
        }
    }

    /// Invariants, one a line. Other shards charge the same accounts meanwhile.
    pub fn check(&self, pool: &Pool) {
        let bytes =
            |charge: &RefCell<Option<Charge>>| charge.borrow().as_ref().map_or(0, Charge::bytes);
        let used = |account: Account| pool.account(account.id()).used;
        let (live, left, sessions) = (self.live.get(), bytes(&self.left), bytes(&self.sessions));
        assert!(
            live + left <= used(Account::Connections),
            "connections are charged: {live}, {left}"
        );
        assert!(
            live.is_multiple_of(CONNECTION_BYTES),
            "each connection is charged the same: {live}"
        );
        assert!(sessions <= used(Account::FetchSessions), "sessions are charged: {sessions}");
        self.requests.check(pool);
        self.arriving.check(pool);
    }

    /// The longest frame that there can ever be room for.
    #[must_use]
    pub fn frame_bytes_max(&self) -> u64 {
        // Blocks are powers of two.
        1 << self.frame_bytes_max.max(1).ilog2()
    }

    /// Waits until a block for `bytes` of a large frame may be taken.
    pub async fn frame(&self, node: &Node, bytes: usize) -> Option<Charge> {
        let (pool, account) = (node.shard().pool(), Account::Frames.id());
        let bytes = Pool::block_bytes(bytes)?;
        match pool.try_charge(account, Backing::Blocks, bytes) {
            Some(charge) => Some(charge),
            None => {
                let charge = pool.charge(account, Backing::Blocks, bytes);
                node.shard().timeout(WAIT, charge).await.flatten()
            }
        }
    }

    /// Waits until one more small request of `bytes` may be under way.
    pub async fn request(&self, node: &Node, bytes: usize) -> Option<Token> {
        self.requests.take(node, REQUEST_BYTES + bytes, WAIT).await
    }

    /// Waits for room for bytes that have arrived.
    pub async fn arriving(&self, node: &Node, bytes: usize) -> Option<Token> {
        self.arriving.take(node, bytes, ARRIVING_WAIT).await
    }

    /// Whether anybody waits for room for arrived bytes, or had to since the last call.
    pub fn was_short(&self) -> bool {
        self.arriving.was_short()
    }

    /// Whether anybody waits for one more request, or had to since the last call.
    pub fn requests_were_short(&self) -> bool {
        self.requests.was_short()
    }

    /// Charges what the fetch sessions take. Their cache keeps to their share by itself; where
    /// the pool has nothing left, the next look charges it.
    pub fn note_sessions(&self, node: &Node) {
        let bytes = node.sessions().borrow().bytes();
        let mut sessions = self.sessions.borrow_mut();
        let pool = node.shard().pool();
        let charge = sessions
            .take()
            .or_else(|| pool.try_charge(Account::FetchSessions.id(), Backing::Heap, 0));
        *sessions = charge.map(|mut charge| {
            charge.shrink_to(bytes);
            let more = bytes - charge.bytes();
            let _ = charge.try_grow(more);
            charge
        });
    }

    /// Memory for one more connection; `None` when there is none to be had now.
    pub fn connection(&self, node: &Node) -> Option<Charge> {
        let pool = node.shard().pool();
        let of_left = self.left.borrow_mut().as_mut().and_then(|l| l.split(CONNECTION_BYTES));
        let charge = || pool.try_charge(Account::Connections.id(), Backing::Heap, CONNECTION_BYTES);
        let charge = of_left.or_else(charge).or_else(|| {
            node.storage().give_way(CONNECTION_BYTES);
            charge()
        })?;
        self.live.set(self.live.get() + charge.bytes());
        Some(charge)
    }

    /// A connection has left; what it was charged is given back by `settle_left`.
    pub fn connection_left(&self, charge: Charge) {
        self.live.set(self.live.get() - charge.bytes());
        let mut left = self.left.borrow_mut();
        match &mut *left {
            Some(kept) => kept.absorb(charge),
            None => *left = Some(charge),
        }
    }

    /// Gives back what those were charged who have left, after their memory has gone back to the
    /// operating system: until then nobody else may have as much. What lies in one page with
    /// connections that stay does not go back; it is charged until they leave or others come.
    pub fn settle_left(&self) {
        let mut left = self.left.borrow_mut();
        let Some(charge) = &mut *left else { return };
        let kept = charge.bytes().min(LEFT_FACTOR * self.live.get());
        // What few have left is not worth the name.
        let kept = if kept >= LEFT_BYTES { kept } else { 0 };
        if charge.bytes() - kept >= LEFT_BYTES {
            collect_heap();
        }
        charge.shrink_to(kept);
    }
}
