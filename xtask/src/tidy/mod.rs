//! `cargo xtask tidy`: the parts of the style that a machine can see.
//!
//! Each check yields findings; lengths may be excused by a row of `xtask/tidy-ratchet.tsv`, which
//! may only shrink. Runs as a test too, so it needs cargo but neither git nor rustfmt. Most checks
//! read text with comments and literals blanked, see [`source`]; what a pure crate names is read
//! from tokens, see [`paths`].

mod arrows;
mod lengths;
mod paths;
mod pure;
mod ratchet;
mod source;
mod table;
mod words;

use std::fmt;
use std::path::Path;

use crate::codegen;

/// One thing that is not tidy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's name, also the first cell of a ratchet row.
    pub check: &'static str,
    /// Where: a path, with a function or line where there is one.
    pub subject: String,
    /// What is measured, for checks with a limit.
    pub measured: Option<usize>,
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.check, self.subject, self.message)
    }
}

impl Finding {
    fn new(check: &'static str, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Finding { check, subject: subject.into(), measured: None, message: message.into() }
    }
}

/// Runs every check; the error lists all findings.
pub fn run(root: &Path) -> Result<(), String> {
    let findings = findings(root)?;
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    Err(format!("{}\n{} findings", lines.join("\n"), lines.len()))
}

fn findings(root: &Path) -> Result<Vec<Finding>, String> {
    let sources = source::read_all(root)?;
    let mut measured = Vec::new();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_generated()) {
        measured.extend(lengths::check(source));
        findings.extend(words::check(source));
        findings.extend(pure::check(source));
    }
    findings.extend(ratchet::apply(root, measured)?);
    findings.extend(arrows::check(root)?);
    findings.extend(table::check(root)?);
    if let Err(message) = codegen::check(root) {
        findings.push(Finding::new("generated", "wire/src/gen", message));
    }
    Ok(findings)
}
