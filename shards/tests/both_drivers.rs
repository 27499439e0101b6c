//! The seam: one program, run on io_uring and in the simulation.
//!
//! An echo server that also appends what it hears to a file, and a client that checks both.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::{
    Class, Config, Endpoint, ListenOptions, Open, Shard, ShardId, Stream, Sync, UringDrivers,
    launch,
};

const MESSAGES: usize = 40;

async fn program(dir: PathBuf, shard: Shard, endpoint: Endpoint<SocketAddr>) {
    if shard.id() == ShardId(0) {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut listener = shard.listen(any, ListenOptions::default()).await.unwrap();
        endpoint.send(ShardId(1), listener.local_addr()).await;
        let (stream, _) = listener.accept().await.unwrap();
        serve(&shard, &dir, stream).await;
    } else {
        let (from, at) = endpoint.recv().await;
        assert_eq!(from, ShardId(0));
        let stream = shard.connect(at).await.unwrap();
        ask(&shard, stream).await;
    }
}

async fn serve(shard: &Shard, dir: &Path, stream: Stream) {
    let how = Open { read: true, write: true, create: true, ..Open::default() };
    let file = shard.open(&dir.join("log"), how).await.unwrap();
    let mut end = 0u64;
    loop {
        let got = stream.recv().await.unwrap();
        if got.is_empty() {
            break;
        }
        let bytes = Bytes::copy_from_slice(&got);
        drop(got);
        file.write_at(bytes.clone(), end, Sync::Data).await.unwrap();
        end += bytes.len() as u64;
        stream.send_all(vec![bytes]).await.unwrap();
    }
    shard.sync_dir(dir).await.unwrap();
    assert_eq!(file.len().await.unwrap(), expected().len() as u64);
    let buf = shard.pool().try_take(expected().len()).unwrap();
    let (got, buf) = file.read_at(buf, expected().len(), 0).await;
    assert_eq!(&buf[..got.unwrap()], &expected()[..]);
}

async fn ask(shard: &Shard, stream: Stream) {
    let sender = stream.clone();
    let pause = shard.clone();
    shard.spawn(Class::Background, "sender", async move {
        for message in messages() {
            sender.send_all(vec![message]).await.unwrap();
            pause.sleep(Duration::from_micros(50)).await;
        }
    });
    let expected = expected();
    let buf = shard.pool().try_take(expected.len()).unwrap();
    let (got, buf) = stream.recv_into(buf, 0, expected.len()).await;
    assert_eq!(got.unwrap(), expected.len());
    assert_eq!(&buf[..expected.len()], &expected[..]);
    stream.shutdown();
    assert!(stream.recv().await.unwrap().is_empty());
}

fn messages() -> impl Iterator<Item = Bytes> {
    (0..MESSAGES).map(|i| Bytes::from(vec![i as u8; 1 + i * 511]))
}

fn expected() -> Vec<u8> {
    messages().flatten().collect()
}

fn simulate(seed: u64) -> u64 {
    let mut sim = Sim::new(seed);
    let main = |shard, endpoint| program(PathBuf::from("."), shard, endpoint);
    assert_eq!(sim.run(2, Duration::from_secs(60), main), Ended::Finished);
    assert_eq!(sim.open_handles(), 0);
    sim.trace()
}

#[test]
fn the_program_runs_on_io_uring() {
    let base = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let dir = base.join(format!("both-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let cfg = Config { shards: 2, ..Config::default() };
    let main_dir = dir.clone();
    let main = move |shard: Shard, endpoint| program(main_dir.clone(), shard, endpoint);
    launch(cfg, UringDrivers, main).unwrap().join().unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_program_runs_in_the_simulation_under_many_seeds() {
    (0..40).for_each(|seed| {
        simulate(seed);
    });
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let traces: Vec<u64> = (0..10).map(simulate).collect();
    let again: Vec<u64> = (0..10).map(simulate).collect();
    assert_eq!(traces, again);
    let distinct: std::collections::BTreeSet<u64> = traces.into_iter().collect();
    assert_eq!(distinct.len(), 10);
}
