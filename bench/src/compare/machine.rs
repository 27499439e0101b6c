//! Where a comparison ran: what a reader needs to know before trusting a number. All of it is read
//! from the running system; what cannot be read is left out rather than guessed.
//! Read once, before the first broker starts.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::broker::BrokerSpec;

use super::scenario::Plan;

pub struct Machine(Map<String, Value>);

impl Machine {
    pub fn read(data: &Path, root: &Path, plan: &Plan, binary: &str) -> Machine {
        let mut facts = Map::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                facts.insert(name.to_owned(), json!(value));
            }
        };
        put("cores", std::thread::available_parallelism().ok().map(|n| n.to_string()));
        put("cpu", field("/proc/cpuinfo", "model name"));
        put("memory", field("/proc/meminfo", "MemTotal"));
        put("kernel", first_line("/proc/sys/kernel/osrelease"));
        put("congestion_control", first_line("/proc/sys/net/ipv4/tcp_congestion_control"));
        put("load_average", first_line("/proc/loadavg"));
        let mount = mount_of(data);
        put("data_filesystem", mount.as_ref().map(|m| format!("{} ({})", m.kind, m.options)));
        if let Some(disk) = mount.and_then(|m| m.device).and_then(|d| disk_of(&d)) {
            for knob in ["read_ahead_kb", "write_cache", "scheduler", "fua"] {
                put(knob, first_line(&format!("/sys/block/{disk}/queue/{knob}")));
            }
        }
        put("client_sleeps_between_events", Some("yes (epoll)".to_owned()));
        put("project_commit", output("git", &["rev-parse", "--short=12", "HEAD"], root));
        for name in &plan.pair {
            put(&format!("{name}_version"), version(&plan.brokers[name], root, binary));
        }
        Machine(facts)
    }

    pub fn facts(&self) -> &Map<String, Value> {
        &self.0
    }
}

fn version(spec: &BrokerSpec, root: &Path, binary: &str) -> Option<String> {
    let root_text = root.to_string_lossy();
    let words: Vec<String> = spec
        .version
        .iter()
        .map(|word| word.replace("{binary}", binary).replace("{root}", &root_text))
        .collect();
    let (program, args) = words.split_first()?;
    output(program, &args.iter().map(String::as_str).collect::<Vec<_>>(), root)
}

fn output(program: &str, args: &[&str], dir: &Path) -> Option<String> {
    let output = Command::new(program).args(args).current_dir(dir).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next()?.trim().to_owned();
    output.status.success().then_some(line)
}

fn first_line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.lines().next().map(|line| line.trim().to_owned())
}

/// The value after `name :` in a file of such lines.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

struct Mount {
    kind: String,
    options: String,
    device: Option<String>,
}

/// The mount that holds `path`: the one with the longest prefix.
fn mount_of(path: &Path) -> Option<Mount> {
    let path = path.canonicalize().ok()?;
    let table = fs::read_to_string("/proc/self/mounts").ok()?;
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let found = rows
        .filter(|row| row.len() >= 4 && path.starts_with(row[1]))
        .max_by_key(|row| row[1].len())?;
    Some(Mount {
        kind: found[2].to_owned(),
        options: found[3].to_owned(),
        device: found[0].strip_prefix("/dev/").map(str::to_owned),
    })
}

/// The whole disk of a device name that may be a partition of it.
fn disk_of(device: &str) -> Option<String> {
    let whole = fs::read_dir("/sys/block").ok()?.filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        device.starts_with(&name).then_some(name)
    });
    whole.max_by_key(String::len)
}
