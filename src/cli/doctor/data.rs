//! The data directory: whether a broker can use it, and what it has put aside there.

use std::fs;
use std::path::Path;

use super::{Finding, Level};
use crate::cli::ondisk::{self, Kind, Lock};
use crate::controller::identity::{self, Identity};
use crate::storage::files;

/// Names that a finding lists.
const LISTED: usize = 3;

pub fn look(dir: &Path) -> Vec<Finding> {
    let shown = dir.display();
    let names = match ondisk::list(dir) {
        Ok(names) => names,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return vec![Finding::ok("data-dir", format!("{shown} does not exist yet"))];
        }
        Err(cause) => {
            return vec![Finding::not_well(
                ("data-dir", Level::Bad),
                format!("{shown}: {cause}"),
                "the broker must read and write it",
                format!("ls -ld {shown}; chown -R \"$(id -un)\" {shown}"),
            )];
        }
    };
    let mut findings = vec![identity(dir), lock(dir)];
    findings.extend(writable(dir));
    findings.extend(put_aside(dir, &names));
    findings
}

fn identity(dir: &Path) -> Finding {
    let path = dir.join(identity::FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(_) => return Finding::ok("identity", "not used by a broker yet"),
    };
    match Identity::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(found) => {
            Finding::ok("identity", format!("cluster {}, node {}", found.cluster_id, found.node_id))
        }
        Err(fault) => Finding::not_well(
            ("identity", Level::Bad),
            fault.to_string(),
            "the broker refuses to start on a directory that is not its own",
            format!("millstream verify {}", dir.display()),
        ),
    }
}

fn lock(dir: &Path) -> Finding {
    Finding::ok(
        "lock",
        match ondisk::lock(dir).0 {
            Lock::Held => "a broker is running on it",
            Lock::Free | Lock::None => "no broker is running on it",
        },
    )
}

fn writable(dir: &Path) -> Option<Finding> {
    use rustix::fs::{Access, access};
    access(dir, Access::WRITE_OK | Access::EXEC_OK).err().map(|cause| {
        Finding::not_well(
            ("data-dir", Level::Bad),
            format!("{} cannot be written to: {cause}", dir.display()),
            "the broker does not start on a directory that it cannot write to",
            format!("chown -R \"$(id -un)\" {}", dir.display()),
        )
    })
}

/// What recovery kept for a person to look at.
fn put_aside(dir: &Path, names: &[(String, bool)]) -> Vec<Finding> {
    let (mut aside, mut quarantined, mut ranges) = (Vec::new(), Vec::new(), 0);
    let partitions = names.iter().filter(|(name, is_dir)| {
        *is_dir && files::parse_partition(name).is_some() && !files::is_deleted(name)
    });
    for (partition, _) in partitions {
        let inner = dir.join(partition);
        for (name, _) in ondisk::list(&inner).unwrap_or_default() {
            let path = inner.join(&name);
            match ondisk::kind_of(&path) {
                Kind::SetAside => aside.push(format!("{partition}/{name}")),
                Kind::Quarantine => {
                    ranges += ondisk::quarantined(&path).unwrap_or(0);
                    quarantined.push(partition.clone());
                }
                _ => {}
            }
        }
    }
    vec![set_aside(dir, &aside), quarantine(dir, &quarantined, ranges)]
}

pub fn set_aside(dir: &Path, names: &[String]) -> Finding {
    let Some(first) = names.first() else { return Finding::ok("set-aside", "no segments") };
    Finding::not_well(
        ("set-aside", Level::Warn),
        format!("{} segments set aside: {}", names.len(), some(names)),
        "they did not follow their logs when the broker started; their records are not served",
        format!("millstream dump --records {}/{first}", dir.display()),
    )
}

pub fn quarantine(dir: &Path, partitions: &[String], ranges: usize) -> Finding {
    let Some(first) = partitions.first() else { return Finding::ok("quarantine", "no ranges") };
    Finding::not_well(
        ("quarantine", Level::Warn),
        format!("{ranges} damaged ranges in {} partitions: {}", partitions.len(), some(partitions)),
        "sealed bytes have changed on the device; these records are lost, readers step over them",
        format!(
            "millstream dump {0}/{first}; dmesg | grep -i error; restore the segments from a copy",
            dir.display()
        ),
    )
}

fn some(names: &[String]) -> String {
    let listed = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { listed + ", …" } else { listed }
}
