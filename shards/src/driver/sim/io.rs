//! What operations do to files, and when they fail at it.
//!
//! Here the seed and the plan of faults meet the disk: every file operation but closing has a
//! number, in the order in which they take effect, and is asked for its fate by that number.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::content::{CHUNK_BYTES, Piece};
use super::disk::{Arriving, OpenNode};
use super::recording::UnitId;
use super::volume::{Kind, NodeId};
use super::world::{Flight, World};
use super::{Death, os_error};
use crate::driver::{Closer, Handle, Op, Outcome, Sync};
use crate::limits::{BLOCK_ALIGN, LOAD_BYTES, SEND_FILE_BYTES_MAX};

/// What is settled about an operation when it is submitted.
#[derive(Default)]
pub(super) struct Plan {
    /// What a flush covers: no later change.
    mark: u64,
    /// Chunks after which a write ends short.
    pub(super) chunks: Option<usize>,
    /// A write's name in the recording.
    pub(super) unit: Option<UnitId>,
}

/// Whether an operation counts as file I/O.
fn is_file_io(op: &Op) -> bool {
    match op {
        Op::Accept { .. }
        | Op::Connect { .. }
        | Op::Recv { .. }
        | Op::RecvInto { .. }
        | Op::Send { .. }
        | Op::SendSome { .. }
        | Op::SendFile { .. }
        | Op::Await { .. }
        | Op::Shutdown { .. }
        | Op::Close { .. }
        | Op::Call(_) => false,
        Op::Read { .. }
        | Op::Load { .. }
        | Op::Write { .. }
        | Op::SyncData { .. }
        | Op::SyncAll { .. }
        | Op::Allocate { .. }
        | Op::SetLen { .. }
        | Op::FileLen { .. }
        | Op::PathLen { .. }
        | Op::Open { .. }
        | Op::Rename { .. }
        | Op::Unlink { .. }
        | Op::RemoveDir { .. }
        | Op::MakeDir { .. }
        | Op::ReadDir { .. } => true,
    }
}

impl World {
    pub(super) fn plan(&mut self, op: &Op) -> Plan {
        let mut plan = Plan { mark: self.disk.mark(), ..Plan::default() };
        if let Op::Write { file, parts, offset, .. } = op {
            let bytes: usize = parts.iter().map(|part| part.len()).sum();
            // Now and then a write ends short, on a block's end.
            if bytes > BLOCK_ALIGN && self.draw(8) == 0 {
                let chunks = (*offset as usize % CHUNK_BYTES + bytes).div_ceil(CHUNK_BYTES);
                plan.chunks = Some(1 + self.draw(chunks as u64) as usize);
            }
            if let Some(open) = self.files.get(&file.0) {
                plan.unit = self.disk.on_submitted(open.id, *offset, (parts, plan.chunks));
            }
        }
        plan
    }

    /// How much longer the operation takes than usual.
    pub(super) fn stall_ns(&mut self, op: &Op) -> u64 {
        let faults = self.disk_faults;
        if !is_file_io(op) || !self.strikes(u32::from(faults.stall_per_mille), 1000) {
            return 0;
        }
        self.counts.stalls += 1;
        self.draw(1 + u64::try_from(faults.stall_max.as_nanos()).unwrap_or(u64::MAX - 1))
    }

    /// Whether the run is to end before this operation takes effect.
    pub(super) fn cuts_before(&mut self, op: &Op) -> bool {
        self.cut |= is_file_io(op) && self.cut_at == Some(self.io_count);
        self.cut
    }

    pub(super) fn file_step(&mut self, flight: &mut Flight) -> io::Result<Outcome> {
        let Some(errno) = self.fate(&flight.op) else { return self.file_op(flight) };
        self.counts.io_errors += 1;
        let error = Err(os_error(errno));
        if errno == libc::ENOSPC {
            return error;
        }
        match &flight.op {
            Op::Write { .. } => {
                if let Ok(write) = self.arriving(flight) {
                    self.cache.drop_written(&write);
                    self.disk.write_in_part(write, CHUNK_BYTES, &mut self.random);
                }
            }
            Op::SyncData { file } | Op::SyncAll { file } => {
                if let Ok(open) = self.open_node(*file) {
                    self.disk.sync_in_part(open.id, flight.plan.mark, &mut self.random);
                }
            }
            Op::Read { .. } | Op::Load { .. } | Op::Open { .. } => {}
            _ => {
                if self.draw(2) == 0 {
                    let _ = self.file_op(flight);
                }
            }
        }
        error
    }

    /// Numbers the operation. The error with which it shall fail, if any.
    fn fate(&mut self, op: &Op) -> Option<i32> {
        let nth = self.io_count;
        self.io_count += 1;
        let planned = self.failing.remove(&nth);
        let from = self.failing_from.filter(|(from, _)| *from <= nth).map(|(_, errno)| errno);
        if let Some(errno) = planned.or(from) {
            return Some(errno);
        }
        let eio_per_mille = u32::from(self.disk_faults.eio_per_mille);
        let may = matches!(
            op,
            Op::Read { .. } | Op::Write { .. } | Op::SyncData { .. } | Op::SyncAll { .. }
        );
        (may && self.strikes(eio_per_mille, 1000)).then_some(libc::EIO)
    }

    fn file_op(&mut self, flight: &mut Flight) -> io::Result<Outcome> {
        let none = |()| Outcome::Count(0);
        match &mut flight.op {
            Op::Read { .. } => self.read(flight),
            Op::Load { file, offset } => self.load(file.handle(), *offset),
            Op::Write { .. } => self.write(flight),
            Op::SyncData { file } | Op::SyncAll { file } => {
                let open = self.open_node(*file)?;
                self.disk.sync(open.id, flight.plan.mark);
                Ok(Outcome::Count(0))
            }
            Op::Allocate { file, offset, len } => {
                let id = self.writable(*file)?.id;
                self.cache.drop_from(id, self.disk.len(id));
                let capacity = self.disk_faults.capacity_bytes;
                let allocated = self.disk.allocate(id, (*offset, *len), capacity);
                self.counts.no_space += u64::from(allocated.is_err());
                allocated.map(none)
            }
            Op::SetLen { file, len } => {
                let id = self.writable(*file)?.id;
                self.cache.drop_from(id, self.disk.len(id).min(*len));
                self.disk.set_len(id, *len);
                Ok(Outcome::Count(0))
            }
            Op::FileLen { file } => {
                let id = self.open_node(*file)?.id;
                Ok(Outcome::Len(self.disk.len(id)))
            }
            Op::PathLen { path } => self.disk.path_len(path.as_bytes()).map(Outcome::Len),
            Op::Open { path, how } => {
                let open = self.disk.open(path.as_bytes(), *how)?;
                let handle = Handle(self.next_file);
                self.next_file += 1;
                self.files.insert(handle.0, open);
                Ok(Outcome::Handle(handle))
            }
            Op::Rename { from, to } => self.disk.rename(from.as_bytes(), to.as_bytes()).map(none),
            Op::Unlink { path } => self.disk.unlink(path.as_bytes()).map(none),
            Op::RemoveDir { path } => self.disk.remove_dir(path.as_bytes()).map(none),
            Op::MakeDir { path } => self.disk.make_dir(path.as_bytes()).map(none),
            Op::ReadDir { path } => self.disk.read_dir(path.as_bytes()).map(Outcome::Entries),
            _ => Err(os_error(libc::EINVAL)),
        }
    }

    fn read(&mut self, flight: &mut Flight) -> io::Result<Outcome> {
        let Op::Read { file, buf, from, upto, offset } = &mut flight.op else {
            return Err(os_error(libc::EINVAL));
        };
        let open = self.file(*file)?;
        let mut room = &mut buf[*from as usize..*upto as usize];
        check_direct(open, *offset, [(room.len(), room.as_ptr() as usize)])?;
        // What is in the page cache needs no device, and does not see what happens to it.
        let range = *offset..*offset + room.len() as u64;
        if open.is_shared && self.cache.resident(open.id, &range) == range.end - range.start {
            room.copy_from_slice(&self.cache.copy(open.id, &range));
            return Ok(Outcome::Count(room.len() as u32));
        }
        self.rot_some(open.id, (*offset, room.len() as u64));
        // Now and then a read ends short, on a block's end.
        if room.len() > BLOCK_ALIGN && self.draw(8) == 0 {
            let blocks = 1 + self.draw((room.len() / BLOCK_ALIGN) as u64) as usize;
            room = &mut room[..blocks * BLOCK_ALIGN];
        }
        if open.is_shared {
            let missing = *offset..*offset + room.len() as u64;
            let read = self.cache.read(open.id, &missing, self.disk.now.file(open.id));
            room[..read.len()].copy_from_slice(&read);
            return Ok(Outcome::Count(read.len() as u32));
        }
        Ok(Outcome::Count(self.disk.read(open.id, room, *offset) as u32))
    }

    /// Brings the unit that the place is in into the page cache.
    fn load(&mut self, file: Handle, offset: u64) -> io::Result<Outcome> {
        let id = self.file(file)?.id;
        let start = offset / LOAD_BYTES * LOAD_BYTES;
        let unit = start..self.disk.len(id).min(start + LOAD_BYTES);
        if unit.start < unit.end {
            self.rot_some(id, (unit.start, unit.end - unit.start));
            self.cache.read(id, &unit, self.disk.now.file(id));
        }
        Ok(Outcome::Count(0))
    }

    fn rot_some(&mut self, file: NodeId, range: (u64, u64)) {
        if self.strikes(self.disk_faults.rot_per_million, 1_000_000) {
            let lie = self.disk.rot(file, range, &mut self.random);
            self.counts.rotted += u64::from(lie.is_some());
            self.lies.extend(lie);
        }
    }

    /// From now on this file is read through the page cache, and closed with its last holder.
    pub(super) fn share(&mut self, file: Handle) -> Closer {
        if let Some(open) = self.files.get_mut(&file.0) {
            open.is_shared = true;
        }
        let unshared = self.unshared.clone();
        Arc::new(move |handle| unshared.push(handle))
    }

    pub(super) fn close_unshared(&mut self) {
        while let Some(handle) = self.unshared.pop() {
            self.forget_owner(handle);
            self.close_file(handle);
        }
    }

    /// Bytes from the range's start on that are in the page cache. Now and then some have just
    /// been dropped from it, as memory was needed.
    pub(super) fn resident(&mut self, file: Handle, range: &Range<u64>) -> u64 {
        let Ok(open) = self.file(file) else { return 0 };
        self.cache.lose_some(open.id, range, &mut self.random);
        self.cache.resident(open.id, range)
    }

    /// The first bytes of the range, as the page cache has them.
    pub(super) fn cached(&mut self, file: Handle, range: &Range<u64>) -> io::Result<Bytes> {
        let id = self.file(file)?.id;
        let asked = range.start..range.end.min(range.start.saturating_add(SEND_FILE_BYTES_MAX));
        let there = self.resident(file, &asked);
        Ok(self.cache.copy(id, &(range.start..range.start + there)).into())
    }

    fn write(&mut self, flight: &Flight) -> io::Result<Outcome> {
        let mut write = self.arriving(flight)?;
        self.cache.drop_written(&write);
        let fitted = self.disk.fit(&mut write, self.disk_faults.capacity_bytes);
        self.counts.no_space += u64::from(fitted.is_err());
        fitted?;
        let (count, faults) = (write.bytes(), self.disk_faults);
        let Some(first) = write.pieces.first() else { return Ok(Outcome::Count(0)) };
        let hash = write.pieces.iter().fold(0, |sum, p| crc32c::crc32c_append(sum, p.bytes()));
        self.mix([write.file, first.range().start, count, u64::from(hash)]);
        if self.strikes(faults.lost_per_million, 1_000_000) {
            self.counts.lost += 1;
            let lie = self.disk.lose(&write);
            self.lies.push(lie);
        } else if self.strikes(faults.misdirected_per_million, 1_000_000) {
            self.counts.misdirected += 1;
            let lies = self.disk.misdirect(&write, &mut self.random);
            self.lies.extend(lies);
        } else {
            self.disk.write(write);
        }
        Ok(Outcome::Count(count as u32))
    }

    /// The write as it arrives at the device, short if it is planned to be.
    fn arriving(&self, flight: &Flight) -> io::Result<Arriving> {
        let Op::Write { file, parts, offset, sync } = &flight.op else {
            return Err(os_error(libc::EINVAL));
        };
        let open = self.writable(*file)?;
        check_direct(open, *offset, parts.iter().map(|p| (p.len(), p.as_ptr() as usize)))?;
        let pieces = Piece::cut_short(*offset, parts, flight.plan.chunks);
        Ok(Arriving { file: open.id, pieces, sync: *sync, unit: flight.plan.unit })
    }

    /// What an operation does whose process ends before it is over: anything or nothing.
    pub(super) fn strand_io(&mut self, mut flight: Flight, death: Death) {
        match &flight.op {
            Op::Write { .. } => {
                let Ok(write) = self.arriving(&flight) else { return };
                self.cache.drop_written(&write);
                match death {
                    Death::Killed => self.disk.write_in_part(write, CHUNK_BYTES, &mut self.random),
                    // The crash decides what of it is there.
                    Death::PowerCut => self.disk.write(Arriving { sync: Sync::None, ..write }),
                }
            }
            Op::Read { .. }
            | Op::Load { .. }
            | Op::FileLen { .. }
            | Op::PathLen { .. }
            | Op::ReadDir { .. } => {}
            op if is_file_io(op) && self.draw(2) == 0 => {
                if let Ok(Outcome::Handle(opened)) = self.file_op(&mut flight) {
                    self.close_file(opened);
                }
            }
            _ => {}
        }
    }

    pub(super) fn close_file(&mut self, handle: Handle) {
        if let Some(open) = self.files.remove(&handle.0) {
            self.disk.close(open.id);
        }
    }

    /// A file's node, for `Controls`.
    pub(super) fn node_at(&self, path: &[u8]) -> Option<NodeId> {
        let id = self.disk.find(path).ok()?;
        self.disk.now.file(id).map(|_| id)
    }

    fn open_node(&self, handle: Handle) -> io::Result<OpenNode> {
        self.files.get(&handle.0).copied().ok_or_else(|| os_error(libc::EBADF))
    }

    fn file(&self, handle: Handle) -> io::Result<OpenNode> {
        let open = self.open_node(handle)?;
        match open.kind {
            Kind::File => Ok(open),
            Kind::Dir => Err(os_error(libc::EISDIR)),
        }
    }

    fn writable(&self, handle: Handle) -> io::Result<OpenNode> {
        let open = self.file(handle)?;
        if open.how.write { Ok(open) } else { Err(os_error(libc::EBADF)) }
    }
}

/// Direct I/O moves whole blocks between aligned places.
fn check_direct(
    open: OpenNode,
    offset: u64,
    slices: impl IntoIterator<Item = (usize, usize)>,
) -> io::Result<()> {
    let even = |n: usize| n.is_multiple_of(BLOCK_ALIGN);
    let aligned = offset.is_multiple_of(BLOCK_ALIGN as u64)
        && slices.into_iter().all(|(len, address)| even(len) && even(address));
    if open.how.direct && !aligned { Err(os_error(libc::EINVAL)) } else { Ok(()) }
}
