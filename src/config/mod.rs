//! Where settings come from: defaults, a file, the environment, the command line.
//!
//! Later ones win. What a key means is decided by the rows of `engine::config`; this shell
//! reads the sources, remembers where each value stands, and turns faults into sentences
//! that name that place. Called once, by the command line before a broker starts.

mod environment;
pub mod properties;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use millstream_engine::config::{BrokerConfig, ConfigFault};

/// The sources beside the defaults, weakest first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub file: Option<PathBuf>,
    /// The environment, as name and value.
    pub environment: Vec<(String, String)>,
    /// `key=value` from the command line, in order.
    pub sets: Vec<String>,
}

/// The settings, and what people should know about those that were left out.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub config: BrokerConfig,
    pub warnings: Vec<String>,
}

/// Why a broker cannot start with what was given.
#[derive(Debug)]
pub enum LoadFault {
    /// The file cannot be read.
    File { path: PathBuf, cause: std::io::Error },
    /// A `\u` escape of the file is malformed.
    Escape { path: PathBuf, line: usize },
    /// A `--set` without `=`.
    NotASetting { given: String },
    /// Values that cannot be, each with the place where it stands.
    Values { lines: Vec<String> },
}

impl fmt::Display for LoadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadFault::File { path, cause } => {
                write!(f, "cannot read the configuration file {}: {cause}", path.display())
            }
            LoadFault::Escape { path, line } => write!(
                f,
                "{}:{line}: \\u needs four hexadecimal digits (write \\\\ for a backslash)",
                path.display()
            ),
            LoadFault::NotASetting { given } => {
                write!(f, "--set {given}: write it as --set key=value")
            }
            LoadFault::Values { lines } => f.write_str(&lines.join("\n")),
        }
    }
}

impl std::error::Error for LoadFault {}

/// Reads all sources and resolves them.
///
/// # Errors
/// An unreadable or malformed source, or values that cannot be (all of them at once).
pub fn load(sources: &Sources) -> Result<Loaded, LoadFault> {
    let mut given = Given::default();
    if let Some(path) = &sources.file {
        given.add_file(path)?;
    }
    for (variable, key, value) in environment::settings(&sources.environment) {
        given.add(key, value, variable);
    }
    for set in &sources.sets {
        let Some((key, value)) = set.split_once('=') else {
            return Err(LoadFault::NotASetting { given: set.clone() });
        };
        given.add(key.trim().to_owned(), value.to_owned(), "--set".to_owned());
    }
    let resolved = BrokerConfig::resolve(&given.values)
        .map_err(|faults| LoadFault::Values { lines: given.explain(&faults) })?;
    let warnings = given.explain(&resolved.ignored);
    Ok(Loaded { config: resolved.config, warnings })
}

/// The values that won so far, and where each of them stands.
#[derive(Debug, Default)]
struct Given {
    values: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
}

impl Given {
    fn add(&mut self, key: String, value: String, place: String) {
        self.places.insert(key.clone(), place);
        self.values.insert(key, value);
    }

    fn add_file(&mut self, path: &Path) -> Result<(), LoadFault> {
        let bytes = std::fs::read(path)
            .map_err(|cause| LoadFault::File { path: path.to_owned(), cause })?;
        let entries = properties::parse(&String::from_utf8_lossy(&bytes))
            .map_err(|bad| LoadFault::Escape { path: path.to_owned(), line: bad.line })?;
        for entry in entries {
            let place = format!("{}:{}", path.display(), entry.line);
            self.add(entry.key, entry.value, place);
        }
        Ok(())
    }

    fn explain(&self, faults: &[ConfigFault]) -> Vec<String> {
        let place = |fault: &ConfigFault| fault.key().and_then(|key| self.places.get(key));
        faults
            .iter()
            .map(|fault| match place(fault) {
                Some(place) => format!("{place}: {fault}"),
                None => fault.to_string(),
            })
            .collect()
    }
}
