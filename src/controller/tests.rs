//! The metadata log in the simulation: what a power cut leaves of it, and of a first start.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;
use millstream_engine::ids::BrokerId;
use millstream_engine::meta::{Image, MetaRecord, NewTopic};
use millstream_shards::driver::sim::{Ended, Sim};
use millstream_shards::{Endpoint, Open, Shard, Sync};
use millstream_wire::Uuid;

use super::load::load;
use super::log::{LocalLog, MetaLog};
use super::{Controller, LoadFault, opened};
use crate::storage::Withheld;

const DATA: &str = "data";

fn config(node_id: i32) -> BrokerConfig {
    let mut config = BrokerConfig::default();
    config.node_id = BrokerId(node_id);
    config
}

/// Runs one program on a single simulated shard until it ends or the time is over.
fn run<T, F, Fut>(sim: &mut Sim, limit: Duration, main: F) -> (Ended, Option<T>)
where
    T: 'static,
    F: Fn(Shard) -> Fut + 'static,
    Fut: Future<Output = T> + 'static,
{
    let result = Rc::new(RefCell::new(None));
    let slot = result.clone();
    let ended = sim.run(1, limit, move |shard: Shard, _: Endpoint<()>| {
        let (slot, running) = (slot.clone(), main(shard));
        async move { *slot.borrow_mut() = Some(running.await) }
    });
    let result = result.borrow_mut().take();
    (ended, result)
}

const LONG: Duration = Duration::from_secs(3600);

async fn make_data(shard: &Shard) {
    shard.make_dir(Path::new(DATA)).await.expect("made");
    shard.sync_dir(Path::new(".")).await.expect("synced");
}

async fn loaded(shard: &Shard) -> Image {
    let (_, image) = load(shard, Path::new(DATA), &config(1)).await.expect("loads");
    Image::clone(&image)
}

/// Records of a topic with two partitions, decided on `image`.
fn topic(image: &Image, n: u8) -> Vec<MetaRecord> {
    let topic = NewTopic { name: format!("t{n}"), partitions: Some(2), ..NewTopic::default() };
    image.decide_create_topics(&[topic], &[Uuid([n + 1; 16])], &config(1)).records
}

fn apply(image: &mut Image, records: &[MetaRecord]) {
    records.iter().for_each(|record| image.apply(record));
}

#[test]
fn a_first_start_cut_short_anywhere_is_taken_up_by_the_next_one() {
    let mut finished = 0;
    for seed in 0..200 {
        let mut sim = Sim::new(seed);
        run(&mut sim, LONG, |shard| async move { make_data(&shard).await });
        let cut = Duration::from_micros(seed * 20);
        let first = run(&mut sim, cut, |shard| async move { loaded(&shard).await }).1;
        finished += usize::from(first.is_some());
        sim.crash();
        let again = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
        let again = again.expect("the next start works");
        assert_eq!(again.version, 0);
        if let Some(first) = first {
            assert_eq!(again.cluster_id, first.cluster_id, "seed {seed}");
        }
    }
    assert!((1..200).contains(&finished), "some cuts hit, some did not: {finished}");
}

/// A process that is killed leaves names that are in memory only; those of the next one are not
/// believed to be more than they are.
#[test]
fn a_start_behind_a_killed_one_survives_a_power_cut_whenever_it_comes() {
    let started = |sim: &mut Sim, nth: u64, does_append: bool| {
        let controls = sim.controls();
        let (ended, _) = run(sim, LONG, move |shard| {
            let controls = controls.clone();
            async move {
                controls.cut_at_io(controls.io_count() + nth);
                let image = loaded(&shard).await;
                if does_append {
                    let log = LocalLog::new(shard, Path::new(DATA));
                    log.load().await.expect("loads");
                    log.append(image.version, &topic(&image, 0)).await.expect("appends");
                }
            }
        });
        ended == Ended::Finished
    };
    for killed_at in 0.. {
        let mut killed = false;
        for cut_at in 0.. {
            let mut cut = false;
            for seed in 0..8 {
                let mut sim = Sim::new(seed);
                run(&mut sim, LONG, |shard| async move { make_data(&shard).await });
                killed |= !started(&mut sim, killed_at, false);
                cut |= !started(&mut sim, cut_at, true);
                sim.crash();
                sim.controls().cut_at_io(u64::MAX);
                let again = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
                assert!(again.is_some(), "killed at {killed_at}, cut at {cut_at}, seed {seed}");
            }
            if !cut {
                assert!(cut_at > 3, "{cut_at} operations");
                break;
            }
        }
        if !killed {
            assert!(killed_at > 6, "{killed_at} operations");
            return;
        }
    }
}

#[test]
fn what_was_acknowledged_survives_a_power_cut_and_commands_stay_whole() {
    for seed in 0..200 {
        let mut sim = Sim::new(seed);
        run(&mut sim, LONG, |shard| async move {
            make_data(&shard).await;
            loaded(&shard).await
        });
        let acknowledged = Rc::new(RefCell::new(Vec::new()));
        let told = acknowledged.clone();
        run(&mut sim, Duration::from_micros(200 + seed * 37), move |shard| {
            let told = told.clone();
            async move {
                let log = LocalLog::new(shard, Path::new(DATA));
                let mut image = log.load().await.expect("loads").expect("there is one");
                for n in 0..20 {
                    let records = topic(&image, n);
                    log.append(image.version, &records).await.expect("appends");
                    apply(&mut image, &records);
                    told.borrow_mut().push(image.clone());
                    if n % 7 == 6 {
                        log.snapshot(&image).await.expect("snapshots");
                    }
                }
            }
        });
        sim.crash();
        let image = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
        let image = image.expect("the next start works");
        let acknowledged = acknowledged.borrow();
        let least = acknowledged.last().map_or(0, |last| last.version);
        assert!(image.version == least || image.version == least + 3, "seed {seed}");
        if image.version == least {
            assert!(acknowledged.last().is_none_or(|last| *last == image), "seed {seed}");
        }
        image.check();
    }
}

#[test]
fn what_follows_the_entries_of_a_killed_process_survives_a_power_cut() {
    for seed in 0..200 {
        let mut sim = Sim::new(seed);
        run(&mut sim, LONG, |shard| async move {
            make_data(&shard).await;
            loaded(&shard).await
        });
        let append = |upto: u8| {
            move |shard| async move {
                let log = LocalLog::new(shard, Path::new(DATA));
                let mut image = log.load().await.expect("loads").expect("there is one");
                for n in upto - 20..upto {
                    let records = topic(&image, n);
                    log.append(image.version, &records).await.expect("appends");
                    apply(&mut image, &records);
                }
                image
            }
        };
        // It is killed: what it wrote and did not flush is in memory only.
        run(&mut sim, Duration::from_micros(200 + seed * 37), append(20));
        let image = run(&mut sim, LONG, append(40)).1;
        sim.crash();
        let again = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
        assert!(image.is_some() && image == again, "seed {seed}");
    }
}

#[test]
fn appends_go_on_behind_a_torn_end() {
    let mut sim = Sim::new(1);
    run(&mut sim, LONG, |shard| async move {
        make_data(&shard).await;
        loaded(&shard).await;
        let path = Path::new(DATA).join("__cluster_metadata/metadata.log");
        let file = shard.open(&path, Open { write: true, ..Open::default() }).await.expect("open");
        let end = file.len().await.expect("a length");
        file.write_at(vec![0, 0, 1, 44, 9, 9].into(), end, Sync::Data).await.expect("written");
    });
    let grown = run(&mut sim, LONG, |shard| async move {
        let log = LocalLog::new(shard, Path::new(DATA));
        let mut image = log.load().await.expect("a torn end is no fault").expect("there is one");
        let records = topic(&image, 0);
        log.append(image.version, &records).await.expect("appends");
        apply(&mut image, &records);
        image
    });
    let again = run(&mut sim, LONG, |shard| async move { loaded(&shard).await });
    assert_eq!(grown.1, again.1);
}

#[test]
fn a_directory_of_another_node_or_without_its_parts_is_refused() {
    let refused = |node: i32, missing: Option<&'static str>| {
        let mut sim = Sim::new(7);
        run(&mut sim, LONG, move |shard| async move {
            make_data(&shard).await;
            let image = loaded(&shard).await;
            let log = LocalLog::new(shard.clone(), Path::new(DATA));
            log.load().await.expect("loads");
            log.append(image.version, &topic(&image, 0)).await.expect("appends");
            if let Some(file) = missing {
                shard.unlink(&Path::new(DATA).join(file)).await.expect("unlinked");
            }
            let outcome: Result<(Controller, _), LoadFault> =
                load(&shard, Path::new(DATA), &config(node)).await;
            outcome.err().map(|fault| fault.to_string())
        })
        .1
        .expect("the program ends")
    };
    assert_eq!(refused(1, None), None);
    assert!(refused(2, None).expect("refused").contains("node.id=1"));
    let no_log = refused(1, Some("__cluster_metadata/metadata.log"));
    assert!(no_log.expect("refused").contains("metadata log is missing"));
    let no_identity = refused(1, Some("meta.properties"));
    assert!(no_identity.expect("refused").contains("meta.properties is missing"));
}

/// A stop while partitions are opening, or one that found no space: they were never there, and the
/// next start makes them. What is known to be lost stays lost whatever the version.
#[test]
fn only_directories_that_are_there_are_noted() {
    let mut sim = Sim::new(7);
    let (ended, _) = run(&mut sim, LONG, |shard| async move {
        make_data(&shard).await;
        let data = Path::new(DATA);
        let mut image = loaded(&shard).await;
        let records = topic(&image, 0);
        apply(&mut image, &records);
        image.version += 1;
        let id = image.topics().next().expect("a topic").id;
        let look = async || opened::look(&shard, data, &image).await.expect("listed");
        shard.make_dir(&data.join("t0-0")).await.expect("made");
        opened::note(&shard, data, &image, &Withheld::default()).await;
        let looked = look().await;
        assert_eq!(looked.missing, [], "it was never there");
        assert!(!looked.is_noted, "nobody has seen all of them");
        let withheld = Withheld::default();
        withheld.add_missing(&[(id, 1)]);
        // Its flush failed: the next start makes it anew, and may be killed in the midst of that.
        withheld.add_unmade((id, 0));
        opened::note(&shard, data, &image, &withheld).await;
        assert!(!look().await.is_noted, "one is there, and is none yet");
        let withheld = Withheld::default();
        withheld.add_missing(&[(id, 1)]);
        opened::note(&shard, data, &image, &withheld).await;
        let looked = look().await;
        assert_eq!(looked.missing, [(id, 1)], "it is lost still");
        assert!(looked.is_noted);
        shard.make_dir(&data.join("t0-1")).await.expect("made");
        opened::note(&shard, data, &image, &Withheld::default()).await;
        shard.remove_dir(&data.join("t0-0")).await.expect("removed");
        assert_eq!(look().await.missing, [(id, 0)], "it was there and is lost");
    });
    assert_eq!(ended, Ended::Finished);
}

/// A device that fails one write, then is well: the next command is preceded by a new log, and
/// wherever the power goes what was acknowledged is there.
#[test]
fn a_log_that_failed_is_begun_anew_and_loses_nothing_wherever_the_power_goes() {
    const EIO: i32 = 5;
    let mut count = None;
    let mut nth = 0;
    while count.is_none_or(|count| nth < count) {
        let mut sim = Sim::new(5);
        run(&mut sim, LONG, |shard| async move {
            make_data(&shard).await;
            loaded(&shard).await
        });
        let first = sim.io_count();
        if count.is_some() {
            sim.cut_at_io(first + nth);
        }
        let acknowledged = Rc::new(RefCell::new(Vec::new()));
        let (told, controls) = (acknowledged.clone(), sim.controls());
        run(&mut sim, LONG, move |shard| {
            let (told, controls) = (told.clone(), controls.clone());
            async move {
                let log = LocalLog::new(shard, Path::new(DATA));
                let mut image = log.load().await.expect("loads").expect("there is one");
                for n in 0..4 {
                    let records = topic(&image, n);
                    if n == 2 {
                        controls.fail_io(controls.io_count(), EIO);
                        log.append(image.version, &records).await.expect_err("it fails");
                        let again = log.append(image.version, &records).await;
                        assert!(again.is_err() && log.has_failed(), "nothing follows");
                        log.snapshot(&image).await.expect("begun anew");
                        assert!(!log.has_failed());
                    }
                    log.append(image.version, &records).await.expect("appends");
                    apply(&mut image, &records);
                    told.borrow_mut().push(image.clone());
                }
            }
        });
        nth += u64::from(count.is_some());
        count.get_or_insert(sim.io_count() - first);
        sim.heal();
        sim.crash();
        let image = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
        let image = image.expect("the next start works");
        let acknowledged = acknowledged.borrow();
        let least = acknowledged.last().map_or(0, |last| last.version);
        assert!(image.version == least || image.version == least + 3, "operation {nth}");
        if image.version == least {
            assert!(acknowledged.last().is_none_or(|last| *last == image), "operation {nth}");
        }
    }
    assert!(count.is_some_and(|count| count > 8), "{count:?} operations");
}

/// Each operation of a snapshot fails once: whichever file has the log's name afterwards, what is
/// acknowledged from then on is in it.
#[test]
fn what_follows_a_failed_snapshot_is_in_the_log_that_a_start_finds() {
    const EIO: i32 = 5;
    for nth in 0..8 {
        let mut sim = Sim::new(6);
        run(&mut sim, LONG, |shard| async move {
            make_data(&shard).await;
            loaded(&shard).await
        });
        let controls = sim.controls();
        let last = run(&mut sim, LONG, move |shard| {
            let controls = controls.clone();
            async move {
                let log = LocalLog::new(shard, Path::new(DATA));
                let mut image = log.load().await.expect("loads").expect("there is one");
                controls.fail_io(controls.io_count() + nth, EIO);
                let _ = log.snapshot(&image).await;
                controls.heal();
                if log.has_failed() {
                    log.snapshot(&image).await.expect("begun anew");
                }
                let records = topic(&image, 1);
                log.append(image.version, &records).await.expect("appends");
                apply(&mut image, &records);
                image
            }
        });
        let image = run(&mut sim, LONG, |shard| async move { loaded(&shard).await }).1;
        assert_eq!(image, last.1, "operation {nth} fails");
    }
}
