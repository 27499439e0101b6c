//! Compaction keeps the latest value of every key: a record that is gone has a later one with
//! its key, or is a tombstone.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::Fact;
use crate::plan::Kind;
use crate::record::Content;

pub struct Compaction;

impl Check for Compaction {
    fn name(&self) -> &'static str {
        "compaction"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let Fact::Scanned(read) = fact else { return Ok(()) };
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
            let latest = *last.entry(content.key).or_insert(offset);
            let there = read.records.binary_search_by_key(&offset, |seen| seen.offset).is_ok();
            if latest == offset && !there && content.value.is_some() {
                return Err(format!(
                    "{}: {stamp} at {offset} is the last of its key, and is gone",
                    read.place
                ));
            }
        }
        Ok(())
    }
}
