//! Requests that are encoded once and sent many times. A template is a run of pieces: its own
//! bytes, the correlation id (the only thing that changes), and the shared record batch, which is
//! spliced in by writev so that a thousand partitions still share one cached copy of the records.
//! Pure: no I/O here. `connection` sends what this describes.

use std::ops::Range;

use bytes::Bytes;
use millstream_wire::frame::encode_request;
use millstream_wire::messages::{FetchRequest, ProduceRequest, RequestHeader, fetch, produce};
use millstream_wire::{ApiKey, Message, Records, Writer};

use crate::batch::Batch;

/// Bytes of a request frame before the correlation id: size, API key, version.
const CORRELATION_AT: usize = 8;
const CORRELATION_BYTES: usize = 4;
/// The produce version that is sent: topics by name, served by every broker of Kafka's last years.
pub const PRODUCE_VERSION: i16 = 9;
/// The fetch version that is sent: topics by name, fixed-width heads that can be read in pieces.
pub const FETCH_VERSION: i16 = 11;
pub const CLIENT_ID: &str = "millstream-bench";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A range of the template's own bytes.
    Own(Range<usize>),
    /// The four bytes of the correlation id.
    Correlation,
    /// The whole record batch.
    Batch,
}

/// One request, ready to send but for its correlation id.
#[derive(Clone, Debug)]
pub struct Template {
    own: Vec<u8>,
    pieces: Vec<Piece>,
    frame_bytes: usize,
}

/// What all produce requests of one run have in common.
#[derive(Clone, Debug)]
pub struct ProduceShape<'a> {
    pub topic: &'a str,
    pub acks: i16,
    pub timeout_ms: i32,
}

impl Template {
    /// A produce request that carries `batch` once to each of `partitions`.
    pub fn produce(shape: &ProduceShape<'_>, partitions: &[i32], batch: &Batch) -> Template {
        let gap = u32::try_from(batch.bytes().len()).expect("a batch is far below 4 GiB");
        let partition_data: Vec<_> = partitions
            .iter()
            .map(|&index| produce::request::PartitionData {
                index,
                records: Some(Records::Gap(gap)),
            })
            .collect();
        let topic = produce::request::TopicData {
            name: shape.topic.into(),
            partition_data: partition_data.into(),
            ..Default::default()
        };
        let request = ProduceRequest {
            acks: shape.acks,
            timeout_ms: shape.timeout_ms,
            topic_data: vec![topic].into(),
            ..Default::default()
        };
        let mut w = Writer::new();
        let header = RequestHeader {
            request_api_key: ApiKey::Produce.key(),
            request_api_version: PRODUCE_VERSION,
            correlation_id: 0,
            client_id: Some(CLIENT_ID.into()),
        };
        header.encode(&mut w, ApiKey::Produce.request_header_version(PRODUCE_VERSION));
        request.encode(&mut w, PRODUCE_VERSION);
        let gaps: Vec<usize> = w.gaps().iter().map(|gap| gap.at).collect();
        Template::from_parts(&w.into_bytes(), &gaps, batch.bytes().len())
    }

    /// `body` is the frame without its size field and without the batches; each entry of `gaps` is
    /// the position in `body` where one batch belongs.
    fn from_parts(body: &[u8], gaps: &[usize], batch_bytes: usize) -> Template {
        let frame_bytes = 4 + body.len() + gaps.len() * batch_bytes;
        let size = i32::try_from(frame_bytes - 4).expect("a request is far below 2 GiB");
        let mut own = Vec::with_capacity(4 + body.len());
        own.extend_from_slice(&size.to_be_bytes());
        own.extend_from_slice(body);
        let after = CORRELATION_AT + CORRELATION_BYTES;
        let mut pieces = vec![Piece::Own(0..CORRELATION_AT), Piece::Correlation];
        let mut from = after;
        for gap in gaps {
            pieces.push(Piece::Own(from..gap + 4));
            pieces.push(Piece::Batch);
            from = gap + 4;
        }
        if from < own.len() {
            pieces.push(Piece::Own(from..own.len()));
        }
        Template { own, pieces, frame_bytes }
    }

    /// Bytes of the whole frame, size field included.
    pub fn frame_bytes(&self) -> usize {
        self.frame_bytes
    }

    /// The frame's bytes in order, as slices of the template, the id and the batch.
    pub fn slices<'a>(
        &'a self,
        correlation: &'a [u8; CORRELATION_BYTES],
        batch: &'a [u8],
    ) -> impl Iterator<Item = &'a [u8]> {
        self.pieces.iter().map(move |piece| match piece {
            Piece::Own(range) => &self.own[range.clone()],
            Piece::Correlation => &correlation[..],
            Piece::Batch => batch,
        })
    }
}

/// What all fetches of one run have in common.
#[derive(Clone, Copy, Debug)]
pub struct FetchShape<'a> {
    pub topic: &'a str,
    pub wait_ms: i32,
    pub max_bytes: i32,
    pub partition_max_bytes: i32,
}

/// A whole sessionless fetch frame for `places`: partition and offset of each.
pub fn fetch_frame(
    shape: &FetchShape<'_>,
    places: impl Iterator<Item = (i32, i64)>,
    correlation: i32,
) -> Bytes {
    let partitions = places.map(|(partition, fetch_offset)| fetch::request::Partitions {
        partition,
        current_leader_epoch: -1,
        fetch_offset,
        partition_max_bytes: shape.partition_max_bytes,
        ..Default::default()
    });
    let topic = fetch::request::Topics {
        topic: shape.topic.into(),
        partitions: partitions.collect(),
        ..Default::default()
    };
    let request = FetchRequest {
        replica_id: -1,
        max_wait_ms: shape.wait_ms,
        min_bytes: 1,
        max_bytes: shape.max_bytes,
        session_id: 0,
        session_epoch: -1,
        topics: vec![topic].into(),
        ..Default::default()
    };
    encode_request(ApiKey::Fetch, FETCH_VERSION, correlation, Some(CLIENT_ID), &request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchSpec;
    use crate::load::Codec;
    use millstream_wire::frame::{decode_body, decode_request_header};

    fn batch() -> Batch {
        let spec = BatchSpec {
            record_bytes: 100,
            batch_bytes: 1000,
            records: None,
            codec: Codec::None,
            timestamp_ms: 1_700_000_000_000,
        };
        Batch::build(&spec).expect("builds")
    }

    #[test]
    fn a_template_is_the_produce_request_that_it_stands_for() {
        let batch = batch();
        let shape = ProduceShape { topic: "orders", acks: -1, timeout_ms: 1500 };
        for partitions in [&[3][..], &[0, 1, 2, 3, 4, 5]] {
            let template = Template::produce(&shape, partitions, &batch);
            let id = 0x0102_0304i32.to_be_bytes();
            let frame = template.slices(&id, batch.bytes()).collect::<Vec<_>>().concat();
            assert_eq!(frame.len(), template.frame_bytes());
            assert_eq!(frame[..4], (frame.len() as i32 - 4).to_be_bytes());
            let (header, body) = decode_request_header(&frame[4..]).expect("a header");
            assert_eq!(header.correlation_id, 0x0102_0304);
            let request: ProduceRequest<'_> =
                decode_body(&frame[4 + body..], header.request_api_version).expect("a body");
            assert_eq!((request.acks, request.timeout_ms), (-1, 1500));
            let topic = request.topic_data.iter().next().expect("one topic");
            assert_eq!(topic.name, "orders");
            let sent: Vec<i32> = topic.partition_data.iter().map(|at| at.index).collect();
            assert_eq!(sent, partitions);
            for at in topic.partition_data.iter() {
                assert_eq!(at.records.expect("records").as_bytes(), batch.bytes());
            }
        }
    }
}
