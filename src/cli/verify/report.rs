//! What a check has found, for people and for programs.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::ondisk::{Cause, Damage, Severity};
use crate::cli::output::grouped;

/// Findings of one partition that are kept; the others are counted.
const FINDINGS_MAX: usize = 200;

/// Findings, up to a bound, and the number of all.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    kept: Vec<Damage>,
    damages: u64,
    notes: u64,
}

impl Findings {
    pub fn add(&mut self, damage: Damage) {
        match damage.cause.severity() {
            Severity::Damage => self.damages += 1,
            Severity::Note => self.notes += 1,
        }
        if self.kept.len() < FINDINGS_MAX {
            self.kept.push(damage);
        }
    }

    #[cfg(test)]
    pub fn causes(&self) -> Vec<Cause> {
        self.kept.iter().map(|damage| damage.cause).collect()
    }

    fn take_in(&mut self, other: Findings) {
        self.kept.extend(other.kept);
        self.damages += other.damages;
        self.notes += other.notes;
    }
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub partitions: u64,
    pub segments: u64,
    pub batches: u64,
    pub records: u64,
    pub journal_commits: u64,
    pub bytes: u64,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.partitions += other.partitions;
        self.segments += other.segments;
        self.batches += other.batches;
        self.records += other.records;
        self.journal_commits += other.journal_commits;
        self.bytes += other.bytes;
    }
}

/// The whole answer.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub directory: PathBuf,
    pub findings: Findings,
    pub counts: Counts,
    pub took: Duration,
}

impl Report {
    pub fn take_in(&mut self, findings: Findings, counts: &Counts) {
        self.findings.take_in(findings);
        self.counts.add(counts);
    }

    /// Puts what belongs together side by side: damage first, then by path and place.
    pub fn sort(&mut self) {
        let key = |d: &Damage| (std::cmp::Reverse(d.cause.severity()), d.path.clone(), d.position);
        self.findings.kept.sort_by_key(key);
    }

    #[must_use]
    pub fn damages(&self) -> u64 {
        self.findings.damages
    }

    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut last: Option<(Cause, &PathBuf)> = None;
        // Writing to a string cannot fail, here and below.
        for damage in &self.findings.kept {
            let mark = match damage.cause.severity() {
                Severity::Damage => "DAMAGE",
                Severity::Note => "note  ",
            };
            let _ = writeln!(text, "{mark}  {}: {}", damage.path.display(), damage.line());
            let again = last == Some((damage.cause, &damage.path));
            if damage.cause.severity() == Severity::Damage && !again {
                let _ = writeln!(text, "        broker: {}", damage.cause.broker());
                let _ = writeln!(text, "        you:    {}", damage.cause.person());
            }
            last = Some((damage.cause, &damage.path));
        }
        let all = self.findings.damages + self.findings.notes;
        let more = all - self.findings.kept.len() as u64;
        if more > 0 {
            let _ = writeln!(text, "… and {more} more of the same partitions");
        }
        text + &self.summary()
    }

    fn summary(&self) -> String {
        let counts = &self.counts;
        let number = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
        let verdict = match (self.findings.damages, self.findings.notes) {
            (0, 0) => "sound".to_owned(),
            (0, notes) => format!("sound, {notes} notes"),
            (damages, notes) => format!("{damages} damages, {notes} notes"),
        };
        format!(
            "{}: {verdict}; {} partitions, {} segments, {} batches, {} records, {} journal \
             commits, {} in {:.1} s\n",
            self.directory.display(),
            number(counts.partitions),
            number(counts.segments),
            number(counts.batches),
            number(counts.records),
            number(counts.journal_commits),
            amount(counts.bytes),
            self.took.as_secs_f64(),
        )
    }

    #[must_use]
    pub fn json(&self) -> Value {
        let counts = &self.counts;
        json!({
            "directory": self.directory.display().to_string(),
            "sound": self.findings.damages == 0,
            "damages": self.findings.damages,
            "notes": self.findings.notes,
            "partitions": counts.partitions,
            "segments": counts.segments,
            "batches": counts.batches,
            "records": counts.records,
            "journal_commits": counts.journal_commits,
            "bytes": counts.bytes,
            "seconds": self.took.as_secs_f64(),
            "findings": self.findings.kept.iter().map(Damage::json).collect::<Vec<_>>(),
        })
    }
}

/// Bytes for people, in decimal units.
pub fn amount(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
