//! For every accepted batch its rejected neighbour.

use std::collections::BTreeMap;

use millstream_wire::ErrorCode;
use millstream_wire::batch::{BatchBuilder, HEADER_BYTES, crc32c};
use proptest::prelude::*;

use super::*;
use crate::config::BrokerConfig;

const NOW_MS: i64 = 1_700_000_000_000;

fn config(overrides: &[(&str, &str)]) -> TopicConfig {
    let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
    let overrides: BTreeMap<_, _> = overrides.iter().map(text).collect();
    TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound overrides")
}

fn judge(bytes: &[u8], overrides: &[(&str, &str)]) -> Result<ValidBatches, BatchFault> {
    let config = config(overrides);
    admit_as(Origin::Client { produce_version: 11 }, bytes, &config)
}

fn admit_as(
    origin: Origin,
    bytes: &[u8],
    config: &TopicConfig,
) -> Result<ValidBatches, BatchFault> {
    let now = Now { wall_ms: NOW_MS, mono_ns: 0 };
    admitted(&Bytes::copy_from_slice(bytes), &Rules { origin, config, now })
}

fn batch_of(codec: Codec, count: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new(codec);
    for i in 0..count {
        builder.append(NOW_MS - i as i64, Some(b"key"), Some(b"some value"), &[]);
    }
    builder.build().expect("compresses").to_vec()
}

/// Changes a sound batch at `at` and makes its CRC right again.
fn with(at: usize, patch: &[u8]) -> Vec<u8> {
    let mut bytes = batch_of(Codec::None, 3);
    bytes[at..at + patch.len()].copy_from_slice(patch);
    reseal(&mut bytes);
    bytes
}

fn reseal(bytes: &mut [u8]) {
    let crc = crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
}

fn code(bytes: &[u8], overrides: &[(&str, &str)]) -> ErrorCode {
    judge(bytes, overrides).expect_err("must be refused").code()
}

#[test]
fn a_sound_batch_of_every_codec_is_admitted_as_it_is() {
    for codec in Codec::ALL {
        let bytes = batch_of(codec, 3);
        let valid = judge(&bytes, &[]).expect("sound");
        assert_eq!(valid.bytes(), &bytes);
        assert_eq!(valid.offsets(), 3);
        let batch = valid.batches()[0];
        assert_eq!((batch.len, batch.max_timestamp), (bytes.len(), NOW_MS));
        assert!(!batch.needs_restamp());
    }
}

#[test]
fn each_broken_rule_has_kafkas_code() {
    let two = [batch_of(Codec::None, 1), batch_of(Codec::None, 1)].concat();
    let short = &batch_of(Codec::None, 1)[..70];
    let mut wrong_crc = batch_of(Codec::None, 1);
    *wrong_crc.last_mut().expect("bytes") ^= 1;
    let cases: &[(&str, &[u8], ErrorCode)] = &[
        ("empty", &[], ErrorCode::InvalidRecord),
        ("cut", short, ErrorCode::InvalidRecord),
        ("two batches", &two, ErrorCode::InvalidRecord),
        ("crc", &wrong_crc, ErrorCode::CorruptMessage),
        ("length below a header's", &with(8, &20i32.to_be_bytes()), ErrorCode::CorruptMessage),
        ("magic 0", &with(16, &[0]), ErrorCode::InvalidRecord),
        ("magic 1", &with(16, &[1]), ErrorCode::InvalidRecord),
        ("magic 3", &with(16, &[3]), ErrorCode::CorruptMessage),
        ("base offset", &with(0, &1i64.to_be_bytes()), ErrorCode::InvalidRecord),
        ("codec 5", &with(21, &[0, 5]), ErrorCode::UnsupportedCompressionType),
        ("codec of garbage", &with(21, &[0, 4]), ErrorCode::CorruptMessage),
        ("transaction", &with(21, &[0, 16]), ErrorCode::InvalidTxnState),
        ("control", &with(21, &[0, 32]), ErrorCode::InvalidRecord),
        ("delete horizon", &with(21, &[0, 64]), ErrorCode::InvalidRecord),
        ("unknown bit", &with(21, &[1, 0]), ErrorCode::InvalidRecord),
        ("last delta", &with(23, &3i32.to_be_bytes()), ErrorCode::InvalidRecord),
        ("negative delta", &with(23, &(-1i32).to_be_bytes()), ErrorCode::InvalidRecord),
        ("count", &with(57, &4i32.to_be_bytes()), ErrorCode::InvalidRecord),
        ("no records", &with(57, &0i32.to_be_bytes()), ErrorCode::InvalidRecord),
        ("producer without sequence", &with(43, &7i64.to_be_bytes()), ErrorCode::InvalidRecord),
        ("record length", &with(HEADER_BYTES, &[2]), ErrorCode::InvalidRecord),
        ("offset delta", &with(HEADER_BYTES + 3, &[2]), ErrorCode::InvalidRecord),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(code(bytes, &[]), *expected, "{name}");
    }
}

#[test]
fn a_cut_tail_after_the_batch_is_dropped() {
    let sound = batch_of(Codec::None, 2);
    let valid = judge(&[&sound[..], &[0; 5]].concat(), &[]).expect("Kafka takes it");
    assert_eq!(valid.bytes(), &sound);
}

#[test]
fn max_message_bytes_is_a_limit_on_the_batch_as_sent() {
    let bytes = batch_of(Codec::None, 3);
    let limit = |bytes: usize| bytes.to_string();
    assert!(judge(&bytes, &[("max.message.bytes", &limit(bytes.len()))]).is_ok());
    let one_less = limit(bytes.len() - 1);
    assert_eq!(code(&bytes, &[("max.message.bytes", &one_less)]), ErrorCode::MessageTooLarge);
}

#[test]
fn a_compacted_topic_needs_keys() {
    let mut builder = BatchBuilder::new(Codec::Lz4);
    builder.append(NOW_MS, Some(b"k"), None, &[]).append(NOW_MS, None, Some(b"v"), &[]);
    let bytes = builder.build().expect("compresses");
    let compact = [("cleanup.policy", "compact")];
    assert_eq!(named(&bytes, &compact), (ErrorCode::InvalidRecord, vec![1]));
    assert!(judge(&bytes, &[]).is_ok());
    assert!(judge(&batch_of(Codec::None, 2), &compact).is_ok());
}

/// The error code, and the records that the refusal names.
fn named(bytes: &[u8], overrides: &[(&str, &str)]) -> (ErrorCode, Vec<u32>) {
    let refusal = crate::refusal::Refusal::from(judge(bytes, overrides).expect_err("refused"));
    assert!(refusal.message().is_some_and(|message| !message.is_empty()));
    assert!(refusal.records().iter().all(|record| !record.message.is_empty()));
    (refusal.code(), refusal.records().iter().map(|record| record.index).collect())
}

#[test]
fn every_record_at_fault_is_named_and_a_wrong_clock_gives_the_code() {
    let late = NOW_MS + 7_200_000;
    let compact = ("cleanup.policy", "compact");
    type Row<'a> = (&'a [(bool, i64)], &'a [(&'a str, &'a str)], ErrorCode, &'a [u32]);
    let rows: [Row<'_>; 5] = [
        (
            &[(true, NOW_MS), (false, NOW_MS), (true, NOW_MS), (false, NOW_MS)],
            &[compact],
            ErrorCode::InvalidRecord,
            &[1, 3],
        ),
        (&[(false, late), (true, NOW_MS), (true, late)], &[], ErrorCode::InvalidTimestamp, &[0, 2]),
        (
            &[(false, NOW_MS), (true, late), (true, NOW_MS)],
            &[compact],
            ErrorCode::InvalidTimestamp,
            &[0, 1],
        ),
        // What a record without key says of time is not looked at, as in Kafka.
        (&[(true, NOW_MS), (false, late)], &[compact], ErrorCode::InvalidRecord, &[1]),
        (
            &[(true, late), (false, late)],
            &[compact, ("message.timestamp.type", "LogAppendTime")],
            ErrorCode::InvalidRecord,
            &[1],
        ),
    ];
    for codec in [Codec::None, Codec::Gzip] {
        for (records, overrides, code, indexes) in rows {
            let mut builder = BatchBuilder::new(codec);
            for (has_key, at) in records {
                builder.append(*at, has_key.then_some(&b"k"[..]), Some(b"v"), &[]);
            }
            let bytes = builder.build().expect("compresses");
            assert_eq!(named(&bytes, overrides), (code, indexes.to_vec()), "{records:?} {codec:?}");
        }
    }
}

#[test]
fn a_refusal_names_a_bounded_number_of_records_and_counts_all() {
    let mut builder = BatchBuilder::new(Codec::Gzip);
    let count = crate::limits::RECORD_FAULTS_MAX + 5;
    for _ in 0..count {
        builder.append(NOW_MS, None, None, &[]);
    }
    let bytes = builder.build().expect("compresses");
    let compact = [("cleanup.policy", "compact")];
    assert_eq!(named(&bytes, &compact).1.len(), crate::limits::RECORD_FAULTS_MAX);
    let fault = judge(&bytes, &compact).expect_err("refused").to_string();
    assert!(fault.contains(&count.to_string()), "{fault}");
}

#[test]
fn timestamps_are_held_to_the_topics_range() {
    let at = |timestamp: i64| {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.append(NOW_MS, None, None, &[]).append(timestamp, None, None, &[]);
        builder.build().expect("builds")
    };
    let hour = 3_600_000;
    assert!(judge(&at(NOW_MS + hour), &[]).is_ok());
    assert_eq!(named(&at(NOW_MS + hour + 1), &[]), (ErrorCode::InvalidTimestamp, vec![1]));
    let before = [("message.timestamp.before.max.ms", "1000")];
    assert!(judge(&at(NOW_MS - 1000), &before).is_ok());
    assert_eq!(code(&at(NOW_MS - 1001), &before), ErrorCode::InvalidTimestamp);
    assert!(judge(&at(0), &[]).is_ok(), "any age by default");
}

#[test]
fn append_time_replaces_the_producers_and_a_wrong_maximum_is_corrected() {
    let log_append = [("message.timestamp.type", "LogAppendTime")];
    let valid = judge(&batch_of(Codec::Gzip, 2), &log_append).expect("sound");
    assert_eq!(
        (valid.batches()[0].max_timestamp, valid.batches()[0].stamp),
        (NOW_MS, Stamp::LogAppend)
    );
    assert!(valid.batches()[0].needs_restamp());
    let valid = judge(&with(35, &9i64.to_be_bytes()), &[]).expect("Kafka corrects it");
    assert_eq!(valid.batches()[0].max_timestamp, NOW_MS);
    assert!(valid.batches()[0].needs_restamp());
}

#[test]
fn zstd_needs_produce_7() {
    let config = config(&[]);
    let judge = |codec, produce_version| {
        admit_as(Origin::Client { produce_version }, &batch_of(codec, 1), &config).err()
    };
    assert_eq!(judge(Codec::Zstd, 6), Some(BatchFault::ZstdTooOld));
    assert_eq!(judge(Codec::Zstd, 7), None);
    assert_eq!(judge(Codec::Lz4, 6), None);
}

#[test]
fn a_small_batch_that_expands_without_end_is_refused() {
    let mut builder = BatchBuilder::new(Codec::Gzip);
    builder.append(NOW_MS, None, Some(&vec![0; 70 << 20]), &[]);
    let bytes = builder.build().expect("compresses");
    assert!(bytes.len() < 200_000);
    assert_eq!(code(&bytes, &[]), ErrorCode::MessageTooLarge);
}

/// Offset, timestamp, key and value.
type Shown = (i64, i64, Option<Vec<u8>>, Option<Vec<u8>>);

fn records_of(valid: &ValidBatches) -> Vec<Shown> {
    let view = BatchView::parse(valid.bytes()).expect("a batch");
    view.check_crc().expect("sealed");
    let plain = view.decompressed(1 << 27).expect("sound");
    let own = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
    let records = view.records_in(&plain).map(|record| {
        let record = record.expect("sound");
        (record.offset, record.timestamp, own(record.key), own(record.value))
    });
    records.collect()
}

#[test]
fn a_batch_is_stored_in_the_topics_codec_with_its_records_unchanged() {
    for sent in Codec::ALL {
        let bytes = batch_of(sent, 50);
        let as_sent = records_of(&judge(&bytes, &[]).expect("sound"));
        for target in ["uncompressed", "gzip", "snappy", "lz4", "zstd"] {
            let valid = judge(&bytes, &[("compression.type", target)]).expect("sound");
            let view = BatchView::parse(valid.bytes()).expect("a batch");
            assert_eq!(view.attributes().codec(), Ok(Codec::from_name(target).expect("a codec")));
            assert_eq!(records_of(&valid), as_sent, "{sent:?} to {target}");
            assert_eq!(valid.batches()[0].len, valid.bytes().len());
            assert_eq!(valid.batches()[0].header, *view.header());
            if sent.name() == target {
                assert_eq!(valid.bytes(), &bytes, "the same codec is not touched");
            }
        }
    }
}

#[test]
fn a_repacked_batch_keeps_producer_sequence_and_append_time() {
    let mut bytes = batch_of(Codec::Lz4, 3);
    bytes[43..57].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 0, 0, 0, 5]);
    reseal(&mut bytes);
    let overrides = [("compression.type", "zstd"), ("message.timestamp.type", "LogAppendTime")];
    let valid = judge(&bytes, &overrides).expect("sound");
    let batch = valid.batches()[0];
    assert_eq!(batch.producer(), Some((9, 2, 5)));
    assert_eq!((batch.max_timestamp, batch.stamp), (NOW_MS, Stamp::LogAppend));
    assert!(batch.needs_restamp());
}

#[test]
fn max_message_bytes_holds_for_the_sent_and_for_the_stored_batch() {
    let mut builder = BatchBuilder::new(Codec::Gzip);
    builder.append(NOW_MS, Some(b"k"), Some(&[7; 5000]), &[]);
    let bytes = builder.build().expect("compresses");
    assert!(bytes.len() < 1000);
    let plain = judge(&bytes, &[("compression.type", "uncompressed")]).expect("fits").bytes().len();
    for (target, max, fits) in [
        ("uncompressed", plain, true),
        ("uncompressed", plain - 1, false),
        ("producer", bytes.len(), true),
        ("producer", bytes.len() - 1, false),
        ("zstd", bytes.len() - 1, false),
    ] {
        let max = max.to_string();
        let overrides = [("compression.type", target), ("max.message.bytes", max.as_str())];
        match judge(&bytes, &overrides) {
            Ok(_) => assert!(fits, "{target} {max}"),
            Err(fault) => assert!(!fits && fault.code() == ErrorCode::MessageTooLarge, "{target}"),
        }
    }
    // A short batch grows by gzip's own header.
    let mut builder = BatchBuilder::new(Codec::None);
    builder.append(NOW_MS, None, Some(b"abcdefghij"), &[]);
    let sent = builder.build().expect("builds");
    let max = sent.len().to_string();
    let overrides = [("compression.type", "gzip"), ("max.message.bytes", max.as_str())];
    let fault = judge(&sent, &overrides).expect_err("it grows");
    assert_eq!(fault.code(), ErrorCode::MessageTooLarge);
}

#[test]
fn what_is_wrong_inside_is_found_before_anything_is_packed() {
    let config = config(&[("compression.type", "zstd")]);
    let client = Origin::Client { produce_version: 11 };
    let mut wrong = with(HEADER_BYTES + 3, &[2]);
    reseal(&mut wrong);
    assert_eq!(
        admit_as(client, &wrong, &config).expect_err("refused").code(),
        ErrorCode::InvalidRecord
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(
        codec in proptest::sample::select(&Codec::ALL[..]),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let mut bytes = batch_of(codec, 3);
        for (at, mask) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
        }
        let _ = judge(&bytes, &[]);
        reseal(&mut bytes);
        let _ = judge(&bytes, &[("cleanup.policy", "compact")]);
        let _ = judge(&bytes, &[("compression.type", "uncompressed")]);
    }
}
