//! The device and the filesystem that hold the data directory.
//!
//! An acknowledgement means that the device said "flushed". What makes that slow, or a lie, is
//! said here: a filesystem in memory, barriers turned off, a write cache without FUA.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{OFlags, major, minor, statvfs};

use super::{Finding, Level};
use crate::cli::verify::amount;

const FREE_BYTES_MIN: u64 = 1 << 30;
/// Less than one part in so many is little.
const FREE_PARTS: u64 = 10;
/// Filesystems that keep what was flushed and do direct I/O well.
const GOOD: [&str; 2] = ["ext4", "xfs"];

/// A line of `/proc/self/mountinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    pub point: String,
    pub kind: String,
    pub options: String,
}

/// What `/sys/dev/block/…/queue` says of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    pub name: String,
    pub write_cache: String,
    pub fua: String,
    pub rotational: String,
}

pub fn look(dir: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(place) = existing(dir) else {
        return vec![Finding::not_well(
            ("data-dir", Level::Bad),
            format!("{} and none of the directories above it can be seen", dir.display()),
            "the broker keeps its data there",
            format!("mkdir -p {}", dir.display()),
        )];
    };
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let here = place.canonicalize().unwrap_or_else(|_| place.clone());
    findings.extend(mount_of(&table, &here).iter().flat_map(filesystem));
    if let Ok(about) = fs::metadata(&place) {
        findings.extend(queue_of(about.dev()).iter().flat_map(device));
    }
    if let Ok(space) = statvfs(&place) {
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        let all = space.f_blocks.saturating_mul(space.f_frsize);
        findings.push(free_space(free, all));
        findings.extend(inodes(space.f_favail, space.f_files));
    }
    findings.extend(direct_io(dir));
    findings
}

/// The directory, or the nearest one above that exists.
fn existing(dir: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?.join(dir);
    here.ancestors().find(|path| path.is_dir()).map(Path::to_owned)
}

/// The mount that holds `path`: the longest mount point above it, the last of equals.
pub fn mount_of(table: &str, path: &Path) -> Option<Mount> {
    let mounts = table.lines().filter_map(|line| {
        let (left, right) = line.split_once(" - ")?;
        let point = left.split(' ').nth(4)?.replace("\\040", " ");
        let options = left.split(' ').nth(5)?;
        let mut words = right.split(' ');
        let kind = words.next()?.to_owned();
        let more = words.nth(1).unwrap_or_default();
        Some(Mount { point, kind, options: format!("{options},{more}") })
    });
    let above = mounts.filter(|mount| path.starts_with(&mount.point));
    above.max_by_key(|mount| mount.point.len())
}

pub fn filesystem(mount: &Mount) -> Vec<Finding> {
    let Mount { point, kind, options } = mount;
    let what = format!("{kind} at {point}");
    let elsewhere = "put log.dirs on ext4 or xfs: millstream serve --set log.dirs=PATH";
    let place = |level| ("filesystem", level);
    let mut findings = vec![match kind.as_str() {
        kind if GOOD.contains(&kind) => Finding::ok("filesystem", what),
        "tmpfs" | "ramfs" => Finding::not_well(
            place(Level::Bad),
            what,
            "it is memory: a reboot or a power cut takes everything, acknowledged or not",
            elsewhere,
        ),
        "nfs" | "nfs4" | "cifs" | "smb3" | "fuse" | "9p" | "virtiofs" => Finding::not_well(
            place(Level::Bad),
            what,
            "locks, flushes and direct I/O are another machine's promises here",
            elsewhere,
        ),
        "overlay" | "aufs" => Finding::not_well(
            place(Level::Warn),
            what,
            "a container's own layer is slow and goes with the container",
            "mount a volume: docker run -v /srv/millstream:/data, and --set log.dirs=/data",
        ),
        _ => Finding::not_well(
            place(Level::Warn),
            what,
            "not tried here: copy-on-write and checksumming filesystems rewrite more per flush",
            elsewhere,
        ),
    }];
    let has = |word: &str| options.split(',').any(|option| option == word);
    if has("nobarrier") || has("barrier=0") {
        findings.push(Finding::not_well(
            ("barriers", Level::Bad),
            format!("{point} is mounted with barriers off"),
            "a flush does not reach the device: a power cut takes acknowledged records",
            format!("mount -o remount,barrier=1 {point}"),
        ));
    }
    if has("ro") {
        findings.push(Finding::not_well(
            ("read-only", Level::Bad),
            format!("{point} is mounted read-only"),
            "the broker cannot write there; the kernel does this after an error of the device",
            format!("dmesg | tail; then mount -o remount,rw {point}"),
        ));
    }
    findings
}

fn queue_of(device: u64) -> Option<Queue> {
    let at = format!("/sys/dev/block/{}:{}", major(device), minor(device));
    let at = fs::canonicalize(at).ok()?;
    // A partition's queue is its disk's.
    let disk = at.ancestors().find(|path| path.join("queue").is_dir())?;
    let read = |name: &str| {
        let text = fs::read_to_string(disk.join("queue").join(name)).unwrap_or_default();
        text.trim().to_owned()
    };
    Some(Queue {
        name: disk.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        write_cache: read("write_cache"),
        fua: read("fua"),
        rotational: read("rotational"),
    })
}

pub fn device(queue: &Queue) -> Vec<Finding> {
    let Queue { name, write_cache, fua, rotational } = queue;
    let mut findings = vec![match (write_cache.as_str(), fua.as_str()) {
        ("write through", _) => Finding::ok(
            "write-cache",
            format!("{name}: write through (it says that it has no volatile cache)"),
        ),
        ("write back", "1") => Finding::ok("write-cache", format!("{name}: write back with FUA")),
        _ => Finding::not_well(
            ("write-cache", Level::Note),
            format!("{name}: {write_cache}, no FUA"),
            "every commit costs the device a whole flush of its cache",
            "use a device with power-loss protection or FUA; millstream's own figures: perf/",
        ),
    }];
    if rotational == "1" && !name.starts_with("vd") {
        findings.push(Finding::not_well(
            ("rotational", Level::Warn),
            format!("{name} is a rotating disk, or says so"),
            "a flush takes a rotation: some 100 commits a second and shard",
            "put log.dirs on a solid-state device",
        ));
    }
    findings
}

pub fn free_space(free: u64, all: u64) -> Finding {
    let what = format!("{} of {} free", amount(free), amount(all));
    let why = "on a full device produce is refused until there is space again";
    let fix = "df -h; shorten retention: millstream topic alter TOPIC --set retention.ms=…";
    if free < FREE_BYTES_MIN {
        Finding::not_well(("space", Level::Bad), what, why, fix)
    } else if free < all / FREE_PARTS {
        Finding::not_well(("space", Level::Warn), what, why, fix)
    } else {
        Finding::ok("space", what)
    }
}

pub fn inodes(free: u64, all: u64) -> Option<Finding> {
    (all > 0 && free < all / FREE_PARTS).then(|| {
        Finding::not_well(
            ("inodes", Level::Warn),
            format!("{free} of {all} inodes free"),
            "each segment and its index are files; without inodes produce is refused",
            "df -i; larger segments make fewer files: segment.bytes",
        )
    })
}

/// Opens a file of the directory as the broker does, for reading.
fn direct_io(dir: &Path) -> Option<Finding> {
    let path = dir.join(crate::controller::identity::FILE);
    File::open(&path).ok()?;
    let flags = OFlags::DIRECT.bits().cast_signed();
    match OpenOptions::new().read(true).custom_flags(flags).open(&path) {
        Ok(_) => Some(Finding::ok("direct-io", "files open with O_DIRECT")),
        Err(cause) => Some(Finding::not_well(
            ("direct-io", Level::Bad),
            format!("{}: {cause}", path.display()),
            "segments and journals are written past the page cache",
            "put log.dirs on a filesystem with direct I/O (ext4, xfs)",
        )),
    }
}
