//! A journal file: its header and its commits, with their entries where asked for.

use std::io::{self, Write};
use std::path::Path;

use millstream_engine::journal::{Commit, FileFault};
use serde_json::{Map, Value, json};

use super::Dump;
use super::out::summary;
use crate::cli::ondisk::journal::{Found, Journal, explain};
use crate::cli::ondisk::{Cause, Damage};

const HEAD: &str = "  POSITION      BYTES  GENERATION  SEQUENCE    DURABLE     ENTRIES  STATE";

impl<W: Write> Dump<'_, W> {
    pub(super) fn journal(&mut self, path: &Path) -> io::Result<()> {
        let mut journal = match Journal::open(path) {
            Ok(journal) => journal,
            Err(cause) => {
                self.out.file(path, "journal", 0)?;
                self.out.damage(&Damage::new(Cause::Unreadable, path, cause.to_string()))?;
                return self.out.end(Map::new());
            }
        };
        self.out.file(path, "journal", journal.len())?;
        if let Err(fault) = journal.header {
            let cause = match fault {
                FileFault::Damaged => Cause::JournalHeader,
                FileFault::NotAJournal | FileFault::NewerVersion(_) => Cause::JournalForeign,
            };
            self.out.damage(&Damage::new(cause, path, explain(fault)).at(0))?;
        }
        self.out.head(HEAD)?;
        let (mut commits, mut entries) = (0u64, 0u64);
        let void_upto = journal.void_upto();
        let header = journal.header;
        let whole = journal.scan(|at, found| match found {
            Found::Commit(commit) => {
                commits += 1;
                entries += u64::from(commit.header.entries);
                self.commit((at, void_upto), &commit)
            }
            Found::Damaged => {
                let detail = "begins like a commit; its checksum or its lengths are wrong";
                self.out.damage(&Damage::new(Cause::JournalCommit, path, detail).at(at))
            }
        })?;
        if !whole {
            let detail = "too many bytes that are no commits; the rest is not shown";
            self.out.damage(&Damage::new(Cause::JournalCommit, path, detail))?;
        }
        let mut about = summary([("commits", commits.into()), ("entries", entries.into())]);
        if let Ok(header) = header {
            about.insert("shard".to_owned(), header.writer.into());
            about.insert("slot".to_owned(), header.slot.into());
            about.insert("file_bytes".to_owned(), header.file_bytes.into());
            about.insert("void_upto".to_owned(), header.void_upto.into());
        }
        self.out.end(about)
    }

    fn commit(&mut self, (at, void_upto): (u64, u64), commit: &Commit<'_>) -> io::Result<()> {
        let header = commit.header;
        let state = if header.generation <= void_upto { "settled" } else { "live" };
        let with_entries = self.args.records;
        self.out.item(
            || {
                let mut line = format!(
                    "  {at:<10} {:>8}  {:<10}  {:<10}  {:<10}  {:>7}  {state}",
                    header.bytes,
                    header.generation,
                    header.sequence,
                    header.durable,
                    header.entries
                );
                for entry in commit.entries().filter(|_| with_entries) {
                    let one = entry.header;
                    line += &format!(
                        "\n      {}  partition {}  offsets {}..{}  segment {} at {}  {} bytes",
                        one.topic_id,
                        one.partition,
                        one.base,
                        one.end.0 - 1,
                        one.segment,
                        one.position,
                        one.bytes
                    );
                }
                line
            },
            || {
                let entry = |entry: millstream_engine::journal::Entry<'_>| {
                    let one = entry.header;
                    json!({
                        "topic_id": one.topic_id.to_string(),
                        "partition": one.partition,
                        "base_offset": one.base.0,
                        "next_offset": one.end.0,
                        "segment": one.segment.0,
                        "position": one.position,
                        "bytes": one.bytes,
                    })
                };
                let mut object = json!({
                    "position": at,
                    "bytes": header.bytes,
                    "generation": header.generation,
                    "sequence": header.sequence,
                    "durable": header.durable,
                    "entry_count": header.entries,
                    "state": state,
                });
                if with_entries {
                    object["entries"] =
                        Value::from(commit.entries().map(entry).collect::<Vec<_>>());
                }
                object
            },
        )
    }
}
