//! The text of `records/`: what Kafka keeps in its internal logs, and the consumer protocol.

use std::fmt::Write;

use super::model::Struct;
use super::schema::{Body, RecordFile, Single};
use super::{model, names, structs};

/// One file of `schema/records`: its module's name and text.
pub fn module(file: &str, parsed: &RecordFile) -> Result<(String, String), String> {
    let all = model::structs(&bodies(parsed))?;
    let mut tail = String::new();
    let module = match parsed {
        RecordFile::Keyed { record_type, name, .. } => {
            let newest = parsed.newest_value();
            let _ = writeln!(tail, "impl<'a> crate::RecordKey<'a> for {} {{", typed(&all, "Key"));
            let _ = writeln!(tail, "const TYPE: i16 = {record_type};\n}}\n");
            let _ =
                writeln!(tail, "impl<'a> crate::RecordValue<'a> for {} {{", typed(&all, "Value"));
            let _ = writeln!(tail, "const NEWEST: i16 = {newest};\n}}\n");
            names::snake(name)
        }
        RecordFile::Messages(messages) => {
            tail = match file {
                "metadata" => framed("MetadataRecord", messages, &all)?,
                "remote-log-metadata" => framed("RemoteLogRecord", messages, &all)?,
                "consumer-protocol" | "principal" => versioned(messages, &all, |_| true),
                "control" => versioned(messages, &all, |m| !starts_with_version(m)),
                _ => String::new(),
            };
            file.replace('-', "_")
        }
    };
    let mut out = structs::imports(&all);
    structs::emit(&mut out, &all);
    out.push_str(&tail);
    Ok((module, out))
}

/// The bodies of a file with the names of their structs.
pub fn bodies(file: &RecordFile) -> Vec<(&str, &Body)> {
    match file {
        RecordFile::Keyed { key, value, .. } => vec![("Key", key), ("Value", value)],
        RecordFile::Messages(messages) => {
            messages.iter().map(|m| (m.name.as_str(), &m.body)).collect()
        }
    }
}

/// A struct's name with its lifetime.
fn typed(all: &[Struct], name: &str) -> String {
    all.iter().find(|item| item.name == name).map(Struct::typed).unwrap_or_default()
}

fn starts_with_version(message: &Single) -> bool {
    message.body.fields.first().is_some_and(|field| field.name == "version")
}

/// An i16 version in front of the body.
fn versioned(messages: &[Single], all: &[Struct], holds: fn(&Single) -> bool) -> String {
    let mut out = String::new();
    for message in messages.iter().filter(|message| holds(message)) {
        let typed = typed(all, &message.name);
        let _ = writeln!(out, "impl<'a> crate::RecordValue<'a> for {typed} {{");
        let _ = writeln!(out, "const NEWEST: i16 = {};\n}}\n", message.body.versions.end());
    }
    out
}

/// A record of a log whose values say their type and version themselves.
struct Row<'t> {
    record_type: i16,
    variant: &'t str,
    name: &'t str,
    typed: String,
    newest: i16,
}

/// The enum over all records of such a log.
fn framed(name: &str, messages: &[Single], all: &[Struct]) -> Result<String, String> {
    let mut rows = Vec::new();
    for message in messages {
        rows.push(Row {
            record_type: message.record_type.ok_or("a framed record has a type")?,
            variant: message.name.trim_end_matches("Record"),
            name: &message.name,
            typed: typed(all, &message.name),
            newest: *message.body.versions.end(),
        });
    }
    let mut out = String::from("/// Any record of this log.\n#[derive(Debug, Clone, PartialEq)]\n");
    let _ = writeln!(out, "pub enum {name}<'a> {{");
    for row in &rows {
        let _ = writeln!(out, "{}({}),", row.variant, row.typed);
    }
    let _ = writeln!(out, "}}\n\nimpl<'a> {name}<'a> {{");
    out.push_str("pub const fn record_type(&self) -> i16 {\nmatch self {\n");
    for row in &rows {
        let _ = writeln!(out, "Self::{}(_) => {},", row.variant, row.record_type);
    }
    out.push_str("}\n}\n\n/// The newest version of this record's type.\n");
    out.push_str("pub const fn newest(&self) -> i16 {\nmatch self {\n");
    for row in &rows {
        let _ = writeln!(out, "Self::{}(_) => {},", row.variant, row.newest);
    }
    out.push_str("}\n}\n\n");
    framed_bytes(&mut out, &rows);
    for row in &rows {
        let _ = writeln!(out, "impl<'a> From<{}> for {name}<'a> {{", row.typed);
        let _ = writeln!(out, "fn from(record: {}) -> Self {{", row.typed);
        let _ = writeln!(out, "Self::{}(record)\n}}\n}}\n", row.variant);
    }
    Ok(out)
}

fn framed_bytes(out: &mut String, rows: &[Row<'_>]) {
    out.push_str(
        "/// Reads the frame (uvarint 1, type, version) and the body up to the last byte.\n\
         pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {\n\
         let (mut r, record_type, v) = crate::log_record::framed(bytes)?;\n\
         let record = match record_type {\n",
    );
    for Row { record_type, variant, name, .. } in rows {
        let _ = writeln!(out, "{record_type} => Self::{variant}({name}::decode(&mut r, v)?),");
    }
    out.push_str(
        "_ => return Err(r.error(Fault::RecordType { record_type: i32::from(record_type) })),\n};\n\
         r.finish()?;\nOk(record)\n}\n\n\
         /// Writes the frame and the body.\n\
         pub fn to_bytes(&self, version: i16) -> bytes::Bytes {\n\
         let mut w = crate::log_record::frame(self.record_type(), version);\nmatch self {\n",
    );
    for row in rows {
        let _ = writeln!(out, "Self::{}(record) => record.encode(&mut w, version),", row.variant);
    }
    out.push_str("}\nw.into_bytes()\n}\n}\n\n");
}

/// `records/mod.rs`: the modules, and per coordinator log an enum over its keys.
pub fn list(modules: &[(String, RecordFile)]) -> String {
    let mut out = String::from(
        "//! What Kafka keeps in its internal logs, and the consumer protocol.\n//!\n\
         //! Coordinator logs: `Key` starts with its type (`RecordKey`), `Value` with its\n\
         //! version (`RecordValue`). Metadata and remote-log records say type and version in a\n\
         //! frame of their own. `GroupLogKey` and its siblings tell a log's keys apart.\n\n\
         // Keys of one log differ in size; they live on the stack of a replay loop.\n\
         #![allow(clippy::large_enum_variant)]\n\n",
    );
    let mut sorted: Vec<&str> = modules.iter().map(|(module, _)| module.as_str()).collect();
    sorted.sort_unstable();
    for module in sorted {
        let _ = writeln!(out, "pub mod {module};");
    }
    out.push_str("\nuse crate::{DecodeError, Fault, Reader, RecordKey};\n\n");
    for log in ["group", "transaction", "share"] {
        keys_of_log(&mut out, log, modules);
    }
    out
}

fn keys_of_log(out: &mut String, log: &str, modules: &[(String, RecordFile)]) {
    let rows: Vec<(&str, &str)> = modules
        .iter()
        .filter_map(|(module, file)| match file {
            RecordFile::Keyed { name, log: of, .. } if of == log => {
                Some((module.as_str(), name.as_str()))
            }
            _ => None,
        })
        .collect();
    let name = format!("{}LogKey", names::upper_camel(log));
    let _ = writeln!(out, "/// Any key of the {log} coordinator's log.");
    let _ = writeln!(out, "#[derive(Debug, Clone, PartialEq)]\npub enum {name}<'a> {{");
    for (module, variant) in &rows {
        let _ = writeln!(out, "{variant}({module}::Key<'a>),");
    }
    let _ = writeln!(out, "}}\n\nimpl<'a> {name}<'a> {{");
    out.push_str(
        "/// Reads the type, then that type's key up to the last byte.\n\
         pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, DecodeError> {\n\
         let mut r = Reader::new(bytes);\nmatch r.i16()? {\n",
    );
    for (module, variant) in &rows {
        let key = format!("{module}::Key");
        let _ = writeln!(out, "{key}::TYPE => {key}::from_bytes(bytes).map(Self::{variant}),");
    }
    out.push_str(
        "other => Err(r.error(Fault::RecordType { record_type: i32::from(other) })),\n}\n}\n}\n\n",
    );
}
