//! `dump`, `verify` and `doctor` on what a real broker has written, running and killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::harness::{BINARY, Broker, text};
use crate::rdkafka_client::{create, produce, rows};

/// Runs a command that needs no broker.
fn tool(arguments: &[&str], path: &Path) -> Output {
    let output = Command::new(BINARY).args(arguments).arg(path).output();
    output.expect("the binary starts")
}

fn json(output: &Output) -> Value {
    let told = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&told).unwrap_or_else(|fault| panic!("{fault}: {told}"))
}

fn segments(data: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for partition in fs::read_dir(data).expect("it is there").flatten() {
        let inner = fs::read_dir(partition.path()).into_iter().flatten().flatten();
        found.extend(inner.map(|file| file.path()).filter(|path| {
            let is_log = path.extension().is_some_and(|end| end == "log");
            is_log && path.to_string_lossy().contains("flights-")
        }));
    }
    found.sort();
    found
}

#[test]
fn a_directory_is_shown_beside_its_broker_and_judged_after_a_kill_and_after_damage() {
    let mut broker = Broker::start();
    create(broker.address(), "flights", &[]);
    produce(broker.address(), "flights", &rows(2_000), &[]);
    text(broker.command(&["consume", "flights", "--group", "g", "-n", "2000"]));
    let data = broker.data().join("data");

    let refused = tool(&["verify"], &data);
    assert_eq!(refused.status.code(), Some(2));
    let reason = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(reason.contains("a broker is running on"), "{reason}");
    let shown = tool(&["dump", "--records", "--output", "json"], &data);
    assert!(shown.status.success());
    let shown = json(&shown);
    assert_eq!(shown["broker_running"], true);
    let commits = shown["files"].to_string().matches("\"type\":\"offset-commit\"").count();
    assert!(shown["files"].to_string().contains("\"kind\":\"metadata-log\""));
    let held = fs::read_dir(data.join("journal")).map_or(0, Iterator::count);
    assert!(commits > 0 || held > 0, "offsets are in segments or wait in the journal");

    broker.kill();
    let judged = tool(&["verify", "--output", "json"], &data);
    let report = json(&judged);
    assert_eq!((judged.status.code(), &report["sound"]), (Some(0), &true.into()), "{report}");

    // A clean stop settles everything in segment files.
    broker.restart();
    assert!(broker.stop().success());
    let report = json(&tool(&["verify", "--output", "json"], &data));
    assert_eq!(report["damages"], 0, "{report}");
    let records = report["records"].as_i64().expect("a number");
    assert!(records >= 2_000, "all records are in segments: {report}");

    let victim = segments(&data)
        .into_iter()
        .find(|path| fs::metadata(path).is_ok_and(|about| about.len() > 200));
    let victim = victim.expect("a segment with records");
    let mut bytes = fs::read(&victim).expect("it is there");
    bytes[100] ^= 1;
    fs::write(&victim, bytes).expect("writable");
    let judged = tool(&["verify", "--output", "json"], &data);
    let report = json(&judged);
    assert_eq!(judged.status.code(), Some(1), "{report}");
    let finding = &report["findings"][0];
    assert_eq!(finding["path"], victim.display().to_string());
    assert_eq!((&finding["cause"], &finding["position"]), (&"bad-crc".into(), &0.into()));
    let lines = tool(&["dump"], &victim);
    let lines = String::from_utf8_lossy(&lines.stdout).into_owned();
    assert!(lines.contains("!! position 0, offset 0: bad-crc: stored CRC"), "{lines}");
}

#[test]
fn the_doctor_looks_at_host_and_directory() {
    let broker = Broker::start();
    let told = tool(&["doctor", "--output", "json"], &broker.data().join("data"));
    let told = json(&told);
    let names: Vec<_> = told["findings"].as_array().expect("a list").iter().collect();
    let of = |name: &str| names.iter().find(|finding| finding["name"] == name);
    for name in ["kernel", "io_uring", "open-files", "filesystem", "space", "lock", "set-aside"] {
        assert!(of(name).is_some(), "{name} was not looked at: {told}");
    }
    assert_eq!(of("io_uring").expect("looked at")["level"], "ok", "a broker runs here");
    assert_eq!(of("lock").expect("looked at")["what"], "a broker is running on it");
    for finding in names.iter().filter(|finding| finding["level"] != "ok") {
        assert!(finding["fix"].is_string() && finding["why"] != "", "{finding}");
    }
}

#[test]
fn what_is_no_data_directory_has_no_judgement() {
    let nothing = tool(&["verify"], Path::new("/proc/self/fd"));
    assert_eq!(nothing.status.code(), Some(2));
    let missing = tool(&["verify"], Path::new("/does/not/exist"));
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(tool(&["dump"], Path::new("/does/not/exist")).status.code(), Some(1));
}
