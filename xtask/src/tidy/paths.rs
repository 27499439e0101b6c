//! The paths that a file names: imports spelled out, and those in expressions, types and macros.
//!
//! Works on tokens, so that a grouped import (`use std::{fs, io::{self, Read}}`) is as visible as
//! `std::fs::read(…)` in the middle of a macro call. Literals and comments are no tokens of this
//! kind. Names are not resolved: an alias shows where it is made, in the import.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path as it is written, `use` trees multiplied out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `std`, `fs`, `File`; a glob is `*`.
    pub segments: Vec<String>,
    /// Line of its last segment, from 1.
    pub line: usize,
    /// Generic arguments that follow it directly, `None` where there are none.
    pub arguments: Option<usize>,
    /// Where an import gives another name, that one.
    pub alias: Option<String>,
}

impl Named {
    pub fn text(&self) -> String {
        self.segments.join("::")
    }

    pub fn last(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }
}

/// Every path of the file, a single name too, in the order of the text.
///
/// # Errors
/// The text is not Rust.
pub fn read(text: &str) -> Result<Vec<Named>, String> {
    let tokens: TokenStream = text.parse().map_err(|fault| format!("not Rust: {fault}"))?;
    let mut found = Vec::new();
    walk(&tokens.into_iter().collect::<Vec<_>>(), &mut found);
    Ok(found)
}

fn walk(tokens: &[TokenTree], found: &mut Vec<Named>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if word == "use" && !is_capture(tokens, at) => {
                let end = (at..tokens.len()).find(|i| is_punct(tokens, *i, ';'));
                let end = end.unwrap_or(tokens.len());
                import(&tokens[at + 1..end], &[], found);
                at = end;
            }
            TokenTree::Ident(_) => at = path(tokens, at, found),
            TokenTree::Group(group) => {
                walk(&group.stream().into_iter().collect::<Vec<_>>(), found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// `impl Trait + use<'a, T>` names what is captured; it imports nothing.
fn is_capture(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens, at + 1, '<')
}

/// The path that begins at `at`; gives where to go on.
fn path(tokens: &[TokenTree], mut at: usize, found: &mut Vec<Named>) -> usize {
    let mut segments = Vec::new();
    let mut line = 0;
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        segments.push(word.to_string());
        line = word.span().start().line;
        let joined = is_punct(tokens, at + 1, ':') && is_punct(tokens, at + 2, ':');
        if !joined || !matches!(tokens.get(at + 3), Some(TokenTree::Ident(_))) {
            at += 1;
            break;
        }
        at += 3;
    }
    let turbofish = is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':');
    let open = if turbofish { at + 2 } else { at };
    let arguments = is_punct(tokens, open, '<').then(|| arguments(&tokens[open + 1..]));
    found.push(Named { segments, line, arguments, alias: None });
    at
}

/// How many generic arguments stand before the closing bracket.
fn arguments(tokens: &[TokenTree]) -> usize {
    let (mut depth, mut commas, mut any) = (0usize, 0, false);
    let mut after_comma = false;
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Punct(punct) = token else {
            (any, after_comma) = (true, false);
            continue;
        };
        let is_arrow = punct.as_char() == '>' && at > 0 && is_punct(tokens, at - 1, '-');
        match punct.as_char() {
            '<' => depth += 1,
            '>' if is_arrow => {}
            '>' if depth == 0 => break,
            '>' => depth -= 1,
            ',' if depth == 0 => (commas, after_comma) = (commas + 1, true),
            _ => (any, after_comma) = (true, false),
        }
    }
    match any {
        true => commas + 1 - usize::from(after_comma),
        false => 0,
    }
}

/// One tree of a `use`, below `prefix`.
fn import(tokens: &[TokenTree], prefix: &[String], found: &mut Vec<Named>) {
    let mut segments = prefix.to_vec();
    let mut line = 0;
    let mut alias = None;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if word == "as" => {
                if let Some(TokenTree::Ident(name)) = tokens.get(at + 1) {
                    alias = Some(name.to_string());
                }
                break;
            }
            TokenTree::Ident(word) => {
                line = word.span().start().line;
                let is_parent = word == "self" && !segments.is_empty();
                if !is_parent {
                    segments.push(word.to_string());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '*' => {
                line = punct.span().start().line;
                segments.push("*".to_owned());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for tree in inner.split(is_comma).filter(|tree| !tree.is_empty()) {
                    import(tree, &segments, found);
                }
                return;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(Named { segments, line, arguments: None, alias });
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(code: &str) -> Vec<String> {
        let named = |named: Named| match (&named.alias, named.arguments) {
            (Some(alias), _) => format!("{} as {alias}", named.text()),
            (None, Some(count)) => format!("{}<{count}>", named.text()),
            (None, None) => named.text(),
        };
        read(code).expect("test code is Rust").into_iter().map(named).collect()
    }

    #[test]
    fn imports_are_multiplied_out() {
        assert_eq!(texts("use std::fs;"), ["std::fs"]);
        assert_eq!(
            texts("pub use std::{fs::{self, File as F}, io::{Read, *}, sync as s,};"),
            [
                "pub",
                "std::fs",
                "std::fs::File as F",
                "std::io::Read",
                "std::io::*",
                "std::sync as s"
            ]
        );
        assert_eq!(texts("use ::std::{net};"), ["std::net"]);
        assert_eq!(texts("use self::a::b;"), ["self::a::b"]);
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        assert_eq!(texts("{ a!(b, std::fs::read(\"std::x\")) }"), ["a", "b", "std::fs::read"]);
        assert_eq!(texts("::std::net::X"), ["std::net::X"]);
        assert_eq!(texts("// std::fs\n/* std::fs */ 'a' \"std::fs\""), [""; 0]);
    }

    #[test]
    fn generic_arguments_are_counted() {
        assert_eq!(texts("HashMap<A, B>")[0], "HashMap<2>");
        assert_eq!(texts("HashMap<(A, B), Vec<C, D>, S>")[0], "HashMap<3>");
        assert_eq!(texts("HashMap<A, B,>")[0], "HashMap<2>");
        assert_eq!(texts("HashMap::<A, fn(A) -> B>::new()")[0], "HashMap<2>");
        assert_eq!(texts("Vec::<>::new()")[0], "Vec<0>");
    }

    #[test]
    fn lines_are_those_of_the_text() {
        let found = read("use a::{\n    b,\n    c,\n};\n").expect("Rust");
        assert_eq!(found.iter().map(|named| named.line).collect::<Vec<_>>(), [2, 3]);
    }
}
