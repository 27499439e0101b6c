//! `errors.tsv` → the `ErrorCode` enum.

use std::fmt::Write;

use super::names;

struct Row<'t> {
    code: i16,
    name: &'t str,
    retriable: bool,
    invalid_metadata: bool,
}

pub fn emit(table: &str) -> Result<String, String> {
    let rows: Vec<Row<'_>> = table.lines().skip(1).map(parse).collect::<Result<_, _>>()?;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "/// Kafka's error codes.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         #[repr(i16)]\npub enum ErrorCode {{"
    );
    for row in &rows {
        let _ = writeln!(out, "{} = {},", names::upper_camel(row.name), row.code);
    }
    out.push_str("}\n\nimpl ErrorCode {\n");
    out.push_str("/// The number on the wire.\npub const fn code(self) -> i16 { self as i16 }\n\n");
    out.push_str("pub const fn from_code(code: i16) -> Option<Self> {\nSome(match code {\n");
    for row in &rows {
        let _ = writeln!(out, "{} => Self::{},", row.code, names::upper_camel(row.name));
    }
    out.push_str("_ => return None,\n})\n}\n\n");
    out.push_str(
        "/// Kafka's own spelling.\npub const fn name(self) -> &'static str {\nmatch self {\n",
    );
    for row in &rows {
        let _ = writeln!(out, "Self::{} => \"{}\",", names::upper_camel(row.name), row.name);
    }
    out.push_str("}\n}\n\n");
    out.push_str("/// A client may send the same request again.\n");
    predicate(&mut out, "is_retriable", &rows, |row| row.retriable);
    out.push_str("/// A client should refresh its metadata before it sends again.\n");
    predicate(&mut out, "is_invalid_metadata", &rows, |row| row.invalid_metadata);
    out.push_str("}\n\n");
    out.push_str(
        "impl std::fmt::Display for ErrorCode {\n\
         fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n\
         f.write_str(self.name())\n}\n}\n",
    );
    Ok(out)
}

fn predicate(out: &mut String, name: &str, rows: &[Row<'_>], holds: fn(&Row<'_>) -> bool) {
    let names: Vec<String> = rows
        .iter()
        .filter(|row| holds(row))
        .map(|row| format!("Self::{}", names::upper_camel(row.name)))
        .collect();
    let _ = writeln!(out, "pub const fn {name}(self) -> bool {{");
    let _ = writeln!(out, "matches!(self, {})\n}}\n", names.join(" | "));
}

fn parse(line: &str) -> Result<Row<'_>, String> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [code, name, retriable, invalid_metadata] = cells[..] else {
        return Err(format!("errors.tsv: four cells expected: {line}"));
    };
    let code = code.parse().map_err(|e| format!("errors.tsv: {line}: {e}"))?;
    Ok(Row { code, name, retriable: retriable == "y", invalid_metadata: invalid_metadata == "y" })
}
