//! The arrows between crates, as `cargo metadata` has them.
//!
//! Dependencies of every kind count, those of tests too. A crate that is not in the table fails:
//! whoever adds one says where it stands.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Finding;

/// A crate of the workspace and those it may depend on. Words below, programs above.
const ARROWS: [(&str, &[&str]); 10] = [
    ("millstream-wire", &[]),
    ("millstream-shards", &[]),
    ("millstream-engine", &["millstream-wire"]),
    ("millstream-client", &["millstream-wire"]),
    (
        "millstream",
        &["millstream-wire", "millstream-engine", "millstream-shards", "millstream-client"],
    ),
    ("millstream-streams", &["millstream-wire", "millstream-client"]),
    ("millstream-connect", &["millstream-wire", "millstream-client"]),
    (
        "millstream-sim",
        &["millstream-wire", "millstream-engine", "millstream-shards", "millstream"],
    ),
    ("millstream-bench", &["millstream-wire", "millstream-shards"]),
    ("xtask", &[]),
];

/// Not in what the pure crates and the runtime link.
const NO_TOKIO: [&str; 3] = ["millstream-wire", "millstream-engine", "millstream-shards"];

/// What only tests may link, with the reason.
const TESTS_ONLY: [(&str, &str); 2] = [
    ("kafka-protocol", "it reserves memory from counts that a peer chose"),
    ("rdkafka", "the product speaks the protocol itself"),
];

pub fn check(root: &Path) -> Result<Vec<Finding>, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root);
    let output = command.output().map_err(|e| format!("cargo metadata: {e}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata = serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("cargo metadata's answer: {e}"))?;
    Ok(judge(&metadata))
}

fn judge(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let packages: Vec<&Value> = array(&metadata["packages"]).collect();
    let members: Vec<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
            let message = "has no row in the table of arrows";
            findings.push(Finding::new("arrows", name, message));
            continue;
        };
        for dependency in array(&package["dependencies"]) {
            let to = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"].as_str() == Some("dev");
            if let Some(message) = objection(name, to, for_tests, &members, allowed) {
                findings.push(Finding::new("arrows", name, message));
            }
        }
    }
    findings
}

fn objection(
    from: &str,
    to: &str,
    for_tests: bool,
    members: &[&str],
    allowed: &[&str],
) -> Option<String> {
    if members.contains(&to) && !allowed.contains(&to) {
        return Some(format!("may not depend on {to}"));
    }
    if to == "tokio" && NO_TOKIO.contains(&from) {
        return Some("may not depend on tokio".to_owned());
    }
    let (_, reason) = TESTS_ONLY.iter().find(|(name, _)| *name == to && !for_tests)?;
    Some(format!("may depend on {to} in tests only: {reason}"))
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(from: &str, to: &str, kind: &str) -> Vec<String> {
        let metadata = serde_json::json!({ "packages": [
            { "name": from, "dependencies": [{ "name": to, "kind": kind }] },
            { "name": "millstream-wire", "dependencies": [] },
            { "name": "millstream-engine", "dependencies": [] },
        ] });
        judge(&metadata).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_arrow_that_points_up_is_found_in_tests_too() {
        assert_eq!(messages("millstream", "millstream-engine", "normal"), [""; 0]);
        for kind in ["normal", "dev", "build"] {
            let found = messages("millstream-shards", "millstream-wire", kind);
            assert_eq!(found, ["may not depend on millstream-wire"]);
        }
        assert_eq!(messages("newcomer", "x", "normal"), ["has no row in the table of arrows"]);
    }

    #[test]
    fn the_other_implementation_of_the_protocol_is_for_tests_only() {
        assert_eq!(messages("millstream", "kafka-protocol", "dev"), [""; 0]);
        assert_eq!(messages("millstream", "kafka-protocol", "normal").len(), 1);
        assert_eq!(messages("millstream-shards", "tokio", "dev").len(), 1);
    }
}
