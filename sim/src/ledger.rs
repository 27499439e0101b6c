//! What is known of every partition, offset by offset: what was acknowledged, what was seen.
//!
//! The ground on which checkers judge. Pure. A power cut takes back what was promised only
//! against a kill: acks=1 above everything durable, and whatever a lax topic had.

use std::collections::BTreeMap;

use crate::fact::{Floor, Read, Seen};
use crate::record::{Place, Stamp};

/// An acknowledged record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    pub stamp: Stamp,
    /// Survives a power cut by itself.
    pub strong: bool,
}

/// One offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub promised: Option<Promise>,
    pub seen: Option<Seen>,
}

impl Entry {
    /// The record that is known to be there.
    pub fn stamp(&self) -> Option<Stamp> {
        self.promised.map(|promise| promise.stamp).or(self.seen.map(|seen| seen.stamp))
    }
}

/// One partition, from offset 0.
#[derive(Clone, Debug, Default)]
pub struct Account {
    entries: Vec<Entry>,
    pub floor: Floor,
    /// Below it deletion was acknowledged. What readers were only shown may come back with the
    /// broker's next process: records that retention or an unanswered request had dropped.
    pub trimmed: i64,
    /// The highest offset below which deletion was asked for.
    pub trim_asked: i64,
}

/// All partitions.
#[derive(Clone, Debug, Default)]
pub struct Ledger(BTreeMap<Place, Account>);

static NOTHING: Account = Account {
    entries: Vec::new(),
    floor: Floor { high_watermark: 0, log_start: 0, ends: 0 },
    trimmed: 0,
    trim_asked: 0,
};

/// More than any seed writes to one partition; an offset above is a fault, not an index.
const OFFSETS_MAX: i64 = 1 << 22;

impl Ledger {
    pub fn at(&self, place: Place) -> &Account {
        self.0.get(&place).unwrap_or(&NOTHING)
    }

    pub fn at_mut(&mut self, place: Place) -> &mut Account {
        self.0.entry(place).or_default()
    }

    /// The broker's process has ended.
    pub fn process_ended(&mut self) {
        for account in self.0.values_mut() {
            account.floor.log_start = account.trimmed;
            account.floor.ends += 1;
        }
    }

    /// The power was cut. `lax` says of a topic that it promises nothing then.
    pub fn power_cut(&mut self, lax: impl Fn(u32) -> bool) {
        for (place, account) in &mut self.0 {
            account.power_cut(lax(place.topic));
        }
    }
}

impl Account {
    pub fn entry(&self, offset: i64) -> Entry {
        let at = usize::try_from(offset).ok();
        at.and_then(|at| self.entries.get(at)).copied().unwrap_or_default()
    }

    /// One past the last offset of which something is known.
    pub fn end(&self) -> i64 {
        self.entries.len() as i64
    }

    /// Notes an acknowledged record; the record that was known there, if it is another.
    pub fn promise(&mut self, offset: i64, promise: Promise) -> Result<(), Stamp> {
        let Some(entry) = self.entry_mut(offset) else { return Ok(()) };
        let known = entry.stamp();
        let strong = promise.strong || entry.promised.is_some_and(|old| old.strong);
        entry.promised = Some(Promise { strong, ..promise });
        match known {
            Some(other) if other != promise.stamp => Err(other),
            _ => Ok(()),
        }
    }

    /// Notes what a reader saw. The records that nobody had seen, and the first one that
    /// contradicts what was known.
    pub fn show(&mut self, read: &Read) -> (Vec<Seen>, Option<(Seen, Stamp)>) {
        let mut fresh = Vec::new();
        let mut wrong = None;
        for seen in &read.records {
            let Some(entry) = self.entry_mut(seen.offset) else { continue };
            match entry.stamp() {
                Some(known) if known != seen.stamp => {
                    wrong = wrong.or(Some((*seen, known)));
                }
                _ if entry.seen.is_none() => {
                    entry.seen = Some(*seen);
                    fresh.push(*seen);
                }
                _ => {}
            }
        }
        self.floor.high_watermark = self.floor.high_watermark.max(read.high_watermark);
        if read.floor.ends == self.floor.ends {
            self.floor.log_start = self.floor.log_start.max(read.log_start);
        }
        (fresh, wrong)
    }

    fn power_cut(&mut self, lax: bool) {
        if lax {
            self.entries.clear();
            self.floor.high_watermark = 0;
            return;
        }
        let strong = |entry: &Entry| {
            entry.seen.is_some() || entry.promised.is_some_and(|promise| promise.strong)
        };
        // What is below a durable record is durable, and so is what readers were shown.
        let kept = self.entries.iter().rposition(strong).map_or(0, |at| at + 1);
        let kept = kept.max(usize::try_from(self.floor.high_watermark).unwrap_or(0));
        self.entries.truncate(kept);
    }

    fn entry_mut(&mut self, offset: i64) -> Option<&mut Entry> {
        if !(0..OFFSETS_MAX).contains(&offset) {
            return None;
        }
        let at = offset as usize;
        if self.entries.len() <= at {
            self.entries.resize(at + 1, Entry::default());
        }
        Some(&mut self.entries[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(serial: u32) -> Stamp {
        Stamp { producer: 0, session: 0, serial }
    }

    #[test]
    fn a_power_cut_takes_back_only_what_lies_above_everything_durable() {
        let mut account = Account::default();
        let promise = |serial, strong| Promise { stamp: stamp(serial), strong };
        account.promise(0, promise(0, false)).expect("free");
        account.promise(1, promise(1, true)).expect("free");
        account.promise(2, promise(2, false)).expect("free");
        account.power_cut(false);
        assert_eq!(account.end(), 2);
        assert_eq!(account.entry(0).stamp(), Some(stamp(0)));
        account.power_cut(true);
        assert_eq!(account.end(), 0);
    }

    #[test]
    fn two_records_at_one_offset_are_noticed() {
        let mut account = Account::default();
        account.promise(0, Promise { stamp: stamp(0), strong: true }).expect("free");
        let other = account.promise(0, Promise { stamp: stamp(1), strong: true });
        assert_eq!(other, Err(stamp(0)));
    }
}
