//! What the stock test runner has no word for: skipped with a reason, and known to fail.
//!
//! Scenarios run one after the other, each in a thread of its own, so that a panic is a failure
//! and no end. The last lines count them; the same lines go to `faults-summary.txt` under the
//! build's `tmp`, where `.ci/run` looks for them. Understands what `cargo test` passes on:
//! filters, `--exact`, `--skip`, `--list`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::{Instant, SystemTime};

/// One fault and what has to hold under it.
pub struct Scenario {
    pub name: &'static str,
    pub run: fn() -> Outcome,
    /// Why it fails for now. It still runs: a failure is printed and counted on its own.
    pub known: Option<&'static str>,
}

/// How a scenario ended without failing; a failure is a panic.
pub enum Outcome {
    /// All held; the text has the figures.
    Passed(String),
    /// This machine cannot make the fault; the text says what is missing.
    Skipped(String),
}

enum Verdict {
    Passed,
    Skipped,
    Failed,
    KnownFailing,
}

struct Arguments {
    filters: Vec<String>,
    skips: Vec<String>,
    exact: bool,
    list: bool,
}

/// Options of the stock runner that take a value, which is no filter.
const VALUED: [&str; 5] =
    ["--test-threads", "--color", "--format", "--logfile", "--report-time-format"];

impl Arguments {
    fn read() -> Arguments {
        let mut read =
            Arguments { filters: Vec::new(), skips: Vec::new(), exact: false, list: false };
        let mut given = std::env::args().skip(1);
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--exact" => read.exact = true,
                "--list" => read.list = true,
                "--skip" => read.skips.extend(given.next()),
                option if VALUED.contains(&option) => drop(given.next()),
                option if option.starts_with('-') => {}
                _ => read.filters.push(argument),
            }
        }
        read
    }

    fn wants(&self, name: &str) -> bool {
        let fits = |filter: &String| match self.exact {
            true => name == filter,
            false => name.contains(filter.as_str()),
        };
        (self.filters.is_empty() || self.filters.iter().any(fits)) && !self.skips.iter().any(fits)
    }
}

/// Runs what the command line asks for.
pub fn run(scenarios: &[Scenario]) -> ExitCode {
    let arguments = Arguments::read();
    let wanted: Vec<_> = scenarios.iter().filter(|s| arguments.wants(s.name)).collect();
    if arguments.list {
        wanted.iter().for_each(|scenario| println!("{}: test", scenario.name));
        return ExitCode::SUCCESS;
    }
    if wanted.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} fault scenarios, FAULTS_SEED={}", wanted.len(), seed());
    let mut notes = String::new();
    let mut counts = [0; 4];
    for scenario in wanted {
        let verdict = run_one(scenario, &mut notes);
        counts[verdict as usize] += 1;
    }
    let [passed, skipped, failed, known] = counts;
    let summary = format!(
        "{notes}faults: {passed} passed, {skipped} skipped, {failed} failed, \
         {known} known to fail\n"
    );
    print!("\n{summary}");
    if arguments.filters.is_empty() {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults-summary.txt");
        std::fs::write(path, &summary).expect("target/tmp is writable");
    }
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn run_one(scenario: &Scenario, notes: &mut String) -> Verdict {
    let (name, began) = (scenario.name, Instant::now());
    let thread = thread::Builder::new().name(name.to_owned()).spawn(scenario.run);
    let ended = thread.expect("a thread").join();
    let took = began.elapsed().as_secs_f32();
    match (ended, scenario.known) {
        (Ok(Outcome::Passed(figures)), known) => {
            println!("scenario {name} ... ok, {took:.1} s: {figures}");
            if known.is_some() {
                let _ = writeln!(notes, "faults: passes by now, remove its mark: {name}");
            }
            Verdict::Passed
        }
        (Ok(Outcome::Skipped(reason)), _) => {
            println!("scenario {name} ... SKIPPED: {reason}");
            let _ = writeln!(notes, "faults: skipped: {name}: {reason}");
            Verdict::Skipped
        }
        (Err(_), Some(reason)) => {
            println!("scenario {name} ... KNOWN TO FAIL, {took:.1} s: {reason}");
            let _ = writeln!(notes, "faults: known to fail: {name}: {reason}");
            Verdict::KnownFailing
        }
        (Err(_), None) => {
            println!("scenario {name} ... FAILED, {took:.1} s");
            let seed = seed();
            let _ = writeln!(notes, "faults: failed: FAULTS_SEED={seed} … {name}");
            Verdict::Failed
        }
    }
}

/// A number from the environment, for campaigns; the default suits `cargo test`.
pub fn knob(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => default,
    }
}

/// The seed of this run: given, or of the day's time.
pub fn seed() -> u64 {
    static SEED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *SEED.get_or_init(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        knob("FAULTS_SEED", u64::from(now.subsec_nanos()))
    })
}

/// SplitMix64: enough to choose moments, sizes and bits.
pub struct Random(u64);

impl Random {
    /// The stream of this run for one purpose.
    pub fn for_purpose(purpose: &str) -> Random {
        let salt = purpose.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        Random(seed() ^ salt)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}
