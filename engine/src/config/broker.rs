//! The broker's settings, typed: dynamic values over static ones over the defaults.
//!
//! Made once at start from the static settings, and again whenever the metadata image
//! brings other dynamic ones; shared by `Arc`. It keeps the texts as they were set, because
//! DescribeConfigs shows them and topics resolve over them. Immutable once made.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::fault::ConfigFault;
use super::layers::{Layers, ppm_of, u32_of, u64_of};
use super::listener::{self, HostPort, Listener, ListenerKeys};
use super::row::Change;
use super::{broker_row, topic::TopicConfig};
use crate::ids::BrokerId;

/// What an idle shard does (`millstream.poll`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    Park,
    Adaptive { spin_us: u32 },
    Busy,
}

/// How the cleaners of all shards together may work (`log.cleaner.*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanerConfig {
    /// `log.cleaner.enable`, and at least one of `log.cleaner.threads`.
    pub enable: bool,
    pub backoff_ms: u64,
    pub dedupe_buffer_bytes: u64,
    /// How full a key map may get, in millionths.
    pub load_factor_ppm: u32,
    pub io_buffer_bytes: u32,
    /// `None`: as fast as the device and the other tasks allow.
    pub io_bytes_per_second_max: Option<u64>,
}

/// The settings of one broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerConfig {
    pub node_id: BrokerId,
    pub broker_rack: Option<String>,
    pub listeners: Vec<Listener>,
    /// Empty: every client is told the address that it dialled.
    pub advertised_listeners: Vec<Listener>,
    pub log_dir: PathBuf,
    pub num_partitions: u32,
    pub default_replication_factor: u32,
    pub auto_create_topics_enable: bool,
    pub delete_topic_enable: bool,
    pub log_cleaner: CleanerConfig,
    pub log_retention_check_interval_ms: u64,
    pub socket_request_max_bytes: u32,
    pub max_connections: u32,
    /// `None`: idle connections stay.
    pub connections_max_idle_ms: Option<u64>,
    pub fetch_max_bytes: u32,
    pub max_incremental_fetch_session_cache_slots: u32,
    pub group_initial_rebalance_delay_ms: u32,
    pub group_min_session_timeout_ms: u32,
    pub group_max_session_timeout_ms: u32,
    pub group_max_size: u32,
    pub offsets_topic_num_partitions: u32,
    pub offsets_retention_minutes: u32,
    pub offset_metadata_max_bytes: u32,
    pub producer_id_expiration_ms: u64,
    /// `None`: one per physical core.
    pub shards: Option<u16>,
    pub pin: bool,
    pub poll: Poll,
    pub memory_bytes: u64,
    /// Size of each shard's journal.
    pub journal_bytes: u64,
    /// Journal commits are flushed after the write, not by it.
    pub journal_flushes: bool,
    /// `None`: no admin port.
    pub admin_listener: Option<HostPort>,
    statics: BTreeMap<String, String>,
    dynamics: BTreeMap<String, String>,
}

/// A broker's settings, and the keys that were left out because nobody reads them.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub config: BrokerConfig,
    pub ignored: Vec<ConfigFault>,
}

impl BrokerConfig {
    /// Reads the static settings. Unknown keys are listed, not refused, as Kafka does.
    ///
    /// # Errors
    /// Every value that cannot be, so that one start shows all of them.
    pub fn resolve(statics: &BTreeMap<String, String>) -> Result<Resolved, Vec<ConfigFault>> {
        let mut kept = BTreeMap::new();
        let (mut ignored, mut faults) = (Vec::new(), Vec::new());
        for (key, value) in statics {
            match broker_row(key) {
                Err(unknown) => ignored.push(unknown),
                Ok(row) => match row.parse(value) {
                    Err(fault) => faults.push(fault),
                    Ok(_) => drop(kept.insert(key.clone(), value.clone())),
                },
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let config = BrokerConfig::typed(kept, BTreeMap::new()).map_err(|fault| vec![fault])?;
        Ok(Resolved { config, ignored })
    }

    /// The same broker with other dynamic settings.
    ///
    /// # Errors
    /// The first dynamic setting that is unknown, needs a restart or is out of bounds.
    pub fn with_dynamics(
        &self,
        dynamics: &BTreeMap<String, String>,
    ) -> Result<BrokerConfig, ConfigFault> {
        for (key, value) in dynamics {
            let row = broker_row(key)?;
            if row.change != Change::Dynamic {
                return Err(ConfigFault::ReadOnly { key: key.clone() });
            }
            row.parse(value)?;
        }
        BrokerConfig::typed(self.statics.clone(), dynamics.clone())
    }

    /// The settings of a topic without overrides on this broker.
    #[must_use]
    pub fn topic_defaults(&self) -> TopicConfig {
        TopicConfig::resolve(&BTreeMap::new(), self).expect("no override, none that is wrong")
    }

    pub(super) fn layers<'a>(&'a self, topic: Option<&'a BTreeMap<String, String>>) -> Layers<'a> {
        Layers { topic, dynamics: &self.dynamics, statics: &self.statics }
    }

    fn typed(
        statics: BTreeMap<String, String>,
        dynamics: BTreeMap<String, String>,
    ) -> Result<BrokerConfig, ConfigFault> {
        let layers = Layers { topic: None, dynamics: &dynamics, statics: &statics };
        let (listeners, advertised_listeners) = listeners(&layers)?;
        let int = |name: &str| u32_of(number(&layers, name));
        let config = BrokerConfig {
            node_id: BrokerId(i32::try_from(number(&layers, "node.id")).unwrap_or(i32::MAX)),
            broker_rack: layers.text("broker.rack").filter(|rack| !rack.is_empty()),
            listeners,
            advertised_listeners,
            log_dir: PathBuf::from(layers.text("log.dirs").unwrap_or_default()),
            num_partitions: int("num.partitions"),
            default_replication_factor: int("default.replication.factor"),
            auto_create_topics_enable: layers.boolean("auto.create.topics.enable"),
            delete_topic_enable: layers.boolean("delete.topic.enable"),
            log_cleaner: cleaner(&layers),
            log_retention_check_interval_ms: u64_of(number(
                &layers,
                "log.retention.check.interval.ms",
            )),
            socket_request_max_bytes: int("socket.request.max.bytes"),
            max_connections: int("max.connections"),
            connections_max_idle_ms: u64::try_from(number(&layers, "connections.max.idle.ms")).ok(),
            fetch_max_bytes: int("fetch.max.bytes"),
            max_incremental_fetch_session_cache_slots: int(
                "max.incremental.fetch.session.cache.slots",
            ),
            group_initial_rebalance_delay_ms: int("group.initial.rebalance.delay.ms"),
            group_min_session_timeout_ms: int("group.min.session.timeout.ms"),
            group_max_session_timeout_ms: int("group.max.session.timeout.ms"),
            group_max_size: int("group.max.size"),
            offsets_topic_num_partitions: int("offsets.topic.num.partitions"),
            offsets_retention_minutes: int("offsets.retention.minutes"),
            offset_metadata_max_bytes: int("offset.metadata.max.bytes"),
            producer_id_expiration_ms: u64_of(number(&layers, "producer.id.expiration.ms")),
            shards: layers.number("millstream.shards").and_then(|n| u16::try_from(n).ok()),
            pin: layers.boolean("millstream.pin"),
            poll: poll(&layers),
            memory_bytes: u64_of(number(&layers, "millstream.memory")),
            journal_bytes: u64_of(number(&layers, "millstream.journal.bytes")),
            journal_flushes: layers.text("millstream.journal.sync").as_deref() == Some("flush"),
            admin_listener: layers
                .text("millstream.admin.listener")
                .and_then(|text| HostPort::parse(&text)),
            statics: BTreeMap::new(),
            dynamics: BTreeMap::new(),
        };
        let config = BrokerConfig { statics, dynamics, ..config };
        config.check_together()?;
        Ok(config)
    }

    fn check_together(&self) -> Result<(), ConfigFault> {
        if self.group_min_session_timeout_ms > self.group_max_session_timeout_ms {
            return Err(ConfigFault::Conflict {
                message: format!(
                    "'group.min.session.timeout.ms' ({}) must not be greater than \
                     'group.max.session.timeout.ms' ({})",
                    self.group_min_session_timeout_ms, self.group_max_session_timeout_ms
                ),
            });
        }
        if self.log_dir.as_os_str().is_empty() {
            return Err(ConfigFault::Conflict {
                message: "'log.dirs' is empty: name a directory for the data".into(),
            });
        }
        Ok(())
    }
}

impl Default for BrokerConfig {
    /// A broker that nobody has set anything for.
    fn default() -> Self {
        BrokerConfig::typed(BTreeMap::new(), BTreeMap::new()).expect("a test resolves the defaults")
    }
}

fn number(layers: &Layers<'_>, name: &str) -> i64 {
    layers.number(name).expect("a row with a default, and values were parsed")
}

fn cleaner(layers: &Layers<'_>) -> CleanerConfig {
    let rate: Option<f64> =
        layers.text("log.cleaner.io.max.bytes.per.second").and_then(|text| text.parse().ok());
    CleanerConfig {
        enable: layers.boolean("log.cleaner.enable") && number(layers, "log.cleaner.threads") > 0,
        backoff_ms: u64_of(number(layers, "log.cleaner.backoff.ms")),
        dedupe_buffer_bytes: u64_of(number(layers, "log.cleaner.dedupe.buffer.size")),
        load_factor_ppm: ppm_of(layers, "log.cleaner.io.buffer.load.factor"),
        io_buffer_bytes: u32_of(number(layers, "log.cleaner.io.buffer.size")),
        io_bytes_per_second_max: rate.filter(|rate| *rate < 1e15).map(|rate| rate.max(1.0) as u64),
    }
}

fn listeners(layers: &Layers<'_>) -> Result<(Vec<Listener>, Vec<Listener>), ConfigFault> {
    let text = |name: &str| layers.text(name).unwrap_or_default();
    let (listeners, advertised) = (text("listeners"), text("advertised.listeners"));
    let protocols = text("listener.security.protocol.map");
    let controller = text("controller.listener.names");
    listener::resolve(ListenerKeys {
        listeners: &listeners,
        advertised: &advertised,
        protocols: &protocols,
        controller: &controller,
    })
}

fn poll(layers: &Layers<'_>) -> Poll {
    match layers.text("millstream.poll").as_deref() {
        Some("park") => Poll::Park,
        Some("busy") => Poll::Busy,
        _ => Poll::Adaptive { spin_us: u32_of(number(layers, "millstream.poll.spin.us")) },
    }
}
