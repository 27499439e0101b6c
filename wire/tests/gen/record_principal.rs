// Written by `cargo xtask codegen` from wire/schema; do not edit.

use super::{FromJson, Object, Value};

impl FromJson for millstream_wire::records::principal::DefaultPrincipalData<'static> {
    fn from_json(json: &Value, v: i16) -> Self {
        let mut o = Object::new(json);
        let mut m = Self::default();
        o.read("type", v, true, &mut m.r#type);
        o.read("name", v, true, &mut m.name);
        o.read("token_authenticated", v, true, &mut m.token_authenticated);
        o.finish();
        m
    }
}
