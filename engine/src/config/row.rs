//! One row per configuration key: its type, default, bounds, synonyms and explanation.
//!
//! Parsing, DescribeConfigs and `docs/configs.md` are all read from these rows, so they cannot
//! disagree. A row exists for a key that Millstream honours, in `broker_rows` and `topic_rows`;
//! those of `kafka_names` are only listed. Pure data: built at compile time, shared by all
//! shards.

use super::fault::ConfigFault;
use super::size;

/// Upper bound of Kafka's `int` keys.
pub const INT_MAX: i64 = i32::MAX as i64;
/// Upper bound of Kafka's `long` keys, and their way to say "never" or "without limit".
pub const LONG_MAX: i64 = i64::MAX;

/// The type of a value, as DescribeConfigs reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Short,
    Int,
    Long,
    /// A decimal number; kept as its text.
    Double,
    Text,
    List,
    /// The name of a Java class; no key of ours.
    Class,
    /// Never shown.
    Password,
    /// A number of bytes; accepts `KiB`, `MiB` and `GiB`. Ours, reported as a long.
    Bytes,
}

impl Kind {
    /// The number of this type in DescribeConfigs v3 and later.
    #[must_use]
    pub fn code(self) -> i8 {
        match self {
            Kind::Boolean => 1,
            Kind::Text => 2,
            Kind::Int => 3,
            Kind::Short => 4,
            Kind::Long | Kind::Bytes => 5,
            Kind::Double => 6,
            Kind::List => 7,
            Kind::Class => 8,
            Kind::Password => 9,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Boolean => "boolean",
            Kind::Text => "string",
            Kind::Short => "short",
            Kind::Int => "int",
            Kind::Long => "long",
            Kind::Double => "double",
            Kind::List => "list",
            Kind::Class => "class",
            Kind::Password => "password",
            Kind::Bytes => "bytes",
        }
    }
}

/// What a value may be, beyond its type.
#[derive(Clone, Copy, Debug)]
pub enum Allowed {
    Any,
    /// From the first to the second number, both included.
    Range(i64, i64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A comma-separated list of these words.
    ListOf(&'static [&'static str]),
    /// The form in words, and the check for it.
    Form(&'static str, fn(&str) -> bool),
}

impl Allowed {
    fn admits_number(self, number: i64) -> bool {
        match self {
            Allowed::Range(min, max) => (min..=max).contains(&number),
            Allowed::Form(_, check) => check(&number.to_string()),
            _ => true,
        }
    }

    fn admits_text(self, text: &str) -> bool {
        match self {
            Allowed::Any | Allowed::Range(..) => true,
            Allowed::OneOf(words) => words.contains(&text),
            Allowed::ListOf(words) => items(text).all(|item| words.contains(&item)),
            Allowed::Form(_, check) => check(text),
        }
    }

    /// The bounds in words, for error messages and documentation; empty for `Any`.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Allowed::Any => String::new(),
            Allowed::Range(min, INT_MAX | LONG_MAX) => format!("at least {min}"),
            Allowed::Range(min, max) => format!("{min} to {max}"),
            Allowed::OneOf(words) => format!("one of {}", words.join(", ")),
            Allowed::ListOf(words) => format!("a list of {}", words.join(", ")),
            Allowed::Form(words, _) => words.to_owned(),
        }
    }
}

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Broker,
    Topic,
    /// A group's, or a client metrics subscription's.
    Resource,
}

/// When a new value takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// At the next start.
    Restart,
    /// At once, by IncrementalAlterConfigs.
    Dynamic,
}

/// Another key that sets this one when this one is not set itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synonym {
    pub name: &'static str,
    /// What one unit of the synonym is worth here: 3,600,000 for hours to milliseconds.
    pub factor: i64,
}

/// A value of a row's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Boolean(bool),
    Number(i64),
    Text(String),
}

/// One configuration key.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub kind: Kind,
    /// `None`: unset means something of its own, which `doc` explains.
    pub default: Option<&'static str>,
    pub allowed: Allowed,
    pub scope: Scope,
    pub change: Change,
    /// In order of precedence after the key itself.
    pub synonyms: &'static [Synonym],
    pub doc: &'static str,
}

impl Row {
    const fn of(name: &'static str, kind: Kind, default: Option<&'static str>) -> Row {
        Row {
            name,
            kind,
            default,
            allowed: Allowed::Any,
            scope: Scope::Broker,
            change: Change::Restart,
            synonyms: &[],
            doc: "",
        }
    }

    pub(super) const fn boolean(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Boolean, Some(default))
    }

    pub(super) const fn int(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Int, Some(default))
    }

    pub(super) const fn long(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Long, Some(default))
    }

    pub(super) const fn double(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Double, Some(default))
    }

    pub(super) const fn text(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Text, Some(default))
    }

    pub(super) const fn list(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::List, Some(default))
    }

    pub(super) const fn bytes(name: &'static str, default: &'static str) -> Row {
        Row::of(name, Kind::Bytes, Some(default))
    }

    /// A key of Kafka that nobody reads here.
    pub(super) const fn foreign(
        name: &'static str,
        kind: Kind,
        default: Option<&'static str>,
    ) -> Row {
        let doc = "Has no effect here: Millstream does not honour this key yet, and to set it \
                   gives a warning. What is shown is Kafka's default.";
        Row::of(name, kind, default).doc(doc)
    }

    /// A key without a default of its own.
    pub(super) const fn unset(name: &'static str, kind: Kind) -> Row {
        Row::of(name, kind, None)
    }

    pub(super) const fn at_least(self, min: i64) -> Row {
        let max = if matches!(self.kind, Kind::Int) { INT_MAX } else { LONG_MAX };
        self.range(min, max)
    }

    pub(super) const fn range(mut self, min: i64, max: i64) -> Row {
        self.allowed = Allowed::Range(min, max);
        self
    }

    pub(super) const fn one_of(mut self, words: &'static [&'static str]) -> Row {
        self.allowed = Allowed::OneOf(words);
        self
    }

    pub(super) const fn list_of(mut self, words: &'static [&'static str]) -> Row {
        self.allowed = Allowed::ListOf(words);
        self
    }

    pub(super) const fn form(mut self, words: &'static str, check: fn(&str) -> bool) -> Row {
        self.allowed = Allowed::Form(words, check);
        self
    }

    pub(super) const fn dynamic(mut self) -> Row {
        self.change = Change::Dynamic;
        self
    }

    pub(super) const fn topic(mut self) -> Row {
        self.scope = Scope::Topic;
        self.change = Change::Dynamic;
        self
    }

    pub(super) const fn of_resource(mut self) -> Row {
        self.scope = Scope::Resource;
        self.change = Change::Dynamic;
        self
    }

    pub(super) const fn synonyms(mut self, synonyms: &'static [Synonym]) -> Row {
        self.synonyms = synonyms;
        self
    }

    pub(super) const fn doc(mut self, doc: &'static str) -> Row {
        self.doc = doc;
        self
    }

    /// Reads a value of this key.
    ///
    /// # Errors
    /// `Invalid` with the key, the value and what is allowed.
    pub fn parse(&self, given: &str) -> Result<Value, ConfigFault> {
        let text = given.trim();
        self.value_of(text).ok_or_else(|| ConfigFault::Invalid {
            key: self.name.to_owned(),
            value: given.to_owned(),
            allowed: self.describe_allowed(),
        })
    }

    fn value_of(&self, text: &str) -> Option<Value> {
        match self.kind {
            Kind::Boolean => {
                let word = text.to_ascii_lowercase();
                let value = word.parse().ok()?;
                self.allowed.admits_text(&word).then_some(Value::Boolean(value))
            }
            Kind::Double => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                let admitted = number.is_some() && self.allowed.admits_text(text);
                admitted.then(|| Value::Text(text.to_owned()))
            }
            Kind::Short => self.number(text.parse::<i16>().ok()?.into()),
            Kind::Int => self.number(text.parse::<i32>().ok()?.into()),
            Kind::Long => self.number(text.parse().ok()?),
            Kind::Bytes => self.number(size::parse_bytes(text)?),
            Kind::Text | Kind::List | Kind::Class | Kind::Password => {
                self.allowed.admits_text(text).then(|| Value::Text(text.to_owned()))
            }
        }
    }

    fn number(&self, number: i64) -> Option<Value> {
        self.allowed.admits_number(number).then_some(Value::Number(number))
    }

    /// Type and bounds in words: `a whole number, at least 1`.
    #[must_use]
    pub fn describe_allowed(&self) -> String {
        let kind = match self.kind {
            Kind::Boolean => "true or false",
            Kind::Double => "a number",
            Kind::Short | Kind::Int | Kind::Long => "a whole number",
            Kind::Bytes => "a number of bytes such as 536870912 or 512MiB",
            Kind::Text | Kind::Class | Kind::Password => "text",
            Kind::List => "a comma-separated list",
        };
        let bounds = self.allowed.describe();
        match (self.kind, bounds.is_empty()) {
            (_, true) => kind.to_owned(),
            (Kind::Text | Kind::List, false) => bounds,
            (_, false) => format!("{kind}, {bounds}"),
        }
    }
}

/// A share: 0 to 1.
pub(super) fn is_share(text: &str) -> bool {
    text.parse().is_ok_and(|share: f64| (0.0..=1.0).contains(&share))
}

/// `*`, nothing, or `partition:broker` pairs: replicas that replication quotas hold back.
pub(super) fn is_throttled_replicas(text: &str) -> bool {
    let number = |part: &str| part.parse::<u32>().is_ok();
    let pair = |item: &str| item.split_once(':').is_some_and(|(p, b)| number(p) && number(b));
    text == "*" || items(text).all(pair)
}

/// zlib's levels: 1 to 9, or -1 for its own choice.
pub(super) fn is_gzip_level(text: &str) -> bool {
    text.parse().is_ok_and(|level: i32| level == -1 || (1..=9).contains(&level))
}

/// The items of a comma-separated list, trimmed, empty ones left out.
pub fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}
