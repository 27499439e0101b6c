//! The seam: operations are plain values, a driver completes them.
//!
//! Everything above this line (executor, files, sockets, timers) is the same code whether the
//! driver is io_uring or the simulation. A driver owns an operation, with every buffer, path and
//! slice in it, from `submit` until the `Completion` that hands it back: dropping the future that
//! waits does not free what the kernel still uses.
//! Invariant: each submitted token completes exactly once with `more == false`.

pub(crate) mod blocking;
pub mod sim;
pub mod uring;

use std::ffi::CString;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Parts;
use crate::config::ShardId;
use crate::failure::StartFault;
use crate::mailbox::Bell;
use crate::pool::AlignedBuf;
use crate::stats::ShardStats;

pub use uring::Chunk;
use uring::View;

/// A file or socket, in the numbering of its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(pub i32);

/// What a driver does to close a file that no shard uses any more, on whatever thread that is.
pub type Closer = Arc<dyn Fn(Handle) + Send + std::marker::Sync>;

/// An open file that every shard of the process may use; closed with its last holder, which may
/// be an operation.
pub struct Shared {
    handle: Handle,
    view: Option<View>,
    /// Counts what its holders know of the file; see `SharedFile::renew`.
    epoch: AtomicU64,
    close: Closer,
}

impl Shared {
    fn new(handle: Handle, view: Option<View>, close: Closer) -> Arc<Shared> {
        Arc::new(Shared { handle, view, epoch: AtomicU64::new(0), close })
    }

    pub fn handle(&self) -> Handle {
        self.handle
    }

    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Begins another epoch and returns it.
    pub fn begin_epoch(&self) -> u64 {
        self.epoch.fetch_add(1, Ordering::AcqRel) + 1
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({})", self.handle.0)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        (self.close)(self.handle);
    }
}

/// Whether more is sent right behind. What does not fill a packet then waits for it, 200 ms at
/// most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    Nothing,
    More,
}

/// What to wait for at a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// A send would move some bytes, or fail.
    Writable,
    /// The peer sends no more, or the connection is broken, whatever was received before.
    PeerClosed,
}

/// Names one operation in flight. The slot is small and reused; the generation tells uses apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    pub slot: u32,
    pub generation: u32,
}

impl Token {
    pub(crate) fn to_bits(self) -> u64 {
        u64::from(self.slot) | u64::from(self.generation) << 32
    }

    pub(crate) fn from_bits(bits: u64) -> Token {
        Token { slot: bits as u32, generation: (bits >> 32) as u32 }
    }
}

/// How a write becomes durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// It does not; sync later.
    None,
    /// The data is on the device when the write completes (`RWF_DSYNC`).
    Data,
}

/// How much of a buffer a receive waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// What is there, at least one byte.
    Some,
    /// Everything, or up to the end of the stream.
    All,
}

/// How to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    pub read: bool,
    pub write: bool,
    pub create: bool,
    /// With `create`: fail if it exists.
    pub exclusive: bool,
    pub truncate: bool,
    /// Bypass the page cache; address, length and offset must then be multiples of 4096.
    pub direct: bool,
    pub directory: bool,
}

/// How to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenOptions {
    /// Several shards may listen on the same port.
    pub reuse_port: bool,
    pub backlog: u32,
}

impl Default for ListenOptions {
    fn default() -> ListenOptions {
        ListenOptions { reuse_port: true, backlog: 1024 }
    }
}

/// One entry of a directory; `.` and `..` are not listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    pub name: std::ffi::OsString,
    pub is_dir: bool,
}

/// Work for the blocking pool. Its result travels inside the closure.
pub struct Job(pub Box<dyn FnOnce() + Send>);

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}

/// One operation, with all it needs.
#[derive(Debug)]
pub enum Op {
    /// Multishot: completes with one `Outcome::Handle` for each connection.
    Accept {
        listener: Handle,
    },
    Connect {
        socket: Handle,
        peer: SocketAddr,
    },
    /// Into a buffer the driver provides. `idle`: nothing is expected to be there yet.
    Recv {
        socket: Handle,
        idle: bool,
    },
    /// Into `buf[from..upto]`; counts the bytes received.
    RecvInto {
        socket: Handle,
        buf: AlignedBuf,
        from: u32,
        upto: u32,
        fill: Fill,
    },
    Send {
        socket: Handle,
        parts: Parts,
    },
    /// As `Send`, without waiting: what the socket has room for, or `WouldBlock`.
    SendSome {
        socket: Handle,
        parts: Parts,
        follow: Follow,
    },
    /// From the page cache to the socket, once it has room: at most `SEND_FILE_BYTES_MAX`, and
    /// only what is resident, in this epoch of the file. Waits for the socket, never for a device.
    SendFile {
        socket: Handle,
        file: Arc<Shared>,
        epoch: u64,
        offset: u64,
        len: u64,
        follow: Follow,
    },
    /// Reads the page at `offset` and its neighbours, `LOAD_BYTES` of them where the kernel can,
    /// into the page cache. What it could not do the next read finds.
    Load {
        file: Arc<Shared>,
        offset: u64,
    },
    /// Moves nothing.
    Await {
        socket: Handle,
        readiness: Readiness,
    },
    /// Both directions.
    Shutdown {
        socket: Handle,
    },
    Read {
        file: Handle,
        buf: AlignedBuf,
        from: u32,
        upto: u32,
        offset: u64,
    },
    Write {
        file: Handle,
        parts: Parts,
        offset: u64,
        sync: Sync,
    },
    SyncData {
        file: Handle,
    },
    SyncAll {
        file: Handle,
    },
    /// Extends the file's length where needed.
    Allocate {
        file: Handle,
        offset: u64,
        len: u64,
    },
    SetLen {
        file: Handle,
        len: u64,
    },
    FileLen {
        file: Handle,
    },
    PathLen {
        path: CString,
    },
    Open {
        path: CString,
        how: Open,
    },
    Close {
        handle: Handle,
    },
    Rename {
        from: CString,
        to: CString,
    },
    Unlink {
        path: CString,
    },
    RemoveDir {
        path: CString,
    },
    MakeDir {
        path: CString,
    },
    ReadDir {
        path: CString,
    },
    Call(Job),
}

impl Op {
    /// Whether a thread of the kernel's has a part in it: what a flush needs after a direct
    /// write runs on a work queue of the core that the device interrupted.
    pub(crate) fn needs_kernel_thread(&self) -> bool {
        matches!(
            self,
            Op::Write { .. } | Op::SyncData { .. } | Op::SyncAll { .. } | Op::Allocate { .. }
        )
    }
}

/// What an operation brought.
#[derive(Debug)]
pub enum Outcome {
    /// Bytes moved, or 0 where there is nothing to count.
    Count(u32),
    /// A new file or socket; whoever gets it must close it.
    Handle(Handle),
    /// Received bytes; empty at the end of the stream.
    Data(Chunk),
    Len(u64),
    Entries(Vec<DirEntry>),
    /// The first page to be sent is not in memory, or past the file's end.
    NotResident,
}

/// An operation's end, or one of several results of a multishot operation.
#[derive(Debug)]
pub struct Completion {
    pub token: Token,
    pub result: io::Result<Outcome>,
    /// The operation itself with its buffers, on its last completion.
    pub op: Option<Op>,
    /// More completions of this token will follow.
    pub more: bool,
}

/// How long a turn may wait for completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Submit, collect what is there, return.
    No,
    /// Sleep until a completion, a kick, or the time (nanoseconds of the driver's clock).
    Until(Option<u64>),
}

/// Completes operations, tells the time, and can be woken. Lives on its shard's thread.
pub trait Driver {
    /// Takes over an operation. Failures, too, arrive as completions.
    fn submit(&mut self, token: Token, op: Op);

    /// Asks for an operation to end early. It completes in any case, perhaps successfully.
    fn cancel(&mut self, token: Token);

    /// Submits what is queued, waits as asked, and appends what has completed.
    fn turn(&mut self, wait: Wait, out: &mut Vec<Completion>);

    /// Whether a turn would find something, as far as that is known without a syscall.
    fn is_ready(&mut self) -> bool;

    /// Operations not yet completed.
    fn in_flight(&self) -> usize;

    fn now_ns(&mut self) -> u64;

    fn wall_ms(&mut self) -> i64;

    /// Seed of the shard's generator of random numbers; `None` for the operating system's.
    fn seed(&self) -> Option<u64>;

    /// The bell that wakes this driver from `turn`.
    fn bell(&self) -> Arc<Bell>;

    /// Kicks another shard; may wait for the next turn to do it.
    fn kick(&mut self, bell: &Arc<Bell>);

    /// A listening socket and the address it got.
    fn listen(&mut self, at: SocketAddr, how: ListenOptions) -> io::Result<(Handle, SocketAddr)>;

    /// Prepares an open file for use by every shard: no read-ahead but what is asked for.
    fn share(&mut self, file: Handle) -> Arc<Shared>;

    /// How many bytes from the range's start on can be read without waiting for the device.
    /// Does not wait itself.
    fn resident(&mut self, file: &Shared, range: Range<u64>) -> u64;

    /// Whether `at` can be bound by one who shares it with nobody.
    fn probe(&mut self, at: SocketAddr) -> io::Result<()>;

    /// A fresh socket to connect to `peer` with.
    fn socket(&mut self, peer: SocketAddr) -> io::Result<Handle>;

    /// Local and peer address of a connected socket.
    fn addresses(&mut self, socket: Handle) -> io::Result<(SocketAddr, SocketAddr)>;

    /// Fits an accepted socket to the path that leads to its peer; best effort.
    fn tune(&mut self, _socket: Handle, _peer: SocketAddr) {}

    /// What of the wished set-up was not to be had, one sentence each.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether spinning now makes sense. It does not while a kernel thread that finishes one of
    /// our operations may be waiting for this very core.
    fn may_spin(&self) -> bool {
        true
    }
}

/// What a driver is made for.
#[derive(Clone)]
pub struct Seat {
    pub shard: ShardId,
    pub count: usize,
    pub ring_entries: u32,
    pub recv_buffers: u16,
    pub stats: Arc<ShardStats>,
    pub(crate) blocking: Arc<blocking::BlockingPool>,
}

/// Makes one driver for each shard, on that shard's own thread.
pub trait DriverFactory: Clone + Send + 'static {
    fn make(&self, seat: Seat) -> Result<Box<dyn Driver>, StartFault>;
}
