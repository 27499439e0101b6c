// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_delegation_token::request::DescribeDelegationTokenRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("owners", v, true, &mut m.owners);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::describe_delegation_token::request::Owners<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("principal_type", v, true, &mut m.principal_type);
        o.read("principal_name", v, true, &mut m.principal_name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_delegation_token::response::DescribeDelegationTokenResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("error_code", v, true, &mut m.error_code);
o.read("tokens", v, true, &mut m.tokens);
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.finish();
m
}
}

impl FromJson for millstream_wire::messages::describe_delegation_token::response::Tokens<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("principal_type", v, true, &mut m.principal_type);
        o.read("principal_name", v, true, &mut m.principal_name);
        o.read("token_requester_principal_type", v, v >= 3, &mut m.token_requester_principal_type);
        o.read("token_requester_principal_name", v, v >= 3, &mut m.token_requester_principal_name);
        o.read("issue_timestamp", v, true, &mut m.issue_timestamp);
        o.read("expiry_timestamp", v, true, &mut m.expiry_timestamp);
        o.read("max_timestamp", v, true, &mut m.max_timestamp);
        o.read("token_id", v, true, &mut m.token_id);
        o.read("hmac", v, true, &mut m.hmac);
        o.read("renewers", v, true, &mut m.renewers);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_delegation_token::response::Renewers<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("principal_type", v, true, &mut m.principal_type);
        o.read("principal_name", v, true, &mut m.principal_name);
        o.finish();
        m
    }
}
