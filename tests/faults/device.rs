//! Devices that a scenario may hurt: a file with a file system in it, and a limit on its speed.
//!
//! All of it needs root and what a container may not have; whatever cannot be made is a reason to
//! skip, as text. Mounts, loop devices and cgroups go with the value that made them.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::fs::{FallocateFlags, fallocate};

/// Runs a tool; the error is one line that names it.
fn run(tool: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(tool).args(arguments).output();
    let output = output.map_err(|error| format!("{tool}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{tool}: {}", said.lines().next().unwrap_or("no reason given")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("our own names are text")
}

/// A block device of our own with an ext4 on it, mounted.
pub struct Disk {
    /// Such as `/dev/loop0`.
    device: String,
    backing: Backing,
    at: PathBuf,
}

enum Backing {
    Loop,
    /// Compressed memory, by number: the only device here that fails a write honestly. A loop
    /// device over a file that cannot grow answers a short write as if it had been whole.
    Memory(u32),
}

const ZRAM: &str = "/sys/class/zram-control";

impl Disk {
    /// On a loop device over a sparse file in `directory`, mounted beside it.
    pub fn on_loop(directory: &Path, mib: u64) -> Result<Disk, String> {
        let image = directory.join("disk");
        let file = fs::File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(mib << 20).map_err(|error| error.to_string())?;
        let device = run("losetup", &["--find", "--show", text(&image)])?;
        Disk::made(device, Backing::Loop, directory)
    }

    /// In memory, with writes that can be made to fail.
    pub fn in_memory(directory: &Path, mib: u64) -> Result<Disk, String> {
        Disk::in_memory_with(directory, mib, &[])
    }

    /// As `in_memory`, with a file system that has no journal: one that has stays read-only after
    /// a write of its own that failed, until it is mounted again.
    pub fn in_memory_unjournaled(directory: &Path, mib: u64) -> Result<Disk, String> {
        Disk::in_memory_with(directory, mib, &["-O", "^has_journal"])
    }

    fn in_memory_with(directory: &Path, mib: u64, features: &[&str]) -> Result<Disk, String> {
        let add = fs::read_to_string(Path::new(ZRAM).join("hot_add"));
        let number = add.map_err(|error| format!("no zram device: {error}"))?;
        let number: u32 = number.trim().parse().map_err(|_| "zram has no number".to_owned())?;
        // From here on the value takes the device away again.
        let disk = Disk {
            device: format!("/dev/zram{number}"),
            backing: Backing::Memory(number),
            at: directory.join("mounted"),
        };
        disk.set("disksize", &format!("{mib}M"))?;
        disk.prepared(features)
    }

    fn made(device: String, backing: Backing, directory: &Path) -> Result<Disk, String> {
        Disk { device, backing, at: directory.join("mounted") }.prepared(&[])
    }

    fn prepared(self, features: &[&str]) -> Result<Disk, String> {
        let arguments = [&["-q", "-F", "-m", "0"], features, &[&self.device]].concat();
        run("mkfs.ext4", &arguments)?;
        self.mount()?;
        Ok(self)
    }

    /// Mounts it (again).
    pub fn mount(&self) -> Result<(), String> {
        fs::create_dir_all(&self.at).map_err(|error| error.to_string())?;
        run("mount", &["-t", "ext4", &self.device, text(&self.at)]).map(drop)
    }

    pub fn unmount(&self) {
        // A process that was just killed may hold a file for a moment more.
        for _ in 0..100 {
            if run("umount", &[text(&self.at)]).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = run("umount", &["--lazy", text(&self.at)]);
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.at
    }

    /// From now on a write to anything but zeros fails with EIO; reads work.
    pub fn break_writes(&self) -> Result<(), String> {
        let Backing::Memory(number) = self.backing else {
            return Err("a loop device fails no writes".to_owned());
        };
        let told = fs::read_to_string(format!("/sys/block/zram{number}/mm_stat"));
        let told = told.map_err(|error| error.to_string())?;
        // Bytes before compression, after, and what they take.
        let used = told.split_whitespace().nth(2).unwrap_or("0").to_owned();
        self.set("mem_limit", &used)
    }

    /// Writes work again.
    pub fn mend_writes(&self) {
        self.set("mem_limit", "0").expect("a limit can be lifted");
    }

    fn set(&self, attribute: &str, value: &str) -> Result<(), String> {
        let Backing::Memory(number) = self.backing else { return Ok(()) };
        let path = format!("/sys/block/zram{number}/{attribute}");
        fs::write(&path, value).map_err(|error| format!("{path}: {error}"))
    }

    /// `major:minor`.
    fn number(&self) -> Result<String, String> {
        let found = fs::metadata(&self.device).map_err(|error| error.to_string())?;
        assert!(found.file_type().is_block_device());
        let number = found.rdev();
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        Ok(format!("{major}:{minor}"))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Backing::Memory(_) = self.backing {
            let _ = self.set("mem_limit", "0");
        }
        self.unmount();
        match self.backing {
            Backing::Loop => drop(run("losetup", &["--detach", &self.device])),
            Backing::Memory(number) => {
                let _ = self.set("reset", "1");
                let _ = fs::write(Path::new(ZRAM).join("hot_remove"), number.to_string());
            }
        }
    }
}

/// A file that takes all the space that is left, until it is dropped.
pub struct Ballast(PathBuf);

impl Ballast {
    /// In steps down to one block, by reservation alone where the file system can.
    pub fn fill(path: PathBuf) -> Ballast {
        let file = fs::File::create(&path).expect("a name costs no space");
        let mut len = 0;
        for step in [64 << 20, 1 << 20, 64 << 10, 4 << 10] {
            while fallocate(&file, FallocateFlags::empty(), len, step).is_ok() {
                len += step;
            }
        }
        Ballast(path)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A cgroup whose members write to one device no faster than it says.
pub struct SpeedLimit {
    group: PathBuf,
    file: PathBuf,
    limit: String,
    lifted: String,
}

impl SpeedLimit {
    /// With the I/O controller of cgroup v2, or of v1 where that has it.
    pub fn on(device: &Disk, bytes_per_second: u64) -> Result<SpeedLimit, String> {
        let number = device.number()?;
        let name = format!("millstream-faults-{}", std::process::id());
        let root = Path::new("/sys/fs/cgroup");
        let v2 = fs::read_to_string(root.join("cgroup.controllers")).unwrap_or_default();
        let (parent, file, limit, lifted) = if v2.split_whitespace().any(|one| one == "io") {
            let _ = fs::write(root.join("cgroup.subtree_control"), "+io");
            let limit = format!("{number} wbps={bytes_per_second}");
            (root.to_owned(), "io.max", limit, format!("{number} wbps=max"))
        } else if root.join("blkio/blkio.throttle.write_bps_device").exists() {
            let limit = format!("{number} {bytes_per_second}");
            let file = "blkio.throttle.write_bps_device";
            (root.join("blkio"), file, limit, format!("{number} 0"))
        } else {
            return Err("no cgroup controller for I/O: neither v2's io nor v1's blkio".to_owned());
        };
        let group = parent.join(name);
        fs::create_dir_all(&group).map_err(|error| format!("{}: {error}", group.display()))?;
        let made = SpeedLimit { file: group.join(file), group, limit, lifted };
        made.set()?;
        Ok(made)
    }

    /// What a process writes itself into.
    pub fn members(&self) -> PathBuf {
        self.group.join("cgroup.procs")
    }

    /// Puts the limit (back) into force.
    pub fn set(&self) -> Result<(), String> {
        let outcome = fs::write(&self.file, &self.limit);
        outcome.map_err(|error| format!("{}: {error}", self.file.display()))
    }

    pub fn lift(&self) {
        fs::write(&self.file, &self.lifted).expect("what was set can be lifted");
    }
}

impl Drop for SpeedLimit {
    fn drop(&mut self) {
        let _ = fs::write(&self.file, &self.lifted);
        for _ in 0..100 {
            if fs::remove_dir(&self.group).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Writes past the cache as a member of the limited group; how long it took.
pub fn probe(limit: &SpeedLimit, device: &Disk, bytes: u64) -> Result<Duration, String> {
    let path = device.path().join("probe");
    let script = format!(
        "echo $$ > {} && exec dd if=/dev/zero of={} bs=64k count={} oflag=direct",
        limit.members().display(),
        path.display(),
        bytes >> 16
    );
    let began = std::time::Instant::now();
    run("sh", &["-c", &script])?;
    let took = began.elapsed();
    let _ = fs::remove_file(path);
    Ok(took)
}
