//! The command line: which seeds, in which mode, on how many threads; the report at the end.
//!
//! This is the only place that looks at the host's clock, for the report.

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::{Parser, ValueEnum};

use crate::harness::{self, Outcome};
use crate::plan::Mode;
use crate::{corpus, crash_states, nth_io, said};

/// The whole broker under simulated disk, network and time.
#[derive(Parser, Debug)]
#[command(name = "millstream-sim", version)]
struct Args {
    /// Run this one seed.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Run these seeds, the last one excluded: `0..1000`.
    #[arg(long, value_parser = range)]
    seeds: Option<Range<u64>>,
    #[arg(long, value_enum, default_value = "keep-promise")]
    mode: ModeArg,
    /// Threads.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Run every seed twice; their hashes must be equal.
    #[arg(long)]
    twice: bool,
    /// Print every fact as it happens, and what the broker logs.
    #[arg(long)]
    trace: bool,
    /// Run the seeds that ever failed.
    #[arg(long)]
    corpus: bool,
    /// Crash states to try of each seed, about.
    #[arg(long, default_value_t = 1_000)]
    states: usize,
    /// Of the crash states or the failing operations, only this one.
    #[arg(long)]
    only: Option<usize>,
    /// Of the operations, fail every n-th.
    #[arg(long, default_value_t = 1)]
    step: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ModeArg {
    /// The device keeps its promises; nothing acknowledged may be lost.
    KeepPromise,
    /// The device loses, misplaces and rots; nothing wrong may be served.
    Lying,
    /// Every disk that a power cut could leave of a short workload.
    CrashStates,
    /// A short workload with each file operation failing in turn.
    NthIo,
}

impl ModeArg {
    fn text(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

impl From<Mode> for ModeArg {
    fn from(mode: Mode) -> ModeArg {
        match mode {
            Mode::KeepPromise => ModeArg::KeepPromise,
            Mode::Lying => ModeArg::Lying,
        }
    }
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let (from, upto) = text.split_once("..").ok_or("write it as 0..1000")?;
    let number = |text: &str| text.parse::<u64>().map_err(|fault| fault.to_string());
    Ok(number(from)?..number(upto)?)
}

/// What all seeds did together.
#[derive(Default)]
struct Total {
    ran: u64,
    failed: u64,
    acked: u64,
    facts: u64,
    starts: u64,
    power_cuts: u64,
    kills: u64,
    memory_waits: u64,
    states: u64,
    virtual_ms: u64,
}

/// Runs what the command line says.
pub fn run() -> ExitCode {
    let args = Args::parse();
    said::listen(args.trace);
    let began = Instant::now();
    let failed = if args.corpus { run_corpus() } else { run_seeds(&args, began) };
    println!("{:.1} s", began.elapsed().as_secs_f64());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_seeds(args: &Args, began: Instant) -> u64 {
    let one = args.seed.unwrap_or(1);
    let seeds = args.seeds.clone().unwrap_or(one..one + 1);
    let next = AtomicU64::new(seeds.start);
    let total = Mutex::new(Total::default());
    std::thread::scope(|scope| {
        for _ in 0..args.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    run_one(args, seed, &total);
                }
            });
        }
    });
    let total = total.into_inner().unwrap_or_default();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{}: {} seeds, {} failed; {} records acknowledged, {} facts, {} starts, {} power cuts, \
         {} kills, {} waits for memory, {} crash states, {} s of virtual time; {:.1} ms a seed",
        args.mode.text(),
        total.ran,
        total.failed,
        total.acked,
        total.facts,
        total.starts,
        total.power_cuts,
        total.kills,
        total.memory_waits,
        total.states,
        total.virtual_ms / 1_000,
        seconds * 1_000.0 * args.jobs as f64 / total.ran.max(1) as f64,
    );
    total.failed
}

fn run_one(args: &Args, seed: u64, total: &Mutex<Total>) {
    match args.mode {
        ModeArg::KeepPromise => run_world(args, seed, Mode::KeepPromise, total),
        ModeArg::Lying => run_world(args, seed, Mode::Lying, total),
        ModeArg::CrashStates => {
            let report = crash_states::run(seed, args.states, args.only, args.trace);
            for (index, violation) in &report.violations {
                println!(
                    "FAILED seed {seed} state {index}: {}: {}\n  replay: cargo run --profile sim \
                     -p millstream-sim -- --mode crash-states --seed {seed} --states {} --only \
                     {index} --trace",
                    violation.check, violation.what, args.states
                );
            }
            let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            total.ran += 1;
            total.states += report.states;
            total.failed += u64::from(!report.violations.is_empty());
        }
        ModeArg::NthIo => {
            let (first, step) = match args.only {
                Some(only) => (only as u64, u64::MAX),
                None => (seed % args.step, args.step),
            };
            let (ran, wrong) = nth_io::run(seed, first, step, args.trace);
            for (nth, outcome) in &wrong {
                let replay = format!("--mode nth-io --seed {seed} --only {nth} --trace");
                show(outcome, &replay, args.trace);
            }
            let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            total.ran += ran;
            total.failed += wrong.len() as u64;
        }
    }
}

fn run_world(args: &Args, seed: u64, mode: Mode, total: &Mutex<Total>) {
    let outcome = harness::run(seed, mode, args.trace);
    let mut failed = outcome.violation.is_some();
    if failed {
        let replay = format!("--mode {} --seed {seed} --trace", args.mode.text());
        show(&outcome, &replay, args.trace);
    }
    if args.twice {
        let again = harness::run(seed, mode, false);
        if again.hash != outcome.hash {
            println!("FAILED seed {seed}: its hash is {:x}, then {:x}", outcome.hash, again.hash);
            failed = true;
        }
    }
    if args.seed.is_some() {
        println!("seed {seed}: hash {:016x}, {:?}", outcome.hash, outcome.tally);
    }
    let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let tally = outcome.tally;
    total.ran += 1;
    total.failed += u64::from(failed);
    total.acked += tally.acked;
    total.facts += tally.facts;
    total.starts += tally.starts;
    total.power_cuts += tally.power_cuts;
    total.kills += tally.kills;
    total.memory_waits += tally.memory_waits;
    total.virtual_ms += tally.virtual_ms;
}

/// The end of a failing seed's history, and how to see all of it.
fn show(outcome: &Outcome, replay: &str, whole: bool) {
    let Some(violation) = &outcome.violation else { return };
    println!("FAILED seed {}: {}: {}", outcome.seed, violation.check, violation.what);
    println!("  replay: cargo run --profile sim -p millstream-sim -- {replay}");
    const LINES: usize = 12;
    let from =
        if whole { outcome.history.len() } else { outcome.history.len().saturating_sub(LINES) };
    for line in &outcome.history[from..] {
        println!("  {line}");
    }
}

fn run_corpus() -> u64 {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
    let entries = match corpus::load(&dir) {
        Ok(entries) => entries,
        Err(fault) => {
            println!("{fault}");
            return 1;
        }
    };
    let mut wrong = 0;
    for entry in &entries {
        let outcome = harness::run(entry.seed, entry.mode, false);
        let name = entry.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Err(why) = entry.judge(outcome.violation.as_ref()) {
            wrong += 1;
            println!("{name}: {why}");
            let mode = ModeArg::from(entry.mode).text();
            show(&outcome, &format!("--mode {mode} --seed {} --trace", entry.seed), false);
        }
    }
    let open = entries.iter().filter(|entry| entry.open.is_some()).count();
    println!("corpus: {} seeds, {open} of faults that are open, {wrong} wrong", entries.len());
    wrong
}
