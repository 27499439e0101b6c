// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::messages::alter_user_scram_credentials::request::AlterUserScramCredentialsRequest<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("deletions", v, true, &mut m.deletions);
o.read("upsertions", v, true, &mut m.upsertions);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::alter_user_scram_credentials::request::Deletions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("mechanism", v, true, &mut m.mechanism);
        o.finish();
        m
    }
}

impl FromJson
    for millstream_wire::messages::alter_user_scram_credentials::request::Upsertions<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("name", v, true, &mut m.name);
        o.read("mechanism", v, true, &mut m.mechanism);
        o.read("iterations", v, true, &mut m.iterations);
        o.read("salt", v, true, &mut m.salt);
        o.read("salted_password", v, true, &mut m.salted_password);
        o.finish();
        m
    }
}

impl FromJson for millstream_wire::messages::alter_user_scram_credentials::response::AlterUserScramCredentialsResponse<'static> {
fn from_json(json: &Value, v: i16) -> Self {
let mut o = Object::new(json);
let mut m = Self::default();
o.read("throttle_time_ms", v, true, &mut m.throttle_time_ms);
o.read("results", v, true, &mut m.results);
o.finish();
m
}
}

impl FromJson
    for millstream_wire::messages::alter_user_scram_credentials::response::Results<'static>
{
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("user", v, true, &mut m.user);
        o.read("error_code", v, true, &mut m.error_code);
        o.read("error_message", v, true, &mut m.error_message);
        o.finish();
        m
    }
}
