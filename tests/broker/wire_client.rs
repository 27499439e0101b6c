//! A client that says exactly one message in exactly one version, for what librdkafka never says.

use std::io::{Read, Write};
use std::net::TcpStream;

use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::messages::{ProduceRequest, ProduceResponse, produce};
use millstream_wire::{ApiKey, Message, Records};

use crate::harness::{Broker, PATIENCE};

pub struct WireClient {
    stream: TcpStream,
    correlation_id: i32,
}

/// The body of an answer; `read` it as the message that was asked for.
pub struct Answered {
    version: i16,
    body: Vec<u8>,
}

impl WireClient {
    pub fn connect(broker: &Broker) -> Self {
        Self::connect_to(broker.address())
    }

    pub fn connect_to(address: &str) -> Self {
        Self::over(TcpStream::connect(address).expect("the broker listens"))
    }

    pub fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        WireClient { stream, correlation_id: 0 }
    }

    pub fn ask<'a>(&mut self, api: ApiKey, version: i16, request: &impl Message<'a>) -> Answered {
        self.correlation_id += 1;
        let frame = encode_request(api, version, self.correlation_id, Some("test"), request);
        self.stream.write_all(&frame).expect("the broker takes it");
        let mut size = [0; 4];
        self.stream.read_exact(&mut size).expect("the broker answers");
        let mut frame = vec![0; i32::from_be_bytes(size) as usize];
        self.stream.read_exact(&mut frame).expect("the whole answer");
        let (id, start) = decode_response_header(api, version, &frame).expect("a header");
        assert_eq!(id, self.correlation_id);
        Answered { version, body: frame.split_off(start) }
    }

    /// Produces one batch with acks=all, in version 9: its error code and its first offset.
    pub fn produce(&mut self, topic: &str, index: i32, batch: &[u8]) -> (i16, i64) {
        let records = Some(Records::from(batch));
        let data = produce::request::PartitionData { index, records };
        let data = produce::request::TopicData {
            name: topic.into(),
            partition_data: vec![data].into(),
            ..Default::default()
        };
        let request = ProduceRequest {
            acks: -1,
            timeout_ms: 30_000,
            topic_data: vec![data].into(),
            ..Default::default()
        };
        let answer = self.ask(ApiKey::Produce, 9, &request);
        let response: ProduceResponse<'_> = answer.read();
        let topic = response.responses.iter().next().expect("one topic");
        let partition = topic.partition_responses.iter().next().expect("one partition");
        (partition.error_code, partition.base_offset)
    }
}

impl Answered {
    /// The message, which must fill the body.
    pub fn read<'a, M: Message<'a>>(&'a self) -> M {
        decode_body(&self.body, self.version).expect("the answer decodes in the asked version")
    }
}
