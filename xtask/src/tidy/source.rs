//! Rust files as the checks see them: the text, and the code with comments and literals blanked.
//!
//! Blanking keeps lines and columns, so that a brace or a word found in the code is where it seems
//! to be. It knows line and nested block comments, plain, byte and raw strings, characters and
//! lifetimes; that is all of Rust that can hide a brace.

use std::fs;
use std::path::Path;

pub struct Source {
    /// Relative to the root, with forward slashes.
    pub path: String,
    pub text: String,
    /// `text` with comments and literals replaced by spaces.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: String) -> Self {
        let code = blank(&text);
        Source { path: path.to_owned(), text, code }
    }

    pub fn is_generated(&self) -> bool {
        ["wire/src/gen/", "wire/tests/gen/"].iter().any(|dir| self.path.starts_with(dir))
    }
}

/// All Rust files below the root, build output and hidden directories apart.
pub fn read_all(root: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    let mut dirs = vec![String::new()];
    while let Some(dir) = dirs.pop() {
        let listed = root.join(&dir);
        let entries = fs::read_dir(&listed).map_err(|e| format!("{}: {e}", listed.display()))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && !name.starts_with('.') && name != "target" && name != "node_modules" {
                dirs.push(path);
            } else if !is_dir && name.ends_with(".rs") {
                let text = fs::read_to_string(entry.path()).map_err(|e| format!("{path}: {e}"))?;
                sources.push(Source::new(&path, text));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// The text with comments and literals replaced by spaces, line breaks kept.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(c) = rest.chars().next() {
        let skipped = hidden(rest, after_word);
        let taken = skipped.unwrap_or(c.len_utf8());
        let (piece, next) = rest.split_at(taken);
        match skipped {
            Some(_) => out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            None => out.push_str(piece),
        }
        after_word = skipped.is_none() && (c.is_alphanumeric() || c == '_');
        rest = next;
    }
    out
}

/// Length of the comment or literal that starts here, if one does.
fn hidden(rest: &str, after_word: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    if rest.starts_with('"') {
        return Some(string(rest));
    }
    if after_word {
        return None;
    }
    raw_string(rest)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br#"…"#`.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = if rest.starts_with("br") { 2 } else { 1 };
    let body = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inner = body[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inner.find(&close).map_or(inner.len(), |at| at + close.len());
    Some(prefix + hashes + 1 + end)
}

/// A character literal; none for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first != '\\' {
        let (at, second) = chars.next()?;
        return (second == '\'').then_some(at + 1);
    }
    chars.next()?;
    chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_everything_else_stays() {
        for (text, code) in [
            ("a // b {\nc", "a c"),
            ("a /* { /* } */ */ b", "a b"),
            (r#"f("{\"{") }"#, "f( ) }"),
            (r##"f(r#"{"{"#) }"##, "f( ) }"),
            ("m('{', '\\'', '\\u{7b}') {", "m( , , ) {"),
            ("fn f<'a>(x: &'a str) {", "fn f<'a>(x: &'a str) {"),
            ("r#type: bar \"{\"", "r#type: bar"),
        ] {
            let blanked = blank(text);
            let words: Vec<&str> = blanked.split_whitespace().collect();
            assert_eq!(words.join(" "), code, "{text}");
            assert_eq!(blanked.len(), text.len(), "{text}: columns stay");
        }
    }
}
