//! Faults of the disk: each is seen to happen, and not to happen after `heal`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::*;
use crate::File;
use crate::driver::Op;

/// A file that is there durably, opened by `main`.
async fn file_of(shard: &Shard, name: &str) -> File {
    let file = shard.open(Path::new(name), create()).await.unwrap();
    shard.sync_dir(Path::new(".")).await.unwrap();
    file
}

fn bytes(len: usize, byte: u8) -> Bytes {
    Bytes::from(vec![byte; len])
}

async fn read(shard: &Shard, file: &File, len: usize, offset: u64) -> std::io::Result<Vec<u8>> {
    let buf = shard.pool().try_take(len).unwrap();
    let (got, buf) = file.read_at(buf, len, offset).await;
    got.map(|got| buf[..got].to_vec())
}

fn errno(result: std::io::Result<impl Sized>) -> Option<i32> {
    result.err().and_then(|error| error.raw_os_error())
}

/// Runs `main`, which gets the controls, to its end.
fn run<Fut: Future<Output = ()> + 'static>(sim: &mut Sim, main: impl Fn(Shard, Controls) -> Fut) {
    let controls = sim.controls();
    let ended = sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| main(shard, controls.clone()));
    assert_eq!(ended, Ended::Finished);
}

#[test]
fn reads_writes_and_flushes_fail_now_and_then_until_healed() {
    let mut sim = Sim::new(1);
    run(&mut sim, |shard, controls| async move {
        let file = file_of(&shard, "f").await;
        controls.set_disk_faults(DiskFaults { eio_per_mille: 200, ..DiskFaults::default() });
        let mut failed = [0; 3];
        for n in 0..200 {
            let written = file.write_at(bytes(512, 1), n * 512, Sync::Data).await;
            failed[0] += usize::from(errno(written) == Some(libc::EIO));
            failed[1] += usize::from(errno(file.sync_data().await) == Some(libc::EIO));
            let got = read(&shard, &file, 512, 0).await;
            failed[2] += usize::from(errno(got) == Some(libc::EIO));
        }
        assert!(failed.iter().all(|n| (15..80).contains(n)), "{failed:?} of 200 each");
        assert_eq!(controls.fault_counts().io_errors, failed.iter().sum::<usize>() as u64);
        controls.heal();
        for n in 0..100 {
            file.write_at(bytes(512, 1), n * 512, Sync::Data).await.unwrap();
            file.sync_data().await.unwrap();
        }
    });
}

#[test]
fn after_a_failed_flush_the_next_one_succeeds_and_the_bytes_may_be_gone() {
    let mut gone = 0;
    for seed in 0..40 {
        let mut sim = Sim::new(seed);
        run(&mut sim, |shard, controls| async move {
            let file = file_of(&shard, "f").await;
            file.write_at(bytes(512, 1), 0, Sync::None).await.unwrap();
            controls.fail_io(controls.io_count(), libc::EIO);
            assert_eq!(errno(file.sync_data().await), Some(libc::EIO));
            file.sync_data().await.unwrap();
            assert_eq!(read(&shard, &file, 512, 0).await.unwrap(), [1; 512], "still in memory");
        });
        sim.crash();
        gone += usize::from(sim.read_file(Path::new("f")).unwrap().is_empty());
    }
    assert!((5..35).contains(&gone), "{gone} of 40");
}

#[test]
fn a_full_disk_takes_what_has_space_and_refuses_growth_until_space_returns() {
    let mut sim = Sim::new(2);
    run(&mut sim, |shard, controls| async move {
        let (a, b) = (file_of(&shard, "a").await, file_of(&shard, "b").await);
        let capacity = DiskFaults { capacity_bytes: Some(64 << 10), ..DiskFaults::default() };
        controls.set_disk_faults(capacity);
        a.allocate(0, 32 << 10).await.unwrap();
        b.write_at(bytes(32 << 10, 1), 0, Sync::Data).await.unwrap();
        a.write_at(bytes(32 << 10, 1), 0, Sync::Data).await.unwrap();
        b.write_at(bytes(512, 2), 0, Sync::Data).await.unwrap();
        assert_eq!(errno(a.allocate(32 << 10, 1).await), Some(libc::ENOSPC));
        assert_eq!(errno(a.write_at(bytes(1, 1), 32 << 10, Sync::None).await), Some(libc::ENOSPC));
        assert_eq!(a.len().await.unwrap(), 32 << 10);
        // Unlinked is not free while it is open; cut is free at once.
        shard.unlink(Path::new("b")).await.unwrap();
        assert_eq!(errno(a.allocate(32 << 10, 1).await), Some(libc::ENOSPC));
        b.close().await;
        shard.sleep(Duration::from_millis(1)).await;
        a.allocate(32 << 10, 32 << 10).await.unwrap();
        a.set_len(4096).await.unwrap();
        a.set_len(1 << 20).await.unwrap();
        a.write_at(bytes(4096, 3), 512 << 10, Sync::None).await.unwrap();
        let short = a.write_at(bytes(128 << 10, 3), 600 << 10, Sync::None).await;
        assert_eq!(errno(short), Some(libc::ENOSPC));
        assert_eq!(read(&shard, &a, 1, 600 << 10).await.unwrap(), [3], "up to where it was full");
        assert_eq!(controls.fault_counts().no_space, 4);
        controls.heal();
        a.write_at(bytes(128 << 10, 3), 600 << 10, Sync::None).await.unwrap();
    });
}

#[test]
fn operations_stall_until_healed() {
    let mut sim = Sim::new(3);
    run(&mut sim, |shard, controls| async move {
        let file = file_of(&shard, "f").await;
        let stall_max = Duration::from_secs(5);
        controls.set_disk_faults(DiskFaults {
            stall_per_mille: 500,
            stall_max,
            ..DiskFaults::default()
        });
        let timed = async || {
            let before = shard.precise_ns();
            file.write_at(bytes(512, 1), 0, Sync::Data).await.unwrap();
            Duration::from_nanos(shard.precise_ns() - before)
        };
        let mut longest = Duration::ZERO;
        for _ in 0..40 {
            longest = longest.max(timed().await);
        }
        assert!(longest > stall_max / 2 && longest < stall_max + Duration::from_millis(1));
        controls.heal();
        for _ in 0..40 {
            assert!(timed().await < Duration::from_millis(1));
        }
    });
}

#[test]
fn a_device_that_lies_is_caught_and_every_lie_is_noted() {
    type Kind = LieKind;
    let lies = DiskFaults {
        lost_per_million: 50_000,
        misdirected_per_million: 50_000,
        rot_per_million: 50_000,
        ..DiskFaults::default()
    };
    let mut sim = Sim::new(4);
    run(&mut sim, move |shard, controls| async move {
        let names = ["a", "b"];
        let files = [file_of(&shard, "a").await, file_of(&shard, "b").await];
        let mut wanted = [vec![0u8; 64 << 10], vec![0u8; 64 << 10]];
        controls.set_disk_faults(lies);
        for n in 0..400u64 {
            let (at, file) = ((shard.random_u64() % 16) as usize * 4096, (n % 2) as usize);
            let block = vec![n as u8 | 1; 4096];
            wanted[file][at..at + 4096].copy_from_slice(&block);
            files[file].write_at(Bytes::from(block), at as u64, Sync::Data).await.unwrap();
            read(&shard, &files[file], 4096, at as u64).await.unwrap();
        }
        controls.heal();
        let counts = controls.fault_counts();
        assert!(counts.lost > 5 && counts.misdirected > 5 && counts.rotted > 5, "{counts:?}");
        let noted = controls.lies();
        let of = |kind| noted.iter().filter(|lie| lie.kind == kind).count() as u64;
        assert_eq!((of(Kind::Lost), of(Kind::Rotted)), (counts.lost, counts.rotted));
        assert_eq!(of(Kind::MisdirectedFrom), counts.misdirected);
        assert!(of(Kind::MisdirectedTo) > 5);
        let mut wrong = 0;
        for (n, name) in names.iter().enumerate() {
            let found = read(&shard, &files[n], 64 << 10, 0).await.unwrap();
            for (at, _) in found.iter().zip(&wanted[n]).enumerate().filter(|(_, (a, b))| a != b) {
                wrong += 1;
                let covers = |lie: &&Lie| {
                    lie.path.as_deref() == Some(Path::new(name))
                        && (lie.offset..lie.offset + lie.len).contains(&(at as u64))
                };
                assert!(noted.iter().any(|lie| covers(&lie)), "{name} at {at} without a lie");
            }
        }
        assert!(wrong > 0, "nobody was harmed");
    });
}

#[test]
fn every_operation_can_be_made_to_fail_and_the_power_to_go_before_it() {
    async fn program(shard: Shard, errors: Rc<Cell<u32>>) -> std::io::Result<()> {
        let note = |failed: bool| errors.set(errors.get() + u32::from(failed));
        note(shard.make_dir(Path::new("d")).await.is_err());
        note(shard.sync_dir(Path::new(".")).await.is_err());
        let file = shard.open(Path::new("d/f"), create()).await.inspect_err(|_| note(true))?;
        note(file.allocate(0, 4096).await.is_err());
        note(file.write_at(bytes(4096, 1), 0, Sync::Data).await.is_err());
        note(file.set_len(5000).await.is_err());
        note(file.len().await.is_err());
        note(read(&shard, &file, 4096, 0).await.is_err());
        note(shard.file_len(Path::new("d/f")).await.is_err());
        note(shard.read_dir(Path::new("d")).await.is_err());
        let renamed = shard.rename(Path::new("d/f"), Path::new("d/g")).await;
        note(renamed.is_err());
        Ok(())
    }
    let life = |seed: u64, plan: &dyn Fn(&Sim)| {
        let mut sim = Sim::new(seed);
        plan(&sim);
        let errors = Rc::new(Cell::new(0));
        let noted = errors.clone();
        let ended = sim.run(1, HOUR, move |shard: Shard, _: Endpoint<()>| {
            let running = program(shard, noted.clone());
            async move { drop(running.await) }
        });
        (ended, sim.io_count(), errors.get())
    };
    let (ended, count, errors) = life(1, &|_| {});
    assert_eq!((ended, errors), (Ended::Finished, 0));
    assert_eq!(count, 12, "each operation above, and the directory that is opened to be synced");
    for nth in 0..count {
        let (ended, _, errors) = life(1, &|sim| sim.fail_io(nth, libc::EIO));
        assert_eq!(ended, Ended::Finished, "{nth}");
        assert!(errors > 0, "{nth} did not fail");
        let (_, _, all) = life(1, &|sim| sim.fail_io_from(nth, libc::EIO));
        assert!(all >= errors);
        let (ended, done, errors) = life(1, &|sim| sim.cut_at_io(nth));
        assert_eq!((ended, done, errors), (Ended::Cut, nth, 0));
    }
    let (ended, _, errors) = life(1, &|sim| {
        sim.fail_io(0, libc::EIO);
        sim.heal();
    });
    assert_eq!((ended, errors), (Ended::Finished, 0));
}

#[test]
fn a_crash_tears_what_is_not_durable_between_sectors_and_nowhere_else() {
    let mut torn = 0;
    for seed in 0..200 {
        let mut sim = Sim::new(seed);
        sim.set_disk_faults(DiskFaults { torn: true, ..DiskFaults::default() });
        run(&mut sim, |shard, _| async move {
            let file = file_of(&shard, "f").await;
            file.write_at(bytes(8192, 1), 0, Sync::Data).await.unwrap();
        });
        // This one is durable when it completes, but the power goes before that.
        sim.cut_at_io(sim.io_count() + 1);
        let ended = sim.run(1, HOUR, |shard: Shard, _: Endpoint<()>| async move {
            let file = shard.open(Path::new("f"), create()).await.unwrap();
            file.write_at(bytes(8192, 2), 0, Sync::Data).await.unwrap();
        });
        assert_eq!(ended, Ended::Cut);
        sim.crash();
        let left = sim.read_file(Path::new("f")).unwrap();
        assert!(left.chunks(512).all(|sector| sector == [1; 512] || sector == [2; 512]));
        torn += usize::from(left[..4096].iter().any(|b| *b != left[0]));
    }
    assert!(torn > 20, "{torn} of 200 blocks torn");
}

#[test]
fn a_flush_covers_what_had_completed_when_it_was_submitted() {
    let mut lost = 0;
    for seed in 0..60 {
        let mut sim = Sim::new(seed);
        run(&mut sim, |shard, _| async move {
            let file = file_of(&shard, "f").await;
            file.write_at(bytes(512, 1), 0, Sync::None).await.unwrap();
            let late = file.clone();
            shard.spawn(Class::Latency, "late", async move {
                late.write_at(bytes(512, 2), 512, Sync::None).await.unwrap();
            });
            file.sync_data().await.unwrap();
            shard.sleep(Duration::from_secs(1)).await;
        });
        sim.crash();
        let left = sim.read_file(Path::new("f")).unwrap();
        assert!(left[..512] == [1; 512], "seed {seed}");
        lost += usize::from(left.get(512..1024) != Some(&[2; 512][..]));
    }
    assert!((10..60).contains(&lost), "{lost} of 60");
}

#[test]
fn names_that_were_not_flushed_survive_or_not_each_on_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let mut sim = Sim::new(seed);
        run(&mut sim, |shard, _| async move {
            file_of(&shard, "kept").await.write_at(bytes(1, 1), 0, Sync::Data).await.unwrap();
            file_of(&shard, "old").await;
            drop(shard.open(Path::new("new"), create()).await.unwrap());
            shard.rename(Path::new("old"), Path::new("moved")).await.unwrap();
            shard.unlink(Path::new("kept")).await.unwrap();
        });
        sim.crash();
        let names: Vec<String> =
            sim.files().iter().map(|(path, _)| path.display().to_string()).collect();
        let has = |name: &str| names.iter().any(|n| n == name);
        assert!(has("old") != has("moved"), "a rename is whole: {names:?}");
        if has("kept") {
            assert_eq!(sim.read_file(Path::new("kept")), Some(vec![1]), "with its bytes");
        }
        seen.insert(names);
    }
    assert_eq!(seen.len(), 8, "2^3: {seen:?}");
}

#[test]
fn a_killed_process_leaves_its_files_as_they_were_and_the_wall_clock_may_jump() {
    let mut sim = Sim::new(6);
    let before = Rc::new(Cell::new(0));
    let told = before.clone();
    let ended = sim.run(1, Duration::from_secs(1), move |shard: Shard, _: Endpoint<()>| {
        let told = told.clone();
        async move {
            let file = shard.open(Path::new("f"), create()).await.unwrap();
            file.write_at(bytes(9, 7), 0, Sync::None).await.unwrap();
            told.set(shard.wall_ms());
            shard.sleep(HOUR).await;
        }
    });
    assert_eq!(ended, Ended::OutOfTime);
    assert_eq!(sim.files(), [(Path::new("f").to_owned(), 9)]);
    sim.flip_bit(Path::new("f"), 8);
    assert_eq!(sim.read_file(Path::new("f")), Some(vec![7, 6, 7, 7, 7, 7, 7, 7, 7]));
    sim.jump_wall(-3_600_000);
    let (told, at) = (before.clone(), sim.now());
    run(&mut sim, move |shard, _| {
        assert!(shard.wall_ms() < told.get() && shard.now_ns() >= at.as_nanos() as u64);
        async {}
    });
}

#[test]
fn direct_io_that_is_not_aligned_is_refused_as_the_kernel_does() {
    let errors: Rc<RefCell<Vec<Option<i32>>>> = Rc::default();
    let told = errors.clone();
    let mut sim = Sim::new(7);
    run(&mut sim, move |shard, _| {
        let told = told.clone();
        async move {
            let how = Open { direct: true, ..create() };
            let file = shard.open(Path::new("f"), how).await.unwrap();
            // Past the check of `File`, which is there to say more about it than `EINVAL`.
            let handle = file.handle();
            let aligned = shard.pool().try_take(8192).unwrap().into_bytes(8192);
            for (from, upto, offset) in [(0, 4096, 0), (0, 4096, 512), (0, 512, 0), (512, 4608, 0)]
            {
                let parts = crate::Parts::from_iter([aligned.slice(from..upto)]);
                let write = Op::Write { file: handle, parts, offset, sync: Sync::None };
                let result = shard.0.start(write).await.result;
                told.borrow_mut().push(errno(result));
            }
        }
    });
    let einval = Some(libc::EINVAL);
    assert_eq!(*errors.borrow(), [None, einval, einval, einval]);
}

/// A disk that has been worked on for long must not keep what nobody can see again.
#[test]
fn deleted_files_are_forgotten_when_their_deletion_is_durable() {
    let mut disk = crate::driver::sim::disk::Disk::default();
    for n in 0..100 {
        let how = create();
        let id = disk.open(b"f", how).unwrap().id;
        disk.allocate(id, (0, 1 << 20), None).unwrap();
        disk.sync(id, disk.mark());
        if n % 2 == 0 {
            disk.sync(0, disk.mark());
        }
        disk.unlink(b"f").unwrap();
        disk.close(id);
        disk.sync(0, disk.mark());
        assert_eq!((disk.now.space(), disk.durable.space(), disk.pending.len()), (0, 0, 0));
    }
}
