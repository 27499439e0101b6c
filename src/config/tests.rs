//! Layers and places: what wins, and what is said about the rest.

use std::io::Write as _;

use millstream_engine::config::{BROKER_ROWS, TOPIC_KEYS_WITHOUT_EFFECT, TOPIC_ROWS};

use super::*;

/// A properties file of its own for each test, removed at the end.
struct File(PathBuf);

impl File {
    fn with(name: &str, text: &str) -> File {
        let unique = format!("millstream-config-{}-{name}.properties", std::process::id());
        let path = std::env::temp_dir().join(unique);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn sources(file: Option<&File>, environment: &[(&str, &str)], sets: &[&str]) -> Sources {
    Sources {
        file: file.map(|file| file.0.clone()),
        environment: environment.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        sets: sets.iter().map(|set| (*set).into()).collect(),
    }
}

fn partitions(sources: &Sources) -> u32 {
    load(sources).expect("accepted").config.num_partitions
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_file_over_the_default() {
    let file = File::with("layers", "num.partitions=2\n");
    let environment = [("KAFKA_NUM_PARTITIONS", "3")];
    assert_eq!(partitions(&sources(None, &[], &[])), 1);
    assert_eq!(partitions(&sources(Some(&file), &[], &[])), 2);
    assert_eq!(partitions(&sources(Some(&file), &environment, &[])), 3);
    assert_eq!(partitions(&sources(Some(&file), &environment, &["num.partitions=4"])), 4);
}

#[test]
fn variables_are_read_dotted_and_in_upper_case_with_either_prefix() {
    for name in ["num.partitions", "KAFKA_NUM_PARTITIONS", "MILLSTREAM_NUM_PARTITIONS"] {
        assert_eq!(partitions(&sources(None, &[(name, "5")], &[])), 5, "{name}");
    }
    let loaded = load(&sources(None, &[("MILLSTREAM_SHARDS", "2")], &[])).unwrap();
    assert_eq!(loaded.config.shards, Some(2));
}

#[test]
fn foreign_variables_are_left_alone_and_near_misses_warn() {
    let everyday = [("KAFKA_HEAP_OPTS", "-Xmx1g"), ("MILLSTREAM_LOG", "debug"), ("HOME", "/")];
    assert!(load(&sources(None, &everyday, &[])).unwrap().warnings.is_empty());
    let near = [("KAFKA_NUM_PARTITION", "3"), ("KAFKA_NUM_IO_THREADS", "8")];
    let warnings = load(&sources(None, &near, &[])).unwrap().warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[1].contains("KAFKA_NUM_PARTITION: unknown key"), "{warnings:?}");
}

#[test]
fn a_misspelt_key_warns_with_its_place_and_the_nearest_name() {
    let file = File::with("misspelt", "# mine\nlog.retention.hour=5\n");
    let warnings = load(&sources(Some(&file), &[], &["num.partitons=5"])).unwrap().warnings;
    assert!(warnings[0].contains(".properties:2: unknown key 'log.retention.hour'"));
    assert!(warnings[0].contains("did you mean 'log.retention.hours'?"), "{warnings:?}");
    assert!(warnings[1].starts_with("--set: unknown key 'num.partitons'"), "{warnings:?}");
}

#[test]
fn faults_say_where_and_what_is_allowed() {
    let said = |sources: &Sources| load(sources).unwrap_err().to_string();
    let one = said(&sources(None, &[], &["num.partitions=none"]));
    assert!(one.starts_with("--set: 'num.partitions' cannot be 'none'"), "{one}");
    let one = said(&sources(None, &[], &["num.partitions"]));
    assert_eq!(one, "--set num.partitions: write it as --set key=value");
    let file = File::with("escape", "a=\\u0");
    let one = said(&sources(Some(&file), &[], &[]));
    assert!(one.contains(":1: \\u needs four"), "{one}");
    let missing = Sources { file: Some("/nonexistent/x".into()), ..Sources::default() };
    assert!(said(&missing).contains("cannot read the configuration file /nonexistent/x"));
}

/// The typed fields of a settings struct, by its source.
fn fields(source: &str) -> Vec<&str> {
    let public = source.lines().filter_map(|line| line.strip_prefix("    pub "));
    let named = public.filter_map(|line| line.split_once(": ")).map(|(name, _)| name);
    named.filter(|name| !name.contains(' ')).collect()
}

fn is_read(readers: &str, field: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    readers.split(&format!(".{field}")).skip(1).any(|rest| !goes_on(rest))
}

fn rust_sources(under: &Path, found: &mut String) {
    for entry in std::fs::read_dir(under).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let tests = path.ends_with("tests") || path.ends_with("tests.rs");
        if path.is_dir() && !tests && !path.ends_with("engine/src/config") {
            rust_sources(&path, found);
        } else if path.extension().is_some_and(|rs| rs == "rs") && !tests {
            found.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_setting_is_read_by_somebody() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut readers = String::new();
    rust_sources(&root.join("src"), &mut readers);
    rust_sources(&root.join("engine/src"), &mut readers);
    let mut typed = String::new();
    for file in ["broker.rs", "topic.rs"] {
        let path = root.join("engine/src/config").join(file);
        typed.push_str(&std::fs::read_to_string(path).unwrap());
    }
    let dead: Vec<_> =
        fields(&typed).into_iter().filter(|field| !is_read(&readers, field)).collect();
    assert!(dead.is_empty(), "nobody reads {dead:?}: drop the rows or honour them");
    let falls_back = |name: &str| {
        let mut rows = BROKER_ROWS.iter().chain(TOPIC_ROWS);
        rows.any(|row| row.synonyms.iter().any(|synonym| synonym.name == name))
    };
    for row in BROKER_ROWS.iter().chain(TOPIC_ROWS) {
        let typed = typed.contains(&format!("\"{}\"", row.name));
        let inert = TOPIC_KEYS_WITHOUT_EFFECT.contains(&row.name);
        assert!(typed || falls_back(row.name) || inert, "{}", row.name);
    }
}

#[test]
fn the_page_of_keys_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configs.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let fresh = page == millstream_engine::config::configs_page();
    assert!(fresh, "run: cargo run --bin millstream -- config docs > docs/configs.md");
}
