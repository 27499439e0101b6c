//! The seeds that ever failed, each a file in `sim/corpus` that says why.
//!
//! A file has `key = value` lines: `seed`, `mode` (see `cli::ModeArg`) and, where the broker is
//! known to be wrong still, `expected-fail` with the reason and `violation` with the check that
//! says so. Such a seed must fail, and in that way: one that passes hides that nobody knows
//! whether its fault was mended. Lines with `#` are for the reader.

use std::path::{Path, PathBuf};

use crate::books::Violation;
use crate::plan::Mode;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: PathBuf,
    pub seed: u64,
    pub mode: Mode,
    pub open: Option<Open>,
}

/// A fault that is not mended yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub reason: String,
    /// The check that must find it.
    pub check: String,
}

impl Entry {
    /// Whether the seed did what its file says; why not.
    ///
    /// # Errors
    /// A mended one fails, or an open one passes or fails in another way.
    pub fn judge(&self, violation: Option<&Violation>) -> Result<(), String> {
        match (violation, &self.open) {
            (None, None) => Ok(()),
            (Some(found), Some(open)) if found.check == open.check => Ok(()),
            (None, Some(open)) => {
                Err(format!("no longer fails: is it mended? It was open: {}", open.reason))
            }
            (Some(found), open) => {
                let expected = open.as_ref().map_or("to pass", |open| &open.check);
                Err(format!("{}: {} (expected: {expected})", found.check, found.what))
            }
        }
    }
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
    let understood = parse(&text, &path);
    understood.ok_or_else(|| format!("{}: no seed and mode, or half an excuse", path.display()))
}

fn parse(text: &str, path: &Path) -> Option<Entry> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let value = |key: &str| pairs.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    let open = match (value("expected-fail"), value("violation")) {
        (None, None) => None,
        (Some(reason), Some(check)) => {
            Some(Open { reason: reason.to_owned(), check: check.to_owned() })
        }
        _ => return None,
    };
    Some(Entry {
        path: path.to_owned(),
        seed: value("seed")?.parse().ok()?,
        mode: match value("mode")? {
            "keep-promise" => Mode::KeepPromise,
            "lying" => Mode::Lying,
            _ => return None,
        },
        open,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Option<Entry> {
        parse(text, Path::new("x.seed"))
    }

    const OPEN: &str = "# why\nseed = 7\nmode = lying\nexpected-fail = a bug\nviolation = order\n";

    #[test]
    fn an_entry_is_a_seed_a_mode_and_perhaps_a_reason_with_its_violation() {
        let open = entry(OPEN).expect("sound");
        assert_eq!((open.seed, open.mode), (7, Mode::Lying));
        assert_eq!(open.open, Some(Open { reason: "a bug".into(), check: "order".into() }));
        assert_eq!(entry("seed = 7\nmode = lying\n").expect("sound").open, None);
        for half in ["mode = lying\n", "seed = 7\nmode = lying\nexpected-fail = a bug\n"] {
            assert_eq!(entry(half), None, "{half}");
        }
    }

    #[test]
    fn a_mended_seed_must_pass_and_an_open_one_must_fail_in_its_way() {
        let violation = |check| Violation { check, what: "so".to_owned() };
        let (mended, open) = (entry("seed = 7\nmode = lying\n"), entry(OPEN));
        let (mended, open) = (mended.expect("sound"), open.expect("sound"));
        mended.judge(None).expect("mended");
        mended.judge(Some(&violation("order"))).expect_err("it is back");
        open.judge(Some(&violation("order"))).expect("still open");
        open.judge(Some(&violation("dense"))).expect_err("another fault");
        open.judge(None).expect_err("nobody looked why it passes");
    }
}
