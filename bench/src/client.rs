//! Other people's clients as the load (Java's performance tools, librdkafka): a program is run
//! against a topic made for it, and what it prints is taken beside the broker's own cost. The
//! program's last line of output must be one JSON object of numbers; `records_per_s` is what
//! comparisons look at, `bytes` (of values) lets CPU be given per GB.

use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::admin::Admin;
use crate::fault::Fault;
use crate::load::{ClientLoad, parse_configs};
use crate::produce::{fill, topic_name};
use crate::report::Report;
use crate::run::Target;
use crate::usage::Meter;

pub fn run(target: &Target, load: &ClientLoad) -> Result<Report, Fault> {
    load.check()?;
    let topic = topic_name();
    let mut admin = Admin::connect(target.address)?;
    admin.create_topic(&topic, load.partitions, &parse_configs(&load.topic_configs)?)?;
    admin.wait_for_topic(&topic, load.partitions)?;
    let mut records = 0;
    if load.fill_mib > 0 {
        let (batch, batches) = fill(target, &load.fill(&topic), &topic, load.fill_mib << 20)?;
        records = batches * u64::from(batch.records()) * load.partitions as u64;
    }
    let root = std::env::current_dir().map_err(Fault::io("current directory"))?;
    let fill_in = |word: &String| {
        word.replace("{bootstrap}", &target.address.to_string())
            .replace("{topic}", &topic)
            .replace("{records}", &records.to_string())
            .replace("{root}", &root.to_string_lossy())
    };
    let words: Vec<String> = load.command.iter().map(fill_in).collect();
    let meter = Meter::start(target.pid)?;
    let printed = output_of(&words)?;
    let usage = meter.stop()?;
    admin.delete_topic(&topic)?;
    let found = parse_last_line(&printed)?;
    let mut report = Report::new("client", load);
    for (name, value) in &found {
        report.metric(name, *value);
    }
    let bytes = report.get("bytes").filter(|&bytes| bytes > 0.0);
    // Of the whole life of the client: its start costs the broker nothing.
    report.usage(&usage, bytes.unwrap_or(f64::NAN) / usage.elapsed_s);
    Ok(report)
}

fn output_of(words: &[String]) -> Result<String, Fault> {
    let Some((program, args)) = words.split_first() else {
        return Err(Fault::Usage("a client needs a command".to_owned()));
    };
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(Fault::io(format!("run {program}")))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(text),
        false => {
            let errors = String::from_utf8_lossy(&output.stderr);
            let what = format!("{program} ended with {}:\n{text}{errors}", output.status);
            Err(Fault::Mismatch(what))
        }
    }
}

/// The numbers on the last line, in its order.
fn parse_last_line(printed: &str) -> Result<Vec<(String, f64)>, Fault> {
    let last = printed.lines().last().unwrap_or_default();
    let bad = |why: &str| Fault::Mismatch(format!("a client printed {last:?}: {why}"));
    let object: Map<String, Value> = serde_json::from_str(last).map_err(|e| bad(&e.to_string()))?;
    let numbers: Vec<(String, f64)> = object
        .into_iter()
        .filter_map(|(name, value)| value.as_f64().map(|value| (name, value)))
        .collect();
    let rate = numbers.iter().find(|(name, _)| name == "records_per_s");
    match rate.is_some_and(|&(_, rate)| rate > 0.0) {
        true => Ok(numbers),
        false => Err(bad("no records_per_s above 0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake_broker::{FakeBroker, Mood};
    use crate::poller::Wait;

    fn run_command(words: &[&str]) -> Result<Report, Fault> {
        let broker = FakeBroker::start(Mood::Good);
        let target =
            Target { address: broker.address, pid: None, congestion: None, wait: Wait::Sleep };
        let command = words.iter().map(|&word| word.to_owned()).collect();
        run(&target, &ClientLoad { command, fill_mib: 1, ..Default::default() })
    }

    #[test]
    fn what_a_client_prints_last_is_its_report() {
        let line = r#"{"records_per_s": {records}.5, "bytes": 10}"#;
        let report = run_command(&["echo", line]).expect("a clean run");
        // 1 MiB in whole batches of 64 KiB over six partitions.
        assert!(report.get("records_per_s").expect("printed") > 9000.0);
        assert!(report.get("client_cpu_cores").is_some());
    }

    #[test]
    fn a_client_that_fails_or_says_nothing_useful_ends_the_run() {
        assert!(run_command(&["false"]).is_err());
        assert!(run_command(&["echo", "all good"]).is_err());
        assert!(run_command(&["echo", r#"{"records_per_s": 0}"#]).is_err());
        assert!(run_command(&["/no/such/program"]).is_err());
    }
}
