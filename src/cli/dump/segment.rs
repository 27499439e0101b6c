//! A segment's batches, one a line, with their records where asked for.

use std::io::{self, Write};
use std::path::Path;

use millstream_engine::ids::Offset;
use millstream_engine::limits::decompressed_bytes_max;
use millstream_wire::batch::{BatchHeader, BatchView};
use serde_json::{Map, Value, json};

use super::Dump;
use super::out::summary;
use super::records::{Decoder, Shown};
use crate::cli::ondisk::segment::{Order, Step, Walk, explain};
use crate::cli::ondisk::{Cause, Damage};
use crate::cli::time;

const HEAD: &str = "  POSITION      BYTES  OFFSETS                      RECORDS  CODEC   EPOCH  \
                    MAX TIMESTAMP             MORE";

/// What was seen of one segment.
#[derive(Default)]
struct Seen {
    batches: u64,
    records: u64,
    next: i64,
    shown: u64,
}

impl<W: Write> Dump<'_, W> {
    pub(super) fn segment(&mut self, path: &Path, base: Offset) -> io::Result<()> {
        let mut walk = match Walk::open(path, base.0) {
            Ok(walk) => walk,
            Err(cause) => return self.segment_unreadable(path, &cause, true),
        };
        self.out.file(path, "segment", walk.len())?;
        self.out.head(HEAD)?;
        let decoder = Decoder::of(path);
        let mut order = Order { expected: base.0, epoch: i32::MIN, gaps: false };
        let mut seen = Seen { next: base.0, ..Seen::default() };
        loop {
            let step = match walk.step() {
                Ok(step) => step,
                Err(cause) => return self.segment_unreadable(path, &cause, false),
            };
            match step {
                Step::End => break,
                Step::Zeros { position, upto } => {
                    let detail = format!("{} bytes of zeros up to the end", upto - position);
                    self.out
                        .damage(&Damage::new(Cause::Preallocated, path, detail).at(position))?;
                }
                Step::Bad { position, upto, cause, fault, is_last } => {
                    let detail = explain(cause, fault, (position, upto), is_last);
                    let damage = Damage::new(cause, path, detail).at(position);
                    self.out.damage(&damage.offset(order.expected))?;
                    order.gaps = true;
                }
                Step::Batch { position, header } => {
                    if let Some(damage) = order.note(path, position, &header) {
                        self.out.damage(&damage)?;
                    }
                    order.gaps = false;
                    seen.batches += 1;
                    seen.records += u64::from(header.record_count.unsigned_abs());
                    seen.next = header.next_offset();
                    let Ok(Some(view)) = walk.batch() else { continue };
                    self.batch(path, position, &view, (&decoder, &mut seen))?;
                }
            }
        }
        self.out.end(summary([
            ("batches", seen.batches.into()),
            ("records", seen.records.into()),
            ("next_offset", seen.next.into()),
        ]))
    }

    fn segment_unreadable(
        &mut self,
        path: &Path,
        cause: &io::Error,
        begin: bool,
    ) -> io::Result<()> {
        if begin {
            self.out.file(path, "segment", 0)?;
        }
        self.out.damage(&Damage::new(Cause::Unreadable, path, cause.to_string()))?;
        self.out.end(Map::new())
    }

    fn batch(
        &mut self,
        path: &Path,
        position: u64,
        view: &BatchView<'_>,
        (decoder, seen): (&Decoder, &mut Seen),
    ) -> io::Result<()> {
        let header = view.header();
        let early = self.args.from.is_some_and(|from| header.next_offset() <= from);
        if early || self.args.limit.is_some_and(|limit| seen.shown >= limit) {
            return Ok(());
        }
        seen.shown += 1;
        if !self.args.records {
            return self.out.item(|| line(position, header), || batch_json(position, header));
        }
        let limit = decompressed_bytes_max(view.total_len());
        let plain = match view.decompressed(limit) {
            Ok(plain) => plain,
            Err(fault) => {
                self.out.item(|| line(position, header), || batch_json(position, header))?;
                return self.bad_records(path, position, header, &fault.to_string());
            }
        };
        let control = view.attributes().is_control();
        let mut fault = None;
        let mut records = Vec::new();
        for record in view.records_in(&plain) {
            match record {
                Ok(record) => records.push(Shown { record, decoded: None }),
                Err(found) => fault = Some(found),
            }
        }
        for shown in &mut records {
            shown.decoded = decoder.decode(&shown.record, control);
        }
        let args = self.args;
        self.out.item(
            || {
                let lines = records.iter().map(|shown| shown.line(args.hex, args.full));
                let all: Vec<_> = [line(position, header)].into_iter().chain(lines).collect();
                all.join("\n")
            },
            || {
                let mut batch = batch_json(position, header);
                let all: Vec<_> = records.iter().map(|shown| shown.json(args.hex)).collect();
                batch["records"] = all.into();
                batch
            },
        )?;
        match fault {
            Some(fault) => self.bad_records(path, position, header, &fault.to_string()),
            None => Ok(()),
        }
    }

    fn bad_records(
        &mut self,
        path: &Path,
        position: u64,
        header: &BatchHeader,
        fault: &str,
    ) -> io::Result<()> {
        let damage = Damage::new(Cause::Records, path, fault).at(position);
        self.out.damage(&damage.offset(header.base_offset))
    }
}

fn line(position: u64, header: &BatchHeader) -> String {
    let offsets = format!("{}..{}", header.base_offset, header.next_offset().saturating_sub(1));
    let text = format!(
        "  {position:<10} {:>8}  {offsets:<27} {:>8}  {:<6}  {:>5}  {:<24}  {}",
        header.total_len(),
        header.record_count,
        codec(header),
        header.leader_epoch,
        time::show(header.max_timestamp),
        more(header),
    );
    text.trim_end().to_owned()
}

fn codec(header: &BatchHeader) -> String {
    match header.attributes.codec() {
        Ok(codec) => codec.name().to_owned(),
        Err(fault) => fault.to_string(),
    }
}

fn more(header: &BatchHeader) -> String {
    let mut parts = Vec::new();
    if header.producer_id >= 0 {
        let (id, epoch) = (header.producer_id, header.producer_epoch);
        parts.push(format!("producer {id}/{epoch} sequence {}", header.base_sequence));
    }
    parts.extend(flags(header).into_iter().map(str::to_owned));
    parts.join(" ")
}

fn flags(header: &BatchHeader) -> Vec<&'static str> {
    let bits = header.attributes;
    let named = [
        (bits.is_log_append_time(), "log-append-time"),
        (bits.is_transactional(), "transactional"),
        (bits.is_control(), "control"),
        (bits.has_delete_horizon(), "delete-horizon"),
        (bits.has_unknown_bits(), "unknown-bits"),
    ];
    named.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect()
}

fn batch_json(position: u64, header: &BatchHeader) -> Value {
    json!({
        "position": position,
        "bytes": header.total_len(),
        "base_offset": header.base_offset,
        "last_offset": header.next_offset().saturating_sub(1),
        "record_count": header.record_count,
        "leader_epoch": header.leader_epoch,
        "codec": codec(header),
        "crc": format!("{:08x}", header.crc),
        "base_timestamp": header.base_timestamp,
        "max_timestamp": header.max_timestamp,
        "producer_id": header.producer_id,
        "producer_epoch": header.producer_epoch,
        "base_sequence": header.base_sequence,
        "flags": flags(header),
    })
}
