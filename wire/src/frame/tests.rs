//! Frames: sizes, header versions, and the gaps of a Fetch response.

use super::*;
use crate::messages::fetch::response::{Partitions, Responses};
use crate::messages::{ApiVersionsRequest, ApiVersionsResponse, FetchResponse};
use crate::{Fault, Records};

fn fetched<'a>(records: [Records<'a>; 2]) -> FetchResponse<'a> {
    let partition = |records| Partitions { records: Some(records), ..Partitions::default() };
    let partitions: Vec<Partitions<'_>> = records.into_iter().map(partition).collect();
    let topic = Responses { partitions: partitions.into(), ..Responses::default() };
    FetchResponse { responses: vec![topic].into(), session_id: 9, ..FetchResponse::default() }
}

fn joined(parts: Vec<Bytes>) -> Vec<u8> {
    parts.concat()
}

#[test]
fn a_response_with_gaps_filled_equals_the_response_without_gaps() {
    for version in ApiKey::Fetch.versions() {
        let (one, two) = (vec![1u8; 300], vec![2u8; 7]);
        let whole = fetched([Records::from(one.as_slice()), Records::from(two.as_slice())]);
        let whole = encode_response(5, ApiKey::Fetch, version, &whole);
        let gapped = fetched([Records::Gap(300), Records::Gap(7)]);
        let gapped = encode_response(5, ApiKey::Fetch, version, &gapped);
        assert_eq!(gapped.wire_len, whole.wire_len);
        let gaps = gapped.parts.iter().filter(|part| matches!(part, Part::Gap(_))).count();
        assert_eq!(gaps, 2);
        let first = vec![Bytes::from(one[..100].to_vec()), Bytes::from(one[100..].to_vec())];
        let filled = joined(gapped.splice([first, vec![Bytes::from(two)]]));
        assert_eq!(filled, joined(whole.splice([])), "version {version}");
        assert_eq!(filled[..4], (filled.len() as u32 - 4).to_be_bytes());
    }
}

#[test]
fn a_response_frame_reads_back_with_its_correlation_id() {
    for version in ApiKey::Fetch.versions() {
        let response = fetched([Records::default(), Records::default()]);
        let bytes = joined(encode_response(77, ApiKey::Fetch, version, &response).splice([]));
        let (_, frame) = bytes.split_at(SIZE_BYTES);
        let (id, at) = decode_response_header(ApiKey::Fetch, version, frame).expect("a header");
        assert_eq!(id, 77);
        let body: FetchResponse<'_> = decode_body(&frame[at..], version).expect("a body");
        assert_eq!(body.responses.iter().map(|topic| topic.partitions.len()).sum::<usize>(), 2);
        let long = [&frame[at..], &[0]].concat();
        let fault = decode_body::<FetchResponse<'_>>(&long, version).map_err(|e| e.fault);
        assert_eq!(fault, Err(Fault::Trailing { left: 1 }));
    }
}

#[test]
fn api_versions_responses_have_the_oldest_header_in_every_version() {
    for version in ApiKey::ApiVersions.versions() {
        let response = ApiVersionsResponse::default();
        let response = encode_response(7, ApiKey::ApiVersions, version, &response);
        let bytes = joined(response.splice([]));
        assert_eq!(bytes[4..8], 7i32.to_be_bytes());
        let header = decode_response_header(ApiKey::ApiVersions, version, &bytes[4..]);
        assert_eq!(header, Ok((7, 4)));
    }
}

#[test]
fn a_request_in_a_version_of_the_future_still_has_a_readable_header() {
    let body = ApiVersionsRequest::default();
    let mut bytes = encode_request(ApiKey::ApiVersions, 4, 3, Some("me"), &body).to_vec();
    bytes[6..8].copy_from_slice(&99i16.to_be_bytes());
    let (header, at) = decode_request_header(&bytes[4..]).expect("a header");
    assert_eq!((header.request_api_version, header.correlation_id), (99, 3));
    assert_eq!(header.client_id.as_deref(), Some("me"));
    assert_eq!(bytes.len() - 4 - at, 3, "two empty strings and no tags");
}

#[test]
fn a_request_of_an_unknown_api_names_it() {
    let frame = [0, 5, 0, 1, 0, 0, 0, 9, 0xff, 0xff];
    let fault = decode_request_header(&frame).expect_err("api 5 is gone");
    assert_eq!(fault, HeaderFault::UnknownApi { key: 5, version: 1, correlation_id: 9 });
}
