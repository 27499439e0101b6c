//! Round trips, in-place patches, and the promise that no bytes panic.

use proptest::prelude::*;

use super::*;

const CAP: usize = 1 << 20;

type Content = (i64, Option<Vec<u8>>, Option<Vec<u8>>, Vec<(String, Option<Vec<u8>>)>);

fn content() -> impl Strategy<Value = Content> {
    let bytes = || proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40));
    let header = ("[a-zé]{0,6}", bytes());
    (0..2_000_000_000_000i64, bytes(), bytes(), proptest::collection::vec(header, 0..4))
}

fn build(codec: Codec, contents: &[Content]) -> Vec<u8> {
    let mut builder = BatchBuilder::new(codec).base_offset(1000).producer(7, 1, i32::MAX);
    for (timestamp, key, value, headers) in contents {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        builder.append(*timestamp, key.as_deref(), value.as_deref(), &headers);
    }
    builder.build().expect("small batches compress").to_vec()
}

fn read(bytes: &[u8]) -> Result<Vec<Content>, BatchFault> {
    let mut all = Vec::new();
    for view in split_batches(bytes) {
        let view = view?;
        view.check_crc()?;
        let plain = view.decompressed(CAP)?;
        batch_agrees_with_walk(&view, &plain);
        for record in view.records_in(&plain) {
            let record = record?;
            let headers = record.headers.iter();
            all.push((
                record.timestamp,
                record.key.map(<[u8]>::to_vec),
                record.value.map(<[u8]>::to_vec),
                headers
                    .map(|h| (String::from_utf8_lossy(h.key).into_owned(), h.value.map(Vec::from)))
                    .collect(),
            ));
        }
    }
    Ok(all)
}

/// The fast walk and the iterator must accept exactly the same bytes.
fn batch_agrees_with_walk(view: &BatchView<'_>, plain: &[u8]) {
    let walked = walk(view.record_count(), plain).map(|_| ());
    let iterated = view.records_in(plain).try_for_each(|record| record.map(|_| ()));
    assert_eq!(walked.is_ok(), iterated.is_ok(), "{walked:?} {iterated:?}");
}

/// Makes the CRC right again, so that damage reaches what lies behind it.
fn reseal(bytes: &mut [u8]) {
    if bytes.len() >= HEADER_BYTES {
        let crc = crc32c(&bytes[CRC_FROM..]);
        bytes[CRC_AT..CRC_AT + 4].copy_from_slice(&crc.to_be_bytes());
    }
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(
        codec in proptest::sample::select(&Codec::ALL[..]),
        contents in proptest::collection::vec(content(), 1..20),
    ) {
        prop_assert_eq!(read(&build(codec, &contents)), Ok(contents));
    }

    #[test]
    fn no_cut_panics_or_passes(
        codec in proptest::sample::select(&Codec::ALL[..]),
        contents in proptest::collection::vec(content(), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = build(codec, &contents);
        let cut = &bytes[..cut.index(bytes.len())];
        prop_assert!(cut.is_empty() || read(cut).is_err());
    }

    #[test]
    fn no_flip_behind_a_valid_crc_panics(
        codec in proptest::sample::select(&Codec::ALL[..]),
        contents in proptest::collection::vec(content(), 1..5),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..4),
    ) {
        let mut bytes = build(codec, &contents);
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        reseal(&mut bytes);
        let _ = read(&bytes);
    }

    #[test]
    fn no_garbage_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = walk(3, &bytes);
    }

    #[test]
    fn a_new_max_timestamp_keeps_the_crc_right(
        contents in proptest::collection::vec(content(), 1..9),
        timestamp in any::<i64>(),
        append in any::<bool>(),
    ) {
        let kind = if append { TimestampType::LogAppend } else { TimestampType::Create };
        let mut bytes = build(Codec::None, &contents);
        let header = bytes.first_chunk_mut::<HEADER_BYTES>().expect("a header");
        set_max_timestamp(header, timestamp, kind);
        set_base_offset(header, 1 << 40);
        set_leader_epoch(header, 9);
        let view = BatchView::parse(&bytes).expect("still a batch");
        prop_assert!(view.crc_valid());
        prop_assert_eq!(view.max_timestamp(), timestamp);
        prop_assert_eq!(view.attributes().is_log_append_time(), append);
        prop_assert_eq!(view.base_offset(), 1 << 40);
        prop_assert_eq!(view.header().leader_epoch, 9);
    }
}

#[test]
fn a_patch_does_not_repair_a_wrong_crc() {
    let mut bytes = build(Codec::None, &[(5, None, Some(vec![1; 100]), vec![])]);
    bytes[90] ^= 1;
    let header = bytes.first_chunk_mut::<HEADER_BYTES>().expect("a header");
    set_max_timestamp(header, 77, TimestampType::LogAppend);
    assert!(!BatchView::parse(&bytes).expect("a batch").crc_valid());
}

#[test]
fn a_null_header_key_and_a_negative_header_count_are_refused() {
    // length, attributes, deltas, key null, value null, headers
    let null_key = [16, 0, 0, 0, 1, 1, 2, 1, 1];
    assert_eq!(walk(1, &null_key), Err(BatchFault::Record { index: 0 }));
    let negative = [12, 0, 0, 0, 1, 1, 1];
    assert_eq!(walk(1, &negative), Err(BatchFault::Record { index: 0 }));
    let sound = [12, 0, 0, 0, 1, 1, 0];
    assert!(walk(1, &sound).is_ok());
    assert_eq!(walk(2, &sound), Err(BatchFault::Count { declared: 2 }));
    assert_eq!(walk(0, &sound), Err(BatchFault::Count { declared: 0 }));
    assert_eq!(walk(-1, &[]), Err(BatchFault::Count { declared: -1 }));
}

#[test]
fn varints_are_read_at_their_limits_and_not_past_them() {
    for value in [0, 1, -1, 63, -64, 64, i64::from(i32::MAX), i64::from(i32::MIN)] {
        let mut out = Vec::new();
        record::put_varint(&mut out, value);
        assert_eq!(out.len(), record::varint_len(value), "{value}");
    }
    let mut longest = Vec::new();
    record::put_varint(&mut longest, i64::MIN);
    assert_eq!(longest.len(), 10);
}

#[test]
fn an_unfinished_batch_reaches_past_its_room_and_past_no_number() {
    for room in [HEADER_BYTES, HEADER_BYTES + 1, 5_000, 50 << 20, usize::MAX] {
        let header = unfinished(42, 7, room);
        let read = BatchHeader::read(&header);
        assert_eq!((read.base_offset, read.leader_epoch, read.magic), (42, 7, 2));
        assert!(read.total_len() > room.min(1 << 30), "{room}: {}", read.total_len());
        // Clients add the prefix to the length as a 32-bit number.
        assert!(read.batch_length.checked_add(LENGTH_PREFIX_BYTES as i32).is_some(), "{room}");
    }
    let mut bytes = unfinished(42, 7, 100).to_vec();
    bytes.resize(100, 0);
    let found: Vec<_> = split_batches(&bytes).collect();
    assert!(matches!(found[..], [Err(BatchFault::Incomplete { .. })]), "{found:?}");
}
