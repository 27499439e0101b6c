//! `millstream produce`: writes lines of standard input, or of a file, as records.
//!
//! A thread reads ahead in large pieces; this one cuts lines, batches and sends. When no
//! input comes for a moment, what is collected goes out, so that typed lines appear at once
//! and a piped file travels in full batches.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};
use millstream_wire::compress::Codec;

use super::client::{Fault, Outgoing, ProduceOptions, Producer};
use super::output::grouped;
use super::progress::{Progress, Unit};
use super::{At, key_value, time};

const PIECE_BYTES: usize = 1 << 20;
/// Pieces that are read ahead.
const PIECES_AHEAD: usize = 4;
const LINGER: Duration = Duration::from_millis(5);
const LINE_BYTES_MAX: usize = 64 << 20;

#[derive(Debug, Args)]
pub struct ProduceArgs {
    #[arg(value_name = "TOPIC")]
    topic: String,
    /// Read this file instead of standard input
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What stands between a key and its value in a line; without it lines have no keys
    #[arg(short, long, value_name = "TEXT")]
    key_separator: Option<String>,
    /// A header of every record; repeatable
    #[arg(short = 'H', long = "header", value_name = "KEY=VALUE", value_parser = key_value)]
    headers: Vec<(String, String)>,
    /// All records to this partition
    #[arg(short, long, value_name = "N")]
    partition: Option<i32>,
    /// Who must have a record before it counts: all in-sync replicas, the leader, nobody
    #[arg(short, long, value_enum, default_value_t)]
    acks: Acks,
    /// How batches are compressed
    #[arg(short = 'z', long, value_enum, default_value_t)]
    compression: Compression,
    #[command(flatten)]
    at: At,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Acks {
    /// All in-sync replicas; with Millstream's default, flushed to their devices
    #[default]
    All,
    /// The leader alone
    #[value(name = "1")]
    One,
    /// Nobody: what gets lost is not noticed
    #[value(name = "0")]
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Compression {
    #[default]
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl ProduceArgs {
    fn options(&self) -> ProduceOptions {
        let acks = match self.acks {
            Acks::All => -1,
            Acks::One => 1,
            Acks::None => 0,
        };
        let codec = match self.compression {
            Compression::None => Codec::None,
            Compression::Gzip => Codec::Gzip,
            Compression::Snappy => Codec::Snappy,
            Compression::Lz4 => Codec::Lz4,
            Compression::Zstd => Codec::Zstd,
        };
        ProduceOptions { acks, codec, partition: self.partition }
    }
}

/// Reads, sends, and says how many records arrived.
///
/// # Errors
/// No broker, unreadable input, or a record that was refused.
pub fn run(args: &ProduceArgs) -> Result<(), Fault> {
    let (input, length) = open(args.file.as_deref())?;
    let start = usize::try_from(time::now_ms()).unwrap_or(0);
    let mut producer = Producer::open(args.at.client()?, &args.topic, args.options(), start)?;
    let progress = Progress::new(length.unwrap_or(0), Unit::Bytes, length.is_some());
    let done = send_all(args, &mut producer, &read_ahead(input), &progress);
    drop(progress);
    let records = producer.acknowledged();
    let (count, plural) = (grouped(records as i64), if records == 1 { "" } else { "s" });
    match (&done, args.acks) {
        (Err(_), _) => eprintln!("{count} record{plural} arrived before the fault"),
        (Ok(()), Acks::None) => eprintln!("sent {count} record{plural} to {}", args.topic),
        (Ok(()), _) => eprintln!("produced {count} record{plural} to {}", args.topic),
    }
    done
}

fn open(path: Option<&Path>) -> Result<(Box<dyn Read + Send>, Option<u64>), Fault> {
    let Some(path) = path else { return Ok((Box::new(io::stdin()), None)) };
    let failed = |cause| Fault::Io { what: format!("cannot read {}", path.display()), cause };
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((Box::new(file), Some(length)))
}

/// Starts the reading thread. It ends with the input, or when nobody takes its pieces.
fn read_ahead(mut input: Box<dyn Read + Send>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = sync_channel(PIECES_AHEAD);
    let read = move || {
        while let Some(piece) = next_piece(&mut input).transpose() {
            let last = piece.is_err();
            if give(&sender, piece).is_none() || last {
                return;
            }
        }
    };
    thread::spawn(read);
    receiver
}

fn give(sender: &SyncSender<io::Result<Vec<u8>>>, piece: io::Result<Vec<u8>>) -> Option<()> {
    sender.send(piece).ok()
}

fn next_piece(input: &mut (dyn Read + Send)) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match input.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(bytes) => {
                piece.truncate(bytes);
                return Ok(Some(piece));
            }
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

fn send_all(
    args: &ProduceArgs,
    producer: &mut Producer,
    pieces: &Receiver<io::Result<Vec<u8>>>,
    progress: &Progress,
) -> Result<(), Fault> {
    let mut lines = Lines::default();
    let mut bytes = 0;
    loop {
        let piece = match pieces.recv_timeout(LINGER) {
            Ok(piece) => Some(piece),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                producer.finish()?;
                pieces.recv().ok()
            }
        };
        let Some(piece) = piece else { break };
        let piece =
            piece.map_err(|cause| Fault::Io { what: "cannot read the input".into(), cause })?;
        lines.cut(&piece, |number, line| send(args, producer, number, line))?;
        bytes += piece.len() as u64;
        progress.to(bytes);
    }
    lines.end(|number, line| send(args, producer, number, line))?;
    producer.finish()
}

fn send(
    args: &ProduceArgs,
    producer: &mut Producer,
    number: u64,
    line: &[u8],
) -> Result<(), Fault> {
    let (key, value) = match &args.key_separator {
        None => (None, line),
        Some(separator) => match split(line, separator.as_bytes()) {
            Some(parts) => parts,
            None => {
                // The lines before this one were good: they shall arrive.
                producer.finish()?;
                let reason = format!("line {number} has no '{separator}' after a key");
                return Err(Fault::Impossible(reason));
            }
        },
    };
    let headers: Vec<_> =
        args.headers.iter().map(|(key, value)| (key.as_str(), Some(value.as_bytes()))).collect();
    producer.add(Outgoing { timestamp_ms: time::now_ms(), key, value, headers: &headers })
}

/// The key before the first separator, and the value after it.
fn split<'a>(line: &'a [u8], separator: &[u8]) -> Option<(Option<&'a [u8]>, &'a [u8])> {
    let at = line.windows(separator.len().max(1)).position(|window| window == separator)?;
    Some((Some(&line[..at]), &line[at + separator.len()..]))
}

/// Cuts pieces of input into lines; the end of one piece may be the middle of a line.
#[derive(Debug, Default)]
struct Lines {
    begun: Vec<u8>,
    count: u64,
}

impl Lines {
    fn cut(
        &mut self,
        piece: &[u8],
        mut each: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut rest = piece;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            self.count += 1;
            if self.begun.is_empty() {
                each(self.count, without_return(&rest[..at]))?;
            } else {
                self.begun.extend_from_slice(&rest[..at]);
                each(self.count, without_return(&self.begun))?;
                self.begun.clear();
            }
            rest = &rest[at + 1..];
        }
        self.begun.extend_from_slice(rest);
        match self.begun.len() > LINE_BYTES_MAX {
            false => Ok(()),
            true => Err(Fault::Impossible(format!(
                "line {} is longer than {} MiB, more than a record can be",
                self.count + 1,
                LINE_BYTES_MAX >> 20
            ))),
        }
    }

    /// The last line, when it has no newline.
    fn end(self, mut each: impl FnMut(u64, &[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
        match self.begun.is_empty() {
            true => Ok(()),
            false => each(self.count + 1, without_return(&self.begun)),
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(pieces: &[&str]) -> Vec<(u64, String)> {
        let mut found = Vec::new();
        let mut note = |number, line: &[u8]| {
            found.push((number, String::from_utf8_lossy(line).into_owned()));
            Ok(())
        };
        let mut lines = Lines::default();
        for piece in pieces {
            lines.cut(piece.as_bytes(), &mut note).unwrap();
        }
        lines.end(&mut note).unwrap();
        found
    }

    #[test]
    fn lines_do_not_depend_on_where_the_input_is_cut() {
        let text = "one\r\ntwo\n\nfour";
        let whole = lines_of(&[text]);
        let expected = [(1, "one"), (2, "two"), (3, ""), (4, "four")];
        assert_eq!(whole, expected.map(|(number, line)| (number, line.to_owned())));
        for at in 0..=text.len() {
            let (head, tail) = text.split_at(at);
            assert_eq!(lines_of(&[head, tail]), whole, "cut at {at}");
        }
    }

    #[test]
    fn a_newline_at_the_end_begins_no_line() {
        assert_eq!(lines_of(&["one\n"]).len(), 1);
        assert_eq!(lines_of(&[""]).len(), 0);
    }

    #[test]
    fn a_key_ends_at_the_first_separator() {
        let split = |line: &'static str, separator: &str| {
            super::split(line.as_bytes(), separator.as_bytes())
        };
        assert_eq!(split("k:v:w", ":"), Some((Some(&b"k"[..]), &b"v:w"[..])));
        assert_eq!(split("k=>v", "=>"), Some((Some(&b"k"[..]), &b"v"[..])));
        assert_eq!(split(":v", ":"), Some((Some(&b""[..]), &b"v"[..])));
        assert_eq!(split("kv", ":"), None);
        assert_eq!(split("", ":"), None);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut lines = Lines { begun: vec![b'x'; LINE_BYTES_MAX], count: 6 };
        let fault = lines.cut(b"x", |_, _| Ok(())).unwrap_err();
        assert!(fault.to_string().contains("line 7 is longer"), "{fault}");
    }
}
