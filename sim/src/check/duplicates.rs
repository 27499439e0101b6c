//! No record is in a log twice: idempotent producers send again, the others do not.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::{End, Fact};
use crate::plan::Kind;
use crate::record::{Place, Stamp};

#[derive(Default)]
pub struct Duplicates(BTreeMap<(Place, Stamp), i64>);

impl Check for Duplicates {
    fn name(&self) -> &'static str {
        "duplicates"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Ended(End::PowerCut) => {
                let lax = |place: Place| view.kind(place) == Kind::Lax;
                self.0.retain(|(place, _), _| !lax(*place));
            }
            Fact::Read(read) | Fact::Scanned(read) => {
                for seen in view.fresh {
                    let before = self.0.insert((read.place, seen.stamp), seen.offset);
                    if let Some(before) = before.filter(|before| *before != seen.offset) {
                        return Err(format!(
                            "{}: {} is at {before} and at {}",
                            read.place, seen.stamp, seen.offset
                        ));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}
