//! Files that every shard may use, sent from the page cache: the same programs on a real ring and
//! in the simulation, then what only one of them shows.

mod scratch;

use std::cell::Cell;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::limits::{LOAD_BYTES, SEND_FILE_BYTES_MAX};
use millstream_shards::{
    Class, Config, Endpoint, File, Follow, ListenOptions, Open, Sent, Shard, ShardId, SharedFile,
    Stream, Sync, UringDrivers, launch,
};

use scratch::Dir;

const KIB: usize = 1024;

/// Runs the program on a ring, on one shard.
fn on_ring<Fut: Future<Output = ()> + 'static>(name: &str, program: fn(Shard, PathBuf) -> Fut) {
    let dir = Dir::new(name);
    let root = dir.0.clone();
    let cfg = Config { memory_bytes: 256 << 20, ..Config::default() };
    let main = move |shard: Shard, _: Endpoint<()>| program(shard, root.clone());
    let running = launch(cfg, UringDrivers, main).expect("io_uring works on this machine");
    running.join().expect("no shard panics");
}

/// Runs the program on a ring, and in the simulation under some seeds.
fn on_both<Fut: Future<Output = ()> + 'static>(name: &str, program: fn(Shard, PathBuf) -> Fut) {
    on_ring(name, program);
    for seed in 0..8 {
        let mut sim = Sim::new(seed);
        let hour = Duration::from_secs(3600);
        let main = |shard: Shard, _: Endpoint<()>| program(shard, PathBuf::new());
        assert_eq!(sim.run(1, hour, main), Ended::Finished, "seed {seed}");
        assert_eq!(sim.open_handles(), 0, "seed {seed}: all is closed");
    }
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 253) as u8 ^ (i >> 12) as u8).collect()
}

/// Writes past the page cache, as segment files are written.
async fn write_direct(shard: &Shard, path: &Path, bytes: &[u8]) -> File {
    let how = Open { read: true, write: true, create: true, direct: true, ..Open::default() };
    let file = shard.open(path, how).await.unwrap();
    write_block(shard, &file, bytes, 0).await;
    file
}

async fn write_block(shard: &Shard, file: &File, bytes: &[u8], offset: u64) {
    let mut buf = shard.pool().try_take(bytes.len()).unwrap();
    buf[..bytes.len()].copy_from_slice(bytes);
    file.write_at(buf.into_bytes(bytes.len()), offset, Sync::Data).await.unwrap();
}

/// Two ends of a connection: the one that asked, and the one that was asked.
async fn connection(shard: &Shard) -> (Stream, Stream) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut listener = shard.listen(any, ListenOptions::default()).await.unwrap();
    let client = shard.connect(listener.local_addr()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

async fn read(shard: &Shard, file: &SharedFile, offset: u64, len: usize) -> Vec<u8> {
    let buf = shard.pool().try_take(len.max(4096)).unwrap();
    let (got, buf) = file.read_at(shard, buf, len, offset).await;
    buf[..got.unwrap()].to_vec()
}

/// Sends the range as a broker does: what is in memory from there, else reads it first.
async fn answer(shard: &Shard, stream: &Stream, file: &SharedFile, (mut at, end): (u64, u64)) {
    while at < end {
        match stream.send_file(file, at..end, Follow::Nothing).await.unwrap() {
            Sent::Bytes(n) => {
                assert!(n > 0 && n <= SEND_FILE_BYTES_MAX.min(end - at));
                at += n;
            }
            Sent::NotResident => {
                let missing = (end - at).min(256 * KIB as u64) as usize;
                assert_eq!(read(shard, file, at, missing).await.len(), missing);
            }
        }
    }
}

async fn receive(stream: &Stream, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len);
    while bytes.len() < len {
        let got = stream.recv().await.unwrap();
        assert!(!got.is_empty(), "the stream ends after {} of {len}", bytes.len());
        bytes.extend_from_slice(&got);
    }
    bytes
}

/// Fills the connection with bytes of the file until nothing more goes in.
async fn fill(shard: &Shard, stream: &Stream, file: &SharedFile, len: u64) -> u64 {
    let mut sent = 0;
    let patience = Duration::from_millis(200);
    loop {
        match shard.timeout(patience, stream.send_file(file, 0..len, Follow::Nothing)).await {
            None => return sent,
            Some(Ok(Sent::Bytes(n))) => sent += n,
            Some(Ok(Sent::NotResident)) => drop(read(shard, file, 0, len as usize).await),
            Some(Err(error)) => panic!("{error}"),
        }
    }
}

#[test]
fn a_range_of_a_file_arrives_whole_whatever_was_in_memory() {
    on_both("whole", |shard, root| async move {
        let bytes = pattern(3 * KIB * KIB);
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        let (from, upto) = (1234, bytes.len() - 777);
        for _ in 0..2 {
            let (file, server, all) = (file.clone(), server.clone(), shard.clone());
            shard.spawn(Class::Latency, "answer", async move {
                answer(&all, &server, &file, (from as u64, upto as u64)).await;
            });
            assert!(receive(&client, upto - from).await == bytes[from..upto]);
        }
    });
}

#[test]
fn what_was_written_past_the_cache_is_not_resident_until_it_is_read() {
    on_both("resident", |shard, root| async move {
        let bytes = pattern(256 * KIB);
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        let len = bytes.len() as u64;
        assert_eq!(file.resident(&shard, 0..len), 0);
        assert_eq!(
            server.send_file(&file, 0..len, Follow::Nothing).await.unwrap(),
            Sent::NotResident
        );
        let page = 64 * KIB as u64;
        assert_eq!(read(&shard, &file, page, page as usize).await.len(), page as usize);
        assert_eq!(file.resident(&shard, 0..len), 0, "the first page is what counts");
        // In the simulation pages are lost now and then; nothing more than was read is there.
        let there = file.resident(&shard, page + 5..len);
        assert!(there <= page - 5, "{there}: nothing was read that was not asked for");
        if let Sent::Bytes(n) =
            server.send_file(&file, page + 5..len, Follow::Nothing).await.unwrap()
        {
            assert!(n <= page - 5);
            let range = page as usize + 5..(page + 5 + n) as usize;
            assert_eq!(receive(&client, n as usize).await, bytes[range]);
        }
        assert_eq!(
            server.send_file(&file, len..len + 1, Follow::Nothing).await.unwrap(),
            Sent::NotResident
        );
    });
}

#[test]
fn all_that_was_read_is_resident_on_a_ring() {
    on_ring("all-resident", |shard, root| async move {
        let path = root.join("f");
        let bytes = pattern(3 * KIB * KIB);
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        assert!(read(&shard, &file, 0, bytes.len()).await == bytes);
        let len = bytes.len() as u64;
        assert_eq!(file.resident(&shard, 0..len), len, "over more than one call's pages");
        assert_eq!(file.resident(&shard, 4095..len - 1), len - 4096);
        assert_eq!(file.resident(&shard, 10..10), 0);
    });
}

#[test]
fn a_direct_write_is_seen_by_the_next_read_and_not_by_what_lies_in_a_socket() {
    on_both("rewritten", |shard, root| async move {
        let path = root.join("f");
        let mut block = pattern(4 * KIB);
        block[1000..].fill(0);
        let writer = write_direct(&shard, &path, &block).await;
        let file = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        for round in 0..20u8 {
            let before = read(&shard, &file, 0, block.len()).await;
            assert_eq!(before, block, "round {round}");
            let sent = match server
                .send_file(&file, 0..block.len() as u64, Follow::Nothing)
                .await
                .unwrap()
            {
                Sent::Bytes(n) => n as usize,
                Sent::NotResident => 0,
            };
            // The block grows in place, as a log's last one does.
            let end = 1000 + usize::from(round) * 100;
            block[end..end + 100].fill(round + 1);
            write_block(&shard, &writer, &block, 0).await;
            assert_eq!(file.resident(&shard, 0..4096), 0, "round {round}: the old page is gone");
            assert!(receive(&client, sent).await == before[..sent], "round {round}");
        }
    });
}

#[test]
fn a_load_brings_the_range_and_its_neighbours() {
    on_both("load", |shard, root| async move {
        let bytes = pattern(5 * KIB * KIB);
        let len = bytes.len() as u64;
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        file.load(&shard, 10..11).await;
        // In the simulation pages are lost now and then, here as below.
        let mut there = 0;
        for _ in 0..8 {
            there = file.resident(&shard, 4096..len).max(there);
        }
        assert!(there >= 64 * KIB as u64, "{there}: it reads more than a page at a time");
        file.load(&shard, 0..len).await;
        // Past the end there is nothing to wait for.
        file.load(&shard, len - 1..len + LOAD_BYTES * 2).await;
        file.load(&shard, len * 2..len * 3).await;
        assert!(read(&shard, &file, 0, bytes.len()).await == bytes);
    });
}

#[test]
fn a_direct_write_into_loaded_pages_is_seen_by_the_next_read() {
    on_both("load-rewritten", |shard, root| async move {
        let mut bytes = pattern(LOAD_BYTES as usize);
        let path = root.join("f");
        let writer = write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        for round in 1..10u8 {
            assert!(read(&shard, &file, 0, bytes.len()).await == bytes, "round {round}");
            let at = usize::from(round) * 56 * 4096;
            bytes[at..at + 4096].fill(round);
            write_block(&shard, &writer, &bytes[at..at + 4096], at as u64).await;
            assert_eq!(file.resident(&shard, at as u64..at as u64 + 1), 0, "round {round}");
        }
    });
}

#[test]
fn readers_of_one_range_load_it_side_by_side() {
    on_both("load-many", |shard, root| async move {
        let bytes = std::rc::Rc::new(pattern(3 * KIB * KIB));
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        let readers = (0..12).map(|n| {
            let (shard, file, bytes) = (shard.clone(), file.clone(), bytes.clone());
            let to = shard.clone();
            to.spawn(Class::Latency, "reader", async move {
                let at = n * 128 * KIB;
                let got = read(&shard, &file, at as u64, KIB * KIB).await;
                assert!(got == bytes[at..at + KIB * KIB], "reader {n}");
            })
        });
        for reader in readers.collect::<Vec<_>>() {
            while !reader.is_finished() {
                shard.sleep(Duration::from_millis(1)).await;
            }
        }
    });
}

#[test]
fn what_was_known_of_a_file_before_it_was_renewed_is_not_acted_on() {
    on_both("renewed", |shard, root| async move {
        let bytes = pattern(KIB * KIB);
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let before = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        let len = bytes.len() as u64;
        let mut sent = fill(&shard, &server, &before, len).await;
        // A send that waits for room meanwhile is of before, too. The kernel may still find some.
        let (waits, outcome) = loop {
            let (waiting, old, outcome) =
                (server.clone(), before.clone(), Rc::new(Cell::new(None)));
            let told = outcome.clone();
            let waits = shard.spawn(Class::Latency, "wait", async move {
                told.set(Some(waiting.send_file(&old, 0..len, Follow::Nothing).await.unwrap()));
            });
            shard.sleep(Duration::from_millis(200)).await;
            match outcome.get() {
                None => break (waits, outcome),
                Some(Sent::Bytes(n)) => sent += n,
                Some(Sent::NotResident) => drop(read(&shard, &before, 0, bytes.len()).await),
            }
        };
        let mut renewed = before.clone();
        renewed.renew();
        assert!(renewed.is_current() && !before.is_current());
        drop(receive(&client, sent as usize).await);
        while !waits.is_finished() {
            shard.sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(outcome.get(), Some(Sent::NotResident));
        assert_eq!(
            server.send_file(&before, 0..len, Follow::Nothing).await.unwrap(),
            Sent::NotResident
        );
        let (all, file) = (shard.clone(), renewed.clone());
        shard.spawn(Class::Latency, "answer", async move {
            answer(&all, &server, &file, (0, len)).await;
        });
        assert!(receive(&client, bytes.len()).await == bytes);
    });
}

#[test]
fn a_file_may_lose_its_name_or_become_shorter_meanwhile() {
    on_both("unlinked", |shard, root| async move {
        let bytes = pattern(128 * KIB);
        let path = root.join("f");
        let writer = write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        shard.unlink(&path).await.unwrap();
        let all = (shard.clone(), server.clone(), file.clone());
        let len = bytes.len() as u64;
        shard.spawn(Class::Latency, "answer", async move {
            answer(&all.0, &all.1, &all.2, (0, len)).await;
        });
        assert!(receive(&client, bytes.len()).await == bytes);
        writer.set_len(4096).await.unwrap();
        assert_eq!(
            server.send_file(&file, 4096..len, Follow::Nothing).await.unwrap(),
            Sent::NotResident
        );
        assert_eq!(read(&shard, &file, 0, bytes.len()).await, &bytes[..4096]);
        assert!(read(&shard, &file, 4096, 4096).await.is_empty(), "how one hears of the end");
    });
}

#[test]
fn a_reader_that_stalls_holds_nothing_and_its_leaving_ends_the_send() {
    on_both("stalled", |shard, root| async move {
        let bytes = pattern(KIB * KIB);
        let path = root.join("f");
        write_direct(&shard, &path, &bytes).await;
        let file = shard.open_shared(&path).await.unwrap();
        let (client, server) = connection(&shard).await;
        let soon = Duration::from_millis(20);
        let mut sent = fill(&shard, &server, &file, bytes.len() as u64).await;
        // On a busy machine it may have looked full too early.
        while shard.timeout(soon, server.writable()).await.is_some() {
            sent += fill(&shard, &server, &file, bytes.len() as u64).await;
        }
        assert!(sent > 0);
        assert_eq!(shard.pool().stats().blocks_out, 0, "nothing of the pool waits for it");
        // Room is seen when the reader goes on.
        drop(receive(&client, sent as usize).await);
        server.writable().await;
        // And the end of a send that waits comes with the reader's.
        fill(&shard, &server, &file, bytes.len() as u64).await;
        let waiting = shard.clone();
        shard.spawn(Class::Latency, "leave", async move {
            waiting.sleep(Duration::from_millis(20)).await;
            drop(client);
        });
        let ended = loop {
            match server.send_file(&file, 0..4096, Follow::Nothing).await {
                Ok(Sent::NotResident) => drop(read(&shard, &file, 0, 4096).await),
                Ok(Sent::Bytes(_)) => {}
                Err(error) => break error,
            }
        };
        let codes = [Some(libc::ECONNRESET), Some(libc::EPIPE)];
        assert!(codes.contains(&ended.raw_os_error()), "{ended}");
        server.writable().await;
    });
}

#[test]
fn a_peer_is_gone_when_it_closes_whatever_was_not_read() {
    on_both("gone", |shard, _| async move {
        for half in [false, true] {
            let (client, server) = connection(&shard).await;
            client.send_all(vec![Bytes::from(vec![1; 5000])]).await.unwrap();
            let soon = Duration::from_millis(20);
            assert!(shard.timeout(soon, server.peer_closed()).await.is_none(), "it is there");
            let other = shard.clone();
            shard.spawn(Class::Latency, "leave", async move {
                other.sleep(Duration::from_millis(10)).await;
                if half {
                    client.shutdown();
                    other.sleep(Duration::from_secs(1)).await;
                }
            });
            server.peer_closed().await;
            assert_eq!(receive(&server, 5000).await, vec![1; 5000], "and all it sent is here");
        }
    });
}

#[test]
fn waits_that_nobody_awaits_any_more_leave_no_operation() {
    on_both("waits", |shard, _| async move {
        let (client, server) = connection(&shard).await;
        shard.sleep(Duration::from_millis(20)).await;
        let before = shard.operations();
        for round in 0..200u64 {
            let waits: Vec<_> = (0..50).map(|_| Box::pin(server.peer_closed())).collect();
            for mut wait in waits {
                let polled = std::future::poll_fn(|cx| {
                    std::task::Poll::Ready(wait.as_mut().poll(cx).is_pending())
                });
                assert!(polled.await);
            }
            if round % 3 == 0 {
                shard.yield_now().await;
            }
        }
        while shard.operations() > before {
            shard.sleep(Duration::from_millis(1)).await;
        }
        drop(client);
        server.peer_closed().await;
    });
}

#[test]
fn a_shared_file_is_read_by_every_shard_and_closed_by_the_last() {
    let dir = Dir::new("shards");
    let program = |shard: Shard, endpoint: Endpoint<SharedFile>, path: PathBuf| async move {
        let bytes = pattern(64 * KIB);
        let file = if shard.id() == ShardId(0) {
            write_direct(&shard, &path, &bytes).await;
            let file = shard.open_shared(&path).await.unwrap();
            endpoint.send(ShardId(1), file.clone()).await;
            drop(file);
            endpoint.recv().await.1
        } else {
            let (_, file) = endpoint.recv().await;
            assert_eq!(read(&shard, &file, 0, bytes.len()).await, bytes);
            endpoint.send(ShardId(0), file.clone()).await;
            file
        };
        let (client, server) = connection(&shard).await;
        let len = bytes.len() as u64;
        answer(&shard, &server, &file, (0, len)).await;
        assert_eq!(receive(&client, bytes.len()).await, bytes);
    };
    let path = dir.0.join("f");
    let (ring, cfg) = (path.clone(), Config { shards: 2, ..Config::default() });
    let main = move |shard: Shard, endpoint| program(shard, endpoint, ring.clone());
    launch(cfg, UringDrivers, main).unwrap().join().expect("no shard panics");
    let open_here = || {
        let links = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        links.filter_map(|fd| std::fs::read_link(fd.path()).ok()).filter(|to| *to == path).count()
    };
    // A thread that may wait closes it, some time.
    while open_here() > 0 {
        std::thread::yield_now();
    }
    for seed in 0..8 {
        let mut sim = Sim::new(seed);
        let main = |shard: Shard, endpoint| program(shard, endpoint, PathBuf::from("f"));
        assert_eq!(sim.run(2, Duration::from_secs(60), main), Ended::Finished);
        assert_eq!(sim.open_handles(), 0);
    }
}

/// `sendfile` to a peer that is gone would end the process.
#[test]
fn a_shard_takes_no_signal_for_a_broken_pipe() {
    on_ring("signal", |_, _| async {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let blocked = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        let blocked = u64::from_str_radix(blocked.trim(), 16).unwrap();
        assert_ne!(blocked & 1 << (libc::SIGPIPE - 1), 0, "{blocked:x}");
    });
}
