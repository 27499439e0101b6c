//! The protocol refusals of this crate's deciders, and their one mapping to error codes.
//!
//! A handler never writes an error code by hand: it returns a `Refusal`. The message goes
//! to the client where the response has a field for one.

use millstream_wire::ErrorCode;

/// Why a request was refused: Kafka's error code and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: ErrorCode,
    message: Option<String>,
}

impl Refusal {
    /// A refusal that the code alone explains.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Refusal { code, message: None }
    }

    /// A refusal with a sentence that says what was wrong and what would be right.
    #[must_use]
    pub fn because(code: ErrorCode, message: impl Into<String>) -> Self {
        Refusal { code, message: Some(message.into()) }
    }

    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}
