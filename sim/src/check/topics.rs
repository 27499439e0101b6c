//! A topic that was created stays until its deletion is asked for; one that was deleted does
//! not come back.

use std::collections::BTreeMap;

use super::{Check, View};
use crate::fact::Fact;

/// When the creation, the wish to delete and the deletion of each topic were certain.
#[derive(Clone, Copy, Default)]
struct Life {
    created: Option<u64>,
    deleting: Option<u64>,
    deleted: Option<u64>,
}

#[derive(Default)]
pub struct Topics(BTreeMap<u32, Life>);

impl Check for Topics {
    fn name(&self) -> &'static str {
        "topics"
    }

    fn on(&mut self, fact: &Fact, view: &View<'_>) -> Result<(), String> {
        match fact {
            Fact::Created { topic, .. } => {
                self.0.entry(*topic).or_default().created = Some(view.number);
            }
            Fact::Deleting { topic } => {
                self.0.entry(*topic).or_default().deleting.get_or_insert(view.number);
            }
            Fact::Deleted { topic } => {
                self.0.entry(*topic).or_default().deleted = Some(view.number);
            }
            Fact::Listed { since, topics } => {
                let before = |at: Option<u64>| at.is_some_and(|at| at <= *since);
                for (topic, life) in &self.0 {
                    let listed = topics.iter().find(|(listed, _)| listed == topic);
                    let due = before(life.created) && life.deleting.is_none();
                    if due && listed.is_none() {
                        return Err(format!("#{topic} was created, and is not listed"));
                    }
                    if before(life.deleted) && listed.is_some() {
                        return Err(format!("#{topic} was deleted, and is listed"));
                    }
                    let partitions = view.topics[*topic as usize].partitions;
                    if let Some((_, count)) = listed.filter(|(_, count)| *count != partitions) {
                        return Err(format!("#{topic} has {count} of {partitions} partitions"));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}
