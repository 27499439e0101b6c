//! The host: kernel, io_uring, limits, clock, processors.

use std::fs;

use millstream_shards::{Config, UringDrivers, launch};
use rustix::process::{Resource, getrlimit};

use super::{Finding, Level};

/// Receive buffers of the ring that is tried out: as few as may be.
const TRIED_BUFFERS: u16 = 1;
const FILES_WANTED: u64 = 65_536;
const MEMLOCK_WANTED: u64 = 64 << 20;
/// Clocks that a process reads without a system call.
const FAST_CLOCKS: [&str; 5] =
    ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "riscv_clocksource"];

pub fn look() -> Vec<Finding> {
    let text = |path: &str| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let mut findings = vec![
        kernel(&text("/proc/sys/kernel/osrelease").unwrap_or_default()),
        files(getrlimit(Resource::Nofile).maximum),
        memlock(getrlimit(Resource::Memlock).maximum),
    ];
    findings.extend(ring());
    let clock = "/sys/devices/system/clocksource/clocksource0/";
    findings.extend(text(&format!("{clock}current_clocksource")).map(|now| {
        let available = text(&format!("{clock}available_clocksource")).unwrap_or_default();
        clocksource(&now, &available)
    }));
    findings.push(governor(&governors()));
    let quota = text("/sys/fs/cgroup/cpu.max");
    findings.extend(quota.as_deref().and_then(cpu_quota));
    findings
}

/// Starts a shard as `serve` does, and ends it.
fn ring() -> Vec<Finding> {
    let config = Config { recv_buffers: TRIED_BUFFERS, memory_bytes: 1 << 20, ..Config::default() };
    let why = "every read, write and socket of the broker goes through io_uring";
    match launch::<(), _, _, _>(config, UringDrivers, |_shard, _endpoint| async {}) {
        Err(fault) => {
            let disabled = fs::read_to_string("/proc/sys/kernel/io_uring_disabled");
            let disabled = disabled.ok().map(|text| text.trim().to_owned());
            vec![ring_fault(&fault.to_string(), disabled.as_deref())]
        }
        Ok(running) => {
            let notes: Vec<_> = running.startup_notes().to_vec();
            let _ = running.join();
            let mut findings = vec![Finding::ok("io_uring", "a shard starts")];
            findings.extend(notes.into_iter().map(|note| {
                let place = ("io_uring", Level::Note);
                Finding::not_well(place, note, why, "a newer kernel has it (Linux 6.1 or later)")
            }));
            findings
        }
    }
}

pub fn ring_fault(fault: &str, disabled: Option<&str>) -> Finding {
    let (what, fix) = match disabled {
        Some("1" | "2") => (
            format!("forbidden by kernel.io_uring_disabled={}", disabled.unwrap_or_default()),
            "sysctl -w kernel.io_uring_disabled=0\n\
             echo kernel.io_uring_disabled=0 > /etc/sysctl.d/60-millstream.conf"
                .to_owned(),
        ),
        _ => {
            let (what, fix) = fault.split_once(": ").unwrap_or((fault, fault));
            (what.to_owned(), fix.to_owned())
        }
    };
    let why = "every read, write and socket of the broker goes through io_uring: it cannot start";
    Finding::not_well(("io_uring", Level::Bad), what, why, fix)
}

pub fn kernel(release: &str) -> Finding {
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version >= (6, 1) {
        return Finding::ok("kernel", release);
    }
    Finding::not_well(
        ("kernel", Level::Warn),
        format!("Linux {release}"),
        "the broker is made for io_uring as of Linux 6.1",
        "boot Linux 6.1 or newer",
    )
}

pub fn files(hard: Option<u64>) -> Finding {
    match hard.filter(|hard| *hard < FILES_WANTED) {
        None => Finding::ok("open-files", limit(hard)),
        Some(hard) => Finding::not_well(
            ("open-files", Level::Warn),
            format!("at most {hard} open files"),
            "connections and warm partitions are descriptors; without one they are refused",
            "ulimit -n 1048576   (systemd: LimitNOFILE=1048576, docker: --ulimit nofile=1048576)",
        ),
    }
}

pub fn memlock(hard: Option<u64>) -> Finding {
    match hard.filter(|hard| *hard < MEMLOCK_WANTED) {
        None => Finding::ok("memlock", limit(hard)),
        Some(hard) => Finding::not_well(
            ("memlock", Level::Note),
            format!("at most {} KiB may be locked", hard / 1024),
            "kernels before 5.12 count rings and their buffers here; many shards may not start",
            "ulimit -l unlimited   (systemd: LimitMEMLOCK=infinity, docker: --ulimit memlock=-1)",
        ),
    }
}

fn limit(hard: Option<u64>) -> String {
    hard.map_or_else(|| "unlimited".to_owned(), |hard| hard.to_string())
}

pub fn clocksource(now: &str, available: &str) -> Finding {
    if FAST_CLOCKS.contains(&now) {
        return Finding::ok("clock", now);
    }
    let better = available.split_whitespace().find(|name| FAST_CLOCKS.contains(name));
    let fix = match better {
        Some(name) => format!(
            "echo {name} > /sys/devices/system/clocksource/clocksource0/current_clocksource"
        ),
        None => "no faster clock here; ask the host's provider for a tsc".to_owned(),
    };
    Finding::not_well(
        ("clock", Level::Warn),
        format!("clock source {now}"),
        "reading it is a system call, and the broker reads the clock every turn",
        fix,
    )
}

fn governors() -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir("/sys/devices/system/cpu")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|cpu| fs::read_to_string(cpu.path().join("cpufreq/scaling_governor")).ok())
        .map(|text| text.trim().to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

pub fn governor(found: &[String]) -> Finding {
    let slow: Vec<_> = found.iter().filter(|name| *name != "performance").cloned().collect();
    match (found.is_empty(), slow.is_empty()) {
        (true, _) => Finding::ok("cpu-governor", "no frequency scaling here"),
        (_, true) => Finding::ok("cpu-governor", "performance"),
        _ => Finding::not_well(
            ("cpu-governor", Level::Note),
            slow.join(", "),
            "a core that has slowed down takes the first requests of a burst late",
            "cpupower frequency-set -g performance",
        ),
    }
}

/// `cpu.max` of the control group.
pub fn cpu_quota(text: &str) -> Option<Finding> {
    let (quota, period) = text.split_once(' ')?;
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    Some(Finding::not_well(
        ("cpu-quota", Level::Note),
        format!("{:.2} processors by quota", quota as f64 / period.max(1) as f64),
        "a shard that has used its share stands still up to a tenth of a second",
        "give whole cores instead (docker: --cpuset-cpus, kubernetes: static CPU manager policy)",
    ))
}
