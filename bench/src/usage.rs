//! What a run costs: CPU-seconds and memory of the broker by its pid, of this client, and of the
//! whole machine (which also shows kernel writers that no process is charged for). Linux's /proc
//! only. Process CPU comes in ticks of 10 ms, exact to a tick over the whole window.

use std::fs;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::fault::Fault;

/// Counters at one moment.
#[derive(Clone, Copy, Debug)]
struct Counters {
    at: Instant,
    broker: Option<BrokerTicks>,
    client_ns: u64,
    machine_busy_ticks: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct BrokerTicks {
    user: u64,
    system: u64,
}

/// Between two moments.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    pub elapsed_s: f64,
    pub broker: Option<BrokerUsage>,
    pub client_cpu_s: f64,
    pub machine_cpu_s: f64,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct BrokerUsage {
    pub user_s: f64,
    pub system_s: f64,
    pub rss_mib: f64,
    pub rss_peak_mib: f64,
    pub threads: f64,
}

impl BrokerUsage {
    pub fn cpu_s(&self) -> f64 {
        self.user_s + self.system_s
    }
}

/// A started measurement.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    pid: Option<u32>,
    begin: Counters,
}

impl Meter {
    pub fn start(pid: Option<u32>) -> Result<Meter, Fault> {
        Ok(Meter { pid, begin: Counters::read(pid)? })
    }

    pub fn stop(self) -> Result<Usage, Fault> {
        let end = Counters::read(self.pid)?;
        let begin = self.begin;
        let seconds = |ticks: u64| ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
        let broker = match (self.pid, begin.broker, end.broker) {
            (Some(pid), Some(from), Some(to)) => {
                let memory = Memory::of(pid)?;
                Some(BrokerUsage {
                    user_s: seconds(to.user.saturating_sub(from.user)),
                    system_s: seconds(to.system.saturating_sub(from.system)),
                    rss_mib: memory.rss_kib as f64 / 1024.0,
                    rss_peak_mib: memory.peak_kib as f64 / 1024.0,
                    threads: memory.threads as f64,
                })
            }
            _ => None,
        };
        let busy = end.machine_busy_ticks.saturating_sub(begin.machine_busy_ticks);
        Ok(Usage {
            elapsed_s: (end.at - begin.at).as_secs_f64(),
            broker,
            client_cpu_s: (end.client_ns - begin.client_ns) as f64 / 1e9,
            machine_cpu_s: seconds(busy),
        })
    }
}

impl Counters {
    fn read(pid: Option<u32>) -> Result<Counters, Fault> {
        let broker = match pid {
            Some(pid) => Some(parse_stat(&read(&format!("/proc/{pid}/stat"))?)?),
            None => None,
        };
        let cpu = clock_gettime(ClockId::ProcessCPUTime);
        let client = Duration::new(cpu.tv_sec as u64, cpu.tv_nsec as u32);
        Ok(Counters {
            at: Instant::now(),
            broker,
            client_ns: client.as_nanos() as u64,
            machine_busy_ticks: parse_machine(&read("/proc/stat")?)?,
        })
    }
}

/// Resident memory and threads of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    pub rss_kib: u64,
    pub peak_kib: u64,
    pub threads: u64,
}

impl Memory {
    pub fn of(pid: u32) -> Result<Memory, Fault> {
        Ok(Memory::parse(&read(&format!("/proc/{pid}/status"))?))
    }

    fn parse(status: &str) -> Memory {
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().next());
            number.and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        Memory { rss_kib: field("VmRSS:"), peak_kib: field("VmHWM:"), threads: field("Threads:") }
    }
}

fn read(path: &str) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(Fault::io(format!("read {path}")))
}

/// utime and stime of /proc/pid/stat; the command name may hold spaces and parentheses.
fn parse_stat(stat: &str) -> Result<BrokerTicks, Fault> {
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace());
    let mut fields = fields.into_iter().flatten().skip(11).map(str::parse::<u64>);
    match (fields.next(), fields.next()) {
        (Some(Ok(user)), Some(Ok(system))) => Ok(BrokerTicks { user, system }),
        _ => Err(Fault::Mismatch(format!("/proc/pid/stat reads {stat:?}"))),
    }
}

/// Ticks that no core was idle or waiting for I/O, from the first line of /proc/stat.
fn parse_machine(stat: &str) -> Result<u64, Fault> {
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu "));
    let fields: Vec<u64> = line
        .into_iter()
        .flat_map(str::split_whitespace)
        .filter_map(|field| field.parse().ok())
        .collect();
    match fields[..] {
        // Guest time is already inside user time; steal is not work of this machine.
        [user, nice, system, _idle, _iowait, irq, softirq, ..] => {
            Ok(user + nice + system + irq + softirq)
        }
        _ => Err(Fault::Mismatch("/proc/stat has no cpu line".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_ticks_are_found_behind_a_command_name_with_parentheses() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 10 0 0 0 123 45 0 0 20 0 9 0 100 1 2";
        let ticks = parse_stat(stat).expect("well formed");
        assert_eq!(ticks, BrokerTicks { user: 123, system: 45 });
    }

    #[test]
    fn a_stat_line_without_its_fields_is_refused() {
        assert!(parse_stat("42 (x) S 1").is_err());
        assert!(parse_machine("intr 1 2 3").is_err());
    }

    #[test]
    fn machine_time_leaves_out_idle_and_io_wait() {
        let busy = parse_machine("cpu  10 1 20 1000 500 3 4 7 0 0\ncpu0 1").expect("well formed");
        assert_eq!(busy, 38);
    }

    #[test]
    fn memory_is_read_from_the_status_lines() {
        let memory = Memory::parse("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t 1024 kB\nThreads:\t3\n");
        assert_eq!(memory, Memory { rss_kib: 1024, peak_kib: 2048, threads: 3 });
    }

    #[test]
    fn a_meter_sees_the_cpu_of_its_own_process() {
        let meter = Meter::start(Some(std::process::id())).expect("own pid");
        let begin = Instant::now();
        let mut sum = 0u64;
        while begin.elapsed() < Duration::from_millis(60) {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        let usage = meter.stop().expect("own pid");
        assert!(sum != 1 && usage.client_cpu_s > 0.01, "{usage:?}");
        assert!(usage.broker.expect("pid was given").rss_mib > 0.1);
    }
}
