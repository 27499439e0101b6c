//! The checkers: each looks at every fact and says what is wrong, if anything is.
//!
//! To add one: a file here with a struct that implements `Check`, a test with a lie that it
//! catches, and a line in `all`. A checker keeps what it needs from the facts that it saw; what
//! is known of each offset is in the ledger already, the present fact included. Pure.

mod acknowledged;
mod compaction;
mod configs;
mod dense;
mod duplicates;
mod epochs;
mod log_start;
mod order;
mod positions;
mod register;
mod said;
mod topics;
mod untouched;
mod watermark;

use std::collections::BTreeSet;

use crate::books::Topic;
use crate::fact::{Fact, Seen};
use crate::ledger::Ledger;
use crate::plan::{Kind, Mode};
use crate::record::Place;
use crate::untold::Untold;

pub use configs::UNSET;

/// What a checker may look at besides the fact itself.
pub struct View<'a> {
    /// The fact's number, counted from 1.
    pub number: u64,
    pub topics: &'a [Topic],
    pub ledger: &'a Ledger,
    /// Of a read: the records that no reader had seen.
    pub fresh: &'a [Seen],
    /// Under a lying device, once it lies no more: the partitions that it has not touched.
    pub sound: &'a BTreeSet<Place>,
    /// Under a lying device: what no broker could tell.
    pub untold: &'a Untold,
    /// Whether a warning or an error of the broker's log names this.
    pub is_said: &'a dyn Fn(&str) -> bool,
}

impl View<'_> {
    pub fn kind(&self, place: Place) -> Kind {
        self.topics[place.topic as usize].kind
    }
}

pub trait Check {
    fn name(&self) -> &'static str;

    /// Judges one fact.
    ///
    /// # Errors
    /// What is wrong, as a sentence with all the numbers.
    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String>;
}

/// The checkers of a mode. Under a lying device records of what it touched may be lost, and the
/// broker says which; the rest keeps its promises. That no record is served wrong is judged where
/// records are read (`client::records`).
pub fn all(mode: Mode) -> Vec<Box<dyn Check>> {
    if mode == Mode::Lying {
        return vec![
            Box::new(untouched::Untouched(acknowledged::Acknowledged)),
            Box::new(untouched::Untouched(dense::Dense)),
            Box::new(untouched::Untouched(log_start::LogStart)),
            Box::new(said::Said),
        ];
    }
    vec![
        Box::new(acknowledged::Acknowledged),
        Box::new(dense::Dense),
        Box::new(duplicates::Duplicates::default()),
        Box::new(order::Order::default()),
        Box::new(epochs::Epochs::default()),
        Box::new(watermark::Watermark),
        Box::new(log_start::LogStart),
        Box::new(positions::Positions::default()),
        Box::new(compaction::Compaction::default()),
        Box::new(topics::Topics::default()),
        Box::new(configs::Configs::default()),
    ]
}

#[cfg(test)]
mod lies;
