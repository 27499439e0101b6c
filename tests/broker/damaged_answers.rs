//! Damage that is met in the middle of an answer: the answer ends early, the connection goes on.

use std::fs;

use millstream_wire::batch::{BatchBuilder, BatchFault, split_batches};
use millstream_wire::compress::Codec;
use millstream_wire::messages::fetch::request::{Partitions, Topics};
use millstream_wire::messages::{FetchRequest, FetchResponse};
use millstream_wire::{ApiKey, Records};

use crate::harness::Broker;
use crate::rdkafka_client::create;
use crate::wire_client::WireClient;

const VALUE_BYTES: usize = 300_000;
const BATCHES: i64 = 30;
/// Some megabytes behind the first piece of an answer.
const HURT: i64 = 17;

fn batch(offset: i64) -> Vec<u8> {
    let value = vec![offset as u8; VALUE_BYTES];
    let batch = BatchBuilder::new(Codec::None).append(1, None, Some(&value), &[]).build();
    batch.expect("builds").to_vec()
}

/// The offsets of the whole batches that an answer has, and whether it ends in a part of one.
fn fetch(client: &mut WireClient, offset: i64) -> (Vec<i64>, bool) {
    let partition = Partitions {
        fetch_offset: offset,
        current_leader_epoch: -1,
        partition_max_bytes: 50 << 20,
        ..Default::default()
    };
    let partitions = vec![partition].into();
    let topics = vec![Topics { topic: "hurt".into(), partitions, ..Default::default() }];
    let request = FetchRequest {
        replica_id: -1,
        max_wait_ms: 1_000,
        min_bytes: 1,
        max_bytes: 50 << 20,
        session_epoch: -1,
        topics: topics.into(),
        ..Default::default()
    };
    let answer = client.ask(ApiKey::Fetch, 12, &request);
    let answer: FetchResponse<'_> = answer.read();
    let partition = answer.responses.iter().next().and_then(|topic| topic.partitions.iter().next());
    let partition = partition.expect("it was asked for");
    assert_eq!(partition.error_code, 0);
    let (mut found, mut is_part) = (Vec::new(), false);
    for view in split_batches(partition.records.as_ref().map_or(&[][..], Records::as_bytes)) {
        match view {
            Ok(view) => {
                assert!(view.crc_valid(), "what is served is sound");
                found.push(view.base_offset());
            }
            Err(BatchFault::Incomplete { .. }) => is_part = true,
            Err(fault) => panic!("neither a batch nor a part of one: {fault}"),
        }
    }
    (found, is_part)
}

#[test]
fn an_answer_ends_early_at_damage_and_its_client_goes_on_behind_it() {
    let mut broker = Broker::start();
    create(broker.address(), "hurt", &[("segment.bytes", "104857600")]);
    let mut client = WireClient::connect(&broker);
    for offset in 0..BATCHES {
        assert_eq!(client.produce("hurt", 0, &batch(offset)).0, 0);
    }
    assert!(broker.stop().success());
    let path = broker.data().join("data").join("hurt-0").join("00000000000000000000.log");
    let mut bytes = fs::read(&path).expect("its segment");
    bytes[HURT as usize * batch(0).len() + VALUE_BYTES / 2] ^= 1;
    fs::write(&path, bytes).expect("damaged");
    broker.restart();
    let mut client = WireClient::connect(&broker);
    assert_eq!(fetch(&mut client, 0), ((0..HURT).collect(), true), "up to the damage");
    let behind = (HURT + 1..BATCHES).collect();
    assert_eq!(fetch(&mut client, HURT), (behind, false), "behind it, on the same connection");
    assert_eq!(broker.lines_with("an answer ends early").len(), 1, "{}", broker.said());
}
