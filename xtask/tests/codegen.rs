//! The freshness check sees a changed schema, a changed file and a file that nothing asks for.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::codegen;

/// A checkout with only what code generation reads and writes.
fn checkout(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&to);
    for dir in ["wire/schema", "wire/src/gen", "wire/tests/gen"] {
        copy(&xtask::root().join(dir), &to.join(dir));
    }
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the directory can be made");
    for entry in fs::read_dir(from).expect("the checkout is readable").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("the file can be copied");
        }
    }
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("the file is there");
    assert!(text.contains(from), "{}: {from}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
}

#[test]
fn a_new_field_in_the_schema_makes_its_files_stale() {
    let root = checkout("schema");
    assert_eq!(codegen::check(&root), Ok(()));
    let schema = root.join("wire/schema/012-Heartbeat.api");
    edit(&schema, "request\n", "request\n  new_field  i32  0+\n");
    let stale = codegen::check(&root).expect_err("the schema has changed");
    let files: Vec<&str> = stale.lines().skip(1).collect();
    assert_eq!(files, ["wire/src/gen/messages/heartbeat.rs", "wire/tests/gen/heartbeat.rs"]);
}

#[test]
fn an_edit_by_hand_and_a_stray_file_are_found_and_formatting_is_not() {
    let root = checkout("edited");
    let file = root.join("wire/src/gen/messages/heartbeat.rs");
    edit(&file, "pub mod request {", "pub   mod request\n{");
    assert_eq!(codegen::check(&root), Ok(()));
    edit(&file, "i32", "i64");
    fs::write(root.join("wire/src/gen/messages/extra.rs"), "").expect("a file can be written");
    let stale = codegen::check(&root).expect_err("two files differ");
    assert!(stale.contains("heartbeat.rs") && stale.contains("extra.rs"), "{stale}");
    assert_eq!(stale.lines().count(), 3, "{stale}");
}

#[test]
fn a_word_that_the_notation_does_not_have_is_refused_with_its_file() {
    let root = checkout("notation");
    let schema = root.join("wire/schema/012-Heartbeat.api");
    edit(&schema, "generation_id", "generation_id  i128  0+\n  x");
    let error = codegen::check(&root).expect_err("no such type");
    assert!(error.contains("012-Heartbeat.api") && error.contains("i128"), "{error}");
}
