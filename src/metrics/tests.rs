//! Counters, the Prometheus page, and the admin port over a real socket.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use millstream_engine::config::HostPort;

fn get(at: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(at).expect("the admin port listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn start_admin(metrics: Arc<Metrics>, ready: Arc<AtomicBool>) -> ControlThread {
    let at = HostPort { host: "127.0.0.1".into(), port: 0 };
    start(&at, metrics, ready).expect("a free port")
}

#[test]
fn readyz_follows_the_flag_and_livez_does_not() {
    let ready = Arc::new(AtomicBool::new(false));
    let admin = start_admin(Arc::new(Metrics::new(1)), ready.clone());
    assert!(get(admin.local_addr(), "/livez").starts_with("HTTP/1.1 200"));
    assert!(get(admin.local_addr(), "/readyz").starts_with("HTTP/1.1 503"));
    ready.store(true, Ordering::Release);
    assert!(get(admin.local_addr(), "/readyz").starts_with("HTTP/1.1 200"));
    assert!(get(admin.local_addr(), "/nothing").starts_with("HTTP/1.1 404"));
}

#[test]
fn stopping_closes_the_port_though_a_connection_is_half_open() {
    let admin = start_admin(Arc::new(Metrics::new(1)), Arc::default());
    let at = admin.local_addr();
    let _half_open = TcpStream::connect(at).unwrap();
    admin.stop();
    assert!(TcpStream::connect(at).is_err());
}

#[test]
fn a_taken_port_is_an_error_at_start() {
    let admin = start_admin(Arc::new(Metrics::new(1)), Arc::default());
    let at = HostPort { host: "127.0.0.1".into(), port: admin.local_addr().port() };
    let fault = start(&at, Arc::new(Metrics::new(1)), Arc::default()).unwrap_err();
    assert_eq!(fault.kind(), std::io::ErrorKind::AddrInUse);
}

#[test]
fn the_page_sums_shards_under_kafkas_names_and_shows_each_under_ours() {
    let metrics = Arc::new(Metrics::new(2));
    metrics.shard(0).messages_in.add(3);
    metrics.shard(1).messages_in.add(4);
    metrics.shard(1).request(ApiKey::Produce, Duration::from_micros(700));
    metrics.client_seen("apache-kafka-java", "4.3.1");
    let admin = start_admin(metrics, Arc::default());
    let page = get(admin.local_addr(), "/metrics");
    for line in [
        "kafka_server_brokertopicmetrics_messagesin_total 7",
        "kafka_server_brokertopicmetrics_totalproducerequests_total 1",
        "kafka_network_requestmetrics_requests_total{request=\"Produce\"} 1",
        "millstream_shard_messages_in_total{shard=\"1\"} 4",
        "millstream_request_duration_seconds_bucket{class=\"produce\",le=\"0.0005\"} 0",
        "millstream_request_duration_seconds_bucket{class=\"produce\",le=\"0.001\"} 1",
        "millstream_request_duration_seconds_bucket{class=\"produce\",le=\"+Inf\"} 1",
        "millstream_client_connections_total{name=\"apache-kafka-java\",version=\"4.3.1\"} 1",
    ] {
        assert!(page.lines().any(|has| has == line), "{line} is missing in\n{page}");
    }
}

#[test]
fn every_family_is_announced_once_before_its_samples() {
    let page = expose::page(&Metrics::new(1));
    let mut announced: Vec<&str> = Vec::new();
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let name = rest.split(' ').next().unwrap();
            assert!(!announced.contains(&name), "{name} twice");
            announced.push(name);
        } else if !line.starts_with('#') {
            let family = announced.last().expect("announced before");
            assert!(line.starts_with(family), "{line} stands under {family}");
        }
    }
}

#[test]
fn client_names_are_bounded_in_length_and_number() {
    let metrics = Metrics::new(1);
    for i in 0..1000 {
        metrics.client_seen(&format!("client-{i}\n{}", "x".repeat(500)), "1");
    }
    let clients = metrics.clients.lock().unwrap();
    assert!(clients.len() <= CLIENTS_MAX + 1);
    assert!(clients.keys().all(|(name, _)| name.len() <= CLIENT_NAME_BYTES_MAX));
    assert_eq!(clients.values().sum::<u64>(), 1000);
}

#[test]
fn a_gauge_does_not_go_below_zero() {
    let counter = Counter::default();
    counter.add(1);
    counter.sub(2);
    assert_eq!(counter.get(), 0);
}
