//! A power cut in the start after a kill: names that the killed process gave are there and not
//! durable, and what the start does because of them may survive without them.

use millstream_shards::driver::sim::{DiskImage, Ended, Sim};

use super::compact::{COMPACTED, Values, fill, read, run_with, same};
use super::*;

const RECORDS: usize = 20;

/// A disk with a log of several segments, and the latest values.
fn filled() -> (DiskImage, Values) {
    let mut sim = Sim::new(1);
    let shown: Rc<RefCell<Values>> = Rc::default();
    let latest = shown.clone();
    let ended = run_with(&mut sim, &COMPACTED, move |shard, log| async move {
        *latest.borrow_mut() = fill(&shard, &log, 0..RECORDS).await;
        assert!(log.0.log.borrow().segments().len() > 3, "several segments");
    });
    assert_eq!(ended, Ended::Finished);
    sim.crash();
    (sim.disk_image(), shown.take())
}

/// The world of a process that was killed at the file operation `nth` of its compaction.
fn killed_at(disk: &DiskImage, nth: u64, seed: u64) -> (Sim, Ended) {
    let mut sim = Sim::with_disk(seed, disk.clone());
    let controls = sim.controls();
    let ended = run_with(&mut sim, &COMPACTED, move |_, log| async move {
        controls.cut_at_io(controls.io_count() + nth);
        log.0.clean_now().await.expect("cleaned").expect("it was due");
    });
    (sim, ended)
}

fn check_all_is_there(disk: DiskImage, latest: &Values, what: &str) {
    let mut sim = Sim::with_disk(3, disk);
    let (expected, what) = (latest.clone(), what.to_owned());
    let ended = run_with(&mut sim, &COMPACTED, move |_, log| async move {
        assert_eq!(log.marks().log_end, Offset(RECORDS as i64), "{what}");
        let (found, _) = read(&log).await;
        assert!(same(&found, &expected), "{what}: {found:?} {expected:?}");
    });
    assert_eq!(ended, Ended::Finished);
}

#[test]
fn a_power_cut_in_the_start_after_a_killed_compaction_loses_no_record() {
    let (disk, latest) = filled();
    let is_swap = |(path, _): &(PathBuf, u64)| path.to_string_lossy().ends_with(".swap");
    let mut exchanges = 0;
    for nth in 0.. {
        let (sim, ended) = killed_at(&disk, nth, 2);
        if ended == Ended::Finished {
            break;
        }
        if !sim.files().iter().any(is_swap) {
            continue;
        }
        exchanges += 1;
        for step in 0.. {
            let (mut sim, _) = killed_at(&disk, nth, 2 + step);
            sim.cut_at_io(sim.io_count() + step);
            let ended = run_with(&mut sim, &COMPACTED, |_, _| async {});
            sim.crash();
            let what = format!("killed at {nth}, its start cut at {step}");
            check_all_is_there(sim.disk_image(), &latest, &what);
            if ended == Ended::Finished {
                break;
            }
        }
    }
    assert!(exchanges > 3, "only {exchanges} kills in exchanges");
}
