//! The seeds that ever failed, each a file in `sim/corpus` that says why.
//!
//! A file has `key = value` lines: `seed`, `mode` (see `cli::ModeArg`) and, where the broker is
//! known to be wrong still, `expected-fail` with the reason. Lines with `#` are for the reader.

use std::path::{Path, PathBuf};

use crate::plan::Mode;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: PathBuf,
    pub seed: u64,
    pub mode: Mode,
    /// Why it must fail for now.
    pub expected_fail: Option<String>,
}

/// All entries, by file name.
///
/// # Errors
/// The first file that cannot be read or understood.
pub fn load(dir: &Path) -> Result<Vec<Entry>, String> {
    let listed = std::fs::read_dir(dir).map_err(|fault| format!("{}: {fault}", dir.display()))?;
    let paths = listed.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "seed")).collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> Result<Entry, String> {
    let text = std::fs::read_to_string(&path);
    let text = text.map_err(|fault| format!("{}: {fault}", path.display()))?;
    parse(&text, &path).ok_or_else(|| format!("{}: no seed and mode", path.display()))
}

fn parse(text: &str, path: &Path) -> Option<Entry> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let value = |key: &str| pairs.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    Some(Entry {
        path: path.to_owned(),
        seed: value("seed")?.parse().ok()?,
        mode: match value("mode")? {
            "keep-promise" => Mode::KeepPromise,
            "lying" => Mode::Lying,
            _ => return None,
        },
        expected_fail: value("expected-fail").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_seed_a_mode_and_perhaps_a_reason() {
        let text = "# why\nseed = 7\nmode = lying\nexpected-fail = a known bug\n";
        let entry = parse(text, Path::new("x.seed")).expect("sound");
        assert_eq!((entry.seed, entry.mode), (7, Mode::Lying));
        assert_eq!(entry.expected_fail.as_deref(), Some("a known bug"));
        assert_eq!(parse("mode = lying\n", Path::new("x.seed")), None);
    }
}
