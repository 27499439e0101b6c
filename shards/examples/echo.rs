//! An echo server and its load in one process: shard 0 serves, shard 1 loads, each on its core.
//!
//! `cargo run --release -p millstream-shards --example echo -- CONNECTIONS BYTES SECONDS POLL`
//! with POLL one of `park`, `adaptive`, `busy`, `adaptive:SPIN_US`. Prints requests per second,
//! latencies of the round trip, and what the serving shard did for it.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::{
    Class, Config, Endpoint, ListenOptions, Poll, Shard, ShardId, Stream, UringDrivers, launch,
};

#[derive(Clone, Copy)]
struct Load {
    connections: usize,
    bytes: usize,
    seconds: u64,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| {
        args.get(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let load = Load {
        connections: number(0, 64) as usize,
        bytes: number(1, 200) as usize,
        seconds: number(2, 3),
    };
    let poll = match args.get(3).map_or("adaptive", String::as_str) {
        "park" => Poll::Park,
        "busy" => Poll::Busy,
        other => {
            let spin_us = other.strip_prefix("adaptive:").and_then(|text| text.parse().ok());
            Poll::Adaptive { spin_us: spin_us.unwrap_or(50) }
        }
    };
    let cfg = Config { shards: 2, pin: true, poll, ..Config::default() };
    let running = match launch(cfg, UringDrivers, move |shard, endpoint| run(load, shard, endpoint))
    {
        Ok(running) => running,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::FAILURE;
        }
    };
    running.startup_notes().iter().for_each(|note| println!("note: {note}"));
    let stats = running.stats()[0].clone();
    if let Err(failure) = running.join() {
        eprintln!("{failure}");
        return ExitCode::FAILURE;
    }
    println!(
        "server: {} turns, {} enters, {} parks, {} spins ({} hits, {} ms), {} ops",
        stats.turns.get(),
        stats.enters.get(),
        stats.parks.get(),
        stats.spins.get(),
        stats.spins_hit.get(),
        stats.spun_ns.get() / 1_000_000,
        stats.ops_completed.get(),
    );
    ExitCode::SUCCESS
}

async fn run(load: Load, shard: Shard, endpoint: Endpoint<SocketAddr>) {
    if shard.id() == ShardId(0) {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut listener = shard.listen(any, ListenOptions::default()).await.expect("a free port");
        endpoint.send(ShardId(1), listener.local_addr()).await;
        let accepting = shard.clone();
        shard.spawn(Class::Latency, "accept", async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepting.spawn(Class::Latency, "serve", serve(stream));
            }
        });
        endpoint.recv().await;
        let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let requests = shard.stats().ops_completed.get() / 2;
        let ns = cpu.tv_sec as u64 * 1_000_000_000 + cpu.tv_nsec as u64;
        let spun = shard.stats().spun_ns.get();
        println!("server: {} ns of CPU a request, of that {} spun", ns / requests, spun / requests);
    } else {
        let (_, at) = endpoint.recv().await;
        drive(load, &shard, at).await;
        endpoint.send(ShardId(0), at).await;
    }
}

async fn serve(stream: Stream) {
    while let Ok(bytes) = stream.recv().await {
        if bytes.is_empty() {
            break;
        }
        let answer = Bytes::copy_from_slice(&bytes);
        drop(bytes);
        if stream.send_all(vec![answer]).await.is_err() {
            break;
        }
    }
}

async fn drive(load: Load, shard: &Shard, at: SocketAddr) {
    let latencies: Rc<RefCell<Vec<u32>>> = Rc::default();
    let running = Rc::new(Cell::new(load.connections));
    let end = shard.precise_ns() + load.seconds * 1_000_000_000;
    for _ in 0..load.connections {
        let (latencies, running, clock) = (latencies.clone(), running.clone(), shard.clone());
        let stream = shard.connect(at).await.expect("the server listens");
        shard.spawn(Class::Latency, "load", async move {
            let message = Bytes::from(vec![7; load.bytes]);
            let mut before = clock.precise_ns();
            while before < end {
                stream.send_all(vec![message.clone()]).await.expect("the server is there");
                let mut got = 0;
                while got < load.bytes {
                    got += stream.recv().await.expect("the server answers").len();
                }
                let now = clock.precise_ns();
                latencies.borrow_mut().push((now - before) as u32);
                before = now;
            }
            running.set(running.get() - 1);
        });
    }
    while running.get() > 0 {
        shard.sleep(Duration::from_millis(10)).await;
    }
    report(load, &mut latencies.borrow_mut());
}

fn report(load: Load, latencies: &mut [u32]) {
    latencies.sort_unstable();
    let at = |share: f64| f64::from(latencies[(latencies.len() as f64 * share) as usize]) / 1000.0;
    println!(
        "{} connections of {} bytes: {} req/s, p50 {:.1} µs, p99 {:.1} µs, p99.9 {:.1} µs",
        load.connections,
        load.bytes,
        latencies.len() as u64 / load.seconds,
        at(0.5),
        at(0.99),
        at(0.999),
    );
}
