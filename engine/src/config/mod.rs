//! Configuration: one row per key, and the typed settings that are resolved from rows.
//!
//! `BrokerConfig` and `TopicConfig` are what the rest of the broker reads. The rows also
//! give DescribeConfigs its answers and `docs/configs.md` its text. Pure: files, environment
//! and command line are read by the shell (`src/config`). A key without a row is unknown,
//! and the nearest known name is part of that answer.

mod broker;
mod broker_rows;
mod describe;
mod docs;
mod fault;
mod kafka_names;
mod layers;
mod listener;
mod resource_rows;
mod row;
mod size;
mod topic;
mod topic_rows;

#[cfg(test)]
mod tests;

pub use broker::{BrokerConfig, CleanerConfig, Poll, Resolved};
pub use broker_rows::BROKER_ROWS;
pub use describe::{
    AlterOp, Described, altered, describe_broker, describe_resource, describe_topic,
};
pub use docs::configs_page;
pub use fault::ConfigFault;
pub use layers::{Candidate, Source};
pub use listener::{HostPort, Listener};
pub use resource_rows::{CLIENT_METRICS_ROWS, GROUP_ROWS};
pub use row::{Allowed, Change, Kind, Row, Scope, Synonym, Value};
pub use size::{parse_bytes, show_bytes};
pub use topic::{CleanupPolicy, RetentionClock, TimestampType, TopicConfig};
pub use topic_rows::{TOPIC_KEYS_WITHOUT_EFFECT, TOPIC_ROWS};

/// Below this likeness (0 to 1) a suggestion would confuse rather than help.
const LIKENESS_MIN: f64 = 0.75;

/// The row of a broker key, under its own name or that of a synonym without a row.
///
/// # Errors
/// `NotHonoured` or `Unknown`, with the nearest name.
pub fn broker_row(key: &str) -> Result<&'static Row, ConfigFault> {
    let listed = kafka_names::BROKER_KEYS.iter().map(|row| row.name);
    find(BROKER_ROWS, listed.chain(kafka_names::HIDDEN_BROKER_KEYS.iter().copied()), key)
}

/// The row of a topic key.
///
/// # Errors
/// `NotHonoured` or `Unknown`, with the nearest name.
pub fn topic_row(key: &str) -> Result<&'static Row, ConfigFault> {
    find(TOPIC_ROWS, kafka_names::TOPIC_KEYS.iter().copied(), key)
}

/// The row of a key of a group.
///
/// # Errors
/// `Unknown`, with the nearest name.
pub fn group_row(key: &str) -> Result<&'static Row, ConfigFault> {
    find(GROUP_ROWS, std::iter::empty(), key)
}

/// The row of a key of a client metrics subscription.
///
/// # Errors
/// `Unknown`, with the nearest name.
pub fn client_metrics_row(key: &str) -> Result<&'static Row, ConfigFault> {
    find(CLIENT_METRICS_ROWS, std::iter::empty(), key)
}

fn find(
    rows: &'static [Row],
    mut kafkas: impl Iterator<Item = &'static str>,
    key: &str,
) -> Result<&'static Row, ConfigFault> {
    if let Some(row) = rows.iter().find(|row| row.name == key) {
        return Ok(row);
    }
    let alias = |row: &&Row| {
        row.scope == Scope::Broker && row.synonyms.iter().any(|synonym| synonym.name == key)
    };
    if let Some(row) = rows.iter().find(alias) {
        return Ok(row);
    }
    if kafkas.any(|kafkas| kafkas == key) {
        return Err(ConfigFault::NotHonoured { key: key.to_owned() });
    }
    Err(ConfigFault::Unknown { key: key.to_owned(), nearest: nearest(rows, key) })
}

/// The known name that a misspelt one most likely means.
fn nearest(rows: &'static [Row], key: &str) -> Option<&'static str> {
    rows.iter()
        .map(|row| (strsim::normalized_damerau_levenshtein(row.name, key), row.name))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
