//! The text of `wire/tests/gen`: builds messages from the golden files' JSON, for tests only.
//!
//! Each struct reads exactly the fields of its version; a field too many or too few fails the test.

use std::fmt::Write;

use super::model::{self, Struct};
use super::schema::{Api, RecordFile, Single};
use super::{apis, names, records, structs};

pub fn api(api: &Api) -> Result<String, String> {
    let mut out = String::from("use super::{FromJson, Object, Value};\n\n");
    for (part, body) in [("request", &api.request), ("response", &api.response)] {
        let top = format!("{}{}", api.name, names::upper_camel(part));
        let path = format!("millstream_wire::messages::{}::{part}", names::snake(&api.name));
        emit(&mut out, &path, &model::structs(&[(&top, body)])?);
    }
    Ok(out)
}

pub fn record(module: &str, file: &RecordFile) -> Result<String, String> {
    let mut out = String::from("use super::{FromJson, Object, Value};\n\n");
    let path = format!("millstream_wire::records::{module}");
    emit(&mut out, &path, &model::structs(&records::bodies(file))?);
    Ok(out)
}

pub fn headers(messages: &[Single]) -> Result<String, String> {
    let mut out = String::from("use super::{FromJson, Object, Value};\n\n");
    emit(&mut out, "millstream_wire::messages", &model::structs(&apis::header_bodies(messages))?);
    Ok(out)
}

pub fn list(modules: &[String]) -> String {
    let mut out = String::new();
    for module in modules {
        let _ = writeln!(out, "mod {module};");
    }
    out.push_str("\nuse serde_json::Value;\n\nuse crate::from_json::{FromJson, Object};\n");
    out
}

fn emit(out: &mut String, path: &str, list: &[Struct]) {
    for item in list {
        let lifetime = if item.borrows { "<'static>" } else { "" };
        let _ = writeln!(out, "impl FromJson for {path}::{}{lifetime} {{", item.name);
        let unused = item.fields.is_empty();
        let (mutable, version) = if unused { ("", "_") } else { ("mut ", "v") };
        let _ = writeln!(out, "fn from_json(json: &Value, {version}: i16) -> Self {{");
        let _ = writeln!(out, "let {mutable}o = Object::new(json);");
        let _ = writeln!(out, "let {mutable}m = Self::default();");
        for field in &item.fields {
            let plain = field.name.trim_start_matches("r#");
            let present = structs::guard(&field.schema.versions, item);
            let present = present.unwrap_or_else(|| "true".to_owned());
            let _ = writeln!(out, "o.read(\"{plain}\", v, {present}, &mut m.{});", field.name);
        }
        out.push_str("o.finish();\nm\n}\n}\n\n");
    }
}
