//! A data directory held in memory, to be damaged and put back many times.
//!
//! Only what is not zero is kept: preallocated space costs nothing. Also what each file is for,
//! told by its name as the broker's own layout has it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::runner::Random;

const BLOCK: usize = 4096;

/// What a file of a data directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A segment with a later one behind it.
    SealedSegment,
    ActiveSegment,
    Index,
    Checkpoint,
    PartitionMetadata,
    MetadataLog,
    Identity,
    Journal,
    Other,
}

/// A file's length and its runs of blocks that are not all zero.
#[derive(Clone, Default)]
pub struct Content {
    pub len: u64,
    runs: Vec<(u64, Vec<u8>)>,
}

impl Content {
    fn read(path: &Path) -> io::Result<Content> {
        let bytes = fs::read(path)?;
        let mut runs: Vec<(u64, Vec<u8>)> = Vec::new();
        for (number, block) in bytes.chunks(BLOCK).enumerate() {
            if block.iter().all(|byte| *byte == 0) {
                continue;
            }
            let at = (number * BLOCK) as u64;
            match runs.last_mut().filter(|(start, run)| start + run.len() as u64 == at) {
                Some((_, run)) => run.extend_from_slice(block),
                None => runs.push((at, block.to_vec())),
            }
        }
        Ok(Content { len: bytes.len() as u64, runs })
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let file = fs::File::create(path)?;
        file.set_len(self.len)?;
        self.runs.iter().try_for_each(|(at, run)| file.write_all_at(run, *at))
    }

    /// A bit of the file: nine times of ten one among what was written, else anywhere. `None`
    /// for an empty file.
    pub fn any_bit(&self, random: &mut Random) -> Option<u64> {
        let written: u64 = self.runs.iter().map(|(_, run)| run.len() as u64 * 8).sum();
        if self.len == 0 {
            return None;
        }
        if written == 0 || random.one_in(10) {
            return Some(random.below(self.len * 8));
        }
        let mut bit = random.below(written);
        for (at, run) in &self.runs {
            let bits = run.len() as u64 * 8;
            if bit < bits {
                return Some(at * 8 + bit);
            }
            bit -= bits;
        }
        None
    }
}

/// A whole directory.
#[derive(Clone)]
pub struct Pristine {
    directories: Vec<PathBuf>,
    pub files: BTreeMap<PathBuf, Content>,
}

impl Pristine {
    /// Takes in what is there now; nothing may be writing.
    pub fn of(root: &Path) -> Pristine {
        let mut taken = Pristine { directories: Vec::new(), files: BTreeMap::new() };
        taken.take(root, Path::new("")).expect("the directory can be read");
        taken
    }

    fn take(&mut self, root: &Path, at: &Path) -> io::Result<()> {
        for entry in fs::read_dir(root.join(at))? {
            let entry = entry?;
            let path = at.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                self.directories.push(path.clone());
                self.take(root, &path)?;
            } else {
                self.files.insert(path.clone(), Content::read(&root.join(&path))?);
            }
        }
        Ok(())
    }

    /// Makes `root` what it was, and nothing else.
    pub fn put(&self, root: &Path) {
        let _ = fs::remove_dir_all(root);
        let make = |path: &Path| fs::create_dir_all(root.join(path)).expect("it is writable");
        make(Path::new(""));
        self.directories.iter().for_each(|directory| make(directory));
        self.files.keys().for_each(|path| self.put_file(root, path));
    }

    pub fn put_file(&self, root: &Path, path: &Path) {
        self.files[path].write(&root.join(path)).expect("it is writable");
    }

    pub fn kind(&self, path: &Path) -> Kind {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".journal") {
            return Kind::Journal;
        }
        if name.ends_with(".index") {
            return Kind::Index;
        }
        match name.as_ref() {
            "checkpoint" => Kind::Checkpoint,
            "partition.metadata" => Kind::PartitionMetadata,
            "metadata.log" => Kind::MetadataLog,
            "meta.properties" => Kind::Identity,
            _ if name.ends_with(".log") => {
                let parent = path.parent();
                let later = |other: &PathBuf| {
                    let is_log = other.extension().is_some_and(|extension| extension == "log");
                    is_log && other.parent() == parent && other.as_path() > path
                };
                match self.files.keys().any(later) {
                    true => Kind::SealedSegment,
                    false => Kind::ActiveSegment,
                }
            }
            _ => Kind::Other,
        }
    }

    pub fn of_kind(&self, kind: Kind) -> Vec<PathBuf> {
        self.files.keys().filter(|path| self.kind(path) == kind).cloned().collect()
    }
}

/// Turns one bit of a file over.
pub fn flip(path: &Path, bit: u64) -> io::Result<()> {
    let file = fs::OpenOptions::new().read(true).write(true).open(path)?;
    let mut byte = [0];
    file.read_exact_at(&mut byte, bit / 8)?;
    byte[0] ^= 1 << (bit % 8);
    file.write_all_at(&byte, bit / 8)
}
