//! The journal of a shard: small appends of all its partitions in one write and one flush.
//!
//! Partitions with pending bytes queue up; `pump` gathers them into commits, several in flight,
//! and tells each partition what is written and what is durable, in order. Whoever finds no
//! place here (no file yet, none free, no memory, a failure) writes to its segment file as if
//! there were no journal. Full files are settled in the background: their partitions' bytes
//! go to segment files, then the file is used again. Everything lives on one shard.
//! Invariant: what is durable here and not in a segment file is in the partition's tail.

pub(crate) mod file;
pub(crate) mod manifest;
mod reclaim;
mod replay;
mod settle;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};

use millstream_engine::ids::Offset;
use millstream_engine::journal::{
    COMMIT_HEADER_BYTES, CommitHeader, ENTRY_HEADER_BYTES, EntryHeader, FILE_HEADER_BYTES, Ring,
    Spot, next_era, seal_commit,
};
use millstream_engine::limits::{BLOCK_BYTES, DIRECT_BYTES_MIN, JOURNAL_COMMIT_BYTES_MAX};
use millstream_engine::log::Claim;
use millstream_shards::sync::Notify;
use millstream_shards::{AlignedBuf, Class, File, Shard, Sync};

use super::Withheld;
use super::fault::StorageFault;
use super::limits::JOURNAL_SLOTS;
use super::partition::Inner;
use reclaim::Hold;

/// A claim in the commit that is being composed.
type Claimed = (Rc<Inner>, Claim);

/// A claim in a commit that is not durable yet. Partitions own the journal, not the reverse.
type Flying = (Weak<Inner>, Claim);

/// By partition: up to where it has to be settled before a slot is free.
type Owed = BTreeMap<u64, (Weak<Inner>, Offset)>;

pub(crate) struct Journal {
    shard: Shard,
    data_dir: PathBuf,
    dir: PathBuf,
    slot_bytes: u64,
    sync: Sync,
    ring: RefCell<Ring>,
    files: RefCell<[Option<File>; JOURNAL_SLOTS]>,
    /// Why slots are held; their files must stay as they are.
    holds: RefCell<[Option<Hold>; JOURNAL_SLOTS]>,
    withheld: Withheld,
    /// Partitions with pending bytes, each once.
    queue: RefCell<VecDeque<Weak<Inner>>>,
    /// Claims of commits that are not durable yet, by sequence.
    flights: RefCell<BTreeMap<u64, Vec<Flying>>>,
    owed: RefCell<[Owed; JOURNAL_SLOTS]>,
    /// When the oldest commit of each slot went there, on the shard's clock.
    since_ns: Cell<[u64; JOURNAL_SLOTS]>,
    pumping: Cell<bool>,
    flushing: Cell<bool>,
    making: Cell<bool>,
    settling: RefCell<[bool; JOURNAL_SLOTS]>,
    /// Slots whose settling has failed and is tried again.
    stuck: RefCell<[bool; JOURNAL_SLOTS]>,
    reclaiming: Cell<bool>,
    /// A commit is complete, or the journal has failed.
    changed: Notify,
    closing: Notify,
    closed: Cell<bool>,
    counts: Cell<JournalCounts>,
}

/// What a journal is made like.
#[derive(Clone, Copy, Debug)]
pub struct JournalOptions {
    /// Size of one file of the ring.
    pub file_bytes: u64,
    /// `Data`: a commit's write makes it durable; `None`: a flush that follows does.
    pub sync: Sync,
}

/// What a shard's journal has done since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalCounts {
    pub commits: u64,
    /// Of partitions, in all commits.
    pub entries: u64,
    /// Commits' bytes as written, padding included.
    pub bytes: u64,
    /// Files settled and used again.
    pub files_settled: u64,
    /// Files that take commits at once, or are made when they are needed.
    pub free: u64,
    /// The file that takes commits.
    pub active: u64,
    /// Full files that are on their way to segment files.
    pub settling: u64,
    /// Files that cannot be used again before something has passed.
    pub held: u64,
    /// For how long the oldest commit that is not settled has been here.
    pub oldest_ms: u64,
    /// Small commits go there now.
    pub is_usable: bool,
}

impl Journal {
    /// Replays what the last process left in `dir`, this shard's share of it, and takes the
    /// shard's files over.
    pub async fn open(
        shard: &Shard,
        data_dir: &Path,
        options: JournalOptions,
        withheld: &Withheld,
    ) -> Result<Rc<Journal>, StorageFault> {
        let slot_bytes = options.file_bytes;
        let dir = data_dir.join(file::DIRECTORY);
        let taken = replay::replay(shard, data_dir, &dir, withheld).await?;
        let behind = (taken.generation, next_era(taken.sequence));
        let mut ring = Ring::new(JOURNAL_SLOTS, slot_bytes, behind);
        let mut files: [Option<File>; JOURNAL_SLOTS] = Default::default();
        let mut holds = [None; JOURNAL_SLOTS];
        for (slot, found) in taken.files {
            match found {
                replay::Found::Usable(file, bytes) if bytes == slot_bytes => {
                    ring.on_ready(slot);
                    files[slot] = Some(file);
                }
                // Another size: it is made anew when it is needed.
                replay::Found::Usable(..) => {}
                replay::Found::Unsettled(file, generation) => {
                    ring.hold(slot);
                    files[slot] = Some(file);
                    holds[slot] = Some(Hold::Unreplayed { generation });
                }
            }
        }
        let journal = Journal {
            shard: shard.clone(),
            data_dir: data_dir.to_owned(),
            dir,
            slot_bytes,
            sync: options.sync,
            ring: RefCell::new(ring),
            files: RefCell::new(files),
            holds: RefCell::new(holds),
            withheld: withheld.clone(),
            queue: RefCell::default(),
            flights: RefCell::default(),
            owed: RefCell::default(),
            since_ns: Cell::new([shard.now_ns(); JOURNAL_SLOTS]),
            pumping: Cell::new(false),
            flushing: Cell::new(false),
            making: Cell::new(false),
            settling: RefCell::default(),
            stuck: RefCell::default(),
            reclaiming: Cell::new(false),
            changed: Notify::new(),
            closing: Notify::new(),
            closed: Cell::new(false),
            counts: Cell::default(),
        };
        for (key, pieces) in taken.blocked {
            withheld.add_unreplayed(key, pieces);
        }
        let journal = Rc::new(journal);
        journal.name_found(&taken.named).await?;
        if journal.ring.borrow().counts().held > 0 {
            journal.reclaim_held();
        }
        Ok(journal)
    }

    pub fn counts(&self) -> JournalCounts {
        let slots = self.ring.borrow().counts();
        let stuck = self.stuck.borrow().iter().filter(|stuck| **stuck).count() as u64;
        let now_ns = self.shard.now_ns();
        let since_ns = self.since_ns.get().into_iter().enumerate();
        let oldest_ns = since_ns.filter(|(slot, _)| self.ring.borrow().is_taken(*slot));
        let oldest_ns = oldest_ns.map(|(_, since)| since).min().unwrap_or(now_ns);
        JournalCounts {
            is_usable: self.is_usable(),
            free: slots.free + slots.absent,
            active: slots.active,
            settling: slots.full.saturating_sub(stuck),
            held: slots.held + stuck,
            oldest_ms: now_ns.saturating_sub(oldest_ns) / 1_000_000,
            ..self.counts.get()
        }
    }

    /// Whether a small commit may go here now.
    pub fn is_usable(&self) -> bool {
        self.ring.borrow().is_usable()
    }

    /// Takes a partition with pending bytes into the next commit. The commit is composed when
    /// this turn's appends are all in.
    pub fn enqueue(self: &Rc<Self>, inner: &Rc<Inner>) {
        if !inner.queued.replace(true) {
            self.queue.borrow_mut().push_back(Rc::downgrade(inner));
        }
        if !self.pumping.replace(true) {
            self.shard.spawn(Class::Latency, "journal", self.clone().pump());
        }
    }

    async fn pump(self: Rc<Self>) {
        while !self.queue.borrow().is_empty() {
            let changed = self.changed.notified();
            let full = !self.ring.borrow().may_write() && self.is_usable();
            if full {
                changed.await;
            } else {
                self.commit_some();
            }
        }
        self.pumping.set(false);
    }

    /// One commit of as many queued partitions as fit.
    fn commit_some(self: &Rc<Self>) {
        let claims = self.gather();
        if !claims.is_empty() {
            match self.compose(&claims) {
                Some((spot, buf, bytes)) => self.launch(spot, (buf, bytes), claims),
                None => claims.iter().for_each(|(inner, claim)| inner.withdraw(claim)),
            }
        }
        self.look_ahead();
    }

    fn gather(self: &Rc<Self>) -> Vec<Claimed> {
        let mut claims: Vec<Claimed> = Vec::new();
        let mut bytes = COMMIT_HEADER_BYTES as u64;
        let room = u64::from(JOURNAL_COMMIT_BYTES_MAX) - ENTRY_HEADER_BYTES as u64;
        let queued = self.queue.borrow().len();
        for _ in 0..queued {
            if bytes + DIRECT_BYTES_MIN > room {
                break;
            }
            let next = self.queue.borrow_mut().pop_front();
            let Some(inner) = next.and_then(|queued| queued.upgrade()) else { continue };
            inner.queued.set(false);
            if let Some(claim) = inner.claim_or_file() {
                bytes += ENTRY_HEADER_BYTES as u64 + claim.bytes();
                claims.push((inner, claim));
            }
        }
        claims
    }

    /// The commit's bytes and its place; `None`: there is no place or no memory.
    fn compose(&self, claims: &[Claimed]) -> Option<(Spot, AlignedBuf, usize)> {
        let entries = claims.iter().map(|(_, c)| ENTRY_HEADER_BYTES + c.bytes() as usize);
        let bytes = COMMIT_HEADER_BYTES + entries.sum::<usize>();
        let padded = bytes.next_multiple_of(BLOCK_BYTES as usize);
        let mut buf = self.shard.pool().try_take(padded)?;
        let spot = self.ring.borrow_mut().place(bytes as u64)?;
        let mut at = COMMIT_HEADER_BYTES;
        for (inner, claim) in claims {
            at += put_entry(&mut buf[at..], inner, claim);
        }
        buf[bytes..padded].fill(0);
        let header = CommitHeader {
            generation: spot.generation,
            sequence: spot.sequence,
            durable: spot.durable,
            bytes: bytes as u32,
            entries: claims.len() as u32,
            writer: self.shard.id().0,
            slot: spot.slot as u16,
        };
        seal_commit(&mut buf, &header);
        Some((spot, buf, padded))
    }

    fn launch(
        self: &Rc<Self>,
        spot: Spot,
        (buf, bytes): (AlignedBuf, usize),
        claims: Vec<Claimed>,
    ) {
        if spot.at == FILE_HEADER_BYTES {
            let mut since_ns = self.since_ns.get();
            since_ns[spot.slot] = self.shard.now_ns();
            self.since_ns.set(since_ns);
        }
        {
            let mut owed = self.owed.borrow_mut();
            for (inner, claim) in &claims {
                let owner = Rc::downgrade(inner);
                owed[spot.slot].insert(inner.serial, (owner, claim.upto.offset));
            }
        }
        let mut counts = self.counts.get();
        counts.commits += 1;
        counts.entries += claims.len() as u64;
        counts.bytes += bytes as u64;
        self.counts.set(counts);
        let flying = claims.iter().map(|(inner, claim)| (Rc::downgrade(inner), *claim));
        self.flights.borrow_mut().insert(spot.sequence, flying.collect());
        let file = self.files.borrow()[spot.slot].clone().expect("an active slot has its file");
        let this = self.clone();
        self.shard.spawn(Class::Latency, "journal-commit", async move {
            match file.write_at(buf.into_bytes(bytes), spot.at, this.sync).await {
                Ok(()) => this.written(spot.sequence),
                Err(error) => this.fail(spot.sequence, &error),
            }
        });
    }

    fn written(self: &Rc<Self>, sequence: u64) {
        let proved = self.ring.borrow_mut().on_written(sequence);
        for (inner, claim) in self.of(proved.clone()) {
            inner.log.borrow_mut().on_claim_written(&claim);
        }
        if self.sync == Sync::Data {
            let durable =
                self.ring.borrow_mut().on_flushed(sequence.max(proved.end.saturating_sub(1)));
            self.durable(durable);
        } else {
            self.notify(proved);
            self.flush();
        }
        self.changed.notify_waiters();
    }

    fn notify(&self, sequences: Range<u64>) {
        for (inner, _) in self.of(sequences) {
            inner.notify_progress();
        }
    }

    /// The claims of these commits.
    fn of(&self, sequences: Range<u64>) -> Vec<Claimed> {
        self.flights.borrow().range(sequences).flat_map(|(_, claims)| alive(claims)).collect()
    }

    fn flush(self: &Rc<Self>) {
        if self.flushing.replace(true) {
            return;
        }
        let this = self.clone();
        self.shard.spawn(Class::Latency, "journal-flush", async move {
            loop {
                let plan = this.ring.borrow().plan_flush();
                let Some(plan) = plan else { break };
                let file = this.files.borrow()[plan.slot].clone();
                let file = file.expect("a slot with commits has its file");
                if let Err(error) = file.sync_data().await {
                    this.fail(plan.upto, &error);
                    break;
                }
                let durable = this.ring.borrow_mut().on_flushed(plan.upto);
                this.durable(durable);
                this.changed.notify_waiters();
            }
            this.flushing.set(false);
        });
    }

    /// Tells the partitions of these commits that their bytes are on the device.
    fn durable(self: &Rc<Self>, sequences: Range<u64>) {
        for sequence in sequences {
            let claims = self.flights.borrow_mut().remove(&sequence).unwrap_or_default();
            for (inner, claim) in alive(&claims) {
                inner.log.borrow_mut().on_claim_flushed(&claim);
                inner.notify_progress();
                inner.kick_commit();
            }
        }
        self.settle_full();
    }

    /// A commit's outcome is unknown: nothing in flight is believed, nothing more is written
    /// here before the ring begins anew. What was not acknowledged is in memory and goes to the
    /// segment files; what was stays in these files until it is there too.
    fn fail(self: &Rc<Self>, sequence: u64, error: &io::Error) {
        // Of a ring that has failed before: it is in flight no more.
        if !self.flights.borrow().contains_key(&sequence) {
            return;
        }
        let dir = self.dir.display();
        tracing::error!(%dir, %error, "the journal failed; going on without it for a while");
        self.ring.borrow_mut().on_failed();
        for (slot, hold) in self.holds.borrow_mut().iter_mut().enumerate() {
            if hold.is_none() && self.ring.borrow().is_held(slot) {
                *hold = Some(Hold::Failed);
                self.stuck.borrow_mut()[slot] = false;
            }
        }
        let flights = std::mem::take(&mut *self.flights.borrow_mut());
        let voided: Vec<Claimed> = flights.values().flat_map(|claims| alive(claims)).collect();
        voided.iter().for_each(|(inner, _)| inner.log.borrow_mut().on_claims_void());
        voided.iter().for_each(|(inner, _)| inner.kick_commit());
        self.changed.notify_waiters();
        self.reclaim_held();
    }

    /// A partition that is closed waits for nothing.
    pub fn dequeue(&self, inner: &Inner) {
        let is_gone = |queued: &Weak<Inner>| std::ptr::eq(queued.as_ptr(), inner);
        self.queue.borrow_mut().retain(|queued| !is_gone(queued));
    }

    /// A partition owes nothing any more: it was deleted, or opened again with all that is here.
    pub fn forgive(&self, serial: u64) {
        for slot in self.owed.borrow_mut().iter_mut() {
            slot.remove(&serial);
        }
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        let ring = self.ring.borrow();
        ring.check();
        assert_eq!(self.flights.borrow().len(), ring.in_flight(), "claims of no commit");
    }

    /// Whether commits are on their way.
    pub fn is_busy(&self) -> bool {
        self.pumping.get() || !self.flights.borrow().is_empty()
    }
}

fn alive(claims: &[Flying]) -> impl Iterator<Item = Claimed> + '_ {
    claims.iter().filter_map(|(inner, claim)| Some((inner.upgrade()?, *claim)))
}

impl Inner {
    /// What stands before a claim's batches in a journal.
    pub(super) fn entry_header(&self, claim: &Claim) -> EntryHeader {
        EntryHeader {
            topic_id: self.name.topic_id,
            partition: self.name.index,
            bytes: claim.bytes() as u32,
            segment: claim.segment,
            position: claim.from.position,
            base: claim.from.offset,
            end: claim.upto.offset,
        }
    }
}

/// Writes one entry with its batches; gives its length.
fn put_entry(out: &mut [u8], inner: &Inner, claim: &Claim) -> usize {
    inner.entry_header(claim).encode(out);
    let range = (claim.from.position, claim.upto.position);
    let slices = inner.tail.borrow_mut().slices(claim.segment, range);
    let mut at = ENTRY_HEADER_BYTES;
    for slice in slices.expect("pending bytes are in the tail") {
        out[at..at + slice.len()].copy_from_slice(&slice);
        at += slice.len();
    }
    at
}
