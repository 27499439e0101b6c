//! `millstream doctor`: what this host and this data directory lack, and the command for each.
//!
//! Looks at what the broker depends on: io_uring (by starting a shard), limits, clock, device,
//! filesystem, the data directory, and the metrics of a running broker. Changes nothing. Each
//! finding says what is, why it matters and the exact command; the judgements are pure
//! functions over what was read, so that they are tested on hosts of any kind.

mod data;
mod disk;
mod host;
mod metrics;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, say, say_json};

const EXAMPLES: &str = "Examples:
  millstream doctor
  millstream doctor /srv/millstream
  millstream doctor --output json | jq '.findings[] | select(.level == \"bad\")'
  millstream doctor --admin 127.0.0.1:9642

Levels: ok, note (works, could be better), warn (slow or risky), bad (will not work, or may lose
data). Exit code: 1 when anything is bad, else 0. Nothing is changed.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArgs {
    /// The data directory, as in log.dirs
    #[arg(value_name = "DIR", default_value = "data")]
    dir: PathBuf,
    /// Where a running broker serves its metrics (millstream.admin.listener)
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:9642")]
    admin: String,
    /// Show what is well, too
    #[arg(short, long)]
    all: bool,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// How it is with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Ok,
    Note,
    Warn,
    Bad,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Note => "note",
            Level::Warn => "warn",
            Level::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A word for scripts.
    pub name: &'static str,
    pub level: Level,
    pub what: String,
    pub why: &'static str,
    /// The command that changes it, or what else to do.
    pub fix: Option<String>,
}

impl Finding {
    pub fn ok(name: &'static str, what: impl Into<String>) -> Finding {
        Finding { name, level: Level::Ok, what: what.into(), why: "", fix: None }
    }

    /// Something that could be better.
    pub fn not_well(
        (name, level): (&'static str, Level),
        what: impl Into<String>,
        why: &'static str,
        fix: impl Into<String>,
    ) -> Finding {
        Finding { name, level, what: what.into(), why, fix: Some(fix.into()) }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "level": self.level.name(),
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{:<5} {:<18} {}", self.level.name(), self.name, self.what);
        if !self.why.is_empty() {
            text += &format!("\n      why: {}", self.why);
        }
        if let Some(fix) = &self.fix {
            text += &format!("\n      do:  {}", fix.replace('\n', "\n           "));
        }
        text
    }
}

/// Looks at everything and says what was found.
#[must_use]
pub fn run(args: &DoctorArgs) -> ExitCode {
    let mut findings = host::look();
    findings.extend(disk::look(&args.dir));
    findings.extend(data::look(&args.dir));
    findings.extend(metrics::look(&args.admin));
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    let said = match args.output {
        Output::Json => say_json(&document(&findings)),
        Output::Table => say(&page(&findings, args.all)),
    };
    if said.is_err() {
        return super::ended(said);
    }
    if worst == Level::Bad { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn document(findings: &[Finding]) -> Value {
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    json!({
        "level": worst.name(),
        "findings": findings.iter().map(Finding::json).collect::<Vec<_>>(),
    })
}

/// The worst first; what is well is only counted, unless all is wanted.
fn page(findings: &[Finding], all: bool) -> String {
    let mut shown: Vec<_> = findings.iter().filter(|f| all || f.level != Level::Ok).collect();
    shown.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let mut lines: Vec<_> = shown.iter().map(|finding| finding.text()).collect();
    let well: Vec<_> =
        findings.iter().filter(|f| f.level == Level::Ok).map(|finding| finding.name).collect();
    if !all && !well.is_empty() {
        lines.push(format!("ok    {}", well.join(", ")));
    }
    lines.join("\n")
}
