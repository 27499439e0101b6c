//! Taking over the journals of a process that was killed: what they have and the segment files
//! have not goes there, before any partition opens.
//!
//! Each shard replays the writers whose number is its own modulo the number of shards, so a
//! changed number of shards just works. Entries join a log by offset: what the log has already
//! is skipped, what continues it is appended and flushed; a gap is an alarm, behind which the log
//! goes on where the journal proves that it did. Only then the file is declared void. Nothing is
//! thrown away that was not understood: a file that is no journal, or of a newer format, stops the
//! start; one whose partition cannot be written is kept. Entries without a directory go when the
//! metadata says that their topic was deleted, and only then.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::config::{BrokerConfig, TopicConfig};
use millstream_engine::ids::PartitionIndex;
use millstream_engine::journal::{
    FILE_HEADER_BYTES, FileFault, FileHeader, Walk, WalkStep, era_of, parse_commit,
};
use millstream_engine::limits::BLOCK_BYTES;
use millstream_shards::{File, Shard};
use millstream_wire::Uuid;

use super::{file, manifest};
use crate::controller;
use crate::memory;
use crate::shard::run_bounded;
use crate::storage::fault::StorageFault;
use crate::storage::files::{self, METADATA_NAME};
use crate::storage::limits::{JOIN_TURN_MS, JOURNAL_SLOTS, REPLAY_TASKS, SCAN_BYTES};
use crate::storage::withheld::{self, Joining, Unjoined, Withheld};
use crate::storage::{join, sidecar};

type Key = (Uuid, i32);

/// Partitions whose entries could not be brought into their logs, with those entries.
type Blocked = Vec<(Key, withheld::Pieces)>;

/// What a shard takes over.
pub struct Taken {
    /// The highest generation and sequence that any of its files has.
    pub generation: u64,
    pub sequence: u64,
    pub files: Vec<(usize, Found)>,
    /// The slots that its manifest names.
    pub named: Vec<usize>,
    pub blocked: Blocked,
}

/// A file of this shard's ring.
pub enum Found {
    /// Nothing in it matters any more; with its length.
    Usable(File, u64),
    /// It has entries of a partition that could not be written, up to this generation.
    Unsettled(File, u64),
}

struct Source {
    writer: u16,
    slot: usize,
    path: PathBuf,
    file: File,
    header: FileHeader,
    len: u64,
    /// All of it, where it may hold something that matters.
    bytes: Option<Bytes>,
    /// The highest generation and sequence seen in it.
    newest: (u64, u64),
    /// Acknowledged commits are missing in it.
    is_damaged: bool,
}

/// Batches of one partition, in the order in which they were written.
#[derive(Default)]
struct Pieces {
    era: u64,
    list: withheld::Pieces,
}

impl Pieces {
    /// A file that was kept may have entries that a later process knew nothing of, because
    /// something before them was missing: where it has written itself, they do not count.
    fn push(&mut self, era: u64, piece: Unjoined) {
        if era > self.era {
            self.list.retain(|older| older.header.base < piece.header.base);
            self.era = era;
        }
        self.list.push(piece);
    }
}

type AllPieces = BTreeMap<Key, Pieces>;

/// Eras are a writer's own: what another writer has is neither older nor newer by them.
fn merge(pieces: &mut AllPieces, of_writer: AllPieces) {
    for (key, more) in of_writer {
        let list = &mut pieces.entry(key).or_default().list;
        list.extend(more.list);
        list.sort_by_key(|piece| piece.header.base);
    }
}

pub async fn replay(
    shard: &Shard,
    data_dir: &Path,
    dir: &Path,
    withheld: &Withheld,
) -> Result<Taken, StorageFault> {
    let mut sources = find(shard, dir).await?;
    let mut manifests = check_manifests(shard, data_dir, dir, &sources).await?;
    let mut pieces = AllPieces::new();
    let mut writers: Vec<u16> = sources.iter().map(|source| source.writer).collect();
    writers.sort_unstable();
    writers.dedup();
    for writer in writers {
        let of_writer: Vec<&mut Source> =
            sources.iter_mut().filter(|source| source.writer == writer).collect();
        let mut of_writer_alone = AllPieces::new();
        walk(of_writer, &mut of_writer_alone);
        merge(&mut pieces, of_writer_alone);
    }
    let blocked = if pieces.is_empty() {
        Blocked::new()
    } else {
        replay_partitions(shard, data_dir, pieces, withheld).await?
    };
    let named = manifests.remove(&shard.id().0).unwrap_or_default();
    // Manifests of writers that no longer exist go before their files do.
    for writer in manifests.into_keys().filter(|writer| usize::from(*writer) >= shard.count()) {
        if blocked.is_empty() {
            let path = manifest::path(data_dir, writer);
            shard.unlink(&path).await.map_err(|error| StorageFault::io("remove", path, error))?;
            let flushed = shard.sync_dir(data_dir).await;
            flushed.map_err(|error| StorageFault::io("flush", data_dir, error))?;
        }
    }
    if blocked.is_empty() {
        keep_damaged(shard, data_dir, &mut sources).await?;
    }
    take_over(shard, dir, sources, (named, blocked)).await
}

/// Sets damaged journals aside, for a person to look at: their slots get new files.
async fn keep_damaged(
    shard: &Shard,
    data_dir: &Path,
    sources: &mut Vec<Source>,
) -> Result<(), StorageFault> {
    let (damaged, sound): (Vec<Source>, Vec<Source>) =
        std::mem::take(sources).into_iter().partition(|source| source.is_damaged);
    *sources = sound;
    for source in damaged {
        let kept = sources.iter().filter(|other| other.writer == source.writer);
        let slots: Vec<usize> = kept.map(|other| other.slot).collect();
        manifest::write(shard, data_dir, source.writer, &slots).await?;
        let aside = source.path.with_extension("journal.set-aside");
        let renamed = shard.rename(&source.path, &aside).await;
        renamed.map_err(|error| StorageFault::io("rename", &source.path, error))?;
        tracing::error!(path = %aside.display(), "damaged journal is kept under this name");
    }
    Ok(())
}

/// Every file that a manifest of this shard's share names must be there; gives the slots that are
/// named, by writer.
async fn check_manifests(
    shard: &Shard,
    data_dir: &Path,
    dir: &Path,
    sources: &[Source],
) -> Result<BTreeMap<u16, Vec<usize>>, StorageFault> {
    let entries = shard.read_dir(data_dir).await;
    let entries = entries.map_err(|error| StorageFault::io("list", data_dir, error))?;
    let writers = entries.iter().filter_map(|entry| manifest::parse(entry.name.to_str()?));
    let mut named = BTreeMap::new();
    for writer in writers.filter(|writer| is_share(shard, *writer)) {
        let slots = manifest::read(shard, data_dir, writer).await?;
        for slot in &slots {
            if !sources.iter().any(|source| (source.writer, source.slot) == (writer, *slot)) {
                let manifest = manifest::path(data_dir, writer);
                let path = file::path(dir, writer, *slot);
                return Err(StorageFault::MissingJournal { path, manifest });
            }
        }
        named.insert(writer, slots);
    }
    Ok(named)
}

/// Whether this shard replays that writer's journals.
fn is_share(shard: &Shard, writer: u16) -> bool {
    usize::from(writer) % shard.count() == usize::from(shard.id().0)
}

/// The journals of this shard's share of writers.
async fn find(shard: &Shard, dir: &Path) -> Result<Vec<Source>, StorageFault> {
    let entries = match shard.read_dir(dir).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StorageFault::io("list", dir, error)),
    };
    let mut sources = Vec::new();
    for entry in entries {
        let Some(name) = entry.name.to_str() else { continue };
        let path = dir.join(name);
        if file::is_unfinished(name) && shard.id().0 == 0 {
            match shard.unlink(&path).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StorageFault::io("remove", path, error));
                }
                _ => continue,
            }
        }
        let Some((writer, slot)) = file::parse(name) else { continue };
        if is_share(shard, writer) {
            sources.push(read(shard, path, (writer, slot)).await?);
        }
    }
    Ok(sources)
}

async fn read(
    shard: &Shard,
    path: PathBuf,
    (writer, slot): (u16, usize),
) -> Result<Source, StorageFault> {
    let fault = |doing| {
        let path = path.clone();
        move |error| StorageFault::io(doing, path, error)
    };
    let file = file::open(shard, &path, false).await.map_err(fault("open"))?;
    let len = file.len().await.map_err(fault("measure"))? / BLOCK_BYTES * BLOCK_BYTES;
    let head =
        read_range(shard, &file, 0, len.min(2 * BLOCK_BYTES)).await.map_err(fault("read"))?;
    let header = match FileHeader::decode(&head) {
        Ok(header) => header,
        Err(FileFault::Damaged) => {
            tracing::error!(path = %path.display(), "journal header is damaged; replaying it all");
            FileHeader { writer, slot: slot as u16, file_bytes: len, void_upto: 0 }
        }
        Err(fault) => return Err(StorageFault::Journal { path, fault }),
    };
    let first = parse_commit(&head[head.len().min(FILE_HEADER_BYTES as usize)..]);
    let is_void = first.is_ok_and(|commit| commit.header.generation <= header.void_upto);
    let is_fresh = head[FILE_HEADER_BYTES as usize..].iter().all(|byte| *byte == 0);
    let bytes = if is_void {
        None
    } else {
        let bytes = if is_fresh { len.min(SCAN_BYTES) } else { len };
        Some(read_range(shard, &file, 0, bytes).await.map_err(fault("read"))?)
    };
    let newest = (header.void_upto, 0);
    Ok(Source { writer, slot, path, file, header, len, bytes, newest, is_damaged: false })
}

async fn read_range(shard: &Shard, file: &File, from: u64, len: u64) -> std::io::Result<Bytes> {
    let mut all = Vec::with_capacity(len as usize);
    while (all.len() as u64) < len {
        let wanted = (len - all.len() as u64).min(SCAN_BYTES) as usize;
        let buf = memory::block(shard, wanted).await?;
        let (count, buf) = file.read_at(buf, wanted, from + all.len() as u64).await;
        let count = count?;
        if count == 0 {
            break;
        }
        all.extend_from_slice(&buf[..count]);
    }
    Ok(all.into())
}

/// Collects the entries of one writer's files, oldest generation first.
fn walk(sources: Vec<&mut Source>, pieces: &mut AllPieces) {
    let mut files: Vec<(u64, &mut Source)> = sources
        .into_iter()
        .filter_map(|source| Some((first_generation(source)?, source)))
        .collect();
    files.sort_by_key(|(generation, _)| *generation);
    let (mut walk, mut found) = (Walk::default(), Vec::new());
    for (_, source) in &mut files {
        let holes = walk.hole_count();
        let bytes = source.bytes.clone().unwrap_or_default();
        walk.begin_file(source.header.void_upto);
        each_commit(&mut walk, &bytes, |commit| {
            let header = commit.header;
            source.newest = source.newest.max((header.generation, header.sequence));
            for entry in commit.entries() {
                found.push((header.sequence, entry.header, bytes.slice_ref(entry.batches)));
            }
        });
        source.is_damaged = walk.hole_count() > holes;
    }
    // What was durable is known only now.
    for (sequence, header, batches) in found {
        let missing = walk.missing_before(sequence);
        let pieces = pieces.entry((header.topic_id, header.partition)).or_default();
        pieces.push(era_of(sequence), Unjoined { header, batches, missing });
    }
    let commits = walk.lost_commits();
    for (_, source) in files.iter_mut().filter(|(_, source)| source.is_damaged) {
        // A hole above all that is proved to have been durable is a write cut short.
        source.is_damaged = commits > 0;
        if commits > 0 {
            let path = source.path.display();
            tracing::error!(%path, commits, "acknowledged commits are damaged in this journal");
        }
    }
}

fn first_generation(source: &Source) -> Option<u64> {
    let bytes = source.bytes.as_ref()?;
    let mut walk = Walk::default();
    walk.begin_file(source.header.void_upto);
    let mut first = None;
    each_commit(&mut walk, bytes, |commit| {
        first = first.or(Some(commit.header.generation));
    });
    first
}

fn each_commit(
    walk: &mut Walk,
    bytes: &Bytes,
    mut seen: impl FnMut(&millstream_engine::journal::Commit<'_>),
) {
    let mut at = FILE_HEADER_BYTES as usize;
    while at < bytes.len() {
        match walk.step(&bytes[at..], true) {
            WalkStep::Commit(commit) => {
                at += commit.header.padded_bytes() as usize;
                seen(&commit);
            }
            WalkStep::Skip(bytes) => at += bytes as usize,
            WalkStep::End | WalkStep::Need(_) => return,
        }
    }
}

/// Brings all pieces into their partitions' logs; gives those where that failed.
async fn replay_partitions(
    shard: &Shard,
    data_dir: &Path,
    pieces: AllPieces,
    withheld: &Withheld,
) -> Result<Blocked, StorageFault> {
    let config = TopicConfig::resolve(&BTreeMap::new(), &BrokerConfig::default());
    let config = Arc::new(config.expect("the defaults are sound"));
    let mut homes = homes(shard, data_dir, &pieces).await?;
    find_lost(shard, data_dir, &pieces, &mut homes).await;
    let count = pieces.len();
    let (blocked, appended) = (RefCell::new(Blocked::new()), Cell::new(0));
    let jobs = pieces.into_iter().map(async |(key, Pieces { list: pieces, .. })| {
        let _turn = join_turn(shard, key, withheld).await;
        let joined = match homes.get(&key) {
            Some(Home::At(path)) => {
                join::join(shard, (key.0, path), &config, (&pieces, false)).await
            }
            // Deleted since.
            None => Ok(0),
            Some(Home::Unknown(fault)) => Err(fault.clone()),
        };
        match joined {
            Ok(bytes) => appended.set(appended.get() + bytes),
            Err(fault) => {
                tracing::error!(%fault, "journal entries wait until they can be written");
                blocked.borrow_mut().push((key, pieces));
            }
        }
    });
    run_bounded(REPLAY_TASKS, jobs).await;
    let bytes = appended.get();
    tracing::info!(partitions = count, bytes, "replayed the journal into segment files");
    Ok(blocked.into_inner())
}

/// Two shards that extended one log at once would cut it under each other.
async fn join_turn(shard: &Shard, key: Key, withheld: &Withheld) -> Joining {
    loop {
        match withheld.begin_join(key) {
            Some(turn) => return turn,
            None => shard.sleep(Duration::from_millis(JOIN_TURN_MS)).await,
        }
    }
}

enum Home {
    At(PathBuf),
    /// Its directory cannot be identified, or is not there although it should be.
    Unknown(StorageFault),
}

/// Tells partitions whose directory is lost (a disk that is not mounted, for one) from deleted
/// ones, of which the metadata knows nothing any more.
async fn find_lost(
    shard: &Shard,
    data_dir: &Path,
    pieces: &AllPieces,
    homes: &mut BTreeMap<Key, Home>,
) {
    let homeless: Vec<Key> =
        pieces.keys().filter(|key| !homes.contains_key(key)).copied().collect();
    if homeless.is_empty() {
        return;
    }
    // Shard 0 has read it too, or does so now; whatever is wrong with it stops the start there.
    let image = match controller::peek(shard, data_dir).await {
        Ok(image) => image.unwrap_or_default(),
        Err(fault) => {
            let home =
                |key| (key, Home::Unknown(StorageFault::Unlisted { why: fault.to_string() }));
            homes.extend(homeless.into_iter().map(home));
            return;
        }
    };
    for key in homeless {
        if let Some(topic) = image.topic_by_id(key.0)
            && topic.partition(PartitionIndex(key.1)).is_some()
        {
            let path = files::partition_dir(data_dir, &topic.name, key.1);
            homes.insert(key, Home::Unknown(StorageFault::Unmounted { path }));
        }
    }
}

/// The directories of these partitions, by what their metadata says.
async fn homes(
    shard: &Shard,
    data_dir: &Path,
    pieces: &AllPieces,
) -> Result<BTreeMap<Key, Home>, StorageFault> {
    let entries = shard.read_dir(data_dir).await;
    let entries = entries.map_err(|error| StorageFault::io("list", data_dir, error))?;
    let index = |name: &str| files::parse_partition(name).map(|(_, index)| index);
    let wanted = |name: &str| index(name).filter(|i| pieces.keys().any(|(_, p)| p == i));
    let dirs = entries.iter().filter(|entry| entry.is_dir).filter_map(|entry| {
        let name = entry.name.to_str()?;
        Some((wanted(name)?, data_dir.join(name)))
    });
    let homes = RefCell::new(BTreeMap::new());
    let jobs = dirs.map(async |(index, path)| {
        let metadata = path.join(METADATA_NAME);
        let found = match files::read_small(shard, &metadata).await {
            Ok(None) => return,
            Ok(Some(bytes)) => std::str::from_utf8(&bytes).ok().and_then(sidecar::decode_metadata),
            Err(_) => None,
        };
        let mut homes = homes.borrow_mut();
        if let Some(id) = found {
            homes.insert((id, index), Home::At(path));
            return;
        }
        // Any partition of this number may be the one.
        for key in pieces.keys().filter(|(_, partition)| *partition == index) {
            let fault = StorageFault::Metadata { path: metadata.clone(), wanted: key.0 };
            homes.entry(*key).or_insert(Home::Unknown(fault));
        }
    });
    run_bounded(REPLAY_TASKS, jobs).await;
    Ok(homes.into_inner())
}

/// Declares void what is settled. Files of writers that no longer exist are removed then.
async fn take_over(
    shard: &Shard,
    dir: &Path,
    sources: Vec<Source>,
    (named, blocked): (Vec<usize>, Blocked),
) -> Result<Taken, StorageFault> {
    let mut removes = false;
    let mut taken = Taken { generation: 0, sequence: 0, files: Vec::new(), named, blocked };
    for source in sources {
        let Source { writer, slot, path, file, len, bytes, newest, .. } = source;
        let is_ours = writer == shard.id().0 && slot < JOURNAL_SLOTS;
        let holds_entries = bytes.is_some() && newest.1 > 0;
        taken.generation = taken.generation.max(newest.0);
        taken.sequence = taken.sequence.max(newest.1);
        if holds_entries && !taken.blocked.is_empty() {
            if is_ours {
                taken.files.push((slot, Found::Unsettled(file, newest.0)));
            }
            continue;
        }
        if !is_ours {
            // While anything waits its writer's manifest stays, and names it.
            if taken.blocked.is_empty() {
                let removed = shard.unlink(&path).await;
                removed.map_err(|error| StorageFault::io("remove", &path, error))?;
                removes = true;
            }
            continue;
        }
        if holds_entries {
            let header =
                FileHeader { writer, slot: slot as u16, file_bytes: len, void_upto: newest.0 };
            let written = file::write_header(shard, &file, &header).await;
            written.map_err(|error| StorageFault::io("write", &path, error))?;
        }
        taken.files.push((slot, Found::Usable(file, len)));
    }
    if removes {
        // A file that came back with the power would be replayed beside the journals of its
        // partitions' later owners.
        let flushed = shard.sync_dir(dir).await;
        flushed.map_err(|error| StorageFault::io("flush", dir, error))?;
    }
    Ok(taken)
}
