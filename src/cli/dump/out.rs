//! Where a dump goes: lines for people, or one JSON document that is written as it is made.
//!
//! A file's items stream, so a segment of any size needs no memory; its damage is kept, up to
//! a bound, and stands behind the items. Damage is shown among the lines where it was found.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::cli::ondisk::{Damage, Severity};
use crate::cli::output::Output;

const BUFFER_BYTES: usize = 1 << 18;
/// Damages of one file that are kept for its end.
const DAMAGES_MAX: usize = 1_000;

/// Writes files one after the other.
pub struct Out<W: Write> {
    out: BufWriter<W>,
    form: Output,
    files: u64,
    items: u64,
    damages: Vec<Value>,
    damaged: u64,
}

impl<W: Write> Out<W> {
    /// # Errors
    /// It cannot be written to; here and below.
    pub fn begin(to: W, form: Output, beside_broker: bool) -> io::Result<Out<W>> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, to);
        if form == Output::Json {
            write!(out, "{{\"broker_running\": {beside_broker},\n\"files\": [")?;
        }
        Ok(Out { out, form, files: 0, items: 0, damages: Vec::new(), damaged: 0 })
    }

    /// Begins a file: its path and kind.
    pub fn file(&mut self, path: &Path, kind: &str, bytes: u64) -> io::Result<()> {
        let first = self.files == 0;
        (self.files, self.items, self.damaged) = (self.files + 1, 0, 0);
        match self.form {
            Output::Table => {
                let gap = if first { "" } else { "\n" };
                writeln!(self.out, "{gap}{}  ({kind}, {bytes} bytes)", path.display())
            }
            Output::Json => {
                let path = json!(path.display().to_string());
                let comma = if first { "" } else { "," };
                write!(
                    self.out,
                    "{comma}\n{{\"path\": {path}, \"kind\": \"{kind}\", \"bytes\": {bytes}, \
                     \"items\": ["
                )
            }
        }
    }

    /// The names of the columns that the items have.
    pub fn head(&mut self, line: &str) -> io::Result<()> {
        match self.form {
            Output::Table => writeln!(self.out, "{line}"),
            Output::Json => Ok(()),
        }
    }

    /// One thing in the file.
    pub fn item(
        &mut self,
        line: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
    ) -> io::Result<()> {
        self.items += 1;
        match self.form {
            Output::Table => writeln!(self.out, "{}", line()),
            Output::Json => {
                let comma = if self.items == 1 { "" } else { "," };
                write!(self.out, "{comma}\n  {}", json())
            }
        }
    }

    pub fn damage(&mut self, damage: &Damage) -> io::Result<()> {
        self.damaged += 1;
        match self.form {
            Output::Table => {
                let mark = match damage.cause.severity() {
                    Severity::Damage => "!!",
                    Severity::Note => "--",
                };
                writeln!(self.out, "  {mark} {}", damage.line())
            }
            Output::Json => {
                if self.damages.len() < DAMAGES_MAX {
                    self.damages.push(damage.json());
                }
                Ok(())
            }
        }
    }

    /// Ends a file with what there is to say of all of it.
    pub fn end(&mut self, summary: Map<String, Value>) -> io::Result<()> {
        match self.form {
            Output::Table => {
                let plain = |value: &Value| match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let parts: Vec<_> = summary
                    .iter()
                    .map(|(name, value)| format!("{name} {}", plain(value)))
                    .collect();
                match parts.is_empty() {
                    true => Ok(()),
                    false => writeln!(self.out, "  {}", parts.join(", ")),
                }
            }
            Output::Json => {
                let damages = Value::from(std::mem::take(&mut self.damages));
                let (summary, count) = (Value::Object(summary), self.damaged);
                write!(
                    self.out,
                    "],\n \"damage\": {damages}, \"damages\": {count}, \"summary\": {summary}}}"
                )
            }
        }
    }

    /// Ends the dump.
    pub fn finish(mut self) -> io::Result<()> {
        if self.form == Output::Json {
            writeln!(self.out, "\n]}}")?;
        }
        self.out.flush()
    }
}

/// A summary in the order given.
pub fn summary<const N: usize>(parts: [(&str, Value); N]) -> Map<String, Value> {
    parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
