//! Where commits go and what is proved: the ring of a writer's journal files.
//!
//! A slot is a file: absent, free, active (the next commit goes there), full (its partitions'
//! bytes are being settled in segment files), or held (what it holds has to be seen to before it
//! is used again). Several commits are in flight; they count as written and durable in the order
//! of their sequences only. When there is no place, nobody waits: the caller writes to the segment
//! instead. After a failure all is held; with the last of it gone the ring begins anew.
//! Invariant: a slot is free only when all that it holds is settled elsewhere.

use std::collections::VecDeque;
use std::ops::Range;

use super::format::FILE_HEADER_BYTES;
use super::walk::next_era;
use crate::limits::{BLOCK_BYTES, JOURNAL_DEPTH_MAX};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Absent,
    Free,
    /// `at`: where the next commit goes.
    Active {
        generation: u64,
        at: u64,
    },
    /// `last`: the sequence of its last commit.
    Full {
        generation: u64,
        last: u64,
    },
    Held,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    sequence: u64,
    slot: usize,
    written: bool,
}

/// The place of one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub slot: usize,
    /// Byte position in the slot's file.
    pub at: u64,
    pub generation: u64,
    pub sequence: u64,
    /// What the commit may say is durable.
    pub durable: u64,
}

/// A flush of one slot's file proves all commits up to a sequence durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlushPlan {
    pub slot: usize,
    pub upto: u64,
}

/// How many slots there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotCounts {
    pub absent: u64,
    pub free: u64,
    pub active: u64,
    pub full: u64,
    pub held: u64,
}

/// The ring of one writer.
#[derive(Clone, Debug)]
pub struct Ring {
    slot_bytes: u64,
    slots: Vec<Slot>,
    next_generation: u64,
    next_sequence: u64,
    /// Commits that are not durable yet, oldest first.
    flights: VecDeque<Flight>,
    /// Every commit up to here is written, and durable.
    written: u64,
    durable: u64,
    failed: bool,
}

impl Ring {
    /// A ring of `slots` files of `slot_bytes` each, all absent; commits go on behind those of
    /// `generation` and `sequence`.
    #[must_use]
    pub fn new(slots: usize, slot_bytes: u64, (generation, sequence): (u64, u64)) -> Ring {
        Ring {
            slot_bytes,
            slots: vec![Slot::Absent; slots],
            next_generation: generation + 1,
            next_sequence: sequence + 1,
            flights: VecDeque::new(),
            written: sequence,
            durable: sequence,
            failed: false,
        }
    }

    /// The place for a commit of `bytes`, or `None`: write it somewhere else.
    pub fn place(&mut self, bytes: u64) -> Option<Spot> {
        if self.failed || !self.may_write() {
            return None;
        }
        let padded = bytes.next_multiple_of(BLOCK_BYTES);
        let slot = self.slot_with_room(padded)?;
        let Slot::Active { generation, at } = self.slots[slot] else { return None };
        self.slots[slot] = Slot::Active { generation, at: at + padded };
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.flights.push_back(Flight { sequence, slot, written: false });
        Some(Spot { slot, at, generation, sequence, durable: self.durable })
    }

    fn slot_with_room(&mut self, padded: u64) -> Option<usize> {
        if padded > self.slot_bytes - FILE_HEADER_BYTES {
            return None;
        }
        let active = self.slots.iter().position(|slot| matches!(slot, Slot::Active { .. }));
        if let Some(slot) = active
            && let Slot::Active { generation, at } = self.slots[slot]
        {
            if at + padded <= self.slot_bytes {
                return Some(slot);
            }
            self.slots[slot] = Slot::Full { generation, last: self.next_sequence - 1 };
        }
        let free = self.slots.iter().position(|slot| *slot == Slot::Free)?;
        let generation = self.next_generation;
        self.next_generation += 1;
        self.slots[free] = Slot::Active { generation, at: FILE_HEADER_BYTES };
        Some(free)
    }

    /// Whether one more commit may be in flight.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.flights.iter().filter(|flight| !flight.written).count() < JOURNAL_DEPTH_MAX
    }

    /// Whether commits may go here at all, now: a file is ready and none has failed.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let usable = |slot: &Slot| matches!(slot, Slot::Free | Slot::Active { .. });
        !self.failed && self.slots.iter().any(usable)
    }

    /// The write of `sequence` is complete. Gives the sequences that are thereby written.
    pub fn on_written(&mut self, sequence: u64) -> Range<u64> {
        let before = self.written;
        if self.failed {
            return before..before;
        }
        if let Some(flight) = self.flights.iter_mut().find(|f| f.sequence == sequence) {
            flight.written = true;
        }
        let behind = self.flights.iter().skip_while(|flight| flight.sequence <= before);
        let last = behind.take_while(|flight| flight.written).last();
        self.written = last.map_or(before, |flight| flight.sequence);
        before + 1..self.written + 1
    }

    /// The next flush: the file with the oldest commit that is written and not durable.
    #[must_use]
    pub fn plan_flush(&self) -> Option<FlushPlan> {
        let first = self.flights.front().filter(|f| !self.failed && f.sequence <= self.written)?;
        let same = self.flights.iter().take_while(|f| f.slot == first.slot && f.written);
        let upto = same.last()?.sequence.min(self.written);
        Some(FlushPlan { slot: first.slot, upto })
    }

    /// A flush that was planned when `upto` was written is complete (or the writes were durable
    /// by themselves). Gives the sequences that are thereby durable.
    pub fn on_flushed(&mut self, upto: u64) -> Range<u64> {
        let before = self.durable;
        if self.failed {
            return before..before;
        }
        self.durable = self.durable.max(upto.min(self.written));
        while self.flights.front().is_some_and(|flight| flight.sequence <= self.durable) {
            self.flights.pop_front();
        }
        before + 1..self.durable + 1
    }

    /// A write or a flush failed: nothing in flight is believed, nothing more goes here.
    pub fn on_failed(&mut self) {
        self.failed = true;
        self.flights.clear();
        for slot in &mut self.slots {
            if matches!(slot, Slot::Active { .. } | Slot::Full { .. }) {
                *slot = Slot::Held;
            }
        }
    }

    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// A slot whose file should be made now: the active one is half full, or there is none.
    #[must_use]
    pub fn wants_slot(&self) -> Option<usize> {
        let has_room = |slot: &Slot| match slot {
            Slot::Free => true,
            Slot::Active { at, .. } => *at < self.slot_bytes / 2,
            Slot::Absent | Slot::Full { .. } | Slot::Held => false,
        };
        if self.failed || self.slots.iter().any(has_room) {
            return None;
        }
        self.slots.iter().position(|slot| *slot == Slot::Absent)
    }

    /// The slot's file is there, and nothing in it matters.
    pub fn on_ready(&mut self, slot: usize) {
        assert!(matches!(self.slots[slot], Slot::Absent), "a file is made for an absent slot");
        self.slots[slot] = Slot::Free;
    }

    /// The file in this slot must stay as it is for now.
    pub fn hold(&mut self, slot: usize) {
        self.slots[slot] = Slot::Held;
    }

    #[must_use]
    pub fn is_held(&self, slot: usize) -> bool {
        self.slots[slot] == Slot::Held
    }

    /// Nothing in the held slot matters any more, and its file says so.
    pub fn on_released(&mut self, slot: usize) {
        assert!(self.is_held(slot), "only held slots are released");
        self.slots[slot] = Slot::Free;
    }

    /// Nothing in the held slot matters any more, and its file is gone.
    pub fn on_discarded(&mut self, slot: usize) {
        assert!(self.is_held(slot), "only held slots are discarded");
        self.slots[slot] = Slot::Absent;
    }

    /// After a failure, when no file is left that had a commit in flight: commits are taken
    /// again, of a new era, which owes nothing to those whose outcome is unknown.
    pub fn begin_anew(&mut self) {
        assert!(self.failed && self.flights.is_empty(), "a ring begins anew after a failure");
        let sequence = next_era(self.next_sequence);
        (self.written, self.durable, self.next_sequence) = (sequence, sequence, sequence + 1);
        self.failed = false;
    }

    /// Full slots whose last commit is durable, with their generation: they can be settled.
    #[must_use]
    pub fn settleable(&self) -> Vec<(usize, u64)> {
        let full = |(at, slot): (usize, &Slot)| match slot {
            Slot::Full { generation, last } if *last <= self.durable => Some((at, *generation)),
            _ => None,
        };
        self.slots.iter().enumerate().filter_map(full).collect()
    }

    /// Ends the active slot early, so that it can be settled.
    pub fn end_active(&mut self) {
        for slot in &mut self.slots {
            if let Slot::Active { generation, .. } = *slot {
                *slot = Slot::Full { generation, last: self.next_sequence - 1 };
            }
        }
    }

    /// Whether the slot is full with commits of this generation.
    #[must_use]
    pub fn is_full(&self, slot: usize, generation: u64) -> bool {
        matches!(self.slots[slot], Slot::Full { generation: of, .. } if of == generation)
    }

    /// All that the full slot holds is settled, and its header says so. A slot that is not full
    /// with this generation any more (the journal failed meanwhile) stays what it is.
    pub fn on_settled(&mut self, slot: usize, generation: u64) {
        if self.is_full(slot, generation) {
            self.slots[slot] = Slot::Free;
        }
    }

    /// Whether the slot has commits that are not known to be settled.
    #[must_use]
    pub fn is_taken(&self, slot: usize) -> bool {
        !matches!(self.slots[slot], Slot::Absent | Slot::Free)
    }

    #[must_use]
    pub fn counts(&self) -> SlotCounts {
        let count = |kind: fn(&Slot) -> bool| self.slots.iter().filter(|s| kind(s)).count() as u64;
        SlotCounts {
            absent: count(|slot| matches!(slot, Slot::Absent)),
            free: count(|slot| matches!(slot, Slot::Free)),
            active: count(|slot| matches!(slot, Slot::Active { .. })),
            full: count(|slot| matches!(slot, Slot::Full { .. })),
            held: count(|slot| matches!(slot, Slot::Held)),
        }
    }

    /// Commits that are not durable yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.flights.len()
    }

    /// Invariants, one a line.
    pub fn check(&self) {
        let active = self.slots.iter().filter(|slot| matches!(slot, Slot::Active { .. })).count();
        assert!(active <= 1, "two active slots");
        assert!(self.durable <= self.written, "durable but not written");
        assert!(self.written < self.next_sequence, "written before it was placed");
        let in_order = self.flights.iter().zip(self.flights.iter().skip(1));
        in_order.for_each(|(a, b)| assert!(a.sequence + 1 == b.sequence, "a flight is missing"));
        let first = self.flights.front().map_or(self.next_sequence, |flight| flight.sequence);
        assert!(self.failed || first == self.durable + 1, "flights begin behind what is durable");
    }
}
