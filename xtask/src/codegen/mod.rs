//! Generates `wire/src/gen` and `wire/tests/gen` from `wire/schema`.
//!
//! Deterministic: same schema, same text. `write` formats the files with rustfmt; `check` compares
//! them with the text that `write` would produce, spaces, commas and braces aside, so that it needs
//! no rustfmt. Files in the two directories that no schema asks for are removed, or reported.

mod apis;
mod errors;
mod json;
mod model;
mod names;
mod records;
mod schema;
mod structs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// First line of every generated file.
const HEADER: &str = "// Written by `cargo xtask codegen` from wire/schema; do not edit.\n\n";

const OUTPUT_DIRS: [&str; 2] = ["wire/src/gen", "wire/tests/gen"];

/// Paths below the workspace's root, with the unformatted text.
type Files = BTreeMap<PathBuf, String>;

/// Writes every generated file.
pub fn write(root: &Path) -> Result<(), String> {
    let files = generate(root)?;
    for stale in present(root).into_iter().filter(|path| !files.contains_key(path)) {
        fs::remove_file(root.join(&stale)).map_err(|e| format!("{}: {e}", stale.display()))?;
    }
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.arg("--edition").arg("2024").arg("--config-path").arg(root);
    for (path, text) in &files {
        let path = root.join(path);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        }
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        rustfmt.arg(path);
    }
    match rustfmt.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("rustfmt failed: {status}")),
        Err(e) => Err(format!("rustfmt could not be started: {e}")),
    }
}

/// Fails when a generated file differs from what the schema gives now.
pub fn check(root: &Path) -> Result<(), String> {
    let files = generate(root)?;
    let mut stale: Vec<PathBuf> = Vec::new();
    for (path, text) in &files {
        let on_disk = fs::read_to_string(root.join(path)).unwrap_or_default();
        if bare(&on_disk) != bare(text) {
            stale.push(path.clone());
        }
    }
    stale.extend(present(root).into_iter().filter(|path| !files.contains_key(path)));
    if stale.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = stale.iter().map(|path| path.display().to_string()).collect();
    Err(format!("stale, run `cargo xtask codegen`:\n{}", list.join("\n")))
}

/// The text without what formatting may change.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !",{}".contains(*c)).collect()
}

fn present(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut dirs: Vec<PathBuf> = OUTPUT_DIRS.iter().map(PathBuf::from).collect();
    while let Some(dir) = dirs.pop() {
        let Ok(entries) = fs::read_dir(root.join(&dir)) else { continue };
        for entry in entries.flatten() {
            let path = dir.join(entry.file_name());
            if entry.path().is_dir() {
                dirs.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn generate(root: &Path) -> Result<Files, String> {
    let schema = root.join("wire/schema");
    let mut files = Files::new();
    let errors = read(&schema.join("errors.tsv"))?;
    files.insert("wire/src/gen/error_code.rs".into(), errors::emit(&errors)?);
    let mut tests = Vec::new();
    messages(&schema, &mut files, &mut tests)?;
    record_files(&schema, &mut files, &mut tests)?;
    tests.sort();
    files.insert("wire/tests/gen/mod.rs".into(), json::list(&tests));
    for text in files.values_mut() {
        text.insert_str(0, HEADER);
    }
    Ok(files)
}

fn messages(schema: &Path, files: &mut Files, tests: &mut Vec<String>) -> Result<(), String> {
    let mut apis = Vec::new();
    for path in api_files(schema)?.into_iter().filter(|path| !path.ends_with("headers.api")) {
        apis.push(in_file(&path, schema::parse_api(&read(&path)?))?);
    }
    apis.sort_by_key(|api| api.key);
    for api in &apis {
        let module = names::snake(&api.name);
        let text = apis::module(api).map_err(|e| format!("{}: {e}", api.name))?;
        files.insert(format!("wire/src/gen/messages/{module}.rs").into(), text);
        files.insert(format!("wire/tests/gen/{module}.rs").into(), json::api(api)?);
        tests.push(module);
    }
    let path = schema.join("headers.api");
    let headers = in_file(&path, schema::parse_messages(&read(&path)?))?;
    files.insert("wire/src/gen/messages/headers.rs".into(), apis::headers(&headers)?);
    files.insert("wire/tests/gen/headers.rs".into(), json::headers(&headers)?);
    tests.push("headers".to_owned());
    files.insert("wire/src/gen/messages/mod.rs".into(), apis::list(&apis));
    files.insert("wire/src/gen/api_key.rs".into(), apis::keys(&apis));
    Ok(())
}

fn record_files(schema: &Path, files: &mut Files, tests: &mut Vec<String>) -> Result<(), String> {
    let mut modules = Vec::new();
    for path in api_files(&schema.join("records"))? {
        let parsed = in_file(&path, schema::parse_records(&read(&path)?))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (module, text) = in_file(&path, records::module(&stem, &parsed))?;
        let test = format!("record_{module}");
        files.insert(format!("wire/src/gen/records/{module}.rs").into(), text);
        files.insert(format!("wire/tests/gen/{test}.rs").into(), json::record(&module, &parsed)?);
        tests.push(test);
        modules.push((module, parsed));
    }
    files.insert("wire/src/gen/records/mod.rs".into(), records::list(&modules));
    Ok(())
}

/// The `.api` files of a directory, sorted.
fn api_files(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "api"));
    paths.sort();
    Ok(paths)
}

fn in_file<T>(path: &Path, outcome: Result<T, String>) -> Result<T, String> {
    outcome.map_err(|e| format!("{}: {e}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}
