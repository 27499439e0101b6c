//! The simulated disk: what a process sees, what is durable, and the changes between the two.
//!
//! Pure: no clock of its own; randomness is an argument. Every change is in `now` at once; it is
//! in `durable` when it was flushed, and `pending` until then. A write with `Sync::Data` is
//! durable when it completes, with the file's length and reservations; a flush of a file covers
//! what had completed when the flush was submitted; names are made durable by a flush of their
//! directory, and of nothing else. What goes wrong on purpose is in `broken`.
//! Invariant: `pending`, applied to `durable` in order of `seq`, gives `now`, unless the device
//! lied or a flush has failed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;

use bytes::Bytes;

use super::content::{CHUNK_BYTES, Piece};
use super::os_error;
use super::recording::{Recording, UnitId};
use super::volume::{Change, Footing, Kind, Name, Node, NodeId, ROOT, Volume};
use crate::driver::{DirEntry, Open, Sync};

/// What an open descriptor stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenNode {
    pub(super) id: NodeId,
    pub(super) kind: Kind,
    pub(super) how: Open,
    /// Read through the page cache.
    pub(super) is_shared: bool,
}

/// A change that is not durable yet.
pub(super) struct Pending {
    pub(super) seq: u64,
    pub(super) change: Change,
    pub(super) unit: Option<UnitId>,
}

/// A write that has arrived at the device.
pub(super) struct Arriving {
    pub(super) file: NodeId,
    pub(super) pieces: Vec<Piece>,
    pub(super) sync: Sync,
    /// Its name in the recording, if it has one already.
    pub(super) unit: Option<UnitId>,
}

impl Arriving {
    pub(super) fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| (piece.upto - piece.from) as u64).sum()
    }
}

#[derive(Default)]
pub(super) struct Disk {
    pub(super) now: Volume,
    pub(super) durable: Volume,
    /// By the file or directory whose flush it waits for, oldest first.
    pub(super) pending: BTreeMap<NodeId, Vec<Pending>>,
    last_seq: u64,
    last_node: NodeId,
    opens: BTreeMap<NodeId, u32>,
    /// Open files that have lost their name.
    nameless: BTreeSet<NodeId>,
    /// Gone from `now`; perhaps still needed by what a crash may leave.
    dead: Vec<NodeId>,
    recording: Option<Recording>,
    /// What followed after a crash is another story.
    recorded: Option<Recording>,
    /// Virtual time, for the recording.
    pub(super) clock_ns: u64,
}

impl Disk {
    pub(super) fn of(volume: Volume) -> Disk {
        let last_node = volume.last_id();
        Disk { now: volume.clone(), durable: volume, last_node, ..Disk::default() }
    }

    pub(super) fn open(&mut self, path: &[u8], how: Open) -> io::Result<OpenNode> {
        let (dir, name) = self.place(path)?;
        let found = if name.is_empty() { Some(ROOT) } else { self.now.child(dir, &name) };
        let id = match found {
            Some(_) if how.create && how.exclusive => return Err(os_error(libc::EEXIST)),
            Some(id) => id,
            None if how.create => self.link(dir, name, Kind::File),
            None => return Err(os_error(libc::ENOENT)),
        };
        let kind = match self.now.node(id) {
            Some(Node::Dir(_)) if how.write => return Err(os_error(libc::EISDIR)),
            Some(Node::Dir(_)) => Kind::Dir,
            _ if how.directory => return Err(os_error(libc::ENOTDIR)),
            _ => Kind::File,
        };
        if how.truncate && kind == Kind::File && self.len(id) > 0 {
            self.later(Change::Len { file: id, len: 0 });
        }
        *self.opens.entry(id).or_default() += 1;
        Ok(OpenNode { id, kind, how, is_shared: false })
    }

    pub(super) fn close(&mut self, id: NodeId) {
        let Some(opens) = self.opens.get_mut(&id) else { return };
        *opens -= 1;
        if *opens == 0 {
            self.opens.remove(&id);
            if self.nameless.remove(&id) {
                self.bury(id);
            }
        }
    }

    pub(super) fn read(&self, id: NodeId, buf: &mut [u8], offset: u64) -> usize {
        self.now.file(id).map_or(0, |content| content.read(offset, buf))
    }

    pub(super) fn len(&self, id: NodeId) -> u64 {
        self.now.file(id).map_or(0, |content| content.len())
    }

    pub(super) fn path_len(&self, path: &[u8]) -> io::Result<u64> {
        self.find(path).map(|id| self.len(id))
    }

    /// Cuts the write where space ends; `ENOSPC` if there is none for its first byte.
    pub(super) fn fit(&self, write: &mut Arriving, capacity: Option<u64>) -> io::Result<()> {
        let (Some(capacity), Some(content)) = (capacity, self.now.file(write.file)) else {
            return Ok(());
        };
        let mut room = (capacity / CHUNK_BYTES as u64).saturating_sub(self.now.space());
        let fitting = write.pieces.iter().take_while(|piece| {
            let needed = content.space_missing(&piece.range());
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        });
        let fitting = fitting.count();
        if fitting == 0 && !write.pieces.is_empty() {
            return Err(os_error(libc::ENOSPC));
        }
        write.pieces.truncate(fitting);
        Ok(())
    }

    pub(super) fn write(&mut self, write: Arriving) {
        let Arriving { file, pieces, sync, unit } = write;
        let change = Change::Write { file, pieces };
        match sync {
            Sync::None => self.later_as(change, unit),
            Sync::Data => {
                let unit = self.recorded(&change, unit);
                self.now.apply(&change, Footing::Any);
                self.settle_lengths(file);
                self.force(&change, unit);
            }
        }
    }

    pub(super) fn set_len(&mut self, id: NodeId, len: u64) {
        self.later(Change::Len { file: id, len });
    }

    pub(super) fn allocate(
        &mut self,
        id: NodeId,
        (offset, len): (u64, u64),
        capacity: Option<u64>,
    ) -> io::Result<()> {
        let bytes = offset..offset.checked_add(len).ok_or_else(|| os_error(libc::EFBIG))?;
        let missing = self.now.file(id).map_or(0, |content| content.space_missing(&bytes));
        let full = |capacity: u64| self.now.space() + missing > capacity / CHUNK_BYTES as u64;
        if missing > 0 && capacity.is_some_and(full) {
            return Err(os_error(libc::ENOSPC));
        }
        self.later(Change::Reserve { file: id, bytes });
        Ok(())
    }

    /// What a flush that is submitted now will cover.
    pub(super) fn mark(&self) -> u64 {
        self.last_seq
    }

    /// Makes durable what was done to the file or directory up to `mark`.
    pub(super) fn sync(&mut self, id: NodeId, mark: u64) {
        for pending in self.take_pending(id, mark) {
            if matches!(pending.change, Change::Rename { .. }) {
                self.settle_moved(&pending.change);
            }
            self.durable.apply(&pending.change, Footing::Any);
            self.note_forced(pending.unit);
        }
        if !self.dead.is_empty() && matches!(self.now.node(id), Some(Node::Dir(_))) {
            self.forget_dead();
        }
    }

    pub(super) fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        let node = self.find(from)?;
        let (from, to) = (self.place(from)?, self.place(to)?);
        let replaced = self.now.child(to.0, &to.1);
        if node == ROOT || to.1.is_empty() {
            return Err(os_error(libc::EBUSY));
        }
        if replaced == Some(node) {
            return Ok(());
        }
        match replaced.and_then(|id| self.now.node(id)) {
            Some(Node::Dir(names)) if !names.is_empty() => return Err(os_error(libc::ENOTEMPTY)),
            Some(Node::Dir(_)) if self.now.file(node).is_some() => {
                return Err(os_error(libc::EISDIR));
            }
            Some(Node::File(_)) if self.now.file(node).is_none() => {
                return Err(os_error(libc::ENOTDIR));
            }
            _ => {}
        }
        self.later(Change::Rename { from, to, node });
        replaced.into_iter().for_each(|id| self.lose_name(id));
        Ok(())
    }

    pub(super) fn unlink(&mut self, path: &[u8]) -> io::Result<()> {
        let node = self.find(path)?;
        if self.now.file(node).is_none() {
            return Err(os_error(libc::EISDIR));
        }
        self.remove(path, node)
    }

    pub(super) fn make_dir(&mut self, path: &[u8]) -> io::Result<()> {
        let (dir, name) = self.place(path)?;
        if name.is_empty() || self.now.child(dir, &name).is_some() {
            return Err(os_error(libc::EEXIST));
        }
        self.link(dir, name, Kind::Dir);
        Ok(())
    }

    pub(super) fn remove_dir(&mut self, path: &[u8]) -> io::Result<()> {
        let node = self.find(path)?;
        match self.now.node(node) {
            Some(Node::Dir(names)) if !names.is_empty() => Err(os_error(libc::ENOTEMPTY)),
            Some(Node::Dir(_)) if node != ROOT => self.remove(path, node),
            Some(Node::Dir(_)) => Err(os_error(libc::EBUSY)),
            Some(Node::File(_)) | None => Err(os_error(libc::ENOTDIR)),
        }
    }

    pub(super) fn read_dir(&self, path: &[u8]) -> io::Result<Vec<DirEntry>> {
        let Some(Node::Dir(names)) = self.now.node(self.find(path)?) else {
            return Err(os_error(libc::ENOTDIR));
        };
        let entry = |(name, id): (&Name, &NodeId)| DirEntry {
            name: OsString::from_vec(name.clone()),
            is_dir: matches!(self.now.node(*id), Some(Node::Dir(_))),
        };
        Ok(names.iter().map(entry).collect())
    }

    pub(super) fn find(&self, path: &[u8]) -> io::Result<NodeId> {
        match self.place(path)? {
            (_, name) if name.is_empty() => Ok(ROOT),
            (dir, name) => self.now.child(dir, &name).ok_or_else(|| os_error(libc::ENOENT)),
        }
    }

    pub(super) fn record(&mut self) {
        let mut recording = Recording::of(self.durable.clone(), self.clock_ns);
        let mut pending: Vec<&mut Pending> = self.pending.values_mut().flatten().collect();
        pending.sort_unstable_by_key(|pending| pending.seq);
        for pending in pending {
            let unit = recording.add(self.clock_ns, pending.change.clone());
            recording.performed(self.clock_ns, unit);
            pending.unit = Some(unit);
        }
        self.recording = Some(recording);
    }

    pub(super) fn recording(&self) -> Option<&Recording> {
        self.recording.as_ref().or(self.recorded.as_ref())
    }

    /// A write begins: from now on a crash may leave some of it.
    pub(super) fn on_submitted(
        &mut self,
        file: NodeId,
        offset: u64,
        (parts, chunks): (&[Bytes], Option<usize>),
    ) -> Option<UnitId> {
        let recording = self.recording.as_mut()?;
        let pieces = Piece::cut_short(offset, parts, chunks);
        Some(recording.add(self.clock_ns, Change::Write { file, pieces }))
    }

    /// Every process has ended.
    pub(super) fn close_all(&mut self) {
        self.opens.clear();
        let nameless = std::mem::take(&mut self.nameless);
        nameless.into_iter().for_each(|id| self.bury(id));
    }

    /// All that is not durable, oldest first; nothing is pending after.
    pub(super) fn take_all_pending(&mut self) -> Vec<Pending> {
        let mut all: Vec<Pending> =
            std::mem::take(&mut self.pending).into_values().flatten().collect();
        all.sort_unstable_by_key(|pending| pending.seq);
        all
    }

    /// What is pending on one file or directory, up to `mark`.
    pub(super) fn take_pending(&mut self, id: NodeId, mark: u64) -> Vec<Pending> {
        let Some(pending) = self.pending.get_mut(&id) else { return Vec::new() };
        let covered = pending.partition_point(|pending| pending.seq <= mark);
        let taken = pending.drain(..covered).collect();
        if pending.is_empty() {
            self.pending.remove(&id);
        }
        taken
    }

    /// After a crash: what is durable is all there is.
    pub(super) fn begin_again(&mut self) {
        self.durable.forget_nameless();
        *self = Disk {
            last_seq: self.last_seq,
            last_node: self.last_node,
            clock_ns: self.clock_ns,
            recorded: self.recording.take().or_else(|| self.recorded.take()),
            ..Disk::of(std::mem::take(&mut self.durable))
        };
    }

    /// Happens now, and is durable when it is flushed.
    pub(super) fn later(&mut self, change: Change) {
        self.later_as(change, None);
    }

    fn later_as(&mut self, change: Change, unit: Option<UnitId>) {
        let unit = self.recorded(&change, unit);
        self.now.apply(&change, Footing::Any);
        if let (Some(recording), Some(unit)) = (self.recording.as_mut(), unit) {
            recording.performed(self.clock_ns, unit);
        }
        self.last_seq += 1;
        let pending = Pending { seq: self.last_seq, change, unit };
        self.pending.entry(pending.change.flushed_by()).or_default().push(pending);
    }

    /// Makes a change durable ahead of what was done before it and is pending.
    fn force(&mut self, change: &Change, unit: Option<UnitId>) {
        if let Some(pending) = self.pending.get_mut(&change.flushed_by()) {
            pending.retain_mut(|older| change.settles(&mut older.change));
        }
        self.durable.apply(change, Footing::Any);
        self.note_forced(unit);
    }

    /// What a durable write takes along: how long the file is, and what it has reserved.
    pub(super) fn settle_lengths(&mut self, file: NodeId) {
        let Some(pending) = self.pending.get_mut(&file) else { return };
        let is_length =
            |p: &Pending| matches!(p.change, Change::Len { .. } | Change::Reserve { .. });
        while let Some(at) = pending.iter().position(is_length) {
            let settled = pending.remove(at);
            let (older, _) = pending.split_at_mut(at);
            for older in older {
                settled.change.settles(&mut older.change);
            }
            self.durable.apply(&settled.change, Footing::Any);
            if let (Some(recording), Some(unit)) = (self.recording.as_mut(), settled.unit) {
                recording.force(self.clock_ns, unit);
            }
        }
    }

    /// A file that was moved durably is not also where it was made.
    fn settle_moved(&mut self, rename: &Change) {
        let Change::Rename { from, .. } = rename else { return };
        if let Some(pending) = self.pending.get_mut(&from.0) {
            pending.retain_mut(|older| rename.settles(&mut older.change));
        }
    }

    fn recorded(&mut self, change: &Change, unit: Option<UnitId>) -> Option<UnitId> {
        let recording = self.recording.as_mut()?;
        Some(unit.unwrap_or_else(|| recording.add(self.clock_ns, change.clone())))
    }

    fn note_forced(&mut self, unit: Option<UnitId>) {
        if let (Some(recording), Some(unit)) = (self.recording.as_mut(), unit) {
            recording.force(self.clock_ns, unit);
        }
    }

    fn link(&mut self, dir: NodeId, name: Name, kind: Kind) -> NodeId {
        self.last_node += 1;
        self.later(Change::Link { dir, name, node: self.last_node, kind });
        self.last_node
    }

    fn remove(&mut self, path: &[u8], node: NodeId) -> io::Result<()> {
        let (dir, name) = self.place(path)?;
        self.later(Change::Unlink { dir, name, node });
        self.lose_name(node);
        Ok(())
    }

    fn lose_name(&mut self, id: NodeId) {
        if self.opens.contains_key(&id) {
            self.nameless.insert(id);
        } else {
            self.bury(id);
        }
    }

    fn bury(&mut self, id: NodeId) {
        self.now.forget(id);
        self.dead.push(id);
    }

    /// Forgets dead nodes to which no crash can lead back.
    fn forget_dead(&mut self) {
        let mut dead = std::mem::take(&mut self.dead);
        dead.retain(|id| {
            let returns = |pending: &Pending| pending.change.names() == Some(*id);
            let kept = self.durable.is_named(*id) || self.pending.values().flatten().any(returns);
            if !kept {
                self.durable.forget(*id);
                self.pending.remove(id);
            }
            kept
        });
        self.dead = dead;
    }

    /// The directory and name that a path stands for; the name of the root is empty.
    fn place(&self, path: &[u8]) -> io::Result<(NodeId, Name)> {
        let mut parts = path.split(|&b| b == b'/').filter(|part| !part.is_empty() && *part != b".");
        let (mut dir, mut name) = (ROOT, Name::new());
        for part in &mut parts {
            if !name.is_empty() {
                dir = self.now.child(dir, &name).ok_or_else(|| os_error(libc::ENOENT))?;
            }
            if self.now.file(dir).is_some() {
                return Err(os_error(libc::ENOTDIR));
            }
            name = part.to_vec();
        }
        Ok((dir, name))
    }
}
