//! A broker process for one test: started, watched, killed, started again on the same data.
//!
//! The address comes from the line that `serve` prints when it is ready. Everything that it says
//! afterwards is collected, for tests that look for a log line. Dropping a `Broker` kills it and
//! removes its data, unless the test has failed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

pub const BINARY: &str = env!("CARGO_BIN_EXE_millstream");
/// Longer than anything here takes on a busy machine; only a failing test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(60);
const READY: &str = "listening on ";

/// A directory for one test, on the device of the build: removed when dropped, kept on failure.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("target/tmp is writable");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if !thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// One broker process, and all that is needed to start it again.
pub struct Broker {
    process: Option<Child>,
    settings: Vec<String>,
    address: String,
    said: Arc<Mutex<String>>,
    directory: Directory,
}

impl Broker {
    /// Default settings, empty data.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With settings of the form `key=value`, and empty data.
    pub fn start_with(settings: &[&str]) -> Self {
        let mut broker = Self {
            process: None,
            settings: settings.iter().map(ToString::to_string).collect(),
            address: "127.0.0.1:0".to_owned(),
            said: Arc::default(),
            directory: Directory::new(),
        };
        broker.restart();
        broker
    }

    /// Starts it again, on the same data and the same port.
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "it is still running");
        let mut command = serve(&self.directory, &self.address, &self.settings);
        let mut child = command.spawn().expect("the binary starts");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let err = BufReader::new(child.stderr.take().expect("piped"));
        collect(err, self.said.clone());
        let ready = first_line_with(out, READY, self.said.clone());
        self.process = Some(child);
        self.address = ready.unwrap_or_else(|| panic!("it did not start: {}", self.said()));
    }

    /// Adds a setting of the form `key=value` for the next start.
    pub fn set(&mut self, setting: &str) {
        self.settings.push(setting.to_owned());
    }

    /// Starts it on its data once more, where it must refuse; what it said.
    pub fn refused_again(&self) -> String {
        assert!(self.process.is_none(), "it is still running");
        let (status, reason) = refused(serve(&self.directory, &self.address, &self.settings));
        assert!(!status.success(), "it ended well: {reason}");
        reason
    }

    /// Where clients connect, as `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn data(&self) -> &Path {
        self.directory.path()
    }

    /// All that it has printed so far, over all its starts.
    pub fn said(&self) -> String {
        self.said.lock().expect("no reader panics").clone()
    }

    /// Waits until it has printed a line with this text, and returns those lines.
    pub fn lines_with(&self, text: &str) -> Vec<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let said = self.said();
            let found: Vec<_> = said.lines().filter(|line| line.contains(text)).collect();
            if !found.is_empty() || Instant::now() > until {
                return found.into_iter().map(str::to_owned).collect();
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// SIGKILL: it gets no chance to flush or to close anything.
    pub fn kill(&mut self) {
        let mut child = self.process.take().expect("it is running");
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
    }

    /// SIGTERM, as an operator stops it.
    pub fn stop(&mut self) -> ExitStatus {
        let mut child = self.process.take().expect("it is running");
        kill_process(Pid::from_child(&child), Signal::TERM).expect("it is ours");
        wait(&mut child)
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect("it is running").id()
    }

    /// What it has open, by name.
    pub fn descriptors(&self) -> Vec<String> {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.id())).expect("it is running");
        // One that is closed meanwhile has no name.
        let names = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        names.map(|path| path.display().to_string()).collect()
    }

    /// Resident memory, in KiB.
    pub fn resident_kib(&self) -> u64 {
        let id = self.id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("it is running");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux says so");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }

    /// Runs one of our commands against it.
    pub fn command(&self, arguments: &[&str]) -> Output {
        self.command_with_input(arguments, "")
    }

    /// Runs one of our commands with this text as its standard input.
    pub fn command_with_input(&self, arguments: &[&str], input: &str) -> Output {
        use std::io::Write as _;
        let mut child = Command::new(BINARY)
            .args(arguments)
            .args(["--bootstrap", self.address()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut pipe = child.stdin.take().expect("piped");
        let input = input.to_owned();
        let writer = thread::spawn(move || pipe.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("it is ours");
        // A command that ends without reading its input is not our fault.
        let _ = writer.join().expect("it does not panic");
        output
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(child) = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
        if thread::panicking() {
            eprintln!("the broker said:\n{}", self.said());
        }
    }
}

/// The command that serves from this directory, its output piped.
pub fn serve(directory: &Directory, address: &str, settings: &[String]) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("serve");
    let fixed = [
        format!("listeners=PLAINTEXT://{address}"),
        format!("log.dirs={}", directory.path().join("data").display()),
        "millstream.admin.listener=none".to_owned(),
        "millstream.shards=2".to_owned(),
    ];
    for setting in fixed.iter().chain(settings) {
        command.args(["--set", setting]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a broker that must not start; its exit and what it wrote to standard error.
pub fn refused(mut command: Command) -> (ExitStatus, String) {
    let mut child = command.spawn().expect("the binary starts");
    let status = wait(&mut child);
    let mut reason = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut reason).expect("text");
    (status, reason)
}

/// What a command wrote to standard output; it must have succeeded.
pub fn text(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "it failed: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

fn wait(child: &mut Child) -> ExitStatus {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            return status;
        }
        if Instant::now() > until {
            let _ = child.kill();
            panic!("still running after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Collects lines in a thread until the pipe closes.
fn collect(lines: impl BufRead + Send + 'static, said: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            let mut said = said.lock().expect("no reader panics");
            said.push_str(&line);
            said.push('\n');
        }
    });
}

/// Reads until a line begins with `prefix`, and leaves the rest to be collected.
fn first_line_with(
    mut lines: impl BufRead + Send + 'static,
    prefix: &str,
    said: Arc<Mutex<String>>,
) -> Option<String> {
    let mut line = String::new();
    while lines.read_line(&mut line).ok()? > 0 {
        if let Some(rest) = line.strip_prefix(prefix) {
            let rest = rest.trim_end().to_owned();
            collect(lines, said);
            return Some(rest);
        }
        line.clear();
    }
    // Give the reader of standard error the time to take the reason.
    thread::sleep(Duration::from_millis(100));
    None
}
