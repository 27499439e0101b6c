//! Two brokers in turn over a file of scenarios, in one go on one machine: A B A B …, each run on
//! a broker just started on an empty directory, so that neither inherits the other's noise. What
//! counts are the ratios of neighbouring runs. `scenario` is the file, `ratios` the arithmetic,
//! `record` what is written, `machine` where it ran. A failed run is printed, written down, and
//! makes the whole comparison fail at its end; the others go on.

mod machine;
mod ratios;
mod record;
mod scenario;

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use clap::Args;

use crate::broker::{Broker, BrokerSpec, Site};
use crate::disk::{self, DiskOptions};
use crate::fault::Fault;
use crate::poller::Wait;
use crate::report::{Report, number};
use crate::run::Target;
use crate::{client, e2e, fetch, produce, startup};
use machine::Machine;
use record::Record;
use scenario::{Load, Plan, Scenario};

#[derive(Args)]
pub struct CompareOptions {
    /// The scenario file
    pub scenarios: PathBuf,
    /// Rounds of every scenario instead of the file's
    #[arg(long)]
    rounds: Option<usize>,
    /// Only scenarios whose name contains this; repeatable
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Brokers of the file to compare instead of its own pair: first,second
    #[arg(long, value_delimiter = ',', num_args = 2)]
    pair: Option<Vec<String>>,
    /// What {binary} stands for in the brokers' commands
    #[arg(long, default_value = "{root}/target/release/millstream")]
    binary: String,
    /// Where the brokers keep their data; emptied before and after each run
    #[arg(long, default_value = "target/bench-data")]
    dir: PathBuf,
    /// Where the results are written, as <date>-<name>.json and .md
    #[arg(long, default_value = "perf/results")]
    out: PathBuf,
    /// Added to the name of the results
    #[arg(long)]
    label: Option<String>,
    /// Seconds measured in every scenario instead of the file's, for a quick look
    #[arg(long)]
    duration_s: Option<f64>,
    /// Seconds before measuring instead of the file's
    #[arg(long)]
    warmup_s: Option<f64>,
}

/// One run of one broker.
#[derive(Clone, Debug)]
pub struct Run {
    pub broker: String,
    pub round: usize,
    pub outcome: Result<Report, String>,
}

pub fn run(options: &CompareOptions) -> Result<(), Fault> {
    let mut plan = Plan::read(&options.scenarios)?;
    plan.override_with(options)?;
    let root = std::env::current_dir().map_err(Fault::io("current directory"))?;
    let dir = root.join(&options.dir);
    std::fs::create_dir_all(&dir).map_err(Fault::io(format!("create {}", dir.display())))?;
    let mut record = Record::new(&plan, Machine::read(&dir, &root, &plan, &options.binary));
    record.disk("before", probe(&dir)?);
    for scenario in &plan.scenarios {
        eprintln!("{}: {}", scenario.name, scenario.about);
        let mut runs = Vec::new();
        for round in 0..plan.rounds {
            for broker in &plan.pair {
                let mut spec = plan.brokers[broker].clone();
                spec.fill("{binary}", &options.binary);
                let site = Site::new(dir.join(broker), root.clone())?;
                let outcome = run_one(&spec, site, &scenario.load_for(broker)?);
                eprintln!("  {}", progress(scenario, broker, round, &outcome));
                let outcome = outcome.map_err(|fault| fault.to_string());
                runs.push(Run { broker: broker.clone(), round, outcome });
                sleep(Duration::from_secs_f64(plan.settle_s));
            }
        }
        record.scenario(scenario, runs);
    }
    record.disk("after", probe(&dir)?);
    let written = record.write(&options.out, options.label.as_deref())?;
    println!("{}", record.to_markdown());
    eprintln!("written: {} and .md beside it", written.display());
    match record.failures() {
        0 => Ok(()),
        n => Err(Fault::Mismatch(format!("{n} runs failed; see above"))),
    }
}

fn run_one(spec: &BrokerSpec, site: Site, load: &Load) -> Result<Report, Fault> {
    let mut broker = Broker::spawn(spec, site)?;
    let report = run_load(&mut broker, load).map_err(|fault| match fault {
        // What the broker printed explains more than the connection that it dropped.
        Fault::Io { .. } | Fault::Late { .. } => {
            Fault::Mismatch(format!("{fault}; the broker said:\n{}", broker.last_words()))
        }
        other => other,
    })?;
    broker.stop()?;
    Ok(report)
}

fn run_load(broker: &mut Broker, load: &Load) -> Result<Report, Fault> {
    if let Load::Startup(load) = load {
        return startup::run(broker, load);
    }
    broker.wait_ready()?;
    let target = Target {
        address: broker.address(),
        pid: Some(broker.pid()),
        congestion: None,
        wait: Wait::Sleep,
    };
    match load {
        Load::RawProduce(load) => produce::run(&target, load),
        Load::RawFetch(load) => fetch::run(&target, load),
        Load::E2e(load) => e2e::run(&target, load),
        Load::Client(load) => client::run(&target, load),
        Load::Startup(load) => startup::run(broker, load),
    }
}

/// Short durable writes, so that a reader of the results sees the disk of that hour.
fn probe(dir: &std::path::Path) -> Result<Report, Fault> {
    disk::run(&DiskOptions { dir: dir.to_owned(), quick: true, depth: 1, json: false })
}

fn progress(
    scenario: &Scenario,
    broker: &str,
    round: usize,
    outcome: &Result<Report, Fault>,
) -> String {
    let found = match outcome {
        Err(fault) => format!("FAILED: {fault}"),
        Ok(report) => {
            let shown = scenario.shown();
            let values = shown.iter().map(|name| match report.get(name) {
                Some(value) => format!("{name} {}", number(value)),
                None => format!("{name} –"),
            });
            values.collect::<Vec<_>>().join(", ")
        }
    };
    format!("round {} {broker}: {found}", round + 1)
}
