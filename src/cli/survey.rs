//! A look at the data directory before anything is started in it: is it ours, whole, writable.
//!
//! Runs on the main thread of `serve`, behind the lock, with plain file calls. A directory that
//! is another's (Kafka's, another node's, a newer Millstream's, another user's) or of which a
//! part is missing is refused in one sentence with the file and the way out; nothing is
//! written or removed before that. What is not known is left alone and named once. What needs
//! the metadata itself is checked by `controller::load`.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use millstream_engine::ids::BrokerId;
use rustix::process::geteuid;

use crate::controller::identity::{self, Identity};
use crate::storage::files;

/// Names that are ours beside partitions; the last one is the file system's.
const KNOWN: &[&str] = &[
    identity::FILE,
    "meta.new",
    ".lock",
    "__cluster_metadata",
    "journal",
    "reserve",
    "lost+found",
];
/// Names that one note lists.
const NAMED_MAX: usize = 5;

/// Entries of a data directory: name, and whether it is a directory.
type Entries = Vec<(String, bool)>;

/// Checks the directory; gives what an operator should hear of.
///
/// # Errors
/// Why it is refused.
pub fn check(dir: &Path, node: BrokerId) -> Result<Vec<String>, String> {
    let shown = dir.display();
    let entries = list(dir).map_err(|fault| format!("cannot read {shown}: {fault}"))?;
    let file = dir.join(identity::FILE);
    match fs::read(&file) {
        Ok(bytes) => {
            check_owner(&file)?;
            let text = String::from_utf8_lossy(&bytes);
            let found = Identity::parse(&text).and_then(|found| found.check_node(node));
            found.map_err(|fault| format!("the data directory {shown} is refused: {fault}"))?;
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            check_not_headless(dir, &entries)?;
        }
        Err(fault) => return Err(format!("cannot read {}: {fault}", file.display())),
    }
    Ok(note_foreign(dir, &entries).into_iter().collect())
}

fn list(dir: &Path) -> io::Result<Entries> {
    let mut entries = Entries::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push((name, entry.file_type()?.is_dir()));
    }
    entries.sort_unstable();
    Ok(entries)
}

/// Whoever writes into another user's directory, as root can, locks that user out of it.
fn check_owner(file: &Path) -> Result<(), String> {
    let owner = fs::metadata(file).map_err(|fault| format!("{}: {fault}", file.display()))?.uid();
    let ours = geteuid().as_raw();
    if owner == ours {
        return Ok(());
    }
    let dir = file.parent().unwrap_or(file).display();
    Err(format!(
        "{} belongs to user {owner} and this process runs as user {ours}: run as that user, or \
         give the directory to this one with: chown -R {ours} {dir}",
        file.display()
    ))
}

/// Partitions without `meta.properties` are half of a directory; a new cluster would not know
/// them.
fn check_not_headless(dir: &Path, entries: &Entries) -> Result<(), String> {
    for (name, _) in entries.iter().filter(|(name, is_dir)| *is_dir && is_partition(name)) {
        let path = dir.join(name);
        let files =
            list(&path).map_err(|fault| format!("cannot read {}: {fault}", path.display()))?;
        if files.iter().any(|(file, _)| files::segment_base(file).is_some()) {
            return Err(format!(
                "the data directory {} is incomplete: {} holds records and there is no {}; \
                 restore that file from a backup, or choose another directory with --set \
                 log.dirs=PATH",
                dir.display(),
                path.display(),
                identity::FILE
            ));
        }
    }
    Ok(())
}

fn is_partition(name: &str) -> bool {
    files::parse_partition(name).is_some()
}

/// Names what is not ours, once; it stays as it is.
fn note_foreign(dir: &Path, entries: &Entries) -> Option<String> {
    let ours = |(name, is_dir): &&(String, bool)| {
        let manifest = name.starts_with("journal-") && name.ends_with(".manifest");
        let partition = is_partition(name) || files::is_deleted(name);
        KNOWN.contains(&name.as_str()) || manifest || *is_dir && partition
    };
    let foreign: Vec<&str> =
        entries.iter().filter(|entry| !ours(entry)).map(|(name, _)| name.as_str()).collect();
    if foreign.is_empty() {
        return None;
    }
    let named = foreign.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    let rest = foreign.len().saturating_sub(NAMED_MAX);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Some(format!("{} holds what is not Millstream's: {named}{more}; left alone", dir.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_entries_are_named_and_ours_are_not() {
        let entry = |name: &str, is_dir| (name.to_owned(), is_dir);
        let mut entries: Entries = KNOWN.iter().map(|name| entry(name, false)).collect();
        entries.extend([entry("t-0", true), entry("journal-1.manifest", false)]);
        entries.extend([entry("t-0.0123456789abcdef-delete", true)]);
        assert_eq!(note_foreign(Path::new("/d"), &entries), None);
        entries.extend([entry("t-1", false), entry("notes.txt", false), entry("backup", true)]);
        let note = note_foreign(Path::new("/d"), &entries).expect("three are foreign");
        assert!(note.contains("t-1, notes.txt, backup; left alone"), "{note}");
        entries.extend((0..9).map(|n| entry(&format!("x{n}"), false)));
        let note = note_foreign(Path::new("/d"), &entries).expect("more are foreign");
        assert!(note.contains("and 7 more"), "{note}");
    }
}
