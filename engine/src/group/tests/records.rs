//! The records as bytes: Kafka's own, ours, and nonsense.

use proptest::prelude::*;

use super::*;

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex");
    (0..digits.len()).step_by(2).map(byte).collect()
}

#[test]
fn an_offset_record_is_kafkas_byte_for_byte() {
    // As a Kafka 4.3 broker wrote it, but for the topic id.
    let key = "0001000873696d706c6531300002707400000000";
    let record = Record::Offset {
        group: text("simple10"),
        topic: text("pt"),
        partition: 0,
        value: Some(CommittedOffset {
            offset: 5,
            leader_epoch: 7,
            metadata: text("md"),
            commit_ms: 0x01a1_fe38_bf9d,
            expire_ms: None,
            topic_id: Uuid([0x14; 16]),
        }),
    };
    let (ours, value) = record.encode().expect("an offset");
    assert_eq!(ours, hex(key));
    let expected = concat!(
        "0004",
        "0000000000000005",
        "00000007",
        "036d64",
        "000001a1fe38bf9d",
        "01001014141414141414141414141414141414"
    );
    assert_eq!(value.expect("no tombstone"), hex(expected));
}

#[test]
fn the_value_version_follows_what_there_is_to_say() {
    let version = |expire_ms, topic_id| {
        let value = CommittedOffset {
            offset: 1,
            leader_epoch: -1,
            metadata: text(""),
            commit_ms: 1,
            expire_ms,
            topic_id,
        };
        let value = Some(value);
        let record = Record::Offset { group: text("g"), topic: text("t"), partition: 0, value };
        let (_, value) = record.encode().expect("an offset");
        value.expect("no tombstone")[1]
    };
    assert_eq!(version(None, Uuid([1; 16])), 4);
    assert_eq!(version(None, Uuid::ZERO), 3);
    assert_eq!(version(Some(2), Uuid([1; 16])), 1);
}

#[test]
fn a_group_record_is_kafkas_byte_for_byte() {
    let record = Record::Group {
        group: text("st"),
        value: Some(GroupValue {
            protocol_type: text("consumer"),
            generation: 3,
            protocol: None,
            leader: None,
            since_ms: 1,
            members: vec![],
        }),
    };
    let (key, value) = record.encode().expect("a group");
    assert_eq!(key, hex("000200027374"));
    let expected = "00030008636f6e73756d657200000003ffffffff000000000000000100000000";
    assert_eq!(value.expect("no tombstone"), hex(expected));
}

#[test]
fn records_of_other_kinds_are_left_alone_and_never_written() {
    for kind in [3u8, 5, 8, 16, 99] {
        assert_eq!(Record::decode(&[0, kind, 1, 2], None), Ok(Record::Other));
    }
    assert_eq!(Record::Other.encode(), None);
}

#[test]
fn a_damaged_record_is_a_fault_that_names_its_part() {
    let kind = |key: &[u8], value: Option<&[u8]>| Record::decode(key, value).err().map(|f| f.kind);
    assert_eq!(kind(&[], None), Some(RecordKind::Key));
    assert_eq!(kind(&[0, 1, 0, 9], None), Some(RecordKind::Key));
    assert_eq!(kind(&hex("000200027374"), Some(&[0])), Some(RecordKind::GroupMetadata));
    let key = hex("000100016700017400000000");
    assert_eq!(kind(&key, Some(&[0, 77])), Some(RecordKind::OffsetCommit));
    assert_eq!(kind(&key, None), None);
}

proptest! {
    #[test]
    fn no_stored_bytes_panic(
        kind in 0u8..4,
        key in prop::collection::vec(any::<u8>(), 0..64),
        value in prop::collection::vec(any::<u8>(), 0..128),
    ) {
        let mut bytes = vec![0, kind];
        bytes.extend(key);
        let _ = Record::decode(&bytes, Some(&value));
        if let Ok(record) = Record::decode(&hex("000200027374"), Some(&value)) {
            let mut rig = Rig::new();
            rig.groups.apply(&record);
            rig.groups.check();
        }
    }

    #[test]
    fn hostile_group_records_leave_a_working_group(
        ids in prop::collection::vec(0u8..4, 0..6),
        instances in prop::collection::vec(prop::option::of(0u8..3), 6),
        leader in prop::option::of(0u8..5),
        timeout in any::<i32>(),
    ) {
        let member = |(at, id): (usize, &u8)| MemberValue {
            id: text(&format!("m{id}")),
            instance: instances[at].map(|i| text(&format!("i{i}"))),
            client_id: text("c"),
            client_host: text("h"),
            rebalance_timeout_ms: timeout,
            session_timeout_ms: timeout,
            subscription: Bytes::from_static(b"?"),
            assignment: Bytes::new(),
        };
        let value = GroupValue {
            protocol_type: text("consumer"),
            generation: i32::MAX,
            protocol: leader.map(|_| text("range")),
            leader: leader.map(|id| text(&format!("m{id}"))),
            since_ms: i64::MIN,
            members: ids.iter().enumerate().map(member).collect(),
        };
        let mut rig = Rig::new();
        rig.log.push(Record::Group { group: text("g"), value: Some(value) });
        rig.restart();
        rig.pass(3_000_000_000);
        prop_assert_ne!(rig.state("g"), State::Stable);
        rig.stable("g", 1);
    }
}
