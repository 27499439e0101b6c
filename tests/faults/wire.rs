//! A client that says one message at a time and takes any answer, also none.
//!
//! For what librdkafka hides: the error code of every partition, the bytes of every batch, a
//! request that nobody answers. Every call has a deadline and returns what went wrong.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::messages::{
    CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest, DeleteTopicsResponse,
    FetchRequest, FetchResponse, FindCoordinatorRequest, FindCoordinatorResponse,
    ListOffsetsRequest, ListOffsetsResponse, MetadataRequest, MetadataResponse,
    OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest, OffsetFetchResponse,
    ProduceRequest, ProduceResponse, create_topics, fetch, list_offsets, offset_commit,
    offset_fetch, produce,
};
use millstream_wire::{ApiKey, ErrorCode, Message, Records};

/// The body of an answer and its version.
struct Answer {
    version: i16,
    body: Vec<u8>,
}

impl Answer {
    fn read<'a, M: Message<'a>>(&'a self) -> io::Result<M> {
        let wrong = |fault| io::Error::new(io::ErrorKind::InvalidData, format!("{fault:?}"));
        decode_body(&self.body, self.version).map_err(wrong)
    }
}

/// One partition's part of a fetch.
pub struct Fetched {
    pub error: ErrorCode,
    pub high_watermark: i64,
    pub bytes: Vec<u8>,
}

pub struct Wire {
    stream: TcpStream,
    correlation_id: i32,
}

impl Wire {
    /// Connects; every later call fails after `patience` without an answer.
    pub fn connect(address: &str, patience: Duration) -> io::Result<Wire> {
        let address: SocketAddr = address.parse().expect("an address");
        let stream = TcpStream::connect_timeout(&address, patience)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        stream.set_nodelay(true)?;
        Ok(Wire { stream, correlation_id: 0 })
    }

    fn ask<'a>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &impl Message<'a>,
    ) -> io::Result<Answer> {
        self.correlation_id += 1;
        let frame = encode_request(api, version, self.correlation_id, Some("faults"), request);
        self.stream.write_all(&frame)?;
        let mut size = [0; 4];
        self.stream.read_exact(&mut size)?;
        let mut frame = vec![0; u32::from_be_bytes(size) as usize];
        self.stream.read_exact(&mut frame)?;
        let (id, start) = decode_response_header(api, version, &frame).expect("a header");
        assert_eq!(id, self.correlation_id, "answers come in order");
        Ok(Answer { version, body: frame.split_off(start) })
    }

    /// Creates a topic with these settings.
    pub fn create(
        &mut self,
        topic: &str,
        partitions: i32,
        settings: &[(&str, &str)],
    ) -> io::Result<ErrorCode> {
        use create_topics::request::{Configs, Topics};
        let configs: Vec<_> = settings
            .iter()
            .map(|(name, value)| Configs { name: (*name).into(), value: Some((*value).into()) })
            .collect();
        let topic = Topics {
            name: topic.into(),
            num_partitions: partitions,
            replication_factor: -1,
            configs: configs.into(),
            ..Topics::default()
        };
        let request = CreateTopicsRequest {
            topics: vec![topic].into(),
            timeout_ms: 30_000,
            ..CreateTopicsRequest::default()
        };
        let answer = self.ask(ApiKey::CreateTopics, 5, &request)?;
        let response: CreateTopicsResponse<'_> = answer.read()?;
        let row = response.topics.iter().next().expect("one row");
        Ok(code(row.error_code))
    }

    /// Deletes a topic.
    pub fn delete(&mut self, topic: &str) -> io::Result<ErrorCode> {
        let request = DeleteTopicsRequest {
            topic_names: vec![topic.into()].into(),
            timeout_ms: 30_000,
            ..DeleteTopicsRequest::default()
        };
        let answer = self.ask(ApiKey::DeleteTopics, 5, &request)?;
        let response: DeleteTopicsResponse<'_> = answer.read()?;
        let row = response.responses.iter().next().expect("one row");
        Ok(code(row.error_code))
    }

    /// The names of all topics.
    pub fn topics(&mut self) -> io::Result<Vec<String>> {
        let request = MetadataRequest { topics: None, ..MetadataRequest::default() };
        let answer = self.ask(ApiKey::Metadata, 9, &request)?;
        let response: MetadataResponse<'_> = answer.read()?;
        let names = response.topics.iter().filter_map(|topic| topic.name.map(|n| n.to_string()));
        Ok(names.collect())
    }

    /// Sends one batch of these values with `acks=all`; where it stands, or the refusal.
    pub fn produce(
        &mut self,
        (topic, partition): (&str, i32),
        values: &[Vec<u8>],
    ) -> io::Result<Result<i64, ErrorCode>> {
        let mut batch = BatchBuilder::new(Codec::None);
        for value in values {
            batch.append(1_700_000_000_000, None, Some(value), &[]);
        }
        let bytes = batch.build().expect("builds");
        use produce::request::{PartitionData, TopicData};
        let data = PartitionData { index: partition, records: Some(Records::from(&bytes[..])) };
        let data = TopicData {
            name: topic.into(),
            partition_data: vec![data].into(),
            ..TopicData::default()
        };
        let request = ProduceRequest {
            acks: -1,
            timeout_ms: 1_000,
            topic_data: vec![data].into(),
            ..ProduceRequest::default()
        };
        let answer = self.ask(ApiKey::Produce, 9, &request)?;
        let response: ProduceResponse<'_> = answer.read()?;
        let topic = response.responses.iter().next().expect("one topic");
        let row = topic.partition_responses.iter().next().expect("one partition");
        Ok(match code(row.error_code) {
            ErrorCode::None => Ok(row.base_offset),
            refused => Err(refused),
        })
    }

    /// Reads from one offset on, whole batches as the broker sends them.
    pub fn fetch(&mut self, (topic, partition): (&str, i32), from: i64) -> io::Result<Fetched> {
        use fetch::request::{Partitions, Topics};
        let wanted = Partitions {
            partition,
            fetch_offset: from,
            current_leader_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 1 << 20,
            ..Partitions::default()
        };
        let wanted =
            Topics { topic: topic.into(), partitions: vec![wanted].into(), ..Topics::default() };
        let request = FetchRequest {
            max_bytes: 1 << 20,
            topics: vec![wanted].into(),
            ..FetchRequest::default()
        };
        let answer = self.ask(ApiKey::Fetch, 11, &request)?;
        let response: FetchResponse<'_> = answer.read()?;
        assert_eq!(response.error_code, 0, "a fetch without a session");
        let topic = response.responses.iter().next().expect("one topic");
        let row = topic.partitions.iter().next().expect("one partition");
        Ok(Fetched {
            error: code(row.error_code),
            high_watermark: row.high_watermark,
            bytes: row.records.as_ref().map_or(Vec::new(), |records| records.as_bytes().to_vec()),
        })
    }

    /// The offset of a special timestamp: −1 for the end, −2 for the beginning.
    pub fn offset(
        &mut self,
        (topic, partition): (&str, i32),
        timestamp: i64,
    ) -> io::Result<Result<i64, ErrorCode>> {
        use list_offsets::request::{Partitions, Topics};
        let wanted = Partitions { partition_index: partition, current_leader_epoch: -1, timestamp };
        let wanted = Topics { name: topic.into(), partitions: vec![wanted].into() };
        let request = ListOffsetsRequest {
            replica_id: -1,
            topics: vec![wanted].into(),
            ..ListOffsetsRequest::default()
        };
        let answer = self.ask(ApiKey::ListOffsets, 5, &request)?;
        let response: ListOffsetsResponse<'_> = answer.read()?;
        let topic = response.topics.iter().next().expect("one topic");
        let row = topic.partitions.iter().next().expect("one partition");
        Ok(match code(row.error_code) {
            ErrorCode::None => Ok(row.offset),
            refused => Err(refused),
        })
    }

    /// Finds the coordinator, which makes the topic of offsets where there is none.
    pub fn coordinate(&mut self, group: &str) -> io::Result<ErrorCode> {
        let request = FindCoordinatorRequest { key: group.into(), ..Default::default() };
        let answer = self.ask(ApiKey::FindCoordinator, 2, &request)?;
        let response: FindCoordinatorResponse<'_> = answer.read()?;
        Ok(code(response.error_code))
    }

    /// Commits an offset as somebody who is no member.
    pub fn commit(
        &mut self,
        group: &str,
        (topic, partition): (&str, i32),
        offset: i64,
    ) -> io::Result<ErrorCode> {
        use offset_commit::request::{Partitions, Topics};
        let row = Partitions {
            partition_index: partition,
            committed_offset: offset,
            committed_metadata: Some("".into()),
            ..Partitions::default()
        };
        let row = Topics { name: topic.into(), partitions: vec![row].into(), ..Topics::default() };
        let request = OffsetCommitRequest {
            group_id: group.into(),
            generation_id_or_member_epoch: -1,
            topics: vec![row].into(),
            ..OffsetCommitRequest::default()
        };
        let answer = self.ask(ApiKey::OffsetCommit, 8, &request)?;
        let response: OffsetCommitResponse<'_> = answer.read()?;
        let topic = response.topics.iter().next().expect("one topic");
        let row = topic.partitions.iter().next().expect("one partition");
        Ok(code(row.error_code))
    }

    /// What a group has committed for one partition; −1 for nothing.
    pub fn committed(
        &mut self,
        group: &str,
        (topic, partition): (&str, i32),
    ) -> io::Result<Result<i64, ErrorCode>> {
        use offset_fetch::request::{Groups, GroupsTopics};
        let topics = GroupsTopics {
            name: topic.into(),
            partition_indexes: vec![partition].into(),
            ..GroupsTopics::default()
        };
        let asked = Groups {
            group_id: group.into(),
            topics: Some(vec![topics].into()),
            ..Groups::default()
        };
        let request = OffsetFetchRequest { groups: vec![asked].into(), ..Default::default() };
        let answer = self.ask(ApiKey::OffsetFetch, 8, &request)?;
        let response: OffsetFetchResponse<'_> = answer.read()?;
        let group = response.groups.iter().next().expect("one group");
        if group.error_code != 0 {
            return Ok(Err(code(group.error_code)));
        }
        let topic = group.topics.iter().next().expect("one topic");
        let row = topic.partitions.iter().next().expect("one partition");
        Ok(match code(row.error_code) {
            ErrorCode::None => Ok(row.committed_offset),
            refused => Err(refused),
        })
    }
}

fn code(code: i16) -> ErrorCode {
    ErrorCode::from_code(code).unwrap_or_else(|| panic!("{code} is no error code of Kafka's"))
}
