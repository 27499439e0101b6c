//! The text of `api_key.rs` and of `messages/`: one module per API, the list of all, headers.

use std::fmt::Write;

use super::schema::{Api, Body, Single, Versions};
use super::{model, names, structs};

/// `messages/<api>.rs`.
pub fn module(api: &Api) -> Result<String, String> {
    let mut out = String::new();
    for (part, body) in [("request", &api.request), ("response", &api.response)] {
        let top = format!("{}{}", api.name, names::upper_camel(part));
        let list = model::structs(&[(&top, body)])?;
        let _ = writeln!(out, "pub mod {part} {{\n{}", structs::imports(&list));
        structs::emit(&mut out, &list);
        out.push_str("}\n\n");
    }
    Ok(out)
}

/// `messages/headers.rs`.
pub fn headers(messages: &[Single]) -> Result<String, String> {
    let all = model::structs(&header_bodies(messages))?;
    let mut out = structs::imports(&all);
    structs::emit(&mut out, &all);
    Ok(out)
}

/// `RequestHeaderData` is `RequestHeader` here.
pub fn header_bodies(messages: &[Single]) -> Vec<(&str, &Body)> {
    messages.iter().map(|m| (m.name.trim_end_matches("Data"), &m.body)).collect()
}

/// `messages/mod.rs`.
pub fn list(apis: &[Api]) -> String {
    let mut out = String::from(
        "//! Every API's request and response, in all versions that Kafka's code knows.\n//!\n\
         //! `produce::request::TopicData` is the struct of Produce's field `topic_data`; the top\n\
         //! structs are here too. `ApiKey::versions` says which versions a broker offers.\n\n\
         // The schema decides widths and conditions; both may coincide in what it generates.\n\
         #![allow(clippy::large_enum_variant, clippy::collapsible_else_if)]\n\n",
    );
    let mut sorted: Vec<&Api> = apis.iter().collect();
    sorted.sort_by_key(|api| names::snake(&api.name));
    for api in &sorted {
        let _ = writeln!(out, "pub mod {};", names::snake(&api.name));
    }
    out.push_str("\nmod headers;\n\npub use headers::{RequestHeader, ResponseHeader};\n\n");
    for api in &sorted {
        let (module, name) = (names::snake(&api.name), &api.name);
        let _ = writeln!(out, "pub use {module}::request::{name}Request;");
        let _ = writeln!(out, "pub use {module}::response::{name}Response;");
    }
    out.push_str(
        "\n/// Calls `$row! { Produce produce ProduceRequest ProduceResponse }`, and so on for\n\
         /// every API, for tables and tests that must not forget one.\n\
         #[macro_export]\nmacro_rules! for_each_api {\n($row:ident) => {\n",
    );
    for api in apis {
        let (module, name) = (names::snake(&api.name), &api.name);
        let _ = writeln!(out, "$row! {{ {name} {module} {name}Request {name}Response }}");
    }
    out.push_str("};\n}\n");
    out
}

/// `api_key.rs`.
pub fn keys(apis: &[Api]) -> String {
    let mut out = String::from("use std::ops::RangeInclusive;\n\n/// Every request type.\n");
    out.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\n");
    out.push_str("#[repr(i16)]\npub enum ApiKey {\n");
    for api in apis {
        let _ = writeln!(out, "{} = {},", api.name, api.key);
    }
    out.push_str("}\n\nimpl ApiKey {\n/// All of them, in ascending order of key.\n");
    let _ = writeln!(out, "pub const ALL: [ApiKey; {}] = [", apis.len());
    for api in apis {
        let _ = writeln!(out, "ApiKey::{},", api.name);
    }
    out.push_str(
        "];\n\npub fn all() -> impl Iterator<Item = ApiKey> { Self::ALL.into_iter() }\n\n",
    );
    out.push_str("/// The number on the wire.\npub const fn key(self) -> i16 { self as i16 }\n\n");
    out.push_str("pub const fn from_key(key: i16) -> Option<Self> {\nSome(match key {\n");
    for api in apis {
        let _ = writeln!(out, "{} => Self::{},", api.key, api.name);
    }
    out.push_str("_ => return None,\n})\n}\n\n");
    table(&mut out, "Kafka's own spelling.", "name(self) -> &'static str", apis, |api| {
        format!("\"{}\"", api.name)
    });
    let doc = "The stable versions: what a broker of this release offers.";
    let signature = "versions(self) -> RangeInclusive<i16>";
    table(&mut out, doc, signature, apis, |api| span(&api.stable));
    let doc = "Every version that the code knows, unstable ones included.";
    let signature = "known_versions(self) -> RangeInclusive<i16>";
    table(&mut out, doc, signature, apis, |api| span(&api.request.versions));
    let doc = "The request header of a version, also of one that is too new.";
    let signature = "request_header_version(self, version: i16) -> i16";
    table(&mut out, doc, signature, apis, |api| header(&api.request_headers));
    let doc = "The response header of a version.";
    let signature = "response_header_version(self, version: i16) -> i16";
    table(&mut out, doc, signature, apis, |api| header(&api.response_headers));
    out.push_str("}\n");
    out
}

/// One `match` over all APIs; those with the same value share an arm.
fn table(
    out: &mut String,
    doc: &str,
    signature: &str,
    apis: &[Api],
    value: impl Fn(&Api) -> String,
) {
    let mut arms: Vec<(String, Vec<String>)> = Vec::new();
    for api in apis {
        let (value, name) = (value(api), format!("Self::{}", api.name));
        match arms.iter_mut().find(|(v, _)| *v == value) {
            Some((_, names)) => names.push(name),
            None => arms.push((value, vec![name])),
        }
    }
    let _ = writeln!(out, "/// {doc}\npub const fn {signature} {{\nmatch self {{");
    for (value, names) in arms {
        let _ = writeln!(out, "{} => {value},", names.join(" | "));
    }
    out.push_str("}\n}\n\n");
}

fn span(range: &Versions) -> String {
    format!("RangeInclusive::new({}, {})", range.start(), range.end())
}

fn header(rows: &[(Versions, i16)]) -> String {
    match rows {
        [(_, only)] => only.to_string(),
        [(_, old), (from, new)] => {
            format!("if version >= {} {{ {new} }} else {{ {old} }}", from.start())
        }
        _ => unreachable!("a message has one or two header versions"),
    }
}
