// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::describe_user_scram_credentials::request::DescribeUserScramCredentialsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("users", v, true, &mut m.users);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::describe_user_scram_credentials::request::Users<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::describe_user_scram_credentials::response::DescribeUserScramCredentialsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("error_code", v, true, &mut m.error_code);
o.read("error_message", v, true, &mut m.error_message);
o.read("results", v, true, &mut m.results);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::describe_user_scram_credentials::response::Results<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("user", v, true, &mut m.user);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.read("credential_infos", v, true, &mut m.credential_infos);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::describe_user_scram_credentials::response::CredentialInfos
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("mechanism", v, true, &mut m.mechanism);
        o.read("iterations", v, true, &mut m.iterations);
        o.finish();
        m
    }
}
