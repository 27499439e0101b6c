//! `cargo xtask <task>`: the command line of the development tasks.

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask codegen           write wire/src/gen and wire/tests/gen from wire/schema
cargo xtask codegen --check   fail if they are stale
cargo xtask tidy              lengths, banned words, crate arrows, freshness of generated code";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["codegen"] => xtask::codegen::write(&xtask::root()),
        ["codegen", "--check"] => xtask::codegen::check(&xtask::root()),
        ["tidy"] => xtask::tidy::run(&xtask::root()),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
