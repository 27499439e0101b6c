//! Clients that ask for much and read nothing: they hold their sockets, and no memory for long.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;
use millstream_wire::frame::{decode_body, decode_response_header, encode_request};
use millstream_wire::messages::fetch::request::{Partitions, Topics};
use millstream_wire::messages::{FetchRequest, FetchResponse};
use millstream_wire::{ApiKey, Records};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{PARTITIONS, create};
use crate::wire_client::WireClient;

const MEMORY_MIB: u64 = 64;
/// What the process has besides its pool.
const BESIDE_MIB: u64 = 64;
const STALLED: usize = 150;
/// Fetches that each of them asks for.
const REQUESTS: usize = 4;
const VALUE_BYTES: usize = 700_000;
const BATCHES: i64 = 25;

fn value(offset: i64) -> Vec<u8> {
    (0..VALUE_BYTES).map(|at| (at as i64 * 31 + offset * 7) as u8).collect()
}

fn produce(client: &mut WireClient, topic: &str, index: i32, value: &[u8]) {
    let batch = BatchBuilder::new(Codec::None).append(1, None, Some(value), &[]).build();
    let batch = batch.expect("builds");
    assert_eq!(client.produce(topic, index, &batch).0, 0);
}

fn fetch(topic: &str, partitions: std::ops::Range<i32>, offset: i64) -> Vec<u8> {
    let partitions: Vec<_> = partitions
        .map(|partition| Partitions {
            partition,
            fetch_offset: offset,
            current_leader_epoch: -1,
            partition_max_bytes: 50 << 20,
            ..Default::default()
        })
        .collect();
    let topics =
        vec![Topics { topic: topic.into(), partitions: partitions.into(), ..Default::default() }];
    let request = FetchRequest {
        replica_id: -1,
        max_wait_ms: 1_000,
        min_bytes: 1,
        max_bytes: 50 << 20,
        session_epoch: -1,
        topics: topics.into(),
        ..Default::default()
    };
    encode_request(ApiKey::Fetch, 12, 1, Some("test"), &request).to_vec()
}

/// Reads one answer; the values by partition. What is not a whole, sound batch is a fault.
fn read_answer(stream: &mut TcpStream) -> Vec<(i32, i64, Vec<u8>)> {
    let mut size = [0; 4];
    stream.read_exact(&mut size).expect("an answer");
    let mut frame = vec![0; i32::from_be_bytes(size) as usize];
    stream.read_exact(&mut frame).expect("the whole answer");
    let (_, start) = decode_response_header(ApiKey::Fetch, 12, &frame).expect("a header");
    let answer: FetchResponse<'_> = decode_body(&frame[start..], 12).expect("decodes");
    let mut found = Vec::new();
    for topic in answer.responses.iter() {
        for partition in topic.partitions.iter() {
            assert_eq!(partition.error_code, 0);
            let records = partition.records.as_ref().map_or(&[][..], Records::as_bytes);
            for batch in split_batches(records) {
                let batch = batch.expect("whole batches");
                assert!(batch.crc_valid());
                let record = batch.records().expect("raw").next().expect("one").expect("sound");
                let value = record.value.expect("a value").to_vec();
                found.push((partition.partition_index, batch.base_offset(), value));
            }
        }
    }
    found
}

fn assert_from_the_start(found: &[(i32, i64, Vec<u8>)]) {
    assert!(found.len() > 20, "{} batches of {VALUE_BYTES} bytes", found.len());
    let mut next = [0; PARTITIONS as usize];
    for (partition, offset, found) in found {
        let due = &mut next[*partition as usize];
        assert_eq!(offset, due, "in order, without a hole");
        assert!(*found == value(*offset), "{partition}, {offset}");
        *due += 1;
    }
}

#[test]
fn readers_that_do_not_read_hold_no_memory_and_get_everything_when_they_go_on() {
    let broker = Broker::start_with(&[&format!("millstream.memory={MEMORY_MIB}MiB")]);
    create(broker.address(), "much", &[]);
    create(broker.address(), "other", &[]);
    let mut client = WireClient::connect(&broker);
    for offset in 0..BATCHES {
        (0..PARTITIONS).for_each(|index| produce(&mut client, "much", index, &value(offset)));
    }
    let before_kib = broker.resident_kib();
    let request = fetch("much", 0..PARTITIONS, 0).repeat(REQUESTS);
    let mut stalled: Vec<_> = (0..STALLED)
        .map(|_| {
            let mut stream = TcpStream::connect(broker.address()).expect("it listens");
            stream.write_all(&request).expect("it takes them");
            stream
        })
        .collect();
    // Others produce and fetch as before.
    let small = vec![7; 60_000];
    let mut reader = TcpStream::connect(broker.address()).expect("it listens");
    reader.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    for offset in 0..200 {
        produce(&mut client, "other", 0, &small);
        reader.write_all(&fetch("other", 0..1, offset)).expect("it takes it");
        let found = read_answer(&mut reader);
        assert_eq!((found.len(), found[0].1), (1, offset));
    }
    let most_kib = before_kib.max(MEMORY_MIB << 10) + (BESIDE_MIB << 10);
    let now_kib = broker.resident_kib();
    assert!(now_kib <= most_kib, "{now_kib} KiB resident, {before_kib} before");
    // Those that go on get all that they asked for.
    for stream in stalled.iter_mut().take(3) {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        (0..REQUESTS).for_each(|_| assert_from_the_start(&read_answer(stream)));
    }
    assert!(!broker.said().contains("promised records"), "{}", broker.said());
}

/// Every answer has records of several partitions in memory and needs more of the first. Who waits
/// for room while others have it all must not have any.
#[test]
fn many_readers_with_little_room_do_not_wait_for_each_other() {
    const READERS: usize = 24;
    const ROUNDS: usize = 20;
    let broker = Broker::start_with(&["millstream.memory=16MiB"]);
    create(broker.address(), "much", &[]);
    let mut client = WireClient::connect(&broker);
    let value = vec![7; 50_000];
    for _ in 0..10 {
        (0..PARTITIONS).for_each(|index| produce(&mut client, "much", index, &value));
    }
    let request = fetch("much", 0..PARTITIONS, 0);
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(broker.address()).expect("it listens");
                stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
                for _ in 0..ROUNDS {
                    stream.write_all(&request).expect("it takes it");
                    let found = read_answer(&mut stream);
                    assert_eq!(found.len(), 10 * PARTITIONS as usize, "all that there is");
                }
            });
        }
    });
}

#[test]
fn a_reader_that_takes_nothing_for_long_is_cut_off() {
    let broker = Broker::start_with(&["connections.max.idle.ms=1500"]);
    create(broker.address(), "much", &[]);
    let mut client = WireClient::connect(&broker);
    for offset in 0..BATCHES {
        (0..PARTITIONS).for_each(|index| produce(&mut client, "much", index, &value(offset)));
    }
    let mut stream = TcpStream::connect(broker.address()).expect("it listens");
    stream.write_all(&fetch("much", 0..PARTITIONS, 0)).expect("it takes it");
    let closed = broker.lines_with("idle");
    assert!(!closed.is_empty(), "{}", broker.said());
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    let until = Instant::now() + PATIENCE;
    let mut rest = Vec::new();
    while stream.read_to_end(&mut rest).is_err() && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(rest.len() < 50 << 20, "the answer was cut off");
}
