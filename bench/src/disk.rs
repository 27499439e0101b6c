//! The disk without a broker: what one durable write costs and how fast large ones go, with
//! O_DIRECT and RWF_DSYNC, into a prewritten, a preallocated and a growing file. The shape of a
//! log's write path, and the roof over every acks=all figure measured on the same machine.

use std::fs::{self, File};
use std::io::IoSlice;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use rustix::fs::{FallocateFlags, Mode, OFlags, fallocate};
use rustix::io::{ReadWriteFlags, pwritev2};
use serde_json::json;

use crate::fault::Fault;
use crate::latency::Latency;
use crate::report::Report;

/// Alignment of addresses, lengths and offsets for direct I/O.
const ALIGN: usize = 4096;
const MIB: u64 = 1 << 20;
/// Bytes of the file that is written round and round.
const FILE_BYTES: u64 = 256 * MIB;

#[derive(Args)]
pub struct DiskOptions {
    /// Directory on the disk to be probed; one file is made in it and removed
    #[arg(long, default_value = ".")]
    pub dir: PathBuf,
    /// Half a second a row, and only the prewritten file
    #[arg(long)]
    pub quick: bool,
    /// Writes in flight, each in its own part of the file
    #[arg(long, default_value_t = 1)]
    pub depth: u64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    Prewritten,
    Preallocated,
    Growing,
}

impl Ground {
    fn name(self) -> &'static str {
        match self {
            Ground::Prewritten => "prewritten",
            Ground::Preallocated => "preallocated",
            Ground::Growing => "growing",
        }
    }
}

pub fn run(options: &DiskOptions) -> Result<Report, Fault> {
    let (seconds, grounds): (_, &[Ground]) = match options.quick {
        true => (0.5, &[Ground::Prewritten]),
        false => (2.0, &[Ground::Prewritten, Ground::Preallocated, Ground::Growing]),
    };
    let path = options.dir.join(format!("disk-probe-{}", std::process::id()));
    let mut report = Report::new("disk-probe", &json!({ "seconds": seconds }));
    let outcome = grounds.iter().try_for_each(|&ground| {
        for (name, bytes) in [("4k", 4 << 10), ("64k", 64 << 10), ("1m", 1 << 20), ("4m", 4 << 20)]
        {
            let file = prepare(&path, ground)?;
            let run = Duration::from_secs_f64(seconds);
            let (latency, mb_per_s) = write_in_parts(&file, bytes, run, options.depth)?;
            let name = format!("{}_{name}", ground.name());
            report.metric(&format!("{name}_p50_ms"), latency.at_ms(0.5));
            report.metric(&format!("{name}_p99_ms"), latency.at_ms(0.99));
            report.metric(&format!("{name}_mb_per_s"), mb_per_s);
        }
        Ok(())
    });
    let _ = fs::remove_file(&path);
    outcome.map(|()| report)
}

fn prepare(path: &Path, ground: Ground) -> Result<File, Fault> {
    let made = ground == Ground::Prewritten && path.exists();
    let truncate = if made { OFlags::empty() } else { OFlags::TRUNC };
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::DIRECT | OFlags::CLOEXEC | truncate;
    let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)
        .map(File::from)
        .map_err(Fault::os(format!("open {} for direct I/O", path.display())))?;
    match ground {
        Ground::Prewritten if !made => {
            let buffer = Aligned::new(1 << 20);
            for at in (0..FILE_BYTES).step_by(1 << 20) {
                write_at(&file, buffer.bytes(), at, ReadWriteFlags::empty())?;
            }
            file.sync_all().map_err(Fault::io("sync the prewritten file"))?;
        }
        Ground::Prewritten | Ground::Growing => {}
        Ground::Preallocated => {
            fallocate(&file, FallocateFlags::empty(), 0, FILE_BYTES)
                .map_err(Fault::os("preallocate"))?;
            file.sync_all().map_err(Fault::io("sync the preallocated file"))?;
        }
    }
    Ok(file)
}

/// `depth` threads, each with its own part of the file; latencies merged, rates summed.
fn write_in_parts(
    file: &File,
    bytes: usize,
    run: Duration,
    depth: u64,
) -> Result<(Latency, f64), Fault> {
    let part = FILE_BYTES / depth.clamp(1, 64) / ALIGN as u64 * ALIGN as u64;
    let write = |n: u64| write_durably(file, bytes, run, n * part..(n + 1) * part);
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..depth.clamp(1, 64)).map(|n| scope.spawn(move || write(n))).collect();
        threads.into_iter().map(|t| t.join().expect("a writer does not panic")).collect()
    });
    let (mut latency, mut rate) = (Latency::default(), 0.0);
    for part in parts {
        let (of_part, mb_per_s) = part?;
        latency.merge(&of_part);
        rate += mb_per_s;
    }
    Ok((latency, rate))
}

/// One write at a time, each durable before the next, until the time or the part is used up.
fn write_durably(
    file: &File,
    bytes: usize,
    run: Duration,
    part: Range<u64>,
) -> Result<(Latency, f64), Fault> {
    let buffer = Aligned::new(bytes);
    let mut latency = Latency::default();
    let (begin, mut at, mut written) = (Instant::now(), part.start, 0u64);
    let mut before = begin;
    while before - begin < run && at + bytes as u64 <= part.end {
        write_at(file, buffer.bytes(), at, ReadWriteFlags::DSYNC)?;
        let now = Instant::now();
        latency.record(now - before);
        before = now;
        at += bytes as u64;
        written += bytes as u64;
    }
    Ok((latency, written as f64 / 1e6 / begin.elapsed().as_secs_f64()))
}

fn write_at(file: &File, bytes: &[u8], at: u64, flags: ReadWriteFlags) -> Result<(), Fault> {
    let n = pwritev2(file, &[IoSlice::new(bytes)], at, flags).map_err(Fault::os("write"))?;
    match n == bytes.len() {
        true => Ok(()),
        false => Err(Fault::Mismatch(format!("wrote {n} of {} bytes", bytes.len()))),
    }
}

/// Memory at an address that direct I/O accepts.
struct Aligned {
    memory: Vec<u8>,
    from: usize,
    len: usize,
}

impl Aligned {
    fn new(len: usize) -> Aligned {
        let memory: Vec<u8> = (0..len + ALIGN).map(|i| (i * 31 % 251) as u8).collect();
        let from = memory.as_ptr().align_offset(ALIGN);
        Aligned { memory, from, len }
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.from..self.from + self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_for_direct_io_are_aligned() {
        for len in [ALIGN, 16 * ALIGN] {
            let buffer = Aligned::new(len);
            assert_eq!(buffer.bytes().as_ptr() as usize % ALIGN, 0);
            assert_eq!(buffer.bytes().len(), len);
        }
    }
}
