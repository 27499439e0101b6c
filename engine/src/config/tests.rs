//! Rows, bounds, layers and suggestions.

use std::collections::BTreeMap;

use super::*;

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn broker(pairs: &[(&str, &str)]) -> BrokerConfig {
    BrokerConfig::resolve(&map(pairs)).expect("accepted settings").config
}

fn refused(pairs: &[(&str, &str)]) -> String {
    let faults = BrokerConfig::resolve(&map(pairs)).expect_err("a refused setting");
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn topic(pairs: &[(&str, &str)], broker: &BrokerConfig) -> TopicConfig {
    TopicConfig::resolve(&map(pairs), broker).expect("accepted overrides")
}

#[test]
fn every_default_parses_and_every_row_explains_itself() {
    let all = BROKER_ROWS.iter().chain(TOPIC_ROWS).chain(GROUP_ROWS).chain(CLIENT_METRICS_ROWS);
    for row in all {
        assert!(row.doc.len() > 20, "{} has no doc", row.name);
        assert!(row.default.is_none_or(|text| row.parse(text).is_ok()), "{}", row.name);
    }
}

#[test]
fn names_are_unique_and_synonyms_exist() {
    for rows in [BROKER_ROWS, TOPIC_ROWS] {
        for (i, row) in rows.iter().enumerate() {
            assert!(rows[..i].iter().all(|other| other.name != row.name), "{}", row.name);
            for synonym in row.synonyms {
                assert!(broker_row(synonym.name).is_ok(), "{}", synonym.name);
            }
        }
    }
    let honoured = |keys: &[&str], rows: &[Row]| {
        keys.iter().any(|key| rows.iter().any(|row| row.name == *key))
    };
    let listed: Vec<_> = kafka_names::BROKER_KEYS.iter().map(|row| row.name).collect();
    assert!(listed.is_sorted());
    assert!(!honoured(&listed, BROKER_ROWS));
    assert!(!honoured(kafka_names::HIDDEN_BROKER_KEYS, BROKER_ROWS));
    assert!(!honoured(kafka_names::TOPIC_KEYS, TOPIC_ROWS));
}

#[test]
fn defaults_are_kafkas_except_where_the_docs_say_so() {
    let config = BrokerConfig::default();
    assert_eq!(config.node_id.0, 1);
    assert_eq!(config.listeners[0].at.to_string(), "127.0.0.1:9092");
    assert_eq!(config.log_dir.to_str(), Some("./data"));
    assert_eq!(config.group_initial_rebalance_delay_ms, 3000);
    assert_eq!(config.memory_bytes, 512 << 20);
    let topic = config.topic_defaults();
    assert_eq!(topic.flush_messages, Some(1));
    assert_eq!(topic.retention_ms, Some(604_800_000));
    assert_eq!(topic.segment_bytes, 1 << 30);
    assert_eq!(topic.message_timestamp_before_max_ms, None);
    assert_eq!(topic.cleanup_policy, CleanupPolicy { delete: true, compact: false });
}

#[test]
fn hours_minutes_and_milliseconds_of_retention_yield_to_the_finer_unit() {
    let hours = ("log.retention.hours", "2");
    let minutes = ("log.retention.minutes", "5");
    let ms = ("log.retention.ms", "7");
    let kept = |pairs: &[(&str, &str)]| broker(pairs).topic_defaults().retention_ms;
    assert_eq!(kept(&[hours]), Some(7_200_000));
    assert_eq!(kept(&[hours, minutes]), Some(300_000));
    assert_eq!(kept(&[hours, minutes, ms]), Some(7));
    assert_eq!(kept(&[("log.retention.hours", "-1")]), None);
    assert_eq!(kept(&[("log.retention.ms", "-1"), hours]), None);
}

#[test]
fn topic_overrides_win_over_dynamic_over_static_over_default() {
    let fixed = broker(&[("log.segment.bytes", "2097152")]);
    let dynamic = fixed.with_dynamics(&map(&[("log.segment.bytes", "3145728")])).unwrap();
    assert_eq!(BrokerConfig::default().topic_defaults().segment_bytes, 1 << 30);
    assert_eq!(fixed.topic_defaults().segment_bytes, 2 << 20);
    assert_eq!(dynamic.topic_defaults().segment_bytes, 3 << 20);
    assert_eq!(topic(&[("segment.bytes", "4194304")], &dynamic).segment_bytes, 4 << 20);
}

#[test]
fn described_keys_show_value_source_and_all_candidates() {
    let config = broker(&[("log.retention.hours", "1")]);
    let all = describe_topic(&map(&[("retention.ms", "5")]), &config);
    assert_eq!(all.len(), TOPIC_ROWS.len());
    let one = all.iter().find(|one| one.row.name == "retention.ms").unwrap();
    assert_eq!((one.value.as_deref(), one.source), (Some("5"), Source::Topic));
    let names: Vec<_> = one.synonyms.iter().map(|c| (c.name, c.value.as_str())).collect();
    let hours = "log.retention.hours";
    assert_eq!(names, [("retention.ms", "5"), (hours, "1"), (hours, "168")]);
    let broker_keys = describe_broker(&config);
    let ms = broker_keys.iter().find(|one| one.row.name == "log.retention.ms").unwrap();
    assert_eq!((ms.value.as_deref(), ms.source), (Some("3600000"), Source::StaticBroker));
    assert!(!ms.read_only);
}

#[test]
fn a_broker_lists_the_keys_that_only_kafka_honours_and_says_so() {
    let config = broker(&[("node.id", "7"), ("num.io.threads", "99")]);
    let all = describe_broker(&config);
    let one = |name: &str| {
        let mut found = all.iter().filter(|one| one.row.name == name);
        let one = found.next().expect(name);
        assert!(found.next().is_none(), "{name} is there twice");
        one
    };
    let rows = [
        ("transaction.max.timeout.ms", Kind::Int, Some("900000")),
        ("num.io.threads", Kind::Int, Some("8")),
        ("offsets.topic.replication.factor", Kind::Short, Some("3")),
        ("ssl.key.password", Kind::Password, None),
        ("sasl.enabled.mechanisms", Kind::List, Some("GSSAPI")),
    ];
    for (name, kind, value) in rows {
        let one = one(name);
        assert_eq!((one.row.kind, one.value.as_deref()), (kind, value), "{name}");
        assert_eq!((one.source, one.read_only), (Source::Default, true), "{name}");
        assert!(one.row.doc.contains("no effect"), "{name}");
        let refused = config.with_dynamics(&map(&[(name, "8")]));
        assert!(matches!(refused, Err(ConfigFault::NotHonoured { .. })), "{name}");
    }
    let older = one("broker.id");
    assert_eq!((older.value.as_deref(), older.source), (Some("7"), Source::StaticBroker));
    for row in kafka_names::BROKER_KEYS {
        assert!(row.default.is_none_or(|text| row.parse(text).is_ok()), "{}", row.name);
    }
}

#[test]
fn values_out_of_type_or_bounds_say_key_value_and_what_is_allowed() {
    let cases = [
        ("num.partitions", "0", "'num.partitions' cannot be '0': allowed is a whole number, 1 to"),
        ("num.partitions", "many", "a whole number"),
        ("num.partitions", "2147483648", "a whole number"),
        ("log.segment.bytes", "1048575", "at least 1048576"),
        ("auto.create.topics.enable", "yes", "true or false"),
        ("millstream.poll", "sleep", "one of park, adaptive, busy"),
        ("millstream.memory", "12XB", "512MiB"),
        ("log.cleanup.policy", "delete,shrink", "a list of delete, compact"),
        ("log.dirs", "/a,/b", "one directory"),
    ];
    for (key, value, expected) in cases {
        let said = refused(&[(key, value)]);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn all_bad_values_are_reported_at_once() {
    let said = refused(&[("num.partitions", "0"), ("node.id", "-1")]);
    assert!(said.contains("num.partitions") && said.contains("node.id"), "{said}");
}

#[test]
fn an_unknown_key_is_ignored_with_the_nearest_name_and_a_kafka_key_says_so() {
    let pairs = [("num.partition", "3"), ("num.io.threads", "8"), ("what.ever.else", "1")];
    let ignored = BrokerConfig::resolve(&map(&pairs)).unwrap().ignored;
    let said: Vec<_> = ignored.iter().map(ToString::to_string).collect();
    assert_eq!(said[0], "'num.io.threads' is known to Kafka, not honoured by Millstream yet");
    assert_eq!(said[1], "unknown key 'num.partition'; did you mean 'num.partitions'?");
    assert_eq!(said[2], "unknown key 'what.ever.else'");
}

#[test]
fn topic_keys_that_nobody_reads_are_refused() {
    let config = BrokerConfig::default();
    let resolve = |key: &str, value: &str| TopicConfig::resolve(&map(&[(key, value)]), &config);
    let internal = resolve("internal.segment.bytes", "100");
    assert!(matches!(internal, Err(ConfigFault::NotHonoured { .. })));
    assert!(matches!(resolve("retention.mss", "1"), Err(ConfigFault::Unknown { .. })));
    assert!(matches!(resolve("retention.ms", "-2"), Err(ConfigFault::Invalid { .. })));
}

#[test]
fn kafkas_topic_keys_are_taken_within_their_bounds_and_not_past_them() {
    let config = BrokerConfig::default();
    let takes =
        |key: &str, value: &str| TopicConfig::resolve(&map(&[(key, value)]), &config).is_ok();
    let cases: [(&str, &[&str], &[&str]); 9] = [
        ("min.cleanable.dirty.ratio", &["0", "0.25", "1.0"], &["1.01", "-0.1", "NaN", "half"]),
        ("compression.gzip.level", &["-1", "1", "9"], &["0", "10", "-2"]),
        ("compression.lz4.level", &["1", "17"], &["0", "18"]),
        ("compression.zstd.level", &["-131072", "22"], &["-131073", "23"]),
        ("leader.replication.throttled.replicas", &["", "*", "0:1,1:2"], &["0", "a:b", "0:1:2"]),
        ("local.retention.ms", &["-2", "-1", "5"], &["-3"]),
        ("max.compaction.lag.ms", &["1"], &["0"]),
        ("preallocate", &["true", "FALSE"], &["yes"]),
        ("remote.storage.enable", &["false"], &["true"]),
    ];
    for (key, good, bad) in cases {
        good.iter().for_each(|value| assert!(takes(key, value), "{key}={value}"));
        bad.iter().for_each(|value| assert!(!takes(key, value), "{key}={value}"));
    }
}

#[test]
fn compaction_is_set_by_topic_over_broker() {
    let fixed = broker(&[
        ("log.cleaner.min.cleanable.ratio", "0.25"),
        ("log.cleaner.delete.retention.ms", "7"),
        ("log.roll.jitter.hours", "1"),
        ("log.cleaner.io.max.bytes.per.second", "1E6"),
    ]);
    assert_eq!(fixed.log_cleaner.io_bytes_per_second_max, Some(1_000_000));
    assert_eq!(BrokerConfig::default().log_cleaner.io_bytes_per_second_max, None);
    let defaults = fixed.topic_defaults();
    assert_eq!((defaults.min_cleanable_dirty_ppm, defaults.delete_retention_ms), (250_000, 7));
    assert_eq!((defaults.segment_jitter_ms, defaults.max_compaction_lag_ms), (3_600_000, None));
    let own = topic(&[("min.cleanable.dirty.ratio", "1")], &fixed);
    assert_eq!(own.min_cleanable_dirty_ppm, 1_000_000);
    assert!(!broker(&[("log.cleaner.threads", "0")]).log_cleaner.enable);
}

#[test]
fn dynamic_settings_of_restart_keys_are_refused() {
    let config = BrokerConfig::default();
    let fault = config.with_dynamics(&map(&[("num.partitions", "2")])).unwrap_err();
    assert_eq!(fault, ConfigFault::ReadOnly { key: "num.partitions".into() });
}

#[test]
fn kafkas_own_example_listeners_open_the_client_port_only() {
    let config = broker(&[
        ("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
        ("controller.listener.names", "CONTROLLER"),
        ("advertised.listeners", "PLAINTEXT://example.org:9092,CONTROLLER://example.org:9093"),
    ]);
    assert_eq!(config.listeners.len(), 1);
    assert_eq!(config.advertised_listeners[0].at.to_string(), "example.org:9092");
}

#[test]
fn listeners_that_cannot_be_are_refused() {
    let cases = [
        ("localhost:9092", "NAME://host:port"),
        ("PLAINTEXT://:9092,PLAINTEXT://:9093", "each name and port once"),
        ("SSL://:9093", "does not speak yet"),
        ("MINE://:9093", "add MINE:PLAINTEXT"),
        ("PLAINTEXT://:99999", "NAME://host:port"),
        ("", "NAME://host:port"),
    ];
    for (value, expected) in cases {
        let said = refused(&[("listeners", value)]);
        assert!(said.contains(expected), "{said}");
    }
    let conflict = refused(&[("advertised.listeners", "OTHER://here:1")]);
    assert!(conflict.contains("does not open"), "{conflict}");
}

#[test]
fn ipv6_listeners_keep_their_brackets() {
    let config = broker(&[("listeners", "PLAINTEXT://[::1]:0")]);
    assert_eq!(config.listeners[0].at, HostPort { host: "::1".into(), port: 0 });
    assert_eq!(config.listeners[0].at.to_string(), "[::1]:0");
}

#[test]
fn bytes_are_read_with_and_without_units() {
    let cases = [("0", Some(0)), ("64k", Some(65_536)), ("512MiB", Some(512 << 20))];
    for (text, expected) in cases {
        assert_eq!(parse_bytes(text), expected, "{text}");
    }
    for text in ["", "MiB", "1.5GiB", "-1", "9223372036854775807k", "12 parsecs"] {
        assert_eq!(parse_bytes(text), None, "{text}");
    }
    assert_eq!(show_bytes(512 << 20), "512 MiB");
    assert_eq!(show_bytes(1500), "1500");
}

#[test]
fn appending_to_a_list_keeps_it_a_set_and_subtracting_removes() {
    let row = topic_row("cleanup.policy").unwrap();
    let after = |op, current, value| altered(row, op, Some(current), Some(value));
    let both = Ok(Some("delete,compact".to_owned()));
    assert_eq!(after(AlterOp::Append, "delete", "compact"), both);
    assert_eq!(after(AlterOp::Append, "delete,compact", "compact"), both);
    assert_eq!(after(AlterOp::Subtract, "delete,compact", "delete"), Ok(Some("compact".into())));
    assert_eq!(altered(row, AlterOp::Delete, None, None), Ok(None));
    assert!(after(AlterOp::Append, "delete", "shrink").is_err());
    let number = topic_row("retention.ms").unwrap();
    assert!(altered(number, AlterOp::Append, Some("1"), Some("2")).is_err());
    assert!(altered(number, AlterOp::Set, None, None).is_err());
}

#[test]
fn session_timeouts_that_cross_are_a_conflict() {
    let said = refused(&[("group.min.session.timeout.ms", "1800001")]);
    assert!(said.contains("must not be greater"), "{said}");
}

#[test]
fn broker_id_is_an_older_name_of_node_id() {
    assert_eq!(broker(&[("broker.id", "7")]).node_id.0, 7);
    assert_eq!(broker(&[("broker.id", "7"), ("node.id", "8")]).node_id.0, 8);
}

#[test]
fn min_insync_replicas_is_capped_by_what_the_partition_has() {
    let config = topic(&[("min.insync.replicas", "2")], &broker(&[]));
    assert_eq!([1, 2, 3].map(|replicas| config.effective_min_insync(replicas)), [1, 2, 2]);
}
