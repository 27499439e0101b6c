//! Batches of another partition: right in all that Kafka's batch says, and not ours.

use millstream_wire::batch::HEADER_BYTES;

use super::*;
use crate::limits::BLOCK_BYTES;
use crate::log::recovery::{Behind, Finding, Place, Verdict};

/// A batch of so many bytes with one record, at an offset, in epoch 0.
fn sized(offset: i64, bytes: usize, fill: u8) -> Vec<u8> {
    let build = |value: usize| {
        let mut builder = BatchBuilder::new(Codec::None).base_offset(offset).leader_epoch(0);
        builder.append(1_000, None, Some(&vec![fill; value]), &[]);
        builder.build().expect("builds")
    };
    let overhead = build(bytes).len() - bytes;
    let batch = build(bytes - overhead);
    assert_eq!(batch.len(), bytes);
    batch.to_vec()
}

const BLOCK: usize = BLOCK_BYTES as usize;

fn scanned(bytes: &[u8], known: Known) -> (ScanStep, Scanned) {
    let mut scan = Scan::begin(ScanStart {
        place: Place::Last,
        next_base: None,
        segment: Segment::empty(Offset(0)),
        epochs: EpochCache::default(),
        producers: Producers::default(),
        index_interval_bytes: 1 << 20,
        modified_ms: 5,
        behind: Some(Behind::Unpromised),
        known,
    });
    let step = scan.step(bytes, true);
    (step, scan.finish())
}

/// What a reader is given of bytes at a position, where an offset is due.
fn read_at((position, first): (u64, i64), segment: &Segment, bytes: &[u8]) -> Sliced {
    let (first, epochs, index) = (Offset(first), EpochCache::default(), segment.index.as_ref());
    let stored = Stored { first, position, index, gaps: false, epochs: &epochs };
    let take = Take { bytes_max: 1 << 20, upto: Offset(9), at_least_one: true };
    slice_batches(bytes, &stored, first, &take)
}

fn read(segment: &Segment, bytes: &[u8]) -> Sliced {
    read_at((0, 0), segment, bytes)
}

#[test]
fn every_batch_that_begins_with_a_block_is_known_and_another_in_its_place_is_refused() {
    let ours = [sized(0, BLOCK / 2, 1), sized(1, BLOCK / 2, 1), sized(2, BLOCK, 1)].concat();
    let other = [sized(0, BLOCK / 2, 2), sized(1, BLOCK / 2, 2), sized(2, BLOCK, 2)].concat();
    let (_, found) = scanned(&ours, Known::default());
    let index = found.segment.index.as_ref().expect("of an active segment");
    let positions: Vec<_> = index.entries().iter().map(|entry| entry.position as usize).collect();
    assert_eq!(positions, [0, BLOCK], "the interval is a MiB");
    assert_eq!(index.counted(), 1, "Kafka's has none for the first");
    let whole = Sliced::Batches { start: 0, end: ours.len(), next: Offset(3) };
    assert_eq!(read(&found.segment, &ours), whole);
    // A block that a device has put into the wrong file, the first or the last.
    let finding = Finding::Misdirected;
    let first = [&other[..BLOCK], &ours[BLOCK..]].concat();
    let refused = Sliced::Damaged { at: 0, first: Offset(0), finding };
    assert_eq!(read(&found.segment, &first), refused);
    let last = [&ours[..BLOCK], &other[BLOCK..]].concat();
    let sound = Sliced::Batches { start: 0, end: BLOCK, next: Offset(2) };
    assert_eq!(read(&found.segment, &last), sound);
    let refused = Sliced::Damaged { at: 0, first: Offset(2), finding };
    assert_eq!(read_at((BLOCK_BYTES, 2), &found.segment, &other[BLOCK..]), refused);
}

#[test]
fn a_scan_ends_where_the_journal_has_another_batch_of_the_same_epoch() {
    let file = [sized(0, 200, 1), sized(1, 200, 2), sized(2, 200, 1)].concat();
    let crc = |batch: &[u8]| u32::from_be_bytes(*batch[17..].first_chunk().expect("a header"));
    let name = |offset, epoch| (LeaderEpoch(epoch), Offset(offset));
    let known = |epoch| {
        let ours = [(0, sized(0, 200, 1)), (1, sized(1, 200, 1))];
        Known(ours.iter().map(|(at, batch)| (name(*at, epoch), crc(batch))).collect())
    };
    let (step, found) = scanned(&file, known(0));
    let refused = ScanStep::Done { verdict: Verdict::Truncate, finding: Finding::Misdirected };
    assert_eq!((step, found.segment.end), (refused, Offset(1)));
    // In another epoch there may have been another.
    let (step, found) = scanned(&file, known(1));
    let whole = ScanStep::Done { verdict: Verdict::Truncate, finding: Finding::End };
    assert_eq!((step, found.segment.end), (whole, Offset(3)));
}

#[test]
fn the_crc_that_is_kept_is_the_one_that_is_stored() {
    for overrides in [&[][..], &[("message.timestamp.type", "LogAppendTime")]] {
        let mut log = fresh(overrides);
        let sent = batch(3, None);
        let now = at(7_000);
        append(&mut log, &sent, now).expect("taken");
        let valid = valid(&sent, &config(overrides), now);
        let stored = valid.batches()[0].stored_header(&sent, Offset(0), LeaderEpoch(0));
        let crc = millstream_wire::batch::BatchHeader::read(&stored).crc;
        let kept = log.active().index.as_ref().expect("active").entries()[0];
        assert_eq!((kept.position, kept.crc), (0, crc), "{overrides:?}");
        assert_eq!(crc != valid.batches()[0].header.crc, !overrides.is_empty());
        let whole = [&stored[..], &sent[HEADER_BYTES..]].concat();
        let view = millstream_wire::batch::BatchView::parse(&whole).expect("a batch");
        assert!(view.crc_valid());
    }
}
