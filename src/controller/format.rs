//! The bytes of the metadata log: one file that begins with a snapshot and grows by batches.
//!
//! `MILLMETA`, a u32 format number, then entries: u32 length, u32 CRC-32C, body; a body is a
//! u64 image version, a kind and its content (big-endian; records in Kafka's own format).
//! A batch is one entry, so a command is there as a whole or not at all. Pure functions.
//! Invariant: batches are appended one at a time, each after the one before is durable;
//! so only the last entry can be torn, and damage before it is damage, not a shorter log.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use millstream_engine::meta::{Image, MetaRecord, RecordFault, ReplayFault};
use millstream_wire::{DecodeError, Reader};

pub const MAGIC: &[u8; 8] = b"MILLMETA";
/// The newest format that this program reads, and the one that it writes.
pub const FORMAT: u32 = 1;
pub const PREAMBLE_BYTES: usize = 12;
pub const ENTRY_HEAD_BYTES: usize = 8;
/// Version and kind: the least that a body holds.
pub const BODY_BYTES_MIN: usize = 9;
/// A snapshot is cut into entries of about this size.
const SNAPSHOT_ENTRY_BYTES: usize = 256 * 1024;

pub const HEADER: u8 = 0;
pub const SNAPSHOT: u8 = 1;
pub const SNAPSHOT_END: u8 = 2;
pub const BATCH: u8 = 3;

/// What a file says.
#[derive(Debug)]
pub struct Scanned {
    pub image: Image,
    /// Bytes of the preamble and the snapshot.
    pub snapshot_len: u64,
    /// Bytes up to the end of the last whole entry.
    pub valid_len: u64,
    /// Bytes after it: a write that a crash cut short, and nobody was told of.
    pub torn_len: u64,
}

/// Why a file is no metadata log that can be trusted.
#[derive(Debug, PartialEq)]
pub enum FormatFault {
    NotALog,
    NewerFormat(u32),
    /// Damage in front of entries that were acknowledged.
    Damaged {
        at: u64,
    },
    Record {
        at: u64,
        fault: RecordFault,
    },
    Replay {
        at: u64,
        fault: ReplayFault,
    },
}

impl fmt::Display for FormatFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatFault::NotALog => f.write_str("this is no metadata log"),
            FormatFault::NewerFormat(n) => write!(
                f,
                "format {n} was written by a newer Millstream; this one reads up to {FORMAT}"
            ),
            FormatFault::Damaged { at } => write!(f, "damaged at byte {at}, not at its end"),
            FormatFault::Record { at, fault } => write!(f, "entry at byte {at}: {fault}"),
            FormatFault::Replay { at, fault } => write!(f, "entry at byte {at}: {fault}"),
        }
    }
}

/// A whole new file that holds `image`.
#[must_use]
pub fn snapshot_file(image: &Image) -> Bytes {
    let mut file = BytesMut::with_capacity(SNAPSHOT_ENTRY_BYTES);
    file.put_slice(MAGIC);
    file.put_u32(FORMAT);
    put_entry(&mut file, image.version, HEADER, image.cluster_id.as_bytes());
    let mut content = BytesMut::new();
    for record in image.snapshot() {
        put_record(&mut content, &record);
        if content.len() >= SNAPSHOT_ENTRY_BYTES {
            put_entry(&mut file, image.version, SNAPSHOT, &content);
            content.clear();
        }
    }
    put_entry(&mut file, image.version, SNAPSHOT, &content);
    put_entry(&mut file, image.version, SNAPSHOT_END, &[]);
    file.freeze()
}

/// The entry of one command's records, to be applied to an image at `version`.
#[must_use]
pub fn batch_entry(version: u64, records: &[MetaRecord]) -> Bytes {
    let mut content = BytesMut::new();
    for record in records {
        put_record(&mut content, record);
    }
    let mut entry = BytesMut::with_capacity(content.len() + ENTRY_HEAD_BYTES + BODY_BYTES_MIN);
    put_entry(&mut entry, version, BATCH, &content);
    entry.freeze()
}

fn put_record(to: &mut BytesMut, record: &MetaRecord) {
    let bytes = record.encode();
    to.put_u32(u32_of(bytes.len()));
    to.put_slice(&bytes);
}

fn put_entry(to: &mut BytesMut, version: u64, kind: u8, content: &[u8]) {
    let mut body = BytesMut::with_capacity(BODY_BYTES_MIN + content.len());
    body.put_u64(version);
    body.put_u8(kind);
    body.put_slice(content);
    to.put_u32(u32_of(body.len()));
    to.put_u32(crc32c::crc32c(&body));
    to.put_slice(&body);
}

/// A frame is 100 MiB at most, and so is what a command can hold.
fn u32_of(len: usize) -> u32 {
    u32::try_from(len).expect("metadata entries are far below 4 GiB")
}

/// Reads a whole file back to the image that it makes.
///
/// # Errors
/// Everything but a torn end.
pub fn scan(file: &[u8]) -> Result<Scanned, FormatFault> {
    if file.len() < PREAMBLE_BYTES || file[..MAGIC.len()] != MAGIC[..] {
        return Err(FormatFault::NotALog);
    }
    let format = Reader::new(&file[MAGIC.len()..PREAMBLE_BYTES]).u32().unwrap_or(0);
    if format != FORMAT {
        return Err(FormatFault::NewerFormat(format));
    }
    let (snapshot_len, mut image) = read_snapshot(file)?;
    let mut at = snapshot_len;
    while let Some((entry, end)) = entry_at(file, at) {
        let fits = entry.kind == BATCH && entry.version == image.version;
        if !fits {
            return Err(FormatFault::Damaged { at: at as u64 });
        }
        for record in records_of(&entry, at)? {
            let replayed = image.replay(&record);
            replayed.map_err(|fault| FormatFault::Replay { at: at as u64, fault })?;
        }
        at = end;
    }
    if holds_entry_after(file, at, image.version) {
        return Err(FormatFault::Damaged { at: at as u64 });
    }
    Ok(Scanned {
        image,
        snapshot_len: snapshot_len as u64,
        valid_len: at as u64,
        torn_len: (file.len() - at) as u64,
    })
}

/// A snapshot came into place by a rename after its sync: it is whole, or a disk lied.
fn read_snapshot(file: &[u8]) -> Result<(usize, Image), FormatFault> {
    let damaged = |at: usize| FormatFault::Damaged { at: at as u64 };
    let mut at = PREAMBLE_BYTES;
    let (header, end) = entry_at(file, at).ok_or(damaged(at))?;
    let cluster_id = std::str::from_utf8(header.content).map_err(|_| damaged(at))?;
    if header.kind != HEADER {
        return Err(damaged(at));
    }
    at = end;
    let mut records = Vec::new();
    loop {
        let (entry, end) = entry_at(file, at).ok_or(damaged(at))?;
        match entry.kind {
            SNAPSHOT => records.extend(records_of(&entry, at)?),
            SNAPSHOT_END => {
                let image = Image::restore(cluster_id, header.version, records);
                let image = image.map_err(|fault| FormatFault::Replay { at: at as u64, fault })?;
                return Ok((end, image));
            }
            _ => return Err(damaged(at)),
        }
        at = end;
    }
}

/// One entry, its checksum right.
pub struct Entry<'a> {
    pub version: u64,
    pub kind: u8,
    pub content: &'a [u8],
}

/// The whole, undamaged entry that starts at `at`, and where it ends.
pub fn entry_at(file: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let mut r = Reader::new(file.get(at..)?);
    let (len, crc) = (r.u32().ok()? as usize, r.u32().ok()?);
    let body = r.take(len).ok()?;
    let end = at + r.position();
    if len < BODY_BYTES_MIN || crc32c::crc32c(body) != crc {
        return None;
    }
    let mut r = Reader::new(body);
    let version = u64::try_from(r.i64().ok()?).ok()?;
    let kind = u8::try_from(r.i8().ok()?).ok()?;
    Some((Entry { version, kind, content: r.rest() }, end))
}

/// Whether a batch that was appended later stands somewhere after `at`. Its version tells
/// it apart cheaply: only what could follow `version` is worth a checksum.
fn holds_entry_after(file: &[u8], at: usize, version: u64) -> bool {
    let plausible = |start: usize| {
        let mut r = Reader::new(&file[start + ENTRY_HEAD_BYTES..]);
        r.i64().is_ok_and(|v| v > version as i64 && (v as u64) <= version + file.len() as u64)
    };
    let last = file.len().saturating_sub(ENTRY_HEAD_BYTES + BODY_BYTES_MIN);
    (at + 1..=last).any(|start| plausible(start) && entry_at(file, start).is_some())
}

/// The records of a snapshot's or a batch's entry, which stands at `at`.
///
/// # Errors
/// What makes one of them no record of ours.
pub fn records_of(entry: &Entry<'_>, at: usize) -> Result<Vec<MetaRecord>, FormatFault> {
    let fault = |fault| FormatFault::Record { at: at as u64, fault };
    let malformed = |error: DecodeError| fault(RecordFault::Malformed(error));
    let mut r = Reader::new(entry.content);
    let mut records = Vec::new();
    while r.remaining() > 0 {
        let len = r.u32().map_err(malformed)? as usize;
        let bytes = r.take(len).map_err(malformed)?;
        records.push(MetaRecord::decode(bytes).map_err(fault)?);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use millstream_engine::config::BrokerConfig;
    use millstream_engine::meta::NewTopic;
    use millstream_wire::Uuid;

    use super::*;

    /// A file of a snapshot and three batches, where each batch begins, and the images.
    fn grown() -> (Vec<u8>, Vec<usize>, Vec<Image>) {
        let broker = BrokerConfig::default();
        let mut image = Image::new("cluster-of-the-test");
        let mut file = Vec::new();
        let (mut starts, mut images) = (Vec::new(), Vec::new());
        for n in 0..4u8 {
            let name = format!("topic-{n}");
            let topic = NewTopic { name, partitions: Some(2), ..NewTopic::default() };
            let records = image.decide_create_topics(&[topic], &[Uuid([n + 1; 16])], &broker);
            if n > 0 {
                starts.push(file.len());
                file.extend_from_slice(&batch_entry(image.version, &records.records));
            }
            records.records.iter().for_each(|record| image.apply(record));
            if n == 0 {
                file.extend_from_slice(&snapshot_file(&image));
            }
            images.push(image.clone());
        }
        (file, starts, images)
    }

    #[test]
    fn a_file_reads_back_to_its_image() {
        let (file, _, images) = grown();
        let scanned = scan(&file).expect("sound");
        assert_eq!(Some(&scanned.image), images.last());
        assert_eq!((scanned.valid_len, scanned.torn_len), (file.len() as u64, 0));
    }

    #[test]
    fn a_last_entry_cut_anywhere_is_torn_and_everything_before_it_stays() {
        let (file, starts, images) = grown();
        let last = starts[2];
        for end in last..file.len() {
            let scanned = scan(&file[..end]).expect("a torn end is no fault");
            assert_eq!(scanned.image, images[2]);
            assert_eq!((scanned.valid_len, scanned.torn_len), (last as u64, (end - last) as u64));
            let mut zeros = file[..end].to_vec();
            zeros.resize(file.len() + 5000, 0);
            // An entry that ends in zeros may be whole again.
            let whole = zeros.starts_with(&file);
            let expected = if whole { file.len() } else { last };
            assert_eq!(scan(&zeros).expect("zeros at the end").valid_len, expected as u64);
        }
    }

    #[test]
    fn a_flipped_byte_before_the_last_entry_is_damage() {
        let (file, starts, _) = grown();
        for at in 0..starts[2] {
            let mut bad = file.clone();
            bad[at] ^= 0x10;
            assert!(scan(&bad).is_err(), "flipped byte {at}");
        }
    }

    #[test]
    fn a_flipped_byte_in_the_last_entry_drops_that_entry_alone() {
        let (file, starts, images) = grown();
        for at in starts[2]..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 0x10;
            assert_eq!(scan(&bad).expect("torn").image, images[2]);
        }
    }

    #[test]
    fn an_entry_that_stands_twice_or_is_missing_is_damage() {
        let (file, starts, _) = grown();
        let missing = [&file[..starts[0]], &file[starts[1]..]].concat();
        assert!(scan(&missing).is_err());
        let twice = [&file[..starts[1]], &file[starts[0]..]].concat();
        assert!(scan(&twice).is_err());
    }

    #[test]
    fn other_files_and_newer_formats_are_refused() {
        let (mut file, ..) = grown();
        assert_eq!(scan(b"").unwrap_err(), FormatFault::NotALog);
        assert_eq!(scan(b"MILLMETA").unwrap_err(), FormatFault::NotALog);
        file[11] = 2;
        assert_eq!(scan(&file).unwrap_err(), FormatFault::NewerFormat(2));
    }
}
