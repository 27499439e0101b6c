//! The log start never goes back, nothing below it is shown, and nothing is deleted that
//! nobody asked to delete.

use super::{Check, View};
use crate::fact::Fact;
use crate::plan::Kind;

pub struct LogStart;

impl Check for LogStart {
    fn name(&self) -> &'static str {
        "log start"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let (Fact::Read(read) | Fact::Scanned(read)) = fact else { return Ok(()) };
        let (place, start) = (read.place, read.log_start);
        if start < read.floor.log_start {
            let before = read.floor.log_start;
            return Err(format!("{place}: the log starts at {start}, it started at {before}"));
        }
        if let Some(first) = read.records.first().filter(|first| first.offset < start) {
            return Err(format!("{place}: {} is shown, the log starts at {start}", first.offset));
        }
        let asked = view.ledger.at(place).trim_asked;
        // What was not flushed may go with the power, its beginning too.
        let free = matches!(view.kind(place), Kind::Retained | Kind::Lax);
        if start > asked && !free {
            return Err(format!(
                "{place}: the log starts at {start}, deletion was asked up to {asked} only"
            ));
        }
        Ok(())
    }
}
