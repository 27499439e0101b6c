//! Renders the rows as `docs/configs.md`. A test compares the file with this text.
//!
//! Run `millstream config docs > docs/configs.md` after changing a row. Pure: rows in,
//! Markdown out.

use std::fmt::Write as _;

use super::kafka_names::BROKER_KEYS;
use super::row::{Change, Row};
use super::{BROKER_ROWS, CLIENT_METRICS_ROWS, GROUP_ROWS, TOPIC_ROWS};

const HEAD: &str = "\
# Configuration keys

Generated from the rows in `engine/src/config/`; change those and run
`millstream config docs > docs/configs.md`.

A broker reads, from weakest to strongest: defaults, the file given with `--config`
(`server.properties`), environment variables, `--set key=value`. An environment variable is the key
itself, or upper case with `_` for `.` after `KAFKA_` or `MILLSTREAM_`: `KAFKA_NUM_PARTITIONS=6`,
`MILLSTREAM_SHARDS=2`. A key that is not listed here, or in the last section, is not
honoured: the broker says so when it starts, and a topic that asks for it is refused.
";

const FOREIGN: &str = "
## Broker keys without effect

Kafka's other broker keys, with their defaults there. DescribeConfigs lists them, read-only, for
clients that look them up by name; to set one gives a warning at start, to change one is refused.

";

/// The whole page.
#[must_use]
pub fn configs_page() -> String {
    let mut page = String::from(HEAD);
    let (ours, kafkas): (Vec<_>, Vec<_>) =
        BROKER_ROWS.iter().partition(|row| row.name.starts_with("millstream."));
    page.push_str("\n## Broker keys of Millstream\n\n");
    section(&mut page, &ours);
    page.push_str("\n## Broker keys of Kafka\n\n");
    section(&mut page, &kafkas);
    page.push_str("\n## Topic keys\n\nThey change at once, by `millstream topic alter`.\n\n");
    section(&mut page, &TOPIC_ROWS.iter().collect::<Vec<_>>());
    page.push_str("\n## Keys of groups\n\n");
    section(&mut page, &GROUP_ROWS.iter().collect::<Vec<_>>());
    page.push_str("\n## Keys of client metrics subscriptions\n\n");
    section(&mut page, &CLIENT_METRICS_ROWS.iter().collect::<Vec<_>>());
    page.push_str(FOREIGN);
    for row in BROKER_KEYS {
        let _ = writeln!(page, "- `{}` ({}; {})", row.name, row.kind.name(), default_of(row));
    }
    page
}

fn default_of(row: &Row) -> String {
    match row.default {
        None => "unset".to_owned(),
        Some("") => "empty".to_owned(),
        Some(default) => format!("`{default}`"),
    }
}

fn section(page: &mut String, rows: &[&Row]) {
    for row in rows {
        let default = default_of(row);
        let bounds = row.allowed.describe();
        let bounds = if bounds.is_empty() { bounds } else { format!(", {bounds}") };
        let change = match row.change {
            Change::Restart => "restart",
            Change::Dynamic => "dynamic",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "- **`{}`** ({}{bounds}; default {default}; {change})  \n  {}{}",
            row.name,
            row.kind.name(),
            row.doc,
            falls_back_to(row),
        );
    }
}

fn falls_back_to(row: &Row) -> String {
    let names: Vec<_> = row.synonyms.iter().map(|one| format!("`{}`", one.name)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(" Falls back to {}.", names.join(", ")),
    }
}
