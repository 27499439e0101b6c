//! Sending without waiting, on io_uring and in the simulation.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::{
    Class, Config, Endpoint, Follow, ListenOptions, Parts, Shard, UringDrivers, launch,
};

const BYTES: usize = 24 << 20;

fn pattern() -> Bytes {
    (0..BYTES).map(|i| (i / 7) as u8).collect()
}

/// Sends what there is room for until there is none; then the peer begins to read, and all
/// arrives once and in order.
async fn program(shard: Shard) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut listener = shard.listen(any, ListenOptions::default()).await.expect("listens");
    let peer = shard.connect(listener.local_addr()).await.expect("connects");
    let (stream, _) = listener.accept().await.expect("a client");
    let all = pattern();
    let mut parts: Parts = all.chunks(1 << 20).map(|part| all.slice_ref(part)).collect();
    let mut sent = 0;
    loop {
        let more = stream.send_some(&mut parts, Follow::Nothing).await.expect("open");
        sent += more;
        let left: usize = parts.iter().map(Bytes::len).sum();
        assert_eq!(sent + left, BYTES, "what was sent has left the parts");
        if more == 0 {
            break;
        }
    }
    assert!(sent > 0 && sent < BYTES, "{sent} bytes fit into a socket that nobody reads");
    let sender = stream.clone();
    shard.spawn(Class::Latency, "sender", async move {
        sender.send_all(parts).await.expect("the peer reads");
        sender.shutdown();
    });
    let buf = shard.pool().try_take(BYTES).expect("memory");
    let (got, buf) = peer.recv_into(buf, 0, BYTES).await;
    assert_eq!(got.expect("all"), BYTES);
    assert!(buf[..BYTES] == all[..], "in order");
    drop(peer);
    let mut parts: Parts = Parts::from_iter([Bytes::from_static(b"x")]);
    while stream.send_some(&mut parts, Follow::Nothing).await.is_ok_and(|n| n > 0) {
        parts.push(Bytes::from_static(b"x"));
        shard.yield_now().await;
    }
    assert_eq!(
        stream.send_some(&mut Parts::new(), Follow::Nothing).await.expect("nothing to do"),
        0
    );
}

#[test]
fn what_fits_is_sent_and_what_does_not_is_kept_on_io_uring() {
    let main = |shard: Shard, _: Endpoint<()>| program(shard);
    let cfg = Config { memory_bytes: 256 << 20, ..Config::default() };
    launch(cfg, UringDrivers, main).expect("io_uring works").join().expect("no panic");
}

#[test]
fn what_fits_is_sent_and_what_does_not_is_kept_in_the_simulation() {
    for seed in 0..5 {
        let mut sim = Sim::new(seed);
        let main = |shard: Shard, _: Endpoint<()>| program(shard);
        assert_eq!(sim.run(1, Duration::from_secs(60), main), Ended::Finished, "seed {seed}");
        assert_eq!(sim.open_handles(), 0, "seed {seed}");
    }
}
