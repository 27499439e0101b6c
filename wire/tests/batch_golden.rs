//! Batches written by Kafka's own Java classes, read by ours, field by field.
//!
//! `testdata/batches.json` holds bytes and what Kafka's reader says of them, the damaged
//! ones included. Compressed bytes differ between encoders, so the way back (our builder)
//! is compared by decoded records.

use millstream_wire::batch::{self, BatchBuilder, BatchFault, BatchView, split_batches};
use millstream_wire::compress::Codec;
use serde_json::Value;

const CAP: usize = 1 << 24;

fn samples() -> Vec<Value> {
    let text = include_str!("../testdata/batches.json");
    serde_json::from_str(text).expect("the samples are JSON")
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a hex digit") as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn bytes_or_null(value: &Value) -> Option<Vec<u8>> {
    value.as_str().map(unhex)
}

fn check_header(name: &str, view: &BatchView<'_>, expected: &Value) {
    let header = view.header();
    let field = |key: &str| expected[key].as_i64().unwrap_or_else(|| panic!("{name}: {key}"));
    let flag = |key: &str| expected[key].as_bool().unwrap_or_else(|| panic!("{name}: {key}"));
    assert_eq!(header.base_offset, field("base_offset"), "{name}");
    assert_eq!(i64::from(header.batch_length), field("batch_length"), "{name}");
    assert_eq!(i64::from(header.leader_epoch), field("partition_leader_epoch"), "{name}");
    assert_eq!(i64::from(header.magic), field("magic"), "{name}");
    assert_eq!(i64::from(header.crc), field("crc"), "{name}");
    assert_eq!(i64::from(header.attributes.0), field("attributes"), "{name}");
    assert_eq!(i64::from(header.last_offset_delta), field("last_offset_delta"), "{name}");
    assert_eq!(header.base_timestamp, field("base_timestamp"), "{name}");
    assert_eq!(header.max_timestamp, field("max_timestamp"), "{name}");
    assert_eq!(header.producer_id, field("producer_id"), "{name}");
    assert_eq!(i64::from(header.producer_epoch), field("producer_epoch"), "{name}");
    assert_eq!(i64::from(header.base_sequence), field("base_sequence"), "{name}");
    assert_eq!(i64::from(header.record_count), field("record_count"), "{name}");
    let codec = header.attributes.codec().expect("a known codec");
    assert_eq!(codec.name(), expected["compression"], "{name}");
    assert_eq!(header.attributes.is_log_append_time(), flag("log_append_time"), "{name}");
    assert_eq!(header.attributes.is_transactional(), flag("transactional"), "{name}");
    assert_eq!(header.attributes.is_control(), flag("control"), "{name}");
    assert_eq!(header.attributes.has_delete_horizon(), flag("delete_horizon"), "{name}");
}

fn check_records(name: &str, view: &BatchView<'_>, expected: &[Value]) {
    let plain = view.decompressed(CAP).expect("the sample decompresses");
    let records: Vec<_> =
        view.records_in(&plain).collect::<Result<_, _>>().unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(records.len(), expected.len(), "{name}");
    for (record, expected) in records.iter().zip(expected) {
        assert_eq!(record.offset, expected["offset"].as_i64().expect("offset"), "{name}");
        assert_eq!(record.timestamp, expected["timestamp"].as_i64().expect("time"), "{name}");
        let delta = expected["timestamp_delta"].as_i64().expect("delta");
        assert_eq!(record.timestamp_delta, delta, "{name}");
        check_content(name, "key", record.key, expected);
        check_content(name, "value", record.value, expected);
        let headers = expected["headers"].as_array().expect("headers");
        assert_eq!(record.headers.len(), headers.len(), "{name}");
        for (header, expected) in record.headers.iter().zip(headers) {
            assert_eq!(header.key, expected[0].as_str().expect("key").as_bytes(), "{name}");
            assert_eq!(header.value.map(<[u8]>::to_vec), bytes_or_null(&expected[1]), "{name}");
        }
    }
    let summary = batch::walk(view.record_count(), &plain).expect("the walk agrees");
    let dense = expected.iter().enumerate().all(|(i, r)| r["offset_delta"] == i);
    assert_eq!(summary.deltas_dense, dense, "{name}");
}

/// Long contents are given as length and checksum.
fn check_content(name: &str, part: &str, got: Option<&[u8]>, expected: &Value) {
    match &expected[part] {
        Value::Null if expected.get(format!("{part}_length")).is_some() => {
            let length = expected[format!("{part}_length")].as_u64().expect("a length");
            assert_eq!(got.map(|b| b.len() as u64), Some(length), "{name}");
        }
        Value::Object(summary) => {
            let length = summary.values().find_map(Value::as_u64);
            assert_eq!(got.map(|b| b.len() as u64), length, "{name}");
        }
        value => assert_eq!(got.map(<[u8]>::to_vec), bytes_or_null(value), "{name} {part}"),
    }
}

#[test]
fn every_sound_sample_reads_as_kafka_reads_it() {
    let mut seen = 0;
    for sample in samples() {
        let Some(expected) = sample["batches"].as_array() else { continue };
        let name = sample["name"].as_str().expect("a name");
        let bytes = unhex(sample["hex"].as_str().expect("hex"));
        let views: Vec<_> = split_batches(&bytes)
            .collect::<Result<_, _>>()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(views.len(), expected.len(), "{name}");
        for (view, expected) in views.iter().zip(expected) {
            assert!(view.crc_valid(), "{name}");
            check_header(name, view, expected);
            check_records(name, view, expected["records"].as_array().expect("records"));
        }
        seen += 1;
    }
    assert!(seen >= 30, "only {seen} sound samples");
}

#[test]
fn every_damaged_sample_is_refused_as_kafka_refuses_it() {
    let mut seen = 0;
    for sample in samples() {
        let Some(expected) = sample["expect"].as_str() else { continue };
        let name = sample["name"].as_str().expect("a name");
        let bytes = unhex(sample["hex"].as_str().expect("hex"));
        let verdict = read_all(&bytes);
        let fits = matches!(
            (name, &verdict),
            ("bad-crc-payload" | "bad-crc-attributes", Err(BatchFault::Crc { .. }))
                | ("changed-offset-and-epoch-still-valid", Ok(3))
                | ("count-too-large" | "count-too-small", Err(BatchFault::Count { .. }))
                | ("length-below-header", Err(BatchFault::Length { .. }))
                | ("truncated", Err(BatchFault::Incomplete { have: 94 }))
                | ("magic-3", Err(BatchFault::Magic { magic: 3 }))
                | ("codec-7", Err(BatchFault::Codec { id: 7 }))
                | ("magic-0", Err(BatchFault::Legacy { magic: 0 }))
                | ("magic-1", Err(BatchFault::Legacy { magic: 1 }))
        );
        assert!(fits, "{name}: Kafka says {expected:?}, we say {verdict:?}");
        seen += 1;
    }
    assert_eq!(seen, 11);
}

fn read_all(bytes: &[u8]) -> Result<usize, BatchFault> {
    let mut count = 0;
    for view in split_batches(bytes) {
        let view = view?;
        view.check_crc()?;
        let plain = view.decompressed(CAP)?;
        for record in view.records_in(&plain) {
            record?;
            count += 1;
        }
    }
    Ok(count)
}

#[test]
fn the_builder_writes_kafkas_bytes_for_uncompressed_batches() {
    let mut compared = 0;
    for sample in samples() {
        let Some(expected) = sample["batches"].as_array() else { continue };
        let name = sample["name"].as_str().expect("a name");
        let bytes = unhex(sample["hex"].as_str().expect("hex"));
        for view in split_batches(&bytes).take(expected.len()) {
            let view = view.expect("a sound sample");
            let header = view.header();
            let simple = header.record_count > 0 && !header.attributes.has_delete_horizon();
            if !simple || header.attributes.codec() != Ok(Codec::None) {
                continue;
            }
            assert_eq!(rebuilt(&view), view.bytes(), "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 10, "only {compared} compared");
}

fn rebuilt(view: &BatchView<'_>) -> Vec<u8> {
    let h = view.header();
    let mut builder = BatchBuilder::new(Codec::None)
        .base_offset(h.base_offset)
        .leader_epoch(h.leader_epoch)
        .producer(h.producer_id, h.producer_epoch, h.base_sequence);
    if h.attributes.is_transactional() {
        builder = builder.transactional();
    }
    if h.attributes.is_control() {
        builder = builder.control();
    }
    if h.attributes.is_log_append_time() {
        builder = builder.log_append_time(h.max_timestamp);
    }
    for record in view.records().expect("uncompressed") {
        let record = record.expect("sound");
        let timestamp = h.base_timestamp + record.timestamp_delta;
        let headers: Vec<_> = record
            .headers
            .iter()
            .map(|header| (std::str::from_utf8(header.key).expect("UTF-8"), header.value))
            .collect();
        builder.append_at(record.offset_delta, timestamp, (record.key, record.value), &headers);
    }
    builder.extend_to(h.last_offset_delta).build().expect("no compressor").to_vec()
}
