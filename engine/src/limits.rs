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
/// Data threads that one process may be asked for.
pub const SHARDS_MAX: u16 = 1024;
/// The longest topic name (Kafka's `Topic.MAX_NAME_LENGTH`).
pub const TOPIC_NAME_BYTES_MAX: usize = 249;

const _: () = assert!(BATCH_BYTES_MAX < FRAME_BYTES_MAX, "a batch must fit its frame");

/// A fetch session unused for this long may give its slot to a new one.
pub const FETCH_SESSION_EVICT_IDLE_MS: u64 = 120_000;
