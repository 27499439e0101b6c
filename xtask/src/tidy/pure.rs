//! What the crates that decide may name: time, I/O, threads, locks and chance are not among it.
//!
//! The standard library is a list of what is allowed, so that a module that nobody thought of is
//! refused until somebody has. Other crates are named where they must not be. Works on paths, see
//! [`super::paths`], in the crate's sources with their tests.

use super::Finding;
use super::paths::{self, Named};
use super::source::Source;

const CRATES: [&str; 2] = ["engine/src/", "wire/src/"];

/// Roots of the standard library.
const STANDARD: [&str; 3] = ["std", "core", "alloc"];

/// What they may be asked for: a module with all in it, or one of its items.
const ALLOWED: [&str; 34] = [
    "any",
    "array",
    "ascii",
    "assert_eq",
    "borrow",
    "boxed",
    "cell",
    "char",
    "cmp",
    "collections",
    "convert",
    "default",
    "error",
    "fmt",
    "format",
    "hash::Hash",
    "hash::Hasher",
    "hash::BuildHasher",
    "io",
    "iter",
    "marker",
    "mem",
    "num",
    "ops",
    "option",
    "path::Path",
    "path::PathBuf",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "sync::Arc",
    "vec",
];

/// And of those modules not this.
const REFUSED: [&str; 8] = [
    "collections::hash_map::DefaultHasher",
    "collections::hash_map::RandomState",
    "collections::hash_map::*",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "io::*",
    "cell::*",
];

/// Crates that act: none of them is a pure crate's business.
const ACTING: [&str; 12] = [
    "tokio",
    "io_uring",
    "rustix",
    "libc",
    "rand",
    "getrandom",
    "crossbeam",
    "parking_lot",
    "tracing",
    "mimalloc",
    "signal_hook",
    "millstream_shards",
];

/// Names that act, whatever they were imported from.
const NAMES: [&str; 22] = [
    "Mutex",
    "RwLock",
    "Condvar",
    "Barrier",
    "Once",
    "OnceLock",
    "LazyLock",
    "AtomicBool",
    "AtomicU8",
    "AtomicU16",
    "AtomicU32",
    "AtomicU64",
    "AtomicUsize",
    "AtomicI32",
    "AtomicI64",
    "AtomicPtr",
    "RandomState",
    "DefaultHasher",
    "Instant",
    "SystemTime",
    "TcpStream",
    "UdpSocket",
];

/// Maps whose order is chance unless they name their hasher: with so many arguments they do.
const HASHED: [(&str, usize); 2] = [("HashMap", 3), ("HashSet", 2)];

/// Constructors that only the chance-seeded maps have.
const SEEDED: [&str; 3] = ["new", "with_capacity", "from"];

pub fn check(source: &Source) -> Vec<Finding> {
    if !CRATES.iter().any(|dir| source.path.starts_with(dir)) {
        return Vec::new();
    }
    let named = match paths::read(&source.text) {
        Ok(named) => named,
        Err(fault) => return vec![Finding::new("pure", source.path.as_str(), fault)],
    };
    let fault = |named: &Named| {
        let why = judge(named)?;
        let subject = format!("{}:{}", source.path, named.line);
        Some(Finding::new("pure", subject, format!("{}: {why}", named.text())))
    };
    named.iter().filter_map(fault).collect()
}

/// Why a pure crate must not name this; `None`: it may.
fn judge(named: &Named) -> Option<&'static str> {
    let words: Vec<&str> = named.segments.iter().map(String::as_str).collect();
    let (first, rest) = words.split_first()?;
    if ["async", "await"].iter().any(|word| words.contains(word)) {
        return Some("what waits is shell");
    }
    if STANDARD.contains(first) && !rest.is_empty() && !is_allowed(&rest.join("::")) {
        return Some("not of the part of the standard library that is pure");
    }
    if STANDARD.contains(first) && rest.is_empty() {
        return Some("the whole standard library under another name hides what is used");
    }
    if rest.is_empty() && named.alias.is_none() && ACTING.contains(first) {
        // A module or a variable of that name: as a crate it has something behind it.
        return None;
    }
    if ACTING.contains(first) {
        return Some("a crate that acts");
    }
    if words.iter().any(|word| NAMES.contains(word)) {
        return Some("a crate that takes time, chance and order as values");
    }
    judge_map(named, &words)
}

fn is_allowed(path: &str) -> bool {
    let is_in = |list: &[&str]| {
        list.iter().any(|known| {
            path.strip_prefix(known).is_some_and(|more| more.is_empty() || more.starts_with("::"))
        })
    };
    is_in(&ALLOWED) && !is_in(&REFUSED)
}

fn judge_map(named: &Named, words: &[&str]) -> Option<&'static str> {
    const WHY: &str = "iterates in an order of chance: name a fixed hasher, or take a BTreeMap";
    let map = |word: &str| HASHED.iter().find(|(name, _)| *name == word);
    if let Some((_, wanted)) = map(named.last()) {
        let has_too_few = named.arguments.is_some_and(|count| count < *wanted);
        return has_too_few.then_some(WHY);
    }
    let [.., owner, verb] = words else { return None };
    (map(owner).is_some() && SEEDED.contains(verb)).then_some(WHY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, code: &str) -> usize {
        check(&Source::new(path, code.to_owned())).len()
    }

    #[test]
    fn what_acts_is_found_in_every_spelling() {
        for code in [
            "use std::fs;",
            "use std::{fmt, fs};",
            "use std::{fmt, {fs::{self as files}}};",
            "use std::net::SocketAddr;",
            "use std::{collections::BTreeMap, net::{IpAddr, Ipv4Addr}};",
            "use std as s;",
            "use std::time::Duration;",
            "use std::sync::{Arc, Mutex};",
            "use std::sync::atomic::{self, Ordering};",
            "use std::sync::*;",
            "use std::collections::hash_map::RandomState;",
            "use std::hash::DefaultHasher;",
            "use core::sync::atomic::AtomicU8;",
            "use std::io::{self, stdout};",
            "fn f() { std::thread::spawn(g); }",
            "fn f() { ::std::process::abort() }",
            "fn f() { vec![std::env::var(\"X\")] }",
            "async fn f() {}",
            "fn f() { let g = async { 1 }; }",
            "fn f() { g().await }",
            "fn f(m: &Mutex<u8>) {}",
            "fn f() { let t = Instant::now(); }",
            "struct S { m: HashMap<u8, u8> }",
            "struct S { m: std::collections::HashSet<u8> }",
            "fn f() { let m = HashMap::<u8, u8>::default(); }",
            "fn f() { let m: HashMap<_, _> = x.collect(); }",
            "fn f() { let m = HashMap::new(); }",
            "use rand::Rng;",
            "use getrandom as chance;",
            "fn f() { tracing::info!(\"x\"); }",
        ] {
            assert!(found("engine/src/a.rs", code) > 0, "{code}");
            assert!(found("wire/src/a/b.rs", code) > 0, "{code}");
            assert_eq!(found("src/a.rs", code), 0, "{code}");
            assert_eq!(found("wire/tests/a.rs", code), 0, "{code}");
        }
    }

    #[test]
    fn what_is_pure_passes() {
        for code in [
            "use std::collections::{BTreeMap, HashMap, VecDeque, hash_map::Entry};",
            "use std::{borrow::Cow, fmt, sync::Arc};",
            "use std::io::{self, Read, Write};",
            "struct S { m: HashMap<(u8, u8), Vec<u8>, FixedState> }",
            "fn f() -> HashMap<u8, u8, FixedState> { HashMap::default() }",
            "fn f(rand: u8, libc: u8) { let tracing = rand + libc; }",
            "// std::fs and async, in a comment\nconst A: &str = \"std::net\";",
            "fn r#async() {}",
            "fn f<'a>(x: &'a [u8]) -> impl Iterator<Item = u8> + use<'a> { x.iter().copied() }",
            "impl std::error::Error for Fault {}",
        ] {
            assert_eq!(found("engine/src/a.rs", code), 0, "{code}");
        }
    }
}
