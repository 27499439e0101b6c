//! What a record is: everything in it follows from its stamp, so that any reader can tell
//! whether it is as it was sent, and where it belongs.
//!
//! The stamp travels in a header of the record, because a tombstone has no value. Pure.

use crate::rng::mix;

/// A partition of one life of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The topic's number in the books; a topic that is made again gets another.
    pub topic: u32,
    pub index: i32,
}

/// Names one record that was sent, once or several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    pub producer: u16,
    /// Grows when the producer begins anew: with a new producer id, or a new connection where
    /// it has no id. Order is promised within a session.
    pub session: u16,
    /// Grows with every record that the producer makes.
    pub serial: u32,
}

/// What decides the content of a topic's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Different keys; 0: records have none.
    pub keys: u32,
    /// One record in so many is a tombstone; 0: none is.
    pub tombstones: u32,
    pub value_bytes_max: u32,
}

/// A record's content, made from its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
}

/// The name of the header that holds the stamp.
pub const STAMP_HEADER: &str = "s";
const STAMP_BYTES: usize = 16;

impl Content {
    pub fn of(stamp: Stamp, place: Place, shape: Shape) -> Content {
        let seed = mix(
            mix(u64::from(stamp.producer) << 16 | u64::from(stamp.session), stamp.serial.into()),
            mix(place.topic.into(), place.index as u64),
        );
        let key = (shape.keys > 0).then(|| format!("k{}", seed % u64::from(shape.keys)));
        let dies = shape.tombstones > 0 && mix(seed, 1).is_multiple_of(shape.tombstones.into());
        Content { key: key.map(String::into_bytes), value: (!dies).then(|| value(seed, shape)) }
    }
}

fn value(seed: u64, shape: Shape) -> Vec<u8> {
    // Mostly small ones, as in life.
    let bound = if mix(seed, 2).is_multiple_of(8) { shape.value_bytes_max } else { 200 };
    let len = mix(seed, 3) % u64::from(bound.min(shape.value_bytes_max).max(1));
    let mut bytes = Vec::with_capacity(len as usize + 8);
    let mut word = seed;
    while bytes.len() < len as usize {
        word = word.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(1);
        bytes.extend_from_slice(&word.to_be_bytes());
    }
    bytes.truncate(len as usize);
    bytes
}

/// The header's value.
pub fn write_stamp(stamp: Stamp, place: Place) -> [u8; STAMP_BYTES] {
    let mut out = [0; STAMP_BYTES];
    out[0..2].copy_from_slice(&stamp.producer.to_be_bytes());
    out[2..4].copy_from_slice(&stamp.session.to_be_bytes());
    out[4..8].copy_from_slice(&stamp.serial.to_be_bytes());
    out[8..12].copy_from_slice(&place.topic.to_be_bytes());
    out[12..16].copy_from_slice(&place.index.to_be_bytes());
    out
}

/// The stamp and the place that a header's value names.
pub fn read_stamp(bytes: &[u8]) -> Option<(Stamp, Place)> {
    let bytes: &[u8; STAMP_BYTES] = bytes.try_into().ok()?;
    let word = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|i| bytes[at + i]));
    let (producer, session) = ((word(0) >> 16) as u16, word(0) as u16);
    let stamp = Stamp { producer, session, serial: word(4) };
    Some((stamp, Place { topic: word(8), index: word(12) as i32 }))
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}-{}", self.topic, self.index)
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p{}.{}/{}", self.producer, self.session, self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_its_header() {
        let stamp = Stamp { producer: 3, session: 700, serial: 123_456 };
        let place = Place { topic: 9, index: 2 };
        assert_eq!(read_stamp(&write_stamp(stamp, place)), Some((stamp, place)));
        assert_eq!(read_stamp(&[0; 15]), None);
    }

    #[test]
    fn content_depends_on_place_and_stamp() {
        let shape = Shape { keys: 5, tombstones: 4, value_bytes_max: 1000 };
        let of = |serial, index| {
            let stamp = Stamp { producer: 1, session: 0, serial };
            Content::of(stamp, Place { topic: 1, index }, shape)
        };
        assert_eq!(of(1, 0), of(1, 0));
        assert!((0..20).any(|serial| of(serial, 0) != of(serial, 1)));
        assert!((0..50).any(|serial| of(serial, 0).value.is_none()));
    }
}
