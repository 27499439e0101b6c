//! No acknowledged record is lost or changed, and none that a reader was shown.
//!
//! Judges every read against the ledger: what is known of an offset within the read must be
//! there. Compacted topics may lose records to later ones; `compaction` judges those.

use super::{Check, View};
use crate::fact::{Fact, Read};
use crate::plan::Kind;

pub struct Acknowledged;

impl Check for Acknowledged {
    fn name(&self) -> &'static str {
        "acknowledged"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Read(read) => all_there(read, read.next, view),
            Fact::Scanned(read) => {
                let end = view.ledger.at(read.place).end();
                if read.high_watermark < end {
                    let last = view.ledger.at(read.place).entry(end - 1).stamp();
                    return Err(format!(
                        "{}: the log ends at {}, but {last:?} at {} was acknowledged or seen",
                        read.place,
                        read.high_watermark,
                        end - 1
                    ));
                }
                all_there(read, read.high_watermark, view)
            }
            _ => Ok(()),
        }
    }
}

fn all_there(read: &Read, upto: i64, view: &View<'_>) -> Result<(), String> {
    if view.kind(read.place) == Kind::Compacted {
        return Ok(());
    }
    let account = view.ledger.at(read.place);
    let mut records = read.records.iter().peekable();
    for offset in read.from.max(read.log_start)..upto {
        while records.next_if(|seen| seen.offset < offset).is_some() {}
        if records.peek().is_some_and(|seen| seen.offset == offset) {
            continue;
        }
        if let Some(stamp) = account.entry(offset).stamp() {
            return Err(format!(
                "{}: {stamp} at {offset} was acknowledged or seen, and is gone",
                read.place
            ));
        }
    }
    Ok(())
}
