//! One record as text or JSON, and the records of Kafka's internal topics decoded.
//!
//! Bytes that are readable text appear as such, others in hexadecimal under a name that says
//! so. What an internal topic's record means comes from the wire crate's formats; a record
//! that they do not know stays bytes, with the reason beside it.

use std::fmt::{Debug, Write as _};
use std::path::Path;

use millstream_engine::group::Record as GroupRecord;
use millstream_wire::batch::Record;
use millstream_wire::records::{self, GroupLogKey, TransactionLogKey, control};
use millstream_wire::{DecodeError, Message as _, Reader, RecordValue};
use serde_json::{Map, Value, json};

use crate::cli::time;

/// Bytes of a key or value that a line shows.
const SHOWN_BYTES: usize = 120;

/// A record on its way out.
pub struct Shown<'a> {
    pub record: Record<'a>,
    pub decoded: Option<Value>,
}

impl Shown<'_> {
    pub fn line(&self, hex: bool, full: bool) -> String {
        let record = &self.record;
        let mut line = format!("      {:<10} {}", record.offset, time::show(record.timestamp));
        // Writing to a string cannot fail.
        let _ = match &self.decoded {
            Some(decoded) => write!(line, "  {decoded}"),
            None => {
                let limit = if full { usize::MAX } else { SHOWN_BYTES };
                let part = |bytes: Option<&[u8]>| shorten(&text(bytes, hex), limit);
                write!(line, "  key={}  value={}", part(record.key), part(record.value))
            }
        };
        for header in record.headers.iter() {
            let name = String::from_utf8_lossy(header.key);
            let _ = write!(line, "  {name}:{}", shorten(&text(header.value, hex), SHOWN_BYTES));
        }
        line
    }

    pub fn json(&self, hex: bool) -> Value {
        let record = &self.record;
        let mut object = Map::new();
        object.insert("offset".to_owned(), record.offset.into());
        object.insert("timestamp".to_owned(), record.timestamp.into());
        put(&mut object, "key", record.key, hex);
        put(&mut object, "value", record.value, hex);
        let headers = record.headers.iter().map(|header| {
            let mut one = Map::new();
            one.insert("key".to_owned(), String::from_utf8_lossy(header.key).into());
            put(&mut one, "value", header.value, hex);
            Value::Object(one)
        });
        object.insert("headers".to_owned(), headers.collect::<Vec<_>>().into());
        if let Some(decoded) = &self.decoded {
            object.insert("decoded".to_owned(), decoded.clone());
        }
        Value::Object(object)
    }
}

fn readable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r')).then_some(text)
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// `null`, `"text"`, or `0x…`.
fn text(bytes: Option<&[u8]>, hex: bool) -> String {
    match bytes.map(|bytes| (bytes, readable(bytes).filter(|_| !hex))) {
        None => "null".to_owned(),
        Some((_, Some(text))) => format!("{text:?}"),
        Some((bytes, None)) => format!("0x{}", hexadecimal(bytes)),
    }
}

fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
        None => text.to_owned(),
    }
}

fn put(object: &mut Map<String, Value>, name: &str, bytes: Option<&[u8]>, hex: bool) {
    match bytes.map(|bytes| (bytes, readable(bytes).filter(|_| !hex))) {
        None => object.insert(name.to_owned(), Value::Null),
        Some((_, Some(text))) => object.insert(name.to_owned(), text.into()),
        Some((bytes, None)) => object.insert(format!("{name}_hex"), hexadecimal(bytes).into()),
    };
}

/// What the records of a partition mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoder {
    Plain,
    ConsumerOffsets,
    TransactionState,
}

impl Decoder {
    /// By the name of the partition's directory.
    pub fn of(path: &Path) -> Decoder {
        let dir = path.canonicalize().ok();
        let dir = dir.as_deref().unwrap_or(path).parent().and_then(Path::file_name);
        match dir.and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('-')) {
            Some(("__consumer_offsets", _)) => Decoder::ConsumerOffsets,
            Some(("__transaction_state", _)) => Decoder::TransactionState,
            _ => Decoder::Plain,
        }
    }

    /// The meaning, or `None` for a record that is the producer's own business.
    pub fn decode(self, record: &Record<'_>, control: bool) -> Option<Value> {
        let key = record.key?;
        if control {
            return Some(marker(key, record.value));
        }
        match self {
            Decoder::Plain => None,
            Decoder::ConsumerOffsets => Some(group(key, record.value)),
            Decoder::TransactionState => Some(transaction(key, record.value)),
        }
    }
}

fn unknown(fault: &DecodeError) -> Value {
    json!({ "type": "unknown", "fault": fault.to_string() })
}

/// A control record: a transaction's end.
fn marker(key: &[u8], value: Option<&[u8]>) -> Value {
    let mut r = Reader::new(key);
    let kind = r.i16().and_then(|_version| r.i16());
    let epoch = value.and_then(|value| {
        let mut r = Reader::new(value);
        let version = r.i16().ok()?;
        control::EndTxnMarker::decode(&mut r, version).ok().map(|end| end.coordinator_epoch)
    });
    match kind {
        Ok(0) => json!({ "type": "abort", "coordinator_epoch": epoch }),
        Ok(1) => json!({ "type": "commit", "coordinator_epoch": epoch }),
        Ok(other) => json!({ "type": "control", "control_type": other }),
        Err(fault) => unknown(&fault),
    }
}

fn group(key: &[u8], value: Option<&[u8]>) -> Value {
    match GroupRecord::decode(key, value) {
        Ok(GroupRecord::Offset { group, topic, partition, value }) => json!({
            "type": "offset-commit",
            "group": &*group,
            "topic": &*topic,
            "partition": partition,
            "tombstone": value.is_none(),
            "offset": value.as_ref().map(|value| value.offset),
            "leader_epoch": value.as_ref().map(|value| value.leader_epoch),
            "metadata": value.as_ref().map(|value| value.metadata.to_string()),
            "commit_ms": value.as_ref().map(|value| value.commit_ms),
        }),
        Ok(GroupRecord::Group { group, value }) => json!({
            "type": "group-metadata",
            "group": &*group,
            "tombstone": value.is_none(),
            "generation": value.as_ref().map(|value| value.generation),
            "protocol_type": value.as_ref().map(|value| value.protocol_type.to_string()),
            "protocol": value.as_ref().and_then(|value| value.protocol.as_deref()),
            "leader": value.as_ref().and_then(|value| value.leader.as_deref()),
            "members": value.as_ref().map(|value| {
                let member = |member: &millstream_engine::group::MemberValue| json!({
                    "id": &*member.id,
                    "instance": member.instance.as_deref(),
                    "client_id": &*member.client_id,
                    "client_host": &*member.client_host,
                });
                value.members.iter().map(member).collect::<Vec<_>>()
            }),
        }),
        Ok(GroupRecord::Other) => other_group(key, value),
        Err(fault) => unknown(&fault.fault),
    }
}

/// Kinds that no coordinator of ours writes, in the generated types' own words.
fn other_group(key: &[u8], value: Option<&[u8]>) -> Value {
    let key = match GroupLogKey::from_bytes(key) {
        Ok(key) => key,
        Err(fault) => return unknown(&fault),
    };
    macro_rules! shown {
        ($($variant:ident: $module:ident),* $(,)?) => {
            match &key {
                $(GroupLogKey::$variant(body) => {
                    worded::<records::$module::Value<'_>>(stringify!($module), body, value)
                })*
                other => json!({ "type": "group-log", "key": format!("{other:?}") }),
            }
        };
    }
    shown! {
        ConsumerGroupMemberMetadata: consumer_group_member_metadata,
        ConsumerGroupCurrentMemberAssignment: consumer_group_current_member_assignment,
        ConsumerGroupTargetAssignmentMember: consumer_group_target_assignment_member,
        ShareGroupMemberMetadata: share_group_member_metadata,
        ShareGroupTargetAssignmentMember: share_group_target_assignment_member,
        StreamsGroupMemberMetadata: streams_group_member_metadata,
        StreamsGroupTopology: streams_group_topology,
    }
}

fn worded<'a, V: RecordValue<'a> + Debug>(
    kind: &str,
    key: &dyn Debug,
    value: Option<&'a [u8]>,
) -> Value {
    let value = match value.map(V::from_bytes) {
        None => Value::Null,
        Some(Ok((_, value))) => format!("{value:?}").into(),
        Some(Err(fault)) => fault.to_string().into(),
    };
    json!({ "type": kind.replace('_', "-"), "key": format!("{key:?}"), "value": value })
}

fn transaction(key: &[u8], value: Option<&[u8]>) -> Value {
    match TransactionLogKey::from_bytes(key) {
        Ok(TransactionLogKey::TransactionLog(body)) => {
            worded::<records::transaction_log::Value<'_>>("transaction-log", &body, value)
        }
        Err(fault) => unknown(&fault),
    }
}
