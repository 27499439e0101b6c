//! Everything that ends a run. A run either measures what it says or stops with one of these:
//! no error is counted and passed over, so a report never hides a failed request.
//! `cli` prints them; `compare` also writes them into its results.

use std::fmt;
use std::io;

use millstream_wire::ErrorCode;

#[derive(Debug)]
pub enum Fault {
    /// The operating system refused something of ours or of the connection.
    Io { doing: String, source: io::Error },
    /// The broker answered with an error code.
    Refused { api: &'static str, at: String, code: i16 },
    /// The broker's bytes are not what the protocol says.
    Protocol(String),
    /// The broker did not do it in time.
    Late { what: String, waited_ms: u64 },
    /// The run's own numbers do not add up (for example acknowledged against stored records).
    Mismatch(String),
    /// What was asked for cannot be run.
    Usage(String),
}

impl Fault {
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Fault {
        let doing = doing.into();
        move |source| Fault::Io { doing, source }
    }

    pub fn os(doing: impl Into<String>) -> impl FnOnce(rustix::io::Errno) -> Fault {
        let doing = doing.into();
        move |errno| Fault::Io { doing, source: errno.into() }
    }

    /// `Ok` for code 0, else the refusal with its name.
    pub fn check(api: &'static str, at: impl fmt::Display, code: i16) -> Result<(), Fault> {
        match code {
            0 => Ok(()),
            _ => Err(Fault::Refused { api, at: at.to_string(), code }),
        }
    }

    /// Connection-level trouble and retriable refusals: worth another try while a broker starts.
    pub fn is_passing(&self) -> bool {
        match self {
            Fault::Io { .. } | Fault::Late { .. } => true,
            Fault::Refused { code, .. } => {
                ErrorCode::from_code(*code).is_some_and(|code| code.is_retriable())
            }
            Fault::Protocol(_) | Fault::Mismatch(_) | Fault::Usage(_) => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io { doing, source } => write!(f, "{doing}: {source}"),
            Fault::Refused { api, at, code } => {
                let name = ErrorCode::from_code(*code).map_or("unknown code", |code| code.name());
                write!(f, "{api} {at}: the broker answered {name} ({code})")
            }
            Fault::Protocol(what) => write!(f, "unexpected bytes from the broker: {what}"),
            Fault::Late { what, waited_ms } => write!(f, "{what}: nothing after {waited_ms} ms"),
            Fault::Mismatch(what) => write!(f, "the run does not add up: {what}"),
            Fault::Usage(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Fault {}
