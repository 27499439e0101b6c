//! Bytes that no client sends: an answer with Kafka's code or a close, one log line, and nobody
//! else notices. The long list is in `scripts/clients/badinput.py`.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{PARTITIONS, assert_holds, create, produce, read_all, rows};

const FRAME_BYTES_MAX: i32 = 104_857_600;
const API_VERSIONS: i16 = 18;

fn connect(broker: &Broker) -> TcpStream {
    let stream = TcpStream::connect(broker.address()).expect("the broker listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// A request frame with a version 1 header and client id "raw".
fn request(api: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let mut frame = (13 + body.len() as i32).to_be_bytes().to_vec();
    frame.extend(api.to_be_bytes());
    frame.extend(version.to_be_bytes());
    frame.extend(7_i32.to_be_bytes());
    frame.extend(3_i16.to_be_bytes());
    frame.extend(b"raw");
    frame.extend(body);
    frame
}

/// The next answer, without its length.
fn answer(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).expect("an answer");
    let mut body = vec![0; usize::try_from(i32::from_be_bytes(length)).expect("a length")];
    stream.read_exact(&mut body).expect("a whole answer");
    body
}

/// Sends bytes and expects a close without an answer, and one log line that names this peer.
fn assert_closed(broker: &Broker, what: &str, bytes: &[u8]) {
    let mut stream = connect(broker);
    let peer = stream.local_addr().expect("connected").to_string();
    // The broker may close before it has read everything.
    let _ = stream.write_all(bytes);
    let mut rest = Vec::new();
    let read = stream.read_to_end(&mut rest);
    let reset = read.is_err_and(|fault| fault.kind() == std::io::ErrorKind::ConnectionReset);
    assert!(reset || rest.is_empty(), "{what}: answered with {} bytes", rest.len());
    let lines = broker.lines_with(&peer);
    assert_eq!(lines.len(), 1, "{what}: {lines:?}");
}

#[test]
fn bytes_that_are_no_request_close_their_connection_with_one_line() {
    let broker = Broker::start();
    let over = (FRAME_BYTES_MAX + 1).to_be_bytes();
    let cases: [(&str, &[u8]); 8] = [
        ("noise", &[0xee; 5000]),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("a negative length", &[0xff; 4]),
        ("a frame over the limit", &over),
        ("an empty frame", &[0; 4]),
        ("half a header", &[0, 0, 0, 4, 0, 3, 0, 4]),
        ("an unknown API", &request(9999, 0, b"")),
        ("an unknown version", &request(3, 99, b"")),
    ];
    let mut bystander = connect(&broker);
    for (what, bytes) in cases {
        assert_closed(&broker, what, bytes);
        bystander.write_all(&request(API_VERSIONS, 0, b"")).expect("it is still connected");
        assert_eq!(answer(&mut bystander)[..6], [0, 0, 0, 7, 0, 0], "after {what}");
    }
}

#[test]
fn counts_that_lie_close_their_connection() {
    let broker = Broker::start();
    for count in [-2_i32, i32::MIN, i32::MAX, 1_000_000] {
        let mut produce = vec![0xff, 0xff, 0xff, 0xff, 0, 0, 3, 232];
        produce.extend(count.to_be_bytes());
        assert_closed(&broker, &format!("{count} topics"), &request(0, 7, &produce));
    }
    assert_closed(&broker, "metadata", &request(3, 4, &i32::MAX.to_be_bytes()));
}

#[test]
fn api_versions_of_a_version_to_come_is_answered_in_version_zero() {
    let broker = Broker::start();
    let mut stream = connect(&broker);
    stream.write_all(&request(API_VERSIONS, 99, &[0])).unwrap();
    let told = answer(&mut stream);
    assert_eq!(told[..6], [0, 0, 0, 7, 0, 35], "UNSUPPORTED_VERSION");
    let count = i32::from_be_bytes(told[6..10].try_into().unwrap());
    assert_eq!(told.len(), 10 + 6 * usize::try_from(count).unwrap());
    assert!(told[10..].chunks(6).any(|row| row[..4] == [0, 18, 0, 0]), "its own range is there");
}

#[test]
fn announced_frames_that_never_come_take_no_memory() {
    let broker = Broker::start();
    create(broker.address(), "flights", &[]);
    let rows = rows(2_000);
    let before = broker.resident_kib();
    let mut promises = Vec::new();
    for _ in 0..60 {
        let mut stream = connect(&broker);
        let mut head = request(0, 7, b"");
        head[..4].copy_from_slice(&FRAME_BYTES_MAX.to_be_bytes());
        stream.write_all(&head).unwrap();
        promises.push(stream);
    }
    produce(broker.address(), "flights", &rows, &[("enable.idempotence", "true")]);
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
    let grown = broker.resident_kib().saturating_sub(before);
    assert!(grown < 64 * 1024, "{grown} KiB more for 60 promises of 100 MiB");
}

#[test]
fn a_torn_frame_and_a_slow_one_disturb_nobody() {
    let broker = Broker::start();
    let mut torn = connect(&broker);
    torn.write_all(&[0, 0, 3, 232, 0, 3, 0, 4, 1, 2, 3]).unwrap();
    torn.shutdown(Shutdown::Both).unwrap();
    let mut slow = connect(&broker);
    for byte in request(API_VERSIONS, 0, b"") {
        slow.write_all(&[byte]).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(answer(&mut slow)[..6], [0, 0, 0, 7, 0, 0]);
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let broker = Broker::start();
    let mut stream = connect(&broker);
    let mut all = Vec::new();
    for number in 0..300_i32 {
        let mut one = match number % 3 {
            0 => request(3, 4, &[0xff, 0xff, 0xff, 0xff, 0]),
            _ => request(API_VERSIONS, 0, b""),
        };
        one[8..12].copy_from_slice(&number.to_be_bytes());
        all.extend(one);
    }
    stream.write_all(&all).unwrap();
    for number in 0..300_i32 {
        assert_eq!(answer(&mut stream)[..4], number.to_be_bytes());
    }
}
