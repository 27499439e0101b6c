//! A data directory as a whole: whose it is, what its metadata names, and what lies in it.
//!
//! Metadata is checked first, since it says which partitions there must be; then all of them,
//! side by side; then what nobody named. `Err` means that there is no judgement.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use millstream_engine::meta::Image;

use super::journals;
use super::partition::{self, Checked, Expected};
use super::report::{Counts, Findings, Report};
use crate::cli::ondisk::{self, Cause, Damage, Kind};
use crate::cli::progress::{Progress, Unit};
use crate::controller::format::{self, FormatFault};
use crate::controller::identity::{self, Identity, IdentityFault};
use crate::controller::log;
use crate::storage::{files, journal_files};

/// Checks everything in `dir`.
///
/// # Errors
/// A sentence: it is no data directory, or one that this program cannot judge.
pub fn check(dir: &Path, threads: usize) -> Result<Report, String> {
    let began = Instant::now();
    let names = ondisk::list(dir).map_err(|cause| format!("{}: {cause}", dir.display()))?;
    let mut findings = Findings::default();
    let identity = read_identity(dir, &mut findings)?;
    let image = read_metadata(dir, identity.as_ref(), &mut findings)?;
    let found = sort_names(dir, &names, &mut findings);
    if identity.is_none() && image.is_none() && found.partitions.is_empty() {
        let shown = dir.display();
        return Err(format!(
            "{shown} is no data directory: no meta.properties, no metadata, no partitions"
        ));
    }
    let work = expectations(dir, found.partitions, image.as_ref(), &mut findings);
    let mut report = Report { directory: dir.to_owned(), ..Report::default() };
    let checked = side_by_side(&work, threads);
    let mut logs = BTreeMap::new();
    for one in checked {
        if let Some(id) = one.topic_id {
            logs.insert((id, one.index), one.end);
        }
        report.take_in(one.findings, &one.counts);
    }
    journals::check_manifests(dir, &dir.join(journal_files::DIRECTORY), &mut findings);
    if let Some(path) = &found.journals {
        report.counts.journal_commits += journals::check(path, logs, &mut findings);
    }
    report.take_in(findings, &Counts::default());
    report.sort();
    report.took = began.elapsed();
    Ok(report)
}

fn read_identity(dir: &Path, findings: &mut Findings) -> Result<Option<Identity>, String> {
    let path = dir.join(identity::FILE);
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(cause) => return Err(format!("{}: {cause}", path.display())),
    };
    match Identity::parse(&text) {
        Ok(identity) => Ok(Some(identity)),
        Err(fault @ (IdentityFault::Kafkas | IdentityFault::Newer(_))) => Err(fault.to_string()),
        Err(fault) => {
            findings.add(Damage::new(Cause::Identity, &path, fault.to_string()));
            Ok(None)
        }
    }
}

fn read_metadata(
    dir: &Path,
    identity: Option<&Identity>,
    findings: &mut Findings,
) -> Result<Option<Image>, String> {
    let path = dir.join(log::DIRECTORY).join(log::FILE);
    let file = match std::fs::read(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            if identity.is_some() {
                findings.add(Damage::new(Cause::MetaLog, &path, "it is missing"));
            }
            return Ok(None);
        }
        Err(cause) => return Err(format!("{}: {cause}", path.display())),
    };
    let scanned = match format::scan(&file) {
        Ok(scanned) => scanned,
        Err(fault @ FormatFault::NewerFormat(_)) => {
            return Err(format!("{}: {fault}", path.display()));
        }
        Err(fault) => {
            findings.add(Damage::new(Cause::MetaLog, &path, fault.to_string()));
            return Ok(None);
        }
    };
    if scanned.torn_len > 0 {
        let detail = format!("{} bytes are no whole entry", scanned.torn_len);
        let tail = Damage::new(Cause::MetaLogTail, &path, detail);
        findings.add(tail.at(scanned.valid_len));
    }
    match identity {
        Some(identity) if identity.cluster_id != scanned.image.cluster_id => {
            let (ours, theirs) = (&identity.cluster_id, &scanned.image.cluster_id);
            let detail = format!("{} says {ours}, this log {theirs}", identity::FILE);
            findings.add(Damage::new(Cause::OtherCluster, &path, detail));
        }
        None if scanned.image.version > 0 && !dir.join(identity::FILE).exists() => {
            let path = dir.join(identity::FILE);
            findings.add(Damage::new(Cause::Identity, &path, "it is missing"));
        }
        _ => {}
    }
    Ok(Some(scanned.image))
}

/// What lies in a data directory.
#[derive(Debug, Default)]
struct Found {
    /// By topic and index.
    partitions: BTreeMap<(String, i32), PathBuf>,
    journals: Option<PathBuf>,
}

fn sort_names(dir: &Path, names: &[(String, bool)], findings: &mut Findings) -> Found {
    let mut found = Found::default();
    for (name, is_dir) in names {
        let path = dir.join(name);
        if *is_dir && name == log::DIRECTORY {
            metadata_leftovers(&path, findings);
        } else if *is_dir && name == journal_files::DIRECTORY {
            found.journals = Some(path);
        } else if *is_dir && files::is_deleted(name) {
            let detail = "a deleted partition whose files were not all removed yet";
            findings.add(Damage::new(Cause::Leftover, &path, detail));
        } else if let Some((topic, index)) = files::parse_partition(name).filter(|_| *is_dir) {
            found.partitions.insert((topic.to_owned(), index), path);
        } else if !is_ours(&path, *is_dir) {
            let unfinished = !is_dir && ondisk::kind_of(&path) == Kind::Unfinished;
            findings.add(match unfinished {
                true => {
                    Damage::new(Cause::Unfinished, &path, "written for a rename that never was")
                }
                false => Damage::new(Cause::Foreign, &path, "not written by a broker"),
            });
        }
    }
    found
}

fn is_ours(path: &Path, is_dir: bool) -> bool {
    let kind = ondisk::kind_of(path);
    !is_dir && matches!(kind, Kind::Identity | Kind::Lock | Kind::Reserve | Kind::Manifest(_))
}

fn metadata_leftovers(dir: &Path, findings: &mut Findings) {
    for (name, _) in ondisk::list(dir).unwrap_or_default() {
        let path = dir.join(&name);
        match name.as_str() {
            _ if matches!(ondisk::kind_of(&path), Kind::Opened | Kind::Clean) => {}
            log::FILE => {}
            log::TEMPORARY => {
                let detail = "a snapshot that was not finished";
                findings.add(Damage::new(Cause::Unfinished, &path, detail));
            }
            _ => findings.add(Damage::new(Cause::Foreign, &path, "not written by a broker")),
        }
    }
}

/// Compares the directories with the metadata, and says of each what is expected in it.
fn expectations(
    dir: &Path,
    mut partitions: BTreeMap<(String, i32), PathBuf>,
    image: Option<&Image>,
    findings: &mut Findings,
) -> Vec<Expected> {
    let mut work = Vec::new();
    for topic in image.iter().flat_map(|image| image.topics()) {
        let compacted = topic.configs.get("cleanup.policy").is_some_and(|p| p.contains("compact"));
        for (index, _) in topic.indexed() {
            match partitions.remove(&(topic.name.to_string(), index.0)) {
                Some(path) => work.push(Expected {
                    path,
                    index: index.0,
                    topic_id: Some(topic.id),
                    compacted: Some(compacted),
                }),
                None => {
                    let path = files::partition_dir(dir, &topic.name, index.0);
                    let detail = format!("topic {} has it, with id {}", topic.name, topic.id);
                    findings.add(Damage::new(Cause::PartitionMissing, &path, detail));
                }
            }
        }
    }
    for ((topic, index), path) in partitions {
        if image.is_some() {
            let detail = format!("the metadata knows no partition {index} of topic {topic}");
            findings.add(Damage::new(Cause::PartitionUnknown, &path, detail));
        }
        work.push(Expected { path, index, topic_id: None, compacted: None });
    }
    work
}

/// Checks all partitions with so many workers; the results stand in the partitions' order.
fn side_by_side(work: &[Expected], threads: usize) -> Vec<Checked> {
    let bytes = work.iter().map(|expected| partition::file_bytes(&expected.path)).sum();
    let progress = Progress::new(bytes, Unit::Bytes, true);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(work.len()));
    let worker = || {
        while let Some((at, expected)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            work.get(at).map(|expected| (at, expected))
        } {
            let checked = partition::check(expected, &progress);
            if let Ok(mut done) = done.lock() {
                done.push((at, checked));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(work.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, checked)| checked).collect()
}
