//! `millstream.memory` is a ceiling: what does not fit is refused with a line or waits unread,
//! and who behaves is served meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::frame::encode_request;
use millstream_wire::messages::{ProduceRequest, produce as produce_messages};
use millstream_wire::{ApiKey, Records};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{PARTITIONS, assert_holds, create, produce, read_all, rows};

/// The least that `millstream.memory` may be.
const SMALLEST: &str = "millstream.memory=16MiB";
/// Connections that a broker of so little memory has: a quarter of it, at 12 KiB each.
const ROOM: usize = 16 * 1024 / 4 / 12;

fn connect(broker: &Broker) -> TcpStream {
    let stream = TcpStream::connect(broker.address()).expect("the broker listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// The beginning of a Produce request that announces `length` bytes.
fn head(length: i32) -> Vec<u8> {
    let mut head = length.to_be_bytes().to_vec();
    head.extend([0, 0, 0, 7, 0, 0, 0, 1, 0xff, 0xff]);
    head
}

/// Whether the broker has closed the connection.
fn is_closed(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0; 64]), Ok(0))
        || stream.take_error().is_ok_and(|error| error.is_some())
}

#[test]
fn a_frame_for_which_there_can_never_be_room_is_refused_with_a_line_that_says_so() {
    let broker = Broker::start_with(&[SMALLEST]);
    let mut stream = connect(&broker);
    stream.write_all(&head(4 * 1024 * 1024 + 1)).unwrap();
    assert!(is_closed(&mut stream));
    let lines = broker.lines_with("millstream.memory has room for 4194304");
    assert_eq!(lines.len(), 1, "{}", broker.said());
    assert!(lines[0].contains(&stream.local_addr().unwrap().to_string()), "{lines:?}");
    // Its neighbour is heard out.
    let mut stream = connect(&broker);
    stream.write_all(&head(4 * 1024 * 1024)).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(!is_closed(&mut stream));
}

#[test]
fn what_a_broker_of_16_mib_accepts_is_served_with_frames_and_fetches_of_a_mib() {
    let broker = Broker::start_with(&[SMALLEST]);
    create(broker.address(), "small", &[]);
    let rows = rows(20_000);
    produce(broker.address(), "small", &rows, &[("enable.idempotence", "true")]);
    assert_holds(&read_all(broker.address(), "small", PARTITIONS), &rows);
}

#[test]
fn half_frames_of_many_clients_are_let_go_when_others_wait_for_their_memory() {
    // Some connections are left for who behaves: one too many is refused, and its writes fail.
    const CLIENTS: usize = ROOM - 41;
    let broker = Broker::start_with(&[SMALLEST]);
    create(broker.address(), "healthy", &[]);
    let before = broker.resident_kib();
    let mut halves = Vec::new();
    for _ in 0..CLIENTS {
        let mut stream = connect(&broker);
        let mut half = head(30_000);
        half.resize(20_000, 0);
        // At once: who is slow may be let go between two writes, as the others are later.
        stream.write_all(&half).unwrap();
        halves.push(stream);
    }
    let rows = rows(2_000);
    produce(broker.address(), "healthy", &rows, &[("enable.idempotence", "true")]);
    assert_holds(&read_all(broker.address(), "healthy", PARTITIONS), &rows);
    let grown = broker.resident_kib().saturating_sub(before);
    // Its 16 MiB, and what is outside: receive buffers, the allocator's slack.
    assert!(grown < (16 + 64) * 1024, "{grown} KiB more");
    let until = Instant::now() + PATIENCE;
    while broker.lines_with("stopped in the middle of a frame").is_empty() {
        assert!(Instant::now() < until, "{}", broker.said());
        thread::sleep(Duration::from_millis(20));
    }
    assert!(!broker.said().contains("connection refused"), "{}", broker.said());
}

#[test]
fn connections_beyond_their_share_are_refused_with_a_line_and_may_come_again() {
    let broker = Broker::start_with(&[SMALLEST]);
    let mut held: Vec<TcpStream> = (0..ROOM + 50).map(|_| connect(&broker)).collect();
    let until = Instant::now() + PATIENCE;
    while broker.lines_with("connection refused: no memory for one more").is_empty() {
        assert!(Instant::now() < until, "{}", broker.said());
        thread::sleep(Duration::from_millis(20));
    }
    held.clear();
    create(broker.address(), "again", &[]);
}

#[test]
fn answers_that_pile_up_are_paid_for_until_they_have_left() {
    const CLIENTS: usize = 200;
    const PIPELINED: usize = 250;
    let broker = Broker::start_with(&[SMALLEST]);
    create(broker.address(), "healthy", &[]);
    let requests = unknown_produce().repeat(PIPELINED);
    let mut held = Vec::new();
    for _ in 0..CLIENTS {
        let mut stream = connect(&broker);
        stream.set_nonblocking(true).unwrap();
        // What the broker does not take stays here.
        let _ = stream.write(&requests);
        held.push(stream);
    }
    let rows = rows(2_000);
    produce(broker.address(), "healthy", &rows, &[("enable.idempotence", "true")]);
    assert_holds(&read_all(broker.address(), "healthy", PARTITIONS), &rows);
    let resident = broker.resident_kib();
    assert!(resident < (16 + 64) * 1024, "{resident} KiB");
}

/// A Produce request of one batch that is none, for a topic that nobody has.
fn unknown_produce() -> Vec<u8> {
    use produce_messages::request::{PartitionData, TopicData};
    let data = PartitionData { index: 0, records: Some(Records::from(&[0; 70][..])) };
    let data = TopicData {
        name: "nobody-has-this".into(),
        partition_data: vec![data].into(),
        ..TopicData::default()
    };
    let request = ProduceRequest {
        acks: -1,
        timeout_ms: 5_000,
        topic_data: vec![data].into(),
        ..ProduceRequest::default()
    };
    encode_request(ApiKey::Produce, 9, 1, Some("hoarder"), &request).to_vec()
}
