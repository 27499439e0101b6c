//! The command line: one subcommand per load, one for comparisons, one for the disk. Prints a
//! table, or one JSON object with `--json`. Any fault ends with exit code 1 and one message.
//! Nothing is measured here: each verb hands its options to the module of its name.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::admin::resolve;
use crate::broker::{Broker, BrokerSpec, Site};
use crate::compare::{self, CompareOptions};
use crate::disk::{self, DiskOptions};
use crate::fault::Fault;
use crate::load::{EndToEndLoad, FetchLoad, ProduceLoad, StartupLoad};
use crate::poller::Wait;
use crate::report::Report;
use crate::run::Target;
use crate::{e2e, fetch, produce, startup};

/// Load for any broker that speaks Kafka's protocol, and comparisons between two of them.
#[derive(Parser)]
#[command(name = "millstream-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Pre-encoded record batches at full speed or at a rate
    RawProduce {
        #[command(flatten)]
        target: TargetOptions,
        #[command(flatten)]
        load: ProduceLoad,
    },
    /// Read a filled topic over and over
    RawFetch {
        #[command(flatten)]
        target: TargetOptions,
        #[command(flatten)]
        load: FetchLoad,
    },
    /// Latency from a record's appointed time to the consumer, at a fixed rate
    E2e {
        #[command(flatten)]
        target: TargetOptions,
        #[command(flatten)]
        load: EndToEndLoad,
    },
    /// raw-produce with one record a request, 64 connections
    Single {
        #[command(flatten)]
        target: TargetOptions,
        #[command(flatten)]
        load: SingleLoad,
    },
    /// Start a broker and time it to the first acknowledged record
    Startup(StartupOptions),
    /// Run two brokers in turn over the scenarios of a file and print ratios
    Compare(CompareOptions),
    /// Durable writes of the disk under a directory, without any broker
    DiskProbe(DiskOptions),
}

#[derive(Args)]
struct TargetOptions {
    /// The broker's host:port; a single broker that leads every partition
    #[arg(long, default_value = "127.0.0.1:9092")]
    bootstrap: String,
    /// The broker's process, for CPU and memory
    #[arg(long)]
    pid: Option<u32>,
    /// Congestion control of the client's sockets instead of the host's default
    #[arg(long)]
    congestion: Option<String>,
    /// Spin instead of sleeping between events
    #[arg(long)]
    spin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl TargetOptions {
    fn target(&self) -> Result<Target, Fault> {
        Ok(Target {
            address: resolve(&self.bootstrap)?,
            pid: self.pid,
            congestion: self.congestion.clone(),
            wait: if self.spin { Wait::Spin } else { Wait::Sleep },
        })
    }
}

/// The few choices of a single-record load.
#[derive(Args)]
struct SingleLoad {
    /// Connections
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Requests in flight on each connection
    #[arg(long, default_value_t = 1)]
    depth: usize,
    /// Everything else as for raw-produce
    #[arg(long, default_value_t = 6)]
    partitions: i32,
    /// Bytes of the record's value
    #[arg(long, default_value_t = 100)]
    record_bytes: usize,
    /// When the broker answers
    #[arg(long, value_enum, default_value = "all")]
    acks: crate::load::Acks,
    /// Seconds before measuring
    #[arg(long, default_value_t = 3.0)]
    warmup_s: f64,
    /// Seconds measured
    #[arg(long, default_value_t = 8.0)]
    duration_s: f64,
    /// A topic configuration for the new topic, key=value; repeatable
    #[arg(long = "topic-config", value_name = "KEY=VALUE")]
    topic_configs: Vec<String>,
}

impl From<SingleLoad> for ProduceLoad {
    fn from(single: SingleLoad) -> ProduceLoad {
        ProduceLoad {
            connections: single.connections,
            depth: single.depth,
            partitions: single.partitions,
            record_bytes: single.record_bytes,
            batch_records: Some(1),
            acks: single.acks,
            warmup_s: single.warmup_s,
            duration_s: single.duration_s,
            topic_configs: single.topic_configs,
            ..ProduceLoad::default()
        }
    }
}

#[derive(Args)]
struct StartupOptions {
    #[command(flatten)]
    load: StartupLoad,
    /// Data directory; made anew and removed afterwards
    #[arg(long)]
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The broker's command; {dir} and {port} stand for its directory and port
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Entry point of the binary.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("millstream-bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> Result<(), Fault> {
    match verb {
        Verb::RawProduce { target, load } => {
            print(&produce::run(&target.target()?, &load)?, target.json);
        }
        Verb::Single { target, load } => {
            print(&produce::run(&target.target()?, &load.into())?, target.json);
        }
        Verb::RawFetch { target, load } => {
            print(&fetch::run(&target.target()?, &load)?, target.json);
        }
        Verb::E2e { target, load } => {
            print(&e2e::run(&target.target()?, &load)?, target.json);
        }
        Verb::Startup(options) => run_startup(options)?,
        Verb::Compare(options) => compare::run(&options)?,
        Verb::DiskProbe(options) => print(&disk::run(&options)?, options.json),
    }
    Ok(())
}

fn run_startup(options: StartupOptions) -> Result<(), Fault> {
    let root = std::env::current_dir().map_err(Fault::io("current directory"))?;
    let spec =
        BrokerSpec { command: options.command, env: Default::default(), version: Vec::new() };
    let mut broker = Broker::spawn(&spec, Site::new(options.dir, root)?)?;
    let report = startup::run(&mut broker, &options.load)?;
    broker.stop()?;
    print(&report, options.json);
    Ok(())
}

/// A reader that went away (`| head`) is no fault of the run.
fn print(report: &Report, json: bool) {
    let text = match json {
        true => format!("{:#}", report.to_json()),
        false => report.to_table(),
    };
    let _ = writeln!(std::io::stdout(), "{text}");
}
