//! What DescribeConfigs answers, and the change that IncrementalAlterConfigs asks for.
//!
//! Values only: the handler puts them into the wire's structs. Every row is listed, set or not,
//! and of a broker every other key that Kafka lists; the candidates of a key, strongest first,
//! are Kafka's "synonyms". Pure.

use std::collections::BTreeMap;

use super::broker::BrokerConfig;
use super::fault::ConfigFault;
use super::kafka_names::BROKER_KEYS;
use super::layers::{Candidate, Layers, Source};
use super::row::{Change, Kind, Row, items};
use super::{BROKER_ROWS, TOPIC_ROWS};

/// One key with its value in effect.
#[derive(Clone, Debug)]
pub struct Described {
    pub row: &'static Row,
    /// `None`: unset, and without a default.
    pub value: Option<String>,
    pub source: Source,
    pub read_only: bool,
    /// All values of the key, strongest first; the first is in effect.
    pub synonyms: Vec<Candidate>,
}

/// All keys of a topic with these overrides.
#[must_use]
pub fn describe_topic(
    overrides: &BTreeMap<String, String>,
    broker: &BrokerConfig,
) -> Vec<Described> {
    describe(TOPIC_ROWS, &broker.layers(Some(overrides)))
}

/// All keys of a broker: those of the rows, then what only Kafka honours.
#[must_use]
pub fn describe_broker(broker: &BrokerConfig) -> Vec<Described> {
    let layers = broker.layers(None);
    let mut all = describe(BROKER_ROWS, &layers);
    all.extend(BROKER_KEYS.iter().map(|row| describe_foreign(row, &layers)));
    all
}

/// All keys of a group or a client metrics subscription, of which `overrides` were set. `source`
/// says whose they are.
#[must_use]
pub fn describe_resource(
    rows: &'static [Row],
    overrides: &BTreeMap<String, String>,
    source: Source,
) -> Vec<Described> {
    let describe = |row: &'static Row| {
        let candidate = |name, value: &str, source| {
            let value = value.to_owned();
            Candidate { name, value, source, factor: 1 }
        };
        let own = overrides.get(row.name).map(|value| candidate(row.name, value, source));
        let broker = row.synonyms.first().map_or(row.name, |broker| broker.name);
        let default = row.default.map(|value| candidate(broker, value, Source::Default));
        let synonyms: Vec<_> = own.into_iter().chain(default).collect();
        let (value, source) = match synonyms.first() {
            Some(strongest) => (Some(strongest.value.clone()), strongest.source),
            None => (None, Source::Default),
        };
        Described { row, value, source, read_only: false, synonyms }
    };
    rows.iter().map(describe).collect()
}

/// A key without effect shows Kafka's default; an older name of a key shows that key's value.
fn describe_foreign(row: &'static Row, layers: &Layers<'_>) -> Described {
    let is_older_name = |known: &&Row| known.synonyms.iter().any(|older| older.name == row.name);
    let (value, source) = match BROKER_ROWS.iter().find(is_older_name) {
        Some(known) => layers.effective(known),
        None => (row.default.map(str::to_owned), Source::Default),
    };
    let candidate = |value: &String| {
        let (name, value) = (row.name, value.clone());
        Candidate { name, value, source, factor: 1 }
    };
    let synonyms = value.iter().map(candidate).collect();
    Described { row, value, source, read_only: true, synonyms }
}

fn describe(rows: &'static [Row], layers: &Layers<'_>) -> Vec<Described> {
    rows.iter()
        .map(|row| {
            let (value, source) = layers.effective(row);
            let read_only = row.change == Change::Restart;
            Described { row, value, source, read_only, synonyms: layers.candidates(row) }
        })
        .collect()
}

/// An operation of IncrementalAlterConfigs (KIP-339), with its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterOp {
    Set,
    Delete,
    Append,
    Subtract,
}

impl AlterOp {
    #[must_use]
    pub fn from_code(code: i8) -> Option<AlterOp> {
        match code {
            0 => Some(AlterOp::Set),
            1 => Some(AlterOp::Delete),
            2 => Some(AlterOp::Append),
            3 => Some(AlterOp::Subtract),
            _ => None,
        }
    }
}

/// The new override of `row` after an operation; `None` removes the override.
/// `current` is the value in effect, which APPEND and SUBTRACT start from.
///
/// # Errors
/// A missing or bad value, or APPEND and SUBTRACT on a key that is no list.
pub fn altered(
    row: &Row,
    op: AlterOp,
    current: Option<&str>,
    value: Option<&str>,
) -> Result<Option<String>, ConfigFault> {
    if op == AlterOp::Delete {
        return Ok(None);
    }
    let value = value.ok_or_else(|| ConfigFault::Invalid {
        key: row.name.to_owned(),
        value: "null".to_owned(),
        allowed: row.describe_allowed(),
    })?;
    let text = match op {
        AlterOp::Set | AlterOp::Delete => value.to_owned(),
        AlterOp::Append | AlterOp::Subtract if row.kind != Kind::List => {
            return Err(ConfigFault::Conflict {
                message: format!("'{}' is no list: APPEND and SUBTRACT need one", row.name),
            });
        }
        AlterOp::Append => {
            let mut list: Vec<&str> = items(current.unwrap_or_default()).collect();
            list.extend(
                items(value)
                    .filter(|item| !items(current.unwrap_or_default()).any(|has| has == *item)),
            );
            list.join(",")
        }
        AlterOp::Subtract => {
            let gone = |item: &str| items(value).any(|one| one == item);
            let left: Vec<&str> =
                items(current.unwrap_or_default()).filter(|item| !gone(item)).collect();
            left.join(",")
        }
    };
    row.parse(&text)?;
    Ok(Some(text))
}
