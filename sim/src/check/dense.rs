//! Offsets are dense: in a log that is flushed and not compacted, every offset from the asked one
//! on is there, and a scan reaches the high watermark.

use super::{Check, View};
use crate::fact::Fact;
use crate::plan::Kind;

pub struct Dense;

impl Check for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        let (Fact::Read(read) | Fact::Scanned(read)) = fact else { return Ok(()) };
        let has_gaps = matches!(view.kind(read.place), Kind::Compacted | Kind::Lax);
        let mut due = read.from;
        for seen in &read.records {
            let wrong = if has_gaps { seen.offset < due } else { seen.offset != due };
            if wrong {
                return Err(format!("{}: {} where {due} is due", read.place, seen.offset));
            }
            due = seen.offset + 1;
        }
        let whole = matches!(fact, Fact::Scanned(_)) && !has_gaps;
        if whole && due != read.high_watermark {
            return Err(format!(
                "{}: the scan ends at {due} below the high watermark {}",
                read.place, read.high_watermark
            ));
        }
        Ok(())
    }
}
