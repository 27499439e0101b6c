//! The simulated page cache, and readers that are slow: what no test on a real kernel can show.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;

use super::*;
use crate::{Follow, Sent, SharedFile, Stream};

const LEN: usize = 64 << 10;

fn direct() -> Open {
    Open { direct: true, ..create() }
}

async fn write(shard: &Shard, path: &str, byte: u8, sync: Sync) {
    let file = shard.open(Path::new(path), direct()).await.unwrap();
    let mut buf = shard.pool().try_take(LEN).unwrap();
    buf.fill(byte);
    file.write_at(buf.into_bytes(LEN), 0, sync).await.unwrap();
}

async fn read(shard: &Shard, file: &SharedFile) -> Vec<u8> {
    let buf = shard.pool().try_take(LEN).unwrap();
    let (got, buf) = file.read_at(shard, buf, LEN, 0).await;
    buf[..got.unwrap()].to_vec()
}

async fn connection(shard: &Shard) -> (Stream, Stream) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut listener = shard.listen(any, ListenOptions::default()).await.unwrap();
    let client = shard.connect(listener.local_addr()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

fn run<Fut: Future<Output = ()> + 'static>(sim: &mut Sim, main: impl Fn(Shard, Controls) -> Fut) {
    let controls = sim.controls();
    let main = |shard: Shard, _: Endpoint<()>| main(shard, controls.clone());
    assert_eq!(sim.run(1, HOUR * 10, main), Ended::Finished);
}

#[test]
fn the_page_cache_hides_what_rots_on_the_device_until_it_is_read_again() {
    let hidden = Rc::new(Cell::new(0));
    for seed in 0..100 {
        let hidden = hidden.clone();
        run(&mut Sim::new(seed), move |shard, controls| {
            let hidden = hidden.clone();
            async move {
                write(&shard, "f", 3, Sync::Data).await;
                let file = shard.open_shared(Path::new("f")).await.unwrap();
                assert_eq!(read(&shard, &file).await, vec![3; LEN]);
                controls.flip_bit(Path::new("f"), 8 * 5000);
                let there = file.resident(&shard, 0..LEN as u64) as usize;
                let (client, server) = connection(&shard).await;
                // Once found good, and still there: good. Read again: what the device has now.
                let again = read(&shard, &file).await;
                assert_eq!(again[5000], if there > 5000 { 3 } else { 2 });
                hidden.set(hidden.get() + usize::from(there == LEN));
                if let Sent::Bytes(n) =
                    server.send_file(&file, 0..4096, Follow::Nothing).await.unwrap()
                {
                    let got = client.recv().await.unwrap();
                    assert!(n > 0 && got.iter().all(|&byte| byte == 3));
                }
            }
        });
    }
    assert!((1..100).contains(&hidden.get()), "pages stay or go: {}", hidden.get());
}

#[test]
fn the_page_cache_outlives_a_killed_process_and_not_the_power() {
    for (power_cut, resident) in [(false, LEN as u64), (true, 0)] {
        let mut sim = Sim::new(7);
        run(&mut sim, |shard, _| async move {
            write(&shard, "f", 1, Sync::Data).await;
            shard.sync_dir(Path::new(".")).await.unwrap();
            // Not durable yet, and read all the same.
            write(&shard, "f", 2, Sync::None).await;
            let file = shard.open_shared(Path::new("f")).await.unwrap();
            assert_eq!(read(&shard, &file).await, vec![2; LEN]);
        });
        if power_cut {
            sim.crash();
        }
        run(&mut sim, move |shard, _| async move {
            let file = shard.open_shared(Path::new("f")).await.unwrap();
            assert_eq!(file.resident(&shard, 0..LEN as u64), resident, "power cut: {power_cut}");
            let now = read(&shard, &file).await;
            let block = |block: &[u8]| block.iter().all(|&byte| byte == block[0]);
            assert!(now.chunks(4096).all(block));
            assert!(power_cut || now == vec![2; LEN]);
        });
        assert_eq!(sim.open_handles(), 0);
    }
}

#[test]
fn a_file_that_grows_or_shrinks_is_read_as_it_is_now() {
    run(&mut Sim::new(8), |shard, _| async move {
        let writer = shard.open(Path::new("f"), create()).await.unwrap();
        writer.write_at(Bytes::from(vec![5; 5000]), 0, Sync::Data).await.unwrap();
        let file = shard.open_shared(Path::new("f")).await.unwrap();
        assert_eq!(read(&shard, &file).await, vec![5; 5000]);
        writer.allocate(0, 8192).await.unwrap();
        assert_eq!(read(&shard, &file).await, [vec![5; 5000], vec![0; 3192]].concat());
        writer.set_len(100).await.unwrap();
        assert_eq!(read(&shard, &file).await, vec![5; 100]);
        writer.set_len(200).await.unwrap();
        assert_eq!(read(&shard, &file).await, [vec![5; 100], vec![0; 100]].concat());
    });
}

/// Virtual time that a client takes to receive 256 KiB, with and without slow readers.
#[test]
fn slow_readers_take_their_time_and_stall_only_their_own_senders() {
    let took = |slow_readers_per_mille| {
        let mut sim = Sim::new(9);
        let slow_max = Duration::from_millis(50);
        sim.set_net_faults(NetFaults { slow_readers_per_mille, slow_max, ..Default::default() });
        let took = Rc::new(Cell::new(Duration::ZERO));
        let told = took.clone();
        run(&mut sim, move |shard, controls| {
            let told = told.clone();
            async move {
                let (client, server) = connection(&shard).await;
                let made = controls.fault_counts().slow_readers;
                assert_eq!(made, u64::from(slow_readers_per_mille) / 1000);
                // Who asks is slow; who is asked is not.
                client.send_all(vec![Bytes::from(vec![1; 1000])]).await.unwrap();
                let began = controls.now();
                let mut asked = 0;
                while asked < 1000 {
                    asked += server.recv().await.unwrap().len();
                }
                assert!(controls.now() - began < Duration::from_millis(1));
                shard.spawn(Class::Latency, "answer", async move {
                    server.send_all(vec![Bytes::from(vec![2; 256 << 10])]).await.unwrap();
                });
                let began = controls.now();
                for _ in 0..40 {
                    assert!(!client.recv().await.unwrap().is_empty());
                    if slow_readers_per_mille == 0 {
                        break;
                    }
                }
                told.set(controls.now() - began);
            }
        });
        took.get()
    };
    assert!(took(0) < Duration::from_millis(1));
    assert!(took(1000) > Duration::from_millis(200));
}
