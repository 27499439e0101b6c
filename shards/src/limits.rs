//! Every bound of the runtime in one place, with the relations between them proved at compile time.
//!
//! What a user may choose is in `config`; what is here is fixed. A limit that is reached means
//! waiting or refusing at the source, never dropping.

pub const KIB: usize = 1024;
pub const MIB: usize = 1024 * KIB;

/// Data shards of one process at most.
pub const SHARDS_MAX: usize = 256;

/// Alignment of every pooled block, and the unit of direct I/O.
pub const BLOCK_ALIGN: usize = 4 * KIB;
/// Smallest and largest block the pool hands out.
pub const BLOCK_BYTES_MIN: usize = 4 * KIB;
pub const BLOCK_BYTES_MAX: usize = 128 * MIB;
/// Size classes: powers of two from the smallest to the largest block.
pub const BLOCK_CLASSES: usize =
    (BLOCK_BYTES_MAX.trailing_zeros() - BLOCK_BYTES_MIN.trailing_zeros()) as usize + 1;

/// Accounts of heap memory that one pool keeps.
pub const POOL_ACCOUNTS: usize = 8;
/// Idle blocks that stay for what comes next, see `Pool::spare`.
pub const IDLE_KEPT_BYTES: u64 = 4 * MIB as u64;
/// How many times what it waits for goes past the first of those who wait for blocks.
pub const PASSED_FACTOR_MAX: u64 = 4;

/// One provided receive buffer.
pub const RECV_BUFFER_BYTES: usize = 16 * KIB;
/// Provided receive buffers of one shard: virtual memory until they are first used.
pub const RECV_BUFFERS_MAX: u16 = 1024;
/// How many of them are lent to the kernel at first, and by how many the loan grows.
pub const RECV_BUFFERS_STEP: u16 = 32;

/// Slices one write or send may carry in one submission (the kernel's `IOV_MAX`).
pub const PARTS_MAX: usize = 1024;

/// Bytes of a file one send moves at most: 50 µs on a loopback connection, in which the shard
/// does nothing else.
pub const SEND_FILE_BYTES_MAX: u64 = 512 * KIB as u64;

/// What one load brings into the page cache: the largest page that it has.
pub const LOAD_BYTES: u64 = 2 * MIB as u64;
/// Loads of one shard under way: each takes a worker of the kernel's, of which a flush wants one.
pub const LOADS_MAX: usize = 4;
/// Reads of shared files from this size on load what they miss; smaller ones read just that.
pub const LOAD_FROM_BYTES: usize = 128 * KIB;

/// Messages in flight from one shard to another.
pub const MAILBOX_SLOTS: usize = 512;
/// Messages in flight from all other threads to one shard.
pub const INJECTOR_SLOTS: usize = 1024;

/// Submission queue entries of one ring.
pub const RING_ENTRIES_MIN: u32 = 8;
pub const RING_ENTRIES_MAX: u32 = 32_768;
/// Completion queue entries per submission queue entry.
pub const RING_CQ_FACTOR: u32 = 4;

/// Tasks polled in one turn of the loop before completions are looked at again.
pub const TURN_TASKS_MAX: usize = 256;
/// Time the latency class may use in one turn before completions are looked at again.
pub const TURN_LATENCY_NS_MAX: u64 = 500_000;
/// Time the background class may use in one turn when latency tasks wait, and when none do.
pub const TURN_BACKGROUND_NS_BUSY: u64 = 50_000;
pub const TURN_BACKGROUND_NS_IDLE: u64 = 500_000;

/// Threads of the blocking pool, started one by one as work comes.
pub const BLOCKING_THREADS_MAX: usize = 4;
/// Jobs that wait for them, all shards together; more wait at their source.
pub const BLOCKING_JOBS_MAX: usize = 1024;

/// Buffer groups the driver registers: one.
pub const RECV_GROUP: u16 = 1;

/// How long a shard that winds down waits for cancelled operations.
pub const DRAIN_NS_MAX: u64 = 10_000_000_000;

const _: () = assert!(RECV_BUFFERS_MAX.is_power_of_two(), "the kernel's ring wants 2^n");
const _: () = assert!(RECV_BUFFERS_MAX.is_multiple_of(RECV_BUFFERS_STEP), "loans grow evenly");
const _: () = assert!(BLOCK_BYTES_MIN == BLOCK_ALIGN, "every block is whole pages");
const _: () = assert!(LOAD_BYTES >= SEND_FILE_BYTES_MAX, "a send needs two loads at most");
const _: () = assert!(BLOCK_CLASSES == 16, "4 KiB to 128 MiB");
const _: () = assert!(TURN_BACKGROUND_NS_BUSY < TURN_LATENCY_NS_MAX, "latency comes first");
const _: () = assert!(SHARDS_MAX <= u16::MAX as usize, "a ShardId is 16 bits");
