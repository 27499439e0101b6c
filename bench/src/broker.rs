//! Brokers as child processes: start one from a command line on a fresh data directory, wait until
//! it answers, stop it, remove the directory. A command must not fork away: its process is the
//! broker (scripts end in `exec`), so that its pid is the one that is metered.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::admin::Admin;
use crate::fault::Fault;
use crate::limits::{BROKER_START_MAX, BROKER_STOP_MAX};

/// How a broker is started. In the words of the command and the values of the environment, `{dir}`
/// stands for the data directory, `{port}` and `{port2}` for two free ports, `{root}` for the
/// project's directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrokerSpec {
    pub command: Vec<String>,
    #[serde(default)]
    pub env: std::collections::BTreeMap<String, String>,
    /// Words of a command that prints the broker's version.
    #[serde(default)]
    pub version: Vec<String>,
}

impl BrokerSpec {
    /// Put `value` where `placeholder` stands; values may hold placeholders themselves.
    pub fn fill(&mut self, placeholder: &str, value: &str) {
        for word in self.command.iter_mut().chain(self.env.values_mut()) {
            *word = word.replace(placeholder, value);
        }
    }
}

/// Where a broker runs.
#[derive(Clone, Debug)]
pub struct Site {
    pub dir: PathBuf,
    pub port: u16,
    /// For a broker that wants a second listener of its own.
    pub port2: u16,
    pub root: PathBuf,
}

impl Site {
    pub fn new(dir: PathBuf, root: PathBuf) -> Result<Site, Fault> {
        let [port, port2] = free_ports()?;
        Ok(Site { dir, port, port2, root })
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    pub fn fill_in(&self, word: &str) -> String {
        word.replace("{dir}", &self.dir.to_string_lossy())
            .replace("{port}", &self.port.to_string())
            .replace("{port2}", &self.port2.to_string())
            .replace("{root}", &self.root.to_string_lossy())
    }
}

/// A running broker; dropped, it is killed.
#[derive(Debug)]
pub struct Broker {
    child: Child,
    site: Site,
    pub spawned: Instant,
}

impl Broker {
    /// Start on an empty directory; returns as soon as the process exists.
    pub fn spawn(spec: &BrokerSpec, site: Site) -> Result<Broker, Fault> {
        clear(&site.dir)?;
        fs::create_dir_all(&site.dir).map_err(Fault::io(format!("create {:?}", site.dir)))?;
        let words: Vec<String> = spec.command.iter().map(|word| site.fill_in(word)).collect();
        let Some((program, args)) = words.split_first() else {
            return Err(Fault::Usage("a broker without a command".to_owned()));
        };
        let log = fs::File::create(log_path(&site.dir)).map_err(Fault::io("broker log"))?;
        let errors = log.try_clone().map_err(Fault::io("broker log"))?;
        let spawned = Instant::now();
        let child = Command::new(program)
            .args(args)
            .envs(spec.env.iter().map(|(key, value)| (key, site.fill_in(value))))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(Fault::io(format!("start {program}")))?;
        Ok(Broker { child, site, spawned })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn address(&self) -> SocketAddr {
        self.site.address()
    }

    /// Poll until the port accepts; a broker that exited is reported with its last words.
    pub fn wait_for_port(&mut self) -> Result<Instant, Fault> {
        loop {
            if TcpStream::connect(self.address()).is_ok() {
                return Ok(Instant::now());
            }
            self.check_alive()?;
            sleep(Duration::from_micros(500));
        }
    }

    /// Poll until `attempt` succeeds; passing faults are tried again.
    pub fn wait_until<T>(
        &mut self,
        mut attempt: impl FnMut(SocketAddr) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        loop {
            match attempt(self.address()) {
                Ok(done) => return Ok(done),
                Err(e) if e.is_passing() => self.check_alive()?,
                Err(e) => return Err(e),
            }
            sleep(Duration::from_micros(500));
        }
    }

    /// Wait until the broker answers an administrative request.
    pub fn wait_ready(&mut self) -> Result<(), Fault> {
        self.wait_until(|address| Admin::connect(address)?.check_serves(&[]))
    }

    fn check_alive(&mut self) -> Result<(), Fault> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(self.died(status));
        }
        let waited = self.spawned.elapsed();
        match waited < BROKER_START_MAX {
            true => Ok(()),
            false => Err(Fault::Late {
                what: format!("the broker's start\n{}", self.last_words()),
                waited_ms: waited.as_millis() as u64,
            }),
        }
    }

    fn died(&self, status: ExitStatus) -> Fault {
        Fault::Usage(format!("the broker ended with {status}:\n{}", self.last_words()))
    }

    /// What the broker printed when it died: its panic, or else its last lines.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(log_path(&self.site.dir)).unwrap_or_default();
        telling_lines(&log)
    }

    /// SIGTERM, then SIGKILL when it takes too long; its directory goes too.
    pub fn stop(mut self) -> Result<Duration, Fault> {
        let begin = Instant::now();
        if let Some(pid) = Pid::from_raw(self.pid() as i32) {
            let _ = kill_process(pid, Signal::TERM);
        }
        while begin.elapsed() < BROKER_STOP_MAX {
            if let Ok(Some(_)) = self.child.try_wait() {
                let took = begin.elapsed();
                clear(&self.site.dir)?;
                return Ok(took);
            }
            sleep(Duration::from_millis(5));
        }
        let waited_ms = begin.elapsed().as_millis() as u64;
        Err(Fault::Late { what: "the broker's stop".to_owned(), waited_ms })
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

const TELLING_LINES: usize = 12;

fn telling_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panicked = lines.iter().position(|line| line.contains("panicked at"));
    let from = panicked.unwrap_or(lines.len().saturating_sub(TELLING_LINES));
    lines[from..].iter().take(TELLING_LINES).copied().collect::<Vec<_>>().join("\n")
}

fn log_path(dir: &Path) -> PathBuf {
    dir.join("broker.out")
}

fn clear(dir: &Path) -> Result<(), Fault> {
    match fs::remove_dir_all(dir) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Fault::io(format!("remove {}", dir.display()))(e)),
    }
}

/// Two ports that nobody listens on now.
fn free_ports() -> Result<[u16; 2], Fault> {
    let find = || {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        Ok((listener.local_addr()?.port(), listener))
    };
    let failed = || Fault::io("find a free port");
    // Both are held until both are known, so that they differ.
    let (one, _one) = find().map_err(failed())?;
    let (two, _two) = find().map_err(failed())?;
    Ok([one, two])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(command: &[&str]) -> BrokerSpec {
        BrokerSpec {
            command: command.iter().map(|&word| word.to_owned()).collect(),
            env: Default::default(),
            version: Vec::new(),
        }
    }

    fn site(name: &str) -> Site {
        let dir = std::env::temp_dir().join(format!("bench-{name}-{}", std::process::id()));
        Site::new(dir, PathBuf::from("/root-of-it")).expect("ports are free")
    }

    #[test]
    fn placeholders_are_filled_in() {
        let site = site("fill");
        assert_ne!(site.port, site.port2);
        let filled = site.fill_in("{root}/a {dir} {port} {port2}");
        let dir = site.dir.to_string_lossy().into_owned();
        assert_eq!(filled, format!("/root-of-it/a {dir} {} {}", site.port, site.port2));
    }

    #[test]
    fn a_broker_that_ends_before_it_listens_is_reported_with_its_last_words() {
        let site = site("ends");
        let dir = site.dir.clone();
        let spec = spec(&["sh", "-c", "echo port {port} is taken; exit 3"]);
        let mut broker = Broker::spawn(&spec, site).expect("sh exists");
        let said = broker.wait_ready().expect_err("it ended").to_string();
        assert!(said.contains("is taken") && said.contains('3'), "{said}");
        broker.stop().expect("it is gone already");
        assert!(!dir.exists(), "the directory is removed");
    }

    #[test]
    fn a_panic_is_more_telling_than_the_end_of_its_backtrace() {
        let mut log = String::from("ready\nthread 'x' panicked at src/a.rs:1:2:\nbad luck\n");
        (0..100).for_each(|n| log.push_str(&format!("  {n}: frame\n")));
        let told = telling_lines(&log);
        assert!(told.starts_with("thread 'x' panicked") && told.contains("bad luck"), "{told}");
        assert!(telling_lines("one\ntwo").ends_with("two"));
    }
}
