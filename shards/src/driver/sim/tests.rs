//! The simulation itself: what a crash leaves, and that a seed decides everything.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::config::{Class, ShardId};
use crate::driver::{Open, Sync};
use crate::mailbox::Endpoint;
use crate::shard::Shard;

mod answers;
mod disk;
mod net;
mod states;

const HOUR: Duration = Duration::from_secs(3600);

fn create() -> Open {
    Open { read: true, write: true, create: true, ..Open::default() }
}

async fn ping_pong(shard: Shard, endpoint: Endpoint<u64>) {
    let other = ShardId(1 - shard.id().0);
    let file = shard.open(Path::new(&format!("f{}", shard.id())), create()).await.unwrap();
    for i in 0..50 {
        endpoint.send(other, i).await;
        let (from, got) = endpoint.recv().await;
        assert_eq!((from, got), (other, i));
        let bytes = Bytes::copy_from_slice(&shard.random_u64().to_le_bytes());
        file.write_at(bytes, i * 8, Sync::Data).await.unwrap();
        shard.sleep(Duration::from_micros(shard.random_u64() % 1000)).await;
    }
}

#[test]
fn one_seed_gives_one_trace_and_another_seed_another() {
    let trace = |seed| {
        let mut sim = Sim::new(seed);
        assert_eq!(sim.run(2, HOUR, ping_pong), Ended::Finished);
        assert_eq!(sim.open_handles(), 0, "dropping closes");
        (sim.trace(), sim.now())
    };
    assert_eq!(trace(1), trace(1));
    assert_ne!(trace(1), trace(2));
}

#[test]
fn a_process_has_the_memory_that_it_was_started_with() {
    let mut sim = Sim::new(11);
    let shards = 2;
    let process = sim.start_within(64 << 10, shards, |shard: Shard, _: Endpoint<()>| async move {
        let pool = shard.pool();
        let first = shard.id().0 == 0;
        let held = if first { pool.try_take(48 << 10) } else { None };
        shard.sleep(Duration::from_millis(1)).await;
        assert_eq!(pool.stats().held, 64 << 10, "one pool for both shards");
        assert!(pool.try_take(4 << 10).is_none());
        shard.sleep(Duration::from_millis(1)).await;
        drop(held);
    });
    while sim.step(HOUR) {}
    assert!(sim.is_over(process));
}

#[test]
fn a_crash_keeps_what_was_synced_with_its_name() {
    let mut undone = 0;
    for seed in 0..30 {
        let mut sim = Sim::new(seed);
        let ended = sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| async move {
            shard.make_dir(Path::new("d")).await.unwrap();
            shard.sync_dir(Path::new(".")).await.unwrap();
            let file = shard.open(Path::new("d/synced"), create()).await.unwrap();
            shard.sync_dir(Path::new("d")).await.unwrap();
            file.write_at(Bytes::from(vec![1; 8192]), 0, Sync::Data).await.unwrap();
            file.write_at(Bytes::from(vec![2; 8192]), 8192, Sync::None).await.unwrap();
            let lost = shard.open(Path::new("d/unnamed"), create()).await.unwrap();
            lost.write_at(Bytes::from_static(b"x"), 0, Sync::Data).await.unwrap();
        });
        assert_eq!(ended, Ended::Finished);
        sim.crash();
        undone += usize::from(sim.files().len() == 1);
        sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| async move {
            let file = shard.open(Path::new("d/synced"), create()).await.unwrap();
            let buf = shard.pool().try_take(16384).unwrap();
            let (got, buf) = file.read_at(buf, 16384, 0).await;
            let got = got.unwrap();
            assert!(got >= 8192 && buf[..8192].iter().all(|&byte| byte == 1));
            let rest = buf[8192..got].chunks(4096);
            assert!(rest.flatten().all(|&byte| byte == 2 || byte == 0));
        });
    }
    assert!((5..25).contains(&undone), "a name not synced is undone or not: {undone} of 30");
}

#[test]
fn a_program_that_waits_for_nothing_is_found_stuck() {
    let mut sim = Sim::new(3);
    let ended = sim.run(1, HOUR, |_: Shard, _: Endpoint<()>| std::future::pending());
    assert_eq!(ended, Ended::Stuck);
}

#[test]
fn virtual_hours_pass_in_no_time_and_the_limit_ends_them() {
    let mut sim = Sim::new(4);
    let ended = sim.run(1, 100 * HOUR, |shard: Shard, _: Endpoint<()>| async move {
        let before = shard.wall_ms();
        shard.sleep(10 * HOUR).await;
        assert_eq!(shard.wall_ms() - before, 36_000_000);
        shard.sleep(1000 * HOUR).await;
    });
    assert_eq!(ended, Ended::OutOfTime);
}

#[test]
fn a_blocked_sender_goes_on_when_the_receiver_reads() {
    for seed in 0..20 {
        let mut sim = Sim::new(seed);
        let ended = sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| async move {
            let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
            let mut listener = shard.listen(any, ListenOptions::default()).await.unwrap();
            let client = shard.connect(listener.local_addr()).await.unwrap();
            let (server, _) = listener.accept().await.unwrap();
            shard.spawn(Class::Latency, "sender", async move {
                client.send_all(vec![Bytes::from(vec![5; 2 << 20])]).await.unwrap();
            });
            let mut total = 0;
            loop {
                let got = server.recv().await.unwrap();
                if got.is_empty() {
                    break;
                }
                total += got.len();
            }
            assert_eq!(total, 2 << 20);
        });
        assert_eq!(ended, Ended::Finished);
    }
}

#[test]
fn a_process_dies_alone_and_its_peers_hear_of_it_unless_the_power_failed() {
    use std::cell::Cell;
    use std::rc::Rc;
    let at = std::net::SocketAddr::from(([127, 0, 0, 1], 7000));
    for (death, heard) in [(Death::Killed, true), (Death::PowerCut, false)] {
        let mut sim = Sim::new(5);
        let server = sim.start(2, move |shard: Shard, _: Endpoint<()>| async move {
            assert!(shard.probe(at).is_ok() || shard.id() != ShardId(0));
            let mut listener = shard.listen(at, ListenOptions::default()).await.unwrap();
            assert!(shard.probe(at).is_err());
            let taken = listener.accept().await.unwrap();
            shard.sleep(HOUR).await;
            drop(taken);
        });
        let ended = Rc::new(Cell::new(false));
        let told = ended.clone();
        let client = sim.start(1, move |shard: Shard, _: Endpoint<()>| {
            let told = told.clone();
            async move {
                shard.sleep(Duration::from_millis(1)).await;
                let stream = shard.connect(at).await.unwrap();
                let got = shard.timeout(Duration::from_secs(60), stream.recv()).await;
                told.set(matches!(got, Some(Ok(bytes)) if bytes.is_empty()));
                // The port is free again, and time goes on for those that live.
                assert!(shard.probe(at).is_ok());
                assert!(shard.connect(at).await.is_err());
            }
        });
        while sim.step(Duration::from_secs(10)) {}
        sim.end(server, death);
        assert!(sim.is_over(server) && !sim.is_over(client));
        while !sim.is_over(client) {
            let more = sim.step(Duration::from_secs(200));
            assert!(more || sim.is_over(client), "the client hangs");
        }
        assert_eq!(ended.get(), heard, "{death:?}");
        sim.end(client, Death::Killed);
        assert_eq!(sim.open_handles(), 0);
    }
}

/// Prints how fast the simulation is; asserts nothing about it. For `perf`: run it alone, with
/// `--nocapture`, optimised.
#[test]
fn speed_of_a_simple_program() {
    let started = std::time::Instant::now();
    let (mut events, seeds) = (0, 20);
    for seed in 0..seeds {
        let mut sim = Sim::new(seed);
        let counted = std::rc::Rc::new(std::cell::Cell::new(0));
        let told = counted.clone();
        let ended = sim.run(2, HOUR, move |shard: Shard, _: Endpoint<()>| {
            let told = told.clone();
            async move {
                let how = Open { direct: true, ..create() };
                let name = format!("f{}", shard.id());
                let file = shard.open(Path::new(&name), how).await.unwrap();
                let zeros = shard.pool().try_take(1 << 20).unwrap().into_bytes(1 << 20);
                for n in 0..32 {
                    file.write_at(zeros.clone(), n << 20, Sync::None).await.unwrap();
                }
                file.sync_all().await.unwrap();
                for n in 0..2000u64 {
                    let mut block = shard.pool().try_take(4096).unwrap();
                    block[..8].copy_from_slice(&n.to_le_bytes());
                    let at = n % 500 * 4096;
                    file.write_at(block.into_bytes(4096), at, Sync::Data).await.unwrap();
                }
                told.set(told.get() + shard.stats().ops_completed.get());
            }
        });
        assert_eq!(ended, Ended::Finished);
        events += counted.get();
    }
    let took = started.elapsed();
    let per_second = events as f64 / took.as_secs_f64();
    eprintln!(
        "{events} operations in {took:?}: {per_second:.0}/s, {:?} a seed",
        took / seeds as u32
    );
}
