//! What can go wrong between a command and a broker, in sentences that say what to do.
//!
//! A fault keeps the values that its reader will ask for: which address, which topic, which
//! of Kafka's error codes. Whether trying again can help is decided here, once.

use std::fmt;
use std::io;

use millstream_wire::{ApiKey, DecodeError, ErrorCode};

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Fault {
    /// No connection to any of the addresses.
    Connect { at: String, cause: io::Error },
    /// The connection broke, or the broker closed it.
    Lost { at: String, cause: io::Error },
    /// The broker does not serve this request in a version that we speak.
    Unsupported { at: String, api: ApiKey },
    /// An answer that is not what the protocol says.
    Malformed { at: String, detail: String },
    /// The broker said no.
    Refused { what: String, code: ErrorCode, message: Option<String> },
    /// What was asked for cannot be, by our own check.
    Impossible(String),
    /// Reading input or writing output failed.
    Io { what: String, cause: io::Error },
}

impl Fault {
    /// A refusal from a response's code; `Ok` when the code is none.
    pub fn check(code: i16, what: impl FnOnce() -> String) -> Result<(), Fault> {
        Fault::check_with(code, None, what)
    }

    /// A refusal with the broker's own words.
    pub fn check_with(
        code: i16,
        message: Option<&str>,
        what: impl FnOnce() -> String,
    ) -> Result<(), Fault> {
        match ErrorCode::from_code(code).unwrap_or(ErrorCode::UnknownServerError) {
            ErrorCode::None => Ok(()),
            code => Err(Fault::Refused { what: what(), code, message: message.map(str::to_owned) }),
        }
    }

    pub fn malformed(at: &str, error: DecodeError) -> Fault {
        Fault::Malformed { at: at.to_owned(), detail: error.to_string() }
    }

    /// The protocol error, where the broker gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Fault::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether the same request may succeed a moment later.
    pub fn is_retriable(&self) -> bool {
        match self {
            Fault::Refused { code, .. } => code.is_retriable(),
            Fault::Lost { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Connect { at, cause } if cause.kind() == io::ErrorKind::ConnectionRefused => {
                write!(
                    f,
                    "nothing listens at {at}; is a broker running there? \
                     start one with `millstream serve`, or name another with --bootstrap host:port"
                )
            }
            Fault::Connect { at, cause } => {
                write!(f, "cannot reach {at}: {cause}; name the broker with --bootstrap host:port")
            }
            Fault::Lost { at, cause } if is_timeout(cause) => {
                write!(f, "no answer from {at} in time; is the broker overloaded or stopped?")
            }
            Fault::Lost { at, cause } if cause.kind() == io::ErrorKind::UnexpectedEof => write!(
                f,
                "{at} closed the connection; is it a Kafka port? The broker's log says why"
            ),
            Fault::Lost { at, cause } => {
                write!(f, "lost the connection to {at}: {cause}; is the broker still up?")
            }
            Fault::Unsupported { at, api } => write!(
                f,
                "the broker at {at} does not serve {} in a version that this command speaks",
                api.name()
            ),
            Fault::Malformed { at, detail } => {
                write!(f, "{at} gave an answer that is not Kafka's protocol: {detail}")
            }
            Fault::Refused { what, code, message } => {
                write!(f, "{what}: {}", code.name())?;
                if let Some(message) = message.as_deref().filter(|text| !text.is_empty()) {
                    write!(f, " ({message})")?;
                }
                hint(*code).map_or(Ok(()), |hint| write!(f, "; {hint}"))
            }
            Fault::Impossible(reason) => f.write_str(reason),
            Fault::Io { what, cause } => write!(f, "{what}: {cause}"),
        }
    }
}

impl std::error::Error for Fault {}

fn is_timeout(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// What to do about a refusal, where that is not plain from its name.
fn hint(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::UnknownTopicOrPartition => {
            Some("see `millstream topic list`, or make it with `millstream topic create`")
        }
        ErrorCode::TopicAlreadyExists => {
            Some("see `millstream topic describe`, or use --if-not-exists")
        }
        ErrorCode::GroupIdNotFound => Some("see `millstream group list`"),
        ErrorCode::NonEmptyGroup => Some("stop the group's consumers first"),
        ErrorCode::MessageTooLarge => {
            Some("raise the topic's max.message.bytes with `millstream topic alter`")
        }
        ErrorCode::TopicDeletionDisabled => {
            Some("start the broker with delete.topic.enable=true to allow it")
        }
        ErrorCode::InvalidReplicationFactor => Some("a single node holds one replica"),
        _ => None,
    }
}
