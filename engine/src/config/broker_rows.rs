//! The broker keys that Millstream honours: Kafka's in alphabetical order, then ours.
//!
//! Names, types and bounds are Kafka's, so a `server.properties` works as it is; a key of
//! Kafka that is absent here gets a warning at start. Where a default differs from
//! Kafka's, its text says so. Keys that begin with `millstream.` exist here only.

use super::listener;
use super::row::{Kind, LONG_MAX, Row, Synonym, is_gzip_level, is_share};
use super::topic_rows::{
    CODECS, GZIP_LEVELS, RETENTION_CLOCKS, TIMESTAMP_TYPES, ZSTD_LEVEL_MAX, ZSTD_LEVEL_MIN,
};
use crate::limits::{BATCH_BYTES_MAX, FRAME_BYTES_MAX, SHARDS_MAX, TOPIC_PARTITIONS_MAX};

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
const MIB: i64 = 1 << 20;

pub const BROKER_ROWS: &[Row] = &[
    Row::unset("advertised.listeners", Kind::List)
        .form(listener::ADVERTISED_FORM, listener::is_advertised)
        .doc(
            "The addresses that clients are told to use, by the name of the listener that they \
             came in by. Through a listener that is not named here every client is told the \
             address that it dialled, which works through tunnels and port forwardings too.",
        ),
    Row::boolean("auto.create.topics.enable", "true").doc(
        "Whether asking for the metadata of a topic that does not exist creates it, when the \
         client allows that.",
    ),
    Row::unset("broker.rack", Kind::Text).doc("The rack that clients and tools are told."),
    Row::int("compression.gzip.level", "-1")
        .form(GZIP_LEVELS, is_gzip_level)
        .dynamic()
        .doc("Default of the topic key `compression.gzip.level`."),
    Row::int("compression.lz4.level", "9")
        .range(1, 17)
        .dynamic()
        .doc("Default of the topic key `compression.lz4.level`."),
    Row::text("compression.type", "producer")
        .one_of(&CODECS)
        .dynamic()
        .doc("Default of the topic key `compression.type`."),
    Row::int("compression.zstd.level", "3")
        .range(ZSTD_LEVEL_MIN, ZSTD_LEVEL_MAX)
        .dynamic()
        .doc("Default of the topic key `compression.zstd.level`."),
    Row::long("connections.max.idle.ms", "600000")
        .at_least(-1)
        .doc("Idle time after which a connection is closed; -1 never closes one."),
    Row::list("controller.listener.names", "").doc(
        "Listeners of `listeners` that Kafka would give to its controller. A single node needs \
         no such port: they are not opened, and not advertised.",
    ),
    Row::int("default.replication.factor", "1")
        .at_least(1)
        .doc("Replicas of a topic that is created without saying how many."),
    Row::boolean("delete.topic.enable", "true")
        .doc("Whether DeleteTopics works; if not, it answers TOPIC_DELETION_DISABLED."),
    Row::int("fetch.max.bytes", "57671680")
        .at_least(1024)
        .doc("The most record bytes in one fetch response, whatever the client asks for."),
    Row::int("group.initial.rebalance.delay.ms", "3000")
        .at_least(0)
        .doc("How long a new group waits for more members before its first assignment."),
    Row::int("group.max.session.timeout.ms", "1800000")
        .at_least(1)
        .doc("The longest session timeout that a member of a classic group may ask for."),
    Row::int("group.max.size", "2147483647")
        .at_least(1)
        .doc("The most members of a classic group; the next one gets GROUP_MAX_SIZE_REACHED."),
    Row::int("group.min.session.timeout.ms", "6000")
        .at_least(1)
        .doc("The shortest session timeout that a member of a classic group may ask for."),
    Row::text(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
    )
    .form("a list of NAME:PROTOCOL", listener::is_protocol_map)
    .doc("The security protocol of each listener name. Only PLAINTEXT can be opened yet."),
    Row::list("listeners", "PLAINTEXT://127.0.0.1:9092")
        .form(listener::LISTENERS_FORM, listener::is_listeners)
        .doc(
            "The addresses to listen on, all of them. Kafka's default is all interfaces; ours is \
             this host alone, until you say otherwise. An empty host means all interfaces, port 0 \
             any free port.",
        ),
    Row::long("log.cleaner.backoff.ms", "15000")
        .at_least(0)
        .doc("Pause of a shard's cleaner when no partition is worth compacting."),
    Row::long("log.cleaner.dedupe.buffer.size", "134217728").at_least(MIB).doc(
        "Memory of the key maps of all shards together, while they compact: 24 bytes a key; at \
         most a sixteenth of `millstream.memory`, which is 32 MiB by default. A log with more \
         keys is compacted in several passes.",
    ),
    Row::long("log.cleaner.delete.retention.ms", "86400000")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `delete.retention.ms`."),
    Row::boolean("log.cleaner.enable", "true")
        .doc("Whether compacted topics are compacted at all."),
    Row::double("log.cleaner.io.buffer.load.factor", "0.9")
        .form("0 to 1", is_share)
        .doc("How full a key map may get."),
    Row::int("log.cleaner.io.buffer.size", "524288")
        .at_least(0)
        .doc("Bytes that the cleaner reads at a time; 64 KiB to 4 MiB are used."),
    Row::double("log.cleaner.io.max.bytes.per.second", "1.7976931348623157E308")
        .form("more than 0", |text| text.parse().is_ok_and(|rate: f64| rate > 0.0))
        .doc("What all cleaners together read and write in a second."),
    Row::long("log.cleaner.max.compaction.lag.ms", "9223372036854775807")
        .at_least(1)
        .dynamic()
        .doc("Default of the topic key `max.compaction.lag.ms`."),
    Row::double("log.cleaner.min.cleanable.ratio", "0.5")
        .form("0 to 1", is_share)
        .dynamic()
        .doc("Default of the topic key `min.cleanable.dirty.ratio`."),
    Row::long("log.cleaner.min.compaction.lag.ms", "0")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `min.compaction.lag.ms`."),
    Row::int("log.cleaner.threads", "1").at_least(0).doc(
        "Every shard compacts its own partitions, one at a time; 0 turns compaction off, other \
         numbers change nothing.",
    ),
    Row::list("log.cleanup.policy", "delete")
        .list_of(&["delete", "compact"])
        .dynamic()
        .doc("Default of the topic key `cleanup.policy`."),
    Row::list("log.dir", "./data")
        .doc("The data directory, when `log.dirs` is not set. Kafka's default is in /tmp."),
    Row::unset("log.dirs", Kind::List)
        .synonyms(&[Synonym { name: "log.dir", factor: 1 }])
        .form("one directory (several are not supported yet)", |dirs| !dirs.contains(','))
        .doc("The data directory. Unset, `log.dir` says it."),
    Row::long("log.flush.interval.messages", "1")
        .at_least(1)
        .dynamic()
        .doc("Default of the topic key `flush.messages`. Kafka's default never flushes."),
    Row::unset("log.flush.interval.ms", Kind::Long)
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `flush.ms`. Unset means never."),
    Row::int("log.index.interval.bytes", "4096")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `index.interval.bytes`."),
    Row::int("log.index.size.max.bytes", "10485760")
        .at_least(4)
        .dynamic()
        .doc("Default of the topic key `segment.index.bytes`."),
    Row::long("log.local.retention.bytes", "-2")
        .at_least(-2)
        .dynamic()
        .doc("Default of the topic key `local.retention.bytes`."),
    Row::long("log.local.retention.ms", "-2")
        .at_least(-2)
        .dynamic()
        .doc("Default of the topic key `local.retention.ms`."),
    Row::long("log.message.timestamp.after.max.ms", "3600000")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `message.timestamp.after.max.ms`."),
    Row::long("log.message.timestamp.before.max.ms", "9223372036854775807")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `message.timestamp.before.max.ms`."),
    Row::text("log.message.timestamp.type", "CreateTime")
        .one_of(&TIMESTAMP_TYPES)
        .dynamic()
        .doc("Default of the topic key `message.timestamp.type`."),
    Row::boolean("log.preallocate", "false")
        .dynamic()
        .doc("Default of the topic key `preallocate`."),
    Row::long("log.retention.bytes", "-1")
        .at_least(-1)
        .dynamic()
        .doc("Default of the topic key `retention.bytes`: per partition, not per topic."),
    Row::long("log.retention.check.interval.ms", "300000")
        .at_least(1)
        .doc("How often retention looks for segments to delete."),
    Row::int("log.retention.hours", "168")
        .at_least(-1)
        .doc("Default of the topic key `retention.ms`, in hours; -1 keeps records for ever."),
    Row::unset("log.retention.minutes", Kind::Int)
        .at_least(-1)
        .synonyms(&[])
        .doc("Default of the topic key `retention.ms`, in minutes; wins over hours."),
    Row::unset("log.retention.ms", Kind::Long)
        .at_least(-1)
        .synonyms(&[
            Synonym { name: "log.retention.minutes", factor: MINUTE_MS },
            Synonym { name: "log.retention.hours", factor: HOUR_MS },
        ])
        .dynamic()
        .doc("Default of the topic key `retention.ms`; wins over minutes and hours."),
    Row::int("log.roll.hours", "168")
        .at_least(1)
        .doc("Default of the topic key `segment.ms`, in hours."),
    Row::int("log.roll.jitter.hours", "0")
        .at_least(0)
        .doc("Default of the topic key `segment.jitter.ms`, in hours."),
    Row::unset("log.roll.jitter.ms", Kind::Long)
        .at_least(0)
        .synonyms(&[Synonym { name: "log.roll.jitter.hours", factor: HOUR_MS }])
        .dynamic()
        .doc("Default of the topic key `segment.jitter.ms`; wins over hours."),
    Row::unset("log.roll.ms", Kind::Long)
        .at_least(1)
        .synonyms(&[Synonym { name: "log.roll.hours", factor: HOUR_MS }])
        .dynamic()
        .doc("Default of the topic key `segment.ms`; wins over hours."),
    Row::int("log.segment.bytes", "1073741824")
        .at_least(MIB)
        .dynamic()
        .doc("Default of the topic key `segment.bytes`."),
    Row::long("log.segment.delete.delay.ms", "60000")
        .at_least(0)
        .dynamic()
        .doc("Default of the topic key `file.delete.delay.ms`."),
    Row::int("max.connections", "2147483647").at_least(0).doc(
        "Connections that the broker holds at once, on all listeners and shards together; \
             further ones are closed at accept.",
    ),
    Row::int("max.incremental.fetch.session.cache.slots", "1000")
        .at_least(0)
        .doc("Fetch sessions that are kept; a client without one sends full requests."),
    Row::int("message.max.bytes", "1048588")
        .range(0, BATCH_BYTES_MAX as i64)
        .dynamic()
        .doc("Default of the topic key `max.message.bytes`."),
    Row::int("min.insync.replicas", "1")
        .at_least(1)
        .dynamic()
        .doc("Default of the topic key `min.insync.replicas`."),
    Row::int("node.id", "1")
        .at_least(0)
        .synonyms(&[Synonym { name: "broker.id", factor: 1 }])
        .doc("This node's number, unique in a cluster. Kafka has no default for it."),
    Row::int("num.partitions", "1")
        .range(1, TOPIC_PARTITIONS_MAX as i64)
        .doc("Partitions of a topic that is created without saying how many."),
    Row::int("offset.metadata.max.bytes", "4096")
        .at_least(0)
        .doc("The longest text that a consumer may store with a committed offset."),
    Row::int("offsets.retention.minutes", "10080")
        .at_least(1)
        .doc("How long the offsets of a group without members are kept."),
    Row::int("offsets.topic.num.partitions", "50")
        .range(1, TOPIC_PARTITIONS_MAX as i64)
        .doc("Partitions of `__consumer_offsets`, fixed when it is created."),
    Row::int("producer.id.expiration.ms", "86400000").at_least(1).dynamic().doc(
        "How long an idle producer's sequence numbers are remembered per partition. They are \
             looked at every `log.retention.check.interval.ms`.",
    ),
    Row::int("socket.request.max.bytes", "104857600")
        .range(1, FRAME_BYTES_MAX as i64)
        .doc("The largest request; a longer one closes its connection."),
    Row::boolean("unclean.leader.election.enable", "false")
        .dynamic()
        .doc("Default of the topic key `unclean.leader.election.enable`."),
    Row::text("millstream.admin.listener", "127.0.0.1:9642")
        .form("host:port, or none", listener::is_admin)
        .doc("Where /livez, /readyz and /metrics are served over HTTP; `none` turns them off."),
    Row::bytes("millstream.journal.bytes", "64MiB").range(MIB, 64 * 1024 * MIB).doc(
        "Size of each shard's journal, in which small appends of all partitions become durable \
             together; at most a quarter of the shard's share of `millstream.memory`. Its files \
             are made when they are first needed.",
    ),
    Row::text("millstream.journal.sync", "dsync").one_of(&["dsync", "flush"]).doc(
        "How journal commits become durable: `dsync` with the write itself, `flush` by a flush \
             that follows and covers all commits written by then, so that acks=1 is answered \
             before it. Which is better depends on the device.",
    ),
    Row::bytes("millstream.memory", "512MiB").range(16 * MIB, LONG_MAX).doc(
        "The ceiling of the memory that grows with use, all shards together: blocks of the \
             buffer pool, requests, connections, fetch sessions. Each class has a share: a \
             request may take a quarter, rounded down to a power of two, and connections a \
             quarter; what is over a share waits in its socket or is refused with a line in the \
             log. `docs/memory.md` says who holds what, and what is outside: at most about 64 \
             MiB.",
    ),
    Row::boolean("millstream.pin", "true")
        .doc("Whether each shard's thread is pinned to a core of its own."),
    Row::text("millstream.poll", "adaptive").one_of(&["park", "adaptive", "busy"]).doc(
        "What an idle shard does: `park` sleeps at once, `adaptive` spins for \
             `millstream.poll.spin.us` first, `busy` never sleeps and holds its core.",
    ),
    Row::int("millstream.poll.spin.us", "20")
        .range(0, 10_000)
        .doc("How long an idle shard spins before it sleeps, with `millstream.poll=adaptive`."),
    Row::text("millstream.retention.clock", "broker")
        .one_of(&RETENTION_CLOCKS)
        .dynamic()
        .doc("Default of the topic key `millstream.retention.clock`."),
    Row::unset("millstream.shards", Kind::Int)
        .range(1, SHARDS_MAX as i64)
        .doc("Data threads, each with its own partitions. Unset: one per physical core."),
];
