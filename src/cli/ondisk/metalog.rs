//! The metadata log entry by entry, also past an entry that is damaged.
//!
//! The broker refuses a log that is damaged before its end; this walk goes on behind the
//! damage at the next entry whose checksum is right, so that a person sees what is left.

use crate::controller::format::{self, BODY_BYTES_MIN, ENTRY_HEAD_BYTES, Entry, PREAMBLE_BYTES};

/// What stands at a position.
pub enum Step<'a> {
    Entry {
        at: usize,
        end: usize,
        entry: Entry<'a>,
    },
    /// No entry; the next one, if any, begins at `end`.
    Damaged {
        at: usize,
        end: usize,
        last: bool,
    },
}

/// Walks over the entries behind the preamble.
pub struct Walk<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    #[must_use]
    pub fn new(file: &'a [u8]) -> Walk<'a> {
        Walk { file, at: PREAMBLE_BYTES.min(file.len()) }
    }

    /// The next entry at or after `from`, by its checksum.
    fn search(&self, from: usize) -> Option<usize> {
        let last = self.file.len().checked_sub(ENTRY_HEAD_BYTES + BODY_BYTES_MIN)?;
        let fits = |at: &usize| {
            // A version is a count of records: its first byte is zero for ever, and the kind
            // is one of four.
            let body = at + ENTRY_HEAD_BYTES;
            self.file[body] == 0 && self.file[body + 8] <= format::BATCH
        };
        (from..=last).filter(fits).find(|at| format::entry_at(self.file, *at).is_some())
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        if self.at >= self.file.len() {
            return None;
        }
        let at = self.at;
        if let Some((entry, end)) = format::entry_at(self.file, at) {
            self.at = end;
            return Some(Step::Entry { at, end, entry });
        }
        let next = self.search(at + 1);
        self.at = next.unwrap_or(self.file.len());
        Some(Step::Damaged { at, end: self.at, last: next.is_none() })
    }
}

/// Why the preamble is not one of ours.
#[must_use]
pub fn preamble_fault(file: &[u8]) -> Option<String> {
    if file.len() < PREAMBLE_BYTES || !file.starts_with(format::MAGIC) {
        return Some("this is no metadata log".to_owned());
    }
    let found = u32::from_be_bytes([file[8], file[9], file[10], file[11]]);
    let known = format::FORMAT;
    (found != known).then(|| format!("format {found}; this program reads {known}"))
}

/// The kind of an entry, as a word.
#[must_use]
pub fn kind_name(kind: u8) -> &'static str {
    match kind {
        format::HEADER => "header",
        format::SNAPSHOT => "snapshot",
        format::SNAPSHOT_END => "snapshot-end",
        format::BATCH => "batch",
        _ => "unknown",
    }
}
