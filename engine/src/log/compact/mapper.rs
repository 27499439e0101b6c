//! Fills the offset map from the dirty part of a log.
//!
//! Everything below `mapped` is in the map when the mapper stops: at `end`, at the first
//! undecided transaction, or when the map is full. The next run begins there.

use millstream_wire::batch::BatchView;

use super::map::OffsetMap;
use super::survey::Decided;
use super::{CleanFault, checked, opened};
use crate::ids::Offset;

/// What the shell does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// Go on with the next batch.
    More,
    /// No more: everything below `Mapper::mapped` is in the map.
    Enough,
    /// There are transactions: survey the dirty part, and begin again with what it says.
    NeedsSurvey,
}

/// See the module.
#[derive(Debug)]
pub struct Mapper<'a> {
    map: &'a mut OffsetMap,
    from: Offset,
    limit: Offset,
    decided: Option<&'a Decided>,
    mapped: Offset,
    expected: Offset,
}

impl<'a> Mapper<'a> {
    /// Maps `[from, end)`; `decided` once a survey was made.
    #[must_use]
    pub fn new(
        map: &'a mut OffsetMap,
        (from, end): (Offset, Offset),
        decided: Option<&'a Decided>,
    ) -> Self {
        let undecided = decided.and_then(Decided::undecided).unwrap_or(end);
        let limit = end.min(undecided.max(from));
        Mapper { map, from, limit, decided, mapped: from, expected: Offset::ZERO }
    }

    /// Takes the next batch in; the first one holds `from`.
    ///
    /// # Errors
    /// Damage.
    pub fn push(&mut self, view: &BatchView<'_>) -> Result<Mapped, CleanFault> {
        checked(view, self.expected)?;
        let h = view.header();
        let (base, next) = (Offset(h.base_offset), Offset(h.next_offset()));
        self.expected = next;
        if base >= self.limit || next > self.limit {
            return Ok(Mapped::Enough);
        }
        if next <= self.from {
            return Ok(Mapped::More);
        }
        if h.attributes.is_transactional() && self.decided.is_none() {
            return Ok(Mapped::NeedsSurvey);
        }
        let void = h.attributes.is_transactional()
            && self.decided.is_some_and(|d| d.is_aborted(h.producer_id, h.base_offset));
        if !h.attributes.is_control() && !void && !self.map_records(view)? {
            return Ok(Mapped::Enough);
        }
        self.mapped = next;
        Ok(Mapped::More)
    }

    /// `false` when the map is full; `mapped` is then the first record that is not in it.
    fn map_records(&mut self, view: &BatchView<'_>) -> Result<bool, CleanFault> {
        let plain = opened(view)?;
        for record in view.records_in(&plain) {
            let record =
                record.map_err(|fault| CleanFault::Batch { offset: view.base_offset(), fault })?;
            let offset = Offset(record.offset);
            let Some(key) = record.key.filter(|_| offset >= self.from) else { continue };
            if !self.map.put(key, offset) {
                self.mapped = self.mapped.max(offset);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Everything below is in the map.
    #[must_use]
    pub fn mapped(&self) -> Offset {
        self.mapped
    }
}
