//! Every bound of the engine, with the relations between bounds proved at compile time.
//!
//! A limit that only one module knows lives here too, so that a reader finds all of them
//! on one page. Sizes are bytes, times are milliseconds, unless the name says otherwise.

pub const KIB: u32 = 1024;
pub const MIB: u32 = 1024 * KIB;

/// The largest frame that a client may send (Kafka's `socket.request.max.bytes`).
pub const FRAME_BYTES_MAX: u32 = 100 * MIB;
/// The largest record batch that any configuration may allow.
pub const BATCH_BYTES_MAX: u32 = 64 * MIB;
/// Partitions that one topic may have.
pub const TOPIC_PARTITIONS_MAX: u32 = 100_000;
/// Partitions that one request may create (Kafka's `MAX_RECORDS_PER_USER_OP`).
pub const COMMAND_PARTITIONS_MAX: u32 = 10_000;
/// Producer ids that a holder takes at once (Kafka's block size).
pub const PRODUCER_ID_BLOCK: i64 = 1_000;
/// Data threads that one process may be asked for.
pub const SHARDS_MAX: u16 = 1024;
/// The longest topic name (Kafka's `Topic.MAX_NAME_LENGTH`).
pub const TOPIC_NAME_BYTES_MAX: usize = 249;

/// The longest text in a group record (group id, client id): its length is 16 bits there.
pub const GROUP_TEXT_BYTES_MAX: usize = i16::MAX as usize;
/// The longest `group.instance.id`; it becomes part of the member id.
pub const INSTANCE_ID_BYTES_MAX: usize = 8 * KIB as usize;
/// Members that one classic group may have, whatever `group.max.size` says.
pub const GROUP_MEMBERS_MAX: usize = 10_000;
/// Groups that one coordinator partition keeps.
pub const COORDINATOR_GROUPS_MAX: usize = 20_000;
/// Protocols that one member may offer in JoinGroup.
pub const MEMBER_PROTOCOLS_MAX: usize = 64;
/// Protocol names and metadata that one member may send in JoinGroup.
pub const MEMBER_METADATA_BYTES_MAX: usize = 4 * MIB as usize;
/// Groups and client metrics subscriptions together that have settings of their own.
pub const CONFIG_RESOURCES_MAX: usize = 10_000;
/// Names of deleted topics that a coordinator keeps until their offsets are gone; with more of
/// them it looks at all offsets.
pub const SWEEP_TOPICS_MAX: usize = 1_000;
/// Tombstones that one cleanup appends at a time.
pub const CLEANUP_RECORDS_MAX: usize = 1_000;

const _: () = assert!(BATCH_BYTES_MAX < FRAME_BYTES_MAX, "a batch must fit its frame");
const _: () = assert!(COMMAND_PARTITIONS_MAX <= TOPIC_PARTITIONS_MAX, "a command is smaller");

/// The longest that a fetch waits for records, whatever its `max_wait_ms` says.
pub const FETCH_WAIT_MS_MAX: u64 = 5 * 60 * 1_000;
/// A fetch session unused for this long may give its slot to a new one.
pub const FETCH_SESSION_EVICT_IDLE_MS: u64 = 120_000;
/// What a fetch session takes, estimated: itself, and each partition besides its topic's name
/// (an entry in each of two maps, which may be half empty).
pub const SESSION_BYTES: u64 = 512;
pub const SESSION_PARTITION_BYTES: u64 = 256;

/// Records that a refused batch names, and that one answer of a shard to a Produce request does.
pub const RECORD_FAULTS_MAX: usize = 1_000;
/// What a compressed batch may always expand to, however small it is.
pub const DECOMPRESSED_BYTES_FLOOR: usize = 64 * MIB as usize;
/// How far a larger batch may expand.
pub const DECOMPRESSED_RATIO_MAX: usize = 16;
/// No batch expands past this.
/// It is one block of the pool.
pub const DECOMPRESSED_BYTES_CEILING: usize = 128 * MIB as usize;
/// The memory that a batch is first decompressed into is four times its size, or this.
pub const DECOMPRESS_FIRST_BYTES_MIN: usize = 16 * KIB as usize;

/// The cap on the records of a compressed batch of `batch_bytes`.
#[must_use]
pub fn decompressed_bytes_max(batch_bytes: usize) -> usize {
    batch_bytes
        .saturating_mul(DECOMPRESSED_RATIO_MAX)
        .clamp(DECOMPRESSED_BYTES_FLOOR, DECOMPRESSED_BYTES_CEILING)
}

const _: () = assert!(BATCH_BYTES_MAX as usize <= DECOMPRESSED_BYTES_FLOOR, "any batch may be raw");

/// Batches that the idempotence window remembers per producer (Kafka's `NUM_BATCHES_TO_RETAIN`,
/// what `max.in.flight.requests.per.connection` may be).
pub const PRODUCER_WINDOW_BATCHES: usize = 5;
/// Producers that one partition remembers; the one that wrote least recently leaves first.
pub const PRODUCERS_PER_PARTITION_MAX: usize = 100_000;
/// Checked ranges of one segment's file that are remembered.
pub const SOUND_RANGES_MAX: usize = 64;
/// Refused first batches that one shard remembers.
pub const REFUSALS_MAX: usize = 1_024;
/// How long: a client tries a refused batch again well within its `request.timeout.ms` (30 s).
pub const REFUSAL_REMEMBERED_MS: u64 = 30_000;
/// Aborted transactions that one run of the cleaner remembers; the rest waits for the next run.
pub const CLEANER_ABORTED_MAX: usize = 100_000;
/// A segment's positions are 32 bits in indexes; the last batch begins below this.
pub const SEGMENT_BYTES_MAX: u64 = (1 << 31) - 1;
/// Direct I/O's unit: offsets, lengths and addresses of segment writes are multiples of it.
pub const BLOCK_BYTES: u64 = 4096;
/// The most that one commit writes; LIMITS: more in flight is slower.
pub const COMMIT_BYTES_MAX: u64 = 4 * MIB as u64;

/// The most that one journal commit writes, header included.
pub const JOURNAL_COMMIT_BYTES_MAX: u32 = MIB;
/// Journal commits that one shard has in flight.
pub const JOURNAL_DEPTH_MAX: usize = 4;
/// Pending bytes of one partition from which they go straight to its segment file, where a
/// single write carries them once: below, sharing a journal commit is cheaper (ADR 5).
pub const DIRECT_BYTES_MIN: u64 = 64 * KIB as u64;

const _: () = assert!(COMMIT_BYTES_MAX.is_multiple_of(BLOCK_BYTES), "commits end on a block");
const _: () = assert!(
    (JOURNAL_COMMIT_BYTES_MAX as u64).is_multiple_of(BLOCK_BYTES),
    "journal commits end on a block"
);
const _: () =
    assert!(DIRECT_BYTES_MIN * 2 <= JOURNAL_COMMIT_BYTES_MAX as u64, "a commit is shared");
/// Damaged ranges of one partition that are noted; further ones are found again by each reader.
pub const DAMAGED_RANGES_MAX: usize = 10_000;
/// Groups, members or partitions that one request of the group APIs may name.
pub const GROUP_REQUEST_ITEMS_MAX: usize = 200_000;
