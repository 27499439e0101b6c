//! Writes consumed records to standard output: as lines, or as one JSON object a line.
//!
//! Lines carry the value's bytes as they are, so `consume` undoes `produce`. JSON carries
//! everything; bytes that are no UTF-8 appear in base64 under a name that says so. Output is
//! flushed once per round of fetching, not per record.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use clap::ValueEnum;
use millstream_wire::batch::Record;
use serde_json::{Map, Value, json};

use super::client::Fault;
use super::time;

const BUFFER_BYTES: usize = 1 << 18;
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How records are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The value, after the key when --key-separator is given
    #[default]
    Text,
    /// One JSON object a line, with everything
    Json,
}

/// Writes records of one topic.
pub struct Printer {
    out: BufWriter<StdoutLock<'static>>,
    topic: String,
    format: Format,
    key_separator: Option<String>,
}

impl Printer {
    pub fn new(topic: &str, format: Format, key_separator: Option<String>) -> Printer {
        let out = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
        Printer { out, topic: topic.to_owned(), format, key_separator }
    }

    /// Writes one record.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn print(&mut self, partition: i32, record: &Record<'_>) -> Result<(), Fault> {
        let written = match self.format {
            Format::Text => self.text(record),
            Format::Json => {
                let object = object(&self.topic, partition, record);
                writeln!(self.out, "{object}")
            }
        };
        written.map_err(failed)
    }

    fn text(&mut self, record: &Record<'_>) -> io::Result<()> {
        if let Some(separator) = &self.key_separator {
            self.out.write_all(record.key.unwrap_or_default())?;
            self.out.write_all(separator.as_bytes())?;
        }
        self.out.write_all(record.value.unwrap_or_default())?;
        self.out.write_all(b"\n")
    }

    /// Hands everything over.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn flush(&mut self) -> Result<(), Fault> {
        self.out.flush().map_err(failed)
    }
}

fn failed(cause: io::Error) -> Fault {
    Fault::Io { what: "standard output".to_owned(), cause }
}

fn object(topic: &str, partition: i32, record: &Record<'_>) -> Value {
    let mut object = Map::new();
    object.insert("topic".to_owned(), topic.into());
    object.insert("partition".to_owned(), partition.into());
    object.insert("offset".to_owned(), record.offset.into());
    object.insert("timestamp".to_owned(), record.timestamp.into());
    object.insert("time".to_owned(), time::show(record.timestamp).into());
    put(&mut object, "key", record.key);
    put(&mut object, "value", record.value);
    let headers = record.headers.iter().map(|header| {
        let mut one = Map::new();
        one.insert("key".to_owned(), String::from_utf8_lossy(header.key).into());
        put(&mut one, "value", header.value);
        Value::Object(one)
    });
    object.insert("headers".to_owned(), headers.collect::<Vec<_>>().into());
    Value::Object(object)
}

fn put(object: &mut Map<String, Value>, name: &str, bytes: Option<&[u8]>) {
    match bytes.map(|bytes| (bytes, std::str::from_utf8(bytes))) {
        None => object.insert(name.to_owned(), Value::Null),
        Some((_, Ok(text))) => object.insert(name.to_owned(), json!(text)),
        Some((bytes, Err(_))) => object.insert(format!("{name}_base64"), base64(bytes).into()),
    };
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for (i, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = BASE64[(word >> shift) as usize & 63];
            text.push(if i <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_standard_one_with_padding() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (bytes, expected) in cases {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn bytes_that_are_no_text_get_a_name_that_says_so() {
        let mut object = Map::new();
        put(&mut object, "key", None);
        put(&mut object, "value", Some(&[0xff]));
        put(&mut object, "other", Some("ü".as_bytes()));
        let expected = json!({ "key": null, "value_base64": "/w==", "other": "ü" });
        assert_eq!(Value::Object(object), expected);
    }
}
