//! Crash states: the numbers are counted by hand, the disks compared with crashes that happened.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::*;

const FILE: &str = "d/f";
const ANY_NUMBER: usize = usize::MAX;

/// The bytes of `FILE` and the names beside it: all that the programs below change.
type Left = (Vec<u8>, Vec<std::path::PathBuf>);

fn left_on(image: &DiskImage) -> Left {
    let names = image.files().into_iter().map(|(path, _)| path).collect();
    (image.read_file(Path::new(FILE)).unwrap_or_default(), names)
}

/// Makes `FILE` durably, 4096 bytes long, and calls `main` with it open.
async fn with_file<Fut: Future<Output = ()>>(
    shard: Shard,
    controls: Controls,
    main: impl FnOnce(Shard, crate::File) -> Fut,
) {
    shard.make_dir(Path::new("d")).await.unwrap();
    shard.sync_dir(Path::new(".")).await.unwrap();
    let file = shard.open(Path::new(FILE), create()).await.unwrap();
    shard.sync_dir(Path::new("d")).await.unwrap();
    file.write_at(Bytes::from(vec![1; 4096]), 0, Sync::Data).await.unwrap();
    controls.record();
    main(shard, file).await;
}

fn record<Fut: Future<Output = ()> + 'static>(main: fn(Shard, crate::File) -> Fut) -> Recording {
    let mut sim = Sim::new(1);
    let controls = sim.controls();
    let ended = sim.run(1, HOUR, move |shard: Shard, _: Endpoint<()>| {
        with_file(shard, controls.clone(), main)
    });
    assert_eq!(ended, Ended::Finished);
    sim.recording()
}

/// How many states the recording has, and how many different disks they are.
fn count(recording: &Recording) -> (usize, usize) {
    let states: Vec<Left> =
        recording.crash_states(ANY_NUMBER, 0).map(|(_, image)| left_on(&image)).collect();
    assert_eq!(states.len() as u64, recording.crash_state_count());
    (states.len(), states.into_iter().collect::<BTreeSet<_>>().len())
}

fn sectors(n: usize, byte: u8) -> Bytes {
    Bytes::from(vec![byte; n * 512])
}

#[test]
fn states_of_writes_are_the_subsets_of_their_sectors() {
    let none = record(|_, _| async {});
    assert_eq!(count(&none), (1, 1));
    let one = record(|_, file| async move {
        file.write_at(sectors(1, 2), 0, Sync::None).await.unwrap();
    });
    assert_eq!(count(&one), (2, 2), "there or not");
    let apart = record(|_, file| async move {
        file.write_at(sectors(1, 2), 0, Sync::None).await.unwrap();
        file.write_at(sectors(1, 3), 512, Sync::None).await.unwrap();
    });
    assert_eq!(count(&apart), (4, 4), "each there or not");
    let flushed = record(|_, file| async move {
        file.write_at(sectors(1, 2), 0, Sync::None).await.unwrap();
        file.sync_data().await.unwrap();
        file.write_at(sectors(1, 3), 512, Sync::None).await.unwrap();
    });
    assert_eq!(count(&flushed), (3, 3), "the second is never there alone");
    let over = record(|_, file| async move {
        file.write_at(sectors(1, 2), 0, Sync::None).await.unwrap();
        file.write_at(sectors(1, 3), 0, Sync::None).await.unwrap();
    });
    assert_eq!(count(&over), (4, 3), "one over the other: neither, first, second");
    let block = record(|_, file| async move {
        file.write_at(sectors(8, 2), 0, Sync::None).await.unwrap();
    });
    assert_eq!(count(&block), (256, 256), "2^8");
    let same = record(|_, file| async move {
        file.write_at(sectors(8, 1), 0, Sync::None).await.unwrap();
    });
    assert_eq!(count(&same), (1, 1), "the bytes that are there already");
    let unaligned = record(|_, file| async move {
        file.write_at(sectors(1, 2), 100, Sync::None).await.unwrap();
    });
    assert_eq!(count(&unaligned), (4, 4), "parts of two sectors");
}

#[test]
fn states_of_durable_writes_are_torn_only_while_they_are_under_way() {
    let in_turn = record(|_, file| async move {
        file.write_at(sectors(2, 2), 0, Sync::Data).await.unwrap();
        file.write_at(sectors(2, 3), 1024, Sync::Data).await.unwrap();
    });
    assert_eq!(count(&in_turn), (7, 7), "1 + 3 + 3");
    let together = record(|shard, file| async move {
        let other = file.clone();
        let task = shard.spawn(Class::Latency, "other", async move {
            other.write_at(sectors(2, 3), 1024, Sync::Data).await.unwrap();
        });
        file.write_at(sectors(2, 2), 0, Sync::Data).await.unwrap();
        while !task.is_finished() {
            shard.sleep(Duration::from_micros(10)).await;
        }
    });
    assert_eq!(count(&together), (16, 16), "2^4");
    let over_unflushed = record(|_, file| async move {
        file.write_at(sectors(2, 2), 0, Sync::None).await.unwrap();
        file.write_at(sectors(1, 3), 0, Sync::Data).await.unwrap();
        file.write_at(sectors(1, 4), 2048, Sync::None).await.unwrap();
    });
    // Nothing; one, other, both of the first; any of that under the second: its sector covers
    // one of the first. Then the third, with the second there and half of the first left.
    assert_eq!(count(&over_unflushed), (1 + 3 + 4 + 2, 1 + 3 + 2 + 2));
    let flushed_late = record(|_, file| async move {
        file.write_at(sectors(2, 2), 0, Sync::None).await.unwrap();
        file.write_at(sectors(1, 3), 0, Sync::Data).await.unwrap();
        file.sync_data().await.unwrap();
        file.write_at(sectors(1, 4), 2048, Sync::None).await.unwrap();
    });
    // The late flush does not bring back what the durable write has replaced.
    assert_eq!(count(&flushed_late), (1 + 3 + 4 + 1, 1 + 3 + 2 + 1));
    let (_, last) = flushed_late.crash_states(ANY_NUMBER, 0).last().unwrap();
    let bytes = last.read_file(Path::new(FILE)).unwrap();
    assert_eq!((bytes[0], bytes[512], bytes[2048]), (3, 2, 4));
}

#[test]
fn states_of_names_and_lengths_are_there_or_not() {
    let renamed = record(|shard, _| async move {
        drop(shard.open(Path::new("d/new"), create()).await.unwrap());
        shard.rename(Path::new("d/new"), Path::new("d/newer")).await.unwrap();
        shard.sync_dir(Path::new("d")).await.unwrap();
        shard.unlink(Path::new("d/newer")).await.unwrap();
    });
    // {}, {new}, {rename alone: nothing}, {newer}, {unlinked}.
    assert_eq!(count(&renamed), (5, 3));
    let reserved = record(|_, file| async move {
        file.allocate(0, 4096).await.unwrap();
        file.allocate(4096, 4096).await.unwrap();
        file.set_len(512).await.unwrap();
    });
    assert_eq!(count(&reserved), (4, 3), "4096, 8192, 512, and 512 after 8192");
}

#[test]
fn a_crash_that_happens_leaves_one_of_the_enumerated_disks() {
    async fn program(shard: Shard, file: crate::File) {
        file.write_at(sectors(2, 2), 0, Sync::None).await.unwrap();
        file.write_at(sectors(2, 3), 512, Sync::None).await.unwrap();
        drop(shard.open(Path::new("d/g"), create()).await.unwrap());
        file.sync_data().await.unwrap();
        file.write_at(sectors(1, 4), 0, Sync::Data).await.unwrap();
        shard.rename(Path::new("d/g"), Path::new("d/h")).await.unwrap();
        file.write_at(sectors(1, 5), 2048, Sync::None).await.unwrap();
        file.write_at(sectors(2, 6), 1536, Sync::Data).await.unwrap();
        shard.sync_dir(Path::new("d")).await.unwrap();
        shard.unlink(Path::new("d/h")).await.unwrap();
    }
    let states: BTreeSet<Left> =
        record(program).crash_states(ANY_NUMBER, 0).map(|(_, image)| left_on(&image)).collect();
    let mut seen = BTreeSet::new();
    for seed in 0..3000 {
        let mut sim = Sim::new(seed);
        sim.set_disk_faults(DiskFaults { torn: true, ..DiskFaults::default() });
        let controls = sim.controls();
        sim.cut_at_io(7 + seed % 11);
        sim.run(1, HOUR, move |shard: Shard, _: Endpoint<()>| {
            with_file(shard, controls.clone(), program)
        });
        sim.crash();
        let left = left_on(&sim.disk_image());
        assert!(states.contains(&left), "seed {seed}: {left:?}");
        seen.insert(left);
    }
    let (seen, all) = (seen.len(), states.len());
    assert!(seen * 10 >= all * 9, "crashes have found {seen} of {all} states");
}

#[test]
fn what_was_promised_before_a_state_ends_is_in_it() {
    let promises: Rc<RefCell<Vec<(Duration, u8)>>> = Rc::default();
    let mut sim = Sim::new(3);
    let (controls, told) = (sim.controls(), promises.clone());
    sim.run(1, HOUR, move |shard: Shard, _: Endpoint<()>| {
        let told = told.clone();
        with_file(shard, controls.clone(), |shard, file| async move {
            for n in 0..6u64 {
                let sync = if n % 2 == 0 { Sync::Data } else { Sync::None };
                file.write_at(sectors(1, n as u8 + 2), n * 512, sync).await.unwrap();
                if n == 3 {
                    file.sync_data().await.unwrap();
                }
                if n != 1 && n != 5 {
                    told.borrow_mut().push((Duration::from_nanos(shard.now_ns()), n as u8));
                }
            }
        })
    });
    let (promises, recording) = (promises.borrow(), sim.recording());
    let mut ended = BTreeSet::new();
    for (id, image) in recording.crash_states(ANY_NUMBER, 0) {
        let bytes = image.read_file(Path::new(FILE)).unwrap();
        let has = |n: u8| bytes[usize::from(n) * 512] == n + 2;
        for (at, n) in promises.iter().filter(|(at, _)| *at < id.until) {
            assert!(has(*n), "{id:?}: {n}, promised at {at:?}");
        }
        // It ends with the flush of something that it lacks, and not before.
        if id.until < Duration::MAX {
            let lacks = promises.iter().any(|(at, n)| *at == id.until && !has(*n));
            let flush = !has(1) || !has(3);
            assert!(lacks || flush, "{id:?} ended for nothing");
        }
        assert!(id.from < id.until, "{id:?}");
        ended.insert(id.until);
    }
    assert!(ended.len() >= 4 && ended.contains(&Duration::MAX), "{ended:?}");
}

#[test]
fn more_states_than_the_budget_are_sampled_and_always_the_same() {
    let recording = record(|_, file| async move {
        for n in 0..20 {
            file.write_at(sectors(8, n + 2), u64::from(n) * 4096, Sync::None).await.unwrap();
        }
    });
    assert_eq!(recording.crash_state_count(), u64::MAX);
    let states = |budget, seed| -> Vec<(CrashStateId, Left)> {
        let states = recording.crash_states(budget, seed);
        states.map(|(id, image)| (id, left_on(&image))).collect()
    };
    for budget in [1, 7, 20, 21, 500] {
        let sampled = states(budget, 9);
        assert!(sampled.len() <= budget && sampled.len() * 10 >= budget * 9, "{budget}");
        assert_eq!(sampled, states(budget, 9));
        assert!(budget < 20 || sampled != states(budget, 10));
        let different: BTreeSet<&Left> = sampled.iter().map(|(_, left)| left).collect();
        assert_eq!(different.len(), sampled.len(), "no disk twice");
    }
}
