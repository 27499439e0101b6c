//! Committed offsets never go back: a group's position is the last commit that was answered,
//! or a later one.

use std::collections::BTreeMap;

use super::register::Register;
use super::{Check, View};
use crate::fact::{Fact, Seat};

const NONE: i64 = -1;

#[derive(Default)]
pub struct Positions(BTreeMap<Seat, Register>);

impl Check for Positions {
    fn name(&self) -> &'static str {
        "positions"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Committing { seat, commit, offset } => {
                self.0.entry(*seat).or_default().begin(*commit, *offset, view.number);
            }
            Fact::Committed { seat, commit } => {
                self.0.entry(*seat).or_default().end(*commit, view.number);
            }
            Fact::Ended(_) => {
                self.0.values_mut().for_each(|register| register.cut(view.number));
            }
            Fact::Position { seat, since, offset } => {
                let read = self.0.entry(*seat).or_default().read(*since, *offset, NONE);
                return read.map_err(|sure| {
                    format!("g{} {}: position {offset} after {sure}", seat.group, seat.place)
                });
            }
            _ => {}
        }
        Ok(())
    }
}
