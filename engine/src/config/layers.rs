//! The layers in which a key may be set, and which of them wins.
//!
//! From strongest to weakest: the topic's own value, a dynamic broker value, a static one
//! (file, environment, command line), the default. Within a layer the key itself comes
//! before its synonyms. Pure lookups over borrowed maps; every value in them was checked.

use std::collections::BTreeMap;

use super::row::{Row, Scope};
use super::size::parse_bytes;
use super::{BROKER_ROWS, TOPIC_ROWS};

/// Where a value comes from, with DescribeConfigs' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Topic,
    DynamicBroker,
    StaticBroker,
    Default,
    ClientMetrics,
    Group,
}

impl Source {
    #[must_use]
    pub fn code(self) -> i8 {
        match self {
            Source::Topic => 1,
            Source::DynamicBroker => 2,
            Source::StaticBroker => 4,
            Source::Default => 5,
            Source::ClientMetrics => 7,
            Source::Group => 8,
        }
    }
}

/// One place where a key has a value, as text under the name that set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub name: &'static str,
    pub value: String,
    pub source: Source,
    /// What a unit of `value` is worth in the key that was asked for.
    pub(super) factor: i64,
}

/// The maps to look in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layers<'a> {
    pub topic: Option<&'a BTreeMap<String, String>>,
    pub dynamics: &'a BTreeMap<String, String>,
    pub statics: &'a BTreeMap<String, String>,
}

impl Layers<'_> {
    /// All values of a key, strongest first; the first is in effect.
    pub fn candidates(&self, row: &Row) -> Vec<Candidate> {
        let mut found = Vec::new();
        let own = self.topic.filter(|_| row.scope == Scope::Topic);
        if let Some(value) = own.and_then(|topic| topic.get(row.name)) {
            let (value, source) = (value.clone(), Source::Topic);
            found.push(Candidate { name: row.name, value, source, factor: 1 });
        }
        let layers = [(Source::DynamicBroker, self.dynamics), (Source::StaticBroker, self.statics)];
        for (source, map) in layers {
            for (name, factor) in broker_names(row) {
                if let Some(value) = map.get(name) {
                    found.push(Candidate { name, value: value.clone(), source, factor });
                }
            }
        }
        for (name, factor) in broker_names(row) {
            if let Some(value) = default_of(name) {
                let (value, source) = (value.to_owned(), Source::Default);
                found.push(Candidate { name, value, source, factor });
            }
        }
        found
    }

    /// The value in effect as text in the key's own unit, and its source.
    pub fn effective(&self, row: &Row) -> (Option<String>, Source) {
        match self.candidates(row).first() {
            Some(candidate) => (Some(scaled(candidate)), candidate.source),
            None => (row.default.map(str::to_owned), Source::Default),
        }
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.effective(row_of(self.topic.is_some(), name)).0.map(|text| text.trim().to_owned())
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        text.parse().ok().or_else(|| parse_bytes(&text))
    }

    pub fn boolean(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}

/// The broker keys that set a row: itself if it is one, then its synonyms.
fn broker_names(row: &Row) -> impl Iterator<Item = (&'static str, i64)> + '_ {
    let own = (row.scope == Scope::Broker).then_some((row.name, 1));
    own.into_iter().chain(row.synonyms.iter().map(|synonym| (synonym.name, synonym.factor)))
}

fn default_of(broker_key: &str) -> Option<&'static str> {
    BROKER_ROWS.iter().find(|row| row.name == broker_key)?.default
}

fn row_of(topic: bool, name: &str) -> &'static Row {
    let rows = if topic { TOPIC_ROWS } else { BROKER_ROWS };
    rows.iter().find(|row| row.name == name).expect("the typed structs name existing rows")
}

fn scaled(candidate: &Candidate) -> String {
    if candidate.factor == 1 {
        return candidate.value.clone();
    }
    match candidate.value.trim().parse::<i64>() {
        Ok(number) if number < 0 => "-1".to_owned(),
        Ok(number) => number.saturating_mul(candidate.factor).to_string(),
        Err(_) => candidate.value.clone(),
    }
}

/// A share (0 to 1) in millionths; what is out of bounds was refused before.
pub(super) fn ppm_of(layers: &Layers<'_>, name: &str) -> u32 {
    let share: f64 = layers.text(name).and_then(|text| text.parse().ok()).unwrap_or(0.0);
    (share.clamp(0.0, 1.0) * 1e6) as u32
}

/// A typed number that an accepted setting always fits; saturates otherwise.
pub(super) fn u32_of(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// A typed number from a key where negative is not allowed; saturates at zero otherwise.
pub(super) fn u64_of(number: i64) -> u64 {
    u64::try_from(number.max(0)).unwrap_or(u64::MAX)
}
