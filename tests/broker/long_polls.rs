//! Fetches that wait for records, and clients that do not wait for them.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::ApiKey;
use millstream_wire::frame::encode_request;
use millstream_wire::messages::FetchRequest;
use millstream_wire::messages::fetch::request::{Partitions, Topics};

use crate::harness::{Broker, PATIENCE};
use crate::rdkafka_client::{PARTITIONS, create};
use crate::startup::get;

/// In all, by so many clients at a time.
const CUT_OFF: usize = 100_000;
const CLIENTS: usize = 4;
/// What two shards keep at hand, once they needed it, for requests and for what arrives: 10 bytes
/// for each that is cut off.
const PURSES_BYTES: u64 = 4 * 256 * 1024;
/// What the broker receives ahead of a request that waits.
const AHEAD_BYTES: usize = 32 * 1024;

/// A fetch of all partitions of an empty topic, for as long as the protocol can say.
fn endless_fetch() -> Vec<u8> {
    let partitions: Vec<_> = (0..PARTITIONS)
        .map(|partition| Partitions {
            partition,
            current_leader_epoch: -1,
            partition_max_bytes: 1 << 20,
            ..Default::default()
        })
        .collect();
    let topics =
        vec![Topics { topic: "quiet".into(), partitions: partitions.into(), ..Default::default() }];
    let request = FetchRequest {
        replica_id: -1,
        max_wait_ms: i32::MAX,
        min_bytes: 1,
        max_bytes: i32::MAX,
        session_epoch: -1,
        topics: topics.into(),
        ..Default::default()
    };
    encode_request(ApiKey::Fetch, 12, 1, Some("test"), &request).to_vec()
}

/// What the shards hold: unanswered calls, tasks, connections, and bytes of all accounts.
fn held(admin: &str) -> Vec<u64> {
    let (_, page) = get(admin, "/metrics");
    let sum = |name: &str| {
        let rows = page.lines().filter(|line| line.starts_with(&format!("{name}{{")));
        rows.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    };
    let held = ["millstream_shard_calls", "millstream_shard_tasks", "millstream_shard_connections"];
    held.into_iter().chain(["millstream_memory_account_bytes"]).map(sum).collect()
}

/// Sends polls and leaves: inside the request, at once, or a moment later, with nothing, another
/// request, or more than is received ahead behind it.
fn cut_off(address: &str, poll: &[u8], client: usize) {
    let many = poll.repeat(AHEAD_BYTES * 2 / poll.len());
    let mut random = client as u64;
    for round in 0..CUT_OFF / CLIENTS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(client as u64 + 1);
        let draw = (random >> 33) as usize;
        let mut stream = TcpStream::connect(address).unwrap();
        let cut = if round % 7 == 0 { draw % poll.len() } else { poll.len() };
        stream.write_all(&poll[..cut]).unwrap();
        match round % 9 {
            0 | 3 | 6 => stream.write_all(poll).unwrap(),
            // The broker may have closed it already, having met the end of a cut request.
            8 => drop(stream.write_all(&many)),
            _ => {}
        }
        if round % 5 == 0 {
            thread::sleep(Duration::from_micros(draw as u64 % 500));
        }
    }
}

/// The broker's descriptors of all that is no file with a path: those of its log come and go with
/// what it writes. The least of several looks: who looked at the page a moment ago has a socket
/// that is still being closed.
fn descriptors(broker: &Broker) -> usize {
    let count = |_| {
        thread::sleep(Duration::from_millis(10));
        broker.descriptors().iter().filter(|name| !name.starts_with('/')).count()
    };
    (0..5).map(count).min().unwrap_or_default()
}

/// Polls the page, which is refreshed once a second, until it says what is wanted.
fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn long_polls_that_are_cut_off_leave_no_task_call_descriptor_or_byte() {
    let admin = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let broker = Broker::start_with(&[&format!("millstream.admin.listener={admin}")]);
    create(broker.address(), "quiet", &[]);
    let poll = endless_fetch();
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(broker.address()).unwrap();
            stream.write_all(&poll).unwrap();
            stream
        })
        .collect();
    eventually("the polls wait at other shards", || held(&admin)[0] == 20);
    let (open, before) = (descriptors(&broker), held(&admin));
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (address, poll) = (broker.address(), &poll);
            scope.spawn(move || cut_off(address, poll, client));
        }
    });
    let what_is_left = || {
        let (held, open) = (held(&admin), descriptors(&broker));
        (held[..3].to_vec(), held[3].saturating_sub(before[3] + PURSES_BYTES), open)
    };
    let nothing = (before[..3].to_vec(), 0, open);
    let until = Instant::now() + PATIENCE;
    let mut left = what_is_left();
    while left != nothing && Instant::now() < until {
        thread::sleep(Duration::from_millis(100));
        left = what_is_left();
    }
    assert_eq!(left, nothing, "all that they held is given back");
    drop(waiting);
    eventually("those that waited too", || held(&admin)[0] == 0);
}
