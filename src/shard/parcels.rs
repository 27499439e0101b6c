//! Items of one request, sorted by the shard that owns what they name.
//!
//! A handler adds its items with their places in the request, sends one message per parcel,
//! and puts the answers back where the items stood. Used wherever a request names several
//! partitions; pure, lives for one request.
//! Invariant: a parcel's items and slots are equally many; owners differ between parcels.

use millstream_shards::ShardId;

/// What goes to one shard in one message.
#[derive(Debug)]
pub struct Parcel<T> {
    pub owner: ShardId,
    pub items: Vec<T>,
    pub slots: Slots,
}

/// Where in the request the items of a parcel stand.
#[derive(Debug, Default)]
pub struct Slots(Vec<usize>);

/// The parcels of one request, in the order in which their owners were first named.
#[derive(Debug)]
pub struct Parcels<T>(Vec<Parcel<T>>);

impl<T> Default for Parcels<T> {
    fn default() -> Self {
        Parcels(Vec::new())
    }
}

impl<T> Parcels<T> {
    /// Adds the item that stands at `slot` of the request.
    pub fn add(&mut self, owner: ShardId, slot: usize, item: T) {
        if let Some(parcel) = self.0.iter_mut().find(|parcel| parcel.owner == owner) {
            parcel.items.push(item);
            parcel.slots.0.push(slot);
        } else {
            self.0.push(Parcel { owner, items: vec![item], slots: Slots(vec![slot]) });
        }
    }
}

impl<T> IntoIterator for Parcels<T> {
    type Item = Parcel<T>;
    type IntoIter = std::vec::IntoIter<Parcel<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Slots {
    /// Puts the answers of the parcel's items, in the items' order, where the items stood. A
    /// parcel that is answered in part leaves the rest as it is.
    pub fn put<A>(&self, answers: impl IntoIterator<Item = A>, into: &mut [Option<A>]) {
        for (answer, slot) in answers.into_iter().zip(&self.0) {
            into[*slot] = Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_back_to_the_places_of_their_items() {
        let mut parcels = Parcels::default();
        for (slot, item) in ["a", "b", "c", "d"].into_iter().enumerate() {
            parcels.add(ShardId(slot as u16 % 2), slot, item);
        }
        let parcels: Vec<_> = parcels.into_iter().collect();
        assert_eq!(parcels[0].items, ["a", "c"]);
        assert_eq!(parcels[1].items, ["b", "d"]);
        let mut answers = vec![None; 4];
        parcels[1].slots.put(["B", "D"], &mut answers);
        parcels[0].slots.put(["A"], &mut answers);
        assert_eq!(answers, [Some("A"), Some("B"), None, Some("D")]);
    }
}
