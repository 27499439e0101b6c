//! Under a lying device: a check of what it has not touched, judged when all is quiet.

use super::{Check, View};
use crate::fact::Fact;

pub struct Untouched<C>(pub C);

impl<C: Check> Check for Untouched<C> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Scanned(read) if view.sound.contains(&read.place) => self.0.on(fact, view),
            _ => Ok(()),
        }
    }
}
