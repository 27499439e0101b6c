//! Answers that are cut off at any moment leave nothing behind. Alone in its process, because it
//! counts descriptors.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::{
    Config, Endpoint, Follow, ListenOptions, Open, Sent, Shard, Sync, UringDrivers, launch,
};

const FILE_BYTES: usize = 1 << 20;

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs is mounted").count()
}

/// One answer to a reader that takes some of it at most, dropped after `us` microseconds.
async fn cut_off(shard: &Shard, path: &std::path::Path, round: u64) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut listener = shard.listen(any, ListenOptions::default()).await.unwrap();
    let client = shard.connect(listener.local_addr()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    let file = shard.open_shared(path).await.unwrap();
    let leaving = server.clone();
    let answer = async {
        loop {
            match server.send_file(&file, 0..FILE_BYTES as u64, Follow::Nothing).await {
                Ok(Sent::Bytes(_)) => {}
                Ok(Sent::NotResident) => {
                    let buf = shard.pool().try_take(FILE_BYTES).unwrap();
                    file.read_at(shard, buf, FILE_BYTES, 0).await.0.unwrap();
                }
                Err(_) => leaving.peer_closed().await,
            }
        }
    };
    let us = shard.random_u64() % 3000;
    match round % 4 {
        // The reader leaves first, then the answer.
        0 => {
            shard.timeout(Duration::from_micros(us), answer).await;
            drop(client);
        }
        // The reader takes a little and leaves, while the answer goes on.
        1 => {
            let reading = async {
                drop(client.recv().await);
                drop(client);
            };
            shard.timeout(Duration::from_micros(us), async { both(answer, reading).await }).await;
        }
        // Closed from this side.
        2 => {
            shard.timeout(Duration::from_micros(us), answer).await;
            server.shutdown();
        }
        // Every wait is dropped as it begins.
        _ => {
            shard.timeout(Duration::from_micros(us), answer).await;
            shard.timeout(Duration::ZERO, server.writable()).await;
            shard.timeout(Duration::ZERO, server.peer_closed()).await;
            shard.timeout(Duration::ZERO, file.load(shard, 0..FILE_BYTES as u64)).await;
        }
    }
}

/// Polls both until the first one ends, which here never does.
async fn both(first: impl Future, second: impl Future<Output = ()>) {
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    let mut over = false;
    std::future::poll_fn(|cx| {
        if !over && second.as_mut().poll(cx).is_ready() {
            over = true;
        }
        first.as_mut().poll(cx).map(drop)
    })
    .await;
}

#[test]
fn whatever_is_cut_off_leaves_no_descriptor_operation_or_block() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = root.join(format!("cut-off-{}", std::process::id()));
    let at = path.clone();
    let cfg = Config { memory_bytes: 256 << 20, ..Config::default() };
    let main = move |shard: Shard, _: Endpoint<()>| {
        let path = at.clone();
        async move {
            let before = descriptors();
            let how = Open { read: true, write: true, create: true, ..Open::default() };
            let file = shard.open(&path, how).await.unwrap();
            file.write_at(Bytes::from(vec![7; FILE_BYTES]), 0, Sync::None).await.unwrap();
            drop(file);
            let rest = async |descriptors_then: usize| {
                while shard.operations() > 0
                    || shard.pool().stats().blocks_out > 0
                    || descriptors() > descriptors_then
                {
                    shard.sleep(Duration::from_millis(1)).await;
                }
            };
            for round in 0..600 {
                cut_off(&shard, &path, round).await;
            }
            let rested = shard.timeout(Duration::from_secs(30), rest(before)).await;
            let (operations, now, pool) = (shard.operations(), descriptors(), shard.pool().stats());
            assert!(rested.is_some(), "{operations} operations, {before} to {now}, {pool:?}");
        }
    };
    let running = launch(cfg, UringDrivers, main).expect("io_uring works on this machine");
    let ended = running.join();
    let _ = std::fs::remove_file(&path);
    ended.expect("no shard panics");
}
