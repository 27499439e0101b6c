//! Words that must not be in the code, wherever it is.
//!
//! Plus the two rules about what stands around code: a file's header, and the reason at `unsafe`.

use super::Finding;
use super::source::Source;

/// In no file.
const NOWHERE: [&str; 5] = ["todo!", "unimplemented!", "dbg!", "#[ignore", "#[should_panic"];

/// The only crate with `unsafe`.
const UNSAFE: &str = "shards/";

/// How far above `unsafe` its reason may begin.
const REASON_LINES: usize = 10;

pub fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.text.starts_with("//! ") {
        let message = "a file opens with what it is (`//! …`)";
        findings.push(Finding::new("header", source.path.as_str(), message));
    }
    let text: Vec<&str> = source.text.lines().collect();
    for (number, line) in source.code.lines().enumerate() {
        let subject = format!("{}:{}", source.path, number + 1);
        let mut find = |check, message: String| {
            findings.push(Finding::new(check, subject.clone(), message));
        };
        for word in NOWHERE.iter().filter(|word| line.contains(**word)) {
            find("banned", format!("{word} has no place in committed code"));
        }
        if has_word(line, "unsafe") {
            if !source.path.starts_with(UNSAFE) {
                find("unsafe", "only shards/ may".to_owned());
            } else if !reasoned(&text[..=number]) {
                find("unsafe", "without a `SAFETY:` comment above it".to_owned());
            }
        }
        if text[number].contains(&["FIX", "ME"].concat()) {
            find("banned", "a promise instead of code".to_owned());
        }
    }
    findings
}

/// Whether the word stands there and is not the end of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
        let after = line[at + word.len()..].chars().next();
        let open_ended = word.ends_with("::");
        !line[..at].ends_with(part_of_name) && (open_ended || !after.is_some_and(part_of_name))
    })
}

/// A `SAFETY:` comment, or for functions a `# Safety` section, shortly above the last line.
fn reasoned(lines: &[&str]) -> bool {
    let from = lines.len().saturating_sub(REASON_LINES + 1);
    lines[from..].iter().any(|line| line.contains("SAFETY:") || line.contains("# Safety"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(path: &str, code: &str) -> Vec<&'static str> {
        let source = Source::new(path, format!("//! Header.\n{code}\n"));
        check(&source).into_iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn unsafe_is_for_shards_and_says_why() {
        assert_eq!(checks("src/a.rs", "// SAFETY: no.\nunsafe { x() }"), ["unsafe"]);
        assert_eq!(checks("shards/src/a.rs", "unsafe { x() }"), ["unsafe"]);
        assert_eq!(checks("shards/src/a.rs", "// SAFETY: x holds.\nunsafe { x() }"), [""; 0]);
        assert_eq!(checks("src/a.rs", "#![deny(unsafe_code)]"), [""; 0]);
    }

    #[test]
    fn unfinished_code_and_skipped_tests_are_found() {
        for code in ["todo!()", "unimplemented!()", "#[ignore = \"slow\"]", "#[should_panic]"] {
            assert_eq!(checks("src/a.rs", code), ["banned"], "{code}");
        }
        let source = Source::new("src/a.rs", "fn a() {}\n".to_owned());
        assert_eq!(check(&source)[0].check, "header");
    }
}
