//! Journal files: their header, and every place in them that holds a commit.
//!
//! `Scan` shows all commits of a file, also those that are settled and those of an older use;
//! which of them count is the engine's `Walk` to say, over all files of one writer.

use std::io;
use std::path::Path;

use millstream_engine::journal::{
    Commit, CommitFault, CommitHeader, FILE_FIELDS_BYTES, FILE_HEADER_BYTES, FileFault, FileHeader,
    Walk, WalkStep, parse_commit,
};
use millstream_engine::limits::{BLOCK_BYTES, JOURNAL_COMMIT_BYTES_MAX};

use super::window::Window;

/// Checksums of a scan may cover this many times the file's bytes.
const SCAN_FACTOR: u64 = 4;

/// One journal file, open for reading.
pub struct Journal {
    window: Window,
    pub header: Result<FileHeader, FileFault>,
}

/// What a scan finds at a block.
pub enum Found<'a> {
    Commit(Commit<'a>),
    /// It begins like a commit; its checksum or its lengths are wrong.
    Damaged,
}

impl Journal {
    /// # Errors
    /// The file cannot be read.
    pub fn open(path: &Path) -> io::Result<Journal> {
        let mut window = Window::open(path)?;
        let header = FileHeader::decode(window.get(0, FILE_FIELDS_BYTES)?);
        Ok(Journal { window, header })
    }

    /// The file's length.
    pub fn len(&self) -> u64 {
        self.window.len()
    }

    /// Up to which generation commits are settled; 0 where the header does not say.
    pub fn void_upto(&self) -> u64 {
        self.header.map_or(0, |header| header.void_upto)
    }

    /// Shows every place that holds a commit, or did. `false`: given up, the file is hostile.
    ///
    /// # Errors
    /// The file cannot be read, or `seen` failed.
    pub fn scan(
        &mut self,
        mut seen: impl FnMut(u64, Found<'_>) -> io::Result<()>,
    ) -> io::Result<bool> {
        let mut at = FILE_HEADER_BYTES;
        let mut budget = self.len().saturating_mul(SCAN_FACTOR);
        while at < self.len() {
            let window = self.window.get(at, JOURNAL_COMMIT_BYTES_MAX as usize)?;
            if window.is_empty() {
                break;
            }
            match parse_commit(window) {
                Ok(commit) => {
                    let bytes = commit.header.padded_bytes();
                    seen(at, Found::Commit(commit))?;
                    at += bytes;
                }
                Err(CommitFault::NoCommit) => at += BLOCK_BYTES,
                Err(CommitFault::Short(_)) if window.len() < BLOCK_BYTES as usize => break,
                Err(CommitFault::Short(_) | CommitFault::Damaged) => {
                    let cost = window.len() as u64;
                    seen(at, Found::Damaged)?;
                    if cost > budget {
                        return Ok(false);
                    }
                    budget -= cost;
                    at += BLOCK_BYTES;
                }
            }
        }
        Ok(true)
    }

    /// Goes over the commits that count, as a start of the broker would.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn walk(&mut self, walk: &mut Walk, mut seen: impl FnMut(&Commit<'_>)) -> io::Result<()> {
        walk.begin_file(self.void_upto());
        if self.is_void()? {
            return Ok(());
        }
        let mut at = FILE_HEADER_BYTES;
        loop {
            let len = self.len();
            let window = self.window.get(at, JOURNAL_COMMIT_BYTES_MAX as usize)?;
            let is_last = at + window.len() as u64 >= len;
            match walk.step(window, is_last || window.is_empty()) {
                WalkStep::Commit(commit) => {
                    seen(&commit);
                    at += commit.header.padded_bytes();
                }
                WalkStep::Skip(bytes) => at += bytes,
                WalkStep::Need(_) | WalkStep::End => return Ok(()),
            }
        }
    }

    /// The generation of the first commit that counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first_generation(&mut self) -> io::Result<Option<u64>> {
        let mut first: Option<CommitHeader> = None;
        self.walk(&mut Walk::default(), |commit| {
            first = first.or(Some(commit.header));
        })?;
        Ok(first.map(|header| header.generation))
    }

    /// The commits of the file's last use are all settled.
    fn is_void(&mut self) -> io::Result<bool> {
        let void_upto = self.void_upto();
        let window = self.window.get(FILE_HEADER_BYTES, JOURNAL_COMMIT_BYTES_MAX as usize)?;
        Ok(parse_commit(window).is_ok_and(|commit| commit.header.generation <= void_upto))
    }
}

/// The sentence of a header that cannot be read.
#[must_use]
pub fn explain(fault: FileFault) -> String {
    match fault {
        FileFault::NotAJournal => "this is no journal".to_owned(),
        FileFault::NewerVersion(version) => {
            let known = millstream_engine::journal::VERSION;
            format!("format {version}; this program reads {known}")
        }
        FileFault::Damaged => "the header's checksum is wrong".to_owned(),
    }
}
