//! `compression.type` of a topic, and what batches that expand without end may cost.

use std::thread;

use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;
use millstream_wire::messages::{FetchRequest, FetchResponse, fetch};
use millstream_wire::{ApiKey, ErrorCode};

use crate::harness::Broker;
use crate::rdkafka_client::{
    PARTITIONS, assert_holds, assert_kept, create, produce, read_all, rows,
};
use crate::wire_client::WireClient;

/// The codecs of a topic's batches, all partitions.
fn codecs(broker: &Broker, topic: &'static str) -> Vec<Codec> {
    let mut client = WireClient::connect(broker);
    let partition = |partition| fetch::request::Partitions {
        partition,
        current_leader_epoch: -1,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    };
    let wanted = fetch::request::Topics {
        topic: topic.into(),
        partitions: (0..PARTITIONS).map(partition).collect::<Vec<_>>().into(),
        ..Default::default()
    };
    let request = FetchRequest {
        max_bytes: 50 << 20,
        session_epoch: -1,
        topics: vec![wanted].into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::Fetch, 12, &request);
    let response: FetchResponse<'_> = answer.read();
    let mut found = Vec::new();
    for partition in response.responses.iter().next().expect("one topic").partitions.iter() {
        let records = partition.records.as_ref().map_or(&[][..], |records| records.as_bytes());
        for batch in split_batches(records).map_while(Result::ok) {
            assert!(batch.crc_valid());
            found.push(batch.attributes().codec().expect("a codec"));
        }
    }
    found
}

#[test]
fn a_topic_stores_its_own_codec_whatever_is_sent() {
    let broker = Broker::start();
    let rows = rows(3_000);
    for (topic, sent, stored) in [
        ("gzip", "none", Codec::Gzip),
        ("snappy", "gzip", Codec::Snappy),
        ("lz4", "zstd", Codec::Lz4),
        ("zstd", "snappy", Codec::Zstd),
        ("uncompressed", "lz4", Codec::None),
        ("producer", "lz4", Codec::Lz4),
    ] {
        create(
            broker.address(),
            topic,
            &[("compression.type", topic), ("compression.lz4.level", "4")],
        );
        let settings =
            [("compression.type", sent), ("enable.idempotence", "true"), ("linger.ms", "5")];
        let reports = produce(broker.address(), topic, &rows, &settings);
        let found = read_all(broker.address(), topic, PARTITIONS);
        assert_kept(&found, &rows, &reports);
        assert_holds(&found, &rows);
        // librdkafka leaves a batch uncompressed that would not get smaller.
        let kept = codecs(&broker, topic);
        let others = kept.iter().filter(|codec| **codec != stored).count();
        assert!(!kept.is_empty(), "{topic}");
        assert!(topic == "producer" || others == 0, "{topic}: {others} of {}", kept.len());
    }
}

#[test]
fn bombs_stay_within_the_brokers_memory() {
    const BOMBS: usize = 8;
    let broker = Broker::start_with(&["millstream.memory=256MiB"]);
    create(broker.address(), "bombs", &[]);
    let mut builder = BatchBuilder::new(Codec::Gzip);
    let bomb = builder.append(1, None, Some(&vec![0; 60 << 20]), &[]).build().expect("builds");
    assert!(bomb.len() < 100_000);
    let throw = |index: usize| {
        let (bomb, mut client) = (bomb.clone(), WireClient::connect(&broker));
        thread::spawn(move || {
            let index = i32::try_from(index).expect("few") % PARTITIONS;
            client.produce("bombs", index, &bomb).0
        })
    };
    let thrown: Vec<_> = (0..BOMBS).map(throw).collect();
    for bomb in thrown {
        let code = bomb.join().expect("it is answered");
        let expected = [ErrorCode::None.code(), ErrorCode::RequestTimedOut.code()];
        assert!(expected.contains(&code), "{code}");
    }
    // Blocks fill the ceiling to the brim; `docs/memory.md` says what else there is.
    let resident = broker.resident_kib();
    assert!(resident <= (256 + 64) * 1024, "{resident} KiB, and the broker may use 256 MiB");
    assert_eq!(codecs(&broker, "bombs").first(), Some(&Codec::Gzip), "stored as it was sent");
}
