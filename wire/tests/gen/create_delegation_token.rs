// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson
    for millstream_wire::messages::create_delegation_token::request::CreateDelegationTokenRequest<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("owner_principal_type", v, v >= 3, &mut m.owner_principal_type);
        o.read("owner_principal_name", v, v >= 3, &mut m.owner_principal_name);
        o.read("renewers", v, true, &mut m.renewers);
        o.read("max_lifetime_ms", v, true, &mut m.max_lifetime_ms);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::create_delegation_token::request::Renewers<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("principal_type", v, true, &mut m.principal_type);
        o.read("principal_name", v, true, &mut m.principal_name);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::create_delegation_token::response::CreateDelegationTokenResponse<
        'static,
    >
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("error_code", v, true, &mut m.error_code);
        o.read("principal_type", v, true, &mut m.principal_type);
        o.read("principal_name", v, true, &mut m.principal_name);
        o.read("token_requester_principal_type", v, v >= 3, &mut m.token_requester_principal_type);
        o.read("token_requester_principal_name", v, v >= 3, &mut m.token_requester_principal_name);
        o.read("issue_timestamp_ms", v, true, &mut m.issue_timestamp_ms);
        o.read("expiry_timestamp_ms", v, true, &mut m.expiry_timestamp_ms);
        o.read("max_timestamp_ms", v, true, &mut m.max_timestamp_ms);
        o.read("token_id", v, true, &mut m.token_id);
        o.read("hmac", v, true, &mut m.hmac);
        o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
        o.finish();
        m
    }
}
