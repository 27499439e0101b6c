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

/// A mounted file system; unmounted when dropped.
pub struct Mount(PathBuf);

impl Mount {
    /// Memory of this size as a file system.
    pub fn memory(at: &Path, mib: u64) -> Result<Mount, String> {
        fs::create_dir_all(at).map_err(|error| error.to_string())?;
        run("mount", &["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs", text(at)])?;
        Ok(Mount(at.to_owned()))
    }

    fn device(device: &str, at: &Path) -> Result<Mount, String> {
        fs::create_dir_all(at).map_err(|error| error.to_string())?;
        run("mount", &["-t", "ext4", device, text(at)])?;
        Ok(Mount(at.to_owned()))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // A process that was just killed may hold a file for a moment more.
        for _ in 0..100 {
            if run("umount", &[text(&self.0)]).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = run("umount", &["--lazy", text(&self.0)]);
    }
}

/// A loop device over a file.
pub struct Loop {
    /// Such as `/dev/loop0`.
    pub device: String,
    mount: Option<Mount>,
    at: PathBuf,
}

impl Loop {
    /// An ext4 of this size in a sparse file in `directory`, mounted beside it.
    pub fn ext4(directory: &Path, mib: u64) -> Result<Loop, String> {
        let image = directory.join("disk");
        let file = fs::File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(mib << 20).map_err(|error| error.to_string())?;
        let device = run("losetup", &["--find", "--show", text(&image)])?;
        let mut made = Loop { device, mount: None, at: directory.join("mounted") };
        run("mkfs.ext4", &["-q", "-F", "-m", "0", &made.device])?;
        made.mount()?;
        Ok(made)
    }

    pub fn mount(&mut self) -> Result<(), String> {
        self.mount = Some(Mount::device(&self.device, &self.at)?);
        Ok(())
    }

    pub fn unmount(&mut self) {
        self.mount = None;
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.at
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

impl Drop for Loop {
    fn drop(&mut self) {
        self.mount = None;
        let _ = run("losetup", &["--detach", &self.device]);
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
    pub fn on(device: &Loop, bytes_per_second: u64) -> Result<SpeedLimit, String> {
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
pub fn probe(limit: &SpeedLimit, device: &Loop, bytes: u64) -> Result<Duration, String> {
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
