//! A broker for tests: in memory, one thread a connection, just enough of the protocol for the
//! loads, and a way to misbehave. It keeps no rule of the real thing but that offsets are dense
//! and answers come in order.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use millstream_wire::batch::{BatchView, split_batches};
use millstream_wire::frame::{decode_body, decode_request_header, encode_response};
use millstream_wire::messages::{
    ApiVersionsResponse, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse,
    ProduceRequest, ProduceResponse, api_versions, create_topics, delete_topics, fetch,
    list_offsets, produce,
};
use millstream_wire::{ApiKey, Message, Records};

/// How the broker misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Good,
    /// Refuse every produce request after so many with this error code.
    RefuseAfter(usize, i16),
    /// Acknowledge every produce request but lose those after so many.
    LoseAfter(usize),
    /// Answer nothing to a produce request for so long.
    StallMs(u64),
}

#[derive(Default)]
struct Partition {
    batches: Vec<Vec<u8>>,
    end: i64,
}

#[derive(Default)]
struct State {
    topics: HashMap<String, Vec<Partition>>,
    produced: usize,
}

#[derive(Clone)]
pub struct FakeBroker {
    pub address: SocketAddr,
    mood: Mood,
    state: Arc<(Mutex<State>, Condvar)>,
}

type Answer = Option<Vec<u8>>;

impl FakeBroker {
    /// Listens until the test process ends.
    pub fn start(mood: Mood) -> FakeBroker {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("bound");
        let broker = FakeBroker { address, mood, state: Default::default() };
        let serving = broker.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let broker = serving.clone();
                thread::spawn(move || broker.serve(stream));
            }
        });
        broker
    }

    /// Topics that exist now.
    pub fn topics(&self) -> usize {
        self.state.0.lock().expect("not poisoned").topics.len()
    }

    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut size = [0; 4];
        while stream.read_exact(&mut size).is_ok() {
            let mut frame = vec![0; i32::from_be_bytes(size) as usize];
            if stream.read_exact(&mut frame).is_err() {
                return;
            }
            if let Some(answer) = self.answer(&frame)
                && stream.write_all(&answer).is_err()
            {
                return;
            }
        }
    }

    fn answer(&self, frame: &[u8]) -> Answer {
        let (header, at) = decode_request_header(frame).expect("a request header");
        let api = ApiKey::from_key(header.request_api_key).expect("a known API");
        let call = Call {
            api,
            version: header.request_api_version,
            id: header.correlation_id,
            body: &frame[at..],
        };
        match api {
            ApiKey::ApiVersions => call.reply(&self.api_versions()),
            ApiKey::CreateTopics => self.create(&call),
            ApiKey::DeleteTopics => self.delete(&call),
            ApiKey::ListOffsets => self.offsets(&call),
            ApiKey::Produce => self.produce(&call),
            ApiKey::Fetch => self.fetch(&call),
            other => panic!("a load asked for {other:?}"),
        }
    }

    fn api_versions(&self) -> ApiVersionsResponse<'static> {
        let rows = ApiKey::all().map(|api| api_versions::response::ApiKeys {
            api_key: api.key(),
            min_version: *api.versions().start(),
            max_version: *api.versions().end(),
        });
        ApiVersionsResponse { api_keys: rows.collect(), ..Default::default() }
    }

    fn create(&self, call: &Call<'_>) -> Answer {
        let request: CreateTopicsRequest<'_> = call.decode();
        let mut state = self.state.0.lock().expect("not poisoned");
        let rows = request.topics.iter().map(|topic| {
            let partitions = (0..topic.num_partitions).map(|_| Partition::default()).collect();
            state.topics.insert(topic.name.to_string(), partitions);
            create_topics::response::Topics { name: topic.name, ..Default::default() }
        });
        call.reply(&CreateTopicsResponse { topics: rows.collect(), ..Default::default() })
    }

    fn delete(&self, call: &Call<'_>) -> Answer {
        let request: DeleteTopicsRequest<'_> = call.decode();
        let mut state = self.state.0.lock().expect("not poisoned");
        let rows = request.topic_names.iter().map(|name| {
            let known = state.topics.remove(name.as_ref()).is_some();
            delete_topics::response::Responses {
                name: Some(name),
                error_code: if known { 0 } else { 3 },
                ..Default::default()
            }
        });
        call.reply(&DeleteTopicsResponse { responses: rows.collect(), ..Default::default() })
    }

    fn offsets(&self, call: &Call<'_>) -> Answer {
        let request: ListOffsetsRequest<'_> = call.decode();
        let state = self.state.0.lock().expect("not poisoned");
        let rows = request.topics.iter().map(|topic| {
            let known = &state.topics[topic.name.as_ref()];
            let partitions = topic.partitions.iter().map(|at| list_offsets::response::Partitions {
                partition_index: at.partition_index,
                offset: known[at.partition_index as usize].end,
                ..Default::default()
            });
            list_offsets::response::Topics {
                partitions: partitions.collect(),
                name: topic.name.clone(),
            }
        });
        call.reply(&ListOffsetsResponse { topics: rows.collect(), ..Default::default() })
    }

    fn produce(&self, call: &Call<'_>) -> Answer {
        let request: ProduceRequest<'_> = call.decode();
        if let Mood::StallMs(ms) = self.mood {
            thread::sleep(Duration::from_millis(ms));
        }
        let mut state = self.state.0.lock().expect("not poisoned");
        state.produced += 1;
        let produced = state.produced;
        let error_code = match self.mood {
            Mood::RefuseAfter(n, code) if produced > n => code,
            _ => 0,
        };
        let kept = !matches!(self.mood, Mood::LoseAfter(n) if produced > n) && error_code == 0;
        let rows = request.topic_data.iter().map(|topic| {
            let known = state.topics.get_mut(topic.name.as_ref()).expect("created before");
            let rows = topic.partition_data.iter().map(|at| {
                let records = at.records.as_ref().expect("records").as_bytes();
                let base_offset = match kept {
                    true => known[at.index as usize].append(records),
                    false => -1,
                };
                produce::response::PartitionResponses {
                    index: at.index,
                    error_code,
                    base_offset,
                    ..Default::default()
                }
            });
            produce::response::Responses {
                partition_responses: rows.collect(),
                name: topic.name.clone(),
                ..Default::default()
            }
        });
        let answer = ProduceResponse { responses: rows.collect(), ..Default::default() };
        self.state.1.notify_all();
        (request.acks != 0).then(|| call.reply(&answer)).flatten()
    }

    fn fetch(&self, call: &Call<'_>) -> Answer {
        let request: FetchRequest<'_> = call.decode();
        let until = Instant::now() + Duration::from_millis(request.max_wait_ms as u64);
        let mut state = self.state.0.lock().expect("not poisoned");
        loop {
            let (answer, bytes) = state.read(&request);
            let left = until.saturating_duration_since(Instant::now());
            if bytes > 0 || left.is_zero() {
                return call.reply(&answer);
            }
            drop(answer);
            state = self.state.1.wait_timeout(state, left).expect("not poisoned").0;
        }
    }
}

impl Partition {
    fn append(&mut self, records: &[u8]) -> i64 {
        let base_offset = self.end;
        for batch in split_batches(records) {
            let batch = batch.expect("a whole batch");
            assert!(batch.crc_valid(), "a batch with a wrong CRC was sent");
            let mut bytes = batch.bytes().to_vec();
            bytes[..8].copy_from_slice(&self.end.to_be_bytes());
            self.end += i64::from(batch.record_count());
            self.batches.push(bytes);
        }
        base_offset
    }

    /// Whole batches from the one that holds `offset`, at least one if there is one.
    fn read(&self, offset: i64, bytes_max: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for bytes in &self.batches {
            let batch = BatchView::parse(bytes).expect("stored whole");
            if batch.last_offset() < offset {
                continue;
            }
            if !out.is_empty() && out.len() + bytes.len() > bytes_max {
                break;
            }
            out.extend_from_slice(bytes);
        }
        out
    }
}

impl State {
    fn read<'a>(&self, request: &FetchRequest<'a>) -> (FetchResponse<'a>, usize) {
        let mut bytes = 0;
        let empty = Partition::default();
        let rows = request.topics.iter().map(|topic| {
            // A load that has ended may leave its last fetch behind.
            let known = self.topics.get(topic.topic.as_ref());
            let partitions = topic.partitions.iter().map(|at| {
                let from = known.map_or(&empty, |topic| &topic[at.partition as usize]);
                let records = from.read(at.fetch_offset, at.partition_max_bytes as usize);
                bytes += records.len();
                fetch::response::Partitions {
                    partition_index: at.partition,
                    high_watermark: from.end,
                    records: Some(Records::Bytes(records.into())),
                    ..Default::default()
                }
            });
            fetch::response::Responses {
                partitions: partitions.collect(),
                topic: topic.topic.clone(),
                ..Default::default()
            }
        });
        let responses = rows.collect();
        (FetchResponse { responses, ..Default::default() }, bytes)
    }
}

struct Call<'a> {
    api: ApiKey,
    version: i16,
    id: i32,
    body: &'a [u8],
}

impl<'a> Call<'a> {
    fn decode<M: Message<'a>>(&self) -> M {
        decode_body(self.body, self.version).expect("a well-formed request")
    }

    fn reply<'m>(&self, message: &impl Message<'m>) -> Answer {
        let encoded = encode_response(self.id, self.api, self.version, message);
        let parts: Vec<Bytes> = encoded.splice(std::iter::empty());
        Some(parts.concat())
    }
}
