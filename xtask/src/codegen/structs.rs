//! The text of generated structs: definition, `Default`, `Message::decode`, `Message::encode`.

use std::fmt::Write;

use super::model::{Member, Nulls, Struct};
use super::schema::{Kind, Prim, Versions};

/// All structs of one body.
pub fn emit(out: &mut String, structs: &[Struct]) {
    for item in structs {
        definition(out, item);
        let _ = writeln!(out, "impl<'a> Message<'a> for {} {{", item.typed());
        function(out, "decode(r: &mut Reader<'a>, v: i16) -> Result<Self, DecodeError>", |body| {
            decode(body, item);
        });
        function(out, "encode(&self, w: &mut Writer, v: i16)", |body| encode(body, item));
        out.push_str("}\n\n");
    }
}

/// A function, its parameter `v` underlined if the body has no use for it.
fn function(out: &mut String, signature: &str, write: impl FnOnce(&mut String)) {
    let mut body = String::new();
    write(&mut body);
    let uses_version =
        body.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "v");
    let signature = if uses_version { signature.into() } else { signature.replace(" v:", " _v:") };
    let _ = writeln!(out, "fn {signature} {{\n{body}}}\n");
}

/// The imports that the structs need.
pub fn imports(structs: &[Struct]) -> String {
    let mut names = vec!["DecodeError", "Message", "Reader", "Writer"];
    let any =
        |holds: &dyn Fn(&Member) -> bool| structs.iter().any(|item| item.fields.iter().any(holds));
    let uses =
        |prim: Prim| any(&|m| [Kind::Prim(prim), Kind::Prims(prim)].contains(&m.schema.kind));
    if structs.iter().any(|item| item.top) {
        names.push("Fault");
    }
    if any(&|m| matches!(m.schema.kind, Kind::Structs | Kind::Prims(_))) {
        names.extend(["Array", "Form"]);
    }
    for (prim, name) in [(Prim::Str, "Str"), (Prim::Uuid, "Uuid"), (Prim::Records, "Records")] {
        if uses(prim) {
            names.push(name);
        }
    }
    names.sort_unstable();
    let cow = if uses(Prim::Bytes) { "use std::borrow::Cow;\n\n" } else { "" };
    format!("{cow}use crate::{{{}}};\n\n", names.join(", "))
}

fn definition(out: &mut String, item: &Struct) {
    let derived = item.default_is_derived();
    let default = if derived { ", Default" } else { "" };
    let _ = writeln!(out, "#[derive(Debug, Clone, PartialEq{default})]");
    let _ = writeln!(out, "pub struct {} {{", item.typed());
    for field in &item.fields {
        if let Some(doc) = doc(item, field) {
            let _ = writeln!(out, "/// {doc}.");
        }
        let _ = writeln!(out, "pub {}: {},", field.name, field.full_type());
    }
    out.push_str("}\n\n");
    if derived {
        return;
    }
    let lifetime = if item.borrows { "<'_>" } else { "" };
    let _ = writeln!(out, "impl Default for {}{lifetime} {{", item.name);
    out.push_str("fn default() -> Self {\nSelf {\n");
    for field in &item.fields {
        let value = field.default().unwrap_or_else(|| "Default::default()".to_owned());
        let _ = writeln!(out, "{}: {value},", field.name);
    }
    out.push_str("}\n}\n}\n\n");
}

fn doc(item: &Struct, field: &Member) -> Option<String> {
    let mut parts = Vec::new();
    if !covers(&field.schema.versions, item) {
        parts.push(spell("versions", &field.schema.versions, item));
    }
    if let Nulls::In(range) = field.nulls() {
        parts.push(spell("nullable in versions", &range, item));
    }
    if let Some(tag) = field.schema.tag {
        parts.push(format!("tag {tag}"));
    }
    let text = parts.join(", ");
    let (first, rest) = text.split_at_checked(1)?;
    Some(format!("{}{rest}", first.to_uppercase()))
}

fn spell(word: &str, range: &Versions, item: &Struct) -> String {
    match (range.start(), range.end()) {
        (from, to) if from == to => format!("{} {from}", word.replace("versions", "version")),
        (from, to) if to == item.versions.end() => format!("{word} {from} and up"),
        (from, to) => format!("{word} {from} to {to}"),
    }
}

fn covers(range: &Versions, item: &Struct) -> bool {
    range.start() <= item.versions.start() && range.end() >= item.versions.end()
}

/// The condition under which `v` lies in `range`; none if it always does.
pub fn guard(range: &Versions, item: &Struct) -> Option<String> {
    let (from, to) = (*range.start(), *range.end());
    let (first, last) = (*item.versions.start(), *item.versions.end());
    match (from <= first, to >= last) {
        (true, true) => None,
        (false, true) => Some(format!("v >= {from}")),
        (true, false) => Some(format!("v <= {to}")),
        (false, false) if from == to => Some(format!("v == {from}")),
        (false, false) => Some(format!("({from}..={to}).contains(&v)")),
    }
}

/// `true`, `false`, or the local `flex`.
fn flex(item: &Struct) -> &'static str {
    match item.flexible {
        None => "false",
        Some(from) if from <= *item.versions.start() => "true",
        Some(_) => "flex",
    }
}

fn flex_of(item: &Struct, field: &Member) -> &'static str {
    if field.schema.plain { "false" } else { flex(item) }
}

fn flex_local(out: &mut String, item: &Struct, used: bool) {
    if let (true, "flex", Some(from)) = (used, flex(item), item.flexible) {
        let _ = writeln!(out, "let flex = v >= {from};");
    }
}

fn decode(out: &mut String, item: &Struct) {
    if item.top {
        let (from, to) = (item.versions.start(), item.versions.end());
        let outside = if from == to {
            format!("v != {from}")
        } else {
            format!("!({from}..={to}).contains(&v)")
        };
        let _ = writeln!(out, "if {outside} {{");
        out.push_str("return Err(r.error(Fault::Version { version: v }));\n}\n");
    }
    flex_local(out, item, true);
    for field in &item.fields {
        let default = field.default().unwrap_or_else(|| "Default::default()".to_owned());
        if field.schema.tag.is_some() {
            let _ = writeln!(out, "let mut {}: {} = {default};", field.name, field.full_type());
            continue;
        }
        let read = read_nullable(item, field, "r");
        let _ = match guard(&field.schema.versions, item) {
            None => writeln!(out, "let {} = {read};", field.name),
            Some(guard) => {
                let name = &field.name;
                writeln!(out, "let {name} = if {guard} {{ {read} }} else {{ {default} }};")
            }
        };
    }
    match flex(item) {
        "false" => {}
        "true" => decode_tags(out, item),
        _ => {
            out.push_str("if flex {\n");
            decode_tags(out, item);
            out.push_str("}\n");
        }
    }
    let names: Vec<&str> = item.fields.iter().map(|field| field.name.as_str()).collect();
    let _ = writeln!(out, "Ok(Self {{ {} }})", names.join(", "));
}

fn decode_tags(out: &mut String, item: &Struct) {
    let tagged = tagged(item);
    if tagged.is_empty() {
        out.push_str("r.skip_tags()?;\n");
        return;
    }
    out.push_str("for _ in 0..r.tag_count()? {\nlet (tag, mut p) = r.tag()?;\nmatch tag {\n");
    for (tag, field) in &tagged {
        let guard = tag_guard(field, item).map(|g| format!(" if {g}")).unwrap_or_default();
        let read = read_nullable(item, field, "p");
        let _ = writeln!(out, "{tag}{guard} => {} = {read},", field.name);
    }
    out.push_str("_ => continue,\n}\np.finish_tag(tag)?;\n}\n");
}

/// Tagged fields in ascending order of tag.
fn tagged(item: &Struct) -> Vec<(u32, &Member)> {
    let mut tagged: Vec<(u32, &Member)> =
        item.fields.iter().filter_map(|field| Some((field.schema.tag?, field))).collect();
    tagged.sort_by_key(|(tag, _)| *tag);
    tagged
}

/// Tags exist from the first flexible version anyway: say only what narrows that.
fn tag_guard(field: &Member, item: &Struct) -> Option<String> {
    let from = (*field.schema.versions.start()).min(item.flexible.unwrap_or_default());
    let narrows = *field.schema.versions.start() > item.flexible.unwrap_or_default();
    let range = if narrows { field.schema.versions.clone() } else { from..=i16::MAX };
    let ends_early = field.schema.versions.end() < item.versions.end();
    if narrows || ends_early { guard(&range, item) } else { None }
}

fn read_nullable(item: &Struct, field: &Member, r: &str) -> String {
    match field.nulls() {
        Nulls::Never => read(item, field, r),
        Nulls::Always => read_or_null(item, field, r),
        Nulls::In(range) => {
            let (null, plain) = (read_or_null(item, field, r), read(item, field, r));
            match guard(&range, item) {
                None => null,
                Some(guard) => format!("if {guard} {{ {null} }} else {{ Some({plain}) }}"),
            }
        }
    }
}

fn reference(r: &str) -> &str {
    if r == "p" { "&mut p" } else { r }
}

fn read(item: &Struct, field: &Member, r: &str) -> String {
    let flex = flex_of(item, field);
    match field.schema.kind {
        Kind::Prim(Prim::Str) => format!("{r}.string({flex})?"),
        Kind::Prim(Prim::Bytes) => format!("{r}.bytes({flex})?"),
        Kind::Prim(Prim::Records) => format!("{r}.records({flex})?"),
        Kind::Prim(prim) => format!("{r}.{}()?", method(prim)),
        Kind::Struct => format!("{}::decode({}, v)?", field.struct_name(), reference(r)),
        Kind::Structs | Kind::Prims(_) => format!("{r}.array({})?", form(flex)),
    }
}

fn read_or_null(item: &Struct, field: &Member, r: &str) -> String {
    let flex = flex_of(item, field);
    match field.schema.kind {
        Kind::Prim(Prim::Str) => format!("{r}.string_or_null({flex})?"),
        Kind::Prim(Prim::Bytes) => format!("{r}.bytes_or_null({flex})?"),
        Kind::Prim(Prim::Records) => format!("{r}.records_or_null({flex})?"),
        Kind::Prim(_) => unreachable!("numbers have no null"),
        Kind::Struct => {
            let name = field.struct_name();
            let present = if r == "p" { "p.uvarint()? > 0" } else { "r.is_present()?" };
            let r = reference(r);
            format!("if {present} {{ Some({name}::decode({r}, v)?) }} else {{ None }}")
        }
        Kind::Structs | Kind::Prims(_) => format!("{r}.array_or_null({})?", form(flex)),
    }
}

fn form(flex: &str) -> String {
    if flex == "flex" {
        "Form { version: v, flexible: flex }".to_owned()
    } else {
        format!("Form {{ version: v, flexible: {flex} }}")
    }
}

fn method(prim: Prim) -> &'static str {
    match prim {
        Prim::Bool => "bool",
        Prim::I8 => "i8",
        Prim::I16 => "i16",
        Prim::U16 => "u16",
        Prim::I32 => "i32",
        Prim::U32 => "u32",
        Prim::I64 => "i64",
        Prim::F64 => "f64",
        Prim::Uuid => "uuid",
        Prim::Str => "string",
        Prim::Bytes => "bytes",
        Prim::Records => "records",
    }
}

fn encode(out: &mut String, item: &Struct) {
    flex_local(out, item, true);
    for field in item.fields.iter().filter(|field| field.schema.tag.is_none()) {
        let write = write_nullable(item, field);
        let _ = match guard(&field.schema.versions, item) {
            None => writeln!(out, "{write}"),
            Some(guard) => writeln!(out, "if {guard} {{ {write} }}"),
        };
    }
    match flex(item) {
        "false" => {}
        "true" => encode_tags(out, item),
        _ => {
            out.push_str("if flex {\n");
            encode_tags(out, item);
            out.push_str("}\n");
        }
    }
}

fn encode_tags(out: &mut String, item: &Struct) {
    let tagged = tagged(item);
    for (tag, field) in &tagged {
        let set = differs_from_default(field);
        let set = match tag_guard(field, item) {
            None => set,
            Some(guard) => format!("{guard} && {set}"),
        };
        let _ = writeln!(out, "let set_{tag} = {set};");
    }
    let counts: Vec<String> = tagged.iter().map(|(t, _)| format!("u32::from(set_{t})")).collect();
    let count = if counts.is_empty() { "0".to_owned() } else { counts.join(" + ") };
    let _ = writeln!(out, "w.tag_count({count});");
    for (tag, field) in &tagged {
        let write = write_tagged(item, field);
        let _ = writeln!(out, "if set_{tag} {{\nw.tag({tag}, |w| {{ {write} }});\n}}");
    }
}

fn differs_from_default(field: &Member) -> String {
    let name = format!("self.{}", field.name);
    if field.optional() {
        return match (field.null_by_default(), field.schema.kind) {
            (true, _) => format!("{name}.is_some()"),
            (false, Kind::Struct) => {
                format!("{name}.as_ref() != Some(&{}::default())", field.struct_name())
            }
            (false, _) => format!("{name}.as_ref().is_none_or(|x| !x.is_empty())"),
        };
    }
    match field.schema.kind {
        Kind::Prim(Prim::Str | Prim::Bytes | Prim::Records) => format!("!{name}.is_empty()"),
        Kind::Structs | Kind::Prims(_) => format!("!{name}.is_empty()"),
        Kind::Prim(Prim::Bool) if field.default().as_deref() == Some("true") => format!("!{name}"),
        Kind::Prim(Prim::Bool) => name,
        Kind::Prim(Prim::Uuid) => format!("!{name}.is_zero()"),
        Kind::Prim(Prim::F64) => format!("{name} != {}", field.default().unwrap_or("0.0".into())),
        Kind::Prim(_) => format!("{name} != {}", field.default().unwrap_or("0".into())),
        Kind::Struct => format!("{name} != {}::default()", field.struct_name()),
    }
}

fn write_nullable(item: &Struct, field: &Member) -> String {
    let name = format!("self.{}", field.name);
    match field.nulls() {
        Nulls::Never => write(item, field, &name),
        Nulls::Always => write_or_null(item, field),
        Nulls::In(range) => {
            let null = write_or_null(item, field);
            let Some(guard) = guard(&range, item) else { return null };
            let empty = write_empty(item, field);
            format!("if {guard} {{ {null} }} else {{ {empty} }}")
        }
    }
}

/// A null where the version has none goes out as empty.
fn write_empty(item: &Struct, field: &Member) -> String {
    let (name, flex) = (&field.name, flex_of(item, field));
    match field.schema.kind {
        Kind::Prim(Prim::Str) => {
            format!("w.string(self.{name}.as_deref().unwrap_or_default(), {flex});")
        }
        Kind::Prim(Prim::Bytes) => {
            format!("w.bytes(self.{name}.as_deref().unwrap_or_default(), {flex});")
        }
        _ => format!(
            "match &self.{name} {{\nSome(x) => {{ {} }}\nNone => {{ {} }}\n}}",
            write(item, field, "*x"),
            write(item, field, &format!("{}::default()", turbofish(field))),
        ),
    }
}

fn turbofish(field: &Member) -> String {
    field.bare_type().replacen('<', "::<", 1)
}

fn write(item: &Struct, field: &Member, place: &str) -> String {
    let flex = flex_of(item, field);
    let borrowed = place.strip_prefix('*').map_or(format!("&{place}"), str::to_owned);
    match field.schema.kind {
        Kind::Prim(Prim::Str) => format!("w.string({borrowed}, {flex});"),
        Kind::Prim(Prim::Bytes) => format!("w.bytes({borrowed}, {flex});"),
        Kind::Prim(Prim::Records) => format!("w.records({borrowed}, {flex});"),
        Kind::Prim(prim) => format!("w.{}({place});", method(prim)),
        Kind::Struct => format!("{}.encode(w, v);", place.trim_start_matches('*')),
        Kind::Structs | Kind::Prims(_) => format!("w.array({borrowed}, {});", form(flex)),
    }
}

fn write_or_null(item: &Struct, field: &Member) -> String {
    let (name, flex) = (&field.name, flex_of(item, field));
    match field.schema.kind {
        Kind::Prim(Prim::Str) => format!("w.string_or_null(self.{name}.as_deref(), {flex});"),
        Kind::Prim(Prim::Bytes) => format!("w.bytes_or_null(self.{name}.as_deref(), {flex});"),
        Kind::Prim(Prim::Records) => {
            format!("w.records_or_null(self.{name}.as_ref(), {flex});")
        }
        Kind::Prim(_) => unreachable!("numbers have no null"),
        Kind::Struct => format!(
            "w.present(self.{name}.is_some());\n\
             if let Some(x) = &self.{name} {{ x.encode(w, v); }}"
        ),
        Kind::Structs | Kind::Prims(_) => {
            format!("w.array_or_null(self.{name}.as_ref(), {});", form(flex))
        }
    }
}

fn write_tagged(item: &Struct, field: &Member) -> String {
    if field.schema.kind == Kind::Struct && field.optional() {
        let name = &field.name;
        return format!(
            "w.uvarint(u32::from(self.{name}.is_some()));\n\
             if let Some(x) = &self.{name} {{ x.encode(w, v); }}"
        );
    }
    write_nullable(item, field)
}
