//! The client against a scripted broker on a loopback socket.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use millstream_wire::batch::split_batches;
use millstream_wire::compress::Codec;
use millstream_wire::frame::{decode_body, decode_request_header, encode_response};
use millstream_wire::messages::{
    ApiVersionsResponse, JoinGroupRequest, JoinGroupResponse, MetadataResponse, ProduceRequest,
    ProduceResponse, SyncGroupRequest, SyncGroupResponse, api_versions, join_group, metadata,
    produce,
};
use millstream_wire::messages::{FindCoordinatorResponse, find_coordinator};
use millstream_wire::{ApiKey, ErrorCode, Message};

use super::connection::Connection;
use super::producer::{Outgoing, ProduceOptions, Producer};
use super::*;

/// A request as the scripted broker sees it.
struct Request<'a> {
    api: ApiKey,
    version: i16,
    id: i32,
    body: &'a [u8],
    port: u16,
}

impl Request<'_> {
    fn answer<'m>(&self, message: &impl Message<'m>) -> Vec<u8> {
        let encoded = encode_response(self.id, self.api, self.version, message);
        encoded.splice([]).concat()
    }

    fn read<'a, M: Message<'a>>(&'a self) -> M {
        decode_body(self.body, self.version).expect("the client writes what the broker reads")
    }

    /// All that a client needs before it comes to the point of a test.
    fn usual(&self) -> Vec<u8> {
        match self.api {
            ApiKey::ApiVersions => self.answer(&versions(ApiKey::all().map(|api| {
                let range = api.versions();
                (api, *range.start(), *range.end())
            }))),
            ApiKey::Metadata => self.answer(&one_topic(self.port)),
            ApiKey::FindCoordinator => {
                let found = find_coordinator::response::Coordinators {
                    key: "g".into(),
                    node_id: 1,
                    host: "127.0.0.1".into(),
                    port: self.port.into(),
                    ..Default::default()
                };
                self.answer(&FindCoordinatorResponse {
                    coordinators: vec![found].into(),
                    ..Default::default()
                })
            }
            api => panic!("{} was not expected", api.name()),
        }
    }
}

fn versions(ranges: impl IntoIterator<Item = (ApiKey, i16, i16)>) -> ApiVersionsResponse<'static> {
    let keys = ranges.into_iter().map(|(api, min_version, max_version)| {
        api_versions::response::ApiKeys { api_key: api as i16, min_version, max_version }
    });
    ApiVersionsResponse { api_keys: keys.collect::<Vec<_>>().into(), ..Default::default() }
}

/// Topic `t` with two partitions, led by broker 1, which is this one.
fn one_topic(port: u16) -> MetadataResponse<'static> {
    use metadata::response::{Brokers, Partitions, Topics};
    let broker =
        Brokers { node_id: 1, host: "127.0.0.1".into(), port: port.into(), ..Default::default() };
    let partition = |partition_index| Partitions {
        partition_index,
        leader_id: 1,
        replica_nodes: vec![1].into(),
        isr_nodes: vec![1].into(),
        ..Default::default()
    };
    let topic = Topics {
        name: Some("t".into()),
        partitions: vec![partition(0), partition(1)].into(),
        ..Default::default()
    };
    MetadataResponse {
        brokers: vec![broker].into(),
        topics: vec![topic].into(),
        ..Default::default()
    }
}

/// Starts a broker that answers by `script`; no answer, or less than its size announces,
/// closes the connection.
fn broker(script: impl FnMut(&Request<'_>) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let at = listener.local_addr().unwrap();
    let script = Arc::new(Mutex::new(script));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let script = script.clone();
            thread::spawn(move || serve(stream, at.port(), &mut |r| script.lock().unwrap()(r)));
        }
    });
    at.to_string()
}

fn serve(
    mut stream: TcpStream,
    port: u16,
    script: &mut dyn FnMut(&Request<'_>) -> Option<Vec<u8>>,
) {
    let mut size = [0; 4];
    while stream.read_exact(&mut size).is_ok() {
        let mut frame = vec![0; u32::from_be_bytes(size) as usize];
        stream.read_exact(&mut frame).unwrap();
        let (header, body) = decode_request_header(&frame).unwrap();
        let request = Request {
            api: ApiKey::from_key(header.request_api_key).unwrap(),
            version: header.request_api_version,
            id: header.correlation_id,
            body: &frame[body..],
            port,
        };
        match script(&request) {
            Some(answer) => {
                stream.write_all(&answer).unwrap();
                let announced = u32::from_be_bytes([answer[0], answer[1], answer[2], answer[3]]);
                if announced as usize != answer.len() - 4 {
                    return;
                }
            }
            None => return,
        }
    }
}

fn said(fault: Result<impl Sized, Fault>) -> String {
    fault.err().expect("a fault").to_string()
}

#[test]
fn a_broker_that_does_not_know_our_apiversions_is_asked_in_version_0() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    let at = broker(move |request| {
        seen.lock().unwrap().push(request.version);
        let refused = ErrorCode::UnsupportedVersion.code();
        let old = Request { version: 0, ..*request };
        Some(match request.version {
            0 => request.answer(&versions([(ApiKey::Metadata, 1, 5)])),
            _ => old.answer(&ApiVersionsResponse { error_code: refused, ..Default::default() }),
        })
    });
    let connection = Connection::open(&at).unwrap();
    assert_eq!(connection.version_of(ApiKey::Metadata).unwrap(), 5);
    assert_eq!(*asked.lock().unwrap(), [3, 0]);
}

#[test]
fn an_api_that_the_broker_lacks_is_named() {
    let at = broker(|request| Some(request.answer(&versions([(ApiKey::Produce, 3, 12)]))));
    let connection = Connection::open(&at).unwrap();
    let fault = said(connection.version_of(ApiKey::DeleteGroups));
    assert!(fault.contains("does not serve DeleteGroups"), "{fault}");
    assert_eq!(connection.version_of(ApiKey::Produce).unwrap(), 12);
}

#[test]
fn nobody_there_says_how_to_start_a_broker() {
    let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let fault = said(Client::open(&at));
    assert!(fault.contains("is a broker running there"), "{fault}");
    assert!(fault.contains("millstream serve"), "{fault}");
}

#[test]
fn the_next_bootstrap_address_is_tried() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let at = broker(|request| Some(request.usual()));
    assert!(Client::open(&format!("{nobody}, {at}")).is_ok());
    assert!(said(Client::open(" , ")).contains("names no address"));
}

#[test]
fn a_connection_that_is_closed_or_answers_nonsense_is_a_fault() {
    let at = broker(|_| None);
    assert!(said(Connection::open(&at)).contains("closed the connection"));
    // A frame of 2 GiB is announced, three bytes come: no memory may be taken for it.
    let at = broker(|_| Some(b"\x7f\xff\xff\xffabc".to_vec()));
    assert!(said(Connection::open(&at)).contains("closed the connection"));
    let at = broker(|request| Some(Request { id: request.id + 1, ..*request }.usual()));
    assert!(said(Connection::open(&at)).contains("not Kafka's protocol"));
    let at = broker(|_| Some(b"\0\0\0\x05\0\0\0\x01\x09".to_vec()));
    assert!(said(Connection::open(&at)).contains("not Kafka's protocol"));
}

/// Values by partition, in the order in which the broker stored them.
type Stored = Arc<Mutex<BTreeMap<i32, Vec<String>>>>;

fn store(stored: &Stored, request: &Request<'_>, refuse: Option<ErrorCode>) -> Vec<u8> {
    use produce::response::{PartitionResponses, Responses};
    let produced: ProduceRequest<'_> = request.read();
    let mut answers = Vec::new();
    for topic in produced.topic_data.iter() {
        for partition in topic.partition_data.iter() {
            answers.push(PartitionResponses {
                index: partition.index,
                error_code: refuse.map_or(0, ErrorCode::code),
                ..Default::default()
            });
            if refuse.is_some() {
                continue;
            }
            let records = partition.records.expect("records");
            for batch in split_batches(records.as_bytes()) {
                let batch = batch.unwrap();
                let plain = batch.decompressed(1 << 20).unwrap();
                let mut stored = stored.lock().unwrap();
                let values = stored.entry(partition.index).or_default();
                values.extend(batch.records_in(&plain).map(|record| {
                    String::from_utf8_lossy(record.unwrap().value.unwrap()).into_owned()
                }));
            }
        }
    }
    let responses = vec![Responses { partition_responses: answers.into(), ..Default::default() }];
    request.answer(&ProduceResponse { responses: responses.into(), ..Default::default() })
}

fn produce_to(at: &str, values: &[&str]) -> Result<u64, Fault> {
    let options = ProduceOptions { acks: -1, codec: Codec::None, partition: Some(1) };
    let mut producer = Producer::open(Client::open(at)?, "t", options, 0)?;
    for value in values {
        producer.add(Outgoing {
            timestamp_ms: 5,
            key: None,
            value: value.as_bytes(),
            headers: &[],
        })?;
        producer.flush()?;
    }
    producer.finish()?;
    Ok(producer.acknowledged())
}

#[test]
fn refusals_that_pass_are_retried_and_the_order_is_kept() {
    let stored = Stored::default();
    let (kept, mut count) = (stored.clone(), 0);
    let at = broker(move |request| {
        if request.api != ApiKey::Produce {
            return Some(request.usual());
        }
        count += 1;
        let refuse = (count % 2 == 1).then_some(ErrorCode::NotLeaderOrFollower);
        Some(store(&kept, request, refuse))
    });
    assert_eq!(produce_to(&at, &["a", "b", "c"]).unwrap(), 3);
    assert_eq!(stored.lock().unwrap()[&1], ["a", "b", "c"]);
}

#[test]
fn a_lost_connection_makes_the_batch_go_again() {
    let stored = Stored::default();
    let (kept, mut count) = (stored.clone(), 0);
    let at = broker(move |request| {
        if request.api != ApiKey::Produce {
            return Some(request.usual());
        }
        count += 1;
        (count != 2).then(|| store(&kept, request, None))
    });
    assert_eq!(produce_to(&at, &["a", "b", "c"]).unwrap(), 3);
    assert_eq!(stored.lock().unwrap()[&1], ["a", "b", "c"]);
}

#[test]
fn a_refusal_that_stays_ends_the_work_with_its_name() {
    let at = broker(move |request| {
        Some(match request.api {
            ApiKey::Produce => store(&Stored::default(), request, Some(ErrorCode::MessageTooLarge)),
            _ => request.usual(),
        })
    });
    let fault = said(produce_to(&at, &["a"]));
    assert!(fault.contains("partition 1 of topic 't': MESSAGE_TOO_LARGE"), "{fault}");
    assert!(fault.contains("max.message.bytes"), "{fault}");
}

#[test]
fn a_partition_that_does_not_exist_is_refused_before_anything_is_sent() {
    let at = broker(|request| Some(request.usual()));
    let options = ProduceOptions { acks: -1, codec: Codec::None, partition: Some(2) };
    let fault = said(Producer::open(Client::open(&at).unwrap(), "t", options, 0));
    assert_eq!(fault, "topic 't' has no partition 2, only 0 to 1");
}

#[test]
fn a_member_joins_again_under_its_new_id_and_assigns_as_leader() {
    let at = broker(|request| match request.api {
        ApiKey::JoinGroup => {
            let join: JoinGroupRequest<'_> = request.read();
            if join.member_id.is_empty() {
                return Some(request.answer(&JoinGroupResponse {
                    error_code: ErrorCode::MemberIdRequired.code(),
                    member_id: "m-1".into(),
                    ..Default::default()
                }));
            }
            let metadata = join.protocols.iter().next().unwrap().metadata;
            let member = join_group::response::Members {
                member_id: "m-1".into(),
                metadata,
                ..Default::default()
            };
            Some(request.answer(&JoinGroupResponse {
                generation_id: 7,
                leader: "m-1".into(),
                member_id: "m-1".into(),
                members: vec![member].into(),
                ..Default::default()
            }))
        }
        ApiKey::SyncGroup => {
            let sync: SyncGroupRequest<'_> = request.read();
            assert_eq!((sync.generation_id, sync.member_id.as_ref()), (7, "m-1"));
            let assignment = sync.assignments.iter().next().unwrap().assignment;
            Some(request.answer(&SyncGroupResponse { assignment, ..Default::default() }))
        }
        _ => Some(request.usual()),
    });
    let mut client = Client::open(&at).unwrap();
    let mut member = Member::new(&mut client, "g", "t").unwrap();
    assert_eq!(member.join(&mut client).unwrap(), [0, 1]);
    assert_eq!((member.committer().member, member.committer().generation), ("m-1", 7));
}
