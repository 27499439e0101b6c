//! Which topic names are legal, which collide, and which are Kafka's own.
//!
//! '.' and '_' are the same character in metric names, so two topics that differ only
//! there would share their metrics; Kafka refuses the second, and so does this.

use millstream_wire::ErrorCode;

use crate::limits::TOPIC_NAME_BYTES_MAX;
use crate::refusal::Refusal;

/// The topic of group offsets and group metadata.
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";
/// The topic of transaction states.
pub const TRANSACTION_STATE: &str = "__transaction_state";
/// The topic of share group states.
pub const SHARE_GROUP_STATE: &str = "__share_group_state";
/// The metadata log's own name: not a topic, and never to be one.
pub const CLUSTER_METADATA: &str = "__cluster_metadata";

/// True for the topics that coordinators keep for themselves.
#[must_use]
pub fn is_internal(name: &str) -> bool {
    matches!(name, CONSUMER_OFFSETS | TRANSACTION_STATE | SHARE_GROUP_STATE)
}

/// Kafka's rule for topic names: 1 to 249 of `[a-zA-Z0-9._-]`, and neither `.` nor `..`.
///
/// # Errors
/// INVALID_TOPIC_EXCEPTION with the rule that the name breaks.
pub fn check_topic_name(name: &str) -> Result<(), Refusal> {
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let fault = match name {
        "" => "the empty string is not allowed".to_owned(),
        "." | ".." => "'.' or '..' is not allowed".to_owned(),
        _ if name.len() > TOPIC_NAME_BYTES_MAX => format!(
            "the length is {} and the longest allowed is {TOPIC_NAME_BYTES_MAX}",
            name.len()
        ),
        _ if !name.bytes().all(legal) => format!(
            "'{}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
            name.escape_debug()
        ),
        _ => return Ok(()),
    };
    Err(Refusal::because(
        ErrorCode::InvalidTopicException,
        format!("Topic name is invalid: {fault}"),
    ))
}

/// The form under which colliding names are equal; `None` when a name cannot collide.
#[must_use]
pub fn collision_key(name: &str) -> Option<String> {
    name.contains(['.', '_']).then(|| name.replace('.', "_"))
}
