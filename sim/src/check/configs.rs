//! A topic's setting is the last one that was answered, or a later one.

use std::collections::BTreeMap;

use super::register::Register;
use super::{Check, View};
use crate::fact::Fact;

#[derive(Default)]
pub struct Configs(BTreeMap<u32, Register>);

/// What a topic has whose setting was never changed; the client reads the default as this.
pub const UNSET: i64 = -1;

impl Check for Configs {
    fn name(&self) -> &'static str {
        "configs"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Configuring { topic, value } => {
                // Each value is used once, so it names its write.
                let register = self.0.entry(*topic).or_default();
                register.begin(*value as u64, *value, view.number);
            }
            Fact::Configured { topic, value } => {
                self.0.entry(*topic).or_default().end(*value as u64, view.number);
            }
            Fact::Ended(_) => {
                self.0.values_mut().for_each(|register| register.cut(view.number));
            }
            Fact::Config { topic, since, value } => {
                let read = self.0.entry(*topic).or_default().read(*since, *value, UNSET);
                return read.map_err(|sure| format!("#{topic} is set to {value} after {sure}"));
            }
            _ => {}
        }
        Ok(())
    }
}
