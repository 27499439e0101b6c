//! Compaction keeps the latest value of every key: a record that is gone has a later one with
//! its key, or is a tombstone. A tombstone that nobody was told of may have come and gone.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::Fact;
use crate::plan::Kind;
use crate::record::{Content, Place, Shape, Stamp};

/// Batches that were sent and not acknowledged: place, first record, number of records.
#[derive(Default)]
pub struct Compaction(Vec<(Place, Stamp, u32)>);

impl Compaction {
    fn may_have_deleted(&self, place: Place, shape: Shape, key: &Option<Vec<u8>>) -> bool {
        let here = self.0.iter().filter(|(of, _, _)| *of == place);
        let mut stamps = here.flat_map(|(_, first, count)| {
            (0..*count).map(|n| Stamp { serial: first.serial + n, ..*first })
        });
        stamps.any(|stamp| {
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
                self.0.push((*place, *first, *count));
                return Ok(());
            }
            Fact::Acked { place, first, .. } => {
                self.0.retain(|(of, sent, _)| (of, sent) != (place, first));
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
            if is_gone && !self.may_have_deleted(read.place, shape, &content.key) {
                return Err(format!(
                    "{}: {stamp} at {offset} is the last of its key, and is gone",
                    read.place
                ));
            }
        }
        Ok(())
    }
}
