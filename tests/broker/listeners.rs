//! Listeners and the limit on connections: all that `listeners` names is open, each client is told
//! the address of the listener that it came by, and the limit holds for the whole broker.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use millstream_wire::ApiKey;
use millstream_wire::messages::{
    ApiVersionsRequest, ApiVersionsResponse, DescribeClusterRequest, DescribeClusterResponse,
};

use crate::harness::{Broker, Directory, PATIENCE, refused, serve};
use crate::wire_client::WireClient;

/// Where the broker says that it can be found, to a client at `address`.
fn advertised_at(address: &str) -> String {
    let mut client = WireClient::connect_to(address);
    let request = DescribeClusterRequest { endpoint_type: 1, ..Default::default() };
    let answer = client.ask(ApiKey::DescribeCluster, 1, &request);
    let response: DescribeClusterResponse<'_> = answer.read();
    let broker = response.brokers.iter().next().expect("one broker");
    format!("{}:{}", &*broker.host, broker.port)
}

#[test]
fn every_listener_is_open_and_advertises_its_own_address() {
    let broker = Broker::start_with(&[
        "listeners=INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0,CONTROL://127.0.0.1:0",
        "listener.security.protocol.map=INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROL:PLAINTEXT",
        "controller.listener.names=CONTROL",
        "advertised.listeners=OUTSIDE://broker.example:9999",
    ]);
    let lines = broker.lines_with("  clients  ");
    let listed = lines[0].split_once("  clients  ").expect("asked for").1;
    let open: Vec<&str> = listed.split(", ").collect();
    assert_eq!(open.len(), 2, "a single node opens no port for its controller: {listed}");
    // Some connections come to each of the two shards.
    for _ in 0..8 {
        assert_eq!(advertised_at(open[0]), open[0], "not named: what was dialled");
        assert_eq!(advertised_at(open[1]), "broker.example:9999");
    }
}

#[test]
fn a_listener_that_would_be_encrypted_and_a_name_that_nobody_knows_are_refused() {
    let directory = Directory::new();
    for (listeners, why) in [
        ("PLAINTEXT://127.0.0.1:0,SSL://127.0.0.1:0", "SSL"),
        ("PLAINTEXT://no.such.host.invalid:0", "no.such.host.invalid"),
    ] {
        let settings = [format!("listeners={listeners}")];
        let (status, reason) = refused(serve(&directory, "127.0.0.1:0", &settings));
        assert!(!status.success());
        assert!(reason.contains(why), "{reason}");
    }
}

/// A client whose connection was taken: it has been answered.
fn taken(broker: &Broker) -> Option<WireClient> {
    let mut stream = TcpStream::connect(broker.address()).expect("the port is open");
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout can be set");
    match stream.read(&mut [0]) {
        Ok(_) => None,
        Err(fault) if fault.kind() == std::io::ErrorKind::ConnectionReset => None,
        Err(_) => {
            let mut client = WireClient::over(stream);
            let request = ApiVersionsRequest::default();
            let answer = client.ask(ApiKey::ApiVersions, 0, &request);
            let response: ApiVersionsResponse<'_> = answer.read();
            assert_eq!(response.error_code, 0);
            Some(client)
        }
    }
}

#[test]
fn the_limit_on_connections_is_the_brokers_however_they_spread_over_shards() {
    let broker = Broker::start_with(&["max.connections=3"]);
    let mut held: Vec<WireClient> = (0..16).filter_map(|_| taken(&broker)).collect();
    assert_eq!(held.len(), 3);
    held.pop();
    let until = Instant::now() + PATIENCE;
    while held.len() < 3 {
        assert!(Instant::now() < until, "the place of one that left is given again");
        held.extend(taken(&broker));
    }
    assert!(taken(&broker).is_none());
}
