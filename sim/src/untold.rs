//! Batches of another partition that nobody can tell from the right ones.
//!
//! Kafka's batch names no partition. Where a device puts one into another partition's segment, the
//! broker knows by what it keeps beside the log: an index in memory, in the checkpoint, or in a
//! sidecar, and the journal. When its process ends before a checkpoint has the place, all that
//! may be gone, and `docs/durability.md` says so. Exactly that is excused here; that it is known
//! from the journal or a sidecar where those are whole is tested by the storage itself. Pure.

use std::collections::BTreeSet;
use std::path::Path;

use millstream_shards::driver::sim::{Lie, LieKind};

use crate::books::Topic;
use crate::record::Place;
use crate::sound::{directory, directory_of};

/// Where such batches may be, and where they belong; `None`: anywhere, the journal has all.
pub type Untold = BTreeSet<(Place, Option<Place>)>;

/// What becomes untold when a process ends after these lies; `is_covered` says whether the
/// checkpoint beside a segment has what is at an offset of its file.
#[must_use]
pub fn at_end(lies: &[Lie], topics: &[Topic], is_covered: impl Fn(&Path, u64) -> bool) -> Untold {
    let mut untold = Untold::new();
    for pair in lies.windows(2) {
        let [from, to] = pair else { continue };
        if (from.kind, to.kind) != (LieKind::MisdirectedFrom, LieKind::MisdirectedTo) {
            continue;
        }
        let segment = to.path.as_deref().filter(|path| path.extension().is_some_and(is_log));
        let Some(segment) = segment.filter(|path| !is_covered(path, to.offset)) else { continue };
        let Some(home) = from.path.as_deref().and_then(|path| home(path, topics)) else { continue };
        untold.extend(place(segment, topics).map(|place| (place, home)));
    }
    untold
}

/// The partition that a file's batches belong to; `None` inside for a journal.
fn home(path: &Path, topics: &[Topic]) -> Option<Option<Place>> {
    if path.extension().is_some_and(|extension| extension == "journal") {
        return Some(None);
    }
    place(path, topics).map(Some)
}

fn is_log(extension: &std::ffi::OsStr) -> bool {
    extension == "log"
}

/// The partition whose directory a file is in; of several lives of a topic the last.
fn place(path: &Path, topics: &[Topic]) -> Option<Place> {
    let name = directory(path)?;
    let of = |(number, topic): (usize, &Topic)| {
        let mut all = 0..topic.partitions;
        let index = all.find(|index| directory_of(topic, *index) == name)?;
        Some(Place { topic: number as u32, index })
    };
    topics.iter().enumerate().rev().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::Life;
    use crate::plan::Kind;
    use crate::record::Shape;

    fn lie(kind: LieKind, path: &str) -> Lie {
        Lie { kind, path: Some(path.into()), offset: 4096, len: 4096 }
    }

    #[test]
    fn a_segment_that_got_anothers_block_is_untold_unless_a_checkpoint_has_it() {
        let shape = Shape { keys: 0, tombstones: 0, value_bytes_max: 10 };
        let (name, id, life) = ("t".to_owned(), None, Life::Alive);
        let topics = [Topic { name, kind: Kind::Plain, partitions: 3, shape, id, life }];
        let segment = "data/t-1/00000000000000000000.log";
        let place = |index| Place { topic: 0, index };
        let found = |from: &str, to: &str, covered: bool| {
            let lies = [lie(LieKind::MisdirectedFrom, from), lie(LieKind::MisdirectedTo, to)];
            at_end(&lies, &topics, |path, offset| {
                assert_eq!((path, offset), (Path::new(to), 4096));
                covered
            })
        };
        let other = "data/t-2/00000000000000000007.log";
        assert_eq!(found(other, segment, false), [(place(1), Some(place(2)))].into());
        assert_eq!(found(other, segment, true), Untold::new());
        let journal = "data/journal/0-0.journal";
        assert_eq!(found(journal, segment, false), [(place(1), None)].into());
        assert_eq!(found("data/reserve", segment, false), Untold::new());
        assert_eq!(found(other, "data/t-1/00000000000000000000.index", false), Untold::new());
        let rot = [lie(LieKind::Rotted, other), lie(LieKind::MisdirectedTo, segment)];
        assert_eq!(at_end(&rot, &topics, |_, _| false), Untold::new());
    }
}
