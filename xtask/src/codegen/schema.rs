//! The schema files as values: messages, fields, version ranges.
//!
//! A line-by-line reading of the notation in `wire/schema/README.md`; no Rust names here.
//! Invariant of what comes out: ranges are closed (`4+` ends at the message's newest version) and
//! a field with children is a struct or an array of structs.

use std::ops::RangeInclusive;

pub type Versions = RangeInclusive<i16>;

/// One `api` file.
#[derive(Debug)]
pub struct Api {
    pub key: i16,
    pub name: String,
    pub stable: Versions,
    pub request_headers: Vec<(Versions, i16)>,
    pub response_headers: Vec<(Versions, i16)>,
    pub request: Body,
    pub response: Body,
}

/// One body: a request, a response, a record's key or value, a single message.
#[derive(Debug, Clone)]
pub struct Body {
    pub versions: Versions,
    /// First flexible version, if any.
    pub flexible: Option<i16>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub versions: Versions,
    pub tag: Option<u32>,
    pub nullable: Option<Versions>,
    pub default: Option<String>,
    /// Keeps the classic length prefix in flexible versions.
    pub plain: bool,
    pub children: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prim {
    Bool,
    I8,
    I16,
    U16,
    I32,
    U32,
    I64,
    F64,
    Uuid,
    Str,
    Bytes,
    Records,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Prim(Prim),
    Struct,
    Structs,
    Prims(Prim),
}

/// A file of `records/`.
#[derive(Debug)]
pub enum RecordFile {
    /// A key and a value of one of the coordinators' logs.
    Keyed {
        record_type: i16,
        name: String,
        log: String,
        key: Body,
        value: Body,
    },
    Messages(Vec<Single>),
}

impl RecordFile {
    /// The newest version of a keyed record's value.
    pub fn newest_value(&self) -> i16 {
        match self {
            RecordFile::Keyed { value, .. } => *value.versions.end(),
            RecordFile::Messages(_) => 0,
        }
    }
}

/// A `message` section.
#[derive(Debug)]
pub struct Single {
    pub name: String,
    /// `record-type N`, or the first of `control-type N,M`.
    pub record_type: Option<i16>,
    pub body: Body,
}

pub fn parse_api(text: &str) -> Result<Api, String> {
    let mut lines = Lines::new(text);
    let head: Vec<&str> = lines.expect("api")?.split_whitespace().collect();
    let [_, key, name, ..] = head[..] else { return Err("api <id> <Name> expected".to_owned()) };
    let versions = versions(after(&head, "versions")?, i16::MAX)?;
    let flexible = flexible(&head)?;
    let headers = |line: &str| header_versions(line);
    let request_headers = headers(lines.expect("request-header")?)?;
    let response_headers = headers(lines.expect("response-header")?)?;
    lines.expect("request")?;
    let request = body(&mut lines, versions.clone(), flexible)?;
    lines.expect("response")?;
    let response = body(&mut lines, versions.clone(), flexible)?;
    Ok(Api {
        key: number(key)?,
        name: name.to_owned(),
        stable: self::versions(after(&head, "stable")?, i16::MAX)?,
        request_headers,
        response_headers,
        request,
        response,
    })
}

pub fn parse_records(text: &str) -> Result<RecordFile, String> {
    let mut lines = Lines::new(text);
    if lines.peek().is_some_and(|line| line.starts_with("message ")) {
        return Ok(RecordFile::Messages(parse_messages(text)?));
    }
    let head: Vec<&str> = lines.expect("record")?.split_whitespace().collect();
    let [_, record_type, name, _, log] = head[..] else {
        return Err("record <type> <Name> log <log> expected".to_owned());
    };
    Ok(RecordFile::Keyed {
        record_type: number(record_type)?,
        name: name.to_owned(),
        log: log.to_owned(),
        key: section(&mut lines, "key")?,
        value: section(&mut lines, "value")?,
    })
}

pub fn parse_messages(text: &str) -> Result<Vec<Single>, String> {
    let mut lines = Lines::new(text);
    let mut messages = Vec::new();
    while let Some(line) = lines.peek() {
        let head: Vec<&str> = line.split_whitespace().collect();
        let name = after(&head, "message")?.to_owned();
        let types = after(&head, "record-type").or_else(|_| after(&head, "control-type")).ok();
        let record_type = types.and_then(|t| t.split(',').next()).map(number).transpose()?;
        messages.push(Single { name, record_type, body: section(&mut lines, "message")? });
    }
    Ok(messages)
}

fn section(lines: &mut Lines<'_>, word: &str) -> Result<Body, String> {
    let head: Vec<&str> = lines.expect(word)?.split_whitespace().collect();
    let range = versions(after(&head, "versions")?, i16::MAX)?;
    body(lines, range, flexible(&head)?)
}

fn body(lines: &mut Lines<'_>, range: Versions, flexible: Option<i16>) -> Result<Body, String> {
    let fields = fields(lines, 1, *range.end())?;
    Ok(Body { versions: range, flexible, fields })
}

fn fields(lines: &mut Lines<'_>, depth: usize, newest: i16) -> Result<Vec<Field>, String> {
    let mut out: Vec<Field> = Vec::new();
    while let Some(line) = lines.peek() {
        let indent = line.len() - line.trim_start().len();
        if indent < depth * 2 {
            break;
        }
        if indent == depth * 2 {
            lines.next();
            out.push(field(line, newest)?);
            continue;
        }
        let parent = out.last_mut().ok_or_else(|| format!("orphan: {line}"))?;
        parent.children = fields(lines, depth + 1, newest)?;
    }
    Ok(out)
}

fn field(line: &str, newest: i16) -> Result<Field, String> {
    let mut words = line.split_whitespace().peekable();
    let mut word = || words.next().ok_or_else(|| format!("cut short: {line}"));
    let (name, kind, range) = (word()?.to_owned(), kind(word()?)?, versions(word()?, newest)?);
    let mut field = Field {
        name,
        kind,
        versions: range.clone(),
        tag: None,
        nullable: None,
        default: None,
        plain: false,
        children: Vec::new(),
    };
    while let Some(word) = words.next() {
        match word {
            "tag" => field.tag = Some(number(words.next().unwrap_or_default())?),
            "default" => field.default = words.next().map(str::to_owned),
            "plain" => field.plain = true,
            "nullable" => {
                let limited = words.next_if(|w| w.starts_with(|c: char| c.is_ascii_digit()));
                field.nullable = Some(match limited {
                    Some(limited) => versions(limited, *range.end())?,
                    None => range.clone(),
                });
            }
            _ => return Err(format!("unknown word {word}: {line}")),
        }
    }
    Ok(field)
}

fn kind(word: &str) -> Result<Kind, String> {
    match word {
        "{}" => return Ok(Kind::Struct),
        "[]" => return Ok(Kind::Structs),
        _ => {}
    }
    match word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(element) => prim(element).map(Kind::Prims),
        None => prim(word).map(Kind::Prim),
    }
}

fn prim(word: &str) -> Result<Prim, String> {
    Ok(match word {
        "bool" => Prim::Bool,
        "i8" => Prim::I8,
        "i16" => Prim::I16,
        "u16" => Prim::U16,
        "i32" => Prim::I32,
        "u32" => Prim::U32,
        "i64" => Prim::I64,
        "f64" => Prim::F64,
        "uuid" => Prim::Uuid,
        "string" => Prim::Str,
        "bytes" => Prim::Bytes,
        "records" => Prim::Records,
        _ => return Err(format!("unknown type {word}")),
    })
}

/// `4+`, `4-12` or `4`.
fn versions(word: &str, newest: i16) -> Result<Versions, String> {
    if let Some(from) = word.strip_suffix('+') {
        return Ok(number(from)?..=newest);
    }
    match word.split_once('-') {
        Some((from, to)) => Ok(number(from)?..=number(to)?),
        None => Ok(number(word)?..=number(word)?),
    }
}

fn flexible(head: &[&str]) -> Result<Option<i16>, String> {
    match after(head, "flexible")? {
        "none" => Ok(None),
        word => number(word.trim_end_matches('+')).map(Some),
    }
}

/// `request-header  3-8 v1  9-13 v2`.
fn header_versions(line: &str) -> Result<Vec<(Versions, i16)>, String> {
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [range, header] => {
            Ok((versions(range, i16::MAX)?, number(header.trim_start_matches('v'))?))
        }
        _ => Err(format!("pairs expected: {line}")),
    });
    pairs.collect()
}

fn after<'t>(words: &[&'t str], word: &str) -> Result<&'t str, String> {
    let at = words.iter().position(|w| *w == word);
    at.and_then(|at| words.get(at + 1).copied())
        .ok_or_else(|| format!("{word} expected in: {}", words.join(" ")))
}

fn number<N: std::str::FromStr>(word: &str) -> Result<N, String> {
    word.parse().map_err(|_| format!("a number expected: {word}"))
}

struct Lines<'t> {
    lines: std::iter::Peekable<std::vec::IntoIter<&'t str>>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        Lines { lines: lines.into_iter().peekable() }
    }

    fn peek(&mut self) -> Option<&'t str> {
        self.lines.peek().copied()
    }

    fn next(&mut self) -> Option<&'t str> {
        self.lines.next()
    }

    fn expect(&mut self, word: &str) -> Result<&'t str, String> {
        let line = self.next().ok_or_else(|| format!("{word} expected at the end"))?;
        if line.split_whitespace().next() == Some(word) {
            Ok(line)
        } else {
            Err(format!("{word} expected: {line}"))
        }
    }
}
