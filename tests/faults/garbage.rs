//! What people and broken copies do to a data directory, and what the user sees of it.
//!
//! A table: what is done while the broker is stopped, and what the next start may do. Either
//! everything is served as before, or the start is refused in one line that names the file, or a
//! warning names what is hurt and all else is served. Nothing that is not understood is removed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::device::Disk;
use crate::golden::{self, Golden, Seen};
use crate::pristine::Pristine;
use crate::process::{Broker, Directory};
use crate::runner::Outcome;

/// What the broker may do.
#[derive(Clone, Copy)]
enum Sees {
    /// Every record is served.
    Everything,
    /// It does not start, and says in one line why: with this text.
    Refusal(&'static str),
    /// It starts. These partitions may be refused or shorter, and a warning names the text; or it
    /// does not start, with a line that does.
    Warning(&'static [&'static str], &'static str),
}

use Sees::{Everything, Refusal, Warning};

/// The state before the damage.
#[derive(Clone, Copy)]
enum After {
    Stop,
    Kill,
}

struct Case {
    what: &'static str,
    after: After,
    damage: fn(&Path),
    sees: Sees,
    /// What must be there afterwards, as it was.
    keeps: Option<&'static str>,
}

const fn case(what: &'static str, after: After, damage: fn(&Path), sees: Sees) -> Case {
    Case { what, after, damage, sees, keeps: None }
}

const fn keeps(mut case: Case, path: &'static str) -> Case {
    case.keeps = Some(path);
    case
}

const FIRST: &str = "00000000000000000000.log";
const META: &str = "__cluster_metadata/metadata.log";
const ALL: &[&str] = &[
    "golden-0",
    "golden-1",
    "golden-2",
    "golden-3",
    "golden-4",
    "golden-5",
    "golden-6",
    "golden-7",
    "golden-8",
    "golden-9",
    "last-0",
    "__consumer_offsets-0",
    "__consumer_offsets-1",
];

const CASES: &[Case] = &[
    case("a sealed segment is cut in half", After::Stop, |d| halve(d, "golden-0", FIRST), {
        Warning(&["golden-0"], "golden-0")
    }),
    case("a sealed segment is empty", After::Stop, |d| empty(d, "golden-1", FIRST), {
        Warning(&["golden-1"], "golden-1")
    }),
    case("checkpoints are empty", After::Stop, |d| each(d, "checkpoint", empty), Everything),
    case("checkpoints are missing", After::Kill, |d| each(d, "checkpoint", remove), Everything),
    case("index sidecars are cut in half", After::Stop, |d| each(d, ".index", halve), Everything),
    case("index sidecars are missing", After::Kill, |d| each(d, ".index", remove), Everything),
    case(
        "a partition.metadata is empty",
        After::Stop,
        |d| {
            empty(d, "golden-6", "partition.metadata");
        },
        Warning(&["golden-6"], "golden-6"),
    ),
    case(
        "a partition's directory is a file",
        After::Stop,
        |d| {
            fs::remove_dir_all(d.join("golden-8")).expect("removed");
            fs::write(d.join("golden-8"), "a file").expect("written");
        },
        Warning(&["golden-8"], "golden-8"),
    ),
    case(
        "a segment is a directory",
        After::Stop,
        |d| {
            remove(d, "golden-9", FIRST);
            fs::create_dir(d.join("golden-9").join(FIRST)).expect("made");
        },
        Warning(&["golden-9"], "golden-9"),
    ),
    keeps(
        case(
            "a foreign file beside the partitions",
            After::Kill,
            |d| {
                fs::write(d.join("notes.txt"), "mine").expect("written");
            },
            Everything,
        ),
        "notes.txt",
    ),
    keeps(
        case(
            "a foreign file in a partition",
            After::Kill,
            |d| {
                fs::write(d.join("golden-0/00000000000000000007.log.bak"), "mine")
                    .expect("written");
            },
            Everything,
        ),
        "golden-0/00000000000000000007.log.bak",
    ),
    keeps(
        case(
            "a foreign file among the journals",
            After::Kill,
            |d| {
                let _ = fs::create_dir(d.join("journal"));
                fs::write(d.join("journal/notes.txt"), "mine").expect("written");
            },
            Everything,
        ),
        "journal/notes.txt",
    ),
    keeps(
        case(
            "a directory of a topic that nobody knows",
            After::Stop,
            |d| {
                copy(&d.join("golden-3"), &d.join("ghost-0"));
            },
            Everything,
        ),
        "ghost-0/00000000000000000000.log",
    ),
    keeps(
        case(
            "a directory with Kafka's name for removed ones",
            After::Stop,
            |d| {
                fs::create_dir(d.join("backup-delete")).expect("made");
                fs::write(d.join("backup-delete/mine"), "mine").expect("written");
            },
            Everything,
        ),
        "backup-delete/mine",
    ),
    case(
        "the journals are missing after a stop",
        After::Stop,
        no_journals,
        Warning(&[], "journal"),
    ),
    case(
        "the journals are empty after a kill",
        After::Kill,
        |d| {
            each(d, ".journal", empty);
        },
        Warning(ALL, "journal"),
    ),
    case(
        "the journals are cut in half after a stop",
        After::Stop,
        |d| {
            each(d, ".journal", halve);
        },
        Everything,
    ),
    case(
        "the metadata log is missing",
        After::Stop,
        |d| {
            fs::remove_file(d.join(META)).expect("removed");
        },
        Refusal(META),
    ),
    case(
        "the metadata log is empty",
        After::Stop,
        |d| {
            fs::write(d.join(META), "").expect("written");
        },
        Refusal(META),
    ),
    case(
        "the metadata log is of a newer format",
        After::Stop,
        |d| {
            let mut bytes = fs::read(d.join(META)).expect("read");
            bytes[11] = 99;
            fs::write(d.join(META), bytes).expect("written");
        },
        Refusal(META),
    ),
    case(
        "meta.properties is missing",
        After::Stop,
        |d| {
            fs::remove_file(d.join("meta.properties")).expect("removed");
        },
        Refusal("meta.properties"),
    ),
    case(
        "meta.properties is empty",
        After::Stop,
        |d| {
            fs::write(d.join("meta.properties"), "").expect("written");
        },
        Refusal("meta.properties"),
    ),
    case(
        "meta.properties is of a newer format",
        After::Stop,
        |d| {
            edit(d, "millstream.format=", "millstream.format=9");
        },
        Refusal("meta.properties"),
    ),
    case(
        "meta.properties is of another cluster",
        After::Stop,
        |d| {
            edit(d, "cluster.id=", "cluster.id=x");
        },
        Refusal("meta.properties"),
    ),
    case(
        "meta.properties is of another node",
        After::Stop,
        |d| {
            edit(d, "node.id=", "node.id=7");
        },
        Refusal("node.id"),
    ),
    case(
        "meta.properties is Kafka's",
        After::Stop,
        |d| {
            edit(d, "millstream.format=", "format=");
        },
        Refusal("Kafka"),
    ),
    case("the journals are missing after a kill", After::Kill, no_journals, {
        Warning(ALL, "journal")
    }),
    case(
        "a partition's directory is missing",
        After::Stop,
        |d| {
            fs::remove_dir_all(d.join("golden-7")).expect("removed");
        },
        Warning(&["golden-7"], "golden-7"),
    ),
    case(
        "only the partitions were copied",
        After::Stop,
        |d| {
            fs::remove_file(d.join("meta.properties")).expect("removed");
            fs::remove_dir_all(d.join("__cluster_metadata")).expect("removed");
        },
        Warning(ALL, "meta.properties"),
    ),
];

/// What the checkpoint of a clean stop shows to be missing.
const CHECKPOINT_CASES: &[Case] = &[
    case("a sealed segment is missing", After::Stop, |d| remove(d, "golden-2", FIRST), {
        Warning(&["golden-2"], "golden-2")
    }),
    case("an active segment is cut in half", After::Stop, |d| halve(d, "golden-3", FIRST), {
        Warning(&["golden-3"], "golden-3")
    }),
    case("an active segment is empty", After::Stop, |d| empty(d, "golden-4", FIRST), {
        Warning(&["golden-4"], "golden-4")
    }),
    case("an active segment is missing", After::Stop, |d| remove(d, "golden-5", FIRST), {
        Warning(&["golden-5"], "golden-5")
    }),
];

pub fn damaged_directories() -> Outcome {
    run(CASES)
}

pub fn damaged_directories_beside_a_checkpoint() -> Outcome {
    run(CHECKPOINT_CASES)
}

fn run(cases: &[Case]) -> Outcome {
    let [stopped, killed] = golden::make();
    let directory = Directory::in_memory();
    let data = directory.path().join("data");
    let mut broker = Broker::new(golden::setup(&data));
    let (mut wrong, mut refused) = (Vec::new(), 0);
    for case in cases {
        let golden = match case.after {
            After::Stop => &stopped,
            After::Kill => &killed,
        };
        golden.pristine.put(&data);
        (case.damage)(&data);
        let kept = case.keeps.map(|path| fs::read(data.join(path)).expect("it was just made"));
        let found = judge(case, golden, &mut broker);
        refused += u32::from(found.is_refused);
        wrong.extend(found.wrong.into_iter().map(|what| format!("{}: {what}", case.what)));
        if let (Some(path), Some(kept)) = (case.keeps, kept)
            && fs::read(data.join(path)).ok() != Some(kept)
        {
            wrong.push(format!("{}: {path} is gone or changed", case.what));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    Outcome::Passed(format!("{} cases, {refused} of them refused by name", cases.len()))
}

struct Found {
    is_refused: bool,
    wrong: Vec<String>,
}

fn judge(case: &Case, golden: &Golden, broker: &mut Broker) -> Found {
    if let Err(reason) = broker.try_start() {
        let lines: Vec<_> = reason.lines().filter(|l| l.starts_with("millstream: ")).collect();
        let named = |text: &str| lines.len() == 1 && lines[0].contains(text);
        let wrong = match case.sees {
            Everything => Some(format!("refused: {reason}")),
            Refusal(text) | Warning(_, text) if named(text) => None,
            Refusal(text) | Warning(_, text) => Some(format!("no '{text}' in: {reason}")),
        };
        return Found { is_refused: true, wrong: wrong.into_iter().collect() };
    }
    let (hurt, text): (&[&str], _) = match case.sees {
        Everything => (&[], None),
        Warning(hurt, text) => (hurt, Some(text)),
        Refusal(text) => {
            broker.kill();
            return Found {
                is_refused: false,
                wrong: vec![format!("it starts in spite of {text}")],
            };
        }
    };
    let hurt: BTreeSet<String> = hurt.iter().map(|name| (*name).to_owned()).collect();
    let all_hurt = hurt.len() == ALL.len();
    let Seen { mut wrong, refused, lost, topics_gone, .. } = golden.verify(broker, &hurt, all_hurt);
    broker.kill();
    let said = broker.said();
    let loud = |line: &&str| line.contains("WARN") || line.contains("ERROR");
    let is_named = text.is_none_or(|text| {
        let mut lines = said.lines().filter(loud);
        let fields = text.rsplit_once('-').unwrap_or((text, ""));
        let (topic, index) = (format!("topic={} ", fields.0), format!("index={}", fields.1));
        lines.any(|line| {
            golden::names(line, text)
                || line.contains(text) && !text.contains('-')
                || line.contains(&topic) && line.contains(&index)
        })
    });
    if !is_named && refused + lost + topics_gone > 0 {
        wrong.push(format!(
            "{lost} batches are gone, {refused} refused, {topics_gone} topics gone, \
             and no warning names {}",
            text.unwrap_or_default()
        ));
    }
    Found { is_refused: false, wrong }
}

fn halve(data: &Path, directory: &str, name: &str) {
    let file = fs::File::options().write(true).open(data.join(directory).join(name));
    let file = file.expect("it is there");
    let len = file.metadata().expect("it has a length").len();
    file.set_len(len / 2).expect("it can be cut");
}

fn empty(data: &Path, directory: &str, name: &str) {
    fs::write(data.join(directory).join(name), "").expect("it can be written");
}

fn remove(data: &Path, directory: &str, name: &str) {
    fs::remove_file(data.join(directory).join(name)).expect("it can be removed");
}

/// All files whose name ends so.
fn each(data: &Path, ending: &str, damage: fn(&Path, &str, &str)) {
    for path in Pristine::of(data).files.keys() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parent = path.parent().unwrap_or(Path::new("")).to_string_lossy();
        if name.ends_with(ending) {
            damage(data, &parent, &name);
        }
    }
}

fn no_journals(data: &Path) {
    each(data, ".journal", remove);
}

fn copy(from: &Path, to: &Path) {
    Pristine::of(from).put(to);
}

/// Puts a beginning of a line of meta.properties in the place of another.
fn edit(data: &Path, old: &str, new: &str) {
    let path = data.join("meta.properties");
    let text = fs::read_to_string(&path).expect("text");
    assert!(text.contains(old), "{text}");
    fs::write(path, text.replace(old, new)).expect("written");
}

/// A file system that is mounted read-only: one line, and the way out.
pub fn read_only_directory() -> Outcome {
    let directory = Directory::on_disk();
    let disk = match Disk::on_loop(directory.path(), 512) {
        Ok(disk) => disk,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let data = disk.path().join("data");
    let mut broker = Broker::start(golden::setup(&data));
    assert!(broker.stop().success());
    let remount = |how: &str| {
        let outcome = Command::new("mount").args(["-o", how]).arg(disk.path()).status();
        outcome.is_ok_and(|status| status.success())
    };
    if !remount("remount,ro") {
        return Outcome::Skipped("a mount cannot be made read-only".to_owned());
    }
    let reason = broker.try_start().expect_err("it starts on a read-only file system");
    assert!(remount("remount,rw"));
    let lines: Vec<_> = reason.lines().filter(|l| l.starts_with("millstream: ")).collect();
    assert_eq!(lines.len(), 1, "{reason}");
    let shown = data.display().to_string();
    for part in [shown.as_str(), "Read-only", "log.dirs"] {
        assert!(lines[0].contains(part), "no '{part}' in: {reason}");
    }
    broker.restart();
    broker.kill();
    Outcome::Passed("refused in one line with the directory and the way out".to_owned())
}
