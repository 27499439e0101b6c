//! `millstream serve`: from settings to a running broker, and down again on a signal.
//!
//! The main thread locks the data directory, launches the shards and the admin listener,
//! prints where to connect, and then waits for SIGINT or SIGTERM. Everything that can fail
//! at start fails here, in one line that says what to change. The first signal stops the broker in
//! bounded time, the second ends the process at once. Exit code: 0 stopped and all is settled, 1
//! it failed, 3 stopped and the next start has a journal to replay, 128 + n a second signal n.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use millstream_engine::config::{BrokerConfig, Poll};
use millstream_shards::limits::{RECV_BUFFER_BYTES, RECV_BUFFERS_MAX, RECV_BUFFERS_STEP};
use millstream_shards::{Config, Event, Running, Stopper, UringDrivers, launch, return_heap_soon};
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::survey;
use crate::controller::starts::Closed;
use crate::metrics::{self, Metrics};
use crate::net;
use crate::shard::boot::{self, Boot, Started};
use crate::storage::Withheld;

const LOCK_FILE: &str = ".lock";
const FILES_MIN: u64 = 4096;
/// The exit code of a stop that left something to the journal.
const UNSETTLED: u8 = 3;
/// Longer than the parts of a stop that have bounds take: closing, and the wait for operations that
/// were cancelled. Giving a ring back has none where the device stands still.
const STOP_TIME_MAX: Duration = Duration::from_secs(29);

/// Runs the broker until a signal; the exit code says whether it started and stopped well.
#[must_use]
pub fn run(config: BrokerConfig, warnings: Vec<String>) -> ExitCode {
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    match serve(config) {
        Ok(Stopped::Settled) => ExitCode::SUCCESS,
        Ok(Stopped::Unsettled) => {
            eprintln!("millstream: stopped; the next start replays what the journal has");
            ExitCode::from(UNSETTLED)
        }
        Err(reason) => {
            eprintln!("millstream: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// How a broker has stopped.
enum Stopped {
    Settled,
    /// Acknowledged records are in the journal only.
    Unsettled,
}

fn serve(config: BrokerConfig) -> Result<Stopped, String> {
    let began = Instant::now();
    let signals = Signals::new([SIGINT, SIGTERM]).map_err(|fault| fault.to_string())?;
    let data_dir = config.log_dir.clone();
    let _lock = lock(&data_dir)?;
    for note in survey::check(&data_dir, config.node_id)? {
        tracing::warn!("{note}");
    }
    raise_file_limit();
    return_heap_soon();
    let shards = config.shards.map_or_else(physical_cores, usize::from).max(1);
    let config = Arc::new(config);
    let metrics = Arc::new(Metrics::new(shards));
    let ready = Arc::new(AtomicBool::new(false));
    let unsettled = Arc::new(AtomicBool::new(false));
    let (started, starting) = mpsc::channel();
    let boot = Boot {
        listen: net::listen_addresses(&config)?,
        room: net::Room::default(),
        config: config.clone(),
        data_dir,
        metrics: metrics.clone(),
        ready: ready.clone(),
        unsettled: unsettled.clone(),
        withheld: Withheld::default(),
        closed: Closed::default(),
        started,
    };
    let running = launch(runtime(&config, shards), UringDrivers, move |shard, endpoint| {
        boot::run(boot.clone(), shard, endpoint)
    })
    .map_err(|fault| fault.to_string())?;
    for note in running.startup_notes() {
        tracing::info!("{note}");
    }
    stop_on_signal(signals, running.stopper())?;
    let end = |running: Running<_>| {
        running.join().map_err(|fault| fault.to_string())?;
        Ok(if unsettled.load(Ordering::Acquire) { Stopped::Unsettled } else { Stopped::Settled })
    };
    let up = match starting.recv() {
        Ok(Ok(up)) => up,
        Ok(Err(reason)) => return Err(reason),
        // A shard died, or it was stopped before it was up.
        Err(_) => return end(running),
    };
    let admin = match &config.admin_listener {
        Some(at) => Some(metrics::start(at, metrics, ready).map_err(|fault| fault.to_string())?),
        None => None,
    };
    let admin_at = admin.as_ref().map(|thread| thread.local_addr());
    announce(&config, &up, admin_at, shards, began.elapsed());
    let ended = end(running);
    drop(admin);
    ended
}

/// One process per data directory; the lock goes with the process, however it ends.
fn lock(data_dir: &Path) -> Result<File, String> {
    let shown = data_dir.display();
    let cannot = |fault: std::io::Error| {
        format!(
            "cannot write {LOCK_FILE} to the data directory {shown}: {fault}; make it writable \
             for this user, or choose another with --set log.dirs=PATH"
        )
    };
    fs::create_dir_all(data_dir).map_err(cannot)?;
    let path = data_dir.join(LOCK_FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(cannot)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
        format!(
            "the data directory {shown} is in use by another process; stop that one, or choose \
                 another with --set log.dirs=PATH"
        )
    })?;
    Ok(file)
}

/// Partitions and connections are descriptors: take what the host allows.
fn raise_file_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let current = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    if current < FILES_MIN {
        tracing::warn!(current, "few open files allowed; raise it with: ulimit -n 65536");
    }
}

fn physical_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn runtime(config: &BrokerConfig, shards: usize) -> Config {
    let poll = match config.poll {
        Poll::Park => millstream_shards::Poll::Park,
        Poll::Adaptive { spin_us } => millstream_shards::Poll::Adaptive { spin_us },
        Poll::Busy => millstream_shards::Poll::Busy,
    };
    Config {
        shards,
        pin: config.pin,
        poll,
        memory_bytes: config.memory_bytes,
        recv_buffers: recv_buffers(config.memory_bytes, shards),
        on_event: Some(Arc::new(report)),
        ..Config::default()
    }
}

/// Receive buffers of each shard: they stay once they are used, beside `millstream.memory`, and
/// are a sixteenth of it at most.
fn recv_buffers(memory_bytes: u64, shards: usize) -> u16 {
    let each = memory_bytes / 16 / shards.max(1) as u64 / RECV_BUFFER_BYTES as u64;
    let fitting = 1_u16 << each.max(1).ilog2().min(15);
    fitting.clamp(RECV_BUFFERS_STEP, RECV_BUFFERS_MAX)
}

/// What the runtime wants an operator to know.
fn report(event: &Event) {
    match event {
        Event::Stall { shard, task, held_us } => {
            tracing::debug!(shard = shard.0, task, held_us, "a task held its core");
        }
        Event::DrainGaveUp { shard, operations } => {
            tracing::warn!(shard = shard.0, operations, "operations did not end; buffers leaked");
        }
    }
}

/// Says on standard output where to connect and what to try; scripts read the first line.
fn announce(
    config: &BrokerConfig,
    up: &Started,
    admin: Option<SocketAddr>,
    shards: usize,
    took: Duration,
) {
    let mut out = std::io::stdout().lock();
    for address in &up.addresses {
        let _ = writeln!(out, "listening on {address}");
    }
    let _ = write!(out, "{}", super::banner::text(config, up, admin, shards, took));
    let _ = out.flush();
}

/// A thread that sleeps until SIGINT or SIGTERM and then asks the shards to stop; the next signal
/// ends the process.
fn stop_on_signal(mut signals: Signals, stopper: Stopper) -> Result<(), String> {
    let wait = move || {
        let mut signals = signals.forever();
        let Some(signal) = signals.next() else { return };
        tracing::info!(signal, "stopping");
        stopper.stop();
        let _ = spawn("stop-deadline", || {
            std::thread::sleep(STOP_TIME_MAX);
            end_now("the stop takes too long", i32::from(UNSETTLED));
        });
        if let Some(signal) = signals.next() {
            end_now("a second signal ends it at once", 128 + signal);
        }
    };
    spawn("signals", wait)
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map(drop).map_err(|fault| format!("cannot start the thread {name}: {fault}"))
}

/// Ends the process as a crash would: what was acknowledged is on the device.
fn end_now(why: &str, code: i32) {
    eprintln!("millstream: {why}; the next start replays what the journal has");
    signal_hook::low_level::exit(code);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receive_buffers_are_a_sixteenth_of_the_memory_at_most_and_never_too_few_to_lend() {
        const MIB: u64 = 1 << 20;
        for (mib, shards, buffers) in [
            (512, 2, 1024),
            (4096, 2, 1024),
            (128, 2, 256),
            (100, 2, 128),
            (16, 2, 32),
            (16, 64, 32),
        ] {
            assert_eq!(recv_buffers(mib * MIB, shards), buffers, "{mib} MiB, {shards} shards");
        }
    }
}
