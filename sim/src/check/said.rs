//! Under a lying device: where records are missing between others, the broker's log says so, by the
//! partition's name or the journal's.
//!
//! What was lost at a log's end may be unknown to everybody: the device said that it had it. So may
//! be what another partition's batches stand for (`untold`).

use super::{Check, View};
use crate::fact::Fact;
use crate::plan::Kind;
use crate::sound;

pub struct Said;

const JOURNAL: &str = "journal";

impl Check for Said {
    fn name(&self) -> &'static str {
        "said"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let Fact::Scanned(read) = fact else { return Ok(()) };
        let is_untold = view.untold.iter().any(|(place, _)| *place == read.place);
        if is_untold || matches!(view.kind(read.place), Kind::Compacted | Kind::Lax) {
            return Ok(());
        }
        let mut due = read.from;
        for seen in &read.records {
            if seen.offset == due {
                due += 1;
                continue;
            }
            let topic = &view.topics[read.place.topic as usize];
            let name = sound::directory_of(topic, read.place.index);
            return match (view.is_said)(&name) || (view.is_said)(JOURNAL) {
                true => Ok(()),
                false => Err(format!(
                    "{}: offsets {due}..{} are gone, and nothing in the log names {name}",
                    read.place, seen.offset
                )),
            };
        }
        Ok(())
    }
}
