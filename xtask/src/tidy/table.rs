//! Every version that the broker advertises has golden bytes, request and response.
//!
//! Reads the rows of `src/api/table.rs` as text (`row!(Produce, 3..=13, …)`), so that the check
//! does not need the broker to build.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use serde_json::Value;

use super::Finding;
use super::source::Source;

const TABLE: &str = "src/api/table.rs";
const GOLDEN: &str = "wire/testdata";

pub fn check(root: &Path) -> Result<Vec<Finding>, String> {
    let text = fs::read_to_string(root.join(TABLE)).map_err(|e| format!("{TABLE}: {e}"))?;
    let rows = rows(&Source::new(TABLE, text).code);
    let mut findings = Vec::new();
    if rows.is_empty() {
        findings.push(Finding::new("table", TABLE, "no row was recognised"));
    }
    for (name, versions) in rows {
        let seen = golden_versions(root, &name)?;
        for version in versions.filter(|version| !seen.contains(version)) {
            let message = format!("{name} version {version} has no golden bytes");
            findings.push(Finding::new("table", TABLE, message));
        }
    }
    Ok(findings)
}

/// Name and versions of each `row!(Name, a..=b, …)`.
fn rows(code: &str) -> Vec<(String, RangeInclusive<i16>)> {
    let mut rows = Vec::new();
    for piece in code.split("row!(").skip(1) {
        let mut cells = piece.split(',').map(str::trim);
        let (Some(name), Some(versions)) = (cells.next(), cells.next()) else { continue };
        let Some((from, to)) = versions.split_once("..=") else { continue };
        if let (Ok(from), Ok(to)) = (from.parse(), to.parse()) {
            rows.push((name.to_owned(), from..=to));
        }
    }
    rows
}

/// The versions with at least one request and one response.
fn golden_versions(root: &Path, name: &str) -> Result<BTreeSet<i16>, String> {
    let dir = root.join(GOLDEN);
    let entries = fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let ending = format!("-{name}.json");
    let path = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(&ending))
        .ok_or_else(|| format!("{GOLDEN}: no file for {name}"))?;
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let file: Value =
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let versions = |part: &str| -> BTreeSet<i16> {
        let instances = file[part].as_array().into_iter().flatten();
        instances.filter_map(|i| i16::try_from(i["version"].as_i64()?).ok()).collect()
    };
    Ok(versions("requests").intersection(&versions("responses")).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_from_the_tables_text() {
        let code = "macro_rules! row { ($k:ident, $v:expr) => {} }\n\
                    row!(Produce, 3..=13, owned super::produce::handle),\n\
                    row!(\n    Fetch,\n    4..=18,\n    super::fetch::handle,\n),";
        let expected = [("Produce".to_owned(), 3..=13), ("Fetch".to_owned(), 4..=18)];
        assert_eq!(rows(code), expected);
    }
}
