//! Faults of the network, and that one seed gives one trace under all faults at once.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;

use super::*;
use crate::{Follow, Stream};

fn at() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9000))
}

/// Sends back what it hears, on every connection.
async fn serve(shard: Shard) {
    let mut listener = shard.listen(at(), ListenOptions::default()).await.unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        shard.spawn(Class::Latency, "echo", async move {
            while let Ok(got) = stream.recv().await {
                let echo = Bytes::copy_from_slice(&got);
                drop(got);
                if echo.is_empty() || stream.send_all(vec![echo]).await.is_err() {
                    break;
                }
            }
        });
    }
}

/// Runs `main` beside an echo server.
fn run<Fut: Future<Output = ()> + 'static>(sim: &mut Sim, main: fn(Shard, Controls) -> Fut) {
    let controls = sim.controls();
    let ended = sim.run(1, HOUR * 100, |shard: Shard, _: Endpoint<()>| {
        let controls = controls.clone();
        async move {
            shard.spawn(Class::Latency, "server", serve(shard.clone()));
            shard.sleep(Duration::from_millis(1)).await;
            main(shard, controls).await;
        }
    });
    assert_eq!(ended, Ended::Finished);
}

/// What came back of `bytes`, and the error that ended it early.
async fn echo(stream: &Stream, bytes: Bytes) -> (Vec<u8>, Option<std::io::Error>) {
    let mut back = Vec::new();
    if let Err(error) = stream.send_all(vec![bytes.clone()]).await {
        return (back, Some(error));
    }
    while back.len() < bytes.len() {
        match stream.recv().await {
            Ok(got) if got.is_empty() => break,
            Ok(got) => back.extend_from_slice(&got),
            Err(error) => return (back, Some(error)),
        }
    }
    (back, None)
}

fn pattern(len: usize) -> Bytes {
    (0..len).map(|i| (i % 251) as u8).collect::<Vec<u8>>().into()
}

#[test]
fn connections_are_cut_at_any_byte_until_healed() {
    let mut sim = Sim::new(1);
    run(&mut sim, |shard, controls| async move {
        controls.set_net_faults(NetFaults { cut_per_million: 100_000, ..NetFaults::default() });
        let (mut cut, mut partial) = (0, 0);
        for _ in 0..60 {
            let stream = shard.connect(at()).await.unwrap();
            let (back, error) = echo(&stream, pattern(10_000)).await;
            assert!(pattern(10_000).starts_with(&back), "what came is what was sent");
            partial += usize::from(!back.is_empty() && back.len() < 10_000);
            if let Some(error) = error {
                assert_eq!(error.raw_os_error(), Some(libc::ECONNRESET));
                cut += 1;
                // And so it stays.
                assert!(stream.send_all(vec![pattern(1)]).await.is_err());
                let got = shard.timeout(HOUR, stream.recv()).await.expect("an answer");
                assert!(got.is_err() || got.is_ok_and(|got| got.is_empty() || got.len() <= 10_000));
            }
        }
        assert!(cut > 10 && partial > 0, "{cut} cut, {partial} of them half-way");
        assert!(controls.fault_counts().cuts >= cut);
        controls.heal();
        for _ in 0..20 {
            let stream = shard.connect(at()).await.unwrap();
            assert_eq!(echo(&stream, pattern(10_000)).await.0, pattern(10_000));
        }
    });
}

#[test]
fn a_half_open_connection_swallows_until_full_and_is_reset_after_heal() {
    let mut sim = Sim::new(2);
    run(&mut sim, |shard, controls| async move {
        let [stream, silent] =
            [shard.connect(at()).await.unwrap(), shard.connect(at()).await.unwrap()];
        for stream in [&stream, &silent] {
            assert_eq!(echo(stream, pattern(10)).await.0, pattern(10));
        }
        controls
            .set_net_faults(NetFaults { half_open_per_million: 1_000_000, ..NetFaults::default() });
        stream.send_all(vec![pattern(1000)]).await.unwrap();
        assert!(shard.timeout(HOUR, silent.recv()).await.is_none(), "nobody is told");
        assert!(shard.timeout(HOUR, stream.recv()).await.is_none(), "nothing comes back");
        let much = stream.send_all(vec![pattern(1 << 20)]);
        assert!(shard.timeout(HOUR, much).await.is_none(), "full in the end");
        assert_eq!(controls.fault_counts().half_opens, 2);
        controls.heal();
        assert_eq!(
            stream.recv().await.err().and_then(|e| e.raw_os_error()),
            Some(libc::ECONNRESET),
            "what was sent is answered by a reset"
        );
        assert!(shard.timeout(HOUR, silent.recv()).await.is_none(), "who is silent hears nothing");
        assert!(silent.send_all(vec![pattern(1)]).await.is_err());
        let fresh = shard.connect(at()).await.unwrap();
        assert_eq!(echo(&fresh, pattern(10)).await.0, pattern(10));
    });
}

#[test]
fn fragments_are_small_and_in_order_and_stop_when_healed() {
    let mut sim = Sim::new(3);
    run(&mut sim, |shard, controls| async move {
        let pieces = async |stream: &Stream| {
            let sender = stream.clone();
            shard.spawn(Class::Latency, "sender", async move {
                sender.send_all(vec![pattern(20_000)]).await.unwrap();
            });
            let (mut back, mut pieces) = (Vec::new(), 0);
            while back.len() < 20_000 {
                back.extend_from_slice(&stream.recv().await.unwrap());
                pieces += 1;
            }
            assert_eq!(back, pattern(20_000));
            pieces
        };
        controls.set_net_faults(NetFaults { fragment: true, ..NetFaults::default() });
        let fragmented = pieces(&shard.connect(at()).await.unwrap()).await;
        controls.heal();
        let whole = pieces(&shard.connect(at()).await.unwrap()).await;
        assert!(fragmented > 40 && whole < 20, "{fragmented} pieces, healed {whole}");
    });
}

#[test]
fn delays_are_mostly_short_and_sometimes_long() {
    let mut sim = Sim::new(4);
    run(&mut sim, |shard, controls| async move {
        let delay_max = Duration::from_secs(1);
        controls.set_net_faults(NetFaults { delay_max, ..NetFaults::default() });
        let stream = shard.connect(at()).await.unwrap();
        let timed = async || {
            let before = shard.precise_ns();
            echo(&stream, pattern(10)).await;
            Duration::from_nanos(shard.precise_ns() - before)
        };
        let mut times = Vec::new();
        for _ in 0..100 {
            times.push(timed().await);
        }
        times.sort_unstable();
        assert!(
            times[50] < delay_max && times[99] > delay_max / 2,
            "{:?} {:?}",
            times[50],
            times[99]
        );
        controls.heal();
        // What is under way arrives when it was to.
        timed().await;
        assert!(timed().await < Duration::from_millis(1));
    });
}

/// A little of everything, on a world that breaks in every way it can.
fn all_faults(seed: u64, byte: u8) -> (u64, Duration, FaultCounts) {
    let mut sim = Sim::new(seed);
    sim.set_disk_faults(DiskFaults {
        torn: true,
        eio_per_mille: 20,
        stall_per_mille: 20,
        stall_max: Duration::from_secs(2),
        capacity_bytes: Some(32 << 10),
        lost_per_million: 20_000,
        misdirected_per_million: 20_000,
        rot_per_million: 20_000,
    });
    sim.set_net_faults(NetFaults {
        delay_max: Duration::from_millis(50),
        cut_per_million: 5_000,
        half_open_per_million: 5_000,
        fragment: true,
        slow_readers_per_mille: 300,
        slow_max: Duration::from_millis(20),
    });
    for life in 0..4 {
        let controls = sim.controls();
        sim.run(2, Duration::from_secs(20), |shard: Shard, endpoint: Endpoint<u64>| {
            let controls = controls.clone();
            async move {
                if shard.id() == ShardId(0) {
                    shard.spawn(Class::Latency, "server", serve(shard.clone()));
                }
                everything(shard, endpoint, (controls, life, byte)).await;
            }
        });
        sim.jump_wall(1 - life);
        sim.crash();
    }
    (sim.trace(), sim.now(), sim.fault_counts())
}

/// Reads a file through the page cache, and sends it from there to one who does not listen.
async fn answer(shard: &Shard, path: &str) -> std::io::Result<()> {
    let file = shard.open_shared(Path::new(path)).await?;
    let stream = shard.connect(at()).await?;
    let buf = shard.pool().try_take(8192).unwrap();
    file.read_at(shard, buf, 8192, 0).await.0?;
    stream.writable().await;
    stream.send_file(&file, 100..8192, Follow::Nothing).await?;
    stream.peer_closed().await;
    Ok(())
}

async fn everything(
    shard: Shard,
    endpoint: Endpoint<u64>,
    (controls, life, byte): (Controls, i64, u8),
) {
    let own = format!("f{}", shard.id());
    for n in 0..40u64 {
        if let Ok(file) = shard.open(Path::new(&own), create()).await {
            let block = Bytes::from(vec![byte ^ n as u8; 512 + n as usize * 300]);
            let sync = if n % 3 == 0 { Sync::Data } else { Sync::None };
            let _ = file.write_at(block, n * 4096, sync).await;
            if n % 4 == 0 {
                let _ = file.sync_data().await;
            }
            let buf = shard.pool().try_take(8192).unwrap();
            let _ = file.read_at(buf, 8192, (n / 2) * 4096).await;
            shard.timeout(Duration::from_secs(1), answer(&shard, &own)).await;
        }
        let _ = shard.rename(Path::new(&own), Path::new(&format!("{own}-{}", n % 3))).await;
        if let Some(Ok(stream)) = shard.timeout(Duration::from_secs(1), shard.connect(at())).await {
            let echoed = echo(&stream, Bytes::from(vec![byte; 700]));
            shard.timeout(Duration::from_secs(1), echoed).await;
        }
        endpoint.send(ShardId(1 - shard.id().0), n).await;
        shard.sleep(Duration::from_micros(shard.random_u64() % 5_000)).await;
        if n == 9 + 7 * life as u64 {
            controls.cut();
        }
        let _ = endpoint.try_recv();
    }
}

#[test]
fn one_seed_gives_one_trace_under_all_faults_and_one_changed_byte_another() {
    let mut sum = FaultCounts::default();
    let mut traces = std::collections::BTreeSet::new();
    for seed in 0..5 {
        let (trace, now, counts) = all_faults(seed, 1);
        assert_eq!(all_faults(seed, 1), (trace, now, counts), "seed {seed} twice");
        assert_ne!(all_faults(seed, 3).0, trace, "seed {seed} with other bytes");
        traces.insert(trace);
        sum = FaultCounts {
            io_errors: sum.io_errors + counts.io_errors,
            sectors_lost: sum.sectors_lost + counts.sectors_lost,
            no_space: sum.no_space + counts.no_space,
            stalls: sum.stalls + counts.stalls,
            lost: sum.lost + counts.lost,
            misdirected: sum.misdirected + counts.misdirected,
            rotted: sum.rotted + counts.rotted,
            cuts: sum.cuts + counts.cuts,
            half_opens: sum.half_opens + counts.half_opens,
            slow_readers: sum.slow_readers + counts.slow_readers,
        };
    }
    assert_eq!(traces.len(), 5);
    let FaultCounts { io_errors, sectors_lost, no_space, stalls, .. } = sum;
    let FaultCounts { lost, misdirected, rotted, cuts, half_opens, slow_readers, .. } = sum;
    let disk = [io_errors, sectors_lost, no_space, stalls, lost, misdirected, rotted];
    let net = [cuts, half_opens, slow_readers];
    assert!(disk.iter().chain(&net).all(|n| *n > 0), "{sum:?}");
}

/// The trace sees bytes, not only lengths and times.
#[test]
fn a_changed_byte_that_is_written_or_sent_changes_the_trace() {
    let trace = |written: u8, sent: u8| {
        let mut sim = Sim::new(5);
        let bytes = Rc::new((Cell::new(written), RefCell::new(vec![sent])));
        let ended = sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| {
            let bytes = bytes.clone();
            async move {
                shard.spawn(Class::Latency, "server", serve(shard.clone()));
                let file = shard.open(Path::new("f"), create()).await.unwrap();
                let written = Bytes::from(vec![bytes.0.get()]);
                file.write_at(written, 0, Sync::None).await.unwrap();
                let stream = shard.connect(at()).await.unwrap();
                let sent = Bytes::from(bytes.1.borrow().clone());
                stream.send_all(vec![sent]).await.unwrap();
            }
        });
        assert_eq!(ended, Ended::Finished);
        sim.trace()
    };
    assert_eq!(trace(1, 1), trace(1, 1));
    assert_ne!(trace(1, 1), trace(2, 1));
    assert_ne!(trace(1, 1), trace(1, 2));
}
