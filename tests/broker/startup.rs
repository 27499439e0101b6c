//! A broker that cannot start says in one line what to change; one that can, starts at once.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{BINARY, Broker, Directory, refused, serve};
use crate::rdkafka_client::{PARTITIONS, assert_holds, create, produce, read_all, rows};

/// A refusal is one line that contains all of these.
fn assert_refused(command: Command, parts: &[&str]) {
    let (status, reason) = refused(command);
    assert!(!status.success(), "it ended well");
    let said: Vec<_> = reason.lines().filter(|line| line.starts_with("millstream: ")).collect();
    assert_eq!(said.len(), 1, "{reason}");
    for part in parts {
        assert!(said[0].contains(part), "no '{part}' in: {reason}");
    }
}

#[test]
fn a_second_process_on_the_same_data_is_refused_and_the_first_goes_on() {
    let broker = Broker::start();
    create(broker.address(), "flights", &[]);
    let mut second = Command::new(BINARY);
    let data = format!("log.dirs={}", broker.data().join("data").display());
    second.args(["serve", "--set", &data, "--set", "listeners=PLAINTEXT://127.0.0.1:0"]);
    second.args(["--set", "millstream.admin.listener=none"]);
    second.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    assert_refused(second, &["in use by another process", "log.dirs"]);
    let rows = rows(1_000);
    produce(broker.address(), "flights", &rows, &[]);
    assert_holds(&read_all(broker.address(), "flights", PARTITIONS), &rows);
}

#[test]
fn a_taken_port_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    assert_refused(serve(&Directory::new(), &taken, &[]), &[&taken, "listeners"]);
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named() {
    let directory = Directory::new();
    // Root may write anywhere, so the obstacle is a file where a directory is wanted.
    fs::write(directory.path().join("data"), "a file").unwrap();
    assert_refused(serve(&directory, "127.0.0.1:0", &[]), &["data", "log.dirs"]);
}

#[test]
fn an_impossible_value_is_refused_with_its_key_and_bounds() {
    let settings = ["num.partitions=many".to_owned()];
    let (status, reason) = refused(serve(&Directory::new(), "127.0.0.1:0", &settings));
    assert!(!status.success());
    assert!(reason.contains("num.partitions") && reason.contains("many"), "{reason}");
}

#[test]
fn an_unknown_key_warns_with_the_nearest_one_and_the_broker_starts() {
    let broker = Broker::start_with(&["num.partitons=3"]);
    let lines = broker.lines_with("num.partitons");
    assert!(lines.iter().any(|line| line.contains("num.partitions")), "{lines:?}");
}

#[test]
fn a_properties_file_and_the_environment_are_read() {
    let directory = Directory::new();
    let file = directory.path().join("server.properties");
    fs::write(&file, "# comment\nnum.partitions = 3\ndefault.replication.factor=1\n").unwrap();
    let mut command = serve(&directory, "127.0.0.1:0", &["num.partitons=1".to_owned()]);
    command.arg("--config").arg(&file).env("KAFKA_LOG_RETENTION_HOURS", "never");
    let (status, reason) = refused(command);
    assert!(!status.success());
    assert!(reason.contains("KAFKA_LOG_RETENTION_HOURS"), "{reason}");
}

#[test]
fn it_is_ready_for_clients_in_well_under_a_second() {
    let mut broker = Broker::start();
    broker.kill();
    let began = Instant::now();
    broker.restart();
    let took = began.elapsed();
    // Generous: a build without optimisation, on a machine that runs other tests beside it.
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// One HTTP request; the status line and the body.
pub fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("the admin port is open");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    let (head, body) = told.split_once("\r\n\r\n").expect("a head");
    (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
}

#[test]
fn the_admin_port_says_alive_ready_and_counts() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let broker = Broker::start_with(&[&format!("millstream.admin.listener={free}")]);
    create(broker.address(), "flights", &[]);
    produce(broker.address(), "flights", &rows(100), &[]);
    for path in ["/livez", "/readyz"] {
        assert!(get(&free, path).0.contains("200"), "{path}");
    }
    let (status, page) = get(&free, "/metrics");
    assert!(status.contains("200"), "{status}");
    assert!(page.lines().any(|line| line.starts_with("# TYPE ")), "{page}");
    assert!(page.contains("Produce"), "requests are counted by API: {page}");
}

#[test]
fn an_admin_port_that_the_host_chose_is_said() {
    let broker = Broker::start_with(&["millstream.admin.listener=127.0.0.1:0"]);
    let until = Instant::now() + Duration::from_secs(10);
    let at = loop {
        let said = broker.said();
        if let Some((_, rest)) = said.split_once("metrics  http://")
            && let Some((at, _)) = rest.split_once("/metrics")
        {
            break at.to_owned();
        }
        assert!(Instant::now() < until, "no admin port in: {said}");
        std::thread::yield_now();
    };
    assert!(get(&at, "/livez").0.contains("200"), "{at}");
}

#[test]
fn a_topic_that_asks_for_more_replicas_than_it_has_takes_acks_all() {
    let broker = Broker::start();
    create(broker.address(), "flights", &[("min.insync.replicas", "2")]);
    produce(broker.address(), "flights", &rows(10), &[("acks", "all")]);
}
