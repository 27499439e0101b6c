//! Bytes that Kafka's own classes wrote, against every message in every version.
//!
//! Each instance is decoded and compared field by field with its JSON value, and encoded from both
//! the decoded form and one built from the JSON; the bytes must be Kafka's. The tests count what
//! they saw, so that a missing file or version fails.

// The rows name their types without lifetimes, as a macro over all APIs must.
#![allow(elided_lifetimes_in_paths)]

use std::collections::BTreeSet;
use std::fmt::Debug;

use millstream_wire as wire;
use serde_json::Value;
use wire::records::{consumer_protocol, control, metadata, principal, remote_log_metadata};
use wire::{ApiKey, DecodeError, Fault, Message, Reader, RecordKey, RecordValue, Writer, frame};

mod from_json;
#[path = "gen/mod.rs"]
mod generated;
mod seeded;
mod testdata;

use from_json::FromJson;
use seeded::Seeded;
use testdata::{hex, load};

fn encoded<'a>(message: &impl Message<'a>, version: i16) -> Vec<u8> {
    let mut w = Writer::new();
    message.encode(&mut w, version);
    w.into_bytes().to_vec()
}

/// Checks all instances of one body; returns the versions seen and the number of instances.
fn check<M>(what: &str, instances: &Value) -> (BTreeSet<i16>, usize)
where
    M: FromJson + Message<'static> + PartialEq + Debug,
{
    let instances = instances.as_array().expect("a list of instances");
    let mut versions = BTreeSet::new();
    for instance in instances {
        let version = instance["version"].as_i64().expect("a version") as i16;
        let name = format!("{what} v{version} {}", instance["variant"]);
        let golden: &'static [u8] = hex(instance["hex"].as_str().expect("hex")).leak();
        let mut r = Reader::new(golden);
        let decoded = M::decode(&mut r, version).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(r.remaining(), 0, "{name}: bytes left over");
        let built = M::from_json(&instance["value"], version);
        assert_eq!(decoded, built, "{name}: decoded, and what the JSON says");
        assert_eq!(encoded(&decoded, version), golden, "{name}: encoded from the decoded form");
        assert_eq!(encoded(&built, version), golden, "{name}: encoded from the built form");
        versions.insert(version);
    }
    (versions, instances.len())
}

#[test]
fn every_api_in_every_version_matches_kafkas_bytes() {
    let (mut apis, mut versions, mut instances) = (0, 0, 0);
    macro_rules! row {
        ($key:ident $module:ident $request:ident $response:ident) => {{
            let api = ApiKey::$key;
            let file = load(&format!("{:03}-{}.json", api.key(), api.name()));
            assert_eq!(file["api"].as_i64(), Some(i64::from(api.key())));
            let advertised: BTreeSet<i16> = api.versions().collect();
            let known: BTreeSet<i16> = api.known_versions().collect();
            let what = stringify!($request);
            let (seen, n) = check::<wire::messages::$request>(what, &file["requests"]);
            assert!(seen.is_superset(&advertised), "{what}: {seen:?} of {advertised:?}");
            assert!(seen.is_subset(&known), "{what}: {seen:?} of {known:?}");
            let what = stringify!($response);
            let (seen_too, m) = check::<wire::messages::$response>(what, &file["responses"]);
            assert!(seen_too.is_superset(&advertised), "{what}: {seen_too:?} of {advertised:?}");
            apis += 1;
            versions += seen.len() + seen_too.len();
            instances += n + m;
        }};
    }
    wire::for_each_api!(row);
    println!("{apis} apis, {versions} message versions, {instances} golden instances");
    assert_eq!(apis, ApiKey::ALL.len());
    assert_eq!((versions, instances), (VERSIONS, INSTANCES));
}

/// Message versions, requests and responses apart, in `testdata`.
const VERSIONS: usize = 604;
const INSTANCES: usize = 1766;

#[test]
fn headers_and_internal_records_match_kafkas_bytes() {
    let sections = load("records.json");
    let sections = sections.as_array().expect("a list of sections");
    let (mut seen, mut instances) = (BTreeSet::new(), 0);
    macro_rules! section {
        ($file:literal $section:literal $type:ty) => {{
            let of = |s: &&Value| s["file"] == $file && s["section"] == $section;
            let section = sections.iter().find(of).expect($file);
            let (_, n) = check::<$type>($file, &section["instances"]);
            assert!(seen.insert(($file, $section)));
            instances += n;
        }};
        ($file:literal $module:ident) => {{
            section!($file "key" wire::records::$module::Key);
            section!($file "value" wire::records::$module::Value);
        }};
    }
    section!("messages/headers.api" "RequestHeaderData" wire::messages::RequestHeader);
    section!("messages/headers.api" "ResponseHeaderData" wire::messages::ResponseHeader);
    section!("records/consumer-protocol.api" "ConsumerProtocolSubscription"
        consumer_protocol::ConsumerProtocolSubscription);
    section!("records/consumer-protocol.api" "ConsumerProtocolAssignment"
        consumer_protocol::ConsumerProtocolAssignment);
    section!("records/control.api" "EndTxnMarker" control::EndTxnMarker);
    section!("records/control.api" "LeaderChangeMessage" control::LeaderChangeMessage);
    section!("records/control.api" "SnapshotHeaderRecord" control::SnapshotHeaderRecord);
    section!("records/control.api" "SnapshotFooterRecord" control::SnapshotFooterRecord);
    section!("records/control.api" "KRaftVersionRecord" control::KRaftVersionRecord);
    section!("records/control.api" "VotersRecord" control::VotersRecord);
    section!("records/principal.api" "DefaultPrincipalData" principal::DefaultPrincipalData);
    section!("records/group-00-LegacyOffsetCommit.api" legacy_offset_commit);
    section!("records/group-01-OffsetCommit.api" offset_commit);
    section!("records/group-02-GroupMetadata.api" group_metadata);
    section!("records/group-03-ConsumerGroupMetadata.api" consumer_group_metadata);
    section!("records/group-04-ConsumerGroupPartitionMetadata.api"
        consumer_group_partition_metadata);
    section!("records/group-05-ConsumerGroupMemberMetadata.api" consumer_group_member_metadata);
    section!("records/group-06-ConsumerGroupTargetAssignmentMetadata.api"
        consumer_group_target_assignment_metadata);
    section!("records/group-07-ConsumerGroupTargetAssignmentMember.api"
        consumer_group_target_assignment_member);
    section!("records/group-08-ConsumerGroupCurrentMemberAssignment.api"
        consumer_group_current_member_assignment);
    section!("records/group-10-ShareGroupMemberMetadata.api" share_group_member_metadata);
    section!("records/group-11-ShareGroupMetadata.api" share_group_metadata);
    section!("records/group-12-ShareGroupTargetAssignmentMetadata.api"
        share_group_target_assignment_metadata);
    section!("records/group-13-ShareGroupTargetAssignmentMember.api"
        share_group_target_assignment_member);
    section!("records/group-14-ShareGroupCurrentMemberAssignment.api"
        share_group_current_member_assignment);
    section!("records/group-15-ShareGroupStatePartitionMetadata.api"
        share_group_state_partition_metadata);
    section!("records/group-16-ConsumerGroupRegularExpression.api"
        consumer_group_regular_expression);
    section!("records/group-17-StreamsGroupMetadata.api" streams_group_metadata);
    section!("records/group-19-StreamsGroupMemberMetadata.api" streams_group_member_metadata);
    section!("records/group-20-StreamsGroupTargetAssignmentMetadata.api"
        streams_group_target_assignment_metadata);
    section!("records/group-21-StreamsGroupTargetAssignmentMember.api"
        streams_group_target_assignment_member);
    section!("records/group-22-StreamsGroupCurrentMemberAssignment.api"
        streams_group_current_member_assignment);
    section!("records/group-23-StreamsGroupTopology.api" streams_group_topology);
    section!("records/transaction-00-TransactionLog.api" transaction_log);
    section!("records/share-00-ShareSnapshot.api" share_snapshot);
    section!("records/share-01-ShareUpdate.api" share_update);
    println!("{} sections, {instances} golden instances", seen.len());
    assert_eq!(seen.len(), sections.len());
}

/// A body with what stands before it, and how it is read and written again.
fn reframed(name: &str, bytes: &'static [u8]) -> Result<Vec<u8>, DecodeError> {
    use wire::records::{consumer_group_metadata, offset_commit, share_snapshot, transaction_log};
    fn key<K: RecordKey<'static>>(bytes: &'static [u8]) -> Result<Vec<u8>, DecodeError> {
        Ok(K::from_bytes(bytes)?.to_bytes().to_vec())
    }
    fn value<V: RecordValue<'static>>(bytes: &'static [u8]) -> Result<Vec<u8>, DecodeError> {
        let (version, value) = V::from_bytes(bytes)?;
        Ok(value.to_bytes(version).to_vec())
    }
    let first_words: Vec<&str> = name.split(' ').take(2).collect();
    match first_words[..] {
        ["consumer", "subscription"] => {
            value::<consumer_protocol::ConsumerProtocolSubscription<'_>>(bytes)
        }
        ["consumer", "assignment"] => {
            value::<consumer_protocol::ConsumerProtocolAssignment<'_>>(bytes)
        }
        ["principal", _] => value::<principal::DefaultPrincipalData<'_>>(bytes),
        ["OFFSET_COMMIT", "key"] => key::<offset_commit::Key<'_>>(bytes),
        ["OFFSET_COMMIT", "value"] => value::<offset_commit::Value<'_>>(bytes),
        ["CONSUMER_GROUP_METADATA", "key"] => key::<consumer_group_metadata::Key<'_>>(bytes),
        ["CONSUMER_GROUP_METADATA", "value"] => value::<consumer_group_metadata::Value>(bytes),
        ["TRANSACTION_LOG", "key"] => key::<transaction_log::Key<'_>>(bytes),
        ["TRANSACTION_LOG", "value"] => value::<transaction_log::Value<'_>>(bytes),
        ["SHARE_SNAPSHOT", "key"] => key::<share_snapshot::Key<'_>>(bytes),
        ["SHARE_SNAPSHOT", "value"] => value::<share_snapshot::Value<'_>>(bytes),
        ["metadata", "log"] => {
            Ok(metadata::MetadataRecord::from_bytes(bytes)?.to_bytes(0).to_vec())
        }
        ["remote", "log"] => {
            Ok(remote_log_metadata::RemoteLogRecord::from_bytes(bytes)?.to_bytes(0).to_vec())
        }
        ["request", "frame"] => Ok(request_frame(bytes)),
        _ => panic!("{name}: the test does not know this framing"),
    }
}

fn request_frame(bytes: &[u8]) -> Vec<u8> {
    let (header, at) = frame::decode_request_header(bytes).expect("a header");
    let version = header.request_api_version;
    let client_id = header.client_id.as_deref();
    let id = header.correlation_id;
    let framed = match ApiKey::from_key(header.request_api_key) {
        Some(ApiKey::ApiVersions) => {
            let body: wire::messages::ApiVersionsRequest<'_> =
                frame::decode_body(&bytes[at..], version).expect("a body");
            frame::encode_request(ApiKey::ApiVersions, version, id, client_id, &body)
        }
        Some(ApiKey::Metadata) => {
            let body: wire::messages::MetadataRequest<'_> =
                frame::decode_body(&bytes[at..], version).expect("a body");
            frame::encode_request(ApiKey::Metadata, version, id, client_id, &body)
        }
        other => panic!("{other:?}"),
    };
    let (size, rest) = framed.split_at(frame::SIZE_BYTES);
    assert_eq!(size, (rest.len() as u32).to_be_bytes());
    rest.to_vec()
}

#[test]
fn prefixes_of_records_and_frames_match_kafkas_bytes() {
    let framings = load("framing.json");
    let framings = framings.as_array().expect("a list");
    for framing in framings {
        let name = framing["name"].as_str().expect("a name");
        let bytes: &'static [u8] = hex(framing["hex"].as_str().expect("hex")).leak();
        let again = reframed(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(again, bytes, "{name}");
        let short = &bytes[..bytes.len() - 1];
        if !name.starts_with("request frame") {
            assert!(reframed(name, short).is_err(), "{name}: one byte short");
        }
    }
    assert_eq!(framings.len(), 18);
}

#[test]
fn a_record_of_another_type_or_version_is_refused() {
    use wire::records::{GroupLogKey, offset_commit};
    let key = offset_commit::Key { group: "g".into(), topic: "t".into(), partition: 3 };
    let bytes = key.to_bytes();
    assert_eq!(GroupLogKey::from_bytes(&bytes), Ok(GroupLogKey::OffsetCommit(key)));
    let fault = wire::records::group_metadata::Key::from_bytes(&bytes).map_err(|e| e.fault);
    assert_eq!(fault, Err(Fault::RecordType { record_type: 1 }));
    let fault = GroupLogKey::from_bytes(&[0, 99]).map_err(|e| e.fault);
    assert_eq!(fault, Err(Fault::RecordType { record_type: 99 }));
    let fault = offset_commit::Value::from_bytes(&[0, 5, 0]).map_err(|e| e.fault);
    assert_eq!(fault, Err(Fault::Version { version: 5 }));
    let fault = metadata::MetadataRecord::from_bytes(&[1, 6, 0]).map_err(|e| e.fault);
    assert_eq!(fault, Err(Fault::RecordType { record_type: 6 }));
    let fault = metadata::MetadataRecord::from_bytes(&[2, 2, 0]).map_err(|e| e.fault);
    assert_eq!(fault, Err(Fault::Version { version: 2 }));
}

#[test]
fn a_subscription_newer_than_this_code_is_read_as_the_newest_known() {
    use consumer_protocol::ConsumerProtocolSubscription;
    let subscription =
        ConsumerProtocolSubscription { topics: vec!["t".into()].into(), ..Default::default() };
    let mut bytes = subscription.to_bytes(3).to_vec();
    bytes[1] = 9;
    bytes.extend_from_slice(b"fields of the future");
    assert!(ConsumerProtocolSubscription::from_bytes(&bytes).is_err());
    let read = ConsumerProtocolSubscription::from_bytes_of_any_version(&bytes);
    assert_eq!(read, Ok((9, subscription)));
}

/// No golden bytes exist for most metadata records: what any bytes decode to must survive.
#[test]
fn every_metadata_record_in_every_version_survives_its_frame() {
    let mut rows = 0;
    for record_type in 0..=28u8 {
        for version in 0..=4u8 {
            let mut random = Seeded::of(&[record_type, version]);
            let accepted =
                (0..300).filter(|_| survives_as_metadata(record_type, version, &mut random));
            rows += usize::from(accepted.count() > 0);
        }
    }
    // 22 types with one version, two with three, one each with four and five.
    assert_eq!(rows, 22 + 2 * 3 + 4 + 5);
}

fn survives_as_metadata(record_type: u8, version: u8, random: &mut Seeded) -> bool {
    let mut bytes = vec![1, record_type, version];
    bytes.extend((0..random.below(160)).map(|_| [0, 1, 1, 1, 2][random.below(5)]));
    // Cut where a lucky body ends, so that most types are met.
    for end in 3..=bytes.len() {
        let Ok(record) = metadata::MetadataRecord::from_bytes(&bytes[..end]) else { continue };
        let written = record.to_bytes(i16::from(version));
        assert_eq!(metadata::MetadataRecord::from_bytes(&written), Ok(record.clone()));
        assert_eq!(record.record_type(), i16::from(record_type));
        assert!(record.newest() >= i16::from(version));
        return true;
    }
    false
}
