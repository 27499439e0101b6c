//! Who draws on `millstream.memory` besides the pool's blocks, and how much each may hold.
//!
//! The pool's ceiling is the account of all. What is not in its blocks (connections, small
//! requests, fetch sessions) is charged to it; every class has a share of its own, so that none
//! starves another, and what they may hold together leaves blocks for commits. `docs/memory.md`
//! is the page that says who holds what. Lives on every shard; the pool is one for all.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use millstream_shards::sync::{Permit, Semaphore};
use millstream_shards::{AccountId, AlignedBuf, Backing, Charge, Class, Pool, Shard, collect_heap};

use crate::shard::Node;

/// A class of memory with a share of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Large requests, from their first byte to the end of their answer; in blocks.
    Frames,
    /// Small requests under way beyond a connection's first.
    Requests,
    /// What has arrived of small requests that are not complete, beyond the first KiBs.
    Arriving,
    /// What every connection costs.
    Connections,
    /// What fetch sessions remember.
    FetchSessions,
    /// Keys of the partitions that are being compacted.
    Compaction,
    /// What encoders take, beyond the little that every job may have.
    Encoders,
}

impl Account {
    pub const ALL: [Account; 7] = [
        Account::Frames,
        Account::Requests,
        Account::Arriving,
        Account::Connections,
        Account::FetchSessions,
        Account::Compaction,
        Account::Encoders,
    ];

    /// As in the label of the metric.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Account::Frames => "frames",
            Account::Requests => "requests",
            Account::Arriving => "arriving",
            Account::Connections => "connections",
            Account::FetchSessions => "fetch_sessions",
            Account::Compaction => "compaction",
            Account::Encoders => "encoders",
        }
    }

    #[must_use]
    pub fn id(self) -> AccountId {
        AccountId(self as u8)
    }

    /// What the class may hold of `memory_bytes`, all shards together.
    #[must_use]
    pub fn share(self, memory_bytes: u64) -> u64 {
        memory_bytes / self.divisor()
    }

    const fn divisor(self) -> u64 {
        match self {
            Account::Frames | Account::Connections | Account::Encoders => 4,
            Account::Requests | Account::Arriving | Account::Compaction => 16,
            Account::FetchSessions => 32,
        }
    }
}

/// What answers may hold of blocks: this part of the memory, all shards together.
pub const ANSWERS_DIVISOR: u64 = 8;

/// All shares together, in 32nds, with that of answers.
const SHARES: u64 = {
    let (mut sum, mut at) = (32 / ANSWERS_DIVISOR, 0);
    while at < Account::ALL.len() {
        // Encoders end by themselves, and hold nothing for anybody who has to come.
        if !matches!(Account::ALL[at], Account::Encoders) {
            sum += 32 / Account::ALL[at].divisor();
        }
        at += 1;
    }
    sum
};
const _: () = assert!(SHARES <= 27, "more than a seventh is always left for commits");

/// What a shard may always have of a class, however small the memory: the longest small
/// request, and what the ring brings at a time.
const PART_BYTES_MIN: u64 = 64 * 1024;

/// Tells the pool what each class may hold; every shard says the same.
pub fn limit_accounts(shard: &Shard, memory_bytes: u64) {
    for account in Account::ALL {
        let parts = PART_BYTES_MIN * shard.count() as u64;
        shard.pool().limit_account(account.id(), account.share(memory_bytes).max(parts));
    }
}

/// How long the storage waits for a block where no request with a deadline of its own does: at a
/// start, in compaction, in looks into files.
pub const BLOCK_WAIT: Duration = Duration::from_secs(30);

/// A block of at least `bytes`, waited for.
///
/// # Errors
/// `OutOfMemory` when there was none for long, or never is.
pub async fn block(shard: &Shard, bytes: usize) -> io::Result<AlignedBuf> {
    let pool = shard.pool();
    let taken = match pool.try_take(bytes) {
        Some(buf) => Some(buf),
        None => shard.timeout(BLOCK_WAIT, pool.take(bytes)).await.flatten(),
    };
    taken.ok_or_else(|| io::ErrorKind::OutOfMemory.into())
}

/// How often blocks that nobody needs are looked for.
const TRIM: Duration = Duration::from_secs(5);

/// Starts the task that returns idle blocks and pages of the heap to the operating system; one
/// for all shards.
pub fn start_trimming(node: &Node) {
    let shard = node.shard().clone();
    node.shard().spawn(Class::Background, "pool-trim", async move {
        loop {
            shard.sleep(TRIM).await;
            let (pool, spare) = (shard.pool().clone(), shard.pool().spare());
            let give_back = move || {
                pool.give_back(spare);
                // Threads that allocate nothing now give nothing back either.
                collect_heap();
            };
            shard.blocking(give_back).await;
        }
    });
}

/// Turns from one look at those who wait for memory to the next.
const WAITERS_TURNS: usize = 16;

/// Invariants of the accounts, as one shard sees them at the end of a turn: others may be in the
/// midst of theirs. The pool's sums are looked at in the simulation, where nobody is.
pub fn check(node: &Node, turn: usize) {
    let pool = node.shard().pool();
    for account in Account::ALL {
        let stats = pool.account(account.id());
        assert!(stats.used <= stats.limit, "{account:?} holds more than its share: {stats:?}");
    }
    node.budget().check(pool);
    node.answers().check();
    if turn.is_multiple_of(WAITERS_TURNS) {
        pool.check();
    }
}

/// What a purse takes from the pool, or gives back, at a time.
const LUMP_BYTES: u64 = 256 * 1024;

/// How often one who waits for the pool looks whether it still has to.
const COVER_LOOK: Duration = Duration::from_millis(20);

/// One shard's part of a class, for amounts that are too small and too many to be counted in
/// an account that all shards share.
pub struct Purse {
    account: Account,
    permits: Semaphore,
    total: u64,
    used: Cell<u64>,
    /// Somebody had to wait since the last look, and how many wait now.
    was_short: Cell<bool>,
    waiting: Cell<usize>,
    /// What the pool has been charged; at least what is used, but for those who still wait.
    drawn: RefCell<Option<Charge>>,
}

/// Bytes of a purse, until dropped.
pub struct Token {
    purse: Rc<Purse>,
    permit: Permit,
}

impl Purse {
    #[must_use]
    pub fn new(shard: &Shard, account: Account, memory_bytes: u64) -> Rc<Purse> {
        let total = (account.share(memory_bytes) / shard.count() as u64).max(PART_BYTES_MIN);
        Rc::new(Purse {
            account,
            permits: Semaphore::new(usize::try_from(total).unwrap_or(usize::MAX)),
            total,
            used: Cell::new(0),
            was_short: Cell::new(false),
            waiting: Cell::new(0),
            drawn: RefCell::new(None),
        })
    }

    /// Waits for `bytes` at most for `wait`; `None` when it got none, or when it asks for more
    /// than there ever is. May be dropped at any time.
    pub async fn take(
        self: &Rc<Purse>,
        node: &Node,
        bytes: usize,
        wait: Duration,
    ) -> Option<Token> {
        if bytes as u64 > self.total {
            return None;
        }
        let permit = self.permits.try_acquire(bytes);
        let token = permit.map(|permit| self.token(permit));
        if token.is_some() && (self.is_covered() || self.draw(node)) {
            return token;
        }
        let _waits = Waits::begin(self);
        // Boxed: every connection has room for this future, and few wait.
        let waiting = Box::pin(self.wait(node, bytes, token));
        node.shard().timeout(wait, waiting).await
    }

    async fn wait(self: &Rc<Purse>, node: &Node, bytes: usize, token: Option<Token>) -> Token {
        let token = match token {
            Some(token) => token,
            None => self.token(self.permits.acquire(bytes).await),
        };
        self.cover(node).await;
        token
    }

    /// Whether anybody waits, or had to since the last call.
    pub fn was_short(&self) -> bool {
        self.was_short.replace(self.waiting.get() > 0)
    }

    /// Invariants, one a line.
    pub fn check(&self, pool: &Pool) {
        let (used, drawn, free) = (self.used.get(), self.drawn_bytes(), self.permits.free() as u64);
        let nobody_waits = self.waiting.get() == 0;
        assert!(used + free <= self.total, "{used} used and {free} free of {}", self.total);
        assert!(!nobody_waits || used + free == self.total, "what is not used is free");
        assert!(!nobody_waits || used <= drawn, "what is used is charged: {used} of {drawn}");
        assert!(drawn <= pool.account(self.account.id()).used, "a charge is in its account");
    }

    fn token(self: &Rc<Purse>, permit: Permit) -> Token {
        self.used.set(self.used.get() + permit.count() as u64);
        Token { purse: self.clone(), permit }
    }

    fn drawn_bytes(&self) -> u64 {
        self.drawn.borrow().as_ref().map_or(0, Charge::bytes)
    }

    fn is_covered(&self) -> bool {
        self.used.get() <= self.drawn_bytes()
    }

    /// What is to be charged besides: whole lumps, within this shard's part.
    fn missing(&self) -> u64 {
        let wanted = self.used.get().next_multiple_of(LUMP_BYTES).min(self.total);
        wanted.saturating_sub(self.drawn_bytes())
    }

    fn draw(&self, node: &Node) -> bool {
        let more = self.missing();
        let charged = node.shard().pool().try_charge(self.account.id(), Backing::Heap, more);
        charged.map(|charge| self.keep(charge)).is_some()
    }

    fn keep(&self, charge: Charge) {
        let mut drawn = self.drawn.borrow_mut();
        match &mut *drawn {
            Some(kept) => kept.absorb(charge),
            None => *drawn = Some(charge),
        }
    }

    /// Waits until the pool has given what is used; the tail's cache gives way.
    async fn cover(&self, node: &Node) {
        let pool = node.shard().pool();
        while !self.is_covered() {
            if self.draw(node) {
                return;
            }
            node.storage().give_way(self.missing());
            let charge = pool.charge(self.account.id(), Backing::Heap, self.missing());
            // Others of this shard may be given what covers this one too: it looks again.
            if let Some(Some(charge)) = node.shard().timeout(COVER_LOOK, charge).await {
                self.keep(charge);
            }
        }
    }
}

/// One who waits for a purse, until dropped.
struct Waits<'a>(&'a Purse);

impl<'a> Waits<'a> {
    fn begin(purse: &'a Purse) -> Waits<'a> {
        purse.was_short.set(true);
        purse.waiting.set(purse.waiting.get() + 1);
        Waits(purse)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.set(self.0.waiting.get() - 1);
    }
}

impl Token {
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.permit.count()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let purse = &self.purse;
        purse.used.set(purse.used.get() - self.permit.count() as u64);
        let kept = purse.used.get().next_multiple_of(LUMP_BYTES) + LUMP_BYTES;
        if let Some(drawn) = &mut *purse.drawn.borrow_mut()
            && drawn.bytes() > kept + LUMP_BYTES
        {
            drawn.shrink_to(kept);
        }
    }
}
