//! What can be wrong with a setting, in a sentence that says what would be right.
//!
//! One enum for every caller: the command line prints it, the metadata decider turns it
//! into INVALID_CONFIG with this text. Secrets never appear: no honoured key holds one.

use std::fmt;

/// A setting that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFault {
    /// Neither Millstream nor Kafka has this key.
    Unknown { key: String, nearest: Option<&'static str> },
    /// Kafka has this key; Millstream does not honour it, so it must not seem to.
    NotHonoured { key: String },
    /// The value is not of the key's type or out of its bounds.
    Invalid { key: String, value: String, allowed: String },
    /// The key exists but changes only with a restart.
    ReadOnly { key: String },
    /// Two settings that do not go together.
    Conflict { message: String },
}

impl ConfigFault {
    /// The key that is at fault, where it is a single one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            ConfigFault::Unknown { key, .. }
            | ConfigFault::NotHonoured { key }
            | ConfigFault::Invalid { key, .. }
            | ConfigFault::ReadOnly { key } => Some(key),
            ConfigFault::Conflict { .. } => None,
        }
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigFault::Unknown { key, nearest: Some(nearest) } => {
                write!(f, "unknown key '{key}'; did you mean '{nearest}'?")
            }
            ConfigFault::Unknown { key, nearest: None } => write!(f, "unknown key '{key}'"),
            ConfigFault::NotHonoured { key } => {
                write!(f, "'{key}' is known to Kafka, not honoured by Millstream yet")
            }
            ConfigFault::Invalid { key, value, allowed } => {
                write!(f, "'{key}' cannot be '{value}': allowed is {allowed}")
            }
            ConfigFault::ReadOnly { key } => {
                write!(f, "'{key}' changes with a restart only; set it where the broker starts")
            }
            ConfigFault::Conflict { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for ConfigFault {}
