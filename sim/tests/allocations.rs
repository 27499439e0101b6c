//! No allocation per record between a client's socket and the log, nor on the way back.
//!
//! The whole broker runs on this thread in the simulated world, under an allocator that counts.
//! The same bytes go through it as one record a batch and as hundreds: what a request costs must
//! not depend on that. And it must not be much: the bounds a request are what was counted when
//! they were written down, with a little room; they are there to be lowered.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_engine::config::BrokerConfig;
use millstream_shards::driver::sim::Sim;
use millstream_shards::{Endpoint, Shard};
use millstream_sim::harness::{Starting, start_process};
use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::messages::{
    CreateTopicsRequest, CreateTopicsResponse, FetchRequest, FetchResponse, ProduceRequest,
    ProduceResponse, create_topics, fetch, produce,
};
use millstream_wire::{ApiKey, Message, Records};

const TOPIC: &str = "counted";
const REQUESTS: usize = 50;
/// Bytes of one batch before compression.
const BATCH_BYTES: usize = 24_000;
/// Records that they are cut into, besides 1.
const RECORDS_MANY: usize = 600;
/// Virtual time in which everything here is long over.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the count of one request may differ by, whatever its records: buffers that grow at other
/// moments, timers that fall due. A thing per record would be `RECORDS_MANY`.
const NOISE: u64 = 3;

/// Allocations of one produce request, the simulated world's and the client's included.
const PRODUCE_MAX: u64 = 90;
/// The same of a fetch.
const FETCH_MAX: u64 = 75;

/// A broker in its own world, and what comes and goes.
struct World {
    sim: Sim,
    _starting: Starting,
}

impl World {
    fn new(topic_configs: &[(&'static str, &'static str)]) -> World {
        let keys = [
            ("log.dirs", "data"),
            ("listeners", "PLAINTEXT://127.0.0.1:9092"),
            ("millstream.admin.listener", "none"),
            ("millstream.memory", "268435456"),
        ];
        let keys = keys.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let config = BrokerConfig::resolve(&keys).expect("sound settings").config;
        let mut sim = Sim::new(1);
        sim.run(1, PATIENCE, |shard: Shard, _: Endpoint<()>| async move {
            shard.make_dir(&PathBuf::from("data")).await.expect("a directory");
            shard.sync_dir(&PathBuf::from("")).await.expect("synced");
        });
        let (starting, _) = start_process(&mut sim, config, 1);
        let mut world = World { sim, _starting: starting };
        let until = world.sim.now() + Duration::from_secs(1);
        while world.sim.step(until) {}
        world.make_topic(topic_configs);
        world
    }

    fn make_topic(&mut self, configs: &[(&'static str, &'static str)]) {
        let config = |&(name, value): &(&'static str, &'static str)| {
            create_topics::request::Configs { name: name.into(), value: Some(value.into()) }
        };
        let topic = create_topics::request::Topics {
            name: TOPIC.into(),
            num_partitions: 1,
            replication_factor: 1,
            configs: configs.iter().map(config).collect::<Vec<_>>().into(),
            ..create_topics::request::Topics::default()
        };
        let topics = vec![topic].into();
        let request = CreateTopicsRequest { topics, timeout_ms: 1_000, validate_only: false };
        let (_, answers) =
            self.talk(vec![encode_request(ApiKey::CreateTopics, 7, 0, None, &request)]);
        let answer: CreateTopicsResponse<'_> = decode(ApiKey::CreateTopics, 7, &answers[0]);
        let codes: Vec<i16> = answer.topics.iter().map(|topic| topic.error_code).collect();
        assert_eq!(codes, [0]);
    }

    /// Sends each frame when the one before is answered; allocations of everything, the network
    /// and the client's few included, and the answers.
    fn talk(&mut self, frames: Vec<Bytes>) -> (u64, Vec<Vec<u8>>) {
        let count = frames.len();
        let answers = Rc::new(RefCell::new(Vec::with_capacity(count)));
        let client = Client { frames: RefCell::new(frames), answers: answers.clone() };
        let client = Rc::new(client);
        let main = {
            let client = client.clone();
            move |shard: Shard, _: Endpoint<()>| client.clone().run(shard)
        };
        let counted = allocation_counter::measure(|| {
            let process = self.sim.start(1, main);
            let until = self.sim.now() + PATIENCE;
            while !self.sim.is_over(process) && self.sim.step(until) {}
        });
        let answers = answers.take();
        assert_eq!(answers.len(), count, "all are answered");
        (counted.count_total, answers)
    }
}

struct Client {
    frames: RefCell<Vec<Bytes>>,
    answers: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Client {
    async fn run(self: Rc<Self>, shard: Shard) {
        let at = ([127, 0, 0, 1], 9092).into();
        let stream = shard.connect(at).await.expect("the broker listens");
        for frame in self.frames.take() {
            stream.send_all(vec![frame]).await.expect("it takes a request");
            let mut answer = Vec::with_capacity(2 * BATCH_BYTES);
            while !is_whole(&answer) {
                answer.extend_from_slice(&stream.recv().await.expect("it answers"));
            }
            answer.drain(..4);
            self.answers.borrow_mut().push(answer);
        }
    }
}

fn is_whole(answer: &[u8]) -> bool {
    let size = answer.first_chunk().map(|size| i32::from_be_bytes(*size));
    size.is_some_and(|size| answer.len() >= 4 + size as usize)
}

fn decode<'a, M: Message<'a>>(api: ApiKey, version: i16, frame: &'a [u8]) -> M {
    let (_, body) = decode_response_header(api, version, frame).expect("a response");
    decode_body(&frame[body..], version).expect("a response of that kind")
}

/// A batch of `BATCH_BYTES` before compression, in so many records, of values that do not shrink.
fn batch(codec: Codec, records: usize) -> Bytes {
    let value_bytes = BATCH_BYTES - build(Codec::None, records, 0).len();
    build(codec, records, value_bytes)
}

/// A batch whose values have `value_bytes` in all, as evenly as can be.
fn build(codec: Codec, records: usize, value_bytes: usize) -> Bytes {
    let mut builder = BatchBuilder::new(codec);
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    for n in 0..records {
        let share = value_bytes * (n + 1) / records - value_bytes * n / records;
        let value: Vec<u8> = (0..share).map(|_| noise()).collect();
        builder.append(1_700_000_000_000, None, Some(&value), &[]);
    }
    builder.build().expect("it is compressed")
}

fn produce_frames(records: &Bytes) -> Vec<Bytes> {
    let frame = |id: usize| {
        let data = produce::request::PartitionData {
            index: 0,
            records: Some(Records::from(records.to_vec())),
        };
        let topic = produce::request::TopicData {
            name: TOPIC.into(),
            partition_data: vec![data].into(),
            ..produce::request::TopicData::default()
        };
        let request = ProduceRequest {
            transactional_id: None,
            acks: -1,
            timeout_ms: 1_000,
            topic_data: vec![topic].into(),
        };
        encode_request(ApiKey::Produce, 9, id as i32, Some("counted"), &request)
    };
    (0..REQUESTS).map(frame).collect()
}

/// Allocations of one produce request, when all is warm.
fn produced(world: &mut World, codec: Codec, records: usize) -> u64 {
    let batch = batch(codec, records);
    world.talk(produce_frames(&batch));
    let (count, answers) = world.talk(produce_frames(&batch));
    for answer in &answers {
        let answer: ProduceResponse<'_> = decode(ApiKey::Produce, 9, answer);
        let topic = answer.responses.iter().next().expect("its topic");
        let codes: Vec<i16> = topic.partition_responses.iter().map(|p| p.error_code).collect();
        assert_eq!(codes, [0]);
    }
    count / REQUESTS as u64
}

/// Allocations of one fetch of one batch, when all is warm: the batches at `offsets`.
fn fetched(world: &mut World, offsets: impl Iterator<Item = i64>) -> u64 {
    let frame = |(id, offset): (usize, i64)| {
        let partition = fetch::request::Partitions {
            partition: 0,
            fetch_offset: offset,
            partition_max_bytes: 1_000,
            ..fetch::request::Partitions::default()
        };
        let partitions = vec![partition].into();
        let topic = fetch::request::Topics {
            topic: TOPIC.into(),
            partitions,
            ..fetch::request::Topics::default()
        };
        let request = FetchRequest {
            max_wait_ms: 100,
            min_bytes: 1,
            max_bytes: 1_000,
            session_epoch: -1,
            topics: vec![topic].into(),
            ..FetchRequest::default()
        };
        encode_request(ApiKey::Fetch, 12, id as i32, Some("counted"), &request)
    };
    let frames: Vec<Bytes> = offsets.take(REQUESTS).enumerate().map(frame).collect();
    world.talk(frames.clone());
    let (count, answers) = world.talk(frames);
    for answer in &answers {
        let answer: FetchResponse<'_> = decode(ApiKey::Fetch, 12, answer);
        let topic = answer.responses.iter().next().expect("its topic");
        let partition = topic.partitions.iter().next().expect("its partition");
        assert_eq!(partition.error_code, 0);
        let bytes = partition.records.as_ref().map_or(0, Records::len);
        assert!(bytes >= BATCH_BYTES - 4, "a whole batch: {bytes}");
    }
    count / REQUESTS as u64
}

fn same(what: &str, few: u64, many: u64, bound: u64) {
    println!("{what}: {few} allocations a request with 1 record, {many} with {RECORDS_MANY}");
    assert!(many.abs_diff(few) <= NOISE, "{what}: {few} with 1 record, {many} with many");
    assert!(many <= bound, "{what}: {many} allocations a request");
}

/// In a world of its own, for what goes on beside requests depends on what a log already has.
fn produced_anew(configs: &[(&'static str, &'static str)], codec: Codec, records: usize) -> u64 {
    produced(&mut World::new(configs), codec, records)
}

#[test]
fn produce_allocates_nothing_per_record_whatever_the_codec() {
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let few = produced_anew(&[], codec, 1);
        let many = produced_anew(&[], codec, RECORDS_MANY);
        same(&format!("produce, {codec:?}"), few, many, PRODUCE_MAX);
    }
}

#[test]
fn recompression_allocates_nothing_per_record() {
    let configs = [("compression.type", "lz4")];
    let few = produced_anew(&configs, Codec::None, 1);
    let many = produced_anew(&configs, Codec::None, RECORDS_MANY);
    same("produce, to lz4", few, many, PRODUCE_MAX);
}

#[test]
fn fetch_allocates_nothing_per_record() {
    let mut world = World::new(&[]);
    produced(&mut world, Codec::None, 1);
    let few = fetched(&mut world, 0..);
    let mut world = World::new(&[]);
    produced(&mut world, Codec::None, RECORDS_MANY);
    let many = fetched(&mut world, (0..).step_by(RECORDS_MANY));
    same("fetch", few, many, FETCH_MAX);
}
