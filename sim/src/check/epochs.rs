//! An offset that was shown and is gone is used again under a higher leader epoch only, and epochs
//! never go back within a log: that is all that a client has to notice it by (KIP-320).

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::{Fact, Seen};
use crate::record::{Place, Stamp};

#[derive(Clone, Copy)]
struct Shown {
    stamp: Stamp,
    epoch: i32,
    /// How many processes had ended when it was shown.
    ends: u64,
}

/// What was shown at each offset, by the latest process that showed it.
#[derive(Default)]
pub struct Epochs {
    ends: u64,
    shown: BTreeMap<Place, BTreeMap<i64, Shown>>,
}

impl Check for Epochs {
    fn name(&self) -> &'static str {
        "epochs"
    }

    fn on(&mut self, fact: &Fact, _: &View<'_>) -> Result<(), String> {
        let read = match fact {
            Fact::Ended(_) => {
                self.ends += 1;
                return Ok(());
            }
            Fact::Read(read) | Fact::Scanned(read) => read,
            _ => return Ok(()),
        };
        let place = read.place;
        if let Some(pair) = read.records.windows(2).find(|pair| pair[0].epoch > pair[1].epoch) {
            let [older, newer] = [pair[0], pair[1]].map(|seen| (seen.offset, seen.epoch));
            return Err(format!("{place}: {newer:?} follows {older:?} (offset, epoch)"));
        }
        let shown = self.shown.entry(place).or_default();
        for seen in &read.records {
            let now = Shown { stamp: seen.stamp, epoch: seen.epoch, ends: self.ends };
            match shown.get(&seen.offset) {
                Some(before) if before.stamp != seen.stamp => {
                    judge(before, seen, read.floor.ends)
                        .map_err(|why| format!("{place}: {why}"))?;
                    if before.epoch < seen.epoch {
                        shown.insert(seen.offset, now);
                    }
                }
                _ => {
                    shown.insert(seen.offset, now);
                }
            }
        }
        Ok(())
    }
}

/// Two records at one offset; an answer of an earlier process may be the later one to arrive.
fn judge(before: &Shown, seen: &Seen, asked_after: u64) -> Result<(), String> {
    let is_later = asked_after > before.ends;
    if seen.epoch > before.epoch || seen.epoch < before.epoch && !is_later {
        return Ok(());
    }
    let Shown { stamp, epoch, .. } = before;
    let (offset, other, again) = (seen.offset, seen.stamp, seen.epoch);
    Err(format!("{offset} was {stamp} in epoch {epoch} and is {other} in epoch {again}"))
}
