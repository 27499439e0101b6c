//! What a producer's session sent to a partition is there in the order of its sending.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::{End, Fact};
use crate::plan::Kind;
use crate::record::Place;

/// Serials by offset, of each session in each partition.
#[derive(Default)]
pub struct Order(BTreeMap<(Place, u16, u16), BTreeMap<i64, u32>>);

impl Check for Order {
    fn name(&self) -> &'static str {
        "order"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let read = match fact {
            Fact::Ended(End::PowerCut) => {
                let lax = |place: Place| view.kind(place) == Kind::Lax;
                self.0.retain(|(place, _, _), _| !lax(*place));
                return Ok(());
            }
            Fact::Read(read) | Fact::Scanned(read) => read,
            _ => return Ok(()),
        };
        for seen in view.fresh {
            let key = (read.place, seen.stamp.producer, seen.stamp.session);
            let serials = self.0.entry(key).or_default();
            let before = serials.range(..seen.offset).next_back();
            let after = serials.range(seen.offset + 1..).next();
            let low = before.is_none_or(|(_, serial)| *serial < seen.stamp.serial);
            let high = after.is_none_or(|(_, serial)| *serial > seen.stamp.serial);
            if !low || !high {
                return Err(format!(
                    "{}: {} at {} between {before:?} and {after:?} (offset, serial)",
                    read.place, seen.stamp, seen.offset
                ));
            }
            serials.insert(seen.offset, seen.stamp.serial);
        }
        Ok(())
    }
}
