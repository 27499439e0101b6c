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
pub const COORDINATOR_GROUPS_MAX: usize = 100_000;
/// Protocols that one member may offer in JoinGroup.
pub const MEMBER_PROTOCOLS_MAX: usize = 64;
/// Protocol names and metadata that one member may send in JoinGroup.
pub const MEMBER_METADATA_BYTES_MAX: usize = 4 * MIB as usize;
/// Tombstones that one cleanup appends at a time.
pub const CLEANUP_RECORDS_MAX: usize = 1_000;

const _: () = assert!(BATCH_BYTES_MAX < FRAME_BYTES_MAX, "a batch must fit its frame");
const _: () = assert!(COMMAND_PARTITIONS_MAX <= TOPIC_PARTITIONS_MAX, "one topic bounds one request");

/// A fetch session unused for this long may give its slot to a new one.
pub const FETCH_SESSION_EVICT_IDLE_MS: u64 = 120_000;
