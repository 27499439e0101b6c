//! `millstream dump`: what stands in the files of a data directory, readably.
//!
//! Takes files, partition directories or a whole data directory. Reads only, beside a running
//! broker too; then the ends of files may be in flight, and it says so. Damage is named with
//! file, position, offset and cause, and what is sound behind it is shown.

mod journal;
mod metadata;
mod out;
mod records;
mod segment;
mod small;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use self::out::Out;
use super::client::Fault;
use super::ondisk::{self, Cause, Damage, Kind, Lock, Window};
use super::output::Output;

const EXAMPLES: &str = "Examples:
  millstream dump data/flights-0
  millstream dump data/flights-0/00000000000000000000.log --records --from 100 --limit 5
  millstream dump data/__consumer_offsets-7 --records
  millstream dump data/__cluster_metadata/metadata.log --output json
  millstream dump data --output json | jq '.files[] | select(.damages > 0)'

Lines with !! name damage, lines with -- what is normal after a crash. The exit code is 1 when a
path cannot be read; to have a directory judged, use `millstream verify`.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DumpArgs {
    /// Files, partition directories, or a data directory
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show the records in the batches
    #[arg(short, long)]
    records: bool,
    /// Pass over batches that end before this offset
    #[arg(long, value_name = "OFFSET")]
    from: Option<i64>,
    /// Show at most this many batches of a segment
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<u64>,
    /// Keys and values in hexadecimal, even where they are text
    #[arg(long)]
    hex: bool,
    /// Keys and values in full length in the table too
    #[arg(long)]
    full: bool,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// Shows the files.
///
/// # Errors
/// A path cannot be read, or standard output not written to.
pub fn run(args: &DumpArgs) -> Result<(), Fault> {
    let running = args.paths.iter().find_map(|path| {
        let root = ondisk::data_dir_of(path)?;
        (ondisk::lock(&root).0 == Lock::Held).then_some(root)
    });
    if let Some(root) = &running {
        let root = root.display();
        eprintln!("a broker is running on {root}: the ends of its files may be in flight");
    }
    let failed = |cause| Fault::Io { what: "standard output".to_owned(), cause };
    let out = Out::begin(io::stdout().lock(), args.output, running.is_some()).map_err(failed)?;
    let mut dump = Dump { out, args };
    let mut unread = None;
    for path in &args.paths {
        match dump.path(path) {
            Ok(()) => {}
            Err(Failed::Out(cause)) => return Err(failed(cause)),
            Err(Failed::Input(path, cause)) => {
                unread = Some(Fault::Io { what: path.display().to_string(), cause });
            }
        }
    }
    dump.out.finish().map_err(failed)?;
    unread.map_or(Ok(()), Err)
}

/// Which side failed.
enum Failed {
    Out(io::Error),
    Input(PathBuf, io::Error),
}

impl From<io::Error> for Failed {
    fn from(cause: io::Error) -> Failed {
        Failed::Out(cause)
    }
}

/// A dump under way.
struct Dump<'a, W: Write> {
    out: Out<W>,
    args: &'a DumpArgs,
}

impl<W: Write> Dump<'_, W> {
    /// One path, and what is below it.
    fn path(&mut self, path: &Path) -> Result<(), Failed> {
        let unread = |cause| Failed::Input(path.to_owned(), cause);
        let about = std::fs::metadata(path).map_err(unread)?;
        if !about.is_dir() {
            return self.file(path);
        }
        // Two levels are all there are: a data directory and its partitions.
        for (name, is_dir) in ondisk::list(path).map_err(unread)? {
            let inner = path.join(name);
            match is_dir {
                false => self.file(&inner)?,
                true => {
                    for (name, is_dir) in ondisk::list(&inner).map_err(unread)? {
                        if !is_dir {
                            self.file(&inner.join(name))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Failed> {
        let mut window = match Window::open(path) {
            Ok(window) => window,
            Err(cause) => return self.unreadable(path, &cause),
        };
        let kind = match ondisk::kind_of(path) {
            Kind::Foreign | Kind::Unfinished | Kind::SetAside | Kind::Deleted | Kind::Cleaned => {
                let stem = path.with_extension("");
                let head = match window.get(0, 64) {
                    Ok(head) => head,
                    Err(cause) => return self.unreadable(path, &cause),
                };
                // `x.log.deleted` is read as `x.log`.
                match ondisk::kind_of(&stem) {
                    Kind::Foreign => ondisk::sniff(head).unwrap_or(Kind::Foreign),
                    kind => kind,
                }
            }
            kind => kind,
        };
        let shown = match kind {
            Kind::Segment(base) => self.segment(path, base),
            Kind::Index(_) => self.index(path),
            Kind::Checkpoint => self.checkpoint(path),
            Kind::PartitionMetadata
            | Kind::Identity
            | Kind::Quarantine
            | Kind::CleanerNote
            | Kind::Manifest(_)
            | Kind::Opened
            | Kind::Clean => self.text(path, kind),
            Kind::MetadataLog => self.metadata_log(path),
            Kind::Journal(..) => self.journal(path),
            _ => self.other(path, window.len()),
        };
        Ok(shown?)
    }

    fn unreadable(&mut self, path: &Path, cause: &io::Error) -> Result<(), Failed> {
        self.out.file(path, "unreadable", 0)?;
        self.out.damage(&Damage::new(Cause::Unreadable, path, cause.to_string()))?;
        Ok(self.out.end(serde_json::Map::new())?)
    }

    /// A file whose content says nothing to us: named, not shown.
    fn other(&mut self, path: &Path, bytes: u64) -> io::Result<()> {
        let kind = ondisk::kind_of(path);
        self.out.file(path, kind.name(), bytes)?;
        self.out.end(serde_json::Map::new())
    }
}
