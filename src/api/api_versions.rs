//! ApiVersions (key 18): what this broker serves.
//!
//! Answers from the handler table. A request version that we do not know is answered in
//! version 0 with UNSUPPORTED_VERSION and the row of ApiVersions alone (KIP-511), which
//! `net` asks for before it would look at the body.

use bytes::Bytes;
use millstream_wire::messages::api_versions::response::ApiKeys;
use millstream_wire::messages::{ApiVersionsRequest, ApiVersionsResponse};
use millstream_wire::{ApiKey, ErrorCode};

use super::{Answer, Context, table};

/// Serves versions 0–4. A client name or version that is malformed (KIP-511) is refused
/// with INVALID_REQUEST.
pub async fn handle(ctx: &Context, body: &Bytes) -> Answer {
    let request: ApiVersionsRequest<'_> = match ctx.decode(body) {
        Ok(request) => request,
        Err(close) => return close,
    };
    let named = ctx.version < 3
        || (is_software_name(&request.client_software_name)
            && is_software_name(&request.client_software_version));
    if !named {
        let code = ErrorCode::InvalidRequest.code();
        return ctx.respond(&ApiVersionsResponse { error_code: code, ..Default::default() });
    }
    if ctx.version >= 3 {
        let (name, version) = (&request.client_software_name, &request.client_software_version);
        ctx.node.metrics().client_seen(name, version);
        tracing::debug!(peer = %ctx.conn.peer, %name, %version, "client introduced itself");
    }
    let rows: Vec<ApiKeys> = table::ROWS.iter().map(entry).collect();
    ctx.respond(&ApiVersionsResponse { api_keys: rows.into(), ..Default::default() })
}

/// The answer to an ApiVersions request of a version that we do not know.
#[must_use]
pub fn unsupported(ctx: &Context) -> Answer {
    let rows: Vec<ApiKeys> =
        table::ROWS.iter().filter(|row| row.key == ApiKey::ApiVersions).map(entry).collect();
    let ctx = Context { version: 0, ..ctx.clone() };
    ctx.respond(&ApiVersionsResponse {
        error_code: ErrorCode::UnsupportedVersion.code(),
        api_keys: rows.into(),
        ..Default::default()
    })
}

fn entry(row: &table::Row) -> ApiKeys {
    let (min_version, max_version) = (*row.advertised.start(), *row.advertised.end());
    ApiKeys { api_key: row.key as i16, min_version, max_version }
}

/// KIP-511: letters and digits at both ends; dots and hyphens also between.
fn is_software_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    ends.iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::is_software_name;

    #[test]
    fn software_names_follow_kip_511() {
        for good in ["librdkafka", "apache-kafka-java", "4.3.1", "v"] {
            assert!(is_software_name(good), "{good}");
        }
        for bad in ["", "-x", "x-", "a b", "é"] {
            assert!(!is_software_name(bad), "{bad}");
        }
    }
}
