//! A batch that a producer has made and that is not answered yet.

use bytes::Bytes;
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;

use crate::record::{Content, Place, STAMP_HEADER, Shape, Stamp, write_stamp};

/// A producer's identity in one session; -1 everywhere where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: i64,
    pub epoch: i16,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub place: Place,
    pub first: Stamp,
    pub count: u32,
    pub acks: i16,
    pub bytes: Bytes,
    /// Has been given to the network.
    pub sent: bool,
    /// Was refused, and goes again.
    pub refused: bool,
}

/// What a batch is made of.
pub struct Recipe {
    pub place: Place,
    pub shape: Shape,
    pub first: Stamp,
    pub count: u32,
    pub identity: Option<Identity>,
    pub sequence: i32,
    pub codec: Codec,
    pub acks: i16,
    pub wall_ms: i64,
}

impl Batch {
    pub fn make(recipe: &Recipe) -> Batch {
        let Recipe { place, first, count, sequence, acks, .. } = *recipe;
        let mut builder = BatchBuilder::new(recipe.codec);
        if let Some(identity) = recipe.identity {
            builder = builder.producer(identity.id, identity.epoch, sequence);
        }
        for i in 0..count {
            let stamp = Stamp { serial: first.serial + i, ..first };
            let content = Content::of(stamp, place, recipe.shape);
            let header = write_stamp(stamp, place);
            let headers = [(STAMP_HEADER, Some(&header[..]))];
            let (key, value) = (content.key.as_deref(), content.value.as_deref());
            builder.append(recipe.wall_ms, key, value, &headers);
        }
        let bytes = builder.build().expect("a codec that we link compresses");
        Batch { place, first, count, acks, bytes, sent: false, refused: false }
    }
}
