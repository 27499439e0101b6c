//! Which transactions of the dirty part were aborted, and from where on nothing is decided.
//!
//! Read from the markers in the log itself. Made only for logs that hold transactional batches:
//! the mapper says so when it meets the first one.

use std::collections::BTreeMap;

use millstream_wire::batch::BatchView;

use super::{CleanFault, Marker, checked, marker_of};
use crate::ids::Offset;
use crate::limits::CLEANER_ABORTED_MAX;

/// An aborted transaction: batches of `producer` in `[first, marker)` are void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Aborted {
    first: i64,
    marker: i64,
}

/// A survey under way.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// First offset of each producer's open transaction.
    open: BTreeMap<i64, i64>,
    aborted: BTreeMap<i64, Vec<Aborted>>,
    count: usize,
    /// The list of aborted ones was full here.
    cut: Option<Offset>,
    expected: Offset,
}

/// What a survey found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    aborted: BTreeMap<i64, Vec<Aborted>>,
    /// The first offset that belongs to a transaction whose end was not seen.
    undecided: Option<Offset>,
}

impl Survey {
    /// Takes the next batch in.
    ///
    /// # Errors
    /// Damage.
    pub fn push(&mut self, view: &BatchView<'_>) -> Result<(), CleanFault> {
        checked(view, self.expected)?;
        let h = view.header();
        self.expected = Offset(h.next_offset());
        if self.cut.is_some() || !h.attributes.is_transactional() {
            return Ok(());
        }
        if !h.attributes.is_control() {
            self.open.entry(h.producer_id).or_insert(h.base_offset);
            return Ok(());
        }
        match marker_of(view)? {
            None | Some(Marker::Other) => {}
            Some(Marker::Commit) => drop(self.open.remove(&h.producer_id)),
            Some(Marker::Abort) => {
                let Some(first) = self.open.remove(&h.producer_id) else { return Ok(()) };
                if self.count == CLEANER_ABORTED_MAX {
                    self.cut = Some(Offset(first));
                    return Ok(());
                }
                self.count += 1;
                let aborted = Aborted { first, marker: h.base_offset };
                self.aborted.entry(h.producer_id).or_default().push(aborted);
            }
        }
        Ok(())
    }

    #[must_use]
    pub fn finish(self) -> Decided {
        let open = self.open.values().min().map(|first| Offset(*first));
        let undecided = open.into_iter().chain(self.cut).min();
        Decided { aborted: self.aborted, undecided }
    }
}

impl Decided {
    /// Nothing from here on is decided; `None`: all of it is.
    #[must_use]
    pub fn undecided(&self) -> Option<Offset> {
        self.undecided
    }

    /// Whether a data batch of `producer` at `offset` belongs to an aborted transaction.
    pub(super) fn is_aborted(&self, producer: i64, offset: i64) -> bool {
        let Some(list) = self.aborted.get(&producer) else { return false };
        let after = list.partition_point(|one| one.first <= offset);
        after.checked_sub(1).is_some_and(|at| offset < list[at].marker)
    }
}
