//! Settings from environment variables.
//!
//! A variable is a setting when its name is a key as it stands (`num.partitions`), or the
//! key in upper case with `_` for `.` after `KAFKA_` or `MILLSTREAM_`. Other variables with
//! these prefixes are everyday (`KAFKA_HEAP_OPTS`), so only a near miss is passed on to be
//! warned about.

use millstream_engine::config::{BROKER_ROWS, ConfigFault, Row, broker_row};

/// Variables of ours that are no broker keys.
const NOT_KEYS: [&str; 2] = ["MILLSTREAM_LOG", "MILLSTREAM_BOOTSTRAP"];

/// The settings among the variables, as (variable, key, value), ordered by variable.
pub fn settings(environment: &[(String, String)]) -> Vec<(String, String, String)> {
    let mut found: Vec<_> = environment
        .iter()
        .filter_map(|(name, value)| {
            key_of(name).map(|key| (format!("environment {name}"), key, value.clone()))
        })
        .collect();
    found.sort();
    found
}

fn key_of(variable: &str) -> Option<String> {
    if let Some(row) = BROKER_ROWS.iter().find(|row| row.name == variable) {
        return Some(row.name.to_owned());
    }
    if NOT_KEYS.contains(&variable) {
        return None;
    }
    let bare = variable.strip_prefix("KAFKA_").or_else(|| variable.strip_prefix("MILLSTREAM_"))?;
    let named = |row: &&Row| upper(row.name) == variable || upper(row.name) == bare;
    if let Some(row) = BROKER_ROWS.iter().find(named) {
        return Some(row.name.to_owned());
    }
    let key = if variable.starts_with("MILLSTREAM_") { variable } else { bare };
    let key = key.to_ascii_lowercase().replace('_', ".");
    match broker_row(&key) {
        Err(ConfigFault::Unknown { nearest: None, .. }) => None,
        Ok(_) | Err(_) => Some(key),
    }
}

fn upper(key: &str) -> String {
    key.to_ascii_uppercase().replace('.', "_")
}
