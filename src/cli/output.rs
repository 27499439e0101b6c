//! Answers for people (tables) and for programs (JSON), on standard output.
//!
//! A table has a head and no frame, so that it can be cut and grepped; JSON is one document
//! per command. A reader that goes away (`| head`) ends the command quietly.

use std::io::{self, Write as _};

use clap::ValueEnum;
use comfy_table::{CellAlignment, Table, presets};
use serde_json::Value;

use super::client::Fault;

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Columns for people
    #[default]
    Table,
    /// One JSON document
    Json,
}

/// Writes one line, or a text of several.
///
/// # Errors
/// Standard output cannot be written to.
pub fn say(text: &str) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    written.map_err(|cause| Fault::Io { what: "standard output".to_owned(), cause })
}

/// Writes a JSON document.
///
/// # Errors
/// Standard output cannot be written to.
pub fn say_json(value: &Value) -> Result<(), Fault> {
    say(&format!("{value:#}"))
}

/// Columns under a head.
#[derive(Debug)]
pub struct Columns {
    table: Table,
}

impl Columns {
    /// Names beginning with `>` head columns of numbers, which are set to the right.
    pub fn new(names: &[&str]) -> Columns {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        table.set_header(names.iter().map(|name| name.trim_start_matches('>').to_uppercase()));
        for (column, name) in table.column_iter_mut().zip(names) {
            column.set_padding((0, 2));
            if name.starts_with('>') {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Columns { table }
    }

    pub fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.table.add_row(cells.into_iter().map(|cell| cell.to_string()).collect::<Vec<_>>());
    }

    pub fn text(&self) -> String {
        let lines = self.table.lines().map(|line| line.trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Numbers of a list, as `1,2,3`.
pub fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// A number for people: `1,234,567`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_a_head_and_no_frame() {
        let mut columns = Columns::new(&["topic", ">records"]);
        columns.row(["flights", "12"]);
        columns.row(["x", "1234"]);
        assert_eq!(columns.text(), "TOPIC    RECORDS\nflights       12\nx           1234");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }
}
