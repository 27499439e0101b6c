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
    records: Vec<RecordRefusal>,
}

/// One record of a refused batch (KIP-467).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRefusal {
    /// Its place in the batch, from 0.
    pub index: u32,
    pub message: String,
}

impl Refusal {
    /// A refusal that the code alone explains.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Refusal { code, message: None, records: Vec::new() }
    }

    /// A refusal with a sentence that says what was wrong and what would be right.
    #[must_use]
    pub fn because(code: ErrorCode, message: impl Into<String>) -> Self {
        Refusal { code, message: Some(message.into()), records: Vec::new() }
    }

    /// The same, for these records of the batch.
    #[must_use]
    pub fn naming(self, records: Vec<RecordRefusal>) -> Self {
        Refusal { records, ..self }
    }

    /// Names no more records than this.
    pub fn name_at_most(&mut self, records_max: usize) {
        self.records.truncate(records_max);
    }

    /// The records at fault, in their order; none where the whole batch is, or nobody looked.
    #[must_use]
    pub fn records(&self) -> &[RecordRefusal] {
        &self.records
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
