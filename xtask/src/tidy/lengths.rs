//! Lengths: of files, functions and lines.

use super::Finding;
use super::source::Source;

const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;

pub fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut over = |check, subject: String, measured: usize, limit: usize| {
        if measured > limit {
            let message = format!("{measured}, the limit is {limit}");
            findings.push(Finding { check, subject, measured: Some(measured), message });
        }
    };
    over("file-lines", source.path.clone(), source.text.lines().count(), FILE_LINES_MAX);
    for (name, lines) in functions(&source.code) {
        over("function-lines", format!("{}::{name}", source.path), lines, FUNCTION_LINES_MAX);
    }
    for (number, line) in source.text.lines().enumerate() {
        let subject = format!("{}:{}", source.path, number + 1);
        over("line-chars", subject, line.chars().count(), LINE_CHARS_MAX);
    }
    findings
}

/// Name and lines of every function with a body, from its `fn` to its closing brace.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String =
            code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if let (false, Some(end)) = (name.is_empty(), body_end(&code[at..])) {
            found.push((name, code[at..at + end].lines().count()));
        }
    }
    found
}

/// Where the body's closing brace is; none for a declaration without one.
fn body_end(code: &str) -> Option<usize> {
    let (mut brackets, mut braces) = (0usize, 0usize);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.checked_sub(1)?,
            ';' if brackets == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.checked_sub(1)?;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_measured_from_its_first_line_to_its_brace() {
        let code = "impl A {\n fn a(x: [u8; 2]) -> u8 {\n  if x { 1 } else { 2 }\n }\n}\n\
                    trait B { fn b(&self); }\nfn c() {}\nconst F: fn (u8) = d;";
        assert_eq!(functions(code), [("a".to_owned(), 3), ("c".to_owned(), 1)]);
    }

    #[test]
    fn one_line_past_a_limit_is_found_and_the_limit_is_not() {
        let body = |lines: usize| format!("fn a() {{\n{}}}\n", "x;\n".repeat(lines - 2));
        let at = Source::new("a.rs", body(FUNCTION_LINES_MAX));
        assert_eq!(check(&at), []);
        let past = check(&Source::new("a.rs", body(FUNCTION_LINES_MAX + 1)));
        assert_eq!(past.len(), 1);
        assert_eq!((past[0].check, past[0].subject.as_str()), ("function-lines", "a.rs::a"));
        let wide = check(&Source::new("a.rs", format!("{}\n", "é".repeat(LINE_CHARS_MAX + 1))));
        assert_eq!((wide[0].check, wide[0].measured), ("line-chars", Some(LINE_CHARS_MAX + 1)));
        let long = check(&Source::new("a.rs", "\n".repeat(FILE_LINES_MAX + 1)));
        assert_eq!((long[0].check, long.len()), ("file-lines", 1));
    }
}
