//! The high watermark never goes back, and nothing above it is shown.

use super::{Check, View};
use crate::fact::Fact;

pub struct Watermark;

impl Check for Watermark {
    fn name(&self) -> &'static str {
        "watermark"
    }

    fn on(&mut self, fact: &Fact, _: &View<'_>) -> Result<(), String> {
        let (Fact::Read(read) | Fact::Scanned(read)) = fact else { return Ok(()) };
        let (place, high) = (read.place, read.high_watermark);
        if high < read.floor.high_watermark {
            let before = read.floor.high_watermark;
            return Err(format!("{place}: the high watermark is {high}, it was {before}"));
        }
        match read.records.last() {
            Some(last) if last.offset >= high => {
                Err(format!("{place}: {} is shown, the high watermark is {high}", last.offset))
            }
            _ => Ok(()),
        }
    }
}
