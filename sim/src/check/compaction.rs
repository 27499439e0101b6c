//! Compaction keeps the latest value of every key: a record that is gone has a later one with
//! its key, or is a tombstone. A tombstone that nobody was told of may have come and gone; so may
//! one whose acknowledgement a power cut took back, for the record itself may have stayed.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::Fact;
use crate::ledger::Account;
use crate::plan::Kind;
use crate::record::{Content, Place, Shape, Stamp};

/// A batch that was sent.
struct Batch {
    first: Stamp,
    count: u32,
    /// The offset that it was acknowledged at, if it was.
    base: Option<i64>,
}

impl Batch {
    /// Its records of which the ledger does not know where they are.
    fn unplaced<'a>(&'a self, account: &'a Account) -> impl Iterator<Item = Stamp> + 'a {
        let all =
            (0..self.count).map(|n| (n, Stamp { serial: self.first.serial + n, ..self.first }));
        let is_placed = move |n: u32, stamp: Stamp| {
            self.base.is_some_and(|base| account.entry(base + i64::from(n)).stamp() == Some(stamp))
        };
        all.filter(move |(n, stamp)| !is_placed(*n, *stamp)).map(|(_, stamp)| stamp)
    }
}

#[derive(Default)]
pub struct Compaction(BTreeMap<Place, Vec<Batch>>);

impl Compaction {
    fn may_have_deleted(
        &self,
        (place, shape): (Place, Shape),
        account: &Account,
        key: &Option<Vec<u8>>,
    ) -> bool {
        let mut unplaced =
            self.0.get(&place).into_iter().flatten().flat_map(|batch| batch.unplaced(account));
        unplaced.any(|stamp| {
            let content = Content::of(stamp, place, shape);
            content.value.is_none() && content.key == *key
        })
    }
}

impl Check for Compaction {
    fn name(&self) -> &'static str {
        "compaction"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let read = match fact {
            Fact::Sent { place, first, count, .. } if view.kind(*place) == Kind::Compacted => {
                let batch = Batch { first: *first, count: *count, base: None };
                self.0.entry(*place).or_default().push(batch);
                return Ok(());
            }
            Fact::Acked { place, first, base_offset, .. } => {
                let mut sent = self.0.get_mut(place).into_iter().flatten();
                if let Some(batch) = sent.find(|batch| batch.first == *first) {
                    batch.base = (*base_offset >= 0).then_some(*base_offset);
                }
                return Ok(());
            }
            Fact::Scanned(read) => read,
            _ => return Ok(()),
        };
        if view.kind(read.place) != Kind::Compacted {
            return Ok(());
        }
        let shape = view.topics[read.place.topic as usize].shape;
        let account = view.ledger.at(read.place);
        // The ledger has what the scan saw too.
        let mut last = BTreeMap::new();
        for offset in (read.log_start..account.end()).rev() {
            let Some(stamp) = account.entry(offset).stamp() else { continue };
            let content = Content::of(stamp, read.place, shape);
            let latest = *last.entry(content.key.clone()).or_insert(offset);
            let there = read.records.binary_search_by_key(&offset, |seen| seen.offset).is_ok();
            let is_gone = latest == offset && !there && content.value.is_some();
            if is_gone && !self.may_have_deleted((read.place, shape), account, &content.key) {
                return Err(format!(
                    "{}: {stamp} at {offset} is the last of its key, and is gone",
                    read.place
                ));
            }
        }
        Ok(())
    }
}
