//! From a schema's body to Rust structs: names, lifetimes, defaults.
//!
//! A body becomes a list of structs, the top one first. Nested structs are named after their
//! field; a name that is taken inside the module gets its parent's name in front. Invariant: names
//! in one list differ, and none hides a type that generated code uses.

use std::collections::BTreeSet;

use super::names;
use super::schema::{Body, Field, Kind, Prim, Versions};

/// Types that generated modules import.
const TAKEN: [&str; 11] = [
    "Array",
    "Records",
    "Str",
    "Uuid",
    "Reader",
    "Writer",
    "Message",
    "Form",
    "Fault",
    "Cow",
    "DecodeError",
];

/// Names of parameters and locals in generated functions.
const LOCALS: [&str; 6] = ["r", "w", "v", "flex", "tag", "p"];

pub struct Struct {
    pub name: String,
    pub fields: Vec<Member>,
    pub versions: Versions,
    pub flexible: Option<i16>,
    /// Holds something borrowed from the frame.
    pub borrows: bool,
    /// The body itself, which is where versions are checked.
    pub top: bool,
}

pub struct Member {
    pub name: String,
    pub schema: Field,
    /// The struct's name, for struct fields and arrays of structs.
    pub of: Option<(String, bool)>,
}

/// How a field treats null.
pub enum Nulls {
    Never,
    Always,
    In(Versions),
}

/// The structs of one module: of every body the nested ones after the top one.
pub fn structs(bodies: &[(&str, &Body)]) -> Result<Vec<Struct>, String> {
    let tops = bodies.iter().map(|(name, _)| *name);
    let mut taken: BTreeSet<String> = TAKEN.into_iter().chain(tops).map(str::to_owned).collect();
    let mut out = Vec::new();
    for (name, body) in bodies {
        let at = out.len();
        let mut top = flatten((*name).to_owned(), &body.fields, body, &mut taken, &mut out)?;
        top.top = true;
        out.insert(at, top);
    }
    Ok(out)
}

fn flatten(
    name: String,
    fields: &[Field],
    body: &Body,
    taken: &mut BTreeSet<String>,
    out: &mut Vec<Struct>,
) -> Result<Struct, String> {
    let mut members = Vec::new();
    for field in fields {
        if LOCALS.contains(&field.name.as_str()) {
            return Err(format!("field {} would hide a local of the generated code", field.name));
        }
        if let Some(version) = version_without_bytes(field, body) {
            return Err(format!("elements of {} take no bytes in version {version}", field.name));
        }
        let mut of = None;
        if matches!(field.kind, Kind::Struct | Kind::Structs) {
            let mut nested = names::upper_camel(&field.name);
            while !taken.insert(nested.clone()) {
                nested.insert_str(0, &name);
            }
            let at = out.len();
            let inner = flatten(nested.clone(), &field.children, body, taken, out)?;
            of = Some((nested, inner.borrows));
            out.insert(at, inner);
        }
        members.push(Member { name: names::field(&field.name), schema: field.clone(), of });
    }
    let borrows = members.iter().any(Member::borrows);
    let (versions, flexible) = (body.versions.clone(), body.flexible);
    Ok(Struct { name, fields: members, versions, flexible, borrows, top: false })
}

/// A version in which an array's elements are empty: then a count of elements would cost the
/// decoder time that no bytes pay for.
fn version_without_bytes(field: &Field, body: &Body) -> Option<i16> {
    if field.kind != Kind::Structs {
        return None;
    }
    let first_flexible = body.flexible.unwrap_or(i16::MAX);
    let mut classic = field.versions.clone().filter(|version| *version < first_flexible);
    classic.find(|version| !field.children.iter().any(|child| child.versions.contains(version)))
}

impl Struct {
    /// `TopicData<'a>`.
    pub fn typed(&self) -> String {
        with_lifetime(&self.name, self.borrows)
    }

    /// Whether every default is what `Default` gives by itself.
    pub fn default_is_derived(&self) -> bool {
        self.fields.iter().all(|field| field.default().is_none())
    }
}

impl Member {
    fn borrows(&self) -> bool {
        match self.schema.kind {
            Kind::Prim(prim) => matches!(prim, Prim::Str | Prim::Bytes | Prim::Records),
            Kind::Struct => self.of.as_ref().is_some_and(|(_, borrows)| *borrows),
            Kind::Structs | Kind::Prims(_) => true,
        }
    }

    pub fn nulls(&self) -> Nulls {
        match &self.schema.nullable {
            Some(range) if *range == self.schema.versions => Nulls::Always,
            Some(range) => Nulls::In(range.clone()),
            // Record data that defaults to null is null where nothing was fetched.
            None if self.schema.kind == Kind::Prim(Prim::Records) && self.null_by_default() => {
                Nulls::Always
            }
            None => Nulls::Never,
        }
    }

    pub fn optional(&self) -> bool {
        !matches!(self.nulls(), Nulls::Never)
    }

    pub fn null_by_default(&self) -> bool {
        self.schema.default.as_deref() == Some("null")
    }

    /// The type without `Option`.
    pub fn bare_type(&self) -> String {
        match self.schema.kind {
            Kind::Prim(prim) => prim_type(prim).to_owned(),
            Kind::Struct => self.struct_type(),
            Kind::Structs => format!("Array<'a, {}>", self.struct_type()),
            Kind::Prims(prim) => format!("Array<'a, {}>", prim_type(prim)),
        }
    }

    pub fn full_type(&self) -> String {
        if self.optional() { format!("Option<{}>", self.bare_type()) } else { self.bare_type() }
    }

    fn struct_type(&self) -> String {
        match &self.of {
            Some((name, borrows)) => with_lifetime(name, *borrows),
            None => unreachable!("a struct field has a struct"),
        }
    }

    /// The struct's name without a lifetime.
    pub fn struct_name(&self) -> &str {
        self.of.as_ref().map_or("", |(name, _)| name)
    }

    /// The default as an expression, where it is not `Default::default()`.
    pub fn default(&self) -> Option<String> {
        if self.optional() {
            return (!self.null_by_default()).then(|| "Some(Default::default())".to_owned());
        }
        match self.schema.default.as_deref() {
            None | Some("null") => None,
            Some(value) => Some(match value {
                "2147483647" => "i32::MAX".to_owned(),
                "-2147483648" => "i32::MIN".to_owned(),
                "9223372036854775807" => "i64::MAX".to_owned(),
                value => value.to_owned(),
            }),
        }
    }
}

fn with_lifetime(name: &str, borrows: bool) -> String {
    if borrows { format!("{name}<'a>") } else { name.to_owned() }
}

fn prim_type(prim: Prim) -> &'static str {
    match prim {
        Prim::Bool => "bool",
        Prim::I8 => "i8",
        Prim::I16 => "i16",
        Prim::U16 => "u16",
        Prim::I32 => "i32",
        Prim::U32 => "u32",
        Prim::I64 => "i64",
        Prim::F64 => "f64",
        Prim::Uuid => "Uuid",
        Prim::Str => "Str<'a>",
        Prim::Bytes => "Cow<'a, [u8]>",
        Prim::Records => "Records<'a>",
    }
}
