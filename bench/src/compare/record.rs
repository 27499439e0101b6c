//! What a comparison leaves behind: one JSON file with every number of every run, and one page of
//! Markdown with the tables, the commands and the machine. Both carry enough to run it again.
//! Written once, at the end, even when runs failed.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::fault::Fault;
use crate::report::{Report, number};

use super::Run;
use super::machine::Machine;
use super::ratios::{Compared, Spread, Verdict, compare};
use super::scenario::{Plan, Scenario};

pub struct Record {
    plan: Plan,
    machine: Machine,
    command: String,
    begun: String,
    disk: Vec<(&'static str, Report)>,
    scenarios: Vec<(Scenario, Vec<Run>)>,
}

impl Record {
    pub fn new(plan: &Plan, machine: Machine) -> Record {
        let args = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
        Record {
            plan: plan.clone(),
            machine,
            command: format!("millstream-bench {args}"),
            begun: today(),
            disk: Vec::new(),
            scenarios: Vec::new(),
        }
    }

    pub fn disk(&mut self, when: &'static str, probe: Report) {
        self.disk.push((when, probe));
    }

    pub fn scenario(&mut self, scenario: &Scenario, runs: Vec<Run>) {
        self.scenarios.push((scenario.clone(), runs));
    }

    pub fn failures(&self) -> usize {
        let runs = self.scenarios.iter().flat_map(|(_, runs)| runs);
        runs.filter(|run| run.outcome.is_err()).count()
    }

    /// Write both files; returns the path of the JSON one.
    pub fn write(&self, dir: &Path, label: Option<&str>) -> Result<PathBuf, Fault> {
        fs::create_dir_all(dir).map_err(Fault::io(format!("create {}", dir.display())))?;
        let label = label.map(|label| format!("-{label}")).unwrap_or_default();
        let path = dir.join(format!("{}-{}{label}.json", self.begun, self.plan.name));
        let save = |path: &Path, text: String| {
            fs::write(path, text).map_err(Fault::io(format!("write {}", path.display())))
        };
        save(&path, format!("{:#}\n", self.to_json()))?;
        save(&path.with_extension("md"), self.to_markdown())?;
        Ok(path)
    }

    fn to_json(&self) -> Value {
        let runs = |runs: &[Run]| -> Vec<Value> {
            runs.iter()
                .map(|run| match &run.outcome {
                    Ok(report) => {
                        json!({ "broker": run.broker, "round": run.round + 1,
                            "report": report.to_json() })
                    }
                    Err(fault) => {
                        json!({ "broker": run.broker, "round": run.round + 1, "failed": fault })
                    }
                })
                .collect()
        };
        let scenarios: Vec<Value> = self
            .scenarios
            .iter()
            .map(|(scenario, done)| json!({ "scenario": scenario, "runs": runs(done) }))
            .collect();
        let disk: Vec<Value> = self
            .disk
            .iter()
            .map(|(when, report)| json!({ "when": when, "report": report.to_json() }))
            .collect();
        json!({
            "name": self.plan.name, "date": self.begun, "command": self.command,
            "machine": self.machine.facts(), "pair": self.plan.pair,
            "brokers": self.plan.brokers, "disk": disk, "scenarios": scenarios,
        })
    }

    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        for (scenario, runs) in &self.scenarios {
            self.section(&mut out, scenario, runs);
        }
        self.tail(&mut out);
        out
    }

    fn head(&self, out: &mut String) {
        let [first, second] = &self.plan.pair[..] else { return };
        line(out, format_args!("# {}: {first} beside {second}, {}\n", self.plan.name, self.begun));
        line(out, format_args!("{}\n", self.plan.about));
        let rounds = self.plan.rounds;
        line(
            out,
            format_args!("{rounds} rounds, the brokers in turn, each on an empty directory."),
        );
        line(
            out,
            format_args!("Values are medians (min – max); ratios are {first} over {second},"),
        );
        line(out, format_args!("round by round.\n"));
        line(out, format_args!("```\n{}\n```\n", self.command));
    }

    fn section(&self, out: &mut String, scenario: &Scenario, runs: &[Run]) {
        let [first, second] = &self.plan.pair[..] else { return };
        line(out, format_args!("## {}\n\n{}\n", scenario.name, scenario.about));
        line(out, format_args!("| metric | {first} | {second} | ratio | wanted | |"));
        line(out, format_args!("|---|---|---|---|---|---|"));
        for metric in scenario.shown() {
            let compared = compare(metric, &self.plan.pair, runs);
            let (wanted, verdict) = judge(scenario, &compared);
            let (a, b) = (spread(compared.first), spread(compared.second));
            let ratio = spread(compared.ratio);
            line(out, format_args!("| {metric} | {a} | {b} | {ratio} | {wanted} | {verdict} |"));
        }
        for run in runs {
            if let Err(fault) = &run.outcome {
                let round = run.round + 1;
                line(out, format_args!("\n**Failed**: {} in round {round}: {fault}", run.broker));
            }
        }
        let command = scenario.command_for(first);
        line(out, format_args!("\n`{command}`"));
        if scenario.only_for.contains_key(second) {
            line(out, format_args!("; {second}: `{}`", scenario.command_for(second)));
        }
        out.push('\n');
    }

    fn tail(&self, out: &mut String) {
        line(out, format_args!("## Brokers\n"));
        for name in &self.plan.pair {
            let spec = &self.plan.brokers[name];
            line(out, format_args!("- {name}: `{}` {:?}", spec.command.join(" "), spec.env));
        }
        line(out, format_args!("\n## Disk, durable writes before and after\n"));
        if let [(_, before), (_, after)] = &self.disk[..] {
            line(out, format_args!("| | before | after |\n|---|---|---|"));
            for (name, value) in &before.metrics {
                let later = after.get(name).map(number).unwrap_or_default();
                line(out, format_args!("| {name} | {} | {later} |", number(*value)));
            }
        }
        line(out, format_args!("\n## Machine\n"));
        for (name, value) in self.machine.facts() {
            line(out, format_args!("- {name}: {}", value.as_str().unwrap_or_default()));
        }
    }
}

/// The figures of one metric: what is wanted, and whether it is reached.
fn judge(scenario: &Scenario, compared: &Compared) -> (String, String) {
    let of_metric = scenario.figures.iter().filter(|f| f.metric == compared.metric);
    let (mut wanted, mut verdicts) = (Vec::new(), Vec::new());
    for figure in of_metric {
        wanted.push(figure.wanted());
        verdicts.push(match figure.judge(compared) {
            Verdict::Reached => "reached",
            Verdict::Missed => "**missed**",
            Verdict::Unknown => "**unknown**",
        });
    }
    (wanted.join(", "), verdicts.join(", "))
}

fn spread(spread: Option<Spread>) -> String {
    match spread {
        None => "–".to_owned(),
        Some(s) => format!("{} ({} – {})", number(s.median), number(s.min), number(s.max)),
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a String takes what it is given");
}

fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date(now.as_secs() / 86_400)
}

/// Days since 1970 as year-month-day.
fn date(days: u64) -> String {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut left = days;
    let mut year = 1970;
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let cases = [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_588, "2026-05-15"),
            (20_818, "2026-12-31"),
        ];
        for (days, text) in cases {
            assert_eq!(date(days), text);
        }
    }
}
