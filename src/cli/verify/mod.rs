//! `millstream verify`: whether a data directory is what a broker wrote, and what to do if not.
//!
//! Looks at every file of the directory while no broker runs on it: all checksums, the
//! records' framing, offsets and epochs, and whether files agree that say the same thing
//! twice. Reads only. Partitions are checked side by side, each worker with one window and at
//! most one decompressed batch in memory. Exit code: 0 sound, 1 damage, 2 cannot check.

mod directory;
mod journals;
mod partition;
mod report;
#[cfg(test)]
pub mod tests;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::report::Report;
pub use self::report::amount;
use super::ondisk::{self, LOCK_FILE, Lock};
use super::output::Output;

const EXAMPLES: &str = "Examples:
  millstream verify data
  millstream verify /srv/millstream --threads 8
  millstream verify data --output json | jq '.findings[] | select(.severity == \"damage\")'
  millstream verify /mnt/backup/data && echo 'the backup is sound'

Exit code: 0 sound, 1 damage found, 2 cannot check (no data directory, a broker runs on it, or it
is of a newer format). Nothing is changed. docs/log-format.md explains the causes.";

/// Damage was found.
const DAMAGED: u8 = 1;
/// There is no judgement.
const UNCHECKED: u8 = 2;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// The data directory, as in log.dirs
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Partitions to check at a time; without it one per core
    #[arg(short, long, value_name = "N")]
    threads: Option<usize>,
    /// Check although a broker runs on it: what it writes meanwhile may look like damage
    #[arg(long)]
    while_running: bool,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// Checks the directory and says what was found.
#[must_use]
pub fn run(args: &VerifyArgs) -> ExitCode {
    match checked(args) {
        Ok(report) if report.damages() > 0 => ExitCode::from(DAMAGED),
        Ok(_) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("millstream: {reason}");
            ExitCode::from(UNCHECKED)
        }
    }
}

fn checked(args: &VerifyArgs) -> Result<Report, String> {
    let dir = &args.dir;
    let shown = dir.display();
    // Held to the end: while it is, no broker starts here.
    let (lock, _held) = ondisk::lock(dir);
    match (lock, args.while_running) {
        (Lock::Held, false) => {
            return Err(format!(
                "a broker is running on {shown} (it holds {LOCK_FILE}); stop it first, or add \
                 --while-running and expect its unfinished writes among the findings"
            ));
        }
        (Lock::Held, true) => {
            eprintln!("a broker is running on {shown}: its unfinished writes may look like damage");
        }
        (Lock::Free | Lock::None, _) => {}
    }
    let threads =
        args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let report = directory::check(dir, threads.max(1))?;
    let said = match args.output {
        Output::Table => super::output::say(&report.text()),
        Output::Json => super::output::say_json(&report.json()),
    };
    match said {
        Err(super::Fault::Io { cause, .. }) if cause.kind() == ErrorKind::BrokenPipe => Ok(report),
        said => said.map(|()| report).map_err(|fault| fault.to_string()),
    }
}
