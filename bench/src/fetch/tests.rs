//! Fetch loads against a broker in memory, and the answer reader against answers cut into every
//! possible pieces. Real sockets on the loopback, no fixed port; runs last a fraction of a
//! second of wall time, and no assertion depends on how fast the machine is.

use std::borrow::Cow;

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress::Codec;
use millstream_wire::frame::encode_response;
use millstream_wire::messages::{FetchResponse, fetch};
use millstream_wire::{ApiKey, Records};

use super::stream::{AnswerStream, Event, Next, PartitionRead};
use super::*;
use crate::fake_broker::{FakeBroker, Mood};
use crate::load::EndToEndLoad;
use crate::poller::Wait;

fn target(broker: &FakeBroker) -> Target {
    Target { address: broker.address, pid: None, congestion: None, wait: Wait::Sleep }
}

fn batch(base_offset: i64, value_bytes: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new(Codec::None).base_offset(base_offset);
    builder.append(1_700_000_000_000, None, Some(&vec![7; value_bytes]), &[]);
    builder.build().expect("uncompressed").to_vec()
}

/// Two answers: three partitions in two topics with and without records, and an empty one.
fn answers() -> (Vec<u8>, Vec<Event>) {
    let records = [batch(100, 3000), Vec::new(), batch(7, 40)];
    let partition = |index: i32, records: &[u8]| fetch::response::Partitions {
        partition_index: index,
        high_watermark: 1000 + i64::from(index),
        records: Some(Records::Bytes(Cow::Owned(records.to_vec()))),
        ..Default::default()
    };
    let topic = |name: &'static str, partitions: Vec<_>| fetch::response::Responses {
        topic: name.into(),
        partitions: partitions.into(),
        ..Default::default()
    };
    let first = topic("one", vec![partition(0, &records[0]), partition(1, &records[1])]);
    let second = topic("another", vec![partition(4, &records[2])]);
    let full = FetchResponse { responses: vec![first, second].into(), ..Default::default() };
    let mut wire = Vec::new();
    for (id, answer) in [(1, &full), (2, &FetchResponse::default())] {
        let encoded = encode_response(id, ApiKey::Fetch, FETCH_VERSION, answer);
        wire.extend(encoded.splice(std::iter::empty()).concat());
    }
    let read = |index: i32, at: usize, base: Option<i64>| {
        Event::Partition(PartitionRead {
            index,
            error_code: 0,
            high_watermark: 1000 + i64::from(index),
            record_bytes: records[at].len(),
            first_batch: base.map(|base| (base, records[at].len())),
        })
    };
    let events = vec![
        Event::Answer { correlation: 1 },
        read(0, 0, Some(100)),
        read(1, 1, None),
        read(4, 2, Some(7)),
        Event::Done,
        Event::Answer { correlation: 2 },
        Event::Done,
    ];
    (wire, events)
}

/// Feed `wire` in reads of at most `read_bytes`, discarding records where the reader allows it.
fn read_in_pieces(wire: &[u8], read_bytes: usize) -> Result<(Vec<Event>, usize), Fault> {
    let mut stream = AnswerStream::default();
    let (mut events, mut at, mut record_bytes) = (Vec::new(), 0, 0);
    let mut on = |event| {
        events.push(event);
        Ok(())
    };
    while at < wire.len() {
        let n = read_bytes.min(wire.len() - at);
        match stream.next() {
            Next::Records(left) => {
                let n = n.min(left);
                stream.skipped(n, &mut on)?;
                record_bytes += n;
                at += n;
            }
            Next::Head => {
                record_bytes += stream.feed(&wire[at..at + n], &mut on)?;
                at += n;
            }
        }
    }
    Ok((events, record_bytes))
}

#[test]
fn answers_are_read_the_same_however_they_are_cut() {
    let (wire, expected) = answers();
    let all = batch(100, 3000).len() + batch(7, 40).len();
    for read_bytes in (1..200).chain([512, 1000, 4096, 100_000]) {
        let (events, record_bytes) = read_in_pieces(&wire, read_bytes).expect("well formed");
        assert_eq!(events, expected, "{read_bytes} bytes a read");
        assert_eq!(record_bytes, all, "{read_bytes} bytes a read");
    }
}

#[test]
fn an_answer_longer_or_shorter_than_its_frame_is_refused() {
    let (wire, _) = answers();
    for change in [-1, 1] {
        let mut wrong = wire.clone();
        let size = i32::from_be_bytes([wrong[0], wrong[1], wrong[2], wrong[3]]) + change;
        wrong[..4].copy_from_slice(&size.to_be_bytes());
        assert!(read_in_pieces(&wrong, 512).is_err(), "{change}");
    }
}

#[test]
fn a_fetch_load_reads_what_was_filled_in_round_and_round() {
    let broker = FakeBroker::start(Mood::Good);
    let common = FetchLoad {
        fill_mib: 1,
        partition_max_bytes: 100_000,
        warmup_s: 0.05,
        duration_s: 0.3,
        ..Default::default()
    };
    let cases = [
        FetchLoad { ..common.clone() },
        FetchLoad { connections: 3, threads: 2, read: true, ..common.clone() },
        FetchLoad { partitions_per_request: 2, depth: 3, ..common },
    ];
    for load in cases {
        let report = run(&target(&broker), &load).expect("a clean run");
        // More than was filled in: the reading began again at the start.
        assert!(report.get("mb_per_s").expect("reported") * 0.3 > 1.1, "{report:?}");
    }
    assert_eq!(broker.topics(), 0);
}

#[test]
fn an_end_to_end_load_times_every_record_once() {
    let broker = FakeBroker::start(Mood::Good);
    let load = EndToEndLoad {
        rate: 400.0,
        producers: 2,
        partitions: 3,
        warmup_s: 0.1,
        duration_s: 0.5,
        ..Default::default()
    };
    let report = crate::e2e::run(&target(&broker), &load).expect("a clean run");
    let rate = report.get("records_per_s").expect("reported");
    assert!((rate - 400.0).abs() < 8.0, "{rate}");
    let (e2e, ack) = (report.get("e2e_p50_ms"), report.get("ack_p50_ms"));
    assert!(e2e.expect("reported") > 0.0 && ack.expect("reported") > 0.0);
}

#[test]
fn a_stall_counts_against_end_to_end_latency() {
    let broker = FakeBroker::start(Mood::StallMs(20));
    let load = EndToEndLoad { rate: 100.0, warmup_s: 0.0, duration_s: 0.5, ..Default::default() };
    let report = crate::e2e::run(&target(&broker), &load).expect("slow, not wrong");
    // Each record takes 20 ms and one is due each 10 ms: the last ones wait for hundreds.
    assert!(report.get("e2e_max_ms").expect("reported") > 200.0, "{report:?}");
}
