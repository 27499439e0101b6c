//! The runtime on a real ring: sockets, files, tasks, messages and the end of it all.

mod scratch;

use std::cell::Cell;
use std::future::Future;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use millstream_shards::{
    Class, Config, Endpoint, ListenOptions, Misaligned, Open, Parts, Poll, Shard, ShardId, Sync,
    UringDrivers, launch,
};

use scratch::Dir;

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `main` on `cfg.shards` shards until all have ended.
fn run_with<F, Fut>(cfg: Config, main: F)
where
    F: Fn(Shard, Endpoint<u64>) -> Fut + Send + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    let running = launch(cfg, UringDrivers, main).expect("io_uring works on this machine");
    running.join().expect("no shard panics");
}

fn run<F, Fut>(main: F)
where
    F: Fn(Shard, Endpoint<u64>) -> Fut + Send + Clone + 'static,
    Fut: Future<Output = ()> + 'static,
{
    run_with(Config { memory_bytes: 256 << 20, ..Config::default() }, main);
}

/// Polls a future once, which submits its operation, and drops it.
async fn submit_only(future: impl Future) {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_pending())).await;
}

#[test]
fn a_stream_echoes_small_and_large_messages() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.expect("port");
        let at = listener.local_addr();
        assert_ne!(at.port(), 0);
        let server = shard.clone();
        shard.spawn(Class::Latency, "server", async move {
            let (stream, peer) = listener.accept().await.expect("a client");
            assert_eq!(peer, stream.peer_addr());
            loop {
                let bytes = stream.recv().await.expect("bytes");
                if bytes.is_empty() {
                    break;
                }
                stream.send_all([Bytes::copy_from_slice(&bytes)].to_vec()).await.expect("sent");
            }
            drop((stream, server));
        });
        let client = shard.connect(at).await.expect("the server listens");
        client.send_all(vec![Bytes::from_static(b"he"), Bytes::from_static(b"llo")]).await.unwrap();
        let echoed = client.recv().await.unwrap();
        assert_eq!(&echoed[..], b"hello");
        let large = Bytes::from(vec![7u8; 3 << 20]);
        let writer = client.clone();
        let sent = large.clone();
        shard.spawn(Class::Latency, "writer", async move {
            writer.send_all(vec![sent]).await.expect("sent");
        });
        let buf = shard.pool().try_take(large.len()).expect("room");
        let (got, buf) = client.recv_into(buf, 0, large.len()).await;
        assert_eq!(got.unwrap(), large.len());
        assert_eq!(&buf[..large.len()], &large[..]);
    });
}

#[test]
fn the_end_of_a_stream_is_an_empty_receive_and_a_short_direct_one() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let client = shard.connect(listener.local_addr()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        client.send_all(vec![Bytes::from_static(b"abc")]).await.unwrap();
        client.shutdown();
        let buf = shard.pool().try_take(4096).unwrap();
        let (got, buf) = server.recv_into(buf, 2, 100).await;
        assert_eq!(got.unwrap(), 3);
        assert_eq!(&buf[2..5], b"abc");
        assert!(server.recv().await.unwrap().is_empty());
    });
}

#[test]
fn dropping_a_stream_with_a_receive_pending_closes_it() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let client = shard.connect(listener.local_addr()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let waited = shard.timeout(Duration::from_millis(5), server.recv()).await;
        assert!(waited.is_none());
        let buf = shard.pool().try_take(4096).unwrap();
        let waited = shard.timeout(Duration::from_millis(5), server.recv_into(buf, 0, 10)).await;
        assert!(waited.is_none());
        drop(server);
        assert!(client.recv().await.unwrap().is_empty());
        while shard.pool().stats().blocks_out > 0 {
            shard.sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn an_abandoned_receive_does_not_swallow_what_comes_later() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let client = shard.connect(listener.local_addr()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        assert!(shard.timeout(Duration::from_millis(1), server.recv()).await.is_none());
        shard.sleep(Duration::from_millis(5)).await;
        client.send_all(vec![Bytes::from_static(b"later")]).await.unwrap();
        assert_eq!(&server.recv().await.unwrap()[..], b"later");
    });
}

#[test]
fn connections_accepted_and_never_taken_are_closed() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let at = listener.local_addr();
        let first = shard.connect(at).await.unwrap();
        let (_kept, _) = listener.accept().await.unwrap();
        let mut others = Vec::new();
        for _ in 0..20 {
            others.push(shard.connect(at).await.unwrap());
        }
        shard.sleep(Duration::from_millis(5)).await;
        drop(listener);
        for other in others {
            let got = other.recv().await;
            assert!(got.is_err() || got.is_ok_and(|bytes| bytes.is_empty()));
        }
        drop(first);
    });
}

#[test]
fn all_shards_listen_on_one_port() {
    let port = Arc::new(AtomicU64::new(0));
    let served = Arc::new(AtomicU64::new(0));
    let cfg = Config { shards: 2, ..Config::default() };
    run_with(cfg, move |shard, endpoint| {
        let (port, served) = (port.clone(), served.clone());
        async move {
            let mut listener = if shard.id() == ShardId(0) {
                let listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
                port.store(u64::from(listener.local_addr().port()), Ordering::SeqCst);
                endpoint.send(ShardId(1), 0).await;
                endpoint.recv().await;
                listener
            } else {
                endpoint.recv().await;
                let at = SocketAddr::from(([127, 0, 0, 1], port.load(Ordering::SeqCst) as u16));
                let listener = shard.listen(at, ListenOptions::default()).await.unwrap();
                endpoint.send(ShardId(0), 0).await;
                listener
            };
            let counted = served.clone();
            let task = shard.spawn(Class::Latency, "accept", async move {
                while listener.accept().await.is_ok() {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
            });
            let at = SocketAddr::from(([127, 0, 0, 1], port.load(Ordering::SeqCst) as u16));
            let mut clients = Vec::new();
            for _ in 0..32 {
                clients.push(shard.connect(at).await.expect("one of them listens"));
            }
            while served.load(Ordering::SeqCst) < 64 {
                shard.sleep(Duration::from_millis(1)).await;
            }
            task.cancel();
        }
    });
}

#[test]
fn more_receives_than_provided_buffers_all_succeed() {
    let cfg = Config { recv_buffers: 32, ring_entries: 8, ..Config::default() };
    run_with(cfg, |shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let at = listener.local_addr();
        let mut held = Vec::new();
        let mut pairs = Vec::new();
        for _ in 0..100 {
            let client = shard.connect(at).await.unwrap();
            let (server, _) = listener.accept().await.unwrap();
            client.send_all(vec![Bytes::from_static(b"x")]).await.unwrap();
            pairs.push((client, server));
        }
        for (_, server) in &pairs {
            let got = server.recv().await.expect("a lent buffer, or a block of the pool");
            assert_eq!(&got[..], b"x");
            held.push(got);
        }
        assert!(shard.stats().recv_no_buffers.get() > 0);
    });
}

#[test]
fn a_receive_without_any_buffer_waits_for_one_to_come_back() {
    let cfg = Config { recv_buffers: 1, memory_bytes: 0, ..Config::default() };
    run_with(cfg, |shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let at = listener.local_addr();
        let one = shard.connect(at).await.unwrap();
        let (server_one, _) = listener.accept().await.unwrap();
        let two = shard.connect(at).await.unwrap();
        let (server_two, _) = listener.accept().await.unwrap();
        one.send_all(vec![Bytes::from_static(b"1")]).await.unwrap();
        two.send_all(vec![Bytes::from_static(b"2")]).await.unwrap();
        let held = server_one.recv().await.unwrap();
        assert!(shard.timeout(Duration::from_millis(5), server_two.recv()).await.is_none());
        let waiting = shard.clone();
        let got = Rc::new(Cell::new(false));
        let set = got.clone();
        shard.spawn(Class::Latency, "second", async move {
            assert_eq!(&server_two.recv().await.unwrap()[..], b"2");
            set.set(true);
            drop(waiting);
        });
        shard.sleep(Duration::from_millis(5)).await;
        assert!(!got.get());
        drop(held);
        while !got.get() {
            shard.sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn thousands_of_operations_pass_through_a_ring_of_eight_entries() {
    let dir = Dir::new("small-ring");
    let path = dir.0.join("file");
    let cfg = Config { ring_entries: 8, memory_bytes: 256 << 20, ..Config::default() };
    run_with(cfg, move |shard, _| {
        let path = path.clone();
        async move {
            let how = Open { read: true, write: true, create: true, ..Open::default() };
            let file = shard.open(&path, how).await.unwrap();
            let left = Rc::new(Cell::new(2000u64));
            for i in 0..2000u64 {
                let (file, left) = (file.clone(), left.clone());
                shard.spawn(Class::Latency, "write", async move {
                    let bytes = Bytes::copy_from_slice(&i.to_le_bytes());
                    file.write_at(bytes, i * 8, Sync::None).await.unwrap();
                    left.set(left.get() - 1);
                });
            }
            while left.get() > 0 {
                shard.sleep(Duration::from_millis(1)).await;
            }
            assert!(shard.stats().submit_full.get() > 0, "the backlog was used");
            let buf = shard.pool().try_take(16_000).unwrap();
            let (got, buf) = file.read_at(buf, 16_000, 0).await;
            assert_eq!(got.unwrap(), 16_000);
            for (i, word) in buf[..16_000].chunks_exact(8).enumerate() {
                assert_eq!(u64::from_le_bytes(word.try_into().unwrap()), i as u64);
            }
        }
    });
}

#[test]
fn files_are_written_read_synced_and_measured() {
    let dir = Dir::new("files");
    let root = dir.0.clone();
    run(move |shard, _| {
        let root = root.clone();
        async move {
            let path = root.join("a");
            let how = Open { read: true, write: true, create: true, ..Open::default() };
            let file = shard.open(&path, how).await.unwrap();
            let parts: Parts = vec![Bytes::from_static(b"one "), Bytes::from_static(b"two")].into();
            file.write_all_at(parts, 0, Sync::Data).await.unwrap();
            file.sync_data().await.unwrap();
            assert_eq!(file.len().await.unwrap(), 7);
            assert_eq!(shard.file_len(&path).await.unwrap(), 7);
            let buf = shard.pool().try_take(4096).unwrap();
            let (got, buf) = file.read_at(buf, 100, 4).await;
            assert_eq!(got.unwrap(), 3);
            assert_eq!(&buf[..3], b"two");
            file.allocate(0, 8192).await.unwrap();
            assert_eq!(file.len().await.unwrap(), 8192);
            file.set_len(5).await.unwrap();
            assert_eq!(file.len().await.unwrap(), 5);
            file.close().await;
            let again = Open { write: true, create: true, exclusive: true, ..Open::default() };
            let refused = shard.open(&path, again).await.map(drop).unwrap_err();
            assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
        }
    });
}

#[test]
fn directories_are_made_listed_renamed_synced_and_removed() {
    let dir = Dir::new("dirs");
    let root = dir.0.clone();
    run(move |shard, _| {
        let root = root.clone();
        async move {
            shard.make_dir(&root.join("d")).await.unwrap();
            let how = Open { write: true, create: true, ..Open::default() };
            drop(shard.open(&root.join("d/x"), how).await.unwrap());
            shard.rename(&root.join("d/x"), &root.join("d/y")).await.unwrap();
            shard.sync_dir(&root.join("d")).await.unwrap();
            let listed = shard.read_dir(&root).await.unwrap();
            assert_eq!(listed.len(), 1);
            assert!(listed[0].is_dir && listed[0].name == "d");
            let listed = shard.read_dir(&root.join("d")).await.unwrap();
            assert!(!listed[0].is_dir && listed[0].name == "y");
            assert!(shard.remove_dir(&root.join("d")).await.is_err(), "not empty");
            shard.unlink(&root.join("d/y")).await.unwrap();
            shard.remove_dir(&root.join("d")).await.unwrap();
            let gone = shard.read_dir(&root.join("d")).await.unwrap_err();
            assert_eq!(gone.kind(), std::io::ErrorKind::NotFound);
        }
    });
}

#[test]
fn direct_io_takes_whole_blocks_only() {
    let dir = Dir::new("direct");
    let path = dir.0.join("f");
    run(move |shard, _| {
        let path = path.clone();
        async move {
            let how =
                Open { read: true, write: true, create: true, direct: true, ..Open::default() };
            let file = shard.open(&path, how).await.unwrap();
            let mut block = shard.pool().try_take_append(16 << 10).unwrap();
            block.append(&[9; 5000]);
            let parts = block.slice_padded(0..5000).unwrap();
            file.write_all_at(parts, 0, Sync::Data).await.unwrap();
            assert_eq!(file.len().await.unwrap(), 8192);
            let buf = shard.pool().try_take(16 << 10).unwrap();
            let (got, buf) = file.read_at(buf, 16 << 10, 0).await;
            assert_eq!(got.unwrap(), 8192);
            assert!(buf[..5000].iter().all(|&b| b == 9) && buf[5000..8192].iter().all(|&b| b == 0));
            let fault = |error: std::io::Error| {
                *error.get_ref().unwrap().downcast_ref::<Misaligned>().expect("typed")
            };
            let (odd, buf) = file.read_at(buf, 100, 0).await;
            assert_eq!(fault(odd.unwrap_err()), Misaligned::Len(100));
            let (odd, buf) = file.read_at(buf, 4096, 512).await;
            assert_eq!(fault(odd.unwrap_err()), Misaligned::Offset(512));
            let bytes = buf.into_bytes(8192).slice(16..16 + 4096);
            let odd = file.write_at(bytes, 0, Sync::None).await.unwrap_err();
            assert!(matches!(fault(odd), Misaligned::Address(_)));
        }
    });
}

#[test]
fn timers_fire_in_order_and_timeouts_cancel() {
    run(|shard, _| async move {
        let order = Rc::new(std::cell::RefCell::new(Vec::new()));
        for ms in [9u64, 3, 6] {
            let (inner, order) = (shard.clone(), order.clone());
            shard.spawn(Class::Background, "sleeper", async move {
                inner.sleep(Duration::from_millis(ms)).await;
                order.borrow_mut().push(ms);
            });
        }
        let before = shard.precise_ns();
        shard.sleep(Duration::from_millis(20)).await;
        assert!(shard.precise_ns() - before >= 20_000_000);
        // On a crowded machine all may be due at once; they still run in order.
        while order.borrow().len() < 3 {
            shard.yield_now().await;
        }
        assert_eq!(*order.borrow(), [3, 6, 9]);
        let never = std::future::pending::<()>();
        assert!(shard.timeout(Duration::from_millis(1), never).await.is_none());
        assert_eq!(shard.timeout(Duration::from_secs(1), async { 5 }).await, Some(5));
    });
}

#[test]
fn a_cancelled_task_is_dropped_and_a_finished_one_is_left_alone() {
    run(|shard, _| async move {
        let dropped = Rc::new(Cell::new(0));
        struct OnDrop(Rc<Cell<u32>>);
        impl Drop for OnDrop {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let guard = OnDrop(dropped.clone());
        let waiting = shard.spawn(Class::Latency, "waits", async move {
            let _guard = guard;
            std::future::pending::<()>().await;
        });
        let ending = shard.spawn(Class::Latency, "ends", async {});
        shard.yield_now().await;
        waiting.cancel();
        waiting.cancel();
        ending.cancel();
        while !waiting.is_finished() {
            shard.yield_now().await;
        }
        assert_eq!(dropped.get(), 1);
        assert!(ending.is_finished());
    });
}

#[test]
fn a_task_is_woken_from_other_threads_while_it_runs_and_after_it_ended() {
    run(|shard, _| async move {
        let rounds = Arc::new(AtomicU64::new(0));
        let slot: Arc<Mutex<Option<std::task::Waker>>> = Arc::default();
        let stop = Arc::new(AtomicU64::new(0));
        let (waker_slot, counted, halted) = (slot.clone(), rounds.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            while halted.load(Ordering::SeqCst) == 0 {
                let waker = waker_slot.lock().unwrap().clone();
                if let Some(waker) = waker {
                    counted.fetch_add(1, Ordering::SeqCst);
                    waker.wake_by_ref();
                    waker.wake();
                }
            }
        });
        let mut seen = 0u64;
        std::future::poll_fn(|cx| {
            *slot.lock().unwrap() = Some(cx.waker().clone());
            seen += 1;
            if seen < 2000 { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
        })
        .await;
        stop.store(1, Ordering::SeqCst);
        let stale = slot.lock().unwrap().take().unwrap();
        assert!(rounds.load(Ordering::SeqCst) >= 1999, "nobody else wakes");
        shard.blocking(move || thread.join().unwrap()).await.unwrap();
        stale.wake();
    });
}

#[test]
fn blocking_calls_return_their_value_or_nothing_if_they_panic() {
    run(|shard, _| async move {
        assert_eq!(shard.blocking(|| 6 * 7).await, Some(42));
        assert_eq!(
            shard.blocking(|| -> u8 { std::panic::resume_unwind(Box::new("x")) }).await,
            None
        );
        let mut waits = Vec::new();
        for i in 0..3000u32 {
            waits.push(shard.blocking(move || i));
        }
        for (i, wait) in waits.into_iter().enumerate() {
            assert_eq!(wait.await, Some(i as u32));
        }
    });
}

#[test]
fn messages_keep_their_order_and_wait_for_room() {
    for poll in [Poll::Park, Poll::Adaptive { spin_us: 20 }, Poll::Busy] {
        let cfg = Config { shards: 3, poll, ..Config::default() };
        run_with(cfg, |shard, endpoint| async move {
            let count = 5_000u64;
            let sender = endpoint.clone();
            let me = shard.id();
            shard.spawn(Class::Latency, "send", async move {
                for i in 0..count {
                    for to in (0..3).map(ShardId).filter(|&to| to != me) {
                        sender.send(to, i).await;
                    }
                }
            });
            let mut next = [0u64; 3];
            for _ in 0..2 * count {
                let (from, i) = endpoint.recv().await;
                assert_eq!(i, next[from.index()]);
                next[from.index()] += 1;
            }
            // The others may still wait for room in this shard's direction.
            shard.sleep(Duration::from_millis(50)).await;
        });
    }
}

#[test]
fn an_injector_reaches_a_parked_shard() {
    let cfg = Config { poll: Poll::Park, ..Config::default() };
    let sum = Arc::new(AtomicU64::new(0));
    let total = sum.clone();
    let running = launch(cfg, UringDrivers, move |_: Shard, endpoint: Endpoint<u64>| {
        let sum = sum.clone();
        async move {
            for _ in 0..1000 {
                let (from, n) = endpoint.recv().await;
                assert_eq!(from, ShardId::EXTERNAL);
                sum.fetch_add(n, Ordering::SeqCst);
            }
        }
    })
    .unwrap();
    let injector = running.injector(ShardId(0));
    for n in 0..1000 {
        let mut message = n;
        while let Err(back) = injector.send(message) {
            message = back;
            std::thread::yield_now();
        }
    }
    running.join().unwrap();
    assert_eq!(total.load(Ordering::SeqCst), 499_500);
}

#[test]
fn stop_ends_mains_then_tasks_then_operations() {
    let cfg = Config { shards: 2, poll: Poll::Park, ..Config::default() };
    let stopped = Arc::new(AtomicU64::new(0));
    let counted = stopped.clone();
    let running = launch(cfg, UringDrivers, move |shard: Shard, _: Endpoint<()>| {
        let stopped = stopped.clone();
        async move {
            let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
            shard.spawn(Class::Latency, "accept", async move {
                let _ = listener.accept().await;
            });
            let idle = shard.clone();
            shard.spawn(Class::Background, "idle", async move {
                idle.sleep(Duration::from_secs(3600)).await;
            });
            assert!(!shard.stopping());
            shard.stop_requested().await;
            stopped.fetch_add(1, Ordering::SeqCst);
        }
    })
    .unwrap();
    std::thread::sleep(Duration::from_millis(20));
    running.stop();
    running.join().unwrap();
    assert_eq!(counted.load(Ordering::SeqCst), 2);
}

#[test]
fn a_panicking_shard_is_reported_and_stops_the_others() {
    let cfg = Config { shards: 2, ..Config::default() };
    let running = launch(cfg, UringDrivers, |shard: Shard, _: Endpoint<()>| async move {
        if shard.id() == ShardId(1) {
            shard.sleep(Duration::from_millis(5)).await;
            std::panic::resume_unwind(Box::new("wrong"));
        }
        shard.stop_requested().await;
    })
    .unwrap();
    let failure = running.join().unwrap_err();
    assert_eq!((failure.shard, failure.message.as_str()), (ShardId(1), "wrong"));
}

#[test]
fn a_task_that_holds_the_core_is_reported_by_name() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let reports = seen.clone();
    let cfg = Config {
        on_event: Some(Arc::new(move |event| {
            reports.lock().unwrap().push(format!("{event:?}"));
        })),
        ..Config::default()
    };
    run_with(cfg, |shard, _| async move {
        let clock = shard.clone();
        let hog = shard.spawn(Class::Background, "hog", async move {
            let start = clock.precise_ns();
            while clock.precise_ns() - start < 8_000_000 {}
        });
        while !hog.is_finished() {
            shard.yield_now().await;
        }
        assert!(shard.stats().stalls.get() >= 1);
    });
    assert!(seen.lock().unwrap().iter().any(|event| event.contains("hog")));
}

#[test]
fn background_tasks_progress_beside_a_busy_latency_class() {
    run(|shard, _| async move {
        let steps = Rc::new(Cell::new(0u32));
        let (inner, counted) = (shard.clone(), steps.clone());
        shard.spawn(Class::Background, "background", async move {
            for _ in 0..100 {
                counted.set(counted.get() + 1);
                inner.yield_now().await;
            }
        });
        let mut turns = 0;
        while steps.get() < 100 {
            turns += 1;
            assert!(turns < 100_000, "starved");
            shard.yield_now().await;
        }
    });
}

#[test]
fn a_wrong_configuration_is_refused_in_one_line() {
    let refused = |cfg: Config| {
        let main = |_: Shard, _: Endpoint<()>| async {};
        launch(cfg, UringDrivers, main).map(drop).unwrap_err().to_string()
    };
    for cfg in [
        Config { shards: 0, ..Config::default() },
        Config { shards: 257, ..Config::default() },
        Config { ring_entries: 7, ..Config::default() },
        Config { recv_buffers: 33, ..Config::default() },
    ] {
        let line = refused(cfg);
        assert!(line.contains("must be") && !line.contains('\n'), "{line}");
    }
}

#[test]
fn an_overflown_completion_queue_loses_nothing_and_accepting_goes_on() {
    // 8 entries to submit, 32 to complete; far more than that completes while the shard is busy.
    let cfg = Config { ring_entries: 8, ..Config::default() };
    run_with(cfg, |shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let at = listener.local_addr();
        let first = shard.connect(at).await.unwrap();
        let (_first, _) = listener.accept().await.unwrap();
        let clients = std::thread::spawn(move || {
            let connect = |_| std::net::TcpStream::connect(at).unwrap();
            (0..150).map(connect).collect::<Vec<_>>()
        });
        std::thread::sleep(Duration::from_millis(50));
        let mut servers = Vec::new();
        for _ in 0..150 {
            servers.push(listener.accept().await.unwrap().0);
        }
        let mut clients = shard.blocking(move || clients.join().unwrap()).await.unwrap();
        let got = Rc::new(Cell::new(0));
        for server in servers {
            let got = got.clone();
            shard.spawn(Class::Latency, "receive", async move {
                let len = server.recv().await.unwrap().len();
                got.set(got.get() + len);
            });
        }
        shard.sleep(Duration::from_millis(5)).await;
        for client in &mut clients {
            std::io::Write::write_all(client, b"abc").unwrap();
        }
        while got.get() < 450 {
            shard.sleep(Duration::from_millis(1)).await;
        }
        assert!(shard.stats().completions_overflowed.get() > 0, "the queue did overflow");
        drop(first);
    });
}

#[test]
fn sends_to_a_slow_reader_continue_until_all_is_out() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let client = shard.connect(listener.local_addr()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let parts: Vec<Bytes> = (0..2500u32).map(|i| Bytes::from(vec![i as u8; 4099])).collect();
        let expected: u64 = parts.iter().flat_map(|part| part.iter()).map(|&b| u64::from(b)).sum();
        let sender = shard.spawn(Class::Latency, "sender", async move {
            server.send_all(parts).await.expect("more parts than one call takes");
        });
        let (mut total, mut sum) = (0, 0u64);
        while total < 2500 * 4099 {
            let got = client.recv().await.unwrap();
            total += got.len();
            sum += got.iter().map(|&b| u64::from(b)).sum::<u64>();
            if total % 7 == 0 {
                shard.sleep(Duration::from_micros(100)).await;
            }
        }
        assert_eq!(sum, expected);
        while !sender.is_finished() {
            shard.yield_now().await;
        }
    });
}

#[test]
fn sending_to_a_closed_peer_is_an_error_and_no_signal() {
    run(|shard, _| async move {
        let mut listener = shard.listen(loopback(), ListenOptions::default()).await.unwrap();
        let client = shard.connect(listener.local_addr()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        drop(client);
        let mut failed = false;
        for _ in 0..100 {
            failed |= server.send_all(vec![Bytes::from(vec![0; 65536])]).await.is_err();
            if failed {
                break;
            }
            shard.sleep(Duration::from_millis(1)).await;
        }
        assert!(failed);
        assert!(shard.connect(listener.local_addr()).await.is_ok());
    });
}

#[test]
fn a_write_whose_future_is_dropped_keeps_its_bytes_until_it_is_done() {
    let dir = Dir::new("dropped-write");
    let path = dir.0.join("f");
    run(move |shard, _| {
        let path = path.clone();
        async move {
            let how =
                Open { read: true, write: true, create: true, direct: true, ..Open::default() };
            let file = shard.open(&path, how).await.unwrap();
            for round in 0..50u64 {
                let mut buf = shard.pool().try_take(256 << 10).unwrap();
                buf.fill(round as u8);
                let bytes = buf.into_bytes(256 << 10);
                let write = file.write_at(bytes, round << 18, Sync::Data);
                submit_only(write).await;
            }
            file.sync_data().await.unwrap();
            while shard.pool().stats().blocks_out > 0 {
                shard.sleep(Duration::from_millis(1)).await;
            }
            assert_eq!(shard.pool().stats().idle, shard.pool().stats().held);
        }
    });
}

#[test]
fn an_operation_left_behind_never_reaches_the_next_file_of_that_number() {
    let dir = Dir::new("late");
    let root = dir.0.clone();
    run(move |shard, _| {
        let root = root.clone();
        async move {
            let how = Open { read: true, write: true, create: true, ..Open::default() };
            for round in 0..200 {
                let first = shard.open(&root.join(format!("a{round}")), how).await.unwrap();
                // Submitted, then left behind: the kernel may come to it at any time.
                submit_only(first.set_len(77)).await;
                drop(first);
                let second = shard.open(&root.join(format!("b{round}")), how).await.unwrap();
                second.write_at(Bytes::from_static(b"untouched"), 0, Sync::None).await.unwrap();
                assert_eq!(second.len().await.unwrap(), 9);
                let (one, two) = (second.clone(), shard.clone());
                two.yield_now().await;
                assert_eq!(one.len().await.unwrap(), 9);
            }
        }
    });
}
