//! What goes wrong with a disk: crashes, failed operations, and a device that lies.
//!
//! Pure: randomness is an argument, and so is what shall go wrong; the world decides when.

use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use super::content::{CHUNK_BYTES, Piece, SECTOR_BYTES};
use super::disk::{Arriving, Disk};
use super::faults::{Lie, LieKind};
use super::volume::{Change, Footing, NodeId};
use crate::driver::Sync;
use crate::random::Random;

/// How much of an unsynced write survives.
pub(super) enum Survival {
    All,
    Nothing,
    /// The first so many units, of those it has.
    Prefix(u64),
    /// Each unit or not, by the toss of a coin.
    Each,
}

impl Survival {
    pub(super) fn draw(units: u64, random: &mut Random) -> Survival {
        match random.below(5) {
            0 => Survival::All,
            1 => Survival::Nothing,
            2 => Survival::Prefix(random.below(units + 1)),
            _ => Survival::Each,
        }
    }

    pub(super) fn keeps(&self, unit: u64, random: &mut Random) -> bool {
        match self {
            Survival::All => true,
            Survival::Nothing => false,
            Survival::Prefix(end) => unit < *end,
            Survival::Each => random.below(2) == 0,
        }
    }
}

/// Some of the units (of `unit` bytes) of a write, and how many were lost.
fn survivors(pieces: &[Piece], unit: usize, random: &mut Random) -> (Vec<Piece>, u64) {
    let units: usize = pieces.iter().map(|piece| piece.split(unit).count()).sum();
    let survival = Survival::draw(units as u64, random);
    let all = pieces.iter().flat_map(|piece| piece.split(unit));
    let kept = all.enumerate().filter(|(at, _)| survival.keeps(*at as u64, random));
    let kept: Vec<Piece> = kept.map(|(_, piece)| piece).collect();
    let lost = (units - kept.len()) as u64;
    (kept, lost)
}

impl Disk {
    /// The power fails: of what was not flushed any part survives, names and lengths one by one
    /// and writes sector by sector (`torn`) or block by block. Returns how many of those did not.
    pub(super) fn crash(&mut self, torn: bool, random: &mut Random) -> u64 {
        let unit = if torn { SECTOR_BYTES } else { CHUNK_BYTES };
        let mood = random.below(8);
        let mut lost = 0;
        for pending in self.take_all_pending() {
            let survives = match mood {
                0 => false,
                1 => true,
                _ => random.below(2) == 0,
            };
            match pending.change {
                Change::Write { file, pieces } if mood > 1 => {
                    if random.below(4) == 0 {
                        // The file's length may survive without the bytes.
                        let end = pieces.last().map_or(0, |piece| piece.range().end);
                        let bytes = pieces[0].range().start..end;
                        self.durable.apply(&Change::Reserve { file, bytes }, Footing::Firm);
                    }
                    let (pieces, gone) = survivors(&pieces, unit, random);
                    lost += gone;
                    if !pieces.is_empty() {
                        self.durable.apply(&Change::Write { file, pieces }, Footing::Firm);
                    }
                }
                change if survives => {
                    self.durable.apply(&change, Footing::Firm);
                }
                Change::Write { pieces, .. } => lost += pieces.len() as u64,
                _ => {}
            }
        }
        self.begin_again();
        lost
    }

    /// A write whose outcome nobody will learn: any of its blocks may be there, none is durable.
    pub(super) fn write_in_part(&mut self, write: Arriving, unit: usize, random: &mut Random) {
        let (pieces, _) = survivors(&write.pieces, unit, random);
        if !pieces.is_empty() {
            self.write(Arriving { pieces, sync: Sync::None, ..write });
        }
    }

    /// A flush fails: what it was to flush is durable or never will be, and no later flush
    /// tries again. Names wait for the next one.
    pub(super) fn sync_in_part(&mut self, id: NodeId, mark: u64, random: &mut Random) {
        if self.now.file(id).is_none() {
            return;
        }
        for pending in self.take_pending(id, mark) {
            if random.below(2) == 0 {
                self.durable.apply(&pending.change, Footing::Any);
            }
        }
    }

    /// The device says that it has written, and has not. The file system knows of the space and
    /// length all the same.
    pub(super) fn lose(&mut self, write: &Arriving) -> Lie {
        let lie = self.lie(LieKind::Lost, write);
        self.skip(write);
        lie
    }

    /// The device writes to another place. Returns both places; as `lose` if there is no other.
    pub(super) fn misdirect(&mut self, write: &Arriving, random: &mut Random) -> Vec<Lie> {
        let mut lies = vec![self.lie(LieKind::MisdirectedFrom, write)];
        let (first, last) = (&write.pieces[0], &write.pieces[write.pieces.len() - 1]);
        let chunks = last.chunk - first.chunk + 1;
        let roomy = |id: &NodeId| self.len(*id) >= chunks * CHUNK_BYTES as u64;
        let files = self.now.files().into_iter().map(|(_, id)| id).filter(roomy);
        let files: Vec<NodeId> = files.collect();
        if !files.is_empty() {
            let file = files[random.below(files.len() as u64) as usize];
            let places = self.len(file) / CHUNK_BYTES as u64 - chunks + 1;
            let base = random.below(places);
            if (file, base) != (write.file, first.chunk) {
                let moved = |piece: &Piece| piece.moved(piece.chunk - first.chunk + base);
                let pieces = write.pieces.iter().map(moved).collect();
                let other = Arriving { file, pieces, sync: Sync::Data, unit: None };
                lies.push(self.lie(LieKind::MisdirectedTo, &other));
                let change = Change::Write { file, pieces: other.pieces };
                self.now.apply(&change, Footing::Any);
                self.durable.apply(&change, Footing::Any);
            }
        }
        self.skip(write);
        lies
    }

    /// Flips one bit of `len` bytes at `offset`, for good; `None` if there are none.
    pub(super) fn rot(
        &mut self,
        file: NodeId,
        (offset, len): (u64, u64),
        random: &mut Random,
    ) -> Option<Lie> {
        let end = self.len(file).min(offset + len);
        let bits = end.checked_sub(offset).filter(|bytes| *bytes > 0)? * 8;
        let bit = offset * 8 + random.below(bits);
        self.flip(file, bit);
        let path = self.path_of(file);
        Some(Lie { kind: LieKind::Rotted, path, offset: bit / 8, len: 1 })
    }

    /// Flips one bit of a file, durably. Returns false if there is no such bit.
    pub(super) fn flip(&mut self, file: NodeId, bit: u64) -> bool {
        self.durable.flip(file, bit);
        self.now.flip(file, bit)
    }

    pub(super) fn path_of(&self, file: NodeId) -> Option<PathBuf> {
        let named = self.now.files().into_iter().find(|(_, id)| *id == file)?;
        Some(std::ffi::OsString::from_vec(named.0).into())
    }

    /// The space and length of a write, without its bytes.
    fn skip(&mut self, write: &Arriving) {
        let (first, last) = (&write.pieces[0], &write.pieces[write.pieces.len() - 1]);
        let bytes = first.range().start..last.range().end;
        self.later(Change::Reserve { file: write.file, bytes });
        if write.sync == Sync::Data {
            self.settle_lengths(write.file);
        }
    }

    fn lie(&self, kind: LieKind, write: &Arriving) -> Lie {
        let offset = write.pieces.first().map_or(0, |piece| piece.range().start);
        Lie { kind, path: self.path_of(write.file), offset, len: write.bytes() }
    }
}
