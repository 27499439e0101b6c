//! Our own commands against our own broker: what a newcomer types first.

use serde_json::Value;

use crate::harness::{Broker, text};
use crate::rdkafka_client::{assert_holds, create, read_all, rows};

fn json(broker: &Broker, arguments: &[&str]) -> Value {
    let told = text(broker.command(&[arguments, &["--output", "json"]].concat()));
    serde_json::from_str(&told).unwrap_or_else(|fault| panic!("{fault}: {told}"))
}

/// What a command that must fail says.
fn complaint(broker: &Broker, arguments: &[&str]) -> String {
    let told = broker.command(arguments);
    assert!(!told.status.success(), "{arguments:?} ended well");
    String::from_utf8(told.stderr).unwrap()
}

#[test]
fn lines_go_in_and_the_same_lines_come_out() {
    let broker = Broker::start();
    text(broker.command_with_input(&["produce", "greetings"], "hello\nworld\n"));
    let told = text(broker.command(&["consume", "greetings", "--exit-at-end"]));
    assert_eq!(told, "hello\nworld\n");
}

#[test]
fn keyed_lines_keep_their_order_through_both_commands_in_every_codec() {
    let broker = Broker::start();
    let rows = rows(5_000);
    let lines: String = rows.iter().map(|(key, value)| format!("{key}|{value}\n")).collect();
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        create(broker.address(), codec, &[]);
        text(broker.command_with_input(
            &["produce", codec, "--key-separator", "|", "--compression", codec],
            &lines,
        ));
        assert_holds(&read_all(broker.address(), codec, 6), &rows);
        let told = text(broker.command(&["consume", codec, "-e", "--key-separator", "|"]));
        let mut found: Vec<_> = told.lines().collect();
        let mut wanted: Vec<_> = lines.lines().collect();
        assert_eq!(found.len(), wanted.len());
        found.sort_unstable();
        wanted.sort_unstable();
        assert!(found == wanted, "{codec}: other lines came out");
    }
}

#[test]
fn topics_are_made_shown_changed_and_deleted() {
    let broker = Broker::start();
    text(broker.command(&["topic", "create", "orders", "--partitions", "3"]));
    let all = json(&broker, &["topic", "list"]);
    assert_eq!(all[0]["name"], "orders");
    assert_eq!(all[0]["partitions"], 3);
    text(broker.command(&["topic", "alter", "orders", "--partitions", "5"]));
    text(broker.command(&["topic", "alter", "orders", "--set", "retention.ms=60000"]));
    let told = json(&broker, &["topic", "describe", "orders"]);
    assert_eq!(told[0]["partitions"].as_array().unwrap().len(), 5);
    let shown = text(broker.command(&["topic", "describe", "orders"]));
    assert!(shown.contains("retention.ms=60000"), "{shown}");
    assert!(shown.contains("flushed to the device"), "what an acknowledgement means: {shown}");
    text(broker.command(&["topic", "delete", "orders"]));
    assert_eq!(json(&broker, &["topic", "list"]), Value::Array(vec![]));
}

#[test]
fn a_record_shows_all_its_parts_as_json() {
    let broker = Broker::start();
    text(broker.command_with_input(
        &["produce", "parts", "--key-separator", ":", "--header", "a=b"],
        "k:v\n",
    ));
    let told = text(broker.command(&["consume", "parts", "-e", "--output", "json"]));
    let record: Value = serde_json::from_str(told.trim()).unwrap();
    assert_eq!((&record["key"], &record["value"]), (&"k".into(), &"v".into()));
    assert_eq!(record["offset"], 0);
    assert!(record["headers"].to_string().contains("\"a\""), "{record}");
}

#[test]
fn a_groups_offsets_are_shown_and_moved() {
    let broker = Broker::start_with(&["group.initial.rebalance.delay.ms=0"]);
    let lines: String = (0..100).map(|n| format!("{n}\n")).collect();
    text(broker.command_with_input(&["produce", "numbers"], &lines));
    let first = text(broker.command(&["consume", "numbers", "--group", "g", "-n", "40"]));
    assert_eq!(first.lines().count(), 40);
    let told = json(&broker, &["group", "describe", "g"]);
    assert_eq!(told[0]["partitions"][0]["committed"], 40);
    assert_eq!(told[0]["partitions"][0]["lag"], 60);
    let back = ["group", "reset-offsets", "g", "--topic", "numbers", "--to-offset", "10"];
    text(broker.command(&back));
    assert_eq!(json(&broker, &["group", "describe", "g"])[0]["partitions"][0]["committed"], 40);
    text(broker.command(&[&back[..], &["--execute"]].concat()));
    assert_eq!(json(&broker, &["group", "describe", "g"])[0]["partitions"][0]["committed"], 10);
    let again = text(broker.command(&["consume", "numbers", "--group", "g", "-n", "1"]));
    assert_eq!(again, "10\n");
    assert_eq!(json(&broker, &["group", "list"])[0]["group"], "g");
    text(broker.command(&["group", "delete", "g"]));
    assert_eq!(json(&broker, &["group", "list"]), Value::Array(vec![]));
}

#[test]
fn offsets_are_found_by_number_by_count_and_by_time() {
    let broker = Broker::start();
    let lines: String = (0..100).map(|n| format!("{n}\n")).collect();
    text(broker.command_with_input(&["produce", "numbers"], &lines));
    let from = |place: &str| text(broker.command(&["consume", "numbers", "-e", "--from", place]));
    assert_eq!(from("98"), "98\n99\n");
    assert_eq!(from("-1"), "99\n");
    assert_eq!(from("-1h").lines().count(), 100);
    assert_eq!(from("end"), "");
}

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let broker = Broker::start();
    let missing = complaint(&broker, &["consume", "nowhere", "--exit-at-end"]);
    assert!(missing.contains("nowhere"), "{missing}");
    let group = complaint(&broker, &["group", "describe", "nobody"]);
    assert!(group.contains("nobody"), "{group}");
    let name = complaint(&broker, &["topic", "create", "a/b"]);
    assert!(name.contains("a/b"), "{name}");
}
