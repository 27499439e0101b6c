//! A broker process for one scenario: started, refused, stopped, killed, started again.
//!
//! Unlike the harness of `tests/broker`, the data may lie anywhere and may be damaged between
//! two starts, so a start is an outcome: it listens, or it says why not. All that the process
//! says is kept; a panic in it fails the scenario when the process ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

pub const BINARY: &str = env!("CARGO_BIN_EXE_millstream");
/// Longer than anything here takes on a busy machine; only a failing scenario waits for it.
pub const PATIENCE: Duration = Duration::from_secs(120);
const READY: &str = "listening on ";

/// A directory for one scenario: removed when dropped, kept after a failure.
pub struct Directory(PathBuf);

impl Directory {
    /// On the device of the build.
    pub fn on_disk() -> Self {
        Self::under(Path::new(env!("CARGO_TARGET_TMPDIR")))
    }

    /// In memory where the machine has a writable `/dev/shm`: for scenarios of many starts that
    /// say nothing about a device.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let probe = memory.join(format!("millstream-faults-{}", std::process::id()));
        match fs::create_dir_all(&probe).and_then(|()| fs::remove_dir(&probe)) {
            Ok(()) => Self::under(memory),
            Err(_) => Self::on_disk(),
        }
    }

    fn under(parent: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!("millstream-faults-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the directory is writable");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if !thread::panicking() || self.0.starts_with("/dev/shm") {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// How to start a broker.
#[derive(Clone)]
pub struct Setup {
    pub data: PathBuf,
    pub shards: u64,
    pub settings: Vec<String>,
    /// A cgroup's `cgroup.procs` that the process joins before it becomes the broker.
    pub cgroup: Option<PathBuf>,
}

impl Setup {
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), shards: 2, settings: Vec::new(), cgroup: None }
    }

    pub fn with(mut self, setting: &str) -> Self {
        self.settings.push(setting.to_owned());
        self
    }

    fn command(&self, address: &str) -> Command {
        let mut command = match &self.cgroup {
            None => Command::new(BINARY),
            Some(procs) => {
                let mut shell = Command::new("sh");
                let join = format!("echo $$ > {} && exec \"$0\" \"$@\"", procs.display());
                shell.args(["-c", &join, BINARY]);
                shell
            }
        };
        command.arg("serve");
        let fixed = [
            format!("listeners=PLAINTEXT://{address}"),
            format!("log.dirs={}", self.data.display()),
            "millstream.admin.listener=none".to_owned(),
            "millstream.pin=false".to_owned(),
            format!("millstream.shards={}", self.shards),
        ];
        for setting in fixed.iter().chain(&self.settings) {
            command.args(["--set", setting]);
        }
        command.env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// One broker process, and all that is needed to start it again.
pub struct Broker {
    pub setup: Setup,
    process: Option<Child>,
    address: String,
    said: Arc<Mutex<String>>,
    readers: Vec<thread::JoinHandle<()>>,
}

impl Broker {
    /// Not started yet.
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            process: None,
            address: "127.0.0.1:0".to_owned(),
            said: Arc::default(),
            readers: Vec::new(),
        }
    }

    /// Started; it must not refuse.
    pub fn start(setup: Setup) -> Self {
        let mut broker = Self::new(setup);
        broker.restart();
        broker
    }

    /// Starts it (again), on the same data and the same port; it must not refuse.
    pub fn restart(&mut self) {
        if let Err(reason) = self.try_start() {
            panic!("it did not start: {reason}");
        }
    }

    /// Starts it; the error is what it said when it would not.
    pub fn try_start(&mut self) -> Result<(), String> {
        let ready = self.spawn();
        match ready.recv_timeout(PATIENCE) {
            Ok(address) => {
                self.address = address;
                Ok(())
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let ended = self.reap();
                assert!(!ended.success(), "it ended well without listening");
                Err(self.said())
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("neither up nor refused after {PATIENCE:?}:\n{}", self.said());
            }
        }
    }

    /// Starts it and does not wait: what comes out of the channel is where it listens.
    pub fn spawn(&mut self) -> mpsc::Receiver<String> {
        assert!(self.process.is_none(), "it is still running");
        self.said.lock().expect("no reader panics").clear();
        let mut child = self.setup.command(&self.address).spawn().expect("the binary starts");
        let (sender, ready) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let err = BufReader::new(child.stderr.take().expect("piped"));
        self.readers.push(collect(err, self.said.clone(), None));
        self.readers.push(collect(out, self.said.clone(), Some(sender)));
        self.process = Some(child);
        ready
    }

    /// Its process id, to look at it from outside.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect("it is running").id()
    }

    /// Where clients connect, as `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// All that it has printed since its last start.
    pub fn said(&self) -> String {
        self.said.lock().expect("no reader panics").clone()
    }

    pub fn is_running(&mut self) -> bool {
        let child = self.process.as_mut().expect("it was started");
        child.try_wait().expect("it is ours").is_none()
    }

    /// SIGKILL: it gets no chance to flush or to close anything.
    pub fn kill(&mut self) {
        assert!(self.is_running(), "it had ended by itself:\n{}", self.said());
        self.signal(Signal::KILL);
        self.reap();
    }

    /// SIGTERM, as an operator stops it.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.reap()
    }

    /// STOP and CONT, say. Only ever sent to the process that this value has started.
    pub fn signal(&self, signal: Signal) {
        let child = self.process.as_ref().expect("it is running");
        kill_process(Pid::from_child(child), signal).expect("it is ours");
    }

    /// SIGSTOP, and waits until every thread stands still.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
        let id = self.process.as_ref().expect("it is running").id();
        let tasks = || fs::read_dir(format!("/proc/{id}/task")).expect("it is running");
        let stands = |task: std::io::Result<fs::DirEntry>| {
            let stat = fs::read_to_string(task.expect("an entry").path().join("stat"));
            // The state follows the name, which is in parentheses.
            stat.is_ok_and(|stat| stat.rsplit_once(") ").is_some_and(|(_, s)| s.starts_with('T')))
        };
        while !tasks().all(stands) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits for its end, takes in its last words and looks for panics among all of them.
    fn reap(&mut self) -> ExitStatus {
        let mut child = self.process.take().expect("it was started");
        let until = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().expect("it is ours") {
                break status;
            }
            if Instant::now() > until {
                let _ = child.kill();
                panic!("still running after {PATIENCE:?}:\n{}", self.said());
            }
            thread::sleep(Duration::from_millis(1));
        };
        self.readers.drain(..).for_each(|reader| reader.join().expect("readers do not panic"));
        let said = self.said();
        assert!(!said.contains("panicked at"), "the broker panicked:\n{said}");
        status
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(child) = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
        if thread::panicking() {
            let said = self.said();
            let lines: Vec<_> = said.lines().collect();
            let last = &lines[lines.len().saturating_sub(40)..];
            eprintln!("the broker's last words:\n{}", last.join("\n"));
        }
    }
}

/// Collects lines in a thread until the pipe closes; the first line that begins with `READY`
/// goes to `ready`.
fn collect(
    lines: impl BufRead + Send + 'static,
    said: Arc<Mutex<String>>,
    mut ready: Option<mpsc::Sender<String>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if let (Some(address), Some(sender)) = (line.strip_prefix(READY), &ready) {
                let _ = sender.send(address.trim_end().to_owned());
                ready = None;
            }
            let mut said = said.lock().expect("no reader panics");
            said.push_str(&line);
            said.push('\n');
        }
    })
}
