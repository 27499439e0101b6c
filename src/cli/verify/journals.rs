//! The shards' journals: whether they parse, miss nothing, and continue the logs.
//!
//! Does what a start of the broker would do, without writing: the commits of each writer in
//! the order of their generations, each entry held against the end of its partition's log.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::journal::{Commit, Entry, FileFault, Join, Walk, join};
use millstream_engine::log::Behind;
use millstream_wire::Uuid;
use millstream_wire::batch::split_batches;

use super::report::Findings;
use crate::cli::ondisk::journal::{Journal, explain};
use crate::cli::ondisk::{self, Cause, Damage, Kind};

/// The ends of the logs, by topic id and partition.
type Logs = BTreeMap<(Uuid, i32), i64>;

/// Checks all journals in `dir`; gives the number of commits that count.
pub fn check(dir: &Path, mut logs: Logs, findings: &mut Findings) -> u64 {
    let names = match ondisk::list(dir) {
        Ok(names) => names,
        Err(cause) => {
            findings.add(Damage::new(Cause::Unreadable, dir, cause.to_string()));
            return 0;
        }
    };
    let mut writers: BTreeMap<u16, Vec<(u64, PathBuf, Journal)>> = BTreeMap::new();
    for (name, is_dir) in names {
        let path = dir.join(name);
        match ondisk::kind_of(&path) {
            Kind::Journal(writer, _) if !is_dir => {
                if let Some((generation, journal)) = open(&path, findings) {
                    writers.entry(writer).or_default().push((generation, path, journal));
                }
            }
            Kind::SetAside if !is_dir => {
                findings.add(Damage::new(Cause::SetAside, &path, "commits in it are damaged"));
            }
            Kind::Unfinished if !is_dir => {
                let detail = "a journal that was being made";
                findings.add(Damage::new(Cause::Leftover, &path, detail));
            }
            _ => findings.add(Damage::new(Cause::Foreign, &path, "not written by a broker")),
        }
    }
    let mut commits = 0;
    for (writer, mut files) in writers {
        files.sort_by_key(|(generation, ..)| *generation);
        commits += check_writer(writer, files, &mut logs, findings);
    }
    commits
}

/// The journal, where it has commits that count.
fn open(path: &Path, findings: &mut Findings) -> Option<(u64, Journal)> {
    let opened = Journal::open(path).and_then(|mut journal| {
        let generation = match journal.header {
            Ok(_) | Err(FileFault::Damaged) => journal.first_generation()?,
            Err(_) => None,
        };
        Ok((generation, journal))
    });
    match opened {
        Err(cause) => {
            findings.add(Damage::new(Cause::Unreadable, path, cause.to_string()));
            None
        }
        Ok((generation, journal)) => {
            let cause = match journal.header {
                Ok(_) => None,
                Err(FileFault::Damaged) => Some(Cause::JournalHeader),
                Err(FileFault::NotAJournal | FileFault::NewerVersion(_)) => {
                    Some(Cause::JournalForeign)
                }
            };
            if let (Some(cause), Err(fault)) = (cause, journal.header) {
                findings.add(Damage::new(cause, path, explain(fault)).at(0));
            }
            Some((generation?, journal))
        }
    }
}

/// Journals that a manifest in the data directory names and that are not in `dir`.
pub fn check_manifests(data_dir: &Path, dir: &Path, findings: &mut Findings) {
    for (name, is_dir) in ondisk::list(data_dir).unwrap_or_default() {
        let manifest = data_dir.join(name);
        if is_dir || !matches!(ondisk::kind_of(&manifest), Kind::Manifest(_)) {
            continue;
        }
        let text = std::fs::read_to_string(&manifest).unwrap_or_default();
        for missing in text.lines().skip(1).map(|line| dir.join(line)).filter(|path| !path.exists())
        {
            let detail = format!("named in {}", manifest.display());
            findings.add(Damage::new(Cause::JournalMissing, &missing, detail));
        }
    }
}

fn check_writer(
    writer: u16,
    files: Vec<(u64, PathBuf, Journal)>,
    logs: &mut Logs,
    findings: &mut Findings,
) -> u64 {
    let mut walk = Walk::default();
    let (mut commits, mut unreplayed, mut first) = (0, 0u64, None);
    for (_, path, mut journal) in files {
        let read = journal.walk(&mut walk, |commit| {
            commits += 1;
            unreplayed += entries(&path, commit, logs, findings);
        });
        if let Err(cause) = read {
            findings.add(Damage::new(Cause::Unreadable, &path, cause.to_string()));
        }
        first.get_or_insert(path);
    }
    let Some(path) = first else { return 0 };
    if walk.lost_commits() > 0 {
        let detail = format!("{} commits of shard {writer} cannot be read", walk.lost_commits());
        findings.add(Damage::new(Cause::JournalLost, &path, detail));
    }
    if unreplayed > 0 {
        let detail = format!("{unreplayed} entries of shard {writer} are in no segment file yet");
        findings.add(Damage::new(Cause::JournalUnreplayed, &path, detail));
    }
    commits
}

/// Notes the commit's entries in `logs`; gives how many of them the segment files lack.
fn entries(path: &Path, commit: &Commit<'_>, logs: &mut Logs, findings: &mut Findings) -> u64 {
    let mut unreplayed = 0;
    for entry in commit.entries() {
        if let Some(detail) = entry_fault(&entry) {
            let damage = Damage::new(Cause::JournalCommit, path, detail);
            findings.add(damage.offset(entry.header.base.0));
        }
        let header = &entry.header;
        // Unknown: the partition was deleted meanwhile.
        let Some(end) = logs.get_mut(&(header.topic_id, header.partition)) else { continue };
        // Epochs are not compared: the logs are looked at by their ends only.
        let log = (Offset(*end), None);
        match join((header, LeaderEpoch::default()), log, Behind::Unpromised) {
            Join::Behind | Join::Stale => {}
            Join::Continues => {
                unreplayed += 1;
                *end = header.end.0;
            }
            Join::Gap | Join::Skips => {
                let (id, partition, base) = (header.topic_id, header.partition, header.base);
                let detail = format!(
                    "partition {partition} of topic {id}: the log ends at {end}, the journal goes \
                     on at {base}"
                );
                findings.add(Damage::new(Cause::JournalGap, path, detail).offset(*end));
                *end = header.end.0;
            }
        }
    }
    unreplayed
}

fn entry_fault(entry: &Entry<'_>) -> Option<String> {
    let mut next = entry.header.base.0;
    for batch in split_batches(entry.batches) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(fault) => return Some(fault.to_string()),
        };
        if let Err(fault) = batch.check_crc() {
            return Some(fault.to_string());
        }
        if batch.base_offset() != next {
            return Some(format!("offset {} where {next} was expected", batch.base_offset()));
        }
        next = batch.header().next_offset();
    }
    (next != entry.header.end.0).then(|| format!("ends at offset {next}, not {}", entry.header.end))
}
