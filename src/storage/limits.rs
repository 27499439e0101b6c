//! Bounds of the storage shell, with their relations proved.
//!
//! Sizes in bytes, times in milliseconds. What only the planner needs is in the engine's
//! `limits`.

use millstream_engine::limits::{BLOCK_BYTES, COMMIT_BYTES_MAX, JOURNAL_COMMIT_BYTES_MAX};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// First block of a partition that begins to write.
pub const TAIL_BLOCK_BYTES_MIN: u64 = 16 * KIB;
/// Blocks double up to this.
pub const TAIL_BLOCK_BYTES_MAX: u64 = MIB;
/// Share of the pool (1/n) that written tail blocks may hold as a read cache.
pub const CACHE_SHARE: u64 = 2;
/// Blocks that are asked to leave at a time, when the cache is too large.
pub const EVICTION_TRIES_MAX: usize = 64;
/// First reservation of a new segment file.
pub const ALLOCATE_BYTES_MIN: u64 = 256 * KIB;
/// Reservations double up to this.
pub const ALLOCATE_BYTES_MAX: u64 = 64 * MIB;
/// Share of the pool (1/n) that the journals' partitions may hold in tail blocks, about.
pub const JOURNAL_SHARE: u64 = 4;
/// Files in a shard's journal ring.
pub const JOURNAL_SLOTS: usize = 4;
/// The least that a journal file may have: its header and the largest commit.
pub const JOURNAL_SLOT_BYTES_MIN: u64 = BLOCK_BYTES + JOURNAL_COMMIT_BYTES_MAX as u64;
/// One write of zeros into a new journal file.
pub const ZEROS_BYTES: u64 = MIB;
/// Pause before a journal file is tried again.
pub const JOURNAL_RETRY_MS: u64 = 5_000;
/// Pause before a shard asks again whether it may join a partition's journal entries.
pub const JOIN_TURN_MS: u64 = 1;
/// Partitions that are settled side by side for one journal file.
pub const SETTLE_TASKS: usize = 8;
/// Partitions that are replayed side by side at start.
pub const REPLAY_TASKS: usize = 32;
/// The largest single read from a segment file.
pub const READ_BYTES_MAX: u64 = 4 * MIB;
/// The most that leaves as one piece of a file: what of it has left the page cache when its turn
/// comes is read from the piece's beginning on.
pub const FILE_PIECE_BYTES_MAX: u64 = 4 * MIB;
/// A reader with so much between him and the end of what the files have is far behind: what he
/// reads, others may read again.
pub const FAR_BEHIND_BYTES: u64 = MIB;
/// Window of a recovery scan.
pub const SCAN_BYTES: u64 = MIB;
/// A read of something small: one batch header and probably its batch.
pub const PROBE_BYTES: u64 = 64 * KIB;
/// Sidecars and checkpoints larger than this are not believed.
pub const SIDECAR_BYTES_MAX: u64 = 64 * MIB;
/// Bytes appended after which a checkpoint is worth writing: what a recovery has to scan.
pub const CHECKPOINT_BYTES: u64 = 64 * MIB;
/// Bytes that no checkpoint covers, over all partitions of a shard, before the largest are
/// checkpointed: about what a recovery scans. Half a second at 1 GB/s.
pub const UNCHECKED_BYTES_MAX: u64 = 512 * MIB;
/// A partition that goes quiet with this much to scan is checkpointed first; less is not
/// worth three flushes.
pub const QUIET_UNCHECKED_BYTES_MAX: u64 = MIB;
/// Checkpoints that one shard writes at a time.
pub const CHECKPOINTS_AT_ONCE: usize = 4;
/// Partitions that one shard closes at a time.
pub const CLOSING_MAX: usize = 32;
/// The longest that closing takes; what is not settled by then is for the next start. With what
/// the runtime waits for cancelled operations it is within the 30 s that supervisors give.
pub const CLOSING_MS_MAX: u64 = 15_000;
/// Index entries of the active segment that a checkpoint keeps; of a longer index every n-th,
/// so that a checkpoint is soon written however large the segment is.
pub const CHECKPOINT_ENTRIES_MAX: usize = 16 * KIB as usize;
/// Loaded indexes of sealed segments that one partition keeps.
pub const SEALED_INDEXES_MAX: usize = 4;
/// Segment files that one shard keeps open for cold reads.
pub const READER_FILES_MAX: usize = 256;
/// Reads through the page cache may bring the whole of such a unit into it.
pub const CACHE_UNIT_BYTES: u64 = millstream_shards::limits::LOAD_BYTES;
/// Quiet time after which a partition gives up its blocks and files.
pub const COLD_AFTER_MS: u64 = 30_000;
/// How often warm partitions are looked at.
pub const UPKEEP_MS: u64 = 1_000;
/// Pause before writing is tried again on a full device.
pub const NO_SPACE_RETRY_MS: u64 = 500;
/// How long a read waits for pool memory.
pub const READ_MEMORY_WAIT_MS: u64 = 1_000;
/// How long the cache is left alone after it has given way.
pub const RELIEF_PAUSE_MS: u64 = 20;
/// A batch that decompresses to more than this is looked into beside the shard: up to here it
/// holds the core for some 3 ms in the slowest codec.
pub const ADMIT_INLINE_BYTES_MAX: usize = MIB as usize;
/// The same for a batch that is packed anew, both its forms together: packing is ten times
/// slower than unpacking.
pub const REPACK_INLINE_BYTES_MAX: usize = 192 * KIB as usize;
/// What a device must take before a log that failed is opened again.
pub const TRIAL_BYTES: u64 = 256 * KIB;
/// How long a log that failed waits for what is under way in its files, before it is given up.
pub const GIVE_UP_WAIT_MS: u64 = 10_000;
/// How often an append that waits for memory looks whether its partition is still open.
pub const MEMORY_LOOK_MS: u64 = 50;
/// Space that is kept back for what must work on a full device.
pub const RESERVE_BYTES: u64 = 8 * MIB;
/// What of it is given back at a time.
pub const RESERVE_SLICE_BYTES: u64 = 256 * KIB;
/// Free space beside the reserve without which it is not made whole again.
pub const RESERVE_MARGIN_BYTES: u64 = 4 * MIB;
/// How often that is tried.
pub const RESERVE_RETRY_MS: u64 = 2_000;
/// What a cleaner reads at a time, at least and at most.
pub const CLEAN_READ_BYTES_MIN: u64 = 64 * KIB;
pub const CLEAN_READ_BYTES_MAX: u64 = 4 * MIB;
/// One write of a cleaner.
pub const CLEAN_WRITE_BYTES: u64 = MIB;
/// A cleaner rests at least this long between two runs.
pub const CLEANER_PAUSE_MS_MIN: u64 = 10;
/// What is taken off a large file at a time before it is removed, and the pause after it.
pub const REMOVAL_SLICE_BYTES: u64 = 64 * MIB;
pub const REMOVAL_PAUSE_MS: u64 = 20;
/// The longest name of a directory entry.
pub const FILE_NAME_BYTES_MAX: usize = 255;

const _: () = assert!(TAIL_BLOCK_BYTES_MIN.is_multiple_of(BLOCK_BYTES), "blocks are aligned");
const _: () = assert!(CLEAN_WRITE_BYTES.is_multiple_of(BLOCK_BYTES), "cleaners write blocks");
const _: () = assert!(ZEROS_BYTES.is_multiple_of(BLOCK_BYTES), "zeros are aligned");
const _: () = assert!(RESERVE_BYTES.is_multiple_of(RESERVE_SLICE_BYTES), "slices are whole");
const _: () = assert!(COMMIT_BYTES_MAX <= ALLOCATE_BYTES_MAX, "one step holds a commit");
