//! Reads `server.properties`: Java's properties syntax, as Kafka's own files use it.
//!
//! `#` and `!` begin comments, a trailing backslash continues a line, the first `=`, `:` or
//! blank ends the key, `\t \n \r \f \uXXXX` are escapes and any other escaped character is
//! itself. Pure text in, entries out; each entry keeps its line number for messages.

use std::iter::Peekable;
use std::str::Chars;

/// One `key=value` and the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub line: usize,
    pub key: String,
    pub value: String,
}

/// A `\u` escape without four hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape {
    pub line: usize,
}

/// All entries in file order; a later one of the same key wins, as in Java.
///
/// # Errors
/// The first malformed `\u` escape.
pub fn parse(text: &str) -> Result<Vec<Entry>, BadEscape> {
    let mut entries = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, first)) = lines.next() {
        let mut logical = first.trim_start_matches(is_blank).to_owned();
        if logical.is_empty() || logical.starts_with(['#', '!']) {
            continue;
        }
        while continues(&logical) {
            logical.pop();
            let Some((_, next)) = lines.next() else { break };
            logical.push_str(next.trim_start_matches(is_blank));
        }
        let (key, value) = split(&logical).ok_or(BadEscape { line: index + 1 })?;
        entries.push(Entry { line: index + 1, key, value });
    }
    Ok(entries)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0c')
}

/// An odd number of backslashes at the end continues the line; an even one is escapes.
fn continues(line: &str) -> bool {
    line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
}

fn split(line: &str) -> Option<(String, String)> {
    let mut chars = line.chars().peekable();
    let key = unescape(&mut chars, |c| is_blank(c) || matches!(c, '=' | ':'))?;
    skip_blanks(&mut chars);
    if chars.next_if(|c| matches!(c, '=' | ':')).is_some() {
        skip_blanks(&mut chars);
    }
    let value = unescape(&mut chars, |_| false)?;
    Some((key, value))
}

fn skip_blanks(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| is_blank(*c)).is_some() {}
}

/// Reads up to (not including) the first unescaped character that `ends` accepts.
fn unescape(chars: &mut Peekable<Chars<'_>>, ends: impl Fn(char) -> bool) -> Option<String> {
    let mut text = String::new();
    while let Some(c) = chars.next_if(|c| !ends(*c)) {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('f') => text.push('\x0c'),
            Some('u') => text.push(unicode(chars)?),
            Some(other) => text.push(other),
            None => {}
        }
    }
    Some(text)
}

/// One `\uXXXX`, or the pair of them that Java writes for a character beyond the first plane.
fn unicode(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    let high = hex4(chars)?;
    if !(0xD800..0xDC00).contains(&high) {
        return char::from_u32(high);
    }
    if chars.next() != Some('\\') || chars.next() != Some('u') {
        return None;
    }
    let low = hex4(chars)?;
    let low = (0xDC00..0xE000).contains(&low).then(|| low - 0xDC00)?;
    char::from_u32(0x10000 + ((high - 0xD800) << 10) + low)
}

fn hex4(chars: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut number = 0;
    for _ in 0..4 {
        number = number * 16 + chars.next()?.to_digit(16)?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let entries = parse(text).expect("well-formed");
        let pairs: Vec<_> = entries.iter().map(|e| (e.key.as_str(), e.value.as_str())).collect();
        assert_eq!(pairs, expected, "{text:?}");
    }

    #[test]
    fn keys_end_at_the_first_separator() {
        check(
            "a=1\nb:2\nc 3\nd = 4\ne=\nf",
            &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", ""), ("f", "")],
        );
        check("url=PLAINTEXT://h:1=2", &[("url", "PLAINTEXT://h:1=2")]);
    }

    #[test]
    fn comments_and_empty_lines_are_skipped() {
        check("# a=1\n  ! b=2\n\n   \nc=3 # kept", &[("c", "3 # kept")]);
    }

    #[test]
    fn a_trailing_backslash_continues_and_a_doubled_one_does_not() {
        check("a=1,\\\n   2\nb=3", &[("a", "1,2"), ("b", "3")]);
        check("a=c:\\\\\nb=3", &[("a", "c:\\"), ("b", "3")]);
        check("a=1\\", &[("a", "1")]);
    }

    #[test]
    fn escapes_are_javas() {
        check("a\\=b=\\t\\u00e9\\:\\q", &[("a=b", "\t\u{e9}:q")]);
        check("a=\\ud83d\\ude00", &[("a", "\u{1f600}")]);
    }

    #[test]
    fn a_malformed_unicode_escape_names_its_line() {
        for text in ["a=1\nb=\\u12g4", "#\nb=\\u12", "\nb=\\ud83d x"] {
            assert_eq!(parse(text), Err(BadEscape { line: 2 }), "{text:?}");
        }
    }

    #[test]
    fn entries_keep_the_line_on_which_they_begin() {
        let lines: Vec<_> = parse("\na=\\\n 1\nb=2").unwrap().iter().map(|e| e.line).collect();
        assert_eq!(lines, [2, 4]);
    }
}
