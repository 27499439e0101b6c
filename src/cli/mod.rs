//! The command line: what can be typed, and which function answers.
//!
//! Data goes to standard output, everything else to standard error. A command exits with 0
//! when it did what was asked, 1 when it could not, 2 when it was not understood. Only
//! `serve` starts a broker; `dump`, `verify` and `doctor` read files and the host; every other
//! command is a client of a broker, over Kafka's protocol, and works against Apache Kafka too.

mod banner;
mod client;
mod config;
mod consume;
mod doctor;
mod dump;
mod group;
mod logging;
mod ondisk;
mod output;
mod print;
mod produce;
mod progress;
mod reset;
pub mod serve;
mod survey;
mod time;
mod topic;
mod verify;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use self::client::{Client, Fault};
use self::output::Output;
use crate::config::{Sources, load};

/// Where commands look for a broker.
const BOOTSTRAP_DEFAULT: &str = "127.0.0.1:9092";

/// Millstream: Apache Kafka's job in one binary.
#[derive(Debug, Parser)]
#[command(name = "millstream", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// What to log: error, warn, info, debug, trace, or a tracing filter
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a broker (data in ./data, clients on 127.0.0.1:9092)
    Serve(ServeArgs),
    /// Write lines to a topic
    Produce(produce::ProduceArgs),
    /// Print the records of a topic
    Consume(consume::ConsumeArgs),
    /// Create, list, describe, alter and delete topics
    #[command(subcommand)]
    Topic(topic::TopicCommand),
    /// List, describe and delete consumer groups, and move their offsets
    #[command(subcommand)]
    Group(group::GroupCommand),
    /// Show and change settings of topics and brokers
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Say what this host and data directory lack, and how to change it
    Doctor(doctor::DoctorArgs),
    /// Show what stands in the files of a data directory
    Dump(dump::DumpArgs),
    /// Check a whole data directory while no broker runs on it
    Verify(verify::VerifyArgs),
    /// Print a completion script for your shell
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// A server.properties file, with Kafka's key names
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting; repeatable, wins over file and environment
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

/// Which broker: the same for every client command.
#[derive(Debug, Args)]
struct At {
    /// Brokers to ask first, as host:port, comma-separated
    #[arg(
        short,
        long,
        value_name = "HOST:PORT",
        env = "MILLSTREAM_BOOTSTRAP",
        default_value = BOOTSTRAP_DEFAULT
    )]
    bootstrap: String,
}

impl At {
    fn client(&self) -> Result<Client, Fault> {
        Client::open(&self.bootstrap)
    }
}

/// Which broker, and how to answer.
#[derive(Debug, Args)]
struct Target {
    #[command(flatten)]
    at: At,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

impl Target {
    fn client(&self) -> Result<Client, Fault> {
        self.at.client()
    }
}

/// Refusals of some of several things; the others were done.
#[derive(Debug, Default)]
struct Failures {
    last: Option<Fault>,
}

impl Failures {
    /// Says a refusal at once, but the last one, which the command ends with.
    fn note(&mut self, done: Result<(), Fault>) {
        if let Err(fault) = done
            && let Some(before) = self.last.replace(fault)
        {
            eprintln!("millstream: {before}");
        }
    }

    fn end(self) -> Result<(), Fault> {
        self.last.map_or(Ok(()), Err)
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" };
    if let Err(reason) = logging::start(cli.log_level.as_deref(), level) {
        return refused(&reason);
    }
    match cli.command {
        Command::Serve(args) => serve_with(args),
        Command::Produce(args) => ended(produce::run(&args)),
        Command::Consume(args) => ended(consume::run(&args)),
        Command::Topic(command) => ended(topic::run(command)),
        Command::Group(command) => ended(group::run(command)),
        Command::Config(command) => ended(config::run(command)),
        Command::Doctor(args) => doctor::run(&args),
        Command::Dump(args) => ended(dump::run(&args)),
        Command::Verify(args) => verify::run(&args),
        Command::Completions { shell } => completions(shell),
    }
}

fn ended(result: Result<(), Fault>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fault::Io { cause, .. }) if cause.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(fault) => refused(&fault.to_string()),
    }
}

fn serve_with(args: ServeArgs) -> ExitCode {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let sources =
        Sources { file: args.config, environment: environment.collect(), sets: args.sets };
    match load(&sources) {
        Ok(loaded) => serve::run(loaded.config, loaded.warnings),
        Err(fault) => refused(&fault.to_string()),
    }
}

fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "millstream", &mut script);
    match std::io::stdout().write_all(&script) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn refused(reason: &str) -> ExitCode {
    for line in reason.lines() {
        eprintln!("millstream: {line}");
    }
    ExitCode::FAILURE
}
