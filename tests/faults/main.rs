//! Faults of real processes, disks and files, met by real clients.
//!
//! Each scenario starts brokers of its own, hurts them, and proves what was promised: nothing
//! acknowledged is lost or changed, nothing wrong is served, the rest goes on. They run one after
//! the other in a small version; a variable makes a campaign of it (results: `perf/results/`):
//!
//! ```text
//! FAULTS_KILLS=200  cargo test --test faults kill_nine   # 200 kills under load, about 5 minutes
//! FAULTS_FLIPS=1300 cargo test --test faults bit_flips   # of each of four groups of files
//! FAULTS_STOPS=20   cargo test --test faults stopped     # of 6 s each
//! FAULTS_MEMORY_SECONDS=60 cargo test --test faults memory
//!                                        # FAULTS_CONNECTIONS, FAULTS_MEMORY_MIB,
//!                                        # FAULTS_MEMORY_ACTORS=bombs,sessions,stalled,crowd
//! FAULTS_SLOW_SECONDS=120 cargo test --test faults slow  # at 1 MiB/s
//! ```
//!
//! What this machine cannot do is SKIPPED: the runner says so with the reason where it happens
//! and again in its last lines, and never counts it as passed. It needs root for `disk_full`,
//! `slow_disk`, `read_only_directory` (a loop device, mkfs.ext4), `slow_disk` (the I/O controller
//! of cgroup v2 or v1) and `device_errors` (zram). What is known to fail runs all the same, and
//! is counted on its own. `FAULTS_SEED=n` repeats the choices of a run; moments within a process
//! stay its own.
//!
//! To add a fault: a function that returns an `Outcome` and panics when something does not hold,
//! and a row in `SCENARIOS`. `load` has clients that prove themselves, `golden` data whose every
//! byte is known, `pristine` directories that can be hurt and put back, `device` disks of our own.

mod device;
mod flips;
mod full;
mod garbage;
mod golden;
mod kill;
mod load;
mod memory;
mod pristine;
mod process;
mod records;
mod runner;
mod slow;
mod wire;

use std::process::ExitCode;

use runner::Scenario;

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "kill_nine_under_load", run: kill::kill_nine_under_load, known: None },
    Scenario {
        name: "stopped_and_continued_under_load",
        run: kill::stopped_and_continued_under_load,
        known: None,
    },
    Scenario { name: "bit_flips_in_segments", run: flips::in_segments, known: None },
    Scenario {
        name: "bit_flips_in_indexes_and_checkpoints",
        run: flips::in_indexes_and_checkpoints,
        known: None,
    },
    Scenario { name: "bit_flips_in_metadata", run: flips::in_metadata, known: None },
    Scenario { name: "bit_flips_in_journals", run: flips::in_journals, known: None },
    Scenario { name: "damaged_directories", run: garbage::damaged_directories, known: None },
    Scenario {
        name: "damaged_directories_beside_a_checkpoint",
        run: garbage::damaged_directories_beside_a_checkpoint,
        known: None,
    },
    Scenario { name: "read_only_directory", run: garbage::read_only_directory, known: None },
    Scenario { name: "disk_full", run: full::disk_full, known: None },
    Scenario { name: "disk_full_at_a_start", run: full::disk_full_at_a_start, known: None },
    Scenario { name: "disk_full_at_a_stop", run: full::disk_full_at_a_stop, known: None },
    Scenario {
        name: "disk_full_answers_what_waits",
        run: full::disk_full_answers_what_waits,
        known: None,
    },
    Scenario { name: "device_errors", run: full::device_errors, known: None },
    Scenario { name: "device_errors_that_pass", run: full::device_errors_that_pass, known: None },
    Scenario { name: "slow_disk", run: slow::slow_disk, known: None },
    Scenario { name: "memory_under_everything", run: memory::memory_under_everything, known: None },
];

fn main() -> ExitCode {
    runner::run(SCENARIOS)
}
