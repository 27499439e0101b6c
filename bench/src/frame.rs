//! Requests that are encoded once and sent many times. A template is a run of pieces: its own
//! bytes, the correlation id (the only thing that changes), and the shared record batch, which is
//! spliced in by writev so that a thousand partitions still share one cached copy of the records.
//! Pure: no I/O here. `connection` sends what this describes.

use std::ops::Range;

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
    partitions: usize,
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
                ..Default::default()
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
        encode_head(&mut w, ApiKey::Produce, PRODUCE_VERSION);
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
        Template { own, pieces, frame_bytes, partitions: gaps.len() }
    }

    /// Bytes of the whole frame, size field included.
    pub fn frame_bytes(&self) -> usize {
        self.frame_bytes
    }

    /// Batches in one request.
    pub fn partitions(&self) -> usize {
        self.partitions
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

/// The request header, with correlation id 0, as the first bytes of `w`.
pub fn encode_head(w: &mut Writer, api: ApiKey, version: i16) {
    let header = RequestHeader {
        request_api_key: api as i16,
        request_api_version: version,
        correlation_id: 0,
        client_id: Some(CLIENT_ID.into()),
        ..Default::default()
    };
    header.encode(w, api.request_header_version(version));
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
) -> Vec<u8> {
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
    request_frame(ApiKey::Fetch, FETCH_VERSION, correlation, &request)
}

/// A whole request frame, size field included.
pub fn request_frame<'a>(
    api: ApiKey,
    version: i16,
    correlation: i32,
    request: &impl Message<'a>,
) -> Vec<u8> {
    let mut w = Writer::new();
    w.i32(0);
    encode_head(&mut w, api, version);
    request.encode(&mut w, version);
    w.patch_i32(0, i32::try_from(w.len() - 4).expect("these requests are small"));
    w.patch_i32(CORRELATION_AT, correlation);
    w.as_slice().to_vec()
}
