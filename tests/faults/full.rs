//! No space, and a device that answers writes with an error: on a small file system of our own.
//!
//! Full: the process stays up, reads, metadata and the removal of topics work, produce is refused
//! with a retriable error, and goes on by itself when space is back. Broken: nothing that was
//! acknowledged is lost once the device is well, and all goes on by itself if its file system does.

use std::thread;
use std::time::{Duration, Instant};

use millstream_wire::ErrorCode;
use rustix::process::Signal;

use crate::device::{Ballast, Disk};
use crate::load::{Load, Order, Pace, SHAPES, create_topics};
use crate::process::{Broker, Directory, PATIENCE, Setup};
use crate::records::Stamp;
use crate::runner::Outcome;
use crate::wire::Wire;

/// Two records of this size make a batch that a broker writes as it came.
const VALUE_BYTES: usize = 450_000;
/// Far more than the 5 s that are promised; the measured time is in the figures.
const RESUME_MAX: Duration = Duration::from_secs(30);
/// What supervisors give a process to end.
const STOP_MAX: Duration = Duration::from_secs(30);
const FULL_FOR: Duration = Duration::from_secs(3);
const DISK_MIB: u64 = 1024;
const GROUPS: u32 = 30;
const DOOMED_RECORDS: u32 = 500;

/// How long an answer may take; a produce request says that it waits a second.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A raw client's own topics beside the load.
struct Probe {
    address: String,
    sequence: u32,
    /// Produce requests that nobody answered.
    unanswered: u32,
}

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Written,
    Refused(ErrorCode),
    Nothing,
}

impl Probe {
    fn new(broker: &Broker) -> Probe {
        Probe { address: broker.address().to_owned(), sequence: 0, unanswered: 0 }
    }

    fn wire(&self) -> Wire {
        Wire::connect(&self.address, PATIENCE).expect("it listens")
    }

    /// One large batch to `kept` 0.
    fn produce(&mut self) -> Told {
        self.sequence += 2;
        let stamp = |sequence| Stamp { topic: 9, partition: 0, producer: 9, sequence };
        let values: Vec<_> =
            (self.sequence..self.sequence + 2).map(|n| stamp(n).value(VALUE_BYTES)).collect();
        let mut wire = Wire::connect(&self.address, ANSWER_MAX).expect("it listens");
        match wire.produce(("kept", 0), &values) {
            Ok(Ok(_)) => Told::Written,
            Ok(Err(code)) => Told::Refused(code),
            Err(_) => {
                self.unanswered += 1;
                Told::Nothing
            }
        }
    }

    /// Writes until it is refused; the refusal.
    fn fill(&mut self) -> ErrorCode {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Told::Refused(code) = self.produce() {
                return code;
            }
            assert!(Instant::now() < until, "the disk does not fill up");
        }
    }

    /// The time until a write succeeds.
    fn resumed(&mut self) -> Duration {
        let began = Instant::now();
        loop {
            let told = self.produce();
            match told {
                Told::Written => return began.elapsed(),
                Told::Refused(code) => assert!(code.is_retriable(), "{code:?}"),
                Told::Nothing => {}
            }
            assert!(began.elapsed() < RESUME_MAX, "no write succeeds: {told:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What has to work whatever the disk does.
    fn assert_reads_work(&self) {
        let mut wire = self.wire();
        let topics = wire.topics().expect("metadata is answered");
        assert!(topics.iter().any(|topic| topic == "kept"), "{topics:?}");
        let fetched = wire.fetch(("kept", 0), 0).expect("a fetch is answered");
        assert_eq!(fetched.error, ErrorCode::None);
        assert!(fetched.bytes.len() > VALUE_BYTES, "{} bytes", fetched.bytes.len());
    }
}

/// The disk fills up under load, twice.
pub fn disk_full() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::on_loop(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let mut broker = Broker::start(Setup::new(disk.path().join("data")));
    create_topics(broker.address());
    let mut probe = Probe::new(&broker);
    for topic in ["kept", "doomed"] {
        assert_eq!(probe.wire().create(topic, 1, &[]).expect("an answer"), ErrorCode::None);
    }
    // Enough that its removal leaves space when the journal and the load have taken their share.
    let stamp = |sequence| Stamp { topic: 8, partition: 0, producer: 9, sequence };
    for sequence in (0..DOOMED_RECORDS).step_by(2) {
        let values = [0, 1].map(|n| stamp(sequence + n).value(VALUE_BYTES));
        let answer = probe.wire().produce(("doomed", 0), &values);
        assert_eq!(answer.expect("an answer"), Ok(i64::from(sequence)));
    }
    assert_eq!(probe.produce(), Told::Written);
    let load = Load::start(broker.address(), Pace::default());
    load.wait_for_more(500);

    // Full for a while, until a topic is removed.
    let first = Ballast::fill(disk.path().join("ballast-1"));
    let refusal = probe.fill();
    assert!(refusal.is_retriable(), "refused with {refusal:?}");
    thread::sleep(FULL_FOR);
    probe.assert_reads_work();
    assert_eq!(probe.wire().delete("doomed").expect("an answer"), ErrorCode::None);
    let by_removal = probe.resumed();

    // Full again, until what fills it goes away.
    let second = Ballast::fill(disk.path().join("ballast-2"));
    let again = probe.fill();
    assert!(again.is_retriable(), "refused with {again:?}");
    thread::sleep(FULL_FOR);
    probe.assert_reads_work();
    drop(second);
    drop(first);
    let by_space = probe.resumed();

    load.wait_for_more(500);
    let proven = load.finish(broker.address());
    assert!(broker.is_running(), "it ended:\n{}", broker.said());
    broker.kill();
    Outcome::Passed(format!(
        "refused with {refusal:?}; writes resumed {by_removal:.1?} after a topic was removed, \
         {by_space:.1?} after space came back; {} requests were never answered; {proven}",
        probe.unanswered
    ))
}

/// A broker on the disk that takes records, and a load on it that has begun.
fn under_load(disk: &Disk) -> (Broker, Probe, Load) {
    let broker = Broker::start(Setup::new(disk.path().join("data")));
    create_topics(broker.address());
    let mut probe = Probe::new(&broker);
    assert_eq!(probe.wire().create("kept", 1, &[]).expect("an answer"), ErrorCode::None);
    assert_eq!(probe.produce(), Told::Written);
    let load = Load::start(broker.address(), Pace::default());
    (broker, probe, load)
}

/// The disk is full while the broker is killed and started, under load.
pub fn disk_full_at_a_start() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::on_loop(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let (mut broker, mut probe, load) = under_load(&disk);
    // More in the journal than the segments have space for.
    load.wait_for_more(8_000);
    let ballast = Ballast::fill(disk.path().join("ballast"));
    let refusal = probe.fill();
    thread::sleep(FULL_FOR);
    broker.kill();
    broker.restart();
    probe.assert_reads_work();
    drop(ballast);
    let resumed = probe.resumed();
    load.wait_for_more(500);
    assert_all_take_records(&probe);
    let proven = load.finish(broker.address());
    broker.kill();
    Outcome::Passed(format!(
        "refused with {refusal:?}; writes resumed {resumed:.1?} after space came back; {proven}"
    ))
}

/// The disk is full when the broker is told to stop, under load: it ends in time and says what it
/// leaves to the journal; nothing of that is lost. The second time a second signal ends it at once.
pub fn disk_full_at_a_stop() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::on_loop(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let (mut broker, mut probe, load) = under_load(&disk);
    load.wait_for_more(8_000);
    let ballast = Ballast::fill(disk.path().join("ballast"));
    let refusal = probe.fill();
    let began = Instant::now();
    let status = broker.stop();
    let took = began.elapsed();
    assert_eq!(status.code(), Some(3), "{status}:\n{}", broker.said());
    assert!(took < STOP_MAX, "it took {took:?}:\n{}", broker.said());
    assert!(broker.said().contains("the next start replays"), "{}", broker.said());
    drop(ballast);
    broker.restart();
    load.wait_for_more(500);
    let ballast = Ballast::fill(disk.path().join("ballast"));
    probe.fill();
    // Two of a kind might be taken for one.
    broker.signal(Signal::INT);
    let status = broker.stop();
    let second = [Signal::INT, Signal::TERM].map(|signal| Some(128 + signal.as_raw()));
    assert!(second.contains(&status.code()), "{status}:\n{}", broker.said());
    drop(ballast);
    broker.restart();
    load.wait_for_more(500);
    let proven = load.finish(broker.address());
    broker.kill();
    Outcome::Passed(format!("refused with {refusal:?}; stopped in {took:.1?}; {proven}"))
}

/// Every partition of the load is open again, in the time that `resumed` has too.
fn assert_all_take_records(probe: &Probe) {
    let until = Instant::now() + RESUME_MAX;
    for shape in &SHAPES {
        for partition in 0..i32::from(shape.partitions) {
            let at = (shape.name, partition);
            while let Err(code) = probe.wire().offset(at, -1).expect("an answer") {
                assert!(Instant::now() < until, "{at:?} does not come back: {code:?}");
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// Coordinators take commits, those of many partitions of theirs.
fn assert_groups_commit(probe: &Probe) {
    let until = Instant::now() + RESUME_MAX;
    for number in 0..GROUPS {
        let group = format!("probe-{number}");
        while let code = probe.wire().commit(&group, ("kept", 0), 1).expect("an answer")
            && code != ErrorCode::None
        {
            assert!(code.is_retriable(), "{group}: {code:?}");
            assert!(Instant::now() < until, "{group} has no coordinator: {code:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A request that is under way while the disk fills up gets its retriable error too.
pub fn disk_full_answers_what_waits() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::on_loop(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let broker = Broker::start(Setup::new(disk.path().join("data")));
    let mut probe = Probe::new(&broker);
    assert_eq!(probe.wire().create("kept", 1, &[]).expect("an answer"), ErrorCode::None);
    assert_eq!(probe.produce(), Told::Written);
    let ballast = Ballast::fill(disk.path().join("ballast"));
    let refusal = probe.fill();
    assert!(refusal.is_retriable(), "refused with {refusal:?}");
    drop(ballast);
    assert_eq!(probe.unanswered, 0, "requests without an answer in {ANSWER_MAX:?}");
    Outcome::Passed(format!("refused with {refusal:?}"))
}

/// Writes fail with EIO under load, and the device is mended later.
pub fn device_errors() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::in_memory(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let (mut broker, mut probe, load) = under_load(&disk);
    load.wait_for_more(500);
    disk.break_writes().expect("a limit can be set");
    let refusal = probe.fill();
    assert_eq!(refusal, ErrorCode::KafkaStorageError);
    probe.assert_reads_work();
    thread::sleep(FULL_FOR);
    assert!(broker.is_running(), "it ended:\n{}", broker.said());
    broker.kill();
    // The device is well again, and the file system goes back to what it had made durable.
    disk.mend_writes();
    disk.unmount();
    disk.mount().expect("it can be mounted again");
    broker.restart();
    let resumed = probe.resumed();
    load.wait_for_more(500);
    let proven = load.finish(broker.address());
    broker.kill();
    Outcome::Passed(format!(
        "refused with {refusal:?}; the first write {resumed:.1?} after a start; {proven}"
    ))
}

/// Writes fail with EIO under load for a while: partitions and coordinators come back without a
/// restart.
pub fn device_errors_that_pass() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::in_memory_unjournaled(directory.path(), DISK_MIB) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let (mut broker, mut probe, load) = under_load(&disk);
    load.wait_for_more(500);
    let mut resumed = Vec::new();
    for _ in 0..2 {
        disk.break_writes().expect("a limit can be set");
        let refusal = probe.fill();
        assert_eq!(refusal, ErrorCode::KafkaStorageError);
        probe.assert_reads_work();
        thread::sleep(FULL_FOR);
        disk.mend_writes();
        resumed.push(probe.resumed());
        assert_all_take_records(&probe);
        assert_groups_commit(&probe);
        load.wait_for_more(500);
    }
    assert!(broker.is_running(), "it ended:\n{}", broker.said());
    let proven = load.finish_with(broker.address(), Order::RefusedAreOvertaken);
    assert!(broker.said().contains("online again"), "no log failed:\n{}", broker.said());
    broker.kill();
    Outcome::Passed(format!("the first writes {resumed:.1?} after the device was well; {proven}"))
}
