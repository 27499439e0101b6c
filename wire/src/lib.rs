//! Kafka's wire protocol as values: primitives, messages, frames, record batches.
//!
//! Pure: no clock, no I/O, no threads, no `unsafe`. Everything under `gen/` is written by
//! `cargo xtask codegen` from `schema/`. Called by the engine, the broker and the client, on any
//! thread. Invariants: no byte sequence panics, decoding borrows from the frame and reserves
//! nothing from a number that the peer chose.

pub mod batch;
pub mod compress;
pub mod frame;
pub mod limits;

mod array;
mod element;
mod field;
mod log_record;
mod reader;
mod uuid;
mod writer;

#[path = "gen/api_key.rs"]
mod api_key;
#[path = "gen/error_code.rs"]
mod error_code;
#[path = "gen/messages/mod.rs"]
pub mod messages;
#[path = "gen/records/mod.rs"]
pub mod records;

pub use api_key::ApiKey;
pub use array::{Array, Iter};
pub use element::{Element, Form, Message};
pub use error_code::ErrorCode;
pub use field::{Records, Str};
pub use log_record::{RecordKey, RecordValue};
pub use reader::{DecodeError, Fault, Reader};
pub use uuid::{Uuid, UuidFault};
pub use writer::{Gap, Writer};
